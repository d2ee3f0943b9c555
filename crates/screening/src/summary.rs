//! What a run comes to: by benefit, by fund and level, by town; the funnel; what is missing most.

use std::collections::BTreeMap;

use civil::{Day, Month, RegionCode};
use policy::benefit::{LEVELS, Right, Status};
use policy::cross_check::CrossCheck;
use policy::fund::NOT_STATED;
use registers::derive::Basis;
use rules::catalogue::Catalogue;
use rules::decision::Reason;
use serde::{Deserialize, Serialize};

use crate::checks::CheckSummary;
use crate::contest::Resolution;
use crate::coverage::Coverage;
use crate::pass::Counted;
use crate::purses::fund;
use crate::run::Request;
use crate::table::Table;
use crate::tally::{Paid, Tally};

/// Version of the summary's JSON.
pub(crate) const FORMAT: u32 = 1;

/// A run in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Version of this JSON.
    pub format: u32,
    /// The run.
    pub run: String,
    /// The region.
    pub region: RegionCode,
    /// Its name.
    pub region_name: String,
    /// The day the decisions are about.
    pub as_of: Day,
    /// The day whose documents, parameters and vintages were used.
    pub known_on: Day,
    /// The month of benefits by the month, as `2020-12`.
    pub month: String,
    /// Rows by `per`.
    pub tables: Vec<TableSummary>,
    /// Every benefit, by document and item.
    pub benefits: Vec<BenefitSummary>,
    /// Money of eligible rows by fund and level.
    pub funds: Vec<FundSummary>,
    /// The facts that undetermined rows lack, those that would settle most first.
    pub missing: Vec<MissingFact>,
    /// Rows that were decided again because rows of the same run came first, and how many of them were then refused.
    pub resolved: Resolved,
    /// What cross-checks found: questions to a person, no findings.
    pub checks: Vec<CheckCount>,
    /// Registers that have no file for this region: what they would say is unknown.
    pub registers_absent: Vec<String>,
    /// Registers that cover parts of the region only.
    pub registers_partial: Vec<String>,
    /// Whether nothing was known of what was received before, and it was taken that nothing was.
    pub without_history: bool,
}

/// A table of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSummary {
    /// What a row is about.
    pub per: String,
    /// Rows.
    pub rows: u64,
}

/// Rows of the resolution pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// Decided again.
    pub rows: u64,
    /// Of them no longer eligible.
    pub refused: u64,
}

/// One cross-check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCount {
    /// The check.
    pub id: String,
    /// 疑点名称.
    pub label: String,
    /// What a person should find out.
    pub question: String,
    /// Hits.
    pub hits: u64,
    /// Different persons, bodies or households that they concern.
    pub subjects: u64,
    /// Hits by town. Runs of format 1 do not have it.
    #[serde(default)]
    pub towns: Vec<CheckTown>,
    /// What it reads and there is no data of.
    pub missing: Vec<String>,
    /// Why it could not be asked.
    pub failed: Option<String>,
}

/// Hits of a cross-check in a town. One that concerns two towns counts in both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckTown {
    /// Nine digits; empty for hits of which no register tells the town.
    pub region: String,
    /// Hits.
    pub hits: u64,
}

impl CheckCount {
    /// Its hits in a town, 0 being the town of those without; all of them where no town is asked for.
    pub fn hits_of(&self, town: Option<i64>) -> u64 {
        town.map_or(self.hits, |town| {
            let here = self.towns.iter().filter(|one| one.town() == town);
            here.map(|one| one.hits).sum()
        })
    }

    pub(crate) fn of(check: &CrossCheck, summary: CheckSummary) -> Self {
        Self {
            id: summary.id,
            label: summary.label,
            question: check.question.clone(),
            hits: summary.hits,
            subjects: summary.subjects,
            towns: summary.towns.into_iter().map(CheckTown::of).collect(),
            missing: summary.missing,
            failed: summary.failed,
        }
    }
}

/// A town in JSON: nine digits, or nothing where there is none.
fn town_text(town: i64) -> String {
    if town == 0 { String::new() } else { format!("{town:09}") }
}

impl CheckTown {
    fn of((town, hits): (i64, u64)) -> Self {
        Self {
            region: town_text(town),
            hits,
        }
    }

    /// The town's code; 0 where there is none.
    pub fn town(&self) -> i64 {
        self.region.parse().unwrap_or(0)
    }
}

/// One benefit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenefitSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The document and the item.
    pub document: String,
    /// The item.
    pub item: String,
    /// What a row is about.
    pub per: String,
    /// `entitlement`, `discretionary`, `directive`.
    pub right: String,
    /// Whether the text suffices to decide.
    pub is_computable: bool,
    /// By which way it is paid.
    pub channel: String,
    /// The fund; `n/s` where the document does not say.
    pub fund: String,
    /// 初步符合.
    pub eligible: u64,
    /// 暂不符合.
    pub ineligible: u64,
    /// 待核实.
    pub undetermined: u64,
    /// Money of the eligible rows, in fen; nothing for a benefit without an amount.
    pub amount_fen: Option<i64>,
    /// Conditions in document order, by version.
    pub funnel: Vec<Step>,
    /// Undetermined rows by the gravest reason: the words of decisions, but that a missing fact (`fact`) and a standard that
    /// nobody has set (`parameter`) are told apart.
    pub reasons: BTreeMap<String, u64>,
    /// What undetermined rows lack, the fact that settles most first.
    pub missing: Vec<MissingFact>,
    /// Rows by town.
    pub towns: Vec<TownSummary>,
}

/// One condition of the funnel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Document and window of the version.
    pub version: String,
    /// The condition.
    pub condition: String,
    /// It in short.
    pub text: String,
    /// Where it stands.
    pub item: String,
    /// Rows that came to it: refused by none before.
    pub reached: u64,
    /// Rows for which it is the first that does not hold.
    pub refused: u64,
    /// Undetermined rows for which it is not known.
    pub unknown: u64,
}

/// A fact that is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingFact {
    /// The fact.
    pub fact: String,
    /// Its name on screen.
    pub label: String,
    /// Who keeps it.
    pub register: String,
    /// Undetermined rows that lack it.
    pub rows: u64,
    /// Of them those that wait for nothing else: no other fact, no standard, no document, no decision of an office.
    pub alone: u64,
}

/// A town.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TownSummary {
    /// Nine digits; empty where the rows do not say.
    pub region: String,
    /// 初步符合.
    pub eligible: u64,
    /// 待核实.
    pub undetermined: u64,
    /// In fen.
    pub amount_fen: i64,
}

/// A fund and level.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FundSummary {
    /// By which way.
    pub channel: String,
    /// The fund; `n/s` where the documents do not say.
    pub fund: String,
    /// The level of government; `n/s` where the documents do not say, or say it by days that only a payment has.
    pub level: String,
    /// Eligible rows; one that several levels pay counts in each.
    pub rows: u64,
    /// In fen.
    pub amount_fen: i64,
}

/// Puts the counts of a run into one summary.
pub(crate) fn of(
    catalogue: &Catalogue,
    request: &Request,
    tables: &[Table],
    counted: &[Counted],
    resolution: &Resolution,
    coverage: &Coverage,
    basis: &Basis,
) -> Summary {
    let mut benefits = Vec::new();
    let mut funds: BTreeMap<(String, String, usize, String), Paid> = BTreeMap::new();
    let mut lacks: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for (table, counted) in tables.iter().zip(counted) {
        for (version, part, paid) in counted.purses.by_level(table) {
            let level = part.map_or(NOT_STATED, |part| part.level.as_str());
            let place = LEVELS.iter().position(|known| *known == level);
            let own = part.map(|part| &part.fund).filter(|fund| *fund != NOT_STATED);
            let fund = own.map_or_else(|| fund(version), Clone::clone);
            let key = (
                version.benefit.channel.clone(),
                fund,
                place.unwrap_or(LEVELS.len()),
                level.to_owned(),
            );
            funds.entry(key).or_default().merge(&paid);
        }
        for (place, tally) in counted.tallies.iter().enumerate() {
            let Some(summary) = benefit(catalogue, table, place, tally) else {
                continue;
            };
            for lack in &summary.missing {
                let sum = lacks.entry(lack.fact.clone()).or_default();
                sum.0 += lack.rows;
                sum.1 += lack.alone;
            }
            benefits.push(summary);
        }
    }
    let item = |one: &BenefitSummary| {
        one.item
            .chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
            .parse::<u32>()
    };
    benefits.sort_by(|a: &BenefitSummary, b| {
        (&a.document, item(a).unwrap_or(u32::MAX), &a.id).cmp(&(&b.document, item(b).unwrap_or(u32::MAX), &b.id))
    });
    let missing = lacks
        .into_iter()
        .map(|(fact, (rows, alone))| missing_fact(catalogue, &fact, rows, alone));
    let mut missing: Vec<MissingFact> = missing.collect();
    most_first(&mut missing);
    let region = request.region.to_string();
    let label = |id: &String| {
        catalogue
            .registers
            .get(id)
            .map_or_else(|| id.clone(), |one| one.label.clone())
    };
    let absent = catalogue.registers.all().filter(|register| !basis.has(&register.id));
    Summary {
        format: FORMAT,
        run: String::new(),
        region: request.region,
        region_name: catalogue
            .library
            .regions
            .get(region.get(..6).unwrap_or(&region))
            .map_or_else(String::new, |region| region.name.clone()),
        as_of: request.as_of,
        known_on: request.known_on,
        month: month_text(request.month),
        tables: tables
            .iter()
            .map(|table| TableSummary {
                per: table.reach.per.to_owned(),
                rows: table.flat.rows(),
            })
            .collect(),
        benefits,
        funds: funds
            .into_iter()
            .map(|((channel, fund, _, level), paid)| FundSummary {
                channel,
                fund,
                level,
                rows: paid.rows,
                amount_fen: fen(paid.amount_fen),
            })
            .collect(),
        missing,
        resolved: Resolved {
            rows: resolution.records.len() as u64,
            refused: resolution
                .records
                .iter()
                .filter(|record| record.decided.outcome != crate::wide::ELIGIBLE)
                .count() as u64,
        },
        checks: Vec::new(),
        registers_absent: absent.map(|register| register.label.clone()).collect(),
        registers_partial: coverage.partial.iter().map(label).collect(),
        without_history: request.without_history,
    }
}

/// The word of a reason in counts: a decision's, but that a missing fact and an unset standard are told apart, for a
/// decision lists what is missing and a count does not.
pub(crate) const fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::Fact => "fact",
        Reason::Parameter => "parameter",
        Reason::Arithmetic => "arithmetic",
        Reason::Conflict => "conflict",
        Reason::Discretionary => "discretionary",
        Reason::Directive => "directive",
        Reason::Delegated => "delegated",
        Reason::Document => "document",
    }
}

/// A month as `2020-12`.
pub(crate) fn month_text(month: Month) -> String {
    month.first_day().to_string().chars().take(7).collect()
}

/// A sum of fen; what no county could pay stands as the greatest number.
pub(crate) fn fen(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

fn benefit(catalogue: &Catalogue, table: &Table, place: usize, tally: &Tally) -> Option<BenefitSummary> {
    let versions = table.versions(place);
    let benefit = &versions.first()?.benefit;
    let mut funnel = Vec::new();
    for (version, stops) in versions.iter().zip(&tally.stops) {
        let rows: u64 = stops.iter().map(|stop| stop.refused).sum();
        // Rows of a version that nothing refused are told apart only where there is one version.
        let open = if versions.len() == 1 {
            tally.eligible.rows + tally.undetermined
        } else {
            0
        };
        let mut reached = rows + open;
        for (condition, stop) in version.conditions.iter().zip(stops) {
            funnel.push(Step {
                version: version.version.clone(),
                condition: condition.id.clone(),
                text: condition.text.clone(),
                item: condition.cite.item.to_string(),
                reached,
                refused: stop.refused,
                unknown: stop.unknown,
            });
            reached -= stop.refused;
        }
    }
    let reasons = Reason::ALL.iter().filter_map(|reason| {
        let count = tally.reasons.get(usize::from(reason.number())).copied()?;
        (count > 0).then(|| (word(*reason).to_owned(), count))
    });
    let mut missing: Vec<MissingFact> = tally
        .lacks
        .iter()
        .map(|(fact, lack)| missing_fact(catalogue, &name(catalogue, table, *fact), lack.rows, lack.alone))
        .collect();
    most_first(&mut missing);
    let mut towns: Vec<i64> = tally
        .towns
        .keys()
        .chain(tally.towns_undetermined.keys())
        .copied()
        .collect();
    towns.sort_unstable();
    towns.dedup();
    let towns = towns.into_iter().map(|town| {
        let paid = tally.towns.get(&town).copied().unwrap_or_default();
        TownSummary {
            region: town_text(town),
            eligible: paid.rows,
            undetermined: tally.towns_undetermined.get(&town).copied().unwrap_or(0),
            amount_fen: fen(paid.amount_fen),
        }
    });
    Some(BenefitSummary {
        id: benefit.id.to_string(),
        name: benefit.name.clone(),
        document: benefit.cite.document.clone(),
        item: benefit.cite.item.to_string(),
        per: benefit.per.clone(),
        right: match benefit.right {
            Right::Entitlement => "entitlement",
            Right::Discretionary => "discretionary",
            Right::Directive => "directive",
        }
        .to_owned(),
        is_computable: benefit.status == Status::Computable,
        channel: benefit.channel.clone(),
        fund: fund(versions.first()?),
        eligible: tally.eligible.rows,
        ineligible: tally.ineligible,
        undetermined: tally.undetermined,
        amount_fen: versions
            .iter()
            .any(|version| version.amount.is_some())
            .then(|| fen(tally.eligible.amount_fen)),
        funnel,
        reasons: reasons.collect(),
        missing,
        towns: towns.collect(),
    })
}

/// The name of a fact or of a count from the history.
fn name(catalogue: &Catalogue, table: &Table, fact: u32) -> String {
    let vocabulary = &catalogue.vocabulary;
    match fact.checked_sub(vocabulary.fact_count()) {
        Some(at) => {
            let counted = usize::try_from(at).ok().and_then(|at| table.engine.history.get(at));
            counted.map_or_else(String::new, |counted| counted.name.clone())
        }
        None => vocabulary.fact_name(fact).to_owned(),
    }
}

fn missing_fact(catalogue: &Catalogue, name: &str, rows: u64, alone: u64) -> MissingFact {
    let fact = catalogue.vocabulary.dictionary.fact(name);
    MissingFact {
        fact: name.to_owned(),
        label: fact.map_or_else(|| "此前享受记录".to_owned(), |fact| fact.label.clone()),
        register: fact.map_or_else(|| "补贴发放".to_owned(), |fact| fact.register.clone()),
        rows,
        alone,
    }
}

fn most_first(missing: &mut [MissingFact]) {
    missing.sort_by(|a, b| (b.alone, b.rows, &a.fact).cmp(&(a.alone, a.rows, &b.fact)));
}
