//! Counts of a run: outcomes and money, the funnel by condition, what is missing, towns.

use std::collections::BTreeMap;

use rules::benefit::Version;
use rules::decision::Reason;

use crate::wide::{ELIGIBLE, Grown, UNDETERMINED};

/// Reasons, counted by their number.
const REASONS: usize = Reason::ALL.len() + 1;
/// Rows by the number of the reason.
pub(crate) type Reasons = [u64; REASONS];

/// Rows and money of eligible rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Paid {
    pub(crate) rows: u64,
    pub(crate) amount_fen: i128,
}

impl Paid {
    pub(crate) fn add(&mut self, amount_fen: i64) {
        self.add_wide(i128::from(amount_fen));
    }

    pub(crate) fn add_wide(&mut self, amount_fen: i128) {
        self.rows += 1;
        self.amount_fen += amount_fen;
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.amount_fen += other.amount_fen;
    }
}

/// What happened to rows at one condition.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Stop {
    /// Rows for which it is the first that does not hold.
    pub(crate) refused: u64,
    /// Undetermined rows for which it is not known.
    pub(crate) unknown: u64,
}

/// A fact that undetermined rows lack.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Lack {
    /// Rows that lack it.
    pub(crate) rows: u64,
    /// Rows that wait for nothing else: no other fact, no standard, no document, no decision of an office.
    pub(crate) alone: u64,
}

/// All counts of one benefit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    pub(crate) ineligible: u64,
    pub(crate) undetermined: u64,
    pub(crate) eligible: Paid,
    /// By version, by condition.
    pub(crate) stops: Vec<Vec<Stop>>,
    /// Undetermined rows by the number of the reason.
    pub(crate) reasons: Reasons,
    /// By fact.
    pub(crate) lacks: BTreeMap<u32, Lack>,
    /// By town (nine digits; 0 where the row does not say): eligible rows.
    pub(crate) towns: BTreeMap<i64, Paid>,
    /// By town: undetermined rows.
    pub(crate) towns_undetermined: BTreeMap<i64, u64>,
}

/// The facts that a version names, with their slots in the program.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slots {
    /// By condition.
    conditions: Vec<Vec<(u32, usize)>>,
    /// Of the amount, which keeps a row open as a condition does.
    amount: Vec<(u32, usize)>,
}

/// The slots of the facts of a version.
pub(crate) fn slots(version: &Version, slot_of: impl Fn(u32) -> Option<usize>) -> Slots {
    let placed = |facts: &[u32]| {
        let facts = facts.iter();
        facts.filter_map(|fact| Some((*fact, slot_of(*fact)?))).collect()
    };
    Slots {
        conditions: version
            .conditions
            .iter()
            .map(|condition| placed(&condition.facts))
            .collect(),
        amount: placed(&version.amount_facts),
    }
}

impl Tally {
    /// An empty one for the versions of a benefit.
    pub(crate) fn of(versions: &[Version]) -> Self {
        Self {
            stops: versions
                .iter()
                .map(|version| vec![Stop::default(); version.conditions.len()])
                .collect(),
            ..Self::default()
        }
    }

    /// Counts a batch. `known` says whether an input is known in a row, `town` where a row belongs.
    pub(crate) fn count(
        &mut self,
        grown: &Grown,
        slots: &[Slots],
        known: impl Fn(usize, usize) -> bool,
        town: impl Fn(usize) -> i64,
    ) {
        let rows = grown.outcome.iter().zip(&grown.version);
        for (row, (outcome, version)) in rows.enumerate() {
            let version = usize::from(*version);
            let (Some(yes), Some(there)) = (grown.true_mask.get(row), grown.known_mask.get(row)) else {
                continue;
            };
            match *outcome {
                ELIGIBLE => {
                    let amount = grown.amount_fen.get(row).copied().unwrap_or(0);
                    self.eligible.add(amount);
                    self.towns.entry(town(row)).or_default().add(amount);
                }
                UNDETERMINED => {
                    self.undetermined += 1;
                    *self.towns_undetermined.entry(town(row)).or_default() += 1;
                    let reason = grown.reason.get(row).map_or(0, |reason| usize::from(*reason));
                    if let Some(count) = self.reasons.get_mut(reason) {
                        *count += 1;
                    }
                    // Whatever else a row waits for is graver than a fact and stands in its reason.
                    let by_facts = reason == usize::from(Reason::Fact.number());
                    self.lacking((version, !there), by_facts, slots.get(version), |slot| known(slot, row));
                }
                _ => {
                    self.ineligible += 1;
                    let first = (there & !yes).trailing_zeros() as usize;
                    let stops = self.stops.get_mut(version);
                    if let Some(stop) = stops.and_then(|stops| stops.get_mut(first)) {
                        stop.refused += 1;
                    }
                }
            }
        }
    }

    /// Counts what an undetermined row lacks; `unknown` has the bits of the conditions that are not known, `by_facts` says
    /// that facts alone would settle it.
    fn lacking(
        &mut self,
        (version, unknown): (usize, u64),
        by_facts: bool,
        slots: Option<&Slots>,
        known: impl Fn(usize) -> bool,
    ) {
        let Some(stops) = self.stops.get_mut(version) else {
            return;
        };
        let mut missing = Vec::new();
        let mut look = |facts: &[(u32, usize)]| {
            for (fact, slot) in facts {
                if !missing.contains(fact) && !known(*slot) {
                    missing.push(*fact);
                }
            }
        };
        let mut left = unknown;
        for (number, stop) in stops.iter_mut().enumerate() {
            if left & 1 == 1 {
                stop.unknown += 1;
                if let Some(facts) = slots.and_then(|slots| slots.conditions.get(number)) {
                    look(facts);
                }
            }
            left >>= 1;
        }
        if let Some(slots) = slots {
            look(&slots.amount);
        }
        for fact in &missing {
            let lack = self.lacks.entry(*fact).or_default();
            lack.rows += 1;
            lack.alone += u64::from(by_facts && missing.len() == 1);
        }
    }

    /// Adds the counts of other rows.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.ineligible += other.ineligible;
        self.undetermined += other.undetermined;
        self.eligible.rows += other.eligible.rows;
        self.eligible.amount_fen += other.eligible.amount_fen;
        for (mine, theirs) in self.stops.iter_mut().zip(&other.stops) {
            for (mine, theirs) in mine.iter_mut().zip(theirs) {
                mine.refused += theirs.refused;
                mine.unknown += theirs.unknown;
            }
        }
        for (mine, theirs) in self.reasons.iter_mut().zip(&other.reasons) {
            *mine += theirs;
        }
        for (fact, lack) in &other.lacks {
            let mine = self.lacks.entry(*fact).or_default();
            mine.rows += lack.rows;
            mine.alone += lack.alone;
        }
        for (town, paid) in &other.towns {
            let mine = self.towns.entry(*town).or_default();
            mine.rows += paid.rows;
            mine.amount_fen += paid.amount_fen;
        }
        for (town, rows) in &other.towns_undetermined {
            *self.towns_undetermined.entry(*town).or_default() += rows;
        }
    }
}
