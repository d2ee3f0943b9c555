//! Situations (办事情形): by which a citizen or a firm looks for benefits, and which benefits stand under which.
//!
//! A situation says what belongs to it by what benefits are: who is paid, what a claim is about, which facts are asked. A
//! new pack is so found without anybody listing it. Several parts of one `[[situation.where]]` must all fit; one `where`
//! of several is enough.

use crate::benefit::{Benefit, PAYEES, PER};
use crate::fact::Dictionary;
use crate::file::{Diagnostics, Located, Table, Tree, meant};

/// Where the situations stand.
const PATH: &str = "shared/situations.toml";

/// Who looks for benefits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A person, for themselves or their family.
    Person,
    /// A firm or another employer.
    Employer,
    /// An institution, a park, a bank, a government.
    Body,
}

/// One situation.
#[derive(Debug, Clone)]
pub struct Situation {
    /// Its id, as it stands in addresses.
    pub id: Located<String>,
    /// Its name on screen: 失业了.
    pub label: String,
    /// Whom it is for, in one line.
    pub text: String,
    /// Who looks here.
    pub asker: Asker,
    /// What belongs to it.
    pub parts: Vec<Part>,
}

/// What belongs to a situation; an empty list asks for nothing.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Who is paid.
    pub payee: Vec<String>,
    /// What a line of a claim is about.
    pub per: Vec<String>,
    /// Facts of which one is asked: `person.is_graduate`, or all of an entity: `training.*`.
    pub facts: Vec<String>,
    /// Facts of which none is asked.
    pub without: Vec<String>,
    /// Benefits by id.
    pub benefits: Vec<String>,
}

impl Part {
    /// Whether a benefit that asks for these facts belongs here.
    pub fn holds(&self, benefit: &Benefit, facts: &[&str]) -> bool {
        let named = |list: &[String], word: &str| list.is_empty() || list.iter().any(|known| known == word);
        let asks = |list: &[String]| facts.iter().any(|fact| list.iter().any(|pattern| fits(pattern, fact)));
        named(&self.payee, &benefit.payee)
            && named(&self.per, &benefit.per)
            && named(&self.benefits, benefit.id.as_str())
            && (self.facts.is_empty() || asks(&self.facts))
            && !asks(&self.without)
    }
}

/// `training.*` stands for every fact of an entity.
fn fits(pattern: &str, fact: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(entity) => fact.starts_with(entity),
        None => pattern == fact,
    }
}

/// All situations, in the order in which they are shown.
#[derive(Debug, Clone, Default)]
pub struct Situations(pub Vec<Situation>);

impl Situations {
    /// The situation of that id.
    pub fn get(&self, id: &str) -> Option<&Situation> {
        self.0.iter().find(|situation| *situation.id == id)
    }

    /// The situations that a benefit which asks for these facts stands under.
    pub fn of<'s>(&'s self, benefit: &'s Benefit, facts: &'s [&'s str]) -> impl Iterator<Item = &'s Situation> {
        self.0
            .iter()
            .filter(move |situation| situation.parts.iter().any(|part| part.holds(benefit, facts)))
    }
}

/// Reads the situations; without the file there are none. `benefits` are the ids of all benefits.
pub fn load<'b>(
    tree: &Tree,
    dictionary: &Dictionary,
    benefits: impl Iterator<Item = &'b str> + Clone,
    diagnostics: &Diagnostics,
) -> Situations {
    let file = tree.open(PATH, diagnostics);
    let Some(mut table) = file.and_then(|file| Table::of_file(&file, diagnostics)) else {
        return Situations::default();
    };
    let mut situations: Vec<Situation> = Vec::new();
    for entry in table.tables("situation") {
        let Some(situation) = situation(entry, dictionary, benefits.clone()) else {
            continue;
        };
        if situations.iter().any(|known| *known.id == *situation.id) {
            let message = format!("办事情形“{}”写了两次", *situation.id);
            situation.id.report(diagnostics, message, "请删去一处");
            continue;
        }
        situations.push(situation);
    }
    table.finish();
    Situations(situations)
}

fn situation<'b>(
    mut table: Table<'_>,
    dictionary: &Dictionary,
    benefits: impl Iterator<Item = &'b str> + Clone,
) -> Option<Situation> {
    table.require(&["id", "label", "text", "asker", "where"]);
    let (id, label, text) = (table.text("id"), table.text("label"), table.text("text"));
    let words = [
        ("person", Asker::Person),
        ("employer", Asker::Employer),
        ("body", Asker::Body),
    ];
    let asker = table.word("asker", &words);
    let parts = table.tables("where");
    let parts = parts.into_iter().map(|entry| part(entry, dictionary, benefits.clone()));
    let parts = parts.collect();
    table.finish();
    Some(Situation {
        id: id?,
        label: label?.into_value(),
        text: text?.into_value(),
        asker: asker?.into_value(),
        parts,
    })
}

fn part<'b>(mut table: Table<'_>, dictionary: &Dictionary, benefits: impl Iterator<Item = &'b str> + Clone) -> Part {
    let diagnostics = table.diagnostics();
    let known = |list: Vec<Located<String>>, what: &str, words: &[&str]| -> Vec<String> {
        for word in list.iter().filter(|word| !words.contains(&word.as_str())) {
            word.report(
                diagnostics,
                format!("没有{what}“{}”", **word),
                meant(word, words.iter().copied()),
            );
        }
        list.into_iter().map(Located::into_value).collect()
    };
    let facts = |list: Vec<Located<String>>| -> Vec<String> {
        for pattern in &list {
            if !dictionary.facts().any(|fact| fits(pattern, &fact.name)) {
                let message = format!("没有信息项“{}”", **pattern);
                pattern.report(diagnostics, message, dictionary.meant(pattern));
            }
        }
        list.into_iter().map(Located::into_value).collect()
    };
    let ids: Vec<&str> = benefits.collect();
    let part = Part {
        payee: known(table.texts("payee"), "享受对象", PAYEES),
        per: known(table.texts("per"), "申领单位", PER),
        facts: facts(table.texts("facts")),
        without: facts(table.texts("without")),
        benefits: known(table.texts("benefits"), "补贴项目", &ids),
    };
    let empty = part.payee.is_empty() && part.per.is_empty() && part.facts.is_empty() && part.benefits.is_empty();
    if empty {
        let hint = "请写明 payee、per、facts 或 benefits 中的至少一项";
        table.here().report(diagnostics, "没有写明哪些补贴项目归入这里", hint);
    }
    table.finish();
    part
}
