//! Outcomes of a block for whole benefits: counted and summed, or handed on row by row.

use fearless_simd::dispatch;

use super::columns::Columns;
use super::lanes::{count, count_all, sum_rows};
use super::registers::at;
use super::scattered::Turn;
use super::values::{common, without};
use super::write::Decisions;
use super::{ALL, BLOCK, Bits, NONE, Workspace};
use crate::benefit::Version;
use crate::engine::Engine;
use crate::program::{Mask, Narrow};

/// What came of one benefit over all rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows that are 初步符合.
    pub eligible: u64,
    /// Rows that are 暂不符合.
    pub ineligible: u64,
    /// Rows that are 待核实.
    pub undetermined: u64,
    /// Money of the eligible rows, in fen.
    pub amount_fen: i128,
}

/// What verdicts are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Counts and sums: nobody looks at a row that is refused.
    Counts,
    /// Every row, with all its conditions, months and reason.
    Rows,
}

/// Rows of a block by outcome.
pub(super) struct Verdicts {
    pub(super) eligible: Bits,
    pub(super) undetermined: Bits,
    /// The rows that the version decides.
    pub(super) present: Bits,
    /// Those of them that may lie in the benefit's region.
    pub(super) possible: Bits,
    /// The sum of the amount over the eligible rows, where it was had without their amounts.
    sum: Option<i128>,
}

impl Engine {
    /// Counts and sums of every benefit, in the order of their ids, over all rows.
    pub fn tally(&self, columns: &Columns, workspace: &mut Workspace) -> Vec<Tally> {
        let mut tallies = vec![Tally::default(); self.benefits.len()];
        let mut from = 0;
        while from < columns.rows() {
            let end = workspace.find_places(self, columns, from);
            workspace.each_scattered(self, |workspace, benefit, version, rows| {
                if let Some(tally) = tallies.get_mut(benefit) {
                    workspace.count(self, columns, version, rows, tally);
                }
            });
            for start in (from..end).step_by(BLOCK) {
                workspace.begin(columns, start);
                for (benefit, (versions, tally)) in self.benefits.values().zip(&mut tallies).enumerate() {
                    match workspace.span.turn(start, benefit) {
                        Turn::Here => workspace.each_version(self, columns, versions, |workspace, _, version, rows| {
                            workspace.count(self, columns, version, rows, tally);
                        }),
                        Turn::Scattered(rows) => {
                            tally.ineligible += u64::try_from(workspace.rows - rows.len()).unwrap_or_default();
                        }
                    }
                }
            }
            from = end;
        }
        workspace.span.forget();
        tallies
    }

    /// Decides the block that begins at `start`: `each` gets the number of a benefit, in the order of their ids, and its
    /// decisions, in one buffer that is used for all. Answers how many rows the block has.
    ///
    /// Some blocks that follow are looked at beforehand: blocks are best decided one after the other.
    pub fn decide_block(
        &self,
        columns: &Columns,
        start: usize,
        workspace: &mut Workspace,
        buffer: &mut Decisions,
        mut each: impl FnMut(usize, &Decisions),
    ) -> usize {
        if !workspace.span.holds(columns, start) {
            workspace.decide_scattered(self, columns, start);
        }
        workspace.begin(columns, start);
        for (at, versions) in self.benefits.values().enumerate() {
            match (workspace.span.turn(start, at), versions.as_slice()) {
                (Turn::Scattered(rows), [version]) => {
                    let place = version.place.map_or(0, |place| 1 << place);
                    buffer.scatter(place, workspace.span.decided(at, rows));
                }
                _ => {
                    let several = versions.len() > 1;
                    workspace.each_version(self, columns, versions, |workspace, number, version, rows| {
                        workspace.decide_version(self, columns, version, rows, (number, several), buffer);
                    });
                }
            }
            each(at, buffer);
        }
        workspace.rows
    }
}

impl Workspace {
    /// Adds what comes of some rows.
    fn count(&mut self, engine: &Engine, columns: &Columns, version: &Version, rows: &Bits, tally: &mut Tally) {
        let verdicts = self.verdicts(engine, columns, version, rows, Asked::Counts);
        let [eligible, undetermined, present] = dispatch!(self.level, _simd => {
            let Verdicts { eligible, undetermined, present, .. } = &verdicts;
            [count_all(eligible), count_all(undetermined), count_all(present)].map(u64::from)
        });
        tally.eligible += eligible;
        tally.undetermined += undetermined;
        tally.ineligible += present - eligible - undetermined;
        let sum = |amount| self.sum(amount, &verdicts.eligible, eligible);
        tally.amount_fen += verdicts.sum.unwrap_or_else(|| sum(version.amount));
    }

    /// Decides some rows for one version, the `number`th of several or the only one, and writes them.
    pub(super) fn decide_version(
        &mut self,
        engine: &Engine,
        columns: &Columns,
        version: &Version,
        rows: &Bits,
        number: (u8, bool),
        buffer: &mut Decisions,
    ) {
        let verdicts = self.verdicts(engine, columns, version, rows, Asked::Rows);
        self.write(&engine.program, version, &verdicts, number, buffer);
    }

    /// Each version with the rows that it decides: those in its window, the rest with the latest document's.
    fn each_version(
        &mut self,
        engine: &Engine,
        columns: &Columns,
        versions: &[Version],
        mut each: impl FnMut(&mut Self, u8, &Version, &Bits),
    ) {
        let present = self.present();
        if let [only] = versions {
            return each(self, 0, only, &present);
        }
        let mut left = present;
        let mut selected: Vec<Bits> = Vec::with_capacity(versions.len());
        for version in versions {
            // Which version decides a row must be known before its conditions are looked at.
            self.run(&engine.program, columns, &version.window_ops);
            let inside = version.window.map_or(ALL, |window| self.mask(window).yes);
            selected.push(common(&left, &inside));
            left = std::array::from_fn(|word| left[word] & !inside[word]);
        }
        if let Some(rows) = selected.first_mut() {
            *rows = std::array::from_fn(|word| rows[word] | left[word]);
        }
        for ((number, version), rows) in (0_u8..).zip(versions).zip(&selected) {
            each(self, number, version, rows);
        }
    }

    /// Outcomes of the rows. Where a row lies is asked first: what is known to lie elsewhere is asked nothing more. The
    /// other conditions follow, each in the rows that none before refuses, or, where every row's masks are wanted, all of
    /// them; the amount only where every condition holds, and where a reason is wanted.
    fn verdicts(
        &mut self,
        engine: &Engine,
        columns: &Columns,
        version: &Version,
        rows: &Bits,
        asked: Asked,
    ) -> Verdicts {
        let mut open = *rows;
        let mut left = count(self.level, &open);
        let mut unknown = NONE;
        if let Some(place) = version.place() {
            self.run(&engine.program, columns, &version.place_ops);
            left = self.narrow_down(place.mask, &mut open, &mut unknown);
        }
        let possible = open;
        if asked == Asked::Rows && left > 0 {
            self.run_in(&engine.program, columns, &version.condition_ops, (&possible, left));
        }
        for step in &version.steps {
            if left == 0 {
                break;
            }
            if asked == Asked::Counts {
                self.run_in(&engine.program, columns, &step.ops, (&open, left));
            }
            if let Some(condition) = version.conditions.get(step.condition) {
                left = self.narrow_down(condition.mask, &mut open, &mut unknown);
            }
        }
        let mut eligible = without(&open, &unknown);
        // Why a row is undetermined is also looked for in its amount.
        let priced = match asked {
            Asked::Counts => eligible,
            Asked::Rows => open,
        };
        let count = count(self.level, &priced);
        let mut sum = None;
        if let (Asked::Counts, Some(of), 1..) = (asked, &version.sum, count) {
            if !of.ops.is_empty() {
                self.run_in(&engine.program, columns, &of.ops, (&priced, count));
            }
            sum = self.sum_of(of, columns, &priced);
        }
        match (sum, version.amount) {
            (Some((known, _)), _) => eligible = known,
            (None, amount) => {
                if (amount.is_some() || version.months.is_some()) && count > 0 {
                    self.run_in(&engine.program, columns, &version.amount_ops, (&priced, count));
                }
                if let Some(amount) = amount {
                    let known = self.longs.get(at(amount.0)).map_or(&NONE, |longs| &longs.known);
                    eligible = common(&eligible, known);
                }
            }
        }
        Verdicts {
            eligible,
            undetermined: without(&open, &eligible),
            present: *rows,
            possible,
            sum: sum.map(|(_, sum)| sum),
        }
    }

    /// Takes the rows that a condition refuses out of the open ones, and adds those in which it is unknown. Answers how
    /// many are left open.
    fn narrow_down(&self, condition: Mask, open: &mut Bits, unknown: &mut Bits) -> u32 {
        let Some(truth) = self.masks.get(at(condition.0)) else {
            return count(self.level, open);
        };
        dispatch!(self.level, _simd => {
            for (((open, unknown), yes), known) in open.iter_mut().zip(&mut *unknown).zip(&truth.yes).zip(&truth.known) {
                *unknown |= !known;
                *open &= yes | !known;
            }
            count_all(open)
        })
    }

    fn sum(&self, amount: Option<Narrow>, rows: &Bits, count: u64) -> i128 {
        let Some(amount) = amount.filter(|_| count > 0) else {
            return 0;
        };
        let Some(longs) = self.longs.get(at(amount.0)) else {
            return 0;
        };
        match longs.constant {
            Some(value) => i128::from(value) * i128::from(count),
            None => sum_rows(self.level, longs.values(), rows),
        }
    }
}
