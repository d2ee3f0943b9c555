//! The same decision again, from its receipt, its facts and the packs that it names by their hashes.

use std::collections::BTreeMap;

use civil::Day;
use policy::file::Tree;
use serde_json::{Map, Value};

use crate::catalogue::{Catalogue, FORMAT};
use crate::decision::{DecideError, Decider, Decision};
use crate::receipt::{self, canonical, object};

/// A receipt as it is read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The engine that decided.
    pub engine: String,
    /// Id and SM3 of each pack.
    pub packs: Vec<(String, String)>,
    /// The benefit.
    pub benefit: String,
    /// The day decided about.
    pub as_of: Day,
    /// The day known on.
    pub known_on: Day,
    /// SM3 of the facts.
    pub facts_sm3: String,
    /// SM3 of the decision.
    pub decision_sm3: String,
}

impl Receipt {
    /// Out of a receipt, or of a decision that carries one. `None` where a key is absent or of another type.
    pub fn read(value: &Value) -> Option<Self> {
        let receipt = value.get("receipt").unwrap_or(value);
        let text = |key: &str| receipt.get(key)?.as_str().map(str::to_owned);
        let pack = |pack: &Value| {
            let part = |key: &str| pack.get(key)?.as_str().map(str::to_owned);
            Some((part("id")?, part("sm3")?))
        };
        Some(Self {
            engine: text("engine")?,
            packs: receipt
                .get("packs")?
                .as_array()?
                .iter()
                .map(pack)
                .collect::<Option<_>>()?,
            benefit: text("benefit")?,
            as_of: Day::parse(&text("as_of")?).ok()?,
            known_on: Day::parse(&text("known_on")?).ok()?,
            facts_sm3: text("facts_sm3")?,
            decision_sm3: text("decision_sm3")?,
        })
    }
}

/// The canonical bytes of each folder of a tree: its files by path.
pub fn contents(tree: &Tree) -> BTreeMap<String, String> {
    let mut folders: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for path in tree.paths() {
        if let (Some((folder, file)), Some(bytes)) = (path.split_once('/'), tree.bytes(path)) {
            let text = String::from_utf8_lossy(bytes).into_owned();
            folders
                .entry(folder.to_owned())
                .or_default()
                .insert(file.to_owned(), Value::String(text));
        }
    }
    let content = |files| object([("files", Value::Object(files)), ("format", Value::from(FORMAT))]);
    folders
        .into_iter()
        .map(|(folder, files)| (folder, canonical(&content(files))))
        .collect()
}

/// The SM3 of each folder of a tree, over its canonical bytes.
pub fn hashes(tree: &Tree) -> BTreeMap<String, String> {
    contents(tree)
        .into_iter()
        .map(|(folder, content)| (folder, receipt::sm3(content.as_bytes())))
        .collect()
}

/// The files of packs given by their canonical bytes; `None` where one of them is not such.
pub fn tree<'a>(packs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Option<Tree> {
    let mut files: Vec<(String, String)> = Vec::new();
    for (id, content) in packs {
        let content: Value = serde_json::from_str(content).ok()?;
        if content.get("format")?.as_i64()? > FORMAT {
            return None;
        }
        for (path, text) in content.get("files")?.as_object()? {
            files.push((format!("{id}/{path}"), text.as_str()?.to_owned()));
        }
    }
    Some(Tree::from_files(
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())),
    ))
}

/// Decides again as the receipt says, from the packs of `tree` alone. Earlier grants may be of benefits whose packs the
/// decision did not rest on.
///
/// # Errors
/// [`DecideError`] as when deciding for the first time.
pub fn again(tree: &Tree, receipt: &Receipt, facts: &Value) -> Result<Decision, DecideError> {
    let mut catalogue = Catalogue::load(tree);
    let granted = facts.get("history").and_then(Value::as_array).into_iter().flatten();
    let granted = granted.filter_map(|grant| grant.get("benefit")?.as_str().map(str::to_owned));
    catalogue.vocabulary.benefits.extend(granted);
    Decider::new(&catalogue).decide(&receipt.benefit, facts, receipt.as_of, Some(receipt.known_on))
}

/// Where what was given, a whole decision or a receipt alone, is not what the replay came to. All that was given counts,
/// a key that should not be there as much as one that is gone; the name of the engine alone may be another one, since a
/// later program that decides the same is what a replay is for.
pub fn altered(given: &Value, now: &Value) -> Vec<(String, Value, Value)> {
    let (now, engine) = if given.get("receipt").is_some() {
        (now.clone(), "receipt.engine")
    } else {
        (now.get("receipt").cloned().unwrap_or(Value::Null), "engine")
    };
    let mut found = differences(given, &now);
    found.retain(|(path, ..)| path != engine);
    found
}

/// Where two decisions differ: the path, and both values.
pub fn differences(was: &Value, now: &Value) -> Vec<(String, Value, Value)> {
    let mut found = Vec::new();
    compare(String::new(), was, now, &mut found);
    found
}

fn compare(path: String, was: &Value, now: &Value, found: &mut Vec<(String, Value, Value)>) {
    match (was, now) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            for key in keys {
                let inner = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                let side = |map: &Map<String, Value>| map.get(key).cloned().unwrap_or(Value::Null);
                compare(inner, &side(a), &side(b), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                compare(format!("{path}[{at}]"), a, b, found);
            }
        }
        (was, now) if was == now => {}
        (was, now) => found.push((path, was.clone(), now.clone())),
    }
}
