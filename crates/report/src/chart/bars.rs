//! Horizontal bars: one a line, its label before it, its value behind it.

use super::svg::{Anchor, Svg, shortened, text_width};
use super::{FONT, Tone, WIDTH, scaled};

/// Bars.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bars {
    /// Unique on the page: letters, digits, hyphens.
    pub id: String,
    /// What is shown.
    pub title: String,
    /// What it says, for whoever does not see it.
    pub description: String,
    /// The bars, top down.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bar {
    /// Its label.
    pub label: String,
    /// Its length; below zero counts as zero.
    pub value: i64,
    /// The value in words.
    pub shown: String,
    /// What it means.
    pub tone: Tone,
}

const ROW: i64 = 30;
const BAR: i64 = 20;
const GAP: i64 = 8;
/// Most that labels may take of the width.
const MAX_LABEL: i64 = 260;

impl Bars {
    /// The picture.
    pub fn svg(&self) -> String {
        let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(text_width).max().unwrap_or_default();
        let label = widest(&mut self.bars.iter().map(|bar| bar.label.as_str())).min(MAX_LABEL);
        let shown = widest(&mut self.bars.iter().map(|bar| bar.shown.as_str())).min(MAX_LABEL);
        let left = label + GAP;
        let room = (WIDTH - left - shown - GAP * 2).max(ROW);
        let most = self.bars.iter().map(|bar| bar.value).max().unwrap_or_default();
        let mut svg = Svg::new();
        for (row, bar) in (0..).zip(&self.bars) {
            let top = row * ROW + GAP / 2;
            let base = top + BAR / 2 + FONT / 3;
            let length = scaled(bar.value, most, room);
            svg.text((label, base), Anchor::End, "chart-label", &shortened(&bar.label, label));
            let title = format!("{}：{}", bar.label, bar.shown);
            svg.bar((left, top, length, BAR), (bar.tone.class(), bar.tone.fill()), &title);
            svg.text(
                (left + length + GAP, base),
                Anchor::Start,
                "chart-value",
                &shortened(&bar.shown, shown),
            );
        }
        let height = i64::try_from(self.bars.len().max(1)).unwrap_or(1) * ROW + GAP;
        svg.line((left, 0), (left, height), "chart-axis");
        svg.finish(&self.id, &self.title, &self.description, height)
    }
}
