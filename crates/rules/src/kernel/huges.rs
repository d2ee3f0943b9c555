//! Operations that make 128-bit values.

use super::columns::{Columns, Data};
use super::masks::Branches;
use super::registers::{at, fill_up};
use super::round::{product, rounded};
use super::values::{common, copy_rows, each_of, pairwise};
use super::{Bits, Space};
use crate::program::{Steps, Wide, WideOp};

impl<const W: usize> Space<W> {
    pub(super) fn run_wide(&mut self, op: &WideOp, register: usize, index: u32, columns: &Columns, steps: &[Steps]) {
        let Some(place) = self.huges.get_mut(register) else {
            return;
        };
        if let WideOp::Constant(value) = op {
            if place.known != [u64::MAX; W] {
                fill_up(&mut place.values, Self::ROWS);
                place.values.fill(*value);
                place.known = [u64::MAX; W];
            }
            return;
        }
        let mut out = std::mem::take(&mut place.values);
        fill_up(&mut out, Self::ROWS);
        let (mut known, failed) = self.wide_lanes(op, &mut out, columns, steps);
        known = std::array::from_fn(|word| known[word] & !failed[word]);
        self.fault(index, failed);
        if let Some(before) = self.huges.get(register) {
            known = self.merged(&before.known, &known);
        }
        if let Some(place) = self.huges.get_mut(register) {
            place.values = out;
            place.known = known;
        }
    }

    fn wide_lanes(&self, op: &WideOp, out: &mut [i128], columns: &Columns, steps: &[Steps]) -> (Bits<W>, Bits<W>) {
        match op {
            WideOp::Constant(_) | WideOp::Unset(_) => ([0; W], [0; W]),
            WideOp::Column(slot) => {
                if let Some(Data::Huge(values)) = columns.get(*slot).map(|column| &column.data) {
                    let (lanes, few) = (self.lanes(), self.asked.few());
                    self.of_columns().values(values, few, |values| {
                        each_of(&lanes, few, |row| out[row] = values[row]);
                    });
                }
                (*self.valid(*slot), [0; W])
            }
            WideOp::Widened(a) => {
                let Some(from) = self.longs.get(at(a.0)) else {
                    return ([0; W], [0; W]);
                };
                let known = common(&from.known, &self.lanes());
                each_of(&known, self.asked.few(), |row| {
                    out[row] = i128::from(from.values()[row])
                });
                (known, [0; W])
            }
            WideOp::Scaled(a, power) => {
                let factor = 10_i128.checked_pow(u32::from(*power));
                self.huge_pairs(*a, *a, out, |a, _| product(a, factor?))
            }
            WideOp::Add(a, b) => self.huge_pairs(*a, *b, out, i128::checked_add),
            WideOp::Subtract(a, b) => self.huge_pairs(*a, *b, out, i128::checked_sub),
            WideOp::Multiply(a, b) => self.huge_pairs(*a, *b, out, product),
            WideOp::Least(a, b) => self.huge_pairs(*a, *b, out, |a, b| Some(a.min(b))),
            WideOp::Greatest(a, b) => self.huge_pairs(*a, *b, out, |a, b| Some(a.max(b))),
            WideOp::Round(a, b, power, mode) => self.huge_pairs(*a, *b, out, rounded(*power, *mode)),
            WideOp::Step(series, day) => {
                let (Some(series), Some(day)) = (steps.get(at(*series)), self.longs.get(at(day.0))) else {
                    return ([0; W], [0; W]);
                };
                let asked = common(&day.known, &self.lanes());
                let mut known = asked;
                each_of(&asked, self.asked.few(), |row| match series.on(day.values()[row]) {
                    Some(value) => out[row] = value,
                    None => known[row / 64] &= !(1 << (row % 64)),
                });
                (known, [0; W])
            }
            WideOp::Given(guard, value) => {
                let Some(from) = self.huges.get(at(value.0)) else {
                    return ([0; W], [0; W]);
                };
                copy_rows(&from.values, &self.lanes(), out);
                (common(&from.known, &self.mask(*guard).known), [0; W])
            }
            WideOp::Case(branches, last) => {
                let (mut open, mut known) = (Branches::new(), [0; W]);
                let mut one = |taken: &Bits<W>, value: &Wide, known: &mut Bits<W>| {
                    if let Some(from) = self.huges.get(at(value.0)) {
                        copy_rows(&from.values, taken, out);
                        *known = std::array::from_fn(|word| known[word] | (taken[word] & from.known[word]));
                    }
                };
                for (when, then) in branches {
                    let taken = open.take(&self.mask(*when));
                    one(&common(&taken, &self.lanes()), then, &mut known);
                }
                one(&common(&open.rest(), &self.lanes()), last, &mut known);
                (known, [0; W])
            }
        }
    }

    fn huge_pairs(
        &self,
        a: Wide,
        b: Wide,
        out: &mut [i128],
        op: impl Fn(i128, i128) -> Option<i128>,
    ) -> (Bits<W>, Bits<W>) {
        let (Some(a), Some(b)) = (self.huges.get(at(a.0)), self.huges.get(at(b.0))) else {
            return ([0; W], [0; W]);
        };
        let known = common(&common(&a.known, &b.known), &self.lanes());
        (known, pairwise(&a.values, &b.values, &known, self.asked.few(), out, op))
    }
}
