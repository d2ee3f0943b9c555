//! Registers of a run, allocated once and used for every block.

use super::{BLOCK, Bits, Fault, WORDS};
use crate::program::{Mask, Narrow, Program, Wide};

/// Truth values of a block.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Truth {
    pub(crate) yes: Bits,
    pub(crate) known: Bits,
}

/// 64-bit values of a block.
#[derive(Debug, Clone)]
pub(crate) struct Longs {
    pub(crate) values: Box<[i64]>,
    pub(crate) known: Bits,
}

/// 128-bit values of a block.
#[derive(Debug, Clone)]
pub(crate) struct Huges {
    pub(crate) values: Box<[i128]>,
    pub(crate) known: Bits,
}

/// How far an operation is done for the present block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    /// Not at all.
    Not,
    /// In some lanes.
    Partly,
    /// In all lanes.
    Wholly,
}

/// What a program needs to run: registers, validity of the columns, faults. One per thread.
#[derive(Debug, Clone)]
pub struct Workspace {
    pub(crate) masks: Vec<Truth>,
    pub(crate) longs: Vec<Longs>,
    pub(crate) huges: Vec<Huges>,
    pub(crate) valid: Vec<Bits>,
    pub(crate) faults: Vec<Fault>,
    /// How far each operation is done for the present block.
    pub(crate) done: Vec<Done>,
    /// The lanes that an operation is done in where it is done in some.
    pub(crate) covered: Vec<Bits>,
    /// The lanes in which dear operations are computed at present.
    pub(crate) wanted: Bits,
    /// The rows in which the walk after reasons asks an operation; empty between walks.
    pub(crate) demanded: Vec<Bits>,
    pub(crate) rows: usize,
    pub(crate) start: usize,
}

impl Workspace {
    /// Registers for a program.
    pub fn new(program: &Program) -> Self {
        let size = |count: u32| usize::try_from(count).unwrap_or(0);
        let longs = Longs {
            values: vec![0; BLOCK].into_boxed_slice(),
            known: [0; WORDS],
        };
        let huges = Huges {
            values: vec![0; BLOCK].into_boxed_slice(),
            known: [0; WORDS],
        };
        Self {
            masks: vec![Truth::default(); size(program.masks)],
            longs: vec![longs; size(program.narrows)],
            huges: vec![huges; size(program.wides)],
            valid: vec![[0; WORDS]; program.inputs.len()],
            faults: Vec::new(),
            done: vec![Done::Not; program.len()],
            covered: vec![[0; WORDS]; program.len()],
            wanted: [u64::MAX; WORDS],
            demanded: vec![[0; WORDS]; program.len()],
            rows: 0,
            start: 0,
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
        bit(&register.known, row).then(|| register.values.get(row).copied().unwrap_or_default())
    }

    /// The 128-bit value of a row of the present block.
    pub fn huge(&self, wide: Wide, row: usize) -> Option<i128> {
        let register = self.huges.get(at(wide.0))?;
        bit(&register.known, row).then(|| register.values.get(row).copied().unwrap_or_default())
    }

    pub(crate) fn mask(&self, mask: Mask) -> Truth {
        self.masks.get(at(mask.0)).copied().unwrap_or_default()
    }
}

pub(crate) fn at(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

/// Adds rows to rows.
pub(crate) fn set(rows: &mut Bits, more: &Bits) {
    rows.iter_mut().zip(more).for_each(|(rows, more)| *rows |= more);
}

/// The bit of a row.
pub(crate) fn bit(bits: &Bits, row: usize) -> bool {
    bits.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
}
