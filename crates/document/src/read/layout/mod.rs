//! Pages on which every character has a place (PDF, OFD), turned back into paragraphs and tables.
//!
//! A page comes in as glyphs and ruled lines, in points from its upper left corner. [`page`] finds the tables between
//! ruled lines and the lines of text around them; [`book`] joins lines into paragraphs and tables across pages.

#![expect(
    clippy::float_arithmetic,
    reason = "places on a page are measured; nothing here is money or a rate"
)]

mod book;
mod columns;
mod lines;
mod page;
mod ruled;

use std::borrow::Cow;

pub(super) use self::book::Book;
use super::limits::{MAX_PAGE_GLYPHS, MAX_PAGE_RULES};

/// Positions beyond this many points are nonsense.
const MAX_COORDINATE: f64 = 100_000.0;

/// What is drawn on a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) width: f64,
    pub(super) height: f64,
    glyphs: Vec<Glyph>,
    rules: Vec<Rule>,
    cut: bool,
}

/// A character, or several that one glyph stands for.
#[derive(Debug, Clone)]
pub(super) struct Glyph {
    /// Left and right edge of its advance.
    pub(super) left: f64,
    pub(super) right: f64,
    /// Its baseline.
    pub(super) y: f64,
    /// The size of its type.
    pub(super) size: f64,
    pub(super) text: String,
}

/// A level or upright line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    /// The other coordinate: y of a level line, x of an upright one.
    at: f64,
    from: f64,
    to: f64,
    level: bool,
}

impl Page {
    /// An empty page of this size.
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            ..Self::default()
        }
    }

    /// Whether anything is written on it.
    pub(super) fn has_text(&self) -> bool {
        self.glyphs.iter().any(|glyph| !glyph.text.trim().is_empty())
    }

    /// Whether more was drawn than is taken of one page.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Adds a glyph; one whose place is no number is left out.
    pub(super) fn glyph(&mut self, mut glyph: Glyph) {
        let sane = |value: f64| value.is_finite() && value.abs() < MAX_COORDINATE;
        if !(sane(glyph.left) && sane(glyph.right) && sane(glyph.y) && sane(glyph.size)) || glyph.size <= 0.0 {
            return;
        }
        if let Cow::Owned(unified) = crate::radical::unify(&glyph.text) {
            glyph.text = unified;
        }
        if self.glyphs.len() >= MAX_PAGE_GLYPHS {
            self.cut = true;
            return;
        }
        self.glyphs.push(glyph);
    }

    /// Adds a straight line between two points; only level and upright ones rule tables.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        /// How far from level or upright a ruled line may lean.
        const LEAN: f64 = 1.0;
        let (wide, high) = ((to.0 - from.0).abs(), (to.1 - from.1).abs());
        if high <= LEAN && wide > LEAN {
            self.rule(Rule {
                at: f64::midpoint(from.1, to.1),
                from: from.0.min(to.0),
                to: from.0.max(to.0),
                level: true,
            });
        } else if wide <= LEAN && high > LEAN {
            self.rule(Rule {
                at: f64::midpoint(from.0, to.0),
                from: from.1.min(to.1),
                to: from.1.max(to.1),
                level: false,
            });
        }
    }

    /// Adds a rectangle between two corners: a thin one is a ruled line, an outlined one is four.
    pub(super) fn rectangle(&mut self, a: (f64, f64), b: (f64, f64), outlined: bool) {
        /// Thicker than this a filled rectangle is a surface.
        const THICK: f64 = 3.0;
        let (left, right, top, bottom) = (a.0.min(b.0), a.0.max(b.0), a.1.min(b.1), a.1.max(b.1));
        let (wide, high) = (right - left, bottom - top);
        if high <= THICK && wide > high {
            let y = f64::midpoint(top, bottom);
            self.line((left, y), (right, y));
        } else if wide <= THICK && high > wide {
            let x = f64::midpoint(left, right);
            self.line((x, top), (x, bottom));
        } else if outlined {
            self.line((left, top), (right, top));
            self.line((left, bottom), (right, bottom));
            self.line((left, top), (left, bottom));
            self.line((right, top), (right, bottom));
        }
    }

    fn rule(&mut self, rule: Rule) {
        let sane = [rule.at, rule.from, rule.to]
            .iter()
            .all(|value| value.is_finite() && value.abs() < MAX_COORDINATE);
        if sane && self.rules.len() < MAX_PAGE_RULES {
            self.rules.push(rule);
        }
    }
}
