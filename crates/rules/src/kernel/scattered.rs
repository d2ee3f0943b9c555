//! Rows that may concern a benefit while most of their block are known to lie elsewhere: those of which nobody knows where
//! they lie, and a few of the benefit's region among those of another.
//!
//! Block by block every operation would be begun for a handful of rows, for all benefits of all other regions. They are
//! taken out of several blocks and decided together, as a block of their own: once for all benefits that ask the same of
//! the same rows.

use std::ops::Range;

use super::columns::Columns;
use super::write::{Decided, Decisions};
use super::{BLOCK, Bits, PICKED, Workspace};
use crate::benefit::Version;
use crate::engine::Engine;
use crate::program::Mask;

/// Blocks out of which rows are taken together.
const BLOCKS: usize = 4;
/// A block in which more rows than this may lie in a region is decided as it stands.
const FEW_OF_BLOCK: u32 = 384;

/// What was found out beforehand of some blocks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Span {
    /// Of which columns, and of which of their rows.
    columns: u64,
    rows: Range<usize>,
    places: Vec<Place>,
    /// By benefit: which place its rows must lie in; nothing for a benefit without a place, or of several versions.
    of_benefit: Vec<Option<usize>>,
    /// By benefit: what was decided on the scattered rows of its place, in their order.
    decided: Vec<Vec<Decided>>,
    buffer: Option<Decisions>,
}

/// A place that benefits ask for.
#[derive(Debug, Clone)]
struct Place {
    mask: Mask,
    ops: Vec<u32>,
    /// The scattered rows, counted from the first row of the span.
    rows: Vec<u16>,
    by_block: [Share; BLOCKS],
}

/// How a block stands to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
    /// Many of its rows may lie there.
    Here,
    /// Those of the scattered rows from one to (not including) another may, no others.
    Scattered(usize, usize),
}

/// How the present block is to be decided for a benefit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Turn {
    /// Whole, as it stands.
    Here,
    /// Elsewhere, but for so many scattered rows.
    Scattered(Range<usize>),
}

impl Span {
    /// The rows of the blocks found out about.
    pub(super) fn holds(&self, columns: &Columns, start: usize) -> bool {
        self.columns == columns.number()
            && self.rows.contains(&start)
            && (start - self.rows.start).is_multiple_of(BLOCK)
    }

    /// What to do with the block that begins at `start` for a benefit.
    pub(super) fn turn(&self, start: usize, benefit: usize) -> Turn {
        let place = self.of_benefit.get(benefit).copied().flatten();
        let share = place.and_then(|place| self.places.get(place)?.by_block.get((start - self.rows.start) / BLOCK));
        match share {
            Some(Share::Scattered(from, to)) => Turn::Scattered(*from..*to),
            Some(Share::Here) | None => Turn::Here,
        }
    }

    /// The scattered rows of a block, by their place in it, with what was decided on them.
    pub(super) fn decided(
        &self,
        benefit: usize,
        rows: Range<usize>,
    ) -> impl Iterator<Item = (usize, &Decided)> + Clone {
        let place = self.of_benefit.get(benefit).copied().flatten();
        let numbers = place.and_then(|place| self.places.get(place)?.rows.get(rows.clone()));
        let decided = self.decided.get(benefit).and_then(|decided| decided.get(rows));
        let numbers = numbers.unwrap_or_default().iter();
        numbers
            .map(|row| usize::from(*row) % BLOCK)
            .zip(decided.unwrap_or_default())
    }

    /// The places of an engine's benefits, and no rows yet.
    fn begin(&mut self, engine: &Engine, columns: &Columns, start: usize) {
        self.columns = columns.number();
        self.rows = start..columns.rows().min(start + BLOCKS * BLOCK);
        self.places.clear();
        self.of_benefit.clear();
        for versions in engine.benefits.values() {
            let [only] = versions.as_slice() else {
                self.of_benefit.push(None);
                continue;
            };
            let place = only.place().map(|place| {
                let known = self.places.iter().position(|known| known.mask == place.mask);
                known.unwrap_or_else(|| {
                    self.places.push(Place {
                        mask: place.mask,
                        ops: only.place_ops.clone(),
                        rows: Vec::new(),
                        by_block: [Share::Here; BLOCKS],
                    });
                    self.places.len() - 1
                })
            });
            self.of_benefit.push(place);
        }
    }

    /// Nothing is known any more.
    pub(super) fn forget(&mut self) {
        self.columns = 0;
    }
}

impl Place {
    /// Adds a block of which these rows may lie here.
    fn add(&mut self, block: usize, possible: &Bits) {
        let count: u32 = possible.iter().map(|word| word.count_ones()).sum();
        let Some(share) = self.by_block.get_mut(block).filter(|_| count <= FEW_OF_BLOCK) else {
            return;
        };
        let from = self.rows.len();
        super::values::each_lane(possible, |row| self.rows.extend(u16::try_from(block * BLOCK + row)));
        *share = Share::Scattered(from, self.rows.len());
    }
}

impl Workspace {
    /// Finds out where the rows of the blocks from `start` on may lie. Answers the end of these blocks.
    pub(super) fn find_places(&mut self, engine: &Engine, columns: &Columns, start: usize) -> usize {
        let mut span = std::mem::take(&mut self.span);
        span.begin(engine, columns, start);
        if span.places.is_empty() {
            // No benefit is bound to a place: nothing is found out, and the blocks are not gone through for it.
            self.span = span;
            return self.span.rows.end;
        }
        for (block, start) in span.rows.clone().step_by(BLOCK).enumerate() {
            self.begin(columns, start);
            let present = self.present();
            for place in &mut span.places {
                self.run(&engine.program, columns, &place.ops);
                let truth = self.mask(place.mask);
                let possible = std::array::from_fn(|word| present[word] & (truth.yes[word] | !truth.known[word]));
                place.add(block, &possible);
            }
        }
        self.span = span;
        self.span.rows.end
    }

    /// Calls `each` with the number of every benefit for which rows are scattered, block by block of such rows: they are
    /// the rows of the workspace then.
    pub(super) fn each_scattered(&mut self, engine: &Engine, mut each: impl FnMut(&mut Self, usize, &Version, &Bits)) {
        let span = std::mem::take(&mut self.span);
        for (number, place) in span.places.iter().enumerate() {
            let same = |other: &Place| other.rows == place.rows;
            if place.rows.is_empty() || span.places.iter().take(number).any(same) {
                continue;
            }
            let asks: Vec<bool> = span.places.iter().map(same).collect();
            for rows in place.rows.chunks(PICKED) {
                self.begin_picked(span.rows.start, rows);
                let present = self.present();
                let of_benefits = span.of_benefit.iter().zip(engine.benefits.values()).enumerate();
                for (benefit, (of_benefit, versions)) in of_benefits {
                    let asks = of_benefit.and_then(|place| asks.get(place).copied()).unwrap_or(false);
                    if let ([version], true) = (versions.as_slice(), asks) {
                        each(self, benefit, version, &present);
                    }
                }
            }
        }
        self.span = span;
    }

    /// Decides the scattered rows of the blocks from `start` on.
    pub(super) fn decide_scattered(&mut self, engine: &Engine, columns: &Columns, start: usize) {
        self.find_places(engine, columns, start);
        let mut decided = std::mem::take(&mut self.span.decided);
        let mut buffer = self.span.buffer.take().unwrap_or_default();
        decided.iter_mut().for_each(Vec::clear);
        decided.resize(engine.benefits.len(), Vec::new());
        self.each_scattered(engine, |workspace, benefit, version, present| {
            workspace.decide_version(engine, columns, version, present, (0, false), &mut buffer);
            if let Some(decided) = decided.get_mut(benefit) {
                decided.extend((0..workspace.rows).filter_map(|row| buffer.row(row)));
            }
        });
        (self.span.decided, self.span.buffer) = (decided, Some(buffer));
    }
}
