//! The same rows decided twice, streamed: counted by benefit, purse, town and group, and listed case by case where asked.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arrow_array::RecordBatch;
use civil::Day;

use super::change::{Count, Stand};
use super::group::{self, Group, Groups};
use crate::contest::Resolution;
use crate::decide::Rows;
use crate::error::ScreeningError;
use crate::flat::in_order;
use crate::purses::{Purses, Shares};
use crate::table::Table;
use crate::tally::Reasons;
use crate::wide::{ELIGIBLE, Grown, UNDETERMINED};

/// The tables of a run under one set of rules, and what their rows take from each other.
pub(crate) struct Side {
    pub(crate) tables: Vec<Table>,
    pub(crate) resolution: Resolution,
}

/// How one case stands under one set of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) outcome: u8,
    pub(crate) version: u8,
    pub(crate) amount_fen: i64,
}

/// A row whose money differs.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) benefit: usize,
    pub(crate) row: u64,
    pub(crate) key: String,
    pub(crate) town: i64,
    pub(crate) before: Position,
    pub(crate) after: Position,
}

/// Everything counted of one table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counted {
    pub(crate) benefits: Vec<Count>,
    /// By benefit the rows that are undetermined after, by the number of the reason.
    pub(crate) waiting: Vec<Reasons>,
    pub(crate) before: Purses,
    pub(crate) after: Purses,
    pub(crate) towns: BTreeMap<i64, Count>,
    pub(crate) groups: BTreeMap<Group, Count>,
    pub(crate) cases: Vec<Found>,
}

/// Two sides over the same rows.
pub(crate) struct Compare<'a> {
    pub(crate) before: &'a Side,
    pub(crate) after: &'a Side,
    pub(crate) as_of: Day,
    pub(crate) threads: usize,
    pub(crate) stop: &'a AtomicBool,
    /// Whether rows with other money are listed.
    pub(crate) lists_cases: bool,
    /// Rows done, of all tables.
    pub(crate) done: &'a AtomicU64,
    pub(crate) progress: &'a (dyn Fn() + Sync),
}

impl Compare<'_> {
    /// Decides and compares every row of one table, which has the same benefits on both sides.
    pub(crate) fn table(&self, number: usize, before: &Table, after: &Table) -> Result<Counted, ScreeningError> {
        let mut columns = before.columns();
        columns.extend(after.columns());
        columns.extend(group::columns(before.flat.schema()).map(str::to_owned));
        columns.sort();
        columns.dedup();
        let shares = [Shares::of(before), Shares::of(after)];
        let mut whole = Counted {
            benefits: vec![Count::default(); before.benefits.len()],
            waiting: vec![Reasons::default(); before.benefits.len()],
            ..Counted::default()
        };
        in_order(
            before.flat.groups(),
            self.threads,
            self.stop,
            |group| self.group(number, (before, after), group, &columns, &shares),
            |part| {
                whole.merge(part);
                Ok(())
            },
        )?;
        Ok(whole)
    }

    fn group(
        &self,
        number: usize,
        (before, after): (&Table, &Table),
        group: usize,
        columns: &[String],
        shares: &[Shares; 2],
    ) -> Result<Counted, ScreeningError> {
        let mut counted = Counted {
            benefits: vec![Count::default(); before.benefits.len()],
            waiting: vec![Reasons::default(); before.benefits.len()],
            ..Counted::default()
        };
        let mut old = Rows::new(before, number, &self.before.resolution);
        let mut new = Rows::new(after, number, &self.after.resolution);
        let mut first = before.flat.first_row(group);
        for batch in before.flat.group(group, columns)? {
            let batch = batch.map_err(ScreeningError::damaged(before.flat.path()))?;
            let (_, was) = old.batch(&batch, first)?;
            let (_, is) = new.batch(&batch, first)?;
            self.batch(&mut counted, before, &batch, first, (&was, &is), shares)?;
            let rows = batch.num_rows() as u64;
            first += rows;
            self.done.fetch_add(rows, Ordering::Relaxed);
            (self.progress)();
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
        }
        Ok(counted)
    }

    fn batch(
        &self,
        counted: &mut Counted,
        table: &Table,
        batch: &RecordBatch,
        first: u64,
        (was, is): (&[Grown], &[Grown]),
        shares: &[Shares; 2],
    ) -> Result<(), ScreeningError> {
        let towns = table.towns(batch);
        let groups = Groups::of(batch, self.as_of);
        let keys = if self.lists_cases {
            Some(table.keys(batch)?)
        } else {
            None
        };
        let mut those = Vec::new();
        for row in 0..batch.num_rows() {
            let mut is_grouped = false;
            for (benefit, (was, is)) in was.iter().zip(is).enumerate() {
                let (Some(old), Some(new)) = (position(was, row), position(is, row)) else {
                    continue;
                };
                // Refused both times: counted nowhere, and by far the most.
                if old.outcome == INELIGIBLE && new.outcome == INELIGIBLE {
                    continue;
                }
                if !is_grouped {
                    groups.fill(row, &mut those);
                    is_grouped = true;
                }
                let town = towns.get(row).copied().unwrap_or(0);
                let (before, after) = (old.stand(), new.stand());
                if let Some(count) = counted.benefits.get_mut(benefit) {
                    count.add(before, after);
                }
                if new.outcome == UNDETERMINED
                    && let Some(waiting) = counted.waiting.get_mut(benefit)
                    && let Some(rows) = is.reason.get(row).and_then(|of| waiting.get_mut(usize::from(*of)))
                {
                    *rows += 1;
                }
                counted.towns.entry(town).or_default().add(before, after);
                for group in &those {
                    counted.groups.entry(*group).or_default().add(before, after);
                }
                let [of_old, of_new] = shares;
                for (purses, position, shares) in
                    [(&mut counted.before, old, of_old), (&mut counted.after, new, of_new)]
                {
                    if let Some(amount_fen) = position.paid() {
                        purses.add((benefit, position.version), amount_fen, shares);
                    }
                }
                if let Some(keys) = keys.as_ref().filter(|_| old.paid() != new.paid()) {
                    counted.cases.push(Found {
                        benefit,
                        row: first + row as u64,
                        key: keys.value(row).to_owned(),
                        town,
                        before: old,
                        after: new,
                    });
                }
            }
        }
        Ok(())
    }
}

/// The byte of a refused row.
const INELIGIBLE: u8 = 0;

impl Position {
    fn stand(&self) -> Stand {
        (self.outcome, self.amount_fen)
    }

    /// What the row is paid; nothing for one that is not eligible.
    pub(crate) fn paid(&self) -> Option<i64> {
        (self.outcome == ELIGIBLE).then_some(self.amount_fen)
    }
}

fn position(grown: &Grown, row: usize) -> Option<Position> {
    Some(Position {
        outcome: *grown.outcome.get(row)?,
        version: *grown.version.get(row)?,
        amount_fen: *grown.amount_fen.get(row)?,
    })
}

impl Counted {
    fn merge(&mut self, part: Self) {
        for (mine, theirs) in self.benefits.iter_mut().zip(&part.benefits) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.waiting.iter_mut().zip(&part.waiting) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                *mine += theirs;
            }
        }
        self.before.merge(&part.before);
        self.after.merge(&part.after);
        for (town, count) in &part.towns {
            self.towns.entry(*town).or_default().merge(count);
        }
        for (group, count) in &part.groups {
            self.groups.entry(*group).or_default().merge(count);
        }
        self.cases.extend(part.cases);
    }
}
