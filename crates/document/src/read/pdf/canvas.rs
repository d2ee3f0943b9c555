//! What a page's content draws, before it is known which way up the page is read.

#![expect(
    clippy::float_arithmetic,
    reason = "places on a page are measured; nothing here is money or a rate"
)]

use crate::read::layout::{Glyph, Page};
use crate::read::limits::{MAX_PAGE_GLYPHS, MAX_PAGE_RULES};

/// Stands where a font does not say which character a glyph is.
const UNKNOWN: &str = "\u{FFFD}";

/// A page while it is drawn, in points from its upper left corner.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    pub(super) width: f64,
    pub(super) height: f64,
    characters: Vec<Character>,
    rules: Vec<Drawn>,
    unknown: usize,
    pub(super) pictures: usize,
    cut: bool,
}

/// A character where its origin is, and the arrow of its advance.
#[derive(Debug)]
struct Character {
    x: f64,
    y: f64,
    across: (f64, f64),
    size: f64,
    text: String,
}

#[derive(Debug, Clone, Copy)]
struct Drawn {
    from: (f64, f64),
    to: (f64, f64),
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Line,
    Surface,
}

/// Which way text runs on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Right,
    Down,
    Left,
    Up,
}

/// What became of a page.
pub(super) struct Finished {
    pub(super) page: Page,
    /// Most of its characters are unknown, and none of those is on it.
    pub(super) is_illegible: bool,
    /// Some are, and stand as U+FFFD.
    pub(super) has_unknown: bool,
    /// Something was drawn on it besides text.
    pub(super) has_drawing: bool,
}

impl Canvas {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            ..Self::default()
        }
    }

    /// Whether no more characters are taken.
    pub(super) fn is_full(&self) -> bool {
        self.cut
    }

    /// Adds a character; what lies beside the page is not seen.
    pub(super) fn character(&mut self, (x, y): (f64, f64), across: (f64, f64), size: f64, text: Option<String>) {
        const BESIDE: f64 = 2.0;
        let on_page = x > -BESIDE && y > -BESIDE && x < self.width + BESIDE && y < self.height + BESIDE;
        if !on_page || !size.is_finite() || !across.0.is_finite() || !across.1.is_finite() {
            return;
        }
        if self.characters.len() >= MAX_PAGE_GLYPHS {
            self.cut = true;
            return;
        }
        self.unknown += usize::from(text.is_none());
        let text = text.unwrap_or_else(|| UNKNOWN.to_owned());
        self.characters.push(Character {
            x,
            y,
            across,
            size,
            text,
        });
    }

    /// Adds a straight line.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.draw(Drawn {
            from,
            to,
            kind: Kind::Line,
        });
    }

    /// Adds a filled rectangle between two corners.
    pub(super) fn surface(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.draw(Drawn {
            from,
            to,
            kind: Kind::Surface,
        });
    }

    fn draw(&mut self, drawn: Drawn) {
        if self.rules.len() < MAX_PAGE_RULES {
            self.rules.push(drawn);
        }
    }

    /// Turns the page so that most of its text runs to the right; text that runs otherwise, as watermarks do, is left
    /// out.
    pub(super) fn finish(mut self) -> Finished {
        let is_illegible = self.unknown * 2 > self.characters.len();
        if is_illegible {
            self.characters.retain(|character| character.text != UNKNOWN);
        }
        let main = self.main_direction();
        let (width, height) = (self.width, self.height);
        let turn = |(x, y): (f64, f64)| match main {
            Direction::Right => (x, y),
            Direction::Down => (y, width - x),
            Direction::Left => (width - x, height - y),
            Direction::Up => (height - y, x),
        };
        let mut page = match main {
            Direction::Right | Direction::Left => Page::new(width, height),
            Direction::Down | Direction::Up => Page::new(height, width),
        };
        let has_drawing = self.pictures > 0 || !self.rules.is_empty();
        for drawn in &self.rules {
            let (from, to) = (turn(drawn.from), turn(drawn.to));
            match drawn.kind {
                Kind::Line => page.line(from, to),
                Kind::Surface => page.rectangle(from, to, false),
            }
        }
        for character in self.characters {
            if direction(character.across) != Some(main) {
                continue;
            }
            let (left, y) = turn((character.x, character.y));
            let advance = character.across.0.hypot(character.across.1);
            page.glyph(Glyph {
                left,
                right: left + advance,
                y,
                size: character.size,
                text: character.text,
            });
        }
        Finished {
            page,
            is_illegible,
            has_unknown: !is_illegible && self.unknown > 0,
            has_drawing,
        }
    }

    fn main_direction(&self) -> Direction {
        let count = |wanted| {
            self.characters
                .iter()
                .filter(|c| direction(c.across) == Some(wanted))
                .count()
        };
        // The first of equals: text that runs to the right.
        [Direction::Up, Direction::Left, Direction::Down, Direction::Right]
            .into_iter()
            .max_by_key(|d| count(*d))
            .unwrap_or(Direction::Right)
    }
}

/// The direction of an arrow; none where it leans.
fn direction((x, y): (f64, f64)) -> Option<Direction> {
    const LEAN: f64 = 0.2;
    if x == 0.0 && y == 0.0 {
        return Some(Direction::Right);
    }
    if y.abs() <= x.abs() * LEAN {
        Some(if x > 0.0 { Direction::Right } else { Direction::Left })
    } else if x.abs() <= y.abs() * LEAN {
        Some(if y > 0.0 { Direction::Down } else { Direction::Up })
    } else {
        None
    }
}
