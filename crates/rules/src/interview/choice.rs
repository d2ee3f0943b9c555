//! Which question settles most. Each fact that could be asked is supposed to have each of a few values, all of them as rows
//! of one block; what a value refuses needs no further questions, and that is what an answer is worth.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, Range};

use civil::Day;
use policy::fact::{Fact, FactType};
use serde_json::Value;

use super::is_delicate;
use crate::calendar::month_start;
use crate::case::CaseError;
use crate::catalogue::Catalogue;
use crate::day_number;
use crate::decision::{Possible, Survey};
use crate::typed::{Kind, Vocabulary, region_digits};

/// Days before and after the day asked at which a date is supposed to lie.
const DAYS: [i64; 8] = [-3_650, -1_500, -800, -400, -200, -60, -10, 120];
/// Months back.
const MONTHS: [i64; 4] = [0, 40, 200, 400];
/// Counts: persons, months, days.
const COUNTS: [i128; 8] = [0, 1, 3, 6, 12, 24, 36, 120];
/// Amounts in fen: from ten thousand to three million yuan.
const AMOUNTS: [i128; 6] = [1_000_000, 5_000_000, 10_000_000, 20_000_000, 30_000_000, 300_000_000];
/// Rates in millionths.
const RATES: [i128; 4] = [30_000, 38_500, 50_000, 80_000];
/// What stands for places outside the province: Beijing and Xinjiang, of which one at least lies elsewhere.
const FAR: [i64; 2] = [110_000_000_000, 650_000_000_000];
/// Weights are whole numbers: a share of an answer is so many parts.
const PARTS: u64 = 1_000;

/// The fact to ask next among those that keep benefits open; nothing where there are none.
pub(super) fn next<C: Deref<Target = Catalogue>>(
    survey: &mut Survey<C>,
    case: &Value,
    as_of: Day,
    possible: &Possible,
    open: &BTreeMap<String, Vec<u32>>,
) -> Result<Option<u32>, CaseError> {
    let vocabulary = &survey.catalogue().vocabulary;
    let candidates: BTreeSet<u32> = open.values().flatten().copied().collect();
    let known = |index: u32| Some((index, vocabulary.dictionary.fact(vocabulary.fact_name(index))?));
    let mut candidates: Vec<(u32, &Fact)> = candidates.into_iter().filter_map(known).collect();
    // What is sensitive is asked only when nothing else is left.
    if candidates.iter().any(|(_, fact)| !is_delicate(fact)) {
        candidates.retain(|(_, fact)| !is_delicate(fact));
    }
    if let [] | [_] = candidates.as_slice() {
        return Ok(candidates.first().map(|(index, _)| *index));
    }
    let mut suppositions: Vec<(u32, i128)> = Vec::new();
    let mut weighed: Vec<(u32, u64, Range<usize>)> = Vec::new();
    for (index, fact) in candidates {
        let from = suppositions.len();
        suppositions.extend(possible.get(&index).into_iter().flatten().map(|value| (index, *value)));
        weighed.push((index, cost(fact), from..suppositions.len()));
    }
    let refused = survey.refused(case, as_of, &suppositions)?;
    Ok(best(&weighed, open, &refused))
}

/// The fact with the highest worth for its cost; the first in the dictionary where several have.
fn best(
    weighed: &[(u32, u64, Range<usize>)],
    open: &BTreeMap<String, Vec<u32>>,
    refused: &BTreeMap<&str, Vec<bool>>,
) -> Option<u32> {
    // A fact that several benefits need is spared only when the last of them is refused.
    let mut needed: BTreeMap<u32, u64> = BTreeMap::new();
    open.values()
        .flatten()
        .for_each(|fact| *needed.entry(*fact).or_default() += 1);
    let alone = |fact: &u32| {
        PARTS
            .checked_div(needed.get(fact).copied().unwrap_or_default())
            .unwrap_or_default()
    };
    let worth = |fact: u32, rows: &Range<usize>| -> u64 {
        let mut worth = 0;
        for (benefit, facts) in open {
            let rows = refused
                .get(benefit.as_str())
                .and_then(|all| all.get(rows.clone()))
                .unwrap_or_default();
            let gone = count(rows.iter().filter(|refused| **refused).count());
            let spared: u64 = facts.iter().filter(|other| **other != fact).map(alone).sum();
            worth += (gone * spared).checked_div(count(rows.len())).unwrap_or_default();
        }
        worth + needed.get(&fact).copied().unwrap_or_default()
    };
    let mut best: Option<(u64, u32)> = None;
    for (fact, cost, rows) in weighed {
        let value = worth(*fact, rows) / cost;
        if best.is_none_or(|(highest, _)| value > highest) {
            best = Some((value, *fact));
        }
    }
    best.map(|(_, fact)| fact)
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// The trouble of an answer: a tap on yes or no least, a figure from a contract most.
fn cost(fact: &Fact) -> u64 {
    match fact.kind {
        FactType::Bool => 8,
        FactType::Code(_) => 9,
        FactType::Region | FactType::Int | FactType::Date | FactType::Month => 11,
        FactType::Fen | FactType::Decimal => 13,
    }
}

/// Values that stand for all that a fact can have, in its own unit.
pub(super) fn values(vocabulary: &Vocabulary, fact: &Fact, region: &str, as_of: Day) -> Vec<i128> {
    let today = day_number(as_of);
    match &fact.kind {
        FactType::Bool => vec![1, 0],
        FactType::Code(_) => match vocabulary.kind_of(&fact.kind) {
            Kind::Code(list) => vocabulary
                .list(list)
                .map(|list| list.codes.iter().map(|code| i128::from(code.number)).collect())
                .unwrap_or_default(),
            _ => Vec::new(),
        },
        FactType::Date => DAYS.iter().map(|days| i128::from(today + days)).collect(),
        FactType::Month => MONTHS
            .iter()
            .map(|days| i128::from(month_start(today - days)))
            .collect(),
        FactType::Int => COUNTS.to_vec(),
        FactType::Fen => AMOUNTS.to_vec(),
        FactType::Decimal => RATES.to_vec(),
        FactType::Region => {
            let here = region_digits(region);
            here.into_iter().chain(FAR).map(i128::from).collect()
        }
    }
}
