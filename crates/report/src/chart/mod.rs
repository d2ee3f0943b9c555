//! Charts as SVG: bars, a funnel, lines over time. Whole numbers in, whole pixels out; the same data give the same bytes.
//!
//! A chart is a picture of a table that stands beneath it, so it carries a title and a description (`role="img"`) and its
//! marks say their value in words. It has no style of its own: classes (`chart-…`) are coloured by whoever shows it, and
//! the attributes it carries make it legible without any. Nothing in it is a script.

mod bars;
mod funnel;
mod lines;
mod svg;
mod ticks;

pub use bars::{Bar, Bars};
pub use funnel::{Funnel, Step};
pub use lines::{Lines, Mark, Series, Tick};
pub use ticks::round_ticks;

/// What a mark means beyond its length; it is always said in words too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// To be looked at.
    Warn,
    /// Not as it should be.
    Bad,
    /// Not known, not concerned.
    Mute,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "chart-plain",
            Self::Good => "chart-good",
            Self::Warn => "chart-warn",
            Self::Bad => "chart-bad",
            Self::Mute => "chart-mute",
        }
    }

    /// The colour where nothing styles the class.
    const fn fill(self) -> &'static str {
        match self {
            Self::Plain => "#1f5fa8",
            Self::Good => "#1b7f4b",
            Self::Warn => "#9a6700",
            Self::Bad => "#b3261e",
            Self::Mute => "#5b6470",
        }
    }
}

/// Width of every chart in pixels of its own; on a page it takes the width it is given.
pub const WIDTH: i64 = 720;
/// Size of the letters.
const FONT: i64 = 14;
/// Width of half a Chinese character of that size.
const HALF_CHARACTER: i64 = 7;

/// `value` of `whole` on a scale of `length` pixels, to the nearest; nothing for what is not positive.
fn scaled(value: i64, whole: i64, length: i64) -> i64 {
    let (value, whole, length) = (i128::from(value.max(0)), i128::from(whole.max(1)), i128::from(length));
    i64::try_from((value * length * 2 + whole) / (whole * 2)).unwrap_or(0)
}
