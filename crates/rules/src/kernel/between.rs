//! Columns against each other, each times a constant: a date before another, a quarter of the staff.

use fearless_simd::{Level, Simd, dispatch};

use super::Bits;
use super::columns::Data;
use super::lanes::compare_word;
use super::rows::Rows;
use crate::language::Comparison;
use crate::program::SAFE_FACTOR;

/// A column times a constant.
#[derive(Clone, Copy)]
pub(super) struct Scaled<'c> {
    pub(super) data: &'c Data,
    pub(super) factor: i64,
}

impl Scaled<'_> {
    /// The product of a row of the column; nothing where it does not fit.
    fn at(self, row: usize) -> Option<i64> {
        let value = match self.data {
            Data::Small(values) => i64::from(*values.get(row)?),
            Data::Medium(values) => i64::from(*values.get(row)?),
            Data::Long(values) => *values.get(row)?,
            Data::Huge(_) | Data::Flags(_) => return None,
        };
        value.checked_mul(self.factor)
    }

    /// The products of 64 rows of a block from one on, as far as there are so many; false where one may not fit.
    #[inline(always)]
    fn word(self, rows: Rows<'_>, word: usize, out: &mut [i64; 64]) -> bool {
        match self.data {
            Data::Small(values) => self.fill(values, rows, word, out),
            Data::Medium(values) => self.fill(values, rows, word, out),
            Data::Long(values) => self.fill(values, rows, word, out),
            Data::Huge(_) | Data::Flags(_) => true,
        }
    }

    #[inline(always)]
    fn fill<T: Copy + Into<i64>>(self, column: &[T], rows: Rows<'_>, word: usize, out: &mut [i64; 64]) -> bool {
        match rows {
            Rows::Run(from, count) => {
                let (first, end) = (from + 64 * word, from + count.min(64 * (word + 1)));
                for (to, value) in out.iter_mut().zip(column.get(first..end).unwrap_or_default()) {
                    *to = (*value).into();
                }
            }
            Rows::Picked(from, rows) => {
                let column = column.get(from..).unwrap_or_default();
                for (to, row) in out.iter_mut().zip(rows.get(64 * word..).unwrap_or_default()) {
                    *to = column.get(usize::from(*row)).map_or(0, |value| (*value).into());
                }
            }
        }
        if self.factor == 1 {
            return true;
        }
        // What fits 32 bits is known to be safe by its type: the check goes away.
        let beyond = if size_of::<T>() <= 4 {
            0
        } else {
            out.iter().fold(0, |seen, value| seen | value.wrapping_add(SAFE_FACTOR))
        };
        out.iter_mut()
            .for_each(|value| *value = value.wrapping_mul(self.factor));
        beyond.cast_unsigned() < (2 * SAFE_FACTOR).cast_unsigned()
    }
}

/// The rows in which a comparison of two columns holds, and those in which a product does not fit; what is said of rows that
/// are unknown or not asked for means nothing.
pub(super) fn between<const W: usize>(
    level: Level,
    (left, right): (Scaled<'_>, Scaled<'_>),
    comparison: Comparison,
    rows: Rows<'_>,
    few: Option<&[u16]>,
) -> (Bits<W>, Bits<W>) {
    let (mut yes, mut failed) = ([0; W], [0; W]);
    let mut one = |lane: usize, yes: &mut Bits<W>| {
        let Some(row) = rows.at(lane) else { return };
        let (word, bit) = (lane / 64, 1 << (lane % 64));
        match left.at(row).zip(right.at(row)) {
            Some((left, right)) if comparison.holds(left, right) => yes[word] |= bit,
            Some(_) => {}
            None => failed[word] |= bit,
        }
    };
    match few {
        Some(few) => few.iter().for_each(|lane| one(usize::from(*lane), &mut yes)),
        None => {
            let safe = dispatch!(level, simd => words(simd, (left, right), comparison, rows, &mut yes));
            for word in safe
                .iter()
                .enumerate()
                .filter(|(_, safe)| !**safe)
                .map(|(word, _)| word)
            {
                yes[word] = 0;
                (64 * word..64 * (word + 1)).for_each(|lane| one(lane, &mut yes));
            }
        }
    }
    (yes, failed)
}

/// Word by word; answers in which no product can fail.
#[inline(always)]
fn words<S: Simd, const W: usize>(
    simd: S,
    (left, right): (Scaled<'_>, Scaled<'_>),
    comparison: Comparison,
    rows: Rows<'_>,
    yes: &mut Bits<W>,
) -> [bool; W] {
    let (mut a, mut b, mut safe) = ([0; 64], [0; 64], [true; W]);
    for (word, (yes, safe)) in yes.iter_mut().zip(&mut safe).enumerate().take(rows.len().div_ceil(64)) {
        let (left, right) = (left.word(rows, word, &mut a), right.word(rows, word, &mut b));
        *safe = left && right;
        *yes = compare_word(simd, &a, &b, comparison);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{Scaled, between};
    use crate::kernel::columns::Data;
    use crate::kernel::lanes::levels;
    use crate::kernel::rows::Rows;
    use crate::language::Comparison;

    const WORDS: usize = 4;
    const ROWS: usize = 64 * WORDS - 9;

    /// What 16, 32 and 64 bits hold, ends included.
    fn columns() -> [Data; 4] {
        let of = |values: &'static [i64]| (0..300_usize).map(|row| values[(row + row / 13) % values.len()]);
        [
            Data::Small(
                of(&[-32_768, -1, 0, 1, 7, 32_767])
                    .map(|value| i16::try_from(value).expect("16 bits"))
                    .collect(),
            ),
            Data::Medium(
                of(&[-(1 << 31), -32_769, -1, 0, 2, 32_768, (1 << 31) - 1])
                    .map(|value| i32::try_from(value).expect("32 bits"))
                    .collect(),
            ),
            Data::Long(of(&[-(1 << 31), -3, 0, 1, 5, (1 << 31) - 1]).collect()),
            Data::Long(
                of(&[
                    0,
                    1,
                    2,
                    1 << 31,
                    1 << 32,
                    (1 << 33) + 1,
                    1 << 62,
                    i64::MAX,
                    i64::MIN,
                    -(1 << 31) - 1,
                ])
                .collect(),
            ),
        ]
    }

    fn value(data: &Data, row: usize) -> i128 {
        match data {
            Data::Small(values) => values[row].into(),
            Data::Medium(values) => values[row].into(),
            Data::Long(values) => values[row].into(),
            Data::Huge(_) | Data::Flags(_) => panic!("no such column here"),
        }
    }

    #[test]
    fn every_processor_compares_products_as_whole_numbers_without_an_end_do() {
        let columns = columns();
        let picked: Vec<u16> = (0..190).map(|row| row * 3 / 2).collect();
        let few: Vec<u16> = [0, 1, 63, 64, 130, 189].to_vec();
        let mut seen_failing = 0;
        for (left, right) in columns
            .iter()
            .flat_map(|left| columns.iter().map(move |right| (left, right)))
        {
            for (a, b) in [(1, 1), (100, 25), (-1, 1), ((1 << 31) - 1, -((1 << 31) - 1)), (0, 3)] {
                let pair = (Scaled { data: left, factor: a }, Scaled { data: right, factor: b });
                for comparison in Comparison::ALL {
                    for level in levels() {
                        for (rows, few) in [
                            (Rows::Run(11, ROWS), None),
                            (Rows::Run(0, 1), None),
                            (Rows::Run(11, ROWS), Some(few.as_slice())),
                            (Rows::Picked(2, &picked), None),
                            (Rows::Picked(2, &picked), Some(few.as_slice())),
                        ] {
                            let (yes, failed) = between::<WORDS>(level, pair, comparison, rows, few);
                            let asked: Vec<usize> = match few {
                                Some(few) => few.iter().copied().map(usize::from).collect(),
                                None => (0..rows.len()).collect(),
                            };
                            for lane in asked {
                                let row = rows.at(lane).expect("a row");
                                let products = (value(left, row) * i128::from(a), value(right, row) * i128::from(b));
                                let fits = [products.0, products.1]
                                    .iter()
                                    .all(|product| i64::try_from(*product).is_ok());
                                let bit = |bits: &[u64; WORDS]| bits[lane / 64] >> (lane % 64) & 1 == 1;
                                assert_eq!(bit(&failed), !fits, "{products:?}, {level:?}");
                                if fits {
                                    let holds = comparison.holds(products.0, products.1);
                                    assert_eq!(bit(&yes), holds, "{products:?} {comparison:?}, {level:?}");
                                }
                                seen_failing += usize::from(!fits);
                            }
                        }
                    }
                }
            }
        }
        assert!(seen_failing > 1_000, "{seen_failing}");
    }
}
