//! Input columns: slices and validity, straight out of Arrow arrays or of one case.

use std::sync::atomic::{AtomicU64, Ordering};

use arrow_array::{Array, BooleanArray, Date32Array, Decimal128Array, Int16Array, Int64Array};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, NullBuffer, ScalarBuffer};
use fearless_simd::{Level, dispatch};

use super::{Bits, CASE_BLOCK};
use crate::typed::Kind;

/// The values of a column.
#[derive(Debug, Clone)]
pub enum Data {
    /// Codes; and dates and whole numbers that fit.
    Small(ScalarBuffer<i16>),
    /// Dates and months, in days; and whole numbers that fit.
    Medium(ScalarBuffer<i32>),
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
            Kind::Date | Kind::Month => Data::Medium(any.downcast_ref::<Date32Array>()?.values().clone()),
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
            Data::Medium(values) => values.len(),
            Data::Long(values) => values.len(),
            Data::Huge(values) => values.len(),
            Data::Flags(values) => values.len(),
        }
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same values in as few bits as hold all of them, 16 or 32: less of them is waited for, and more are compared at
    /// once.
    #[must_use]
    pub fn shortened(self) -> Self {
        let level = Level::new();
        let data = match &self.data {
            Data::Long(values) if dispatch!(level, _simd => fit_in(values, 16)) => {
                Some(Data::Small(dispatch!(level, _simd => cut(values, |value| {
                    let [a, b, ..] = value.to_le_bytes();
                    i16::from_le_bytes([a, b])
                }))))
            }
            Data::Long(values) if dispatch!(level, _simd => fit_in(values, 32)) => {
                Some(Data::Medium(dispatch!(level, _simd => cut(values, |value| {
                    let [a, b, c, d, ..] = value.to_le_bytes();
                    i32::from_le_bytes([a, b, c, d])
                }))))
            }
            Data::Medium(values) if dispatch!(level, _simd => fit_in(values, 16)) => {
                Some(Data::Small(dispatch!(level, _simd => cut(values, |value| {
                    let [a, b, ..] = value.to_le_bytes();
                    i16::from_le_bytes([a, b])
                }))))
            }
            _ => None,
        };
        match data {
            Some(data) => Self { data, ..self },
            None => self,
        }
    }

    /// Whether the values are of the type that facts of `kind` have.
    pub fn fits(&self, kind: Kind) -> bool {
        match &self.data {
            Data::Small(_) => matches!(kind, Kind::Code(_) | Kind::Date | Kind::Month) || is_whole(kind),
            Data::Medium(_) => matches!(kind, Kind::Date | Kind::Month) || is_whole(kind),
            Data::Flags(_) => kind == Kind::Bool,
            Data::Long(_) => is_whole(kind),
            Data::Huge(_) => !kind.is_narrow(),
        }
    }
}

/// Whole numbers and regions, which 64 bits hold.
fn is_whole(kind: Kind) -> bool {
    kind.is_narrow() && matches!(kind, Kind::Number { .. } | Kind::Region)
}

/// Whether all values fit so many bits. What an unknown row holds counts as well: at worst the column stays as it is.
#[inline(always)]
fn fit_in<T: Copy + Into<i64>>(values: &[T], bits: u32) -> bool {
    // Whether one is found early decides how long it takes.
    values.chunks(1_024).all(|chunk| {
        let beyond = chunk.iter().fold(0, |seen, value| {
            let value: i64 = (*value).into();
            seen | value.wrapping_add(1 << (bits - 1))
        });
        beyond.cast_unsigned() >> bits == 0
    })
}

#[inline(always)]
fn cut<T: Copy, S: ArrowNativeType>(values: &[T], cut: impl Fn(T) -> S) -> ScalarBuffer<S> {
    values.iter().map(|value| cut(*value)).collect()
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
    /// The columns in the order of the program's inputs; nothing where count, type or length does not fit. They are
    /// shortened, unless they have no more rows than one case and what is supposed of it.
    pub fn new(program: &crate::program::Program, list: Vec<Column>) -> Option<Self> {
        let rows = list.first().map_or(0, Column::len);
        let fits = list.len() == program.inputs.len()
            && list
                .iter()
                .zip(&program.inputs)
                .all(|(column, input)| column.len() == rows && column.fits(input.kind));
        let shorten = |column: Column| if rows > CASE_BLOCK { column.shortened() } else { column };
        fits.then(|| Self {
            list: list.into_iter().map(shorten).collect(),
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

    /// The 64-bit values of a block of so many rows that begins at `start`; nothing of other columns or of a block that is
    /// not full.
    pub(crate) fn whole_block(&self, slot: u32, start: usize, rows: usize) -> Option<ScalarBuffer<i64>> {
        match &self.get(slot)?.data {
            Data::Long(values) if start + rows <= values.len() => Some(values.slice(start, rows)),
            _ => None,
        }
    }

    pub(crate) fn get(&self, slot: u32) -> Option<&Column> {
        usize::try_from(slot).ok().and_then(|slot| self.list.get(slot))
    }
}

/// Bits of a buffer from `start` on, `rows` of them; the rest of the words is zero.
pub(crate) fn load_bits<const W: usize>(buffer: &BooleanBuffer, start: usize, rows: usize, words: &mut Bits<W>) {
    words.fill(0);
    let rows = rows.min(64 * W).min(buffer.len().saturating_sub(start));
    let from = buffer.offset() + start;
    let (first_byte, shift) = (from / 8, from % 8);
    let bytes = buffer.values().get(first_byte..).unwrap_or_default();
    let (eights, _) = bytes.as_chunks::<8>();
    if rows == 64 * W && shift == 0 && eights.len() >= W {
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
pub(crate) fn clear_beyond<const W: usize>(words: &mut Bits<W>, rows: usize) {
    for (at, word) in words.iter_mut().enumerate() {
        let here = rows.saturating_sub(at * 64).min(64);
        if here < 64 {
            *word &= (1_u64 << here) - 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Column, Data};

    /// The values of a column and the bits that each takes.
    fn read(data: &Data) -> (Vec<i64>, u32) {
        match data {
            Data::Small(values) => (values.iter().map(|value| i64::from(*value)).collect(), 16),
            Data::Medium(values) => (values.iter().map(|value| i64::from(*value)).collect(), 32),
            Data::Long(values) => (values.to_vec(), 64),
            Data::Huge(_) | Data::Flags(_) => panic!("no such column here"),
        }
    }

    #[test]
    fn a_column_takes_as_few_bits_as_hold_every_value_and_keeps_each() {
        const ENDS: [(i64, u32); 12] = [
            (0, 16),
            (-1, 16),
            (i16::MAX as i64, 16),
            (i16::MIN as i64, 16),
            (i16::MAX as i64 + 1, 32),
            (i16::MIN as i64 - 1, 32),
            (i32::MAX as i64, 32),
            (i32::MIN as i64, 32),
            (i32::MAX as i64 + 1, 64),
            (i32::MIN as i64 - 1, 64),
            (i64::MAX, 64),
            (i64::MIN, 64),
        ];
        for (end, bits) in ENDS {
            // Wherever among the others the largest stands.
            for at in [0, 1_023, 1_024, 2_499] {
                let mut values: Vec<i64> = (0..2_500).map(|row| row % 100).collect();
                values[at] = end;
                let column = Column::new(Data::Long(values.clone().into()), None).shortened();
                assert_eq!(read(&column.data), (values.clone(), bits), "{end} at {at}");
                let days: Result<Vec<i32>, _> = values.iter().map(|value| i32::try_from(*value)).collect();
                if let Ok(days) = days {
                    let column = Column::new(Data::Medium(days.into()), None).shortened();
                    assert_eq!(read(&column.data), (values, bits), "{end} at {at} of days");
                }
            }
        }
    }
}
