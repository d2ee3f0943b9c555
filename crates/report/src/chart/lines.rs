//! Lines over time: a value that holds until the next one (stepped), or one that grows between marks.

use super::svg::{Anchor, Svg, shortened, text_width};
use super::{FONT, Tone, WIDTH};

/// Lines over a common axis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// Unique on the page: letters, digits, hyphens.
    pub id: String,
    /// What is shown.
    pub title: String,
    /// What it says, for whoever does not see it.
    pub description: String,
    /// A value holds until the next mark.
    pub stepped: bool,
    /// The lines.
    pub series: Vec<Series>,
    /// Marks of the axis along, in the unit of [`Mark::at`].
    pub along: Vec<Tick>,
    /// Marks of the axis up, in the unit of [`Mark::value`].
    pub up: Vec<Tick>,
}

/// One line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Its marks, from left to right.
    pub marks: Vec<Mark>,
    /// Where a stepped line ends.
    pub until: Option<i64>,
}

/// A value at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    /// Where: days since some day, months, any whole number.
    pub at: i64,
    /// How much.
    pub value: i64,
    /// Both in words.
    pub shown: String,
}

/// A mark of an axis.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tick {
    /// Where.
    pub at: i64,
    /// What stands there.
    pub shown: String,
}

const HEIGHT: i64 = 280;
const TOP: i64 = 12;
const GAP: i64 = 8;
/// Rows of the legend.
const LEGEND_ROW: i64 = 24;
/// Dashes by series: told apart without colour.
const DASHES: [&str; 5] = ["", "8 4", "2 4", "12 4 2 4", "6 2"];
const TONES: [Tone; 5] = [Tone::Plain, Tone::Good, Tone::Warn, Tone::Bad, Tone::Mute];

/// From data to pixels.
struct Scale {
    from: i64,
    to: i64,
    start: i64,
    length: i64,
}

impl Scale {
    /// `value` between `from` and `to` as a pixel; the middle where both are one.
    fn pixel(&self, value: i64) -> i64 {
        let whole = i128::from(self.to) - i128::from(self.from);
        if whole == 0 {
            return self.start + self.length / 2;
        }
        let part = i128::from(value) - i128::from(self.from);
        let length = i128::from(self.length);
        let doubled = part * length * 2 + whole;
        self.start + i64::try_from(doubled.div_euclid(whole * 2)).unwrap_or(self.length)
    }
}

impl Lines {
    /// The picture, with a legend where there is more than one line.
    pub fn svg(&self) -> String {
        let left = self
            .up
            .iter()
            .map(|tick| text_width(&tick.shown))
            .max()
            .unwrap_or_default()
            + GAP * 2;
        let bottom = HEIGHT - FONT - GAP * 2;
        let along = self.scale(left, WIDTH - left - 40);
        let up = self.value_scale(bottom);
        let mut svg = Svg::new();
        for tick in &self.up {
            let y = up.pixel(tick.at);
            svg.line((left, y), (WIDTH - 20, y), "chart-grid");
            svg.text((left - GAP, y + FONT / 3), Anchor::End, "chart-label", &tick.shown);
        }
        for tick in &self.along {
            let x = along.pixel(tick.at);
            svg.line((x, bottom), (x, bottom + 5), "chart-axis");
            svg.text((x, bottom + FONT + GAP), Anchor::Middle, "chart-label", &tick.shown);
        }
        svg.line((left, bottom), (WIDTH - 20, bottom), "chart-axis");
        for (index, series) in self.series.iter().enumerate() {
            let tone = TONES[index % TONES.len()];
            let class = format!("chart-line {}", tone.class());
            svg.path(
                &self.points(series, &along, &up),
                (&class, tone.fill()),
                DASHES[index % DASHES.len()],
            );
            for mark in &series.marks {
                let place = (along.pixel(mark.at), up.pixel(mark.value));
                svg.dot(place, (tone.class(), tone.fill()), &mark.shown);
            }
        }
        let mut height = HEIGHT;
        if self.series.len() > 1 {
            for (index, series) in self.series.iter().enumerate() {
                let tone = TONES[index % TONES.len()];
                let class = format!("chart-line {}", tone.class());
                let y = height + LEGEND_ROW / 2;
                svg.path(
                    &[(left, y), (left + 40, y)],
                    (&class, tone.fill()),
                    DASHES[index % DASHES.len()],
                );
                let name = shortened(&series.name, WIDTH - left - 60);
                svg.text((left + 48, y + FONT / 3), Anchor::Start, "chart-label", &name);
                height += LEGEND_ROW;
            }
        }
        svg.finish(&self.id, &self.title, &self.description, height)
    }

    fn points(&self, series: &Series, along: &Scale, up: &Scale) -> Vec<(i64, i64)> {
        let mut points: Vec<(i64, i64)> = Vec::new();
        for mark in &series.marks {
            let x = along.pixel(mark.at);
            if let Some((_, y)) = points.last().copied().filter(|_| self.stepped) {
                points.push((x, y));
            }
            points.push((x, up.pixel(mark.value)));
        }
        if let (Some(until), Some((_, y))) = (series.until, points.last().copied()) {
            points.push((along.pixel(until), y));
        }
        points
    }

    fn scale(&self, start: i64, length: i64) -> Scale {
        let marks = self
            .series
            .iter()
            .flat_map(|series| series.marks.iter().map(|mark| mark.at).chain(series.until));
        let (from, to) = range(marks.chain(self.along.iter().map(|tick| tick.at)));
        Scale {
            from,
            to,
            start,
            length,
        }
    }

    fn value_scale(&self, bottom: i64) -> Scale {
        let marks = self
            .series
            .iter()
            .flat_map(|series| series.marks.iter().map(|mark| mark.value));
        let (from, to) = range(marks.chain(self.up.iter().map(|tick| tick.at)));
        // Upwards: the greater the value, the smaller the pixel.
        Scale {
            from,
            to,
            start: bottom,
            length: TOP - bottom,
        }
    }
}

fn range(values: impl Iterator<Item = i64>) -> (i64, i64) {
    values
        .fold(None, |range: Option<(i64, i64)>, value| {
            Some(range.map_or((value, value), |(least, most)| (least.min(value), most.max(value))))
        })
        .unwrap_or_default()
}
