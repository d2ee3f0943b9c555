//! Registers of a run, allocated once and used for every block.

use arrow_buffer::ScalarBuffer;
use fearless_simd::Level;

use super::ahead::Ahead;
use super::lanes::takes_many;
use super::scattered::Span;
use super::values::{common, each_lane};
use super::{Bits, CASE_WORDS, Fault, WORDS, is_empty};
use crate::program::{Mask, Narrow, Program, Wide};

/// Columns asked for in more rows than this for every 64 of the block are read whole: a comparison takes rows one by one
/// in the time in which it takes four or five at once, or some thirty where the processor takes many.
const FEW_OF_WORD: u32 = 12;
const FEW_OF_WORD_OF_MANY: u32 = 2;
/// In more rows than this for every 64 everything is computed for the whole block, which others may then use.
const MANY_OF_WORD: u32 = 32;
/// Of rows that were picked each is taken by itself up to this number: to read the others means to pick them, too.
const MANY_PICKED: u32 = 512;

/// Truth values of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Truth<const W: usize = WORDS> {
    pub(crate) yes: Bits<W>,
    pub(crate) known: Bits<W>,
}

impl<const W: usize> Default for Truth<W> {
    fn default() -> Self {
        Self {
            yes: [0; W],
            known: [0; W],
        }
    }
}

/// 64-bit values of a block.
#[derive(Debug, Clone)]
pub(crate) struct Longs<const W: usize = WORDS> {
    /// What was computed; nobody reads it while the register stands for a column. Empty until something is: of a program for
    /// many benefits a block needs few registers, and some are made for a handful of rows.
    pub(crate) own: Box<[i64]>,
    /// A column's values of the whole block, read where they stand.
    pub(crate) column: Option<ScalarBuffer<i64>>,
    pub(crate) known: Bits<W>,
    /// The value of all rows, where an operation wrote a constant.
    pub(crate) constant: Option<i64>,
}

impl<const W: usize> Longs<W> {
    /// The values: one a row, and what unknown rows and rows beyond the last hold means nothing.
    #[inline(always)]
    pub(crate) fn values(&self) -> &[i64] {
        match &self.column {
            Some(column) => column,
            None => &self.own,
        }
    }
}

/// 128-bit values of a block.
#[derive(Debug, Clone)]
pub(crate) struct Huges<const W: usize> {
    /// Empty until something is computed.
    pub(crate) values: Box<[i128]>,
    pub(crate) known: Bits<W>,
}

/// How far an operation is done for the present block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// Not at all.
    Not,
    /// In some rows.
    Partly,
    /// In all rows.
    Wholly,
}

/// How much of a block is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything.
    Whole,
    /// So many rows that a column is as quickly read whole.
    Some,
    /// So few that each is taken by itself.
    Few,
}

/// The rows that operations are asked for at present.
#[derive(Debug, Clone)]
pub(crate) struct Asked<const W: usize> {
    pub(crate) extent: Extent,
    pub(crate) rows: Bits<W>,
    /// The rows again, one by one, where they are few.
    pub(crate) list: Vec<u16>,
    count: u32,
    picked: bool,
    /// How many rows are few where none were picked.
    few_rows: u32,
    /// In how many everything is computed.
    many_rows: u32,
}

impl<const W: usize> Asked<W> {
    /// Asks for rows, so many; benefit after benefit mostly asks for the same. Of rows that were `picked` each is taken by
    /// itself up to a larger number: to read the others means to pick them, too.
    pub(crate) fn ask(&mut self, rows: &Bits<W>, count: u32, picked: bool) {
        let (few, many) = if picked {
            (MANY_PICKED, MANY_PICKED)
        } else {
            (self.few_rows, self.many_rows)
        };
        if count > many {
            // Everything is computed: which rows are meant does not matter.
            self.extent = Extent::Whole;
            return;
        }
        if picked != self.picked || count != self.count || !is_empty(&changed(&self.rows, rows)) {
            self.picked = picked;
            self.rows = *rows;
            self.count = count;
            self.list.clear();
            if count <= few {
                each_lane(rows, |row| self.list.extend(u16::try_from(row)));
            }
        }
        self.extent = if count <= few { Extent::Few } else { Extent::Some };
    }

    /// The rows one by one, where they are few enough for that.
    pub(crate) fn few(&self) -> Option<&[u16]> {
        (self.extent == Extent::Few).then_some(self.list.as_slice())
    }
}

/// What a program needs to run: registers, validity of the columns, faults. One per thread.
#[derive(Debug, Clone)]
pub struct Space<const W: usize> {
    /// The instructions that the processor at hand has.
    pub(crate) level: Level,
    pub(crate) masks: Vec<Truth<W>>,
    pub(crate) longs: Vec<Longs<W>>,
    pub(crate) huges: Vec<Huges<W>>,
    /// Bits of columns.
    pub(crate) bits: Ahead<W>,
    pub(crate) faults: Vec<Fault<W>>,
    /// How far each operation is done for the present block.
    pub(crate) done: Vec<Done>,
    /// The rows that an operation is done in where it is done in some.
    pub(crate) covered: Vec<Bits<W>>,
    pub(crate) asked: Asked<W>,
    /// The rows in which the operation that is being run was done before, where it was done in some.
    pub(crate) before: Option<Bits<W>>,
    /// The rows in which the walk after reasons asks an operation; empty between walks.
    pub(crate) demanded: Vec<Bits<W>>,
    pub(crate) rows: usize,
    pub(crate) start: usize,
    /// The rows of the block, counted from `start` on, where they were picked; empty where one follows the other.
    pub(crate) picked: Vec<u16>,
    /// What was found out beforehand of the blocks around the present one.
    pub(crate) span: Span,
}

/// For a register, block by block.
pub type Workspace = Space<WORDS>;

/// For one case and for what is supposed of it, or of the days to come.
pub type CaseSpace = Space<CASE_WORDS>;

impl<const W: usize> Space<W> {
    /// Rows of a block.
    pub const ROWS: usize = 64 * W;

    /// Registers for a program.
    pub fn new(program: &Program) -> Self {
        Self::of_level(program, Level::new())
    }

    /// The same without what newer processors have beyond the oldest of their kind. It answers the same: this is for
    /// comparing.
    pub fn on_any_processor(program: &Program) -> Self {
        Self::of_level(program, Level::baseline())
    }

    fn of_level(program: &Program, level: Level) -> Self {
        let words = u32::try_from(W).unwrap_or(u32::MAX);
        let size = |count: u32| usize::try_from(count).unwrap_or(0);
        let longs = Longs {
            own: Box::default(),
            column: None,
            known: [0; W],
            constant: None,
        };
        let huges = Huges {
            values: Box::default(),
            known: [0; W],
        };
        Self {
            level,
            masks: vec![Truth::default(); size(program.masks)],
            longs: vec![longs; size(program.narrows)],
            huges: vec![huges; size(program.wides)],
            bits: Ahead::new(program.inputs.len()),
            faults: Vec::new(),
            done: vec![Done::Not; program.len()],
            covered: vec![[0; W]; program.len()],
            asked: Asked {
                extent: Extent::Whole,
                rows: [0; W],
                list: Vec::new(),
                count: 0,
                picked: false,
                few_rows: words
                    * if takes_many(level) {
                        FEW_OF_WORD_OF_MANY
                    } else {
                        FEW_OF_WORD
                    },
                many_rows: words * MANY_OF_WORD,
            },
            before: None,
            demanded: vec![[0; W]; program.len()],
            rows: 0,
            start: 0,
            picked: Vec::new(),
            span: Span::default(),
        }
    }

    /// The truth value of a row of the present block: `None` is unknown.
    pub fn truth(&self, mask: Mask, row: usize) -> Option<bool> {
        let register = self.mask(mask);
        bit(&register.known, row).then(|| bit(&register.yes, row))
    }

    /// The 64-bit value of a row of the present block.
    pub fn long(&self, narrow: Narrow, row: usize) -> Option<i64> {
        let register = self.longs.get(at(narrow.0))?;
        bit(&register.known, row).then(|| register.values().get(row).copied().unwrap_or_default())
    }

    /// The 128-bit value of a row of the present block.
    pub fn huge(&self, wide: Wide, row: usize) -> Option<i128> {
        let register = self.huges.get(at(wide.0))?;
        bit(&register.known, row).then(|| register.values.get(row).copied().unwrap_or_default())
    }

    /// The first row of the present block in which all of these hold and the amount, if there is one, is known.
    pub(crate) fn first_with(&self, all: impl Iterator<Item = Mask>, amount: Option<Narrow>) -> Option<usize> {
        let mut rows = self.present();
        if let Some(amount) = amount {
            rows = self
                .longs
                .get(at(amount.0))
                .map_or([0; W], |longs| common(&rows, &longs.known));
        }
        for mask in all {
            rows = self
                .masks
                .get(at(mask.0))
                .map_or([0; W], |truth| common(&rows, &truth.yes));
        }
        let (word, bits) = rows.iter().enumerate().find(|(_, bits)| **bits != 0)?;
        Some(word * 64 + usize::try_from(bits.trailing_zeros()).ok()?)
    }

    pub(crate) fn mask(&self, mask: Mask) -> Truth<W> {
        self.masks.get(at(mask.0)).copied().unwrap_or_default()
    }
}

pub(crate) fn at(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

fn changed<const W: usize>(a: &Bits<W>, b: &Bits<W>) -> Bits<W> {
    std::array::from_fn(|word| a[word] ^ b[word])
}

/// A buffer of so many values, unless it is there.
pub(crate) fn fill_up<T: Copy + Default>(values: &mut Box<[T]>, rows: usize) {
    if values.is_empty() {
        *values = vec![T::default(); rows].into_boxed_slice();
    }
}

/// Adds rows to rows.
pub(crate) fn set<const W: usize>(rows: &mut Bits<W>, more: &Bits<W>) {
    rows.iter_mut().zip(more).for_each(|(rows, more)| *rows |= more);
}

/// The bit of a row.
pub(crate) fn bit<const W: usize>(bits: &Bits<W>, row: usize) -> bool {
    bits.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
}
