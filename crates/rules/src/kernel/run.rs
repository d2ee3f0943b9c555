//! Runs operations over the present block.

use super::columns::{Columns, Data, clear_beyond, load_bits};
use super::masks::{Branches, both, compare, compare_pairs, either, one_at_most, one_of, opposite, within};
use super::registers::{Done, Truth, at};
use super::values::{all_within, common, copy_rows, each_lane, every_lane, pairwise};
use super::{BLOCK, Bits, Fault, NONE, WORDS, Workspace};
use crate::calendar::quotient;
use crate::language::Comparison;
use crate::program::{Mask, MaskOp, Narrow, NarrowOp, Op, Program, Steps, Wide, WideOp};

/// Rows that are all known.
const ALL: Bits = [u64::MAX; WORDS];
/// Operands whose sums and differences fit 64 bits, whose products do, and those of an operation that never fails.
const SUMS: std::ops::Range<i64> = -(1 << 61)..1 << 61;
const PRODUCTS: std::ops::Range<i64> = -(1 << 31)..1 << 31;
const ANY: std::ops::Range<i64> = i64::MIN..i64::MAX;
/// More lanes than this are computed as a whole block, which others may then use.
const MANY_LANES: u32 = 512;

impl Workspace {
    /// Begins a block: `rows` rows from `start` on.
    pub fn begin(&mut self, columns: &Columns, start: usize) {
        self.start = start;
        self.rows = columns.rows().saturating_sub(start).min(BLOCK);
        self.faults.clear();
        self.done.fill(Done::Not);
        for (column, valid) in columns.all().iter().zip(&mut self.valid) {
            match &column.valid {
                Some(nulls) => load_bits(nulls.inner(), start, self.rows, valid),
                None => {
                    *valid = ALL;
                    clear_beyond(valid, self.rows);
                }
            }
        }
    }

    /// Runs the operations of `list`, in order, that have not run for this block.
    pub fn run(&mut self, program: &Program, columns: &Columns, list: &[u32]) {
        self.wanted = ALL;
        for index in list {
            let Some(done) = self.done.get_mut(at(*index)) else {
                continue;
            };
            if std::mem::replace(done, Done::Wholly) != Done::Wholly {
                self.run_one(program, columns, *index);
            }
        }
    }

    /// Runs the operations of `list` as far as `lanes` need them; what their registers hold in other lanes means nothing,
    /// unless it was computed before. A list must hold all that its operations need.
    pub(crate) fn run_in(&mut self, program: &Program, columns: &Columns, list: &[u32], lanes: &Bits) {
        if lanes.iter().map(|word| word.count_ones()).sum::<u32>() > MANY_LANES {
            return self.run(program, columns, list);
        }
        for index in list {
            let (Some(done), Some(covered)) = (self.done.get_mut(at(*index)), self.covered.get_mut(at(*index))) else {
                continue;
            };
            let so_far = match done {
                Done::Wholly => continue,
                Done::Partly => *covered,
                Done::Not => NONE,
            };
            let all: Bits = std::array::from_fn(|word| so_far[word] | lanes[word]);
            if *done == Done::Partly && all == so_far {
                continue;
            }
            // A column is as quickly read whole.
            let leaf = program.ops.get(at(*index)).is_some_and(|(op, _)| op.column().is_some());
            (*done, *covered) = (if leaf { Done::Wholly } else { Done::Partly }, all);
            self.wanted = if leaf { ALL } else { all };
            self.run_one(program, columns, *index);
        }
        self.wanted = ALL;
    }

    fn run_one(&mut self, program: &Program, columns: &Columns, index: u32) {
        match program.ops.get(at(index)) {
            Some((Op::Mask(op), register)) => self.run_mask(op, at(*register), index, columns),
            Some((Op::Narrow(op), register)) => self.run_narrow(op, at(*register), index, columns, &program.steps),
            Some((Op::Wide(op), register)) => self.run_wide(op, at(*register), index, columns, &program.steps),
            None => {}
        }
    }

    /// The rows of the block that are there and wanted.
    fn lanes(&self) -> Bits {
        common(&self.present(), &self.wanted)
    }

    /// Rows of the block that are there.
    pub(crate) fn present(&self) -> Bits {
        let mut all = ALL;
        clear_beyond(&mut all, self.rows);
        all
    }

    fn fault(&mut self, op: u32, rows: Bits) {
        if rows != NONE {
            self.faults.push(Fault { op, rows });
        }
    }

    fn valid(&self, slot: u32) -> Bits {
        self.valid.get(at(slot)).copied().unwrap_or(NONE)
    }

    fn run_mask(&mut self, op: &MaskOp, register: usize, index: u32, columns: &Columns) {
        let truth = match op {
            MaskOp::Constant(None) => Truth::default(),
            MaskOp::Constant(Some(flag)) => Truth {
                yes: if *flag { ALL } else { NONE },
                known: ALL,
            },
            MaskOp::ColumnCompare(slot, comparison, constant) => {
                self.column_truth(columns, *slot, |data, range, bits| {
                    column_compare(data, range, *comparison, *constant, bits)
                })
            }
            MaskOp::ColumnWithin(slot, low, high) => self.column_truth(columns, *slot, |data, range, bits| {
                column_within(data, range, *low, *high, bits)
            }),
            MaskOp::ColumnOneOf(slot, constants) => self.column_truth(columns, *slot, |data, range, bits| {
                column_one_of(data, range, constants, bits)
            }),
            MaskOp::ColumnFlag(slot) => self.column_truth(columns, *slot, |data, range, bits| {
                if let Data::Flags(flags) = data {
                    load_bits(flags, range.start, range.len(), bits);
                }
            }),
            MaskOp::Absent(slot) => {
                let mut truth = Truth {
                    yes: NONE,
                    known: self.valid(*slot),
                };
                if let Some(absent) = columns.get(*slot).and_then(|column| column.absent.as_ref()) {
                    load_bits(absent, self.start, self.rows, &mut truth.yes);
                    truth.yes = std::array::from_fn(|word| truth.yes[word] & !truth.known[word]);
                    truth.known = std::array::from_fn(|word| truth.known[word] | truth.yes[word]);
                }
                truth
            }
            MaskOp::NarrowCompare(comparison, a, b) => self.compare_longs(*comparison, *a, *b),
            MaskOp::WideCompare(comparison, a, b) => self.compare_huges(*comparison, *a, *b),
            MaskOp::Region(region, low, high, above) => self.region(*region, *low, *high, above),
            MaskOp::All(list) => self.fold(list, Truth { yes: ALL, known: ALL }, both),
            MaskOp::Any(list) => self.fold(list, Truth { yes: NONE, known: ALL }, either),
            MaskOp::Not(inner) => opposite(&self.mask(*inner)),
            MaskOp::Case(branches, last) => {
                let mut open = Branches::new();
                let mut result = Truth::default();
                for (when, then) in branches {
                    merge(&mut result, &self.mask(*then), &open.take(&self.mask(*when)));
                }
                merge(&mut result, &self.mask(*last), &open.rest());
                result
            }
            MaskOp::OneAtMost(list) => {
                let list: Vec<Truth> = list.iter().map(|mask| self.mask(*mask)).collect();
                let (truth, conflict) = one_at_most(&list);
                self.fault(index, common(&conflict, &self.present()));
                truth
            }
            MaskOp::Given(guard, value) => {
                let (guard, value) = (self.mask(*guard), self.mask(*value));
                Truth {
                    yes: common(&guard.known, &value.yes),
                    known: common(&guard.known, &value.known),
                }
            }
        };
        if let Some(to) = self.masks.get_mut(register) {
            *to = truth;
        }
    }

    /// Truth of a column: what `fill` says, where the column is valid.
    fn column_truth(
        &self,
        columns: &Columns,
        slot: u32,
        fill: impl FnOnce(&Data, std::ops::Range<usize>, &mut Bits),
    ) -> Truth {
        let mut truth = Truth {
            yes: NONE,
            known: self.valid(slot),
        };
        if let Some(column) = columns.get(slot) {
            fill(&column.data, self.start..self.start + self.rows, &mut truth.yes);
        }
        truth.yes = common(&truth.yes, &truth.known);
        truth
    }

    fn fold(&self, list: &[Mask], start: Truth, combine: fn(&mut Truth, &Truth)) -> Truth {
        let mut result = start;
        for mask in list {
            if let Some(next) = self.masks.get(at(mask.0)) {
                combine(&mut result, next);
            }
        }
        result
    }

    fn compare_longs(&self, comparison: Comparison, a: Narrow, b: Narrow) -> Truth {
        let (Some(a), Some(b)) = (self.longs.get(at(a.0)), self.longs.get(at(b.0))) else {
            return Truth::default();
        };
        let mut truth = Truth {
            yes: NONE,
            known: common(&a.known, &b.known),
        };
        compare_pairs(&a.values, &b.values, self.rows, comparison, &mut truth.yes);
        truth.yes = common(&truth.yes, &truth.known);
        truth
    }

    fn compare_huges(&self, comparison: Comparison, a: Wide, b: Wide) -> Truth {
        let (Some(a), Some(b)) = (self.huges.get(at(a.0)), self.huges.get(at(b.0))) else {
            return Truth::default();
        };
        let mut truth = Truth {
            yes: NONE,
            known: common(&a.known, &b.known),
        };
        compare_pairs(&a.values, &b.values, self.rows, comparison, &mut truth.yes);
        truth.yes = common(&truth.yes, &truth.known);
        truth
    }

    fn region(&self, region: Narrow, low: i64, high: i64, above: &[i64]) -> Truth {
        let Some(region) = self.longs.get(at(region.0)) else {
            return Truth::default();
        };
        let values = region.values.get(..self.rows).unwrap_or_default();
        let mut truth = Truth {
            yes: NONE,
            known: region.known,
        };
        within(values, low, high, &mut truth.yes);
        let mut coarse = NONE;
        one_of(values, above, &mut coarse);
        truth.known = std::array::from_fn(|word| truth.known[word] & !coarse[word]);
        truth.yes = common(&truth.yes, &truth.known);
        truth
    }

    fn run_narrow(&mut self, op: &NarrowOp, register: usize, index: u32, columns: &Columns, steps: &[Steps]) {
        let Some(place) = self.longs.get_mut(register) else {
            return;
        };
        if let NarrowOp::Constant(value) = op {
            if place.known != ALL {
                place.values.fill(*value);
                place.known = ALL;
            }
            return;
        }
        // The register is written while others are read: it is taken out, and put back.
        let mut out = std::mem::take(&mut place.values);
        let (mut known, failed) = self.narrow_lanes(op, &mut out, columns, steps);
        known = std::array::from_fn(|word| known[word] & !failed[word]);
        self.fault(index, failed);
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
                    load_longs(&column.data, self.start..self.start + self.rows, out);
                }
                (self.valid(*slot), NONE)
            }
            NarrowOp::Add(a, b) => self.long_lanes(*a, *b, out, SUMS, i64::overflowing_add),
            NarrowOp::Subtract(a, b) => self.long_lanes(*a, *b, out, SUMS, i64::overflowing_sub),
            NarrowOp::Multiply(a, b) => self.long_lanes(*a, *b, out, PRODUCTS, i64::overflowing_mul),
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
                each_lane(&known, |row| match i64::try_from(from.values[row]) {
                    Ok(value) => out[row] = value,
                    Err(_) => failed[row / 64] |= 1 << (row % 64),
                });
                (known, failed)
            }
            NarrowOp::Given(guard, value) => {
                let Some(from) = self.longs.get(at(value.0)) else {
                    return (NONE, NONE);
                };
                out.copy_from_slice(&from.values);
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
                    one(&common(&taken, &self.present()), then, &mut known);
                }
                one(&common(&open.rest(), &self.present()), last, &mut known);
                (known, NONE)
            }
        }
    }

    /// Whole words of lanes without a branch; one case keeps to its one lane. Of operands that all lie in `safe` the
    /// operation cannot fail, and nobody asks whether it did.
    fn long_lanes(
        &self,
        a: Narrow,
        b: Narrow,
        out: &mut [i64],
        safe: std::ops::Range<i64>,
        op: impl Fn(i64, i64) -> (i64, bool) + Copy,
    ) -> (Bits, Bits) {
        if self.rows < 64 {
            return self.long_pairs(a, b, out, |a, b| match op(a, b) {
                (_, true) => None,
                (value, false) => Some(value),
            });
        }
        let (Some(a), Some(b)) = (self.longs.get(at(a.0)), self.longs.get(at(b.0))) else {
            return (NONE, NONE);
        };
        let known = common(&common(&a.known, &b.known), &self.lanes());
        if all_within(&a.values, &safe) && all_within(&b.values, &safe) {
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
        (known, pairwise(&a.values, &b.values, &known, out, op))
    }

    fn run_wide(&mut self, op: &WideOp, register: usize, index: u32, columns: &Columns, steps: &[Steps]) {
        let Some(place) = self.huges.get_mut(register) else {
            return;
        };
        if let WideOp::Constant(value) = op {
            if place.known != ALL {
                place.values.fill(*value);
                place.known = ALL;
            }
            return;
        }
        let mut out = std::mem::take(&mut place.values);
        let (mut known, failed) = self.wide_lanes(op, &mut out, columns, steps);
        known = std::array::from_fn(|word| known[word] & !failed[word]);
        self.fault(index, failed);
        if let Some(place) = self.huges.get_mut(register) {
            place.values = out;
            place.known = known;
        }
    }

    fn wide_lanes(&self, op: &WideOp, out: &mut [i128], columns: &Columns, steps: &[Steps]) -> (Bits, Bits) {
        match op {
            WideOp::Constant(_) | WideOp::Unset(_) => (NONE, NONE),
            WideOp::Column(slot) => {
                if let Some(Data::Huge(values)) = columns.get(*slot).map(|column| &column.data) {
                    let values = values.get(self.start..self.start + self.rows).unwrap_or_default();
                    out.iter_mut().zip(values).for_each(|(to, value)| *to = *value);
                }
                (self.valid(*slot), NONE)
            }
            WideOp::Widened(a) => {
                let Some(from) = self.longs.get(at(a.0)) else {
                    return (NONE, NONE);
                };
                out.iter_mut()
                    .zip(from.values.iter())
                    .take(self.rows)
                    .for_each(|(to, value)| *to = i128::from(*value));
                (from.known, NONE)
            }
            WideOp::Scaled(a, power) => {
                let factor = 10_i128.checked_pow(u32::from(*power));
                self.huge_pairs(*a, *a, out, |a, _| a.checked_mul(factor?))
            }
            WideOp::Add(a, b) => self.huge_pairs(*a, *b, out, i128::checked_add),
            WideOp::Subtract(a, b) => self.huge_pairs(*a, *b, out, i128::checked_sub),
            WideOp::Multiply(a, b) => self.huge_pairs(*a, *b, out, i128::checked_mul),
            WideOp::Least(a, b) => self.huge_pairs(*a, *b, out, |a, b| Some(a.min(b))),
            WideOp::Greatest(a, b) => self.huge_pairs(*a, *b, out, |a, b| Some(a.max(b))),
            WideOp::Round(a, b, power, mode) => self.huge_pairs(*a, *b, out, |a, b| quotient(a, b, *power, *mode)),
            WideOp::Step(series, day) => {
                let (Some(series), Some(day)) = (steps.get(at(*series)), self.longs.get(at(day.0))) else {
                    return (NONE, NONE);
                };
                let asked = common(&day.known, &self.lanes());
                let mut known = asked;
                each_lane(&asked, |row| match series.on(day.values[row]) {
                    Some(value) => out[row] = value,
                    None => known[row / 64] &= !(1 << (row % 64)),
                });
                (known, NONE)
            }
            WideOp::Given(guard, value) => {
                let Some(from) = self.huges.get(at(value.0)) else {
                    return (NONE, NONE);
                };
                out.copy_from_slice(&from.values);
                (common(&from.known, &self.mask(*guard).known), NONE)
            }
            WideOp::Case(branches, last) => {
                let (mut open, mut known) = (Branches::new(), NONE);
                let mut one = |taken: &Bits, value: &Wide, known: &mut Bits| {
                    if let Some(from) = self.huges.get(at(value.0)) {
                        copy_rows(&from.values, taken, out);
                        *known = std::array::from_fn(|word| known[word] | (taken[word] & from.known[word]));
                    }
                };
                for (when, then) in branches {
                    let taken = open.take(&self.mask(*when));
                    one(&common(&taken, &self.present()), then, &mut known);
                }
                one(&common(&open.rest(), &self.present()), last, &mut known);
                (known, NONE)
            }
        }
    }

    fn huge_pairs(&self, a: Wide, b: Wide, out: &mut [i128], op: impl Fn(i128, i128) -> Option<i128>) -> (Bits, Bits) {
        let (Some(a), Some(b)) = (self.huges.get(at(a.0)), self.huges.get(at(b.0))) else {
            return (NONE, NONE);
        };
        let known = common(&common(&a.known, &b.known), &self.lanes());
        (known, pairwise(&a.values, &b.values, &known, out, op))
    }
}

/// Adds the rows of a branch.
fn merge(result: &mut Truth, branch: &Truth, taken: &Bits) {
    for (word, taken) in taken.iter().enumerate() {
        result.yes[word] |= taken & branch.yes[word];
        result.known[word] |= taken & branch.known[word];
    }
}

fn column_compare(data: &Data, range: std::ops::Range<usize>, comparison: Comparison, constant: i64, bits: &mut Bits) {
    match data {
        Data::Small(values) => match i16::try_from(constant) {
            Ok(constant) => compare(values.get(range).unwrap_or_default(), comparison, constant, bits),
            Err(_) => compare_far(comparison, constant, bits),
        },
        Data::Days(values) => match i32::try_from(constant) {
            Ok(constant) => compare(values.get(range).unwrap_or_default(), comparison, constant, bits),
            Err(_) => compare_far(comparison, constant, bits),
        },
        Data::Long(values) => compare(values.get(range).unwrap_or_default(), comparison, constant, bits),
        Data::Huge(values) => compare(
            values.get(range).unwrap_or_default(),
            comparison,
            i128::from(constant),
            bits,
        ),
        Data::Flags(_) => {}
    }
}

/// A constant beyond what the column can hold: every value lies on the same side of it.
fn compare_far(comparison: Comparison, constant: i64, bits: &mut Bits) {
    let holds = comparison.holds(0, constant.signum());
    bits.fill(if holds { u64::MAX } else { 0 });
}

fn column_within(data: &Data, range: std::ops::Range<usize>, low: i64, high: i64, bits: &mut Bits) {
    match data {
        Data::Small(values) => {
            let (low, high) = (clamp16(low), clamp16(high));
            within(values.get(range).unwrap_or_default(), low, high, bits);
        }
        Data::Days(values) => {
            let clamp = |value: i64| i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX });
            within(values.get(range).unwrap_or_default(), clamp(low), clamp(high), bits);
        }
        Data::Long(values) => within(values.get(range).unwrap_or_default(), low, high, bits),
        Data::Huge(values) => within(
            values.get(range).unwrap_or_default(),
            i128::from(low),
            i128::from(high),
            bits,
        ),
        Data::Flags(_) => {}
    }
}

fn clamp16(value: i64) -> i16 {
    i16::try_from(value).unwrap_or(if value < 0 { i16::MIN } else { i16::MAX })
}

fn column_one_of(data: &Data, range: std::ops::Range<usize>, constants: &[i64], bits: &mut Bits) {
    match data {
        Data::Small(values) => {
            let constants: Vec<i16> = constants
                .iter()
                .filter_map(|value| i16::try_from(*value).ok())
                .collect();
            one_of(values.get(range).unwrap_or_default(), &constants, bits);
        }
        Data::Days(values) => {
            let constants: Vec<i32> = constants
                .iter()
                .filter_map(|value| i32::try_from(*value).ok())
                .collect();
            one_of(values.get(range).unwrap_or_default(), &constants, bits);
        }
        Data::Long(values) => one_of(values.get(range).unwrap_or_default(), constants, bits),
        Data::Huge(values) => {
            let constants: Vec<i128> = constants.iter().map(|value| i128::from(*value)).collect();
            one_of(values.get(range).unwrap_or_default(), &constants, bits);
        }
        Data::Flags(_) => {}
    }
}

fn load_longs(data: &Data, range: std::ops::Range<usize>, out: &mut [i64]) {
    match data {
        Data::Small(values) => widen(values.get(range).unwrap_or_default(), out),
        Data::Days(values) => widen(values.get(range).unwrap_or_default(), out),
        Data::Long(values) => widen(values.get(range).unwrap_or_default(), out),
        Data::Huge(_) | Data::Flags(_) => {}
    }
}

fn widen<T: Copy + Into<i64>>(from: &[T], out: &mut [i64]) {
    out.iter_mut().zip(from).for_each(|(to, value)| *to = (*value).into());
}
