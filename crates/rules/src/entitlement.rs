//! What one case may have in a region: every benefit of the region and of the regions it lies in, and how it stands.
//!
//! A benefit whose window has closed is 已到期, never 不符合; one that a document only allows is never shown as a right.

use std::collections::BTreeSet;
use std::ops::Deref;

use civil::Day;
use policy::benefit::{Benefit, Right};
use serde_json::{Map, Value};

use crate::benefit::{CLAIM_UNTIL, EFFECTIVE, OUTSIDE};
use crate::case::CaseError;
use crate::catalogue::{Catalogue, FORMAT};
use crate::decision::{Decision, Outcome, Reason, Survey};
use crate::receipt::object;

/// How a benefit stands for a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// 初步符合.
    Eligible,
    /// 待核实: something is missing.
    Undetermined,
    /// 暂不符合: a condition does not hold.
    Ineligible,
    /// 已到期: its window has closed; for what happened within it a case may still say its date.
    Expired,
    /// A power of an authority without a local rule: no right.
    Discretionary,
    /// An order to carry out what stands elsewhere: nobody can claim from this text alone.
    Directive,
    /// Nothing is known of what it is about.
    NoInformation,
}

impl Standing {
    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Undetermined => "undetermined",
            Self::Ineligible => "ineligible",
            Self::Expired => "expired",
            Self::Discretionary => "discretionary",
            Self::Directive => "directive",
            Self::NoInformation => "no-information",
        }
    }

    /// Its heading on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Eligible => "初步符合",
            Self::Undetermined => "待核实",
            Self::Ineligible => "暂不符合",
            Self::Expired => "已到期",
            Self::Discretionary => "待核实：是否给予须由有权决定的部门规定",
            Self::Directive => "待核实：须依据另行规定办理",
            Self::NoInformation => "待核实：尚无相关信息",
        }
    }

    /// All, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Eligible,
        Self::Undetermined,
        Self::Ineligible,
        Self::Expired,
        Self::Discretionary,
        Self::Directive,
        Self::NoInformation,
    ];
}

/// One benefit for one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Entitlement {
    /// How it stands.
    pub standing: Standing,
    /// What the verb of the text gives.
    pub right: Right,
    /// The last day of the window that has closed.
    pub expired_on: Option<Day>,
    /// The decision with every condition.
    pub decision: Decision,
}

/// The benefits of one region, compiled; answers for any number of cases. `C` is the catalogue, borrowed or shared.
#[derive(Debug)]
pub struct Entitlements<C> {
    region: String,
    survey: Survey<C>,
}

/// The benefits of a region's own documents and of the regions it lies in, by id. `region` has 6, 9 or 12 digits.
pub fn benefits_of<'c>(catalogue: &'c Catalogue, region: &str) -> BTreeSet<&'c str> {
    let county = region.get(..6).unwrap_or(region);
    let here = |benefit: &&Benefit| {
        let pack = catalogue.library.packs.get(&benefit.pack);
        let of = pack.and_then(|pack| pack.policy.region.as_ref());
        of.is_some_and(|of| catalogue.library.regions.is_within(county, of))
    };
    catalogue
        .benefits
        .all()
        .filter(here)
        .map(|benefit| benefit.id.as_str())
        .collect()
}

impl<C: Deref<Target = Catalogue>> Entitlements<C> {
    /// Compiles the benefits of a region as they were known on `known_on`.
    pub fn new(catalogue: C, region: &str, known_on: Day) -> Self {
        let benefits: Vec<String> = benefits_of(&catalogue, region).into_iter().map(str::to_owned).collect();
        Self::among(catalogue, region, known_on, benefits.iter().map(String::as_str))
    }

    /// The same for some benefits of the region alone.
    pub fn among<'a>(catalogue: C, region: &str, known_on: Day, benefits: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            region: region.to_owned(),
            survey: Survey::new(catalogue, known_on, benefits),
        }
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &Catalogue {
        self.survey.catalogue()
    }

    /// The survey beneath, with the facts as it takes them: for choosing questions.
    pub(crate) fn survey(&mut self, facts: &Value) -> (&mut Survey<C>, Value) {
        let (facts, _) = placed(facts, &self.region);
        (&mut self.survey, facts)
    }

    /// Every benefit for one case. Where the case names no place, the region asked about is taken for where it is
    /// claimed, and each decision says that it was assumed. A parent's benefit whose place a benefit of the region takes
    /// is left out: that one stands for it.
    ///
    /// # Errors
    /// [`CaseError`] where the facts do not fit the dictionary.
    pub fn of(&mut self, facts: &Value, as_of: Day) -> Result<Vec<Entitlement>, CaseError> {
        let (facts, assumed) = placed(facts, &self.region);
        let decisions = self.survey.decide(&facts, as_of)?;
        let decisions = decisions.into_iter().filter(|decision| !is_replaced(decision));
        let mut list: Vec<Entitlement> = decisions
            .map(|mut decision| {
                if assumed {
                    decision.assumed.push("claim.region".to_owned());
                }
                let right = right(self.survey.catalogue(), &decision);
                let expired_on = decision.conditions.iter().find_map(|condition| condition.closed);
                let expired_on = expired_on.or_else(|| lapsed(self.survey.catalogue(), &decision));
                Entitlement {
                    standing: standing(&decision, right, expired_on),
                    right,
                    expired_on,
                    decision,
                }
            })
            .collect();
        list.sort_by_key(|one| one.standing);
        Ok(list)
    }
}

/// The facts with `claim.region`, and whether it had to be added.
fn placed(facts: &Value, region: &str) -> (Value, bool) {
    let mut facts = facts.clone();
    let Some(entities) = facts.as_object_mut() else {
        return (facts, false);
    };
    let claim = entities.entry("claim").or_insert_with(|| Value::Object(Map::new()));
    let Some(claim) = claim.as_object_mut().filter(|claim| !claim.contains_key("region")) else {
        return (facts, false);
    };
    claim.insert("region".to_owned(), Value::from(region));
    (facts, true)
}

fn right(catalogue: &Catalogue, decision: &Decision) -> Right {
    let versions = catalogue.benefits.versions(&decision.benefit);
    if let [only] = versions {
        return only.right;
    }
    let used = versions.iter().find(|benefit| benefit.version() == decision.version);
    used.or(versions.first())
        .map_or(Right::Directive, |benefit| benefit.right)
}

fn standing(decision: &Decision, right: Right, expired_on: Option<Day>) -> Standing {
    match decision.outcome {
        _ if expired_on.is_some() => Standing::Expired,
        Outcome::Eligible => Standing::Eligible,
        Outcome::Ineligible => Standing::Ineligible,
        Outcome::Undetermined if decision.reason == Some(Reason::Discretionary) => Standing::Discretionary,
        Outcome::Undetermined if right == Right::Directive => Standing::Directive,
        Outcome::Undetermined if !is_touched(decision) => Standing::NoInformation,
        Outcome::Undetermined => Standing::Undetermined,
    }
}

/// True where the case lies in the circle that a child region's own benefit covers.
fn is_replaced(decision: &Decision) -> bool {
    let mut conditions = decision.conditions.iter();
    conditions.any(|condition| condition.id.starts_with(OUTSIDE) && condition.result == Some(false))
}

/// The last day of a window that is over on the day asked about, where the case does not say the date by which it is
/// judged: nothing new can be had any more. Of several versions all must be over.
fn lapsed(catalogue: &Catalogue, decision: &Decision) -> Option<Day> {
    let is_open = |id: &str| {
        let mut conditions = decision.conditions.iter();
        conditions.any(|condition| condition.id == id && condition.result.is_none())
    };
    let end = |benefit: &Benefit| {
        let windows = [(EFFECTIVE, &benefit.effective), (CLAIM_UNTIL, &benefit.claim_until)];
        let ends = windows.into_iter().filter(|(id, _)| is_open(id));
        let ends = ends.filter_map(|(_, window)| window.as_ref()?.to);
        ends.filter(|to| *to < decision.as_of).min()
    };
    let versions = catalogue.benefits.versions(&decision.benefit).iter();
    let ends: Option<Vec<Day>> = versions.map(end).collect();
    ends?.into_iter().max()
}

/// True where the case says anything of what the benefit looks at, its place and its claim aside; a benefit that looks
/// at nothing else is touched by everybody.
fn is_touched(decision: &Decision) -> bool {
    let own: Vec<&Value> = decision
        .conditions
        .iter()
        .flat_map(|condition| &condition.facts)
        .filter(|(name, _)| !name.starts_with("claim.") && !name.starts_with("history.") && !name.ends_with(".region"))
        .map(|(_, value)| value)
        .collect();
    own.is_empty() || own.iter().any(|value| !value.is_null())
}

/// The list by the contract of `entitlements --json`.
pub fn to_json(region: &str, as_of: Day, known_on: Day, list: &[Entitlement]) -> Value {
    object([
        ("format", Value::from(FORMAT)),
        ("region", Value::from(region)),
        ("as_of", Value::from(as_of.to_string())),
        ("known_on", Value::from(known_on.to_string())),
        ("benefits", Value::Array(list.iter().map(one_json).collect())),
    ])
}

fn one_json(one: &Entitlement) -> Value {
    let decision = &one.decision;
    let whole = decision.to_json();
    let part = |key: &str| whole.get(key).cloned().unwrap_or(Value::Null);
    let deciding = decision.decided_by.as_ref().and_then(|id| {
        let conditions = whole.get("conditions")?.as_array()?;
        conditions
            .iter()
            .find(|condition| condition.get("id") == Some(&Value::from(id.as_str())))
    });
    let right = match one.right {
        Right::Entitlement => "entitlement",
        Right::Discretionary => "discretionary",
        Right::Directive => "directive",
    };
    object([
        ("benefit", part("benefit")),
        ("name", Value::from(decision.name.as_str())),
        ("version", part("version")),
        ("standing", Value::from(one.standing.word())),
        ("right", Value::from(right)),
        ("outcome", part("outcome")),
        ("amount_fen", part("amount_fen")),
        ("months", part("months")),
        ("loan", part("loan")),
        ("payee", part("payee")),
        ("channel", part("channel")),
        ("decided_by", deciding.cloned().unwrap_or(Value::Null)),
        ("missing", part("missing")),
        ("assumed", part("assumed")),
        ("eligible_from", part("eligible_from")),
        (
            "expired_on",
            one.expired_on.map_or(Value::Null, |day| Value::from(day.to_string())),
        ),
        ("receipt", part("receipt")),
    ])
}
