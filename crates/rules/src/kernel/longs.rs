//! Operations that make 64-bit values.

use fearless_simd::dispatch;

use super::columns::{Columns, Data};
use super::lanes::copy_longs;
use super::masks::Branches;
use super::registers::{Extent, at, fill_up};
use super::rows::Rows;
use super::values::{all_within, common, each_of, every_lane, pairwise, without};
use super::{Bits, Space, is_empty};
use crate::program::{Narrow, NarrowOp, Steps};

/// Operands whose sums and differences fit 64 bits, whose products do, and those of an operation that never fails.
const SUMS: std::ops::Range<i64> = -(1 << 61)..1 << 61;
const PRODUCTS: std::ops::Range<i64> = -(1 << 31)..1 << 31;
const ANY: std::ops::Range<i64> = i64::MIN..i64::MAX;

impl<const W: usize> Space<W> {
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
        match op {
            NarrowOp::Constant(value) => {
                if place.constant.is_none() {
                    fill_up(&mut place.own, Self::ROWS);
                    place.own.fill(*value);
                    place.known = [u64::MAX; W];
                    place.constant = Some(*value);
                }
                return;
            }
            NarrowOp::Column(slot) if self.asked.extent == Extent::Whole && self.picked.is_empty() => {
                if let Some(values) = columns.whole_block(*slot, self.start, Self::ROWS) {
                    place.column = Some(values);
                    place.known = *self.bits.valid(*slot);
                    return;
                }
            }
            _ => {}
        }
        place.column = None;
        // The register is written while others are read: it is taken out, and put back.
        let mut out = std::mem::take(&mut place.own);
        fill_up(&mut out, Self::ROWS);
        let (mut known, failed) = self.narrow_lanes(op, &mut out, columns, steps);
        if !is_empty(&failed) {
            known = without(&known, &failed);
            self.fault(index, failed);
        }
        if let (Some(before), true) = (self.longs.get(register), self.before.is_some()) {
            known = self.merged(&before.known, &known);
        }
        if let Some(place) = self.longs.get_mut(register) {
            place.own = out;
            place.known = known;
        }
    }

    /// Known lanes and failed lanes.
    fn narrow_lanes(&self, op: &NarrowOp, out: &mut [i64], columns: &Columns, steps: &[Steps]) -> (Bits<W>, Bits<W>) {
        match op {
            NarrowOp::Constant(_) | NarrowOp::Unset(_) => ([0; W], [0; W]),
            NarrowOp::Column(slot) => {
                if let Some(column) = columns.get(*slot) {
                    load_longs(&column.data, self.of_columns(), self.asked.few(), out);
                }
                (*self.valid(*slot), [0; W])
            }
            NarrowOp::Add(a, b) => self.long_lanes(*a, *b, out, SUMS, i64::overflowing_add),
            NarrowOp::Subtract(a, b) => self.long_lanes(*a, *b, out, SUMS, i64::overflowing_sub),
            NarrowOp::Multiply(a, b) => match self.multiple(*a, *b, out) {
                Some(known) => (known, [0; W]),
                None => self.long_lanes(*a, *b, out, PRODUCTS, i64::overflowing_mul),
            },
            NarrowOp::Least(a, b) => self.long_lanes(*a, *b, out, ANY, |a, b| (a.min(b), false)),
            NarrowOp::Greatest(a, b) => self.long_lanes(*a, *b, out, ANY, |a, b| (a.max(b), false)),
            NarrowOp::Calendar(function, a, b) => self.long_pairs(*a, *b, out, |a, b| super::calendar(*function, a, b)),
            NarrowOp::NotNegative(a) => self.long_lanes(*a, *a, out, 0..1 << 62, |a, _| (a, a < 0)),
            NarrowOp::Step(series, day) => {
                let Some(series) = steps.get(at(*series)) else {
                    return ([0; W], [0; W]);
                };
                let (known, missing) = self.long_pairs(*day, *day, out, |day, _| {
                    series.on(day).and_then(|value| i64::try_from(value).ok())
                });
                // A day without a value is unknown, not a fault of arithmetic.
                (std::array::from_fn(|word| known[word] & !missing[word]), [0; W])
            }
            NarrowOp::Narrowed(wide) => {
                let Some(from) = self.huges.get(at(wide.0)) else {
                    return ([0; W], [0; W]);
                };
                let known = common(&from.known, &self.lanes());
                let mut failed = [0; W];
                each_of(&known, self.asked.few(), |row| match i64::try_from(from.values[row]) {
                    Ok(value) => out[row] = value,
                    Err(_) => failed[row / 64] |= 1 << (row % 64),
                });
                (known, failed)
            }
            NarrowOp::Given(guard, value) => {
                let Some(from) = self.longs.get(at(value.0)) else {
                    return ([0; W], [0; W]);
                };
                copy_longs(self.level, from.values(), &self.lanes(), out);
                (common(&from.known, &self.mask(*guard).known), [0; W])
            }
            NarrowOp::Case(branches, last) => {
                let (mut open, mut known) = (Branches::new(), [0; W]);
                let mut one = |taken: &Bits<W>, value: &Narrow, known: &mut Bits<W>| {
                    if let Some(from) = self.longs.get(at(value.0)) {
                        copy_longs(self.level, from.values(), taken, out);
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

    /// A product with a constant where no value is negative and all fit 31 bits, as counts and days do: a processor
    /// multiplies halves of 64 bits in one step, whole ones in several. Nothing where that is not so.
    fn multiple(&self, a: Narrow, b: Narrow, out: &mut [i64]) -> Option<Bits<W>> {
        const LOW: i64 = (1 << 31) - 1;
        let (a, b) = (self.longs.get(at(a.0))?, self.longs.get(at(b.0))?);
        let (values, factor) = match (a.constant, b.constant) {
            (None, Some(factor)) => (a, factor),
            (Some(factor), None) => (b, factor),
            _ => return None,
        };
        if !(0..=LOW).contains(&factor) || self.rows < 64 || self.asked.extent == Extent::Few {
            return None;
        }
        let beyond = dispatch!(self.level, _simd => {
            let mut seen = 0;
            for (value, to) in values.values().iter().zip(&mut *out) {
                seen |= *value;
                *to = (value & LOW) * (factor & LOW);
            }
            seen & !LOW
        });
        (beyond == 0).then(|| common(&values.known, &self.lanes()))
    }

    /// Whole words of lanes without a branch; few rows are taken one by one. Of operands that all lie in `safe` the
    /// operation cannot fail: it is tried at once, and asked lane by lane whether it did where one does not.
    fn long_lanes(
        &self,
        a: Narrow,
        b: Narrow,
        out: &mut [i64],
        safe: std::ops::Range<i64>,
        op: impl Fn(i64, i64) -> (i64, bool) + Copy,
    ) -> (Bits<W>, Bits<W>) {
        if self.rows < 64 || self.asked.extent == Extent::Few {
            return self.long_pairs(a, b, out, |a, b| match op(a, b) {
                (_, true) => None,
                (value, false) => Some(value),
            });
        }
        let (Some(a), Some(b)) = (self.longs.get(at(a.0)), self.longs.get(at(b.0))) else {
            return ([0; W], [0; W]);
        };
        let known = common(&common(&a.known, &b.known), &self.lanes());
        let tried = match b.constant {
            Some(b) => {
                all_within(&[b], &safe)
                    && dispatch!(self.level, _simd => against_all(a.values(), b, &safe, &mut *out, op))
            }
            None => dispatch!(self.level, _simd => pairs_all(a.values(), b.values(), &safe, &mut *out, op)),
        };
        if tried {
            return (known, [0; W]);
        }
        let failed = dispatch!(self.level, _simd => every_lane(a.values(), b.values(), &known, &mut *out, op));
        (known, failed)
    }

    fn long_pairs(
        &self,
        a: Narrow,
        b: Narrow,
        out: &mut [i64],
        op: impl Fn(i64, i64) -> Option<i64>,
    ) -> (Bits<W>, Bits<W>) {
        let (Some(a), Some(b)) = (self.longs.get(at(a.0)), self.longs.get(at(b.0))) else {
            return ([0; W], [0; W]);
        };
        let known = common(&common(&a.known, &b.known), &self.lanes());
        (
            known,
            pairwise(a.values(), b.values(), &known, self.asked.few(), out, op),
        )
    }
}

/// `op` on every pair; whether all lie in a range as [`all_within`] has it.
#[inline(always)]
fn pairs_all(
    left: &[i64],
    right: &[i64],
    safe: &std::ops::Range<i64>,
    out: &mut [i64],
    op: impl Fn(i64, i64) -> (i64, bool),
) -> bool {
    if *safe == ANY {
        for ((a, b), to) in left.iter().zip(right).zip(out) {
            *to = op(*a, *b).0;
        }
        return true;
    }
    let (width, mut beyond) = (safe.end.wrapping_sub(safe.start).cast_unsigned(), 0);
    for ((a, b), to) in left.iter().zip(right).zip(out) {
        *to = op(*a, *b).0;
        beyond |= a.wrapping_sub(safe.start) | b.wrapping_sub(safe.start);
    }
    beyond.cast_unsigned() < width
}

/// The same of every value and a constant that lies in the range.
#[inline(always)]
fn against_all(
    left: &[i64],
    right: i64,
    safe: &std::ops::Range<i64>,
    out: &mut [i64],
    op: impl Fn(i64, i64) -> (i64, bool),
) -> bool {
    if *safe == ANY {
        for (a, to) in left.iter().zip(out) {
            *to = op(*a, right).0;
        }
        return true;
    }
    let (width, mut beyond) = (safe.end.wrapping_sub(safe.start).cast_unsigned(), 0);
    for (a, to) in left.iter().zip(out) {
        *to = op(*a, right).0;
        beyond |= a.wrapping_sub(safe.start);
    }
    beyond.cast_unsigned() < width
}

/// Values of a column: of the whole block, or of a few of its rows.
fn load_longs(data: &Data, rows: Rows<'_>, few: Option<&[u16]>, out: &mut [i64]) {
    match data {
        Data::Small(values) => rows.values(values, few, |values| widen(values, few, out)),
        Data::Medium(values) => rows.values(values, few, |values| widen(values, few, out)),
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
