//! Operations that make truth values.

use super::against::{Taken, column_compare, column_one_of, column_within};
use super::between::{Scaled, between};
use super::columns::{Columns, Data};
use super::lanes::compare_longs;
use super::masks::{Branches, Over, both, compare_pairs, either, one_at_most, opposite, pack_word, pick};
use super::registers::{Truth, at};
use super::rows::Rows;
use super::values::{common, without};
use super::{Bits, Space};
use crate::language::Comparison;
use crate::program::{Mask, MaskOp, Narrow, Wide};

impl<const W: usize> Space<W> {
    pub(super) fn run_mask(&mut self, op: &MaskOp, register: usize, index: u32, columns: &Columns) {
        let truth = match op {
            MaskOp::Constant(None) => Truth::default(),
            MaskOp::Constant(Some(flag)) => Truth {
                yes: if *flag { [u64::MAX; W] } else { [0; W] },
                known: [u64::MAX; W],
            },
            MaskOp::ColumnCompare(slot, comparison, constant) => {
                return self.column_truth(columns, *slot, register, |data, taken, bits| {
                    column_compare(data, taken, *comparison, *constant, bits)
                });
            }
            MaskOp::ColumnWithin(slot, low, high) => {
                return self.column_truth(columns, *slot, register, |data, taken, bits| {
                    column_within(data, taken, *low, *high, bits)
                });
            }
            MaskOp::ColumnOneOf(slot, constants) => {
                return self.column_truth(columns, *slot, register, |data, taken, bits| {
                    column_one_of(data, taken, constants, bits)
                });
            }
            MaskOp::ColumnFlag(slot) => {
                let known = self.valid(*slot);
                Truth {
                    yes: common(self.bits.flags(*slot), known),
                    known: *known,
                }
            }
            MaskOp::Absent(slot) => {
                let mut truth = Truth {
                    yes: [0; W],
                    known: *self.valid(*slot),
                };
                if let Some(absent) = columns.get(*slot).and_then(|column| column.absent.as_ref()) {
                    self.of_columns().bits(absent, &mut truth.yes);
                    truth.yes = std::array::from_fn(|word| truth.yes[word] & !truth.known[word]);
                    truth.known = std::array::from_fn(|word| truth.known[word] | truth.yes[word]);
                }
                truth
            }
            MaskOp::ColumnsCompare(comparison, a, b) => {
                let known = common(self.valid(a.0), self.valid(b.0));
                let (yes, failed) = self.compare_columns(columns, *comparison, *a, *b);
                let failed = common(&failed, &known);
                self.fault(index, failed);
                Truth {
                    yes: common(&yes, &without(&known, &failed)),
                    known: without(&known, &failed),
                }
            }
            MaskOp::NarrowCompare(comparison, a, b) => self.compare_longs(*comparison, *a, *b),
            MaskOp::WideCompare(comparison, a, b) => self.compare_huges(*comparison, *a, *b),
            MaskOp::Region(region, low, high, above) => self.region(*region, *low, *high, above),
            MaskOp::All(list) => self.fold(
                list,
                Truth {
                    yes: [u64::MAX; W],
                    known: [u64::MAX; W],
                },
                both,
            ),
            MaskOp::Any(list) => self.fold(
                list,
                Truth {
                    yes: [0; W],
                    known: [u64::MAX; W],
                },
                either,
            ),
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
                let list: Vec<Truth<W>> = list.iter().map(|mask| self.mask(*mask)).collect();
                let (truth, conflict) = one_at_most(&list);
                self.fault(index, conflict);
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
        match self.before.and_then(|_| self.masks.get(register).copied()) {
            Some(before) => self.put_merged(register, &before, &truth),
            None => self.put_mask(register, &truth),
        }
    }

    fn put_mask(&mut self, register: usize, truth: &Truth<W>) {
        if let Some(to) = self.masks.get_mut(register) {
            *to = *truth;
        }
    }

    fn put_merged(&mut self, register: usize, before: &Truth<W>, now: &Truth<W>) {
        let truth = Truth {
            yes: self.merged(&before.yes, &now.yes),
            known: self.merged(&before.known, &now.known),
        };
        self.put_mask(register, &truth);
    }

    /// Truth of a column: what `fill` says, where the column is valid. It is written where it stays: most operations are
    /// of this kind, and to hand 256 bytes about takes as long as some of them.
    fn column_truth(
        &mut self,
        columns: &Columns,
        slot: u32,
        register: usize,
        fill: impl FnOnce(&Data, Taken<'_>, &mut Bits<W>),
    ) {
        let (Some(truth), Some(column)) = (self.masks.get_mut(register), columns.get(slot)) else {
            return;
        };
        let before = self.before.map(|_| *truth);
        let taken = Taken {
            level: self.level,
            rows: Rows::of_block(self.start, self.rows, &self.picked),
            few: self.asked.few(),
        };
        fill(&column.data, taken, &mut truth.yes);
        truth.known = *self.bits.valid(slot);
        truth.yes = common(&truth.yes, &truth.known);
        if let Some(before) = before {
            let now = *truth;
            self.put_merged(register, &before, &now);
        }
    }

    fn fold(&self, list: &[Mask], start: Truth<W>, combine: fn(&mut Truth<W>, &Truth<W>)) -> Truth<W> {
        let mut result = start;
        for mask in list {
            if let Some(next) = self.masks.get(at(mask.0)) {
                combine(&mut result, next);
            }
        }
        result
    }

    fn compare_columns(
        &self,
        columns: &Columns,
        comparison: Comparison,
        left: (u32, i64),
        right: (u32, i64),
    ) -> (Bits<W>, Bits<W>) {
        let scaled = |(slot, factor)| {
            let data = &columns.get(slot)?.data;
            Some(Scaled { data, factor })
        };
        match scaled(left).zip(scaled(right)) {
            Some(pair) => between(self.level, pair, comparison, self.of_columns(), self.asked.few()),
            None => ([0; W], [0; W]),
        }
    }

    fn compare_longs(&self, comparison: Comparison, a: Narrow, b: Narrow) -> Truth<W> {
        let (Some(a), Some(b)) = (self.longs.get(at(a.0)), self.longs.get(at(b.0))) else {
            return Truth::default();
        };
        let mut truth = Truth {
            yes: [0; W],
            known: common(&a.known, &b.known),
        };
        match self.over() {
            Over::First(rows) => {
                // One case is a block of one row: no more words than have rows.
                let lanes = rows.next_multiple_of(64);
                let (a, b) = (a.values().get(..lanes), b.values().get(..lanes));
                let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
                compare_longs(self.level, a, b, comparison, &mut truth.yes);
            }
            few => compare_pairs(a.values(), b.values(), few, comparison, &mut truth.yes),
        }
        truth.yes = common(&truth.yes, &truth.known);
        truth
    }

    fn compare_huges(&self, comparison: Comparison, a: Wide, b: Wide) -> Truth<W> {
        let (Some(a), Some(b)) = (self.huges.get(at(a.0)), self.huges.get(at(b.0))) else {
            return Truth::default();
        };
        let mut truth = Truth {
            yes: [0; W],
            known: common(&a.known, &b.known),
        };
        compare_pairs(&a.values, &b.values, self.over(), comparison, &mut truth.yes);
        truth.yes = common(&truth.yes, &truth.known);
        truth
    }

    fn over(&self) -> Over<'_> {
        self.asked.few().map_or(Over::First(self.rows), Over::Rows)
    }

    fn region(&self, region: Narrow, low: i64, high: i64, above: &[i64]) -> Truth<W> {
        let Some(region) = self.longs.get(at(region.0)) else {
            return Truth::default();
        };
        let mut truth = Truth {
            yes: [0; W],
            known: region.known,
        };
        let inside = |value: i64| value >= low && value <= high;
        let coarse = |value: i64| above.contains(&value);
        match self.asked.few() {
            Some(rows) => {
                let mut unknown = [0; W];
                let value = |row: usize| region.values().get(row).copied();
                pick(rows, &mut truth.yes, |row| value(row).is_some_and(inside));
                pick(rows, &mut unknown, |row| value(row).is_some_and(coarse));
                truth.known = std::array::from_fn(|word| truth.known[word] & !unknown[word]);
            }
            None => {
                let (chunks, _) = region.values().as_chunks::<64>();
                let words = truth.yes.iter_mut().zip(&mut truth.known);
                for (chunk, (yes, known)) in chunks.iter().zip(words).take(self.rows.div_ceil(64)) {
                    let first = chunk[0];
                    // A register is kept region by region: mostly all rows lie in one.
                    if chunk.iter().fold(0, |seen, value| seen | (value ^ first)) == 0 {
                        *yes = if inside(first) { u64::MAX } else { 0 };
                        *known &= if coarse(first) { 0 } else { u64::MAX };
                    } else {
                        *yes = pack_word(chunk, |value| (value >= low) & (value <= high));
                        *known &= !pack_word(chunk, |value| {
                            above.iter().fold(false, |coarse, above| coarse | (value == *above))
                        });
                    }
                }
            }
        }
        truth.yes = common(&truth.yes, &truth.known);
        truth
    }
}

/// Adds the rows of a branch.
fn merge<const W: usize>(result: &mut Truth<W>, branch: &Truth<W>, taken: &Bits<W>) {
    for (word, taken) in taken.iter().enumerate() {
        result.yes[word] |= taken & branch.yes[word];
        result.known[word] |= taken & branch.known[word];
    }
}
