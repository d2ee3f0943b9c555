//! Rows that touch others: their facts, read once, and deciding them again with other counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::builder::Int64Builder;
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, RecordBatch, UInt32Array};
use civil::Day;
use rules::benefit::{Measure, Span};
use rules::kernel::{BLOCK, Decisions, Workspace};

use super::{Candidate, Earlier, Grant, Participant, Stage};
use crate::error::ScreeningError;
use crate::input::replaced;
use crate::question::Claim;
use crate::table::{date_at, subject_of};
use crate::wide::Decided;

/// The facts of the rows that touch others.
pub(super) struct Rows<'s> {
    stages: &'s [Stage],
    /// By place of the run's table: the stage, the rows, their batch.
    of_table: BTreeMap<usize, (usize, Vec<u64>, RecordBatch)>,
}

impl<'s> Rows<'s> {
    pub(super) fn new(
        stages: &'s [Stage],
        waves: &[Vec<usize>],
        participants: &[Participant],
        candidates: &[Candidate],
    ) -> Result<Self, ScreeningError> {
        let mut wanted: BTreeMap<usize, BTreeSet<u64>> = BTreeMap::new();
        for candidate in waves.iter().flatten().filter_map(|at| candidates.get(*at)) {
            if let Some(one) = participants.get(candidate.benefit) {
                wanted.entry(one.table).or_default().insert(candidate.row);
            }
        }
        let mut of_table = BTreeMap::new();
        for (number, stage) in stages.iter().enumerate() {
            let table = stage
                .participants
                .first()
                .and_then(|at| participants.get(*at))
                .map(|one| one.table);
            let Some((table, rows)) = table.and_then(|table| Some((table, wanted.remove(&table)?))) else {
                continue;
            };
            let rows: Vec<u64> = rows.into_iter().collect();
            let batch = stage.table.flat.single(&rows, &stage.table.columns())?;
            of_table.insert(table, (number, rows, batch));
        }
        Ok(Self { stages, of_table })
    }

    fn place(&self, table: usize, row: u64) -> Option<(&RecordBatch, usize)> {
        let (_, rows, batch) = self.of_table.get(&table)?;
        Some((batch, rows.binary_search(&row).ok()?))
    }

    /// Whether a grant of the run lies within the span of a count, for a row.
    pub(super) fn counts(&self, claim: &Claim, table: usize, row: u64, span: &Span, grant: &Grant) -> bool {
        let day = |name: &str| match claim.value(name) {
            Some(value) => i32::try_from(value).ok(),
            None => self
                .place(table, row)
                .and_then(|(batch, place)| date_at(batch, name, place)),
        };
        let year = |day: i32| Day::from_days_since_epoch(day).map(Day::year);
        let month = |day: i32| Day::from_days_since_epoch(day).map(Day::month);
        match span {
            Span::Ever => true,
            Span::YearOf(None) => year(grant.on) == Some(claim.date.year()),
            Span::YearOf(Some(of)) => day(of).is_some_and(|day| year(day) == year(grant.on)),
            Span::During(from, to) => day(from)
                .zip(day(to))
                .is_some_and(|(from, to)| grant.from <= to && from <= grant.to),
            Span::MonthOf(of) => day(of).is_some_and(|day| {
                let (at, first, last) = (month(day), month(grant.from), month(grant.to));
                first <= at && at <= last
            }),
        }
    }

    /// Decides rows again, each with what was granted before it added to its counts.
    pub(super) fn decide(
        &self,
        claim: &Claim,
        participants: &[Participant],
        candidates: &[Candidate],
        again: &[(usize, Vec<Earlier>)],
    ) -> Result<Vec<Decided>, ScreeningError> {
        let mut decided: Vec<Option<Decided>> = vec![None; again.len()];
        for (table, (number, rows, batch)) in &self.of_table {
            let mut mine: Vec<(usize, &Candidate, &Participant, &[Earlier])> = Vec::new();
            for (slot, (at, before)) in again.iter().enumerate() {
                if let Some((candidate, one)) = candidates
                    .get(*at)
                    .and_then(|c| Some((c, participants.get(c.benefit)?)))
                    && one.table == *table
                {
                    mine.push((slot, candidate, one, before));
                }
            }
            let Some(stage) = self.stages.get(*number).filter(|_| !mine.is_empty()) else {
                continue;
            };
            let places = mine.iter().map(|(_, candidate, ..)| {
                rows.binary_search(&candidate.row)
                    .ok()
                    .and_then(|place| u32::try_from(place).ok())
            });
            let places: UInt32Array = places.collect();
            let taken: Result<Vec<ArrayRef>, _> = batch
                .columns()
                .iter()
                .map(|column| datafusion::arrow::compute::take(column, &places, None))
                .collect();
            let taken = taken
                .and_then(|columns| RecordBatch::try_new(batch.schema(), columns))
                .map_err(|error| ScreeningError::Fault(error.to_string()))?;
            let mut changed: BTreeMap<&str, Vec<Option<i64>>> = BTreeMap::new();
            for (place, (_, candidate, one, before)) in mine.iter().enumerate() {
                for counted in &one.counts {
                    let values = changed
                        .entry(counted.name.as_str())
                        .or_insert_with(|| numbers(&taken, &counted.name));
                    let Some(value) = values.get_mut(place) else { continue };
                    let subject = subject_of(&counted.subject);
                    let counts = |earlier: &&Earlier| {
                        let of = participants.get(earlier.of);
                        Some(earlier.subject) == subject
                            && of.is_some_and(|of| counted.benefits.contains(&of.id))
                            && self.counts(claim, one.table, candidate.row, &counted.span, &earlier.grant)
                    };
                    for earlier in before.iter().filter(counts) {
                        let added = match counted.measure {
                            Measure::Times => Some(1),
                            Measure::Months => earlier.grant.months.map(i64::from),
                            Measure::AmountFen => Some(earlier.grant.amount_fen),
                        };
                        *value = value.zip(added).and_then(|(value, added)| value.checked_add(added));
                    }
                }
            }
            let changes: Vec<(String, ArrayRef)> = changed
                .into_iter()
                .map(|(name, values)| {
                    let mut builder = Int64Builder::with_capacity(values.len());
                    values.into_iter().for_each(|value| builder.append_option(value));
                    (name.to_owned(), Arc::new(builder.finish()) as ArrayRef)
                })
                .collect();
            let taken = replaced(&taken, &changes)?;
            let engine = &stage.table.engine;
            let inputs = stage.table.inputs.columns(engine, &taken)?;
            let (mut workspace, mut buffer) = (Workspace::new(&engine.program), Decisions::default());
            for start in (0..taken.num_rows()).step_by(BLOCK) {
                engine.decide_block(&inputs, start, &mut workspace, &mut buffer, |at, decisions| {
                    let at = stage.participants.get(at);
                    for (place, (slot, candidate, ..)) in mine.iter().enumerate().skip(start).take(BLOCK) {
                        if at == Some(&candidate.benefit)
                            && let Some(to) = decided.get_mut(*slot)
                        {
                            *to = decisions.row(place - start);
                        }
                    }
                });
            }
        }
        let whole: Option<Vec<Decided>> = decided.into_iter().collect();
        whole.ok_or_else(|| ScreeningError::Fault("有对象未能重新判断".to_owned()))
    }
}

fn numbers(batch: &RecordBatch, name: &str) -> Vec<Option<i64>> {
    match batch
        .column_by_name(name)
        .and_then(|column| column.as_primitive_opt::<Int64Type>())
    {
        Some(numbers) => numbers.iter().collect(),
        None => vec![None; batch.num_rows()],
    }
}
