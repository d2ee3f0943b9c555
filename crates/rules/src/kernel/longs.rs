//! Operations that make 64-bit values.

use super::columns::{Columns, Data};
use super::masks::Branches;
use super::registers::{Extent, Longs, at};
use super::rows::Rows;
use super::values::{all_within, common, copy_rows, each_of, every_lane, pairwise};
use super::{ALL, Bits, NONE, Workspace};
use crate::program::{Narrow, NarrowOp, Steps};

/// Operands whose sums and differences fit 64 bits, whose products do, and those of an operation that never fails.
const SUMS: std::ops::Range<i64> = -(1 << 61)..1 << 61;
const PRODUCTS: std::ops::Range<i64> = -(1 << 31)..1 << 31;
const ANY: std::ops::Range<i64> = i64::MIN..i64::MAX;

impl Workspace {
    pub(super) fn run_narrow(
        &mut self,
        op: &NarrowOp,
        register: usize,
        index: u32,
        columns: &Columns,
        steps: &[Steps],
    ) {
        let Some(place) = self.longs.get_mut(register) else {
            return;
        };
        if let NarrowOp::Constant(value) = op {
            if place.known != ALL {
                place.values.fill(*value);
                place.known = ALL;
                place.constant = Some(*value);
            }
            return;
        }
        // The register is written while others are read: it is taken out, and put back.
        let mut out = std::mem::take(&mut place.values);
        let (mut known, failed) = self.narrow_lanes(op, &mut out, columns, steps);
        known = std::array::from_fn(|word| known[word] & !failed[word]);
        self.fault(index, failed);
        if let Some(before) = self.longs.get(register) {
            known = self.merged(&before.known, &known);
        }
        if let Some(place) = self.longs.get_mut(register) {
            place.values = out;
            place.known = known;
        }
    }

    /// Known lanes and failed lanes.
    fn narrow_lanes(&self, op: &NarrowOp, out: &mut [i64], columns: &Columns, steps: &[Steps]) -> (Bits, Bits) {
        match op {
            NarrowOp::Constant(_) | NarrowOp::Unset(_) => (NONE, NONE),
            NarrowOp::Column(slot) => {
                if let Some(column) = columns.get(*slot) {
                    load_longs(&column.data, self.of_columns(), self.asked.few(), out);
                }
                (self.valid(*slot), NONE)
            }
            NarrowOp::Add(a, b) => self.long_lanes(*a, *b, out, SUMS, i64::overflowing_add),
            NarrowOp::Subtract(a, b) => self.long_lanes(*a, *b, out, SUMS, i64::overflowing_sub),
            NarrowOp::Multiply(a, b) => match self.multiple(*a, *b, out) {
                Some(known) => (known, NONE),
                None => self.long_lanes(*a, *b, out, PRODUCTS, i64::overflowing_mul),
            },
            NarrowOp::Least(a, b) => self.long_lanes(*a, *b, out, ANY, |a, b| (a.min(b), false)),
            NarrowOp::Greatest(a, b) => self.long_lanes(*a, *b, out, ANY, |a, b| (a.max(b), false)),
            NarrowOp::Calendar(function, a, b) => self.long_pairs(*a, *b, out, |a, b| super::calendar(*function, a, b)),
            NarrowOp::NotNegative(a) => self.long_lanes(*a, *a, out, 0..1 << 62, |a, _| (a, a < 0)),
            NarrowOp::Step(series, day) => {
                let Some(series) = steps.get(at(*series)) else {
                    return (NONE, NONE);
                };
                let (known, missing) = self.long_pairs(*day, *day, out, |day, _| {
                    series.on(day).and_then(|value| i64::try_from(value).ok())
                });
                // A day without a value is unknown, not a fault of arithmetic.
                (std::array::from_fn(|word| known[word] & !missing[word]), NONE)
            }
            NarrowOp::Narrowed(wide) => {
                let Some(from) = self.huges.get(at(wide.0)) else {
                    return (NONE, NONE);
                };
                let known = common(&from.known, &self.lanes());
                let mut failed = NONE;
                each_of(&known, self.asked.few(), |row| match i64::try_from(from.values[row]) {
                    Ok(value) => out[row] = value,
                    Err(_) => failed[row / 64] |= 1 << (row % 64),
                });
                (known, failed)
            }
            NarrowOp::Given(guard, value) => {
                let Some(from) = self.longs.get(at(value.0)) else {
                    return (NONE, NONE);
                };
                copy_rows(&from.values, &self.lanes(), out);
                (common(&from.known, &self.mask(*guard).known), NONE)
            }
            NarrowOp::Case(branches, last) => {
                let (mut open, mut known) = (Branches::new(), NONE);
                let mut one = |taken: &Bits, value: &Narrow, known: &mut Bits| {
                    if let Some(from) = self.longs.get(at(value.0)) {
                        copy_rows(&from.values, taken, out);
                        *known = std::array::from_fn(|word| known[word] | (taken[word] & from.known[word]));
                    }
                };
                for (when, then) in branches {
                    let taken = open.take(&self.mask(*when));
                    one(&common(&taken, &self.lanes()), then, &mut known);
                }
                one(&common(&open.rest(), &self.lanes()), last, &mut known);
                (known, NONE)
            }
        }
    }

    /// A product with a constant where no value is negative and all fit 31 bits, as counts and days do: a processor
    /// multiplies halves of 64 bits in one step, whole ones in several. Nothing where that is not so.
    fn multiple(&self, a: Narrow, b: Narrow, out: &mut [i64]) -> Option<Bits> {
        const LOW: i64 = (1 << 31) - 1;
        let (a, b) = (self.longs.get(at(a.0))?, self.longs.get(at(b.0))?);
        let (values, factor) = match (a.constant, b.constant) {
            (None, Some(factor)) => (a, factor),
            (Some(factor), None) => (b, factor),
            _ => return None,
        };
        let fits = (0..=LOW).contains(&factor) && values.all_within(&(0..LOW + 1));
        if !fits || self.rows < 64 || self.asked.extent == Extent::Few {
            return None;
        }
        for (value, to) in values.values.iter().zip(out) {
            *to = (value & LOW) * (factor & LOW);
        }
        Some(common(&values.known, &self.lanes()))
    }

    /// Whole words of lanes without a branch; few rows are taken one by one. Of operands that all lie in `safe` the
    /// operation cannot fail, and nobody asks whether it did.
    fn long_lanes(
        &self,
        a: Narrow,
        b: Narrow,
        out: &mut [i64],
        safe: std::ops::Range<i64>,
        op: impl Fn(i64, i64) -> (i64, bool) + Copy,
    ) -> (Bits, Bits) {
        if self.rows < 64 || self.asked.extent == Extent::Few {
            return self.long_pairs(a, b, out, |a, b| match op(a, b) {
                (_, true) => None,
                (value, false) => Some(value),
            });
        }
        let (Some(a), Some(b)) = (self.longs.get(at(a.0)), self.longs.get(at(b.0))) else {
            return (NONE, NONE);
        };
        let known = common(&common(&a.known, &b.known), &self.lanes());
        if a.all_within(&safe) && b.all_within(&safe) {
            for ((a, b), to) in a.values.iter().zip(&b.values).zip(out) {
                *to = op(*a, *b).0;
            }
            return (known, NONE);
        }
        (known, every_lane(&a.values, &b.values, &known, out, op))
    }

    fn long_pairs(&self, a: Narrow, b: Narrow, out: &mut [i64], op: impl Fn(i64, i64) -> Option<i64>) -> (Bits, Bits) {
        let (Some(a), Some(b)) = (self.longs.get(at(a.0)), self.longs.get(at(b.0))) else {
            return (NONE, NONE);
        };
        let known = common(&common(&a.known, &b.known), &self.lanes());
        (known, pairwise(&a.values, &b.values, &known, self.asked.few(), out, op))
    }
}

impl Longs {
    /// True where every value lies in a range, as [`all_within`] has it.
    fn all_within(&self, range: &std::ops::Range<i64>) -> bool {
        match self.constant {
            Some(constant) => all_within(&[constant], range),
            None => all_within(&self.values, range),
        }
    }
}

/// Values of a column: of the whole block, or of a few of its rows.
fn load_longs(data: &Data, rows: Rows<'_>, few: Option<&[u16]>, out: &mut [i64]) {
    match data {
        Data::Small(values) => rows.values(values, few, |values| widen(values, few, out)),
        Data::Days(values) => rows.values(values, few, |values| widen(values, few, out)),
        Data::Long(values) => rows.values(values, few, |values| widen(values, few, out)),
        Data::Huge(_) | Data::Flags(_) => {}
    }
}

fn widen<T: Copy + Into<i64>>(from: &[T], few: Option<&[u16]>, out: &mut [i64]) {
    match few {
        None => out.iter_mut().zip(from).for_each(|(to, value)| *to = (*value).into()),
        Some(rows) => {
            for row in rows.iter().copied().map(usize::from) {
                if let (Some(to), Some(value)) = (out.get_mut(row), from.get(row)) {
                    *to = (*value).into();
                }
            }
        }
    }
}
