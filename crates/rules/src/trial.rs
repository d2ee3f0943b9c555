//! Cases of a pack (`cases/*.toml`): given facts, what must come out.
//!
//! ```toml
//! format = 1
//! benefit = "cx-sme-graduate-bonus"
//! [facts]                                   # what all cases share
//! employer = { size = "small" }
//! [[case]]
//! name = "缴费差1个月"
//! as_of = 2020-11-15
//! change = { "employment.insured_months" = 2 }
//! expect = { outcome = "ineligible", decided_by = "insured" }
//! ```
//! `drop` takes facts away, `absent` says that the register was asked and holds nothing, `history` lists earlier grants,
//! `parameters` sets a parameter for this case only (a standard nobody has set yet can be tried that way).

use std::collections::BTreeMap;

use civil::{Day, Money};
use policy::fact::FactType;
use policy::file::{Diagnostic, Diagnostics, Located, Table, Tree, Value as Toml};
use serde_json::{Map, Value};

use crate::catalogue::Catalogue;
use crate::decision::Decider;

/// One case as its file has it.
#[derive(Debug)]
pub struct Trial {
    /// The benefit.
    pub benefit: Located<String>,
    /// What the case shows.
    pub name: Located<String>,
    /// The day decided about.
    pub as_of: Day,
    /// The day known on, where the case sets one.
    pub known_on: Option<Day>,
    /// The facts.
    pub facts: Value,
    /// Parameters set for this case.
    pub parameters: BTreeMap<String, i128>,
    /// What must come out: part of the decision's JSON.
    pub expect: Value,
}

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The benefit.
    pub benefit: String,
    /// The case.
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// What differs: what was expected and what came; empty where all is as expected.
    pub differences: Vec<String>,
}

/// Reads every case file of the tree.
pub fn load(catalogue: &Catalogue, tree: &Tree) -> (Vec<Trial>, Vec<Diagnostic>) {
    let diagnostics = Diagnostics::new();
    let mut trials = Vec::new();
    for path in tree.paths().filter(|path| path.split('/').nth(1) == Some("cases")) {
        if let Some(table) = tree
            .open(path, &diagnostics)
            .and_then(|file| Table::of_file(&file, &diagnostics))
        {
            read_file(catalogue, table, &diagnostics, &mut trials);
        }
    }
    (trials, diagnostics.into_sorted())
}

fn read_file(catalogue: &Catalogue, mut table: Table<'_>, diagnostics: &Diagnostics, trials: &mut Vec<Trial>) {
    table.require(&["benefit", "case"]);
    let benefit = table.text("benefit");
    let shared = table.table("facts").map_or_else(Map::new, object);
    let cases = table.tables("case");
    table.finish();
    let Some(benefit) = benefit else { return };
    if let Err(hint) = catalogue.find(&benefit) {
        benefit.report(diagnostics, format!("没有补贴项目“{}”", *benefit), hint);
        return;
    }
    for case in cases {
        trials.extend(read_case(catalogue, case, &benefit, &shared, diagnostics));
    }
}

fn read_case(
    catalogue: &Catalogue,
    mut case: Table<'_>,
    benefit: &Located<String>,
    shared: &Map<String, Value>,
    diagnostics: &Diagnostics,
) -> Option<Trial> {
    case.require(&["name", "as_of", "expect"]);
    let (name, as_of, known_on) = (case.text("name"), case.date("as_of"), case.date("known_on"));
    let mut facts = shared.clone();
    for name in case.texts("drop") {
        if !place(&mut facts, &name, None) {
            name.report(
                diagnostics,
                format!("[facts] 中没有“{}”", *name),
                "drop 只能去掉 [facts] 中已有的信息项",
            );
        }
    }
    for name in case.texts("absent") {
        place(&mut facts, &name, Some(Value::Null));
    }
    if let Some(change) = case.table("change") {
        for (name, value) in change.into_entries() {
            place(&mut facts, &name, Some(json(value)));
        }
    }
    if let Some(history) = case.take("history") {
        facts.insert("history".to_owned(), json(history));
    }
    let parameters = case
        .table("parameters")
        .map_or_else(BTreeMap::new, |table| parameters(catalogue, table, diagnostics));
    let expect = case.table("expect").map(|table| Value::Object(object(table)));
    case.finish();
    Some(Trial {
        benefit: benefit.clone(),
        name: name?,
        as_of: *as_of?,
        known_on: known_on.map(|day| *day),
        facts: Value::Object(facts),
        parameters,
        expect: expect?,
    })
}

/// Puts `entity.name` into the facts, or takes it away; false where there was nothing to take away.
fn place(facts: &mut Map<String, Value>, name: &str, value: Option<Value>) -> bool {
    let (entity, rest) = name.split_once('.').unwrap_or((name, ""));
    let inner = facts
        .entry(entity.to_owned())
        .or_insert_with(|| Value::Object(Map::new()));
    let Value::Object(inner) = inner else { return false };
    match value {
        Some(value) => {
            inner.insert(rest.to_owned(), value);
            true
        }
        None => inner.remove(rest).is_some(),
    }
}

fn parameters(catalogue: &Catalogue, table: Table<'_>, diagnostics: &Diagnostics) -> BTreeMap<String, i128> {
    let mut set = BTreeMap::new();
    for (id, value) in table.into_entries() {
        let Some(parameter) = catalogue.vocabulary.parameters.get(&id) else {
            let hint = catalogue.vocabulary.parameters.meant(&id);
            id.report(diagnostics, format!("没有政策标准“${}”", *id), hint);
            continue;
        };
        let number = match (&parameter.kind, &value) {
            (FactType::Int, Toml::Integer(number)) => Some(i128::from(**number)),
            (FactType::Fen, Toml::Text(text)) => Money::parse(&format!("{}元", text.as_str()))
                .ok()
                .map(|money| i128::from(money.fen())),
            (FactType::Decimal, Toml::Text(text)) => policy::parameter::millionths(text),
            (FactType::Bool, Toml::Flag(flag)) => Some(i128::from(**flag)),
            (FactType::Date, Toml::Date(day)) => Some(i128::from(crate::day_number(**day))),
            (FactType::Code(list), Toml::Text(text)) => {
                let codes = catalogue.vocabulary.dictionary.list(list);
                codes
                    .and_then(|codes| codes.find(text))
                    .map(|code| i128::from(code.number))
            }
            _ => None,
        };
        match number {
            Some(number) => drop(set.insert(id.into_value(), number)),
            None => id.report(
                diagnostics,
                format!("“${}”的值应为{}", *id, parameter.kind.label()),
                "金额写加引号的元数，比率写 \"50%\"",
            ),
        }
    }
    set
}

fn object(table: Table<'_>) -> Map<String, Value> {
    table
        .into_entries()
        .into_iter()
        .map(|(key, value)| (key.into_value(), json(value)))
        .collect()
}

fn json(value: Toml<'_>) -> Value {
    match value {
        Toml::Text(text) => Value::from(text.into_value()),
        Toml::Integer(number) => Value::from(*number),
        Toml::Decimal(written) => Value::from(written.into_value()),
        Toml::Flag(flag) => Value::from(*flag),
        Toml::Date(day) => Value::from(day.to_string()),
        Toml::List(list) => Value::Array(list.into_value().into_iter().map(json).collect()),
        Toml::Table(table) => Value::Object(object(table)),
    }
}

/// Runs cases one after the other, compiling as little as can be; `keep_on` is asked after each.
pub fn run<'t>(
    catalogue: &Catalogue,
    trials: impl IntoIterator<Item = &'t Trial>,
    mut keep_on: impl FnMut(Verdict) -> bool,
) {
    let mut deciders: BTreeMap<(&BTreeMap<String, i128>, bool), Decider<'_>> = BTreeMap::new();
    for trial in trials {
        let looks_ahead = trial.expect.get("eligible_from").is_some();
        let decider = deciders.entry((&trial.parameters, looks_ahead)).or_insert_with(|| {
            let decider = Decider::new(catalogue).supposing(trial.parameters.clone());
            if looks_ahead {
                decider
            } else {
                decider.without_later_days()
            }
        });
        if !keep_on(trial.run_by(decider)) {
            return;
        }
    }
}

impl Trial {
    /// Runs the case.
    pub fn run(&self, catalogue: &Catalogue) -> Verdict {
        self.run_by(&mut Decider::new(catalogue).supposing(self.parameters.clone()))
    }

    fn run_by(&self, decider: &mut Decider<'_>) -> Verdict {
        let mut differences = Vec::new();
        match decider.decide(&self.benefit, &self.facts, self.as_of, self.known_on) {
            Ok(decision) => compare("", &self.expect, &decision.to_json(), &mut differences),
            Err(error) => differences.push(error.to_string()),
        }
        Verdict {
            benefit: self.benefit.to_string(),
            name: self.name.to_string(),
            place: self.name.place().to_string(),
            differences,
        }
    }
}

/// Every part of `expected` must be in `found`; lists have the same length. The word `null` expects nothing.
fn compare(path: &str, expected: &Value, found: &Value, differences: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                compare(&path, value, found.get(key).unwrap_or(&Value::Null), differences);
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (at, (expected, found)) in expected.iter().zip(found).enumerate() {
                compare(&format!("{path}[{at}]"), expected, found, differences);
            }
        }
        (Value::String(word), Value::Null) if word == "null" => {}
        (expected, found) if expected == found => {}
        (expected, found) => differences.push(format!("{path}：应为 {expected}，得到 {found}")),
    }
}
