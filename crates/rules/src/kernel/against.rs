//! Columns against constants, in the type in which they are stored.

use fearless_simd::Level;

use super::Bits;
use super::columns::Data;
use super::lanes::{Lane, Test, test};
use super::masks::pick;
use super::registers::set;
use super::rows::Rows;
use crate::language::Comparison;

/// The rows of a column that are taken: those of a block, or a few of them.
#[derive(Clone, Copy)]
pub(super) struct Taken<'r> {
    pub(super) level: Level,
    pub(super) rows: Rows<'r>,
    pub(super) few: Option<&'r [u16]>,
}

impl Taken<'_> {
    fn test<T: Lane, const W: usize>(self, column: &[T], question: Test<'_, T>, bits: &mut Bits<W>) {
        self.rows.values(column, self.few, |values| match self.few {
            None => test(self.level, values, question, bits),
            Some(rows) => {
                bits.fill(0);
                pick(rows, bits, |row| {
                    values.get(row).is_some_and(|value| question.holds(*value))
                });
            }
        });
    }

    /// Constants that the column cannot hold are no value of it.
    fn one_of<T: Lane + TryFrom<i64>, const W: usize>(self, column: &[T], constants: &[i64], bits: &mut Bits<W>) {
        /// Constants asked for at once.
        const MOST: usize = 8;
        let mut fitting = constants.iter().filter_map(|value| T::try_from(*value).ok());
        let mut ask = |bits: &mut Bits<W>| {
            let (mut some, mut count) = ([T::default(); MOST], 0);
            for (to, value) in some.iter_mut().zip(&mut fitting) {
                *to = value;
                count += 1;
            }
            self.test(column, Test::OneOf(some.get(..count).unwrap_or_default()), bits);
            count == MOST
        };
        let mut more = ask(bits);
        while more {
            let mut others = [0; W];
            more = ask(&mut others);
            set(bits, &others);
        }
    }
}

pub(super) fn column_compare<const W: usize>(
    data: &Data,
    taken: Taken<'_>,
    comparison: Comparison,
    constant: i64,
    bits: &mut Bits<W>,
) {
    match data {
        Data::Small(values) => match i16::try_from(constant) {
            Ok(constant) => taken.test(values, Test::Compare(comparison, constant), bits),
            Err(_) => compare_far(comparison, constant, bits),
        },
        Data::Medium(values) => match i32::try_from(constant) {
            Ok(constant) => taken.test(values, Test::Compare(comparison, constant), bits),
            Err(_) => compare_far(comparison, constant, bits),
        },
        Data::Long(values) => taken.test(values, Test::Compare(comparison, constant), bits),
        Data::Huge(values) => taken.test(values, Test::Compare(comparison, i128::from(constant)), bits),
        Data::Flags(_) => bits.fill(0),
    }
}

/// A constant beyond what the column can hold: every value lies on the same side of it.
fn compare_far<const W: usize>(comparison: Comparison, constant: i64, bits: &mut Bits<W>) {
    let holds = comparison.holds(0, constant.signum());
    bits.fill(if holds { u64::MAX } else { 0 });
}

pub(super) fn column_within<const W: usize>(data: &Data, taken: Taken<'_>, low: i64, high: i64, bits: &mut Bits<W>) {
    match data {
        Data::Small(values) => {
            let clamp = |value: i64| i16::try_from(value).unwrap_or(if value < 0 { i16::MIN } else { i16::MAX });
            taken.test(values, Test::Within(clamp(low), clamp(high)), bits);
        }
        Data::Medium(values) => {
            let clamp = |value: i64| i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX });
            taken.test(values, Test::Within(clamp(low), clamp(high)), bits);
        }
        Data::Long(values) => taken.test(values, Test::Within(low, high), bits),
        Data::Huge(values) => taken.test(values, Test::Within(i128::from(low), i128::from(high)), bits),
        Data::Flags(_) => bits.fill(0),
    }
}

pub(super) fn column_one_of<const W: usize>(data: &Data, taken: Taken<'_>, constants: &[i64], bits: &mut Bits<W>) {
    match data {
        Data::Small(values) => taken.one_of(values, constants, bits),
        Data::Medium(values) => taken.one_of(values, constants, bits),
        Data::Long(values) => taken.one_of(values, constants, bits),
        Data::Huge(values) => taken.one_of(values, constants, bits),
        Data::Flags(_) => bits.fill(0),
    }
}
