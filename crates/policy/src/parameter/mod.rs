//! Dated parameters (政策标准): numbers that a policy sets and a later document may change.

mod load;
mod suppose;

use std::collections::{BTreeMap, BTreeSet};

use civil::Day;

pub use load::{latest_known, load, millionths};
pub(crate) use suppose::suppose;

use crate::fact::FactType;
use crate::file::{Located, nearest};

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scalar {
    /// A whole number.
    Int(i64),
    /// Money in fen.
    Fen(i64),
    /// A decimal in millionths.
    Decimal(i128),
    /// A word of the parameter's code list.
    Code(String),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Date(Day),
}

/// Which clause or publication says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The pack, where a loaded document says it.
    pub document: Option<String>,
    /// The item of that document.
    pub item: Option<String>,
    /// Title, number or page of what is not a loaded pack.
    pub text: Option<String>,
}

impl Source {
    /// In words: 「anshan-2020 第c2项」.
    pub fn words(&self) -> String {
        let document = self.document.as_deref().unwrap_or_default();
        match (&self.item, &self.text) {
            (Some(item), Some(text)) => format!("{document} {}（{text}）", crate::item::words(item)),
            (Some(item), None) => format!("{document} {}", crate::item::words(item)),
            (None, Some(text)) => text.clone(),
            (None, None) => document.to_owned(),
        }
    }
}

/// One value of the series.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The pack that sets it; absent for shared ones.
    pub pack: Option<String>,
    /// First day on which it holds.
    pub from: Day,
    /// Last day on which it holds, where there is one.
    pub to: Option<Day>,
    /// First day on which it could be known.
    pub known_from: Day,
    /// The value.
    pub is: Scalar,
    /// Who says so.
    pub source: Source,
    /// Where it is written.
    pub place: Located<()>,
}

/// A limit that a parent document puts on the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// Least value allowed.
    pub min: Option<Scalar>,
    /// Greatest value allowed.
    pub max: Option<Scalar>,
    /// Who says so.
    pub source: Source,
}

/// A parameter with everything known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name in rules, without `$`.
    pub id: String,
    /// Its name on screen.
    pub name: String,
    /// What kind of value it has.
    pub kind: FactType,
    /// The document or office that should set it.
    pub set_by: String,
    /// Limits.
    pub bounds: Vec<Bound>,
    /// All values, in no order that matters.
    pub values: Vec<Value>,
    /// Values that a reform supposes: each takes the place of every other one from its first to its last day.
    pub supposed: Vec<Value>,
}

impl Parameter {
    /// The value on `day` for the packs of `lineage` (a pack, its parent, …), of what was known on `known_on`. The
    /// nearest pack that says anything wins, then the later `from`, then the later `known_from`. A value takes the place of
    /// all that began before it: where it has ended and none follows, there is none. What a reform supposes goes before
    /// all of them on its days, and leaves the others as they are.
    pub fn on(&self, day: Day, lineage: &[String], known_on: Day) -> Option<&Value> {
        let supposed = self.supposed.iter().filter(|value| {
            value.from <= day && value.to.is_none_or(|to| day <= to) && self.distance(value, lineage).is_some()
        });
        if let Some(value) = supposed.max_by_key(|value| value.from) {
            return Some(value);
        }
        self.values
            .iter()
            .filter(|value| value.known_from <= known_on && value.from <= day)
            .filter_map(|value| Some((self.distance(value, lineage)?, value)))
            .max_by_key(|(distance, value)| (std::cmp::Reverse(*distance), value.from, value.known_from))
            .map(|(_, value)| value)
            .filter(|value| value.to.is_none_or(|to| day <= to))
    }

    /// The days on which the value may change, sorted.
    pub fn turns(&self, lineage: &[String], known_on: Day) -> Vec<Day> {
        let mut days = BTreeSet::new();
        let known = self.values.iter().filter(|value| value.known_from <= known_on);
        for value in known.chain(&self.supposed) {
            if self.distance(value, lineage).is_some() {
                days.insert(value.from);
                days.extend(value.to.and_then(|to| to.add_days(1)));
            }
        }
        days.into_iter().collect()
    }

    fn distance(&self, value: &Value, lineage: &[String]) -> Option<usize> {
        match &value.pack {
            None => Some(usize::MAX),
            Some(pack) => lineage.iter().position(|known| known == pack),
        }
    }
}

/// All parameters by id.
#[derive(Debug, Clone, Default)]
pub struct Parameters(pub BTreeMap<String, Parameter>);

impl Parameters {
    /// The parameter of that id.
    pub fn get(&self, id: &str) -> Option<&Parameter> {
        self.0.get(id)
    }

    /// The name that was probably meant.
    pub fn meant(&self, id: &str) -> String {
        match nearest(id, self.0.keys().map(String::as_str), 1)
            .first()
            .and_then(|best| self.0.get(*best))
        {
            Some(best) => format!("最接近的是“${}”（{}）", best.id, best.name),
            None => "全部政策标准见 policies/shared/parameters".to_owned(),
        }
    }
}
