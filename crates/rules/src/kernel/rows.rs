//! Which rows of the columns stand in a block: one after another, or picked out of some thousands.

use arrow_buffer::BooleanBuffer;

use super::columns::load_bits;
use super::{Bits, PICKED};

/// The rows of a block.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rows<'r> {
    /// So many from one on.
    Run(usize, usize),
    /// Counted from one on.
    Picked(usize, &'r [u16]),
}

impl<'r> Rows<'r> {
    /// The rows of a block that begins at `start`, unless some were picked.
    pub(super) fn of_block(start: usize, rows: usize, picked: &'r [u16]) -> Self {
        if picked.is_empty() {
            Self::Run(start, rows)
        } else {
            Self::Picked(start, picked)
        }
    }

    pub(super) fn len(self) -> usize {
        match self {
            Self::Run(_, rows) => rows,
            Self::Picked(_, rows) => rows.len(),
        }
    }

    /// The row of the columns that stands at a place of the block.
    pub(super) fn at(self, lane: usize) -> Option<usize> {
        match self {
            Self::Run(from, rows) => (lane < rows).then_some(from + lane),
            Self::Picked(from, rows) => rows.get(lane).map(|row| from + usize::from(*row)),
        }
    }

    /// Hands on a column's values of these rows, or of a few lanes of the block alone.
    pub(super) fn values<T: Copy + Default>(self, column: &[T], few: Option<&[u16]>, then: impl FnOnce(&[T])) {
        match self {
            Self::Run(from, rows) => then(column.get(from..from + rows).unwrap_or_default()),
            Self::Picked(from, rows) => {
                let column = column.get(from..).unwrap_or_default();
                let value = |row: u16| column.get(usize::from(row)).copied().unwrap_or_default();
                let mut picked = [T::default(); PICKED];
                match few {
                    None => picked.iter_mut().zip(rows).for_each(|(to, row)| *to = value(*row)),
                    Some(few) => {
                        for lane in few.iter().copied().map(usize::from) {
                            if let (Some(to), Some(row)) = (picked.get_mut(lane), rows.get(lane)) {
                                *to = value(*row);
                            }
                        }
                    }
                }
                then(picked.get(..rows.len()).unwrap_or_default());
            }
        }
    }

    /// The bits of these rows; the rest of the words is zero.
    pub(super) fn bits<const W: usize>(self, buffer: &BooleanBuffer, words: &mut Bits<W>) {
        match self {
            Self::Run(from, rows) => load_bits(buffer, from, rows, words),
            Self::Picked(from, rows) => {
                words.fill(0);
                let from = buffer.offset() + from;
                let (bytes, shift) = (buffer.values().get(from / 8..).unwrap_or_default(), from % 8);
                let bit = |row: u16| {
                    let at = shift + usize::from(row);
                    bytes.get(at / 8).map_or(0, |byte| u64::from(byte >> (at % 8) & 1))
                };
                for (word, rows) in words.iter_mut().zip(rows.chunks(64)) {
                    let (eights, rest) = rows.as_chunks::<8>();
                    let mut shifted = 0;
                    for eight in eights {
                        let mut bits = 0;
                        for (lane, row) in eight.iter().enumerate() {
                            bits |= bit(*row) << lane;
                        }
                        *word |= bits << shifted;
                        shifted += 8;
                    }
                    for row in rest {
                        *word |= bit(*row) << shifted;
                        shifted += 1;
                    }
                }
            }
        }
    }
}
