//! What another version of the packs changes.
//!
//! Everything that decides something is a part with its value. Two catalogues are compared part by part, and then by their
//! cases: which of them come out otherwise. What differs is data ([`Change`]); a reviewer's words are printed from it.

mod facets;
mod part;

use std::collections::BTreeSet;

use civil::Money;
use policy::parameter::{Parameter, Scalar};

use crate::catalogue::Catalogue;
use crate::decision::{Decider, Decision, Outcome};
use crate::formula::percent;
use crate::trial::Trial;
pub use part::{Direction, Most, Owner, Part, Value};

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is of.
    pub of: Owner,
    /// Its name on screen, as it is now.
    pub name: String,
    /// What of it.
    pub what: What,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// All of it is new.
    New,
    /// All of it is gone.
    Gone,
    /// A part of it.
    Altered(Box<Altered>),
}

/// A part that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Altered {
    /// The part.
    pub part: Part,
    /// As it was; `None` where the part is new.
    pub was: Option<Value>,
    /// As it is; `None` where the part is gone.
    pub now: Option<Value>,
}

impl Altered {
    /// Which way it goes, where that can be told.
    pub fn direction(&self) -> Option<Direction> {
        Direction::of(&self.part, self.was.as_ref(), self.now.as_ref())
    }
}

impl Change {
    /// What it is of, on screen.
    pub fn heading(&self) -> String {
        let name = &self.name;
        match &self.of {
            Owner::Document(pack) => format!("文件 {pack}"),
            Owner::Benefit { pack, id } => format!("{name}（{pack}/{id}）"),
            Owner::Parameter(id) => format!("政策标准 {name}（${id}）"),
            Owner::Fact(fact) => format!("信息项 {name}（{fact}）"),
        }
    }
}

/// A case that comes out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    /// The benefit.
    pub benefit: String,
    /// The case.
    pub case: String,
    /// What came before, in words.
    pub was: String,
    /// What comes now.
    pub now: String,
}

/// Everything that differs between two catalogues: documents, benefits, parameters, facts.
pub fn changes(old: &Catalogue, new: &Catalogue) -> Vec<Change> {
    let (old, new) = (facets::facets(old), facets::facets(new));
    let mut changes = Vec::new();
    let owners: BTreeSet<&Owner> = old.keys().chain(new.keys()).collect();
    for of in owners {
        let mut put = |name: &str, what| {
            changes.push(Change {
                of: of.clone(),
                name: name.to_owned(),
                what,
            });
        };
        match (old.get(of), new.get(of)) {
            (Some((_, was)), Some((name, now))) => {
                let parts: BTreeSet<&Part> = was.keys().chain(now.keys()).collect();
                for part in parts.into_iter().filter(|part| was.get(*part) != now.get(*part)) {
                    let altered = Altered {
                        part: part.clone(),
                        was: was.get(part).cloned(),
                        now: now.get(part).cloned(),
                    };
                    put(name, What::Altered(Box::new(altered)));
                }
            }
            (None, Some((name, _))) => put(name, What::New),
            (Some((name, _)), None) => put(name, What::Gone),
            (None, None) => {}
        }
    }
    changes
}

/// The cases of either tree that come out otherwise. A case that one side cannot decide is not compared.
pub fn turned(old: &Catalogue, new: &Catalogue, cases: &[Trial]) -> Vec<Turned> {
    let decide = |catalogue: &Catalogue, case: &Trial| {
        Decider::new(catalogue)
            .supposing(case.parameters.clone())
            .decide(&case.benefit, &case.facts, case.as_of, case.known_on)
            .ok()
    };
    let mut found: Vec<Turned> = Vec::new();
    for case in cases {
        let (Some(was), Some(now)) = (decide(old, case), decide(new, case)) else {
            continue;
        };
        let (was, now) = (said(&was), said(&now));
        let turned = Turned {
            benefit: case.benefit.to_string(),
            case: case.name.to_string(),
            was,
            now,
        };
        if turned.was != turned.now && !found.contains(&turned) {
            found.push(turned);
        }
    }
    found
}

/// A decision in a few words: the outcome, the amount, the condition that decided.
fn said(decision: &Decision) -> String {
    let mut words = decision.outcome.label().to_owned();
    if let Some(amount) = decision.amount_fen {
        words.push_str(&format!("，{}", Money::from_fen(amount)));
    }
    let failing = decision.decided_by.as_ref();
    let failing = decision
        .conditions
        .iter()
        .find(|condition| Some(&condition.id) == failing);
    if let (Outcome::Ineligible, Some(condition)) = (decision.outcome, failing) {
        words.push_str(&format!("（{}）", condition.text));
    }
    words
}

/// A value of a parameter in words: money with its unit, a decimal as a percentage, a code as it is written in files.
pub fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Int(number) => number.to_string(),
        Scalar::Fen(fen) => Money::from_fen(*fen).to_string(),
        Scalar::Decimal(millionths) => percent(*millionths),
        Scalar::Code(code) => code.clone(),
        Scalar::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
        Scalar::Date(day) => day.to_string(),
    }
}

/// A value of a parameter among its others: rates of one series have as many places behind the point, so that 4.20% does
/// not stand beside 3.85% as 4.2%.
pub fn scalar_in_series(parameter: &Parameter, value: &Scalar) -> String {
    let places = |value: &Scalar| match value {
        Scalar::Decimal(_) => {
            let text = scalar(value);
            let digits = text.trim_end_matches('%').split_once('.');
            digits.map_or(0, |(_, digits)| digits.len())
        }
        _ => 0,
    };
    let most = parameter.values.iter().map(|value| places(&value.is)).max();
    let lacks = most.unwrap_or_default().saturating_sub(places(value));
    let text = scalar(value);
    match text.strip_suffix('%') {
        Some(digits) if lacks > 0 => {
            let point = if digits.contains('.') { "" } else { "." };
            format!("{digits}{point}{}%", "0".repeat(lacks))
        }
        _ => text,
    }
}
