//! The resolution pass: what compares rows of one run.
//!
//! `once`, `not_with`, months and sums at most are conditions over what was received before, so a row of a run cannot see
//! the rows beside it. Here the eligible rows of benefits that may get in each other's way are put in order (declared
//! priority, fact date, benefit, key) and granted one after the other: what was granted is added to the counts that the
//! later ones ask of the history, and a later one is decided again with these counts by the same program. So a row that
//! loses fails the very condition that a claim of the following day would fail, and a cap leaves what is left.
//!
//! Rows that do not touch each other are decided together, in blocks.

mod rows;
mod waves;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use arrow_array::RecordBatch;
use civil::Day;
use rules::benefit::HistoryFact;
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use rules::kernel::{BLOCK, Decisions, Workspace};

use rows::Rows;
use waves::waves;

use crate::coverage::Coverage;
use crate::error::ScreeningError;
use crate::flat::in_order;
use crate::question::Claim;
use crate::table::{SUBJECTS, Table, date_at, subject_of, text_at};
use crate::wide::{Decided, ELIGIBLE};

/// What the pass changed.
#[derive(Debug, Default)]
pub(crate) struct Resolution {
    /// By table and benefit of the run, by row: the decision in place of the first one.
    pub(crate) changes: BTreeMap<(usize, usize), BTreeMap<u64, Decided>>,
    /// Every row that was decided again, in order.
    pub(crate) records: Vec<Record>,
}

/// A row that was decided again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    /// Its table and benefit, as places, and its row.
    pub(crate) at: (usize, usize, u64),
    /// The grants of the run before it that count against it, in order.
    pub(crate) before: Vec<Earlier>,
    /// What came of it.
    pub(crate) decided: Decided,
}

/// A grant of the run that counts against a later row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Earlier {
    /// Table, benefit and row.
    pub(crate) at: (usize, usize, u64),
    /// Its benefit among those that take part.
    of: usize,
    /// Whose it is: a place in [`SUBJECTS`].
    pub(crate) subject: usize,
    pub(crate) grant: Grant,
}

/// What a grant of the run is to the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Grant {
    /// The day it counts as granted on; for a month, its first.
    pub(crate) on: i32,
    /// First and last day of what it is for.
    pub(crate) from: i32,
    pub(crate) to: i32,
    pub(crate) months: Option<i32>,
    pub(crate) amount_fen: i64,
}

/// An eligible row that takes part.
#[derive(Debug, Clone)]
struct Candidate {
    order: (i64, i32),
    benefit: usize,
    row: u64,
    /// Interned keys of those it is about; 0 for none.
    subjects: [u32; SUBJECTS.len()],
    grant: Grant,
}

/// A benefit that takes part.
struct Participant {
    table: usize,
    /// Its place among the benefits of the run's table.
    place: usize,
    id: String,
    /// The counts of its conditions and amount that grants of this run may change.
    counts: Vec<HistoryFact>,
    monthly: bool,
    priority: i64,
}

/// One table's part: the program of the participants alone.
struct Stage {
    table: Table,
    /// For each of its benefits the place in the list of participants.
    participants: Vec<usize>,
}

/// Whoever starts the pass.
pub(crate) struct Contest<'a> {
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) claim: &'a Claim,
    pub(crate) coverage: &'a Coverage,
    pub(crate) known_on: Day,
    pub(crate) tables: &'a [Table],
    pub(crate) threads: usize,
    pub(crate) stop: &'a AtomicBool,
}

impl Contest<'_> {
    /// Settles what the rows of the tables take from each other.
    pub(crate) fn resolve(&self) -> Result<Resolution, ScreeningError> {
        let participants = self.participants();
        if participants.is_empty() {
            return Ok(Resolution::default());
        }
        let stages = self.stages(&participants)?;
        let mut candidates = Vec::new();
        let mut names: BTreeMap<String, u32> = BTreeMap::new();
        for stage in &stages {
            self.collect(stage, &participants, &mut names, &mut candidates)?;
        }
        drop(names);
        candidates.sort_by_key(|candidate| (candidate.order, candidate.benefit, candidate.row));
        self.settle(&participants, &stages, &candidates)
    }

    /// Benefits that grants of the run can refuse or shorten, and those whose grants do.
    fn participants(&self) -> Vec<Participant> {
        let facts = self.catalogue.vocabulary.fact_count();
        let in_run: BTreeSet<&str> = self.benefits().map(|(_, _, id)| id).collect();
        let mut contested: Vec<Participant> = Vec::new();
        let mut wanted: BTreeSet<String> = BTreeSet::new();
        for (number, table) in self.tables.iter().enumerate() {
            for (place, (id, versions)) in table.engine.benefits.iter().enumerate() {
                let asked = versions.iter().flat_map(|version| {
                    let conditions = version.conditions.iter().flat_map(|condition| &condition.facts);
                    conditions.chain(&version.amount_facts)
                });
                let counts: BTreeSet<u32> = asked.filter_map(|fact| fact.checked_sub(facts)).collect();
                let counts = counts.into_iter().filter_map(|at| {
                    let counted = table.engine.history.get(usize::try_from(at).ok()?)?;
                    let others = counted.benefits.iter().filter(|other| in_run.contains(other.as_str()));
                    let others: Vec<&String> = others.collect();
                    // A row for each subject cannot meet a second row of its own benefit.
                    let alone = others.iter().all(|other| *other == id) && is_unique(table, &counted.subject);
                    (!others.is_empty() && !alone).then(|| counted.clone())
                });
                let counts: Vec<HistoryFact> = counts.collect();
                if counts.is_empty() {
                    continue;
                }
                wanted.extend(counts.iter().flat_map(|counted| counted.benefits.iter().cloned()));
                contested.push(participant(number, place, id, table, counts));
            }
        }
        for (number, place, id) in self.benefits() {
            if wanted.contains(id)
                && !contested.iter().any(|one| one.id == id)
                && let Some(table) = self.tables.get(number)
            {
                contested.push(participant(number, place, id, table, Vec::new()));
            }
        }
        contested.sort_by_key(|one| (one.table, one.place));
        contested
    }

    fn benefits(&self) -> impl Iterator<Item = (usize, usize, &str)> {
        self.tables.iter().enumerate().flat_map(|(number, table)| {
            let ids = table.benefits.iter().enumerate();
            ids.map(move |(place, id)| (number, place, id.as_str()))
        })
    }

    fn stages(&self, participants: &[Participant]) -> Result<Vec<Stage>, ScreeningError> {
        let mut stages = Vec::new();
        for (number, table) in self.tables.iter().enumerate() {
            let mine = participants.iter().enumerate().filter(|(_, one)| one.table == number);
            let ids: BTreeMap<&str, usize> = mine.map(|(at, one)| (one.id.as_str(), at)).collect();
            if ids.is_empty() {
                continue;
            }
            let (engine, findings) = Engine::compile_only(
                self.catalogue,
                self.known_on,
                Some(self.claim.date),
                ids.keys().copied(),
            );
            if let Some(finding) = findings.first() {
                return Err(ScreeningError::Packs(finding.to_string()));
            }
            let surroundings = (self.catalogue, self.claim, self.coverage);
            let table = Table::new(table.reach, table.flat.clone(), engine, surroundings);
            let participants = table
                .benefits
                .iter()
                .filter_map(|id| ids.get(id.as_str()).copied())
                .collect();
            stages.push(Stage { table, participants });
        }
        Ok(stages)
    }

    /// The eligible rows of a table.
    fn collect(
        &self,
        stage: &Stage,
        participants: &[Participant],
        names: &mut BTreeMap<String, u32>,
        candidates: &mut Vec<Candidate>,
    ) -> Result<(), ScreeningError> {
        let table = &stage.table;
        let columns = table.columns();
        let spans = spans(table);
        let work = |group: usize| {
            let mut found: Vec<(Candidate, [Option<String>; SUBJECTS.len()])> = Vec::new();
            let mut first = table.flat.first_row(group);
            let mut workspace = Workspace::new(&table.engine.program);
            let mut buffer = Decisions::default();
            for batch in table.flat.group(group, &columns)? {
                let batch = batch.map_err(ScreeningError::damaged(table.flat.path()))?;
                let inputs = table.inputs.columns(&table.engine, &batch)?;
                for start in (0..batch.num_rows()).step_by(BLOCK) {
                    let rows = (batch.num_rows() - start).min(BLOCK);
                    table
                        .engine
                        .decide_block(&inputs, start, &mut workspace, &mut buffer, |benefit, decisions| {
                            let Some(&of) = stage.participants.get(benefit) else {
                                return;
                            };
                            let Some(one) = participants.get(of) else { return };
                            for place in (0..rows).filter(|place| decisions.outcome.get(*place) == Some(&ELIGIBLE)) {
                                let Some(decided) = decisions.row(place) else { continue };
                                let here = start + place;
                                let date = table.date(&batch, benefit, here, self.claim.date);
                                let grant = self.grant(one, &batch, &spans, (here, date), &decided);
                                let candidate = Candidate {
                                    order: (one.priority, date),
                                    benefit: of,
                                    row: first + here as u64,
                                    subjects: [0; SUBJECTS.len()],
                                    grant,
                                };
                                let keys = SUBJECTS.map(|name| text_at(&batch, name, here).map(str::to_owned));
                                found.push((candidate, keys));
                            }
                        });
                }
                first += batch.num_rows() as u64;
            }
            Ok(found)
        };
        in_order(table.flat.groups(), self.threads, self.stop, work, |found| {
            for (mut candidate, keys) in found {
                for (place, key) in keys.into_iter().enumerate() {
                    let Some(key) = key else { continue };
                    // Keys of different kinds are told apart by their place.
                    let next = u32::try_from(names.len() + 1).unwrap_or(u32::MAX);
                    if let Some(subject) = candidate.subjects.get_mut(place) {
                        *subject = *names.entry(format!("{place}{key}")).or_insert(next);
                    }
                }
                candidates.push(candidate);
            }
            Ok(())
        })
    }

    /// What an eligible row is to the history: the month of a benefit by the month; else the days of what it is about,
    /// where they are known, else its date.
    fn grant(
        &self,
        one: &Participant,
        batch: &RecordBatch,
        (start, end): &(Option<String>, Option<String>),
        (row, date): (usize, i32),
        decided: &Decided,
    ) -> Grant {
        let months = (decided.months > 0).then_some(decided.months);
        if one.monthly {
            let month = self.claim.month;
            let (first, last) = (
                month.first_day().days_since_epoch(),
                month.last_day().days_since_epoch(),
            );
            return Grant {
                on: first,
                from: first,
                to: last,
                months: months.or(Some(1)),
                amount_fen: decided.amount_fen,
            };
        }
        let day = |name: &Option<String>| name.as_ref().and_then(|name| date_at(batch, name, row));
        let from = day(start).unwrap_or(date);
        Grant {
            on: self.claim.date.days_since_epoch(),
            from,
            to: day(end).unwrap_or(from).max(from),
            months,
            amount_fen: decided.amount_fen,
        }
    }

    fn settle(
        &self,
        participants: &[Participant],
        stages: &[Stage],
        candidates: &[Candidate],
    ) -> Result<Resolution, ScreeningError> {
        let mut granted: Granted = BTreeMap::new();
        let mut resolution = Resolution::default();
        let index: BTreeMap<&str, usize> = participants
            .iter()
            .enumerate()
            .map(|(at, one)| (one.id.as_str(), at))
            .collect();
        let waves = waves(participants, &index, candidates);
        let facts = Rows::new(stages, &waves, participants, candidates)?;
        for wave in &waves {
            let mut again: Vec<(usize, Vec<Earlier>)> = Vec::new();
            for at in wave {
                let (Some(candidate), mut before) = (candidates.get(*at), Vec::new()) else {
                    continue;
                };
                let Some(one) = participants.get(candidate.benefit) else {
                    continue;
                };
                for counted in &one.counts {
                    for earlier in earlier(&granted, &index, counted, candidate) {
                        if facts.counts(self.claim, one.table, candidate.row, &counted.span, &earlier.grant) {
                            before.push(earlier.clone());
                        }
                    }
                }
                if before.is_empty() {
                    give(&mut granted, participants, candidate, candidate.grant);
                } else {
                    before.sort();
                    before.dedup();
                    again.push((*at, before));
                }
            }
            let decided = facts.decide(self.claim, participants, candidates, &again)?;
            for ((at, before), decided) in again.into_iter().zip(decided) {
                let Some(candidate) = candidates.get(at) else { continue };
                let Some(one) = participants.get(candidate.benefit) else {
                    continue;
                };
                if decided.outcome == ELIGIBLE {
                    let grant = Grant {
                        amount_fen: decided.amount_fen,
                        months: if decided.months > 0 {
                            Some(decided.months)
                        } else {
                            candidate.grant.months
                        },
                        ..candidate.grant
                    };
                    give(&mut granted, participants, candidate, grant);
                }
                let changes = resolution.changes.entry((one.table, one.place)).or_default();
                changes.insert(candidate.row, decided);
                resolution.records.push(Record {
                    at: (one.table, one.place, candidate.row),
                    before,
                    decided,
                });
            }
        }
        Ok(resolution)
    }
}

/// Grants of the run by subject kind, subject and benefit.
type Granted = BTreeMap<(usize, u32, usize), Vec<Earlier>>;

fn give(granted: &mut Granted, participants: &[Participant], candidate: &Candidate, grant: Grant) {
    let Some(one) = participants.get(candidate.benefit) else {
        return;
    };
    for (subject, key) in candidate.subjects.iter().enumerate().filter(|(_, key)| **key != 0) {
        let list = granted.entry((subject, *key, candidate.benefit)).or_default();
        list.push(Earlier {
            at: (one.table, one.place, candidate.row),
            of: candidate.benefit,
            subject,
            grant,
        });
    }
}

/// Grants to the subject of a count of the benefits that count.
fn earlier<'g>(
    granted: &'g Granted,
    index: &BTreeMap<&str, usize>,
    counted: &HistoryFact,
    candidate: &Candidate,
) -> impl Iterator<Item = &'g Earlier> {
    let subject = subject_of(&counted.subject);
    let key = subject
        .and_then(|subject| candidate.subjects.get(subject).copied())
        .unwrap_or(0);
    let benefits: Vec<usize> = counted
        .benefits
        .iter()
        .filter_map(|id| index.get(id.as_str()).copied())
        .collect();
    benefits
        .into_iter()
        .filter_map(move |benefit| granted.get(&(subject?, key, benefit)).filter(|_| key != 0))
        .flatten()
}

fn participant(table: usize, place: usize, id: &str, of: &Table, counts: Vec<HistoryFact>) -> Participant {
    let benefit = of.versions(place).first().map(|version| &version.benefit);
    Participant {
        table,
        place,
        id: id.to_owned(),
        counts,
        monthly: benefit.is_some_and(|benefit| benefit.monthly),
        priority: benefit.map_or(0, |benefit| benefit.priority),
    }
}

/// Whether a table has at most one row for each subject of that kind.
fn is_unique(table: &Table, subject: &str) -> bool {
    matches!(
        (subject, table.reach.per),
        ("person", "person") | ("household", "household") | ("employer", "employer") | ("institution", "institution")
    )
}

/// The columns with the first and last day of what a row is about.
fn spans(table: &Table) -> (Option<String>, Option<String>) {
    let has = |what: &str| {
        let name = format!("{}.{what}", table.reach.entity);
        table.flat.schema().field_with_name(&name).is_ok().then_some(name)
    };
    (has("start_date"), has("end_date"))
}
