//! The honest registry of what the packs model and how well: every benefit with its status, conditions, cases, open
//! readings and clauses left to a person; and the open readings of each document as questions.

use policy::Pack;
use policy::benefit::{Benefit, Reading, Right, Status};
use policy::file::Tree;
use serde_json::{Value, json};

use crate::benefit::Version;
use crate::catalogue::{self, Catalogue};
use crate::engine::Engine;
use crate::trial;

/// One benefit of the registry.
#[derive(Debug)]
pub struct Entry<'c> {
    /// The benefit.
    pub benefit: &'c Benefit,
    /// Conditions as compiled, declared ones too; `None` where the file has a mistake.
    pub conditions: Option<usize>,
    /// Cases that prove it.
    pub cases: usize,
}

impl Entry<'_> {
    /// True where the document states every condition and amount.
    pub fn is_computable(&self) -> bool {
        self.benefit.status == Status::Computable
    }

    /// Readings that nobody has confirmed.
    pub fn open_readings(&self) -> usize {
        open_readings(self.benefit).count()
    }
}

/// What is counted of one benefit once, when the packs are loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Conditions as compiled; `None` where the file has a mistake.
    pub conditions: Option<usize>,
    /// Cases that prove it.
    pub cases: usize,
}

/// Counts every benefit of the catalogue, in its order. `tree` is what the catalogue was loaded from; its cases are read
/// anew, and every benefit is compiled.
pub fn count(catalogue: &Catalogue, tree: &Tree) -> Vec<Count> {
    let (trials, _) = trial::load(catalogue, tree);
    let (engine, _) = Engine::compile(catalogue, catalogue.latest_known(), None);
    let compiled = |benefit: &Benefit| -> Option<&Version> {
        let versions = engine.benefits.get(benefit.id.as_str())?;
        versions.iter().find(|version| version.benefit.pack == benefit.pack)
    };
    catalogue
        .benefits
        .all()
        .map(|benefit| Count {
            conditions: compiled(benefit).map(|version| version.conditions.len()),
            cases: trials.iter().filter(|trial| *trial.benefit == *benefit.id).count(),
        })
        .collect()
}

/// Every benefit of the catalogue with its counts.
pub fn entries<'c>(catalogue: &'c Catalogue, counts: &[Count]) -> Vec<Entry<'c>> {
    catalogue
        .benefits
        .all()
        .zip(counts)
        .map(|(benefit, count)| Entry {
            benefit,
            conditions: count.conditions,
            cases: count.cases,
        })
        .collect()
}

/// What the right of a benefit is called.
pub fn right_word(right: Right) -> &'static str {
    match right {
        Right::Entitlement => "应给予",
        Right::Discretionary => "可给予",
        Right::Directive => "须另行落实",
    }
}

/// What the status of a benefit is called.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Computable => "可计算",
        Status::Delegated => "待定",
    }
}

fn open_readings(benefit: &Benefit) -> impl Iterator<Item = &Reading> {
    benefit.readings.iter().filter(|reading| reading.confirmed.is_none())
}

/// The counts of some benefits in one line.
pub fn summary(entries: &[&Entry<'_>]) -> String {
    let count = |test: &dyn Fn(&Entry<'_>) -> bool| entries.iter().filter(|entry| test(entry)).count();
    let computed = count(&|entry: &Entry<'_>| entry.is_computable());
    let share = (computed * 1000).checked_div(entries.len()).unwrap_or_default();
    format!(
        "补贴项目 {} 项，可计算 {computed} 项（{}.{}%），待定 {} 项；条件 {} 个，案例 {} 个，待确认口径 {} 个，扶持政策中需人工判断条款 {} 条",
        entries.len(),
        share / 10,
        share % 10,
        entries.len() - computed,
        entries.iter().filter_map(|entry| entry.conditions).sum::<usize>(),
        entries.iter().map(|entry| entry.cases).sum::<usize>(),
        entries.iter().map(|entry| entry.open_readings()).sum::<usize>(),
        entries
            .iter()
            .map(|entry| entry.benefit.untranslated.len())
            .sum::<usize>(),
    )
}

/// The registry as JSON: what `leye policy status --json` prints.
pub fn to_json(catalogue: &Catalogue, entries: &[Entry<'_>]) -> Value {
    let packs: Vec<Value> = catalogue
        .library
        .packs
        .keys()
        .map(|id| {
            let own: Vec<&Entry<'_>> = entries.iter().filter(|entry| entry.benefit.pack == *id).collect();
            json!({
                "id": id,
                "benefits": own.len(),
                "computable": own.iter().filter(|entry| entry.is_computable()).count(),
            })
        })
        .collect();
    let benefits: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let benefit = entry.benefit;
            json!({
                "id": benefit.id.as_str(),
                "pack": benefit.pack,
                "name": benefit.name,
                "item": benefit.cite.item.as_str(),
                "status": if entry.is_computable() { "computable" } else { "delegated" },
                "right": match benefit.right {
                    Right::Entitlement => "entitlement",
                    Right::Discretionary => "discretionary",
                    Right::Directive => "directive",
                },
                "channel": benefit.channel,
                "payee": benefit.payee,
                "conditions": entry.conditions,
                "cases": entry.cases,
                "open_readings": entry.open_readings(),
                "untranslated": benefit.untranslated.len(),
                "open": benefit.open.iter().map(|open| json!({"what": open.what, "set_by": open.set_by})).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({"format": catalogue::FORMAT, "packs": packs, "benefits": benefits})
}

/// A question about one benefit of an item.
#[derive(Debug)]
pub struct Question<'c> {
    /// The benefit.
    pub benefit: &'c Benefit,
    /// The reading.
    pub reading: &'c Reading,
}

/// The open readings of a pack's benefits in the order of its items.
pub fn questions<'c>(catalogue: &'c Catalogue, pack: &Pack) -> Vec<Question<'c>> {
    let place = |benefit: &Benefit| pack.tasks.iter().position(|task| *task.id == *benefit.cite.item);
    let mut found: Vec<Question<'c>> = catalogue
        .benefits
        .all()
        .filter(|benefit| benefit.pack == pack.id())
        .flat_map(|benefit| {
            benefit
                .readings
                .iter()
                .map(move |reading| Question { benefit, reading })
        })
        .filter(|question| question.reading.confirmed.is_none())
        .collect();
    found.sort_by_key(|question| (place(question.benefit), question.benefit.id.to_string()));
    found
}
