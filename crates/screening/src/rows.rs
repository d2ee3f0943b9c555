//! Rows of a run in windows: a page shows fifty of a million, and reads no others.

use std::collections::BTreeSet;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{ArrowPrimitiveType, Int32Type, Int64Type, UInt8Type};
use arrow_array::{Array as _, RecordBatch};
use civil::Day;
use registers::derive::Reach;
use rules::catalogue::Catalogue;
use rules::decision::Outcome;
use rules::kernel::outcome_of;

use crate::error::ScreeningError;
use crate::flat::Flat;
use crate::run::{DECISIONS, FACTS, latest};
use crate::runs::{Manifest, Runs};
use crate::table::{SUBJECTS, TOWNS, date_at, keys, text_at, towns_in};
use crate::wide;

/// The rows of a benefit in one run.
pub struct Rows {
    benefit: String,
    reach: &'static Reach,
    facts: Flat,
    decisions: Flat,
    /// The column with the date that a row's place in time is told by, where it is a plain fact.
    date: Option<String>,
}

/// How many rows of each outcome every stretch of the table has: with it a window is found without reading what comes
/// before. It is the same for good, for a run never changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    stretches: Vec<Stretch>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    first: u64,
    rows: u64,
    counts: [u64; 3],
}

/// A row as a list shows it. Nobody is named: keys stand for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number in the table of its benefit, from 0. It says nothing of whom the row is about.
    pub number: u64,
    /// Its key.
    pub key: String,
    /// What the run decided.
    pub outcome: Outcome,
    /// The person it is about.
    pub person: Option<String>,
    /// The household.
    pub household: Option<String>,
    /// The employer.
    pub employer: Option<String>,
    /// The institution.
    pub institution: Option<String>,
    /// The date that orders rows.
    pub date: Option<Day>,
    /// Months.
    pub months: Option<i32>,
    /// Money in fen.
    pub amount_fen: Option<i64>,
    /// The town, nine digits; 0 where the row does not say.
    pub town: i64,
}

impl Listed {
    /// The keys of whom it is about.
    pub fn subjects(&self) -> impl Iterator<Item = &str> {
        let subjects = [&self.person, &self.household, &self.employer, &self.institution];
        subjects.into_iter().flatten().map(String::as_str)
    }
}

impl Places {
    /// Rows with this outcome.
    pub fn count(&self, outcome: Outcome) -> u64 {
        let place = place_of(outcome);
        self.stretches.iter().map(|stretch| stretch.counts[place]).sum()
    }
}

/// The place of an outcome in counts: its byte in the decisions.
const fn place_of(outcome: Outcome) -> usize {
    match outcome {
        Outcome::Ineligible => 0,
        Outcome::Eligible => 1,
        Outcome::Undetermined => 2,
    }
}

impl Rows {
    /// Opens the tables of a benefit in a run.
    ///
    /// # Errors
    /// [`ScreeningError::NoRun`], [`ScreeningError::NotInRun`], or what keeps a file from being read.
    pub fn open(catalogue: &Catalogue, runs: &Runs, run: &str, benefit: &str) -> Result<Self, ScreeningError> {
        let manifest: Manifest = runs.manifest(run)?;
        let per = manifest.per_of(benefit).ok_or_else(|| ScreeningError::NotInRun {
            run: run.to_owned(),
            id: benefit.to_owned(),
            hint: policy::file::meant(benefit, manifest.benefits.values().flatten().map(String::as_str)),
        })?;
        let reach = Reach::of(per).ok_or_else(|| ScreeningError::Fault(format!("没有“{per}”这种明细")))?;
        let folder = runs.folder(run);
        let of = |kind: &str| Flat::open(&folder.join(kind).join(format!("{per}.parquet")));
        let facts = of(FACTS)?;
        let date = latest(catalogue, manifest.known_on, benefit).and_then(|version| {
            let name = version.effective.as_ref()?.on.trim();
            let is_fact = catalogue.vocabulary.dictionary.fact(name).is_some();
            (is_fact && facts.schema().field_with_name(name).is_ok()).then(|| name.to_owned())
        });
        Ok(Self {
            benefit: benefit.to_owned(),
            reach,
            decisions: of(DECISIONS)?,
            facts,
            date,
        })
    }

    /// Rows of the table.
    pub fn count(&self) -> u64 {
        self.facts.rows()
    }

    /// Counts the outcomes once; whoever shows windows keeps it.
    ///
    /// # Errors
    /// What keeps the file from being read.
    pub fn places(&self) -> Result<Places, ScreeningError> {
        let column = [self.column(wide::OUTCOME)];
        let mut stretches = Vec::new();
        for group in 0..self.decisions.groups() {
            let mut first = self.decisions.first_row(group);
            for batch in self.decisions.group(group, &column)? {
                let batch = batch.map_err(ScreeningError::damaged(self.decisions.path()))?;
                let mut counts = [0; 3];
                for outcome in self.outcomes(&batch)? {
                    if let Some(count) = counts.get_mut(usize::from(*outcome)) {
                        *count += 1;
                    }
                }
                let rows = batch.num_rows() as u64;
                stretches.push(Stretch { first, rows, counts });
                first += rows;
            }
        }
        Ok(Places { stretches })
    }

    /// The rows with this outcome, `take` of them after the first `skip`, in the order of the table.
    ///
    /// # Errors
    /// What keeps a file from being read.
    pub fn window(
        &self,
        places: &Places,
        outcome: Outcome,
        skip: u64,
        take: usize,
    ) -> Result<Vec<Listed>, ScreeningError> {
        let place = place_of(outcome);
        let column = [self.column(wide::OUTCOME)];
        let (mut before, mut numbers) = (0_u64, Vec::new());
        for stretch in &places.stretches {
            let here = stretch.counts[place];
            if numbers.len() >= take {
                break;
            }
            if before + here > skip && here > 0 {
                let batch = self.decisions.range(stretch.first, stretch.rows, &column)?;
                let outcomes = self.outcomes(&batch)?.iter().zip(stretch.first..);
                let of_place = outcomes.filter(|(outcome, _)| usize::from(**outcome) == place);
                let left = usize::try_from(skip.saturating_sub(before)).unwrap_or(usize::MAX);
                let wanted = take - numbers.len();
                numbers.extend(of_place.map(|(_, number)| number).skip(left).take(wanted));
            }
            before += here;
        }
        self.rows(&numbers)
    }

    /// Single rows by their numbers, which must rise.
    ///
    /// # Errors
    /// What keeps a file from being read.
    pub fn rows(&self, numbers: &[u64]) -> Result<Vec<Listed>, ScreeningError> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let facts = self.facts.single(numbers, &self.fact_columns())?;
        let what = [wide::OUTCOME, wide::AMOUNT, wide::MONTHS].map(|what| self.column(what));
        let decisions = self.decisions.single(numbers, &what)?;
        let (keys, outcomes, towns) = (
            keys(&facts, self.reach.key)?,
            self.outcomes(&decisions)?,
            towns_in(&facts),
        );
        let text = |name: &str, row: usize| text_at(&facts, name, row).map(str::to_owned);
        let [person, household, employer, institution] = SUBJECTS;
        let rows = numbers.iter().zip(outcomes).enumerate();
        Ok(rows
            .map(|(row, (number, outcome))| Listed {
                number: *number,
                key: keys.value(row).to_owned(),
                outcome: outcome_of(*outcome),
                person: text(person, row),
                household: text(household, row),
                employer: text(employer, row),
                institution: text(institution, row),
                date: self
                    .date
                    .as_ref()
                    .and_then(|name| date_at(&facts, name, row))
                    .and_then(Day::from_days_since_epoch),
                months: number_at::<Int32Type>(&decisions, &what[2], row),
                amount_fen: number_at::<Int64Type>(&decisions, &what[1], row),
                town: towns.get(row).copied().unwrap_or(0),
            })
            .collect())
    }

    fn column(&self, what: &str) -> String {
        format!("{}.{what}", self.benefit)
    }

    fn fact_columns(&self) -> Vec<String> {
        let names = self.reach.key.iter().chain(&SUBJECTS).chain(&TOWNS);
        let names: BTreeSet<String> = names.map(|name| (*name).to_owned()).chain(self.date.clone()).collect();
        names.into_iter().collect()
    }

    fn outcomes<'b>(&self, batch: &'b RecordBatch) -> Result<&'b [u8], ScreeningError> {
        let name = self.column(wide::OUTCOME);
        let column = batch
            .column_by_name(&name)
            .and_then(|column| column.as_primitive_opt::<UInt8Type>());
        let column = column.ok_or_else(|| ScreeningError::damaged(self.decisions.path())(format!("缺少列 {name}")))?;
        let values: &[u8] = column.values();
        Ok(values)
    }
}

fn number_at<T: ArrowPrimitiveType>(batch: &RecordBatch, name: &str, row: usize) -> Option<T::Native> {
    let column = batch.column_by_name(name)?.as_primitive_opt::<T>()?;
    column.is_valid(row).then(|| column.value(row))
}
