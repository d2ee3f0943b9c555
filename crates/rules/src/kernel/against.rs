//! Columns against constants, in the type in which they are stored.

use super::Bits;
use super::columns::Data;
use super::masks::{Over, compare, one_of, within};
use super::shorts::{Test, test_longs};
use crate::language::Comparison;

/// The rows of a column that are taken: a block, or a few rows of it.
pub(super) struct Taken<'r> {
    pub(super) range: std::ops::Range<usize>,
    pub(super) few: Option<&'r [u16]>,
}

impl<'r> Taken<'r> {
    fn of<'v, T>(&self, values: &'v [T]) -> &'v [T] {
        values.get(self.range.clone()).unwrap_or_default()
    }

    fn over(&self) -> Over<'r> {
        self.few.map_or(Over::First(self.range.len()), Over::Rows)
    }
}

pub(super) fn column_compare(data: &Data, taken: &Taken<'_>, comparison: Comparison, constant: i64, bits: &mut Bits) {
    match data {
        Data::Small(values) => match i16::try_from(constant) {
            Ok(constant) => compare(taken.of(values), taken.over(), comparison, constant, bits),
            Err(_) => compare_far(comparison, constant, bits),
        },
        Data::Days(values) => match i32::try_from(constant) {
            Ok(constant) => compare(taken.of(values), taken.over(), comparison, constant, bits),
            Err(_) => compare_far(comparison, constant, bits),
        },
        Data::Long(values) => match taken.over() {
            Over::First(_) => test_longs(taken.of(values), Test::Compare(comparison, constant), bits),
            few => compare(taken.of(values), few, comparison, constant, bits),
        },
        Data::Huge(values) => compare(taken.of(values), taken.over(), comparison, i128::from(constant), bits),
        Data::Flags(_) => {}
    }
}

/// A constant beyond what the column can hold: every value lies on the same side of it.
fn compare_far(comparison: Comparison, constant: i64, bits: &mut Bits) {
    let holds = comparison.holds(0, constant.signum());
    bits.fill(if holds { u64::MAX } else { 0 });
}

pub(super) fn column_within(data: &Data, taken: &Taken<'_>, low: i64, high: i64, bits: &mut Bits) {
    match data {
        Data::Small(values) => {
            let (low, high) = (clamp16(low), clamp16(high));
            within(taken.of(values), taken.over(), low, high, bits);
        }
        Data::Days(values) => {
            let clamp = |value: i64| i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX });
            within(taken.of(values), taken.over(), clamp(low), clamp(high), bits);
        }
        Data::Long(values) => match taken.over() {
            Over::First(_) => test_longs(taken.of(values), Test::Within(low, high), bits),
            few => within(taken.of(values), few, low, high, bits),
        },
        Data::Huge(values) => within(taken.of(values), taken.over(), i128::from(low), i128::from(high), bits),
        Data::Flags(_) => {}
    }
}

fn clamp16(value: i64) -> i16 {
    i16::try_from(value).unwrap_or(if value < 0 { i16::MIN } else { i16::MAX })
}

pub(super) fn column_one_of(data: &Data, taken: &Taken<'_>, constants: &[i64], bits: &mut Bits) {
    match data {
        Data::Small(values) => {
            let constants: Vec<i16> = constants
                .iter()
                .filter_map(|value| i16::try_from(*value).ok())
                .collect();
            one_of(taken.of(values), taken.over(), &constants, bits);
        }
        Data::Days(values) => {
            let constants: Vec<i32> = constants
                .iter()
                .filter_map(|value| i32::try_from(*value).ok())
                .collect();
            one_of(taken.of(values), taken.over(), &constants, bits);
        }
        Data::Long(values) => one_of(taken.of(values), taken.over(), constants, bits),
        Data::Huge(values) => {
            let constants: Vec<i128> = constants.iter().map(|value| i128::from(*value)).collect();
            one_of(taken.of(values), taken.over(), &constants, bits);
        }
        Data::Flags(_) => {}
    }
}
