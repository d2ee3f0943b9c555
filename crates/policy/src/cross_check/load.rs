//! The files of `checks/`.

use std::collections::BTreeMap;

use super::reason::Reason;
use super::{COLUMNS, CrossCheck, CrossChecks, SUBJECT, reads};
use crate::benefit::PER;
use crate::check::kebab_case;
use crate::fact::Dictionary;
use crate::file::{Diagnostics, Located, Place, Table, Tree, meant};
use crate::register::Registers;

/// The folder of checks that hold everywhere.
const SHARED: &str = "shared";
/// What stands between a folder and the name of a check's file.
const FOLDER: &str = "/checks/";

/// Reads all checks; one that is not complete is reported and left out.
pub fn load(tree: &Tree, registers: &Registers, dictionary: &Dictionary, diagnostics: &Diagnostics) -> CrossChecks {
    let mut checks: BTreeMap<String, CrossCheck> = BTreeMap::new();
    let mut places: BTreeMap<String, Place> = BTreeMap::new();
    for path in tree.paths().filter(|path| path.contains(FOLDER)) {
        let Some(table) = tree
            .open(path, diagnostics)
            .and_then(|file| Table::of_file(&file, diagnostics))
        else {
            continue;
        };
        let Some(check) = check(table, path, registers, dictionary, diagnostics) else {
            continue;
        };
        if let Some(first) = places.get(check.id.as_str()) {
            check.id.report(
                diagnostics,
                format!("疑点编号“{}”重复", *check.id),
                format!("第一次出现在 {first}"),
            );
            continue;
        }
        places.insert(check.id.to_string(), check.id.place());
        checks.insert(check.id.to_string(), check);
    }
    CrossChecks(checks)
}

fn check(
    mut table: Table<'_>,
    path: &str,
    registers: &Registers,
    dictionary: &Dictionary,
    diagnostics: &Diagnostics,
) -> Option<CrossCheck> {
    table.require(&["id", "label", "about", "order", "question", "reason", "reads", "sql"]);
    let (id, label, question) = (table.text("id"), table.text("label"), table.text("question"));
    let words: Vec<(&str, &'static str)> = PER.iter().map(|word| (*word, *word)).collect();
    let about = table.word("about", &words);
    let order = table.integer("order");
    let reason_text = table.text("reason");
    let basis = table.text("basis").map(Located::into_value);
    let reads = table
        .table("reads")
        .map(|inner| reads::reads(inner, registers, dictionary, diagnostics));
    let sql = table.text("sql");
    table.finish();
    let (folder, file) = path.split_once(FOLDER)?;
    if let Some(id) = &id {
        kebab_case(id, "id", diagnostics);
        let expected = file.strip_suffix(".toml").unwrap_or(file);
        if **id != *expected {
            id.report(
                diagnostics,
                format!("疑点编号“{}”与文件名“{file}”不一致", **id),
                "文件名应为编号加 .toml",
            );
        }
    }
    let reason = reason_text.as_ref().and_then(|text| Reason::read(text, diagnostics));
    if let (Some(reason), Some(text), Some(sql)) = (&reason, &reason_text, &sql) {
        named(reason, text, sql, diagnostics);
    }
    Some(CrossCheck {
        pack: (folder != SHARED).then(|| folder.to_owned()),
        id: id?,
        label: label?.into_value(),
        about: *about?,
        order: *order?,
        question: question?.into_value(),
        reason: reason?,
        basis,
        reads: reads?,
        sql: sql?,
    })
}

/// What the reason shows and what every result must have should at least stand in the query; whether the query gives
/// them is found out by planning it.
fn named(reason: &Reason, text: &Located<String>, sql: &Located<String>, diagnostics: &Diagnostics) {
    let words: Vec<&str> = sql
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    for column in reason.columns().filter(|column| !words.contains(column)) {
        text.report(
            diagnostics,
            format!("查询中没有名为“{column}”的列"),
            meant(column, words.iter().copied()),
        );
    }
    if !words.contains(&SUBJECT) {
        sql.report(
            diagnostics,
            format!("查询没有给出 {SUBJECT}"),
            format!("查询结果必须有这一列；可有的还有 {}", COLUMNS[1..].join("、")),
        );
    }
}
