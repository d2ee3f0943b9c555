//! Rows of a run in windows: a page shows fifty of a million, and reads no others.

use std::collections::BTreeSet;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{ArrowPrimitiveType, Int32Type, Int64Type, UInt8Type};
use arrow_array::{Array as _, RecordBatch};
use civil::Day;
use registers::derive::Reach;
use rules::catalogue::Catalogue;
use rules::decision::{Outcome, Reason};
use rules::kernel::outcome_of;

use crate::error::ScreeningError;
use crate::flat::Flat;
use crate::run::{DECISIONS, FACTS, latest};
use crate::runs::{Manifest, Runs};
use crate::summary::word;
use crate::table::{SUBJECTS, TOWNS, date_at, keys, text_at, towns_in};
use crate::wide;

/// The rows of a benefit in one run.
pub struct Rows {
    benefit: String,
    reach: &'static Reach,
    facts: Flat,
    decisions: Flat,
    /// The column with the date that a row's place in time is told by, where it is a plain fact; else it is the day of the
    /// run.
    date: Option<String>,
    as_of: Day,
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

/// A row on its way into an order.
struct Ordered {
    number: u64,
    /// By what it is ordered.
    key: Option<i64>,
    /// Whether it lies where rows are wanted.
    here: bool,
}

/// What a list asks of a benefit's rows: of which town, in which order. Where nothing orders them they come as the table
/// has them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Order {
    /// Only rows of this town, as [`Subject::town`] has it.
    pub town: Option<i64>,
    /// By what; rows that lack it come last, whichever way.
    pub by: Option<By>,
    /// Downwards.
    pub descending: bool,
}

impl Order {
    /// True where all rows are wanted as the table has them.
    pub fn is_plain(&self) -> bool {
        self.town.is_none() && self.by.is_none()
    }
}

/// By what rows are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Money.
    Amount,
    /// Months.
    Months,
    /// The date that orders rows.
    Date,
    /// The town.
    Town,
}

/// Whom a row is about, when, and what it comes to. Nobody is named: keys stand for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The key of the row.
    pub key: String,
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

/// A row as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number in the table of its benefit, from 0. It says nothing of whom the row is about.
    pub number: u64,
    /// What the run decided.
    pub outcome: Outcome,
    /// Whom it is about.
    pub about: Subject,
}

/// What a row waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// The gravest reason, in the words of a run's summary; empty where it waits for nothing.
    pub reason: &'static str,
    /// The version that decided it, counted as the funnel counts them.
    pub version: usize,
    /// A bit for each condition that is not known; those behind the last condition mean nothing.
    pub unknown: u64,
}

impl Subject {
    /// The keys of whom it is about.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let keys = [&self.person, &self.household, &self.employer, &self.institution];
        keys.into_iter().flatten().map(String::as_str)
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
            as_of: manifest.as_of,
        })
    }

    /// Rows of the table.
    pub fn count(&self) -> u64 {
        self.facts.rows()
    }

    /// The number of the row of a key, where there is one.
    ///
    /// # Errors
    /// What keeps the file from being read.
    pub fn number_of(&self, key: &str) -> Result<Option<u64>, ScreeningError> {
        find(&self.facts, self.reach, key)
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

    /// The numbers of the rows with this outcome, as `order` asks for them. Reads the columns that it needs whole; whoever
    /// shows windows keeps it.
    ///
    /// # Errors
    /// What keeps a file from being read.
    pub fn ordered(&self, outcome: Outcome, order: &Order) -> Result<Vec<u64>, ScreeningError> {
        let mut rows = self.with_outcome(outcome, order.by)?;
        if order.town.is_some() || matches!(order.by, Some(By::Date | By::Town)) {
            self.place(&mut rows, order)?;
        }
        if order.by.is_some() {
            // A stable sort: equal rows stay as the table has them.
            rows.sort_by(|a, b| match (a.key, b.key) {
                (Some(a), Some(b)) if order.descending => b.cmp(&a),
                (Some(a), Some(b)) => a.cmp(&b),
                (a, b) => b.is_some().cmp(&a.is_some()),
            });
        }
        Ok(rows.iter().map(|row| row.number).collect())
    }

    /// The rows with an outcome, and by what they are ordered where the decision says it.
    fn with_outcome(&self, outcome: Outcome, by: Option<By>) -> Result<Vec<Ordered>, ScreeningError> {
        let place = place_of(outcome);
        let (amount, months) = (self.column(wide::AMOUNT), self.column(wide::MONTHS));
        let mut columns = vec![self.column(wide::OUTCOME)];
        match by {
            Some(By::Amount) => columns.push(amount.clone()),
            Some(By::Months) => columns.push(months.clone()),
            Some(By::Date | By::Town) | None => {}
        }
        let mut rows = Vec::new();
        for group in 0..self.decisions.groups() {
            let mut first = self.decisions.first_row(group);
            for batch in self.decisions.group(group, &columns)? {
                let batch = batch.map_err(ScreeningError::damaged(self.decisions.path()))?;
                let outcomes = self.outcomes(&batch)?.iter().enumerate();
                let found = outcomes.filter(|(_, outcome)| usize::from(**outcome) == place);
                rows.extend(found.map(|(row, _)| Ordered {
                    number: first + row as u64,
                    here: true,
                    key: match by {
                        Some(By::Amount) => number_at::<Int64Type>(&batch, &amount, row),
                        Some(By::Months) => number_at::<Int32Type>(&batch, &months, row).map(i64::from),
                        Some(By::Date | By::Town) | None => None,
                    },
                }));
                first += batch.num_rows() as u64;
            }
        }
        Ok(rows)
    }

    /// Leaves the rows of the town that is asked for, and takes the order from the facts where they say it.
    fn place(&self, rows: &mut Vec<Ordered>, order: &Order) -> Result<(), ScreeningError> {
        let names = TOWNS.iter().map(|name| (*name).to_owned()).chain(self.date.clone());
        let names: Vec<String> = names.collect();
        let mut left = rows.iter_mut().peekable();
        for group in 0..self.facts.groups() {
            let mut first = self.facts.first_row(group);
            for batch in self.facts.group(group, &names)? {
                let batch = batch.map_err(ScreeningError::damaged(self.facts.path()))?;
                let towns = towns_in(&batch);
                let end = first + batch.num_rows() as u64;
                while let Some(one) = left.next_if(|one| one.number < end) {
                    let row = usize::try_from(one.number - first).unwrap_or(usize::MAX);
                    let town = towns.get(row).copied().unwrap_or(0);
                    one.here = order.town.is_none_or(|wanted| wanted == town);
                    match order.by {
                        Some(By::Town) => one.key = Some(town).filter(|town| *town != 0),
                        Some(By::Date) => {
                            let date = self.date.as_ref().and_then(|name| date_at(&batch, name, row));
                            one.key = Some(i64::from(date.unwrap_or_else(|| self.as_of.days_since_epoch())));
                        }
                        Some(By::Amount | By::Months) | None => {}
                    }
                }
                first = end;
            }
        }
        rows.retain(|row| row.here);
        Ok(())
    }

    /// Rows by their numbers, in the order of these.
    ///
    /// # Errors
    /// What keeps a file from being read.
    pub fn listed(&self, numbers: &[u64]) -> Result<Vec<Listed>, ScreeningError> {
        let mut rising = numbers.to_vec();
        rising.sort_unstable();
        let rows = self.rows(&rising)?;
        let of = |number: &u64| {
            rising
                .binary_search(number)
                .ok()
                .and_then(|place| rows.get(place).cloned())
        };
        Ok(numbers.iter().filter_map(of).collect())
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
                outcome: outcome_of(*outcome),
                about: Subject {
                    key: keys.value(row).to_owned(),
                    person: text(person, row),
                    household: text(household, row),
                    employer: text(employer, row),
                    institution: text(institution, row),
                    date: self
                        .date
                        .as_ref()
                        .and_then(|name| date_at(&facts, name, row))
                        .and_then(Day::from_days_since_epoch)
                        .or(Some(self.as_of)),
                    months: number_at::<Int32Type>(&decisions, &what[2], row),
                    amount_fen: number_at::<Int64Type>(&decisions, &what[1], row),
                    town: towns.get(row).copied().unwrap_or(0),
                },
            })
            .collect())
    }

    /// For rows by their rising numbers, why they wait and which conditions are not known: the number of the version and a bit
    /// a condition.
    ///
    /// # Errors
    /// What keeps the file from being read.
    pub fn waits(&self, numbers: &[u64]) -> Result<Vec<Wait>, ScreeningError> {
        if numbers.is_empty() {
            return Ok(Vec::new());
        }
        let batch = self
            .decisions
            .single(numbers, &wide::WHATS.map(|what| self.column(what)))?;
        let rows = (0..batch.num_rows()).map(|row| {
            let decided = wide::read(&batch, &self.benefit, row);
            let decided = decided.ok_or_else(|| {
                ScreeningError::damaged(self.decisions.path())(format!("缺少补贴项目 {} 的列", self.benefit))
            })?;
            Ok(Wait {
                reason: Reason::of_number(decided.reason).map_or("", word),
                version: usize::from(decided.version),
                unknown: !decided.known_mask,
            })
        });
        rows.collect()
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

/// The number of the row of a key.
pub(crate) fn find(flat: &Flat, reach: &Reach, key: &str) -> Result<Option<u64>, ScreeningError> {
    let names: Vec<String> = reach.key.iter().map(|name| (*name).to_owned()).collect();
    for group in 0..flat.groups() {
        let mut first = flat.first_row(group);
        for batch in flat.group(group, &names)? {
            let batch = batch.map_err(ScreeningError::damaged(flat.path()))?;
            let keys = keys(&batch, reach.key)?;
            if let Some(row) = keys.iter().position(|one| one == Some(key)) {
                return Ok(Some(first + row as u64));
            }
            first += batch.num_rows() as u64;
        }
    }
    Ok(None)
}
