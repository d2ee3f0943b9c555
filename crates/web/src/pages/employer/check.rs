//! A roster against the benefits of employers. A row says 符合, 暂不符合, what the firm itself left out, that the standard is
//! set elsewhere, or 需本人到窗口核实; and nothing of why that could tell what a person has not told: facts that are sensitive
//! are never in the case, wherever they come from, so that no result depends on them and none can be drawn from a result.

use std::collections::BTreeMap;

use civil::{Day, Money};
use policy::benefit::Benefit;
use policy::fact::{Fact, Sensitivity};
use rules::case::CaseError;
use rules::catalogue::Catalogue;
use rules::decision::Missing;
use rules::entitlement::{Entitlement, Entitlements, Standing, benefits_of};
use rules::interview::Answers;
use serde_json::Value;

use super::headings::{Column, Is};
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
    /// The same person stands in a row above: nothing is decided, and nothing counted.
    pub(super) is_repeated: bool,
    /// In the order of the benefits.
    pub(super) results: Vec<Outcome>,
}

/// The result for one person and benefit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Outcome {
    pub(super) tone: Tone,
    pub(super) word: String,
    /// The amount of one that fits; what the firm must fill in; empty for nothing.
    pub(super) detail: String,
}

/// Fits.
pub(super) const ELIGIBLE: &str = "符合";
/// Does not fit.
pub(super) const INELIGIBLE: &str = "暂不符合";
/// The firm left out what it could have told.
pub(super) const FILL_IN: &str = "请单位补填";
/// Whatever anybody says, the standard is not there to be measured by.
pub(super) const SET_ELSEWHERE: &str = "标准另有规定，尚未收录";
/// What is open is said in the claim itself: for which months, on which day.
pub(super) const WHEN_CLAIMED: &str = "申领时由经办机构核定";
/// Only the person can show it, or an office knows it. Never says what.
pub(super) const AT_THE_COUNTER: &str = "需本人到窗口核实";
/// The same person stands in a row above.
const REPEATED: &str = "重复";

/// Decides every row. `firm` are the facts of the firm.
pub(super) fn check(
    catalogue: &Catalogue,
    region: &str,
    benefits: &[&Benefit],
    firm: &BTreeMap<String, Value>,
    (columns, roster): (&[Column<'_>], &Roster),
    today: Day,
) -> Result<Vec<Row>, CaseError> {
    let ids = benefits.iter().map(|benefit| benefit.id.as_str());
    let mut entitlements = Entitlements::among(catalogue, region, catalogue.latest_known(), ids);
    let mut rows = Vec::with_capacity(roster.people.len());
    for person in &roster.people {
        if let Some(first) = person.repeats {
            let again = Outcome {
                tone: Tone::Mute,
                word: REPEATED.to_owned(),
                detail: format!("与第 {first} 行是同一个人，不再计"),
            };
            rows.push(Row {
                line: person.line,
                name: person.name.clone(),
                id: person.id.clone(),
                is_repeated: true,
                results: vec![again; benefits.len()],
            });
            continue;
        }
        let list = entitlements.of(&case(catalogue, region, firm, person, today), today)?;
        let of = |benefit: &&Benefit| {
            let found = list.iter().find(|one| one.decision.benefit == *benefit.id);
            found.map_or_else(at_the_counter, |one| outcome(catalogue, columns, one))
        };
        rows.push(Row {
            line: person.line,
            name: person.name.clone(),
            id: person.id.clone(),
            is_repeated: false,
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
    plain(Tone::Warn, AT_THE_COUNTER, String::new())
}

fn plain(tone: Tone, word: &str, detail: String) -> Outcome {
    Outcome {
        tone,
        word: word.to_owned(),
        detail,
    }
}

fn outcome(catalogue: &Catalogue, columns: &[Column<'_>], one: &Entitlement) -> Outcome {
    match one.standing {
        Standing::Eligible => {
            let sum = one.decision.amount_fen.map(|fen| Money::from_fen(fen).short());
            plain(Tone::Good, ELIGIBLE, sum.unwrap_or_default())
        }
        Standing::Ineligible => plain(Tone::Plain, INELIGIBLE, String::new()),
        Standing::Expired => {
            let day = one.expired_on.map(Day::chinese).unwrap_or_default();
            plain(Tone::Mute, "已到期", format!("截止日{day}"))
        }
        Standing::Undetermined | Standing::Discretionary | Standing::Directive | Standing::NoInformation => {
            open(catalogue, columns, one)
        }
    }
}

/// Why it is open, by who can do something: nobody here, where the standard is set elsewhere; the firm, where it left out
/// what is no secret of a person's; else the person, and not a word of why.
fn open(catalogue: &Catalogue, columns: &[Column<'_>], one: &Entitlement) -> Outcome {
    let mut is_set_elsewhere = matches!(one.standing, Standing::Discretionary | Standing::Directive);
    let (mut own, mut of_claim, mut hidden) = (Vec::new(), false, false);
    for missing in &one.decision.missing {
        match missing {
            Missing::Parameter(..) | Missing::Document(..) => is_set_elsewhere = true,
            Missing::Fact(name) => match told_by_firm(catalogue, columns, name) {
                Some(label) => own.push(label),
                None if name.starts_with("claim.") => of_claim = true,
                None => hidden = true,
            },
        }
    }
    // What a standard is called may name the group it is for: it is not said in a row.
    if is_set_elsewhere {
        plain(Tone::Mute, SET_ELSEWHERE, String::new())
    } else if !own.is_empty() {
        plain(Tone::Warn, FILL_IN, own.join("、"))
    } else if of_claim && !hidden {
        plain(Tone::Warn, WHEN_CLAIMED, String::new())
    } else {
        at_the_counter()
    }
}

/// What the firm calls a fact that it may tell: the field of the firm, or the heading of the column.
fn told_by_firm(catalogue: &Catalogue, columns: &[Column<'_>], name: &str) -> Option<String> {
    let fact = catalogue
        .vocabulary
        .dictionary
        .fact(name)
        .filter(|fact| is_open(fact))?;
    if fact.entity() == "employer" {
        return Some(fact.label.clone());
    }
    let of_fact = |column: &&Column<'_>| matches!(column.is, Is::Fact(known) if known.name == fact.name);
    columns.iter().find(of_fact).map(|column| column.label.clone())
}
