//! What was counted, put into one comparison.

use std::collections::{BTreeMap, BTreeSet};

use civil::Day;
use policy::Regions;
use policy::fund::NOT_STATED;
use rules::catalogue::Catalogue;
use rules::decision::Reason;
use rules::kernel::outcome_of;

use super::Compared;
use super::change::{Change, Count, Flow, Sum, sum};
use super::compare::{Found, Position, Side};
use super::comparison::{
    BenefitChange, Case, Comparison, FORMAT, FundFlow, GroupLine, LevelFlow, Line, Question, Retro, Standing,
};
use super::disclosure::{LEAST_TOLD, withheld};
use super::group::{self, Dimension, Group};
use crate::error::ScreeningError;
use crate::purses::{Purses, fund, version};
use crate::runs::{Manifest, Runs};
use crate::summary::word;
use crate::table::Table;
use crate::tally::{Paid, Reasons};
use crate::wide::UNDETERMINED;
use crate::words::covered;

/// The comparison, as of a reform.
pub(super) fn comparison(
    catalogue: &Catalogue,
    runs: &Runs,
    manifest: &Manifest,
    compared: &Compared,
) -> Result<Comparison, ScreeningError> {
    let summary = runs.summary(&manifest.run)?;
    let mut total = Count::default();
    let mut towns: BTreeMap<i64, Count> = BTreeMap::new();
    let mut groups: BTreeMap<Group, Count> = BTreeMap::new();
    for counted in &compared.counted {
        counted.benefits.iter().for_each(|count| total.merge(count));
        for (town, count) in &counted.towns {
            towns.entry(*town).or_default().merge(count);
        }
        for (group, count) in &counted.groups {
            groups.entry(*group).or_default().merge(count);
        }
    }
    Ok(Comparison {
        format: FORMAT,
        question: Question::Reform,
        run: manifest.run.clone(),
        region: manifest.region,
        region_name: summary.region_name,
        as_of: manifest.as_of,
        known_on: manifest.known_on,
        later_known_on: None,
        month: manifest.month.clone(),
        reform: None,
        total: total.change(),
        benefits: benefits(compared),
        funds: funds(compared),
        levels: levels(compared),
        towns: town_lines(&catalogue.library.regions, &towns),
        groups: group_lines(catalogue, &groups),
        withheld_below: LEAST_TOLD,
        retro: None,
        derived_anew: compared.derived_anew,
    })
}

/// Rows by reason, in words.
fn reasons(counts: Option<&Reasons>) -> BTreeMap<String, u64> {
    let counts = counts.copied().unwrap_or_default();
    let of = Reason::ALL.iter().filter_map(|reason| {
        let rows = counts.get(usize::from(reason.number())).copied()?;
        (rows > 0).then(|| (word(*reason).to_owned(), rows))
    });
    of.collect()
}

fn benefits(compared: &Compared) -> Vec<BenefitChange> {
    let mut benefits = Vec::new();
    let tables = compared.before.tables.iter().zip(&compared.after.tables);
    for ((before, after), counted) in tables.zip(&compared.counted) {
        for (place, count) in counted.benefits.iter().enumerate() {
            let (old, new) = (before.versions(place), after.versions(place));
            let Some(benefit) = new.first().map(|version| &version.benefit) else {
                continue;
            };
            benefits.push(BenefitChange {
                id: benefit.id.to_string(),
                name: benefit.name.clone(),
                document: benefit.cite.document.clone(),
                item: benefit.cite.item.to_string(),
                per: benefit.per.clone(),
                has_amount: old.iter().chain(new).any(|version| version.amount.is_some()),
                change: count.change(),
                waiting: reasons(counted.waiting.get(place)),
            });
        }
    }
    let number = |item: &str| {
        item.chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
            .parse::<u32>()
            .unwrap_or(u32::MAX)
    };
    benefits.sort_by(|a, b| {
        let key = |one: &BenefitChange| (one.document.clone(), number(&one.item), one.id.clone());
        key(a).cmp(&key(b))
    });
    benefits
}

/// Both sides' purses with the tables they are of.
fn sides<'c>(compared: &'c Compared) -> impl Iterator<Item = (bool, &'c Table, &'c Purses)> {
    let side = |is_after: bool, side: &'c Side| {
        let purses = compared
            .counted
            .iter()
            .map(move |counted| if is_after { &counted.after } else { &counted.before });
        side.tables
            .iter()
            .zip(purses)
            .map(move |(table, purses)| (is_after, table, purses))
    };
    side(false, &compared.before).chain(side(true, &compared.after))
}

/// Sums of both sides by some key.
fn flows<K: Ord>(sums: impl IntoIterator<Item = (bool, K, Paid)>) -> BTreeMap<K, Flow> {
    let mut both: BTreeMap<K, [Paid; 2]> = BTreeMap::new();
    for (is_after, key, paid) in sums {
        let [before, after] = both.entry(key).or_default();
        if is_after { after } else { before }.merge(&paid);
    }
    let flow = |[before, after]: [Paid; 2]| Flow {
        before: sum(&before),
        after: sum(&after),
    };
    both.into_iter().map(|(key, paid)| (key, flow(paid))).collect()
}

fn funds(compared: &Compared) -> Vec<FundFlow> {
    let sums = sides(compared).flat_map(|(is_after, table, purses)| {
        purses.versions.iter().filter_map(move |(of, paid)| {
            let version = version(table, *of)?;
            Some((is_after, (version.benefit.channel.clone(), fund(version)), *paid))
        })
    });
    let flows = flows(sums).into_iter();
    flows
        .map(|((channel, fund), flow)| FundFlow { channel, fund, flow })
        .collect()
}

fn levels(compared: &Compared) -> Vec<LevelFlow> {
    let sums = sides(compared).flat_map(|(is_after, table, purses)| {
        let levels = purses.by_level(table).into_iter();
        levels.map(move |(_, part, paid)| {
            let level = part.map_or(NOT_STATED, |part| part.level.as_str());
            (is_after, level.to_owned(), paid)
        })
    });
    let place = |level: &str| policy::benefit::LEVELS.iter().position(|known| *known == level);
    let mut levels: Vec<LevelFlow> = flows(sums)
        .into_iter()
        .map(|(level, flow)| LevelFlow { level, flow })
        .collect();
    levels.sort_by_key(|one| place(&one.level).unwrap_or(usize::MAX));
    levels
}

fn town_text(town: i64) -> String {
    if town == 0 { String::new() } else { format!("{town:09}") }
}

fn town_lines(regions: &Regions, towns: &BTreeMap<i64, Count>) -> Vec<Line> {
    let changes: Vec<Change> = towns.values().map(Count::change).collect();
    let withheld = withheld(&changes, true);
    let lines = towns.keys().zip(changes).zip(withheld);
    lines
        .map(|((town, change), withheld)| {
            let region = town_text(*town);
            Line {
                name: regions
                    .get(&region)
                    .map_or_else(String::new, |region| region.name.clone()),
                region,
                change: (!withheld).then_some(change),
                inside: change,
            }
        })
        .collect()
}

fn group_lines(catalogue: &Catalogue, groups: &BTreeMap<Group, Count>) -> Vec<GroupLine> {
    let mut lines = Vec::new();
    for dimension in [Dimension::Age, Dimension::Kind, Dimension::Size] {
        let those: Vec<(Group, Change)> = groups
            .iter()
            .filter(|((of, _), _)| *of == dimension)
            .map(|(group, count)| (*group, count.change()))
            .collect();
        let changes: Vec<Change> = those.iter().map(|(_, change)| *change).collect();
        let withheld = withheld(&changes, dimension.is_partition());
        lines.extend(
            those
                .into_iter()
                .zip(withheld)
                .map(|((group, change), withheld)| GroupLine {
                    dimension: dimension.label().to_owned(),
                    label: group::label(catalogue, group),
                    change: (!withheld).then_some(change),
                    inside: change,
                }),
        );
    }
    lines
}

/// What later documents make of decisions that stand.
pub(super) fn retro(
    catalogue: &Catalogue,
    manifest: &Manifest,
    later: Day,
    compared: &Compared,
    total: &Change,
) -> Retro {
    let together = |one: Sum, other: Sum| Sum {
        rows: one.rows + other.rows,
        amount_fen: one.amount_fen.saturating_add(other.amount_fen),
    };
    let mut cases = Vec::new();
    let tables = compared.before.tables.iter().zip(&compared.after.tables);
    for ((before, after), counted) in tables.zip(&compared.counted) {
        cases.extend(counted.cases.iter().map(|found| case(before, after, found)));
    }
    let between = |pack: &str| {
        let known = catalogue.known_from(pack);
        known.is_some_and(|day| manifest.known_on < day && day <= later)
    };
    let decided: BTreeSet<&str> = manifest.benefits.values().flatten().map(String::as_str).collect();
    let fresh: BTreeSet<String> = catalogue
        .benefits
        .all()
        .filter(|benefit| between(&benefit.pack) && !decided.contains(benefit.id.as_str()))
        .map(|benefit| benefit.id.to_string())
        .collect();
    let documents = catalogue.library.packs.keys().filter(|pack| between(pack));
    Retro {
        under: together(total.gained, total.more),
        over: together(total.lost, total.less),
        unsettled: total.unsettled,
        documents: documents.cloned().collect(),
        not_compared: fresh.into_iter().collect(),
        shared_changed: manifest.packs.get(super::SHARED) != catalogue.sm3.get(super::SHARED),
        cases,
    }
}

fn case(before: &Table, after: &Table, found: &Found) -> Case {
    let standing = |table: &Table, position: &Position| Standing {
        outcome: outcome_of(position.outcome).word().to_owned(),
        version: version(table, (found.benefit, position.version)).map_or_else(String::new, |one| one.version.clone()),
        amount_fen: position.paid(),
    };
    let paid = |position: &Position| position.paid().unwrap_or(0);
    let difference = paid(&found.after).saturating_sub(paid(&found.before));
    let is_open = found.after.outcome == UNDETERMINED;
    Case {
        benefit: before.benefits.get(found.benefit).cloned().unwrap_or_default(),
        per: before.reach.per.to_owned(),
        row: found.row + 1,
        key: covered(&found.key),
        town: town_text(found.town),
        before: standing(before, &found.before),
        after: standing(after, &found.after),
        under_fen: difference.max(0),
        over_fen: if is_open { 0 } else { difference.saturating_neg().max(0) },
    }
}
