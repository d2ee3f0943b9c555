//! A funnel: how many are left after each step, and how many each step took.

use super::svg::{Anchor, Svg, shortened, text_width};
use super::{FONT, Tone, WIDTH, scaled};

/// A funnel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Funnel {
    /// Unique on the page: letters, digits, hyphens.
    pub id: String,
    /// What is shown.
    pub title: String,
    /// What it says, for whoever does not see it.
    pub description: String,
    /// The steps in their order; the first is the whole.
    pub steps: Vec<Step>,
}

/// What is left after a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// What the step asks.
    pub label: String,
    /// How many are left.
    pub left: i64,
    /// That number in words.
    pub shown: String,
    /// What the step took, in words; empty where it took none.
    pub taken: String,
    /// How many of those left are not settled by this step: that part of the bar is coloured as to be looked at.
    pub open: i64,
    /// What the bar means.
    pub tone: Tone,
}

const ROW: i64 = 46;
const BAR: i64 = 20;
const GAP: i64 = 8;
/// Narrowest part that is still seen.
const LEAST: i64 = 3;

impl Funnel {
    /// The picture: bars about one middle, the label of each above it.
    pub fn svg(&self) -> String {
        let whole = self.steps.iter().map(|step| step.left).max().unwrap_or_default();
        let widest = self
            .steps
            .iter()
            .map(|step| text_width(&step.shown))
            .max()
            .unwrap_or_default();
        let room = (WIDTH - widest - GAP * 2).max(ROW);
        let mut svg = Svg::new();
        for (row, step) in (0..).zip(&self.steps) {
            let top = row * ROW;
            let base = top + FONT + 2;
            let taken = text_width(&step.taken);
            svg.text(
                (0, base),
                Anchor::Start,
                "chart-label",
                &shortened(&step.label, room - taken - GAP),
            );
            if !step.taken.is_empty() {
                svg.text((room, base), Anchor::End, "chart-note", &step.taken);
            }
            let length = scaled(step.left, whole, room);
            let title = format!("{}：{}", step.label, step.shown);
            let place = ((room - length) / 2, top + FONT + GAP, length, BAR);
            svg.bar(place, (step.tone.class(), step.tone.fill()), &title);
            if step.open > 0 {
                // Seldom many, and still to be seen.
                let part = scaled(step.open, whole, room).clamp(LEAST.min(length), length);
                let place = ((room + length) / 2 - part, top + FONT + GAP, part, BAR);
                let tone = Tone::Warn;
                svg.bar(place, (tone.class(), tone.fill()), &format!("{title}，{}", step.taken));
            }
            svg.text(
                (WIDTH, top + FONT + GAP + BAR / 2 + FONT / 3),
                Anchor::End,
                "chart-value",
                &step.shown,
            );
        }
        let height = i64::try_from(self.steps.len().max(1)).unwrap_or(1) * ROW + GAP;
        svg.finish(&self.id, &self.title, &self.description, height)
    }
}
