//! Columns against constants, in the type in which they are stored.

use super::Bits;
use super::columns::Data;
use super::masks::{Over, compare, one_of, within};
use super::rows::Rows;
use super::shorts::{Test, test_longs};
use crate::language::Comparison;

/// The rows of a column that are taken: those of a block, or a few of them.
#[derive(Clone, Copy)]
pub(super) struct Taken<'r> {
    pub(super) rows: Rows<'r>,
    pub(super) few: Option<&'r [u16]>,
}

impl<'r> Taken<'r> {
    fn of<T: Copy + Default>(self, column: &[T], then: impl FnOnce(&[T], Over<'r>)) {
        let over = self.few.map_or(Over::First(self.rows.len()), Over::Rows);
        self.rows.values(column, self.few, |values| then(values, over));
    }
}

pub(super) fn column_compare(data: &Data, taken: Taken<'_>, comparison: Comparison, constant: i64, bits: &mut Bits) {
    match data {
        Data::Small(values) => match i16::try_from(constant) {
            Ok(constant) => taken.of(values, |values, over| compare(values, over, comparison, constant, bits)),
            Err(_) => compare_far(comparison, constant, bits),
        },
        Data::Days(values) => match i32::try_from(constant) {
            Ok(constant) => taken.of(values, |values, over| compare(values, over, comparison, constant, bits)),
            Err(_) => compare_far(comparison, constant, bits),
        },
        Data::Long(values) => taken.of(values, |values, over| match over {
            Over::First(_) => test_longs(values, Test::Compare(comparison, constant), bits),
            few => compare(values, few, comparison, constant, bits),
        }),
        Data::Huge(values) => {
            taken.of(values, |values, over| {
                compare(values, over, comparison, i128::from(constant), bits)
            });
        }
        Data::Flags(_) => {}
    }
}

/// A constant beyond what the column can hold: every value lies on the same side of it.
fn compare_far(comparison: Comparison, constant: i64, bits: &mut Bits) {
    let holds = comparison.holds(0, constant.signum());
    bits.fill(if holds { u64::MAX } else { 0 });
}

pub(super) fn column_within(data: &Data, taken: Taken<'_>, low: i64, high: i64, bits: &mut Bits) {
    match data {
        Data::Small(values) => {
            let (low, high) = (clamp16(low), clamp16(high));
            taken.of(values, |values, over| within(values, over, low, high, bits));
        }
        Data::Days(values) => {
            let clamp = |value: i64| i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX });
            taken.of(values, |values, over| {
                within(values, over, clamp(low), clamp(high), bits)
            });
        }
        Data::Long(values) => taken.of(values, |values, over| match over {
            Over::First(_) => test_longs(values, Test::Within(low, high), bits),
            few => within(values, few, low, high, bits),
        }),
        Data::Huge(values) => {
            taken.of(values, |values, over| {
                within(values, over, i128::from(low), i128::from(high), bits)
            });
        }
        Data::Flags(_) => {}
    }
}

fn clamp16(value: i64) -> i16 {
    i16::try_from(value).unwrap_or(if value < 0 { i16::MIN } else { i16::MAX })
}

pub(super) fn column_one_of(data: &Data, taken: Taken<'_>, constants: &[i64], bits: &mut Bits) {
    match data {
        Data::Small(values) => {
            let constants: Vec<i16> = constants
                .iter()
                .filter_map(|value| i16::try_from(*value).ok())
                .collect();
            taken.of(values, |values, over| one_of(values, over, &constants, bits));
        }
        Data::Days(values) => {
            let constants: Vec<i32> = constants
                .iter()
                .filter_map(|value| i32::try_from(*value).ok())
                .collect();
            taken.of(values, |values, over| one_of(values, over, &constants, bits));
        }
        Data::Long(values) => taken.of(values, |values, over| one_of(values, over, constants, bits)),
        Data::Huge(values) => {
            let constants: Vec<i128> = constants.iter().map(|value| i128::from(*value)).collect();
            taken.of(values, |values, over| one_of(values, over, &constants, bits));
        }
        Data::Flags(_) => {}
    }
}
