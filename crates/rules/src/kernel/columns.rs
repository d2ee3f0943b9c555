//! Input columns: slices and validity, straight out of Arrow arrays or of one case.

use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{Array, BooleanArray, Date32Array, Decimal128Array, Int16Array, Int64Array};
use arrow_buffer::{BooleanBuffer, NullBuffer, ScalarBuffer};

use super::{BLOCK, Bits};
use crate::typed::Kind;

/// The values of a column.
#[derive(Debug, Clone)]
pub enum Data {
    /// Codes.
    Small(ScalarBuffer<i16>),
    /// Dates and months, in days.
    Days(ScalarBuffer<i32>),
    /// Whole numbers, fen, regions.
    Long(ScalarBuffer<i64>),
    /// Decimals in millionths.
    Huge(ScalarBuffer<i128>),
    /// Truth values.
    Flags(BooleanBuffer),
}

/// A column with what is known of it.
#[derive(Debug, Clone)]
pub struct Column {
    pub(crate) data: Data,
    pub(crate) valid: Option<NullBuffer>,
    /// Rows where a register covers the case and says there is none; such rows are not valid.
    pub(crate) absent: Option<BooleanBuffer>,
}

impl Column {
    /// A column of values and validity.
    pub fn new(data: Data, valid: Option<NullBuffer>) -> Self {
        Self {
            data,
            valid: valid.filter(|valid| valid.null_count() > 0),
            absent: None,
        }
    }

    /// The same with the rows where it is known that there is none.
    #[must_use]
    pub fn with_absent(mut self, absent: BooleanBuffer) -> Self {
        self.absent = Some(absent);
        self
    }

    /// An Arrow array of the type that facts of `kind` have; nothing for any other type.
    pub fn of_array(kind: Kind, array: &dyn Array) -> Option<Self> {
        let any = array.as_any();
        let data = match kind {
            Kind::Bool => Data::Flags(any.downcast_ref::<BooleanArray>()?.values().clone()),
            Kind::Date | Kind::Month => Data::Days(any.downcast_ref::<Date32Array>()?.values().clone()),
            Kind::Code(_) => Data::Small(any.downcast_ref::<Int16Array>()?.values().clone()),
            kind if kind.is_narrow() => Data::Long(any.downcast_ref::<Int64Array>()?.values().clone()),
            _ => {
                let decimals = any.downcast_ref::<Decimal128Array>()?;
                (u32::try_from(decimals.scale()) == Ok(policy::fact::DECIMAL_SCALE))
                    .then(|| Data::Huge(decimals.values().clone()))?
            }
        };
        Some(Self::new(data, array.nulls().cloned()))
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        match &self.data {
            Data::Small(values) => values.len(),
            Data::Days(values) => values.len(),
            Data::Long(values) => values.len(),
            Data::Huge(values) => values.len(),
            Data::Flags(values) => values.len(),
        }
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the values are of the type that facts of `kind` have.
    pub fn fits(&self, kind: Kind) -> bool {
        match &self.data {
            Data::Small(_) => matches!(kind, Kind::Code(_)),
            Data::Days(_) => matches!(kind, Kind::Date | Kind::Month),
            Data::Flags(_) => kind == Kind::Bool,
            Data::Long(_) => kind.is_narrow() && matches!(kind, Kind::Number { .. } | Kind::Region),
            Data::Huge(_) => !kind.is_narrow(),
        }
    }
}

/// The columns of a program's inputs, all of one length.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    list: Vec<Column>,
    rows: usize,
    /// Tells these columns from any others, so that what was read of one is never taken for another's.
    number: u64,
}

/// The number of the next columns.
static NEXT: AtomicU64 = AtomicU64::new(1);

impl Columns {
    /// The columns in the order of the program's inputs; nothing where count, type or length does not fit.
    pub fn new(program: &crate::program::Program, list: Vec<Column>) -> Option<Self> {
        let rows = list.first().map_or(0, Column::len);
        let fits = list.len() == program.inputs.len()
            && list
                .iter()
                .zip(&program.inputs)
                .all(|(column, input)| column.len() == rows && column.fits(input.kind));
        fits.then(|| Self {
            list,
            rows,
            number: NEXT.fetch_add(1, Ordering::Relaxed),
        })
    }

    /// `rows` rows for a program that reads no column.
    pub fn without(rows: usize) -> Self {
        Self {
            rows,
            ..Self::default()
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether an input is known in a row: it has a value, or it is known that there is none.
    pub fn is_known(&self, slot: usize, row: usize) -> bool {
        self.list.get(slot).is_some_and(|column| {
            let is_set = |bits: &BooleanBuffer| row < bits.len() && bits.value(row);
            column.valid.as_ref().is_none_or(|valid| is_set(valid.inner()))
                || column.absent.as_ref().is_some_and(is_set)
        })
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The 64-bit values of a whole block that begins at `start`; nothing of other columns, of a block that is not full,
    /// or where rows were picked, so that they do not stand one after another.
    pub(crate) fn whole_block(&self, slot: u32, start: usize, in_order: bool) -> Option<ScalarBuffer<i64>> {
        match &self.get(slot)?.data {
            Data::Long(values) if in_order && start + BLOCK <= values.len() => Some(values.slice(start, BLOCK)),
            _ => None,
        }
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&Column> {
        usize::try_from(slot).ok().and_then(|slot| self.list.get(slot))
    }
}

/// Bits of a buffer from `start` on, `rows` of them; the rest of the words is zero.
pub(crate) fn load_bits(buffer: &BooleanBuffer, start: usize, rows: usize, words: &mut Bits) {
    words.fill(0);
    let rows = rows.min(BLOCK).min(buffer.len().saturating_sub(start));
    let from = buffer.offset() + start;
    let (first_byte, shift) = (from / 8, from % 8);
    let bytes = buffer.values().get(first_byte..).unwrap_or_default();
    if let (BLOCK, 0, Some(whole)) = (rows, shift, bytes.first_chunk::<{ BLOCK / 8 }>()) {
        let (eights, _) = whole.as_chunks::<8>();
        words
            .iter_mut()
            .zip(eights)
            .for_each(|(word, eight)| *word = u64::from_le_bytes(*eight));
        return;
    }
    for (at, word) in words.iter_mut().enumerate().take(rows.div_ceil(64)) {
        let here = bytes.get(at * 8..).unwrap_or_default();
        let low = word_of(here);
        *word = if shift == 0 {
            low
        } else {
            let next = here.get(8).copied().map_or(0, u64::from);
            (low >> shift) | (next << (64 - shift))
        };
    }
    clear_beyond(words, rows);
}

fn word_of(bytes: &[u8]) -> u64 {
    if let Some(whole) = bytes.first_chunk::<8>() {
        return u64::from_le_bytes(*whole);
    }
    let mut padded = [0; 8];
    for (to, from) in padded.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_le_bytes(padded)
}

/// Clears the bits of rows that are not there.
pub(crate) fn clear_beyond(words: &mut Bits, rows: usize) {
    for (at, word) in words.iter_mut().enumerate() {
        let here = rows.saturating_sub(at * 64).min(64);
        if here < 64 {
            *word &= (1_u64 << here) - 1;
        }
    }
}
