//! What a run of the program says of one version: the decision with its reasons, parts, stages and shares.

use std::collections::BTreeSet;

use civil::{Day, Money, Rate, Rounding};
use ledger::{CostShares, Tie};
use policy::benefit::{Share, StagePart, lineage};
use serde_json::Value;

use super::{ConditionResult, Decision, LoanResult, Missing, Outcome, PackUsed, Reason, ShareAmount, StageAmount};
use crate::benefit::{CLAIM_UNTIL, Condition, Origin, Version, selector_names};
use crate::case::Case;
use crate::catalogue::Catalogue;
use crate::day_number;
use crate::engine::Engine;
use crate::kernel::{CaseSpace, Cause, why};
use crate::program::Register;

/// What a run of the program said of one version.
pub(super) struct Row<'r> {
    pub(super) engine: &'r Engine,
    pub(super) workspace: &'r CaseSpace,
    pub(super) catalogue: &'r Catalogue,
    pub(super) case: &'r Case,
    pub(super) day: i64,
}

impl Row<'_> {
    pub(super) fn decision(&self, version: &Version, as_of: Day, known_on: Day) -> Decision {
        let results: Vec<Option<bool>> = version
            .conditions
            .iter()
            .map(|condition| self.workspace.truth(condition.mask, 0))
            .collect();
        let refused = results.contains(&Some(false));
        let amount = version.amount.and_then(|amount| self.workspace.long(amount, 0));
        let amount_known = version.amount.is_none() || amount.is_some();
        let outcome = if refused {
            Outcome::Ineligible
        } else if amount_known && results.iter().all(|result| *result == Some(true)) {
            Outcome::Eligible
        } else {
            Outcome::Undetermined
        };
        let long = |register: Option<_>| register.and_then(|register| self.workspace.long(register, 0));
        let due = (!refused).then_some(amount).flatten();
        let (reason, places, missing) = self.unknowns(version, &results, outcome);
        let benefit = &version.benefit;
        Decision {
            benefit: benefit.id.to_string(),
            name: benefit.name.clone(),
            version: version.version.clone(),
            as_of,
            known_on,
            outcome,
            reason,
            places,
            amount_fen: due,
            months: long(version.months),
            monthly_fen: long(version.monthly).or(if benefit.monthly { due } else { None }),
            payee: benefit.payee.clone(),
            channel: benefit.channel.clone(),
            loan: version.loan.as_ref().map(|loan| self.loan(loan)),
            breakdown: self.breakdown(version, due),
            stages: self.stages(version, refused),
            shares: self.shares(version, due),
            conditions: version
                .conditions
                .iter()
                .zip(&results)
                .map(|(condition, result)| self.condition(version, condition, *result))
                .collect(),
            decided_by: version
                .conditions
                .iter()
                .zip(&results)
                .find(|(_, result)| **result == Some(false))
                .map(|(condition, _)| condition.id.clone()),
            missing,
            assumed: if self.case.history.is_none() {
                vec!["history".to_owned()]
            } else {
                Vec::new()
            },
            readings: benefit
                .readings
                .iter()
                .map(|reading| {
                    (
                        reading.id.to_string(),
                        reading.text.clone(),
                        reading.confirmed.is_some(),
                    )
                })
                .collect(),
            eligible_from: None,
            packs: packs(
                self.catalogue,
                [benefit.pack.as_str(), benefit.cite.document.as_str()]
                    .into_iter()
                    .chain(benefit.local_rule.iter().map(|rule| rule.document.as_str()))
                    .chain(
                        version
                            .kin
                            .iter()
                            .flat_map(|id| self.catalogue.benefits.versions(id))
                            .map(|kin| kin.pack.as_str()),
                    )
                    .chain(
                        version
                            .conditions
                            .iter()
                            .map(|condition| condition.cite.document.as_str()),
                    ),
            ),
            facts_sm3: self.case.sm3.clone(),
        }
    }

    fn condition(&self, version: &Version, condition: &Condition, result: Option<bool>) -> ConditionResult {
        let over = condition.origin == Origin::Window
            && version.window_over.and_then(|mask| self.workspace.truth(mask, 0)) == Some(true);
        let benefit = &version.benefit;
        let closed = benefit.effective.as_ref().and_then(|window| window.to).filter(|_| over);
        // A day for claiming that has gone by is no failing of the case either.
        let too_late = benefit.claim_until.as_ref().and_then(|window| window.to);
        let too_late =
            too_late.filter(|to| condition.id == CLAIM_UNTIL && result == Some(false) && day_number(*to) < self.day);
        let holding = condition
            .exceptions
            .iter()
            .find(|(.., mask)| self.workspace.truth(*mask, 0) == Some(true));
        ConditionResult {
            id: condition.id.clone(),
            result,
            text: holding.map_or_else(|| condition.text.clone(), |(_, text, _)| text.clone()),
            cite: condition.cite.clone(),
            facts: condition.facts.iter().map(|fact| self.fact(*fact)).collect(),
            absent: condition.facts.iter().filter_map(|fact| self.absent(*fact)).collect(),
            closed: closed.or(too_late),
        }
    }

    /// The name of a fact whose register was asked and holds nothing, where that says something.
    fn absent(&self, fact: u32) -> Option<String> {
        let vocabulary = &self.catalogue.vocabulary;
        (fact < vocabulary.fact_count()).then_some(())?;
        let name = vocabulary.fact_name(fact);
        let nothing = self.case.given.get(name)?.is_null() && self.case.facts.contains_key(&fact);
        nothing.then(|| name.to_owned())
    }

    /// A fact's name and its value as given.
    fn fact(&self, fact: u32) -> (String, Value) {
        let vocabulary = &self.catalogue.vocabulary;
        if let Some(at) = fact.checked_sub(vocabulary.fact_count()) {
            let counted = usize::try_from(at).ok().and_then(|at| self.engine.history.get(at));
            let Some(counted) = counted else {
                return (String::new(), Value::Null);
            };
            let count = self.case.count(counted, vocabulary, self.day);
            return (counted.name.clone(), count.map_or(Value::Null, Value::from));
        }
        let name = vocabulary.fact_name(fact);
        (
            name.to_owned(),
            self.case.given.get(name).cloned().unwrap_or(Value::Null),
        )
    }

    /// Why it is undetermined: one word for the gravest cause, places for faults, and everything that is missing.
    fn unknowns(
        &self,
        version: &Version,
        results: &[Option<bool>],
        outcome: Outcome,
    ) -> (Option<Reason>, Vec<String>, Vec<Missing>) {
        if outcome == Outcome::Eligible {
            return (None, Vec::new(), Vec::new());
        }
        let mut causes: BTreeSet<Cause> = BTreeSet::new();
        let (mut places, mut missing) = (Vec::new(), BTreeSet::new());
        let names = selector_names(version);
        let mut look = |register: Register, place: &dyn Fn() -> String, causes: &mut BTreeSet<Cause>| {
            for cause in why(&self.engine.program, self.workspace, register, 0) {
                match &cause {
                    Cause::Arithmetic => places.push(place()),
                    Cause::Conflict(selectors) => {
                        let both: Vec<&str> = selectors
                            .iter()
                            .filter_map(|mask| names.get(mask))
                            .map(|(id, _)| id.as_str())
                            .collect();
                        places.push(format!("{}（{}）", place(), both.join("、")));
                    }
                    Cause::Fact(_) | Cause::Parameter(_) => {}
                }
                causes.insert(cause);
            }
        };
        let mut open = None;
        for (condition, result) in version.conditions.iter().zip(results) {
            if result.is_none() && condition.origin == Origin::Open {
                open = open.or(Some(condition.id.as_str()));
            } else if result.is_none() {
                look(Register::Mask(condition.mask), &|| condition.place.clone(), &mut causes);
            }
        }
        if let (Some(amount), false) = (version.amount, outcome == Outcome::Ineligible) {
            // To find line and column the file is gone through, which only a fault is worth.
            let place = || version.benefit.id.place().to_string();
            look(Register::Narrow(amount), &place, &mut causes);
        }
        for cause in &causes {
            match cause {
                Cause::Fact(fact) => {
                    missing.extend(self.missing_facts(*fact));
                }
                Cause::Parameter(parameter) => {
                    let id = self.catalogue.vocabulary.parameter_id(*parameter);
                    let set_by = self
                        .catalogue
                        .vocabulary
                        .parameters
                        .get(id)
                        .map_or("", |parameter| parameter.set_by.as_str());
                    missing.insert(Missing::Parameter(id.to_owned(), set_by.to_owned()));
                }
                Cause::Arithmetic | Cause::Conflict(_) => {}
            }
        }
        if version.conditions.iter().any(|condition| condition.id == "delegated") {
            let unsaid = version.benefit.open.iter().filter(|open| open.parameter.is_none());
            missing.extend(unsaid.map(|open| Missing::Parameter(open.what.clone(), open.set_by.clone())));
        }
        if open == Some("local-rule") {
            missing.insert(Missing::Parameter(
                "是否给予的规定".to_owned(),
                "有权决定的部门".to_owned(),
            ));
        }
        let open = open.and_then(Reason::of_open);
        let reason = (outcome == Outcome::Undetermined).then(|| Reason::gravest(&causes, open));
        places.sort();
        places.dedup();
        (reason, places, missing.into_iter().collect())
    }

    /// A count from the history is missing where a date of the case is.
    pub(super) fn missing_facts(&self, fact: u32) -> Vec<Missing> {
        let vocabulary = &self.catalogue.vocabulary;
        let Some(at) = fact.checked_sub(vocabulary.fact_count()) else {
            return vec![Missing::Fact(vocabulary.fact_name(fact).to_owned())];
        };
        let counted = usize::try_from(at).ok().and_then(|at| self.engine.history.get(at));
        let dates: Vec<&String> = match counted.map(|counted| &counted.span) {
            Some(crate::benefit::Span::YearOf(Some(name)) | crate::benefit::Span::MonthOf(name)) => vec![name],
            Some(crate::benefit::Span::During(from, to)) => vec![from, to],
            _ => Vec::new(),
        };
        let unknown = dates.into_iter().filter(|name| {
            vocabulary
                .fact_index(name)
                .is_none_or(|fact| !matches!(self.case.facts.get(&fact), Some(crate::case::Known::Value(_))))
        });
        let unknown: Vec<Missing> = unknown.map(|name| Missing::Fact(name.clone())).collect();
        if unknown.is_empty() {
            vec![Missing::Fact("history".to_owned())]
        } else {
            unknown
        }
    }

    fn loan(&self, loan: &crate::benefit::Loan) -> LoanResult {
        let long = |register: Option<_>| register.and_then(|register| self.workspace.long(register, 0));
        let rate = |register: Option<(Register, u8)>| {
            let (register, scale) = register?;
            let value = match register {
                Register::Narrow(narrow) => self.workspace.long(narrow, 0).map(i128::from),
                Register::Wide(wide) => self.workspace.huge(wide, 0),
                Register::Mask(_) => None,
            };
            value.map(|value| decimal_text(value, scale))
        };
        LoanResult {
            limit_fen: long(loan.limit),
            rate_ceiling: rate(loan.rate_ceiling),
            borrower_rate: rate(loan.borrower_rate),
            subsidy_rate: rate(loan.subsidy_rate),
            term_months: long(loan.term_months),
        }
    }

    /// Parts with an amount of their own; a tier or an alternative that was taken stands with the whole amount.
    fn breakdown(&self, version: &Version, due: Option<i64>) -> Vec<(String, String, i64)> {
        let Some(due) = due else { return Vec::new() };
        let amount = |register: Register| match register {
            Register::Narrow(narrow) => self.workspace.long(narrow, 0),
            Register::Mask(mask) => (self.workspace.truth(mask, 0) == Some(true)).then_some(due),
            Register::Wide(_) => None,
        };
        version
            .breakdown
            .iter()
            .filter_map(|part| Some((part.id.clone(), part.name.clone(), amount(part.register)?)))
            .collect()
    }

    fn stages(&self, version: &Version, refused: bool) -> Vec<StageAmount> {
        let (Some(staging), Some((estimate, actual))) = (&version.benefit.staging, version.staging) else {
            return Vec::new();
        };
        let recovered = version
            .recovery
            .filter(|(when, _)| self.workspace.truth(*when, 0) == Some(true));
        if let (Some((_, amount)), Some(recovery)) = (recovered, &staging.recovery) {
            let amount_fen = self.workspace.long(amount, 0).and_then(i64::checked_neg);
            return vec![StageAmount {
                id: "recovery".to_owned(),
                amount_fen,
                event: recovery.event.clone(),
                within_working_days: None,
            }];
        }
        if refused {
            return Vec::new();
        }
        let (estimate, actual) = (self.workspace.long(estimate, 0), self.workspace.long(actual, 0));
        let mut prepaid = Some(0_i64);
        let mut stages = Vec::with_capacity(staging.stages.len());
        for stage in &staging.stages {
            let amount_fen = match &stage.part {
                StagePart::OfEstimate(share) => {
                    let part = estimate.and_then(|estimate| share_of(estimate, *share));
                    prepaid = prepaid.zip(part).and_then(|(so_far, part)| so_far.checked_add(part));
                    part
                }
                StagePart::Rest => actual
                    .zip(prepaid)
                    .and_then(|(actual, prepaid)| actual.checked_sub(prepaid)),
            };
            stages.push(StageAmount {
                id: stage.id.to_string(),
                amount_fen,
                event: stage.event.clone(),
                within_working_days: stage.within_working_days,
            });
        }
        stages
    }

    fn shares(&self, version: &Version, due: Option<i64>) -> Vec<ShareAmount> {
        let windows = version.benefit.shares.iter().zip(&version.shares);
        let share = windows
            .into_iter()
            .find(|(_, window)| window.is_none_or(|window| self.workspace.truth(window, 0) == Some(true)));
        match (share, due) {
            (Some((share, _)), Some(due)) => split(share, due),
            _ => Vec::new(),
        }
    }
}

/// An amount by level of government, to the fen; nothing where the shares of a pack cannot be rates.
pub fn split(share: &Share, amount_fen: i64) -> Vec<ShareAmount> {
    let rates: Option<Vec<Rate>> = share
        .parts
        .iter()
        .map(|part| Rate::parse(&percent(part.part)).ok())
        .collect();
    let amounts = rates
        .and_then(|rates| CostShares::by_rate(&rates, Tie::FirstListed).ok())
        .and_then(|shares| shares.split(Money::from_fen(amount_fen)).ok())
        .unwrap_or_default();
    let parts = share.parts.iter().zip(amounts);
    parts
        .map(|(part, amount)| ShareAmount {
            level: part.level.clone(),
            fund: part.fund.clone(),
            amount_fen: amount.fen(),
        })
        .collect()
}

/// Millionths as a percentage.
fn percent(millionths: i128) -> String {
    format!("{}.{:04}%", millionths / 10_000, millionths % 10_000)
}

/// A share, in millionths, of an amount in fen, to the fen.
fn share_of(amount: i64, share: i128) -> Option<i64> {
    let product = i128::from(amount).checked_mul(share)?;
    Rounding::HalfUp
        .quotient(product, 1_000_000)
        .and_then(|part| i64::try_from(part).ok())
}

/// A decimal without trailing zeros.
pub(crate) fn decimal_text(value: i128, scale: u8) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = usize::from(scale) + 1);
    let (whole, fraction) = digits.split_at(digits.len() - usize::from(scale));
    let fraction = fraction.trim_end_matches('0');
    let sign = if value < 0 { "-" } else { "" };
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

/// The packs named, their parents and `shared`, each once, with their hashes.
pub(super) fn packs<'p>(catalogue: &Catalogue, named: impl IntoIterator<Item = &'p str>) -> Vec<PackUsed> {
    let mut ids: Vec<String> = Vec::new();
    for pack in named {
        // What is there has come with its parents.
        if ids.iter().any(|id| id == pack) {
            continue;
        }
        for id in lineage(&catalogue.library, pack) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    ids.push("shared".to_owned());
    ids.into_iter()
        .filter_map(|id| {
            let sm3 = catalogue.sm3.get(&id)?.clone();
            let version = catalogue
                .known_from(&id)
                .map_or_else(String::new, |day| day.to_string());
            Some(PackUsed { id, version, sm3 })
        })
        .collect()
}
