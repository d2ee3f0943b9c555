//! A roster against the benefits of employers. A row says 符合, 暂不符合 or 需本人到窗口核实, and nothing of why that could
//! tell what a person has not told: facts that are sensitive are never in the case, wherever they come from, so that no
//! result depends on them and none can be drawn from a result.

use std::collections::BTreeMap;

use civil::{Day, Money};
use policy::benefit::Benefit;
use policy::fact::{Fact, Sensitivity};
use rules::case::CaseError;
use rules::catalogue::Catalogue;
use rules::entitlement::{Entitlement, Entitlements, Standing, benefits_of};
use rules::interview::Answers;
use serde_json::Value;

use super::roster::{Person, Roster};
use crate::parts::Tone;

/// Benefits of a region that go to employers for each person employed.
pub(super) fn benefits<'c>(catalogue: &'c Catalogue, region: &str) -> Vec<&'c Benefit> {
    let all = benefits_of(catalogue, region).into_iter();
    let first = all.filter_map(|id| catalogue.benefits.versions(id).first());
    first
        .filter(|benefit| benefit.per == "employment" && benefit.payee == "employer")
        .collect()
}

/// Facts that the benefits ask and that a firm may tell: those of the firm, or those of its people. Nothing sensitive.
pub(super) fn facts<'c>(catalogue: &'c Catalogue, benefits: &[&Benefit], of_firm: bool) -> Vec<&'c Fact> {
    let mut found: Vec<&Fact> = Vec::new();
    for benefit in benefits {
        for name in catalogue.placed.facts(&benefit.id) {
            let Some(fact) = catalogue.vocabulary.dictionary.fact(name) else {
                continue;
            };
            let is_of_firm = fact.entity() == "employer";
            let asked = is_of_firm == of_firm && !matches!(fact.entity(), "claim" | "region");
            if asked && is_open(fact) && !found.iter().any(|known| known.name == fact.name) {
                found.push(fact);
            }
        }
    }
    found
}

fn is_open(fact: &Fact) -> bool {
    fact.sensitivity != Sensitivity::Sensitive && fact.name != "employer.region"
}

/// The result for one person.
pub(super) struct Row {
    pub(super) line: usize,
    pub(super) name: String,
    pub(super) id: String,
    /// In the order of the benefits.
    pub(super) results: Vec<Outcome>,
}

/// The result for one person and benefit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Outcome {
    pub(super) tone: Tone,
    pub(super) word: String,
    /// The amount of one that fits; empty for none.
    pub(super) sum: String,
}

/// Decides every row. `firm` are the facts of the firm.
pub(super) fn check(
    catalogue: &Catalogue,
    region: &str,
    benefits: &[&Benefit],
    firm: &BTreeMap<String, Value>,
    roster: &Roster,
    today: Day,
) -> Result<Vec<Row>, CaseError> {
    let ids = benefits.iter().map(|benefit| benefit.id.as_str());
    let mut entitlements = Entitlements::among(catalogue, region, catalogue.latest_known(), ids);
    let mut rows = Vec::with_capacity(roster.people.len());
    for person in &roster.people {
        let list = entitlements.of(&case(catalogue, region, firm, person, today), today)?;
        let of = |benefit: &&Benefit| {
            let found = list.iter().find(|one| one.decision.benefit == *benefit.id);
            found.map_or_else(at_the_counter, outcome)
        };
        rows.push(Row {
            line: person.line,
            name: person.name.clone(),
            id: person.id.clone(),
            results: benefits.iter().map(of).collect(),
        });
    }
    Ok(rows)
}

/// The case of a person: what the firm told, and a claim today. A sensitive fact cannot get in, not even by a heading.
fn case(catalogue: &Catalogue, region: &str, firm: &BTreeMap<String, Value>, person: &Person, today: Day) -> Value {
    let mut answers = Answers::default();
    for name in ["claim.region", "employer.region"] {
        answers.facts.insert(name.to_owned(), Value::from(region));
    }
    let open = |(name, _): &(&String, &Value)| catalogue.vocabulary.dictionary.fact(name).is_some_and(is_open);
    let told = firm.iter().chain(&person.facts).filter(open);
    answers
        .facts
        .extend(told.map(|(name, value)| (name.clone(), value.clone())));
    answers.case(today)
}

fn at_the_counter() -> Outcome {
    Outcome {
        tone: Tone::Warn,
        word: "需本人到窗口核实".to_owned(),
        sum: String::new(),
    }
}

fn outcome(one: &Entitlement) -> Outcome {
    let (tone, word) = match one.standing {
        Standing::Eligible => (Tone::Good, "符合".to_owned()),
        Standing::Ineligible => (Tone::Plain, "暂不符合".to_owned()),
        Standing::Expired => {
            let day = one.expired_on.map(Day::chinese).unwrap_or_default();
            (Tone::Mute, format!("已到期（截止日{day}）"))
        }
        Standing::Undetermined | Standing::Discretionary | Standing::Directive | Standing::NoInformation => {
            return at_the_counter();
        }
    };
    let amount = one.decision.amount_fen.filter(|_| one.standing == Standing::Eligible);
    Outcome {
        tone,
        word,
        sum: amount.map(|fen| Money::from_fen(fen).short()).unwrap_or_default(),
    }
}
