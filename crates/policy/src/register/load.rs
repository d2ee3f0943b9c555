//! `shared/registers.toml`.

use std::collections::{BTreeMap, BTreeSet};

use civil::Day;

use super::{Choose, Column, ColumnType, OfId, Register, Registers, check};
use crate::check::is_kebab_case;
use crate::fact::{CodeList, Dictionary, ENTITIES, Fact, FactType, code_lists, fact_type};
use crate::file::{Diagnostics, Located, Table, Tree, meant};

/// Where the registers stand.
const PATH: &str = "shared/registers.toml";
/// What takes the facts of an entity that no other register takes.
const REST: &str = "*";
/// The entity of earlier grants, which has no facts of its own.
const HISTORY: &str = "history";

/// Reads the registers; without the file there are none, and nothing is reported.
pub fn load(tree: &Tree, dictionary: &Dictionary, diagnostics: &Diagnostics) -> Registers {
    let Some(mut table) = tree
        .open(PATH, diagnostics)
        .and_then(|file| Table::of_file(&file, diagnostics))
    else {
        return Registers::default();
    };
    let mut lists: BTreeMap<String, CodeList> = dictionary
        .lists()
        .map(|(name, list)| (name.to_owned(), list.clone()))
        .collect();
    if let Some(codes) = table.table("codes") {
        for (name, list) in code_lists(codes) {
            if lists.insert(name.to_string(), list).is_some() {
                name.report(
                    diagnostics,
                    format!("选项表“{}”写了两次", *name),
                    "信息项表中已有的直接引用",
                );
            }
        }
    }
    let mut drafts: Vec<Draft> = Vec::new();
    for entry in table.tables("register") {
        if let Some(draft) = register(entry, dictionary, &lists) {
            if drafts.iter().any(|known| *known.id == *draft.id) {
                draft
                    .id
                    .report(diagnostics, format!("数据表“{}”写了两次", *draft.id), "请删去一处");
            } else {
                drafts.push(draft);
            }
        }
    }
    let here = table.here();
    table.finish();
    take_facts(&mut drafts, dictionary, diagnostics);
    check::registers(&drafts, diagnostics);
    check::facts(&drafts, dictionary, &here, diagnostics);
    Registers {
        registers: drafts
            .into_iter()
            .map(|draft| (draft.id.to_string(), draft.register))
            .collect(),
        lists,
    }
}

/// A register with the places that checks point at.
pub(super) struct Draft {
    pub(super) id: Located<String>,
    pub(super) register: Register,
    pub(super) key: Vec<Located<String>>,
    pub(super) month_of: Option<Located<String>>,
    pub(super) choose_by: Option<Located<String>>,
    /// Entity and source label of the facts it takes.
    facts_of: Vec<(String, Located<String>)>,
    /// Names of other columns or registers, by column.
    pub(super) references: Vec<Reference>,
}

/// A name that must exist.
pub(super) struct Reference {
    pub(super) column: String,
    pub(super) name: Located<String>,
    /// A register, not a column.
    pub(super) to_register: bool,
}

fn register(mut table: Table<'_>, dictionary: &Dictionary, lists: &BTreeMap<String, CodeList>) -> Option<Draft> {
    let diagnostics = table.diagnostics();
    table.require(&["id", "label", "entity", "about", "key"]);
    let (id, label, entity, about) = (
        table.text("id"),
        table.text("label"),
        table.text("entity"),
        table.text("about"),
    );
    let key = table.texts("key");
    let month_of = table.text("month_of");
    let choose = table.table("choose").and_then(choose);
    let facts_of = table.tables("facts_of").into_iter().flat_map(facts_of).collect();
    let mut references = Vec::new();
    let columns = table
        .tables("columns")
        .into_iter()
        .filter_map(|entry| column(entry, dictionary, lists, &mut references))
        .collect();
    table.finish();
    let (id, entity) = (id?, entity?);
    if !is_kebab_case(&id) {
        id.report(
            diagnostics,
            format!("数据表编号“{}”不合规范", *id),
            "只用小写英文字母、数字和单个“-”",
        );
    }
    if !ENTITIES.contains(&entity.as_str()) && *entity != HISTORY {
        let known = ENTITIES.iter().copied().chain([HISTORY]);
        entity.report(diagnostics, format!("没有“{}”这类对象", *entity), meant(&entity, known));
    }
    let register = Register {
        id: id.to_string(),
        label: label.map_or_else(String::new, Located::into_value),
        entity: entity.into_value(),
        about: about.map_or_else(String::new, Located::into_value),
        key: key.iter().map(|id| id.to_string()).collect(),
        month_of: month_of.as_ref().map(|id| id.to_string()),
        choose: choose.as_ref().map(|(by, greatest)| Choose {
            by: by.to_string(),
            greatest: *greatest,
        }),
        columns,
    };
    Some(Draft {
        id,
        register,
        key,
        month_of,
        choose_by: choose.map(|(by, _)| by),
        facts_of,
        references,
    })
}

fn choose(mut table: Table<'_>) -> Option<(Located<String>, bool)> {
    table.require(&["by", "take"]);
    let by = table.text("by");
    let greatest = table.word("take", &[("least", false), ("greatest", true)]);
    table.finish();
    Some((by?, *greatest?))
}

fn facts_of(mut table: Table<'_>) -> Vec<(String, Located<String>)> {
    let diagnostics = table.diagnostics();
    table.require(&["entity", "from"]);
    let (entity, from) = (table.text("entity"), table.texts("from"));
    table.finish();
    let Some(entity) = entity else { return Vec::new() };
    if !ENTITIES.contains(&entity.as_str()) {
        entity.report(
            diagnostics,
            format!("没有“{}”这类对象", *entity),
            meant(&entity, ENTITIES.iter().copied()),
        );
    }
    from.into_iter().map(|label| (entity.to_string(), label)).collect()
}

fn column(
    mut table: Table<'_>,
    dictionary: &Dictionary,
    lists: &BTreeMap<String, CodeList>,
    references: &mut Vec<Reference>,
) -> Option<Column> {
    let diagnostics = table.diagnostics();
    let mut column = if let Some(name) = table.text("fact") {
        let Some(fact) = dictionary.fact(&name) else {
            name.report(diagnostics, format!("没有信息项“{}”", *name), dictionary.meant(&name));
            return None;
        };
        if fact.derived {
            name.report(
                diagnostics,
                format!("信息项“{}”是推算的", *name),
                "推算的信息项不在数据表中填报",
            );
        }
        of_fact(fact)
    } else {
        table.require(&["id", "type", "label"]);
        let id = table.text("id");
        let kind = kind(&mut table, lists);
        let label = table.text("label");
        let (id, kind) = (id?, kind?);
        check::column_id(&id, &kind, diagnostics);
        Column {
            id: id.into_value(),
            kind,
            label: label.map_or_else(String::new, Located::into_value),
            also: Vec::new(),
            field: None,
            unit: table.text("unit").map(Located::into_value),
            required: false,
            fact: None,
            least: None,
            most: None,
            refers: None,
            of_id: None,
            not_before: None,
        }
    };
    column.also = table.texts("also").into_iter().map(Located::into_value).collect();
    column.field = table.text("field").map(Located::into_value);
    column.required = table.flag("required").is_some_and(|flag| *flag);
    if matches!(
        column.kind,
        ColumnType::Value(FactType::Int | FactType::Fen | FactType::Decimal)
    ) {
        column.least = Some("0".to_owned());
    }
    for (key, bound) in [("least", &mut column.least), ("most", &mut column.most)] {
        if let Some(text) = table.text(key) {
            check_bound(&text, &column.kind, diagnostics);
            *bound = Some(text.into_value());
        }
    }
    column.of_id = table
        .word("of_id", &[("birth", OfId::Birth), ("sex", OfId::Sex)])
        .map(Located::into_value);
    for (key, to_register) in [("refers", true), ("not_before", false)] {
        if let Some(name) = table.text(key) {
            let target = Some(name.to_string());
            if to_register {
                column.refers = target;
            } else {
                column.not_before = target;
            }
            references.push(Reference {
                column: column.id.clone(),
                name,
                to_register,
            });
        }
    }
    table.finish();
    Some(column)
}

/// The column that a fact is: a count or an amount is never below nothing.
fn of_fact(fact: &Fact) -> Column {
    let least = matches!(fact.kind, FactType::Int | FactType::Fen | FactType::Decimal).then(|| "0".to_owned());
    Column {
        id: fact.name.split_once('.').map_or("", |(_, id)| id).to_owned(),
        kind: ColumnType::Value(fact.kind.clone()),
        label: fact.label.clone(),
        also: Vec::new(),
        field: None,
        unit: fact.unit.clone(),
        required: false,
        fact: Some(fact.name.clone()),
        least,
        most: None,
        refers: None,
        of_id: None,
        not_before: None,
    }
}

fn kind(table: &mut Table<'_>, lists: &BTreeMap<String, CodeList>) -> Option<ColumnType> {
    match table.take_if_word("type", &WORDS) {
        Some(kind) => Some(kind),
        None => fact_type(table, lists).map(ColumnType::Value),
    }
}

/// Types that facts do not have.
const WORDS: [(&str, ColumnType); 7] = [
    ("text", ColumnType::Text),
    ("resident-id", ColumnType::ResidentId),
    ("credit-code", ColumnType::CreditCode),
    ("account", ColumnType::Account),
    ("name", ColumnType::Name),
    ("phone", ColumnType::Phone),
    ("benefit", ColumnType::Benefit),
];

fn check_bound(text: &Located<String>, kind: &ColumnType, diagnostics: &Diagnostics) {
    let number = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
    };
    let fits = match kind {
        ColumnType::Value(FactType::Int | FactType::Fen | FactType::Decimal) => number(text),
        ColumnType::Value(FactType::Date) => Day::parse(text).is_ok(),
        _ => false,
    };
    if !fits {
        text.report(
            diagnostics,
            format!("“{}”不能作为{}的范围", **text, kind.label()),
            "数和金额（元）写加引号的数，日期写如 \"1940-01-01\"，其他类型不写范围",
        );
    }
}

/// Gives every register the facts of the sources it names, and the rest of an entity's to the one that takes `*`.
fn take_facts(drafts: &mut [Draft], dictionary: &Dictionary, diagnostics: &Diagnostics) {
    let mut takers: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        for (entity, label) in &draft.facts_of {
            if let Some(first) = takers.insert((entity.clone(), label.to_string()), index) {
                let other = drafts.get(first).map_or("", |draft| draft.id.as_str());
                label.report(
                    diagnostics,
                    format!("来源“{}”的信息项已由数据表 {other} 收下", **label),
                    "每个来源只归一张数据表",
                );
            }
        }
    }
    let written: BTreeSet<String> = drafts
        .iter()
        .flat_map(|draft| &draft.register.columns)
        .filter_map(|column| column.fact.clone())
        .collect();
    for fact in dictionary
        .facts()
        .filter(|fact| !fact.derived && !written.contains(&fact.name))
    {
        let entity = fact.entity().to_owned();
        let taker = takers
            .get(&(entity.clone(), fact.register.clone()))
            .or_else(|| takers.get(&(entity, REST.to_owned())));
        if let Some(draft) = taker.and_then(|index| drafts.get_mut(*index)) {
            draft.register.columns.push(of_fact(fact));
        }
    }
}
