//! Validity and truth values of columns, read for several blocks at once.
//!
//! A block has 128 bytes of each: read block by block, hundreds of columns would cost the time to reach memory every
//! time, and no processor foresees so many streams. What nobody uses is not read.

use super::Bits;
use super::columns::{Column, Columns, Data, clear_beyond, load_bits};
use super::registers::at;
use super::rows::Rows;

/// Rows read at once.
const ROWS: usize = 8_192;

/// Bits of the columns for some blocks from one on.
#[derive(Debug, Clone)]
pub(crate) struct Ahead<const W: usize> {
    /// By column and block: the rows in which it is known, and those in which a column of truth values holds.
    valid: Vec<Bits<W>>,
    flags: Vec<Bits<W>>,
    loaded: Vec<bool>,
    /// The columns that were read, and their row from which on; 0 where rows of them were picked.
    columns: u64,
    from: usize,
    /// The present block, counted from there.
    block: usize,
}

impl<const W: usize> Ahead<W> {
    /// Blocks read at once.
    const BLOCKS: usize = ROWS / (64 * W);

    /// For so many columns.
    pub(crate) fn new(columns: usize) -> Self {
        Self {
            valid: vec![[0; W]; columns * Self::BLOCKS],
            flags: vec![[0; W]; columns * Self::BLOCKS],
            loaded: vec![false; columns],
            columns: 0,
            from: 0,
            block: 0,
        }
    }

    /// Begins a block.
    pub(crate) fn begin(&mut self, columns: &Columns, start: usize) {
        let block = start
            .checked_sub(self.from)
            .map(|rows| (rows / (64 * W), rows % (64 * W)));
        self.block = match block {
            Some((block, 0)) if block < Self::BLOCKS && self.columns == columns.number() => block,
            _ => {
                self.columns = columns.number();
                self.from = start;
                self.loaded.fill(false);
                0
            }
        };
    }

    /// Begins a block of rows picked out of the columns.
    pub(crate) fn begin_picked(&mut self) {
        self.columns = 0;
        self.block = 0;
        self.loaded.fill(false);
    }

    /// Reads a column's bits of the rows picked, unless that was done.
    pub(super) fn load_picked(&mut self, columns: &Columns, slot: u32, rows: Rows<'_>) {
        let (Some(column), Some(loaded)) = (columns.get(slot), self.loaded.get_mut(at(slot))) else {
            return;
        };
        let place = at(slot) * Self::BLOCKS;
        let (Some(valid), Some(flags)) = (self.valid.get_mut(place), self.flags.get_mut(place)) else {
            return;
        };
        if std::mem::replace(loaded, true) {
            return;
        }
        match &column.valid {
            Some(nulls) => rows.bits(nulls.inner(), valid),
            None => {
                *valid = [u64::MAX; W];
                clear_beyond(valid, rows.len());
            }
        }
        if let Data::Flags(values) = &column.data {
            rows.bits(values, flags);
        }
    }

    /// Reads a column's bits, unless that was done.
    pub(crate) fn load(&mut self, columns: &Columns, slot: u32) {
        let (Some(column), Some(loaded)) = (columns.get(slot), self.loaded.get_mut(at(slot))) else {
            return;
        };
        if std::mem::replace(loaded, true) {
            return;
        }
        let places = at(slot) * Self::BLOCKS..(at(slot) + 1) * Self::BLOCKS;
        let (valid, flags) = (self.valid.get_mut(places.clone()), self.flags.get_mut(places));
        let pairs = valid.unwrap_or_default().iter_mut().zip(flags.unwrap_or_default());
        let left = columns.rows().saturating_sub(self.from);
        for (block, (valid, flags)) in pairs.enumerate().take(left.div_ceil(64 * W)) {
            let rows = (left - block * 64 * W).min(64 * W);
            load_block(column, self.from + block * 64 * W, rows, valid, flags);
        }
    }

    /// The rows of the present block in which a column is known.
    pub(crate) fn valid(&self, slot: u32) -> &Bits<W> {
        self.valid.get(at(slot) * Self::BLOCKS + self.block).unwrap_or(&[0; W])
    }

    /// The rows of the present block in which a column of truth values holds, where it is known.
    pub(crate) fn flags(&self, slot: u32) -> &Bits<W> {
        self.flags.get(at(slot) * Self::BLOCKS + self.block).unwrap_or(&[0; W])
    }
}

fn load_block<const W: usize>(column: &Column, start: usize, rows: usize, valid: &mut Bits<W>, flags: &mut Bits<W>) {
    match &column.valid {
        Some(nulls) => load_bits(nulls.inner(), start, rows, valid),
        None => {
            *valid = [u64::MAX; W];
            clear_beyond(valid, rows);
        }
    }
    if let Data::Flags(values) = &column.data {
        load_bits(values, start, rows, flags);
    }
}
