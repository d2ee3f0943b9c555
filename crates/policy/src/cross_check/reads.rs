//! What a check says it reads: tables and columns that must be there.

use std::collections::BTreeMap;

use super::{BENEFIT, ELIGIBLE, EXCLUSION, FLAT};
use crate::benefit::PER;
use crate::fact::Dictionary;
use crate::file::{Diagnostics, Located, Table, meant};
use crate::register::Registers;

/// Tables that no register is, with their columns: what the run found, and what the packs say of benefits.
pub const GIVEN: [(&str, &[&str]); 3] = [
    (
        ELIGIBLE,
        &[
            "benefit", "per", "key", "person_key", "household_no", "employer_key", "institution_key", "on_date",
            "months", "amount_fen",
        ],
    ),
    (BENEFIT, &["id", "name", "kind", "payee", "per", "monthly"]),
    (EXCLUSION, &["benefit", "other"]),
];

/// The columns of a given table.
pub fn given_columns(table: &str) -> Option<&'static [&'static str]> {
    GIVEN
        .iter()
        .find(|(name, _)| *name == table)
        .map(|(_, columns)| *columns)
}

/// Reads `[reads]`: a table a key, its columns the value.
pub(super) fn reads(
    table: Table<'_>,
    registers: &Registers,
    dictionary: &Dictionary,
    diagnostics: &Diagnostics,
) -> BTreeMap<String, Vec<String>> {
    let mut reads = BTreeMap::new();
    let names: Vec<Located<String>> = table.keys();
    let mut table = table;
    for name in names {
        let columns = table.texts(&name);
        if columns.is_empty() {
            name.report(
                diagnostics,
                format!("没有写明读取“{}”的哪些列", *name),
                "如 contribution = [\"person\", \"month\"]",
            );
        }
        known(&name, &columns, registers, dictionary, diagnostics);
        let columns = columns.into_iter().map(Located::into_value).collect();
        reads.insert(name.into_value(), columns);
    }
    table.finish();
    reads
}

fn known(
    name: &Located<String>,
    columns: &[Located<String>],
    registers: &Registers,
    dictionary: &Dictionary,
    diagnostics: &Diagnostics,
) {
    if let Some(register) = registers.get(name) {
        let ids: Vec<&str> = register.columns.iter().map(|column| column.id.as_str()).collect();
        named(name, &register.label, columns, &ids, diagnostics);
    } else if let Some(given) = given_columns(name) {
        named(name, name, columns, given, diagnostics);
    } else if let Some(per) = name.strip_prefix(FLAT) {
        if !PER.contains(&per) {
            name.report(
                diagnostics,
                format!("没有“{per}”这种明细"),
                meant(per, PER.iter().copied()),
            );
        }
        // Keys of a flat table are not facts; what is a fact must be one.
        for column in columns.iter().filter(|column| column.contains('.')) {
            if dictionary.fact(column).is_none() {
                column.report(
                    diagnostics,
                    format!("没有信息项“{}”", **column),
                    dictionary.meant(column),
                );
            }
        }
    } else if registers.all().next().is_some() {
        let all: Vec<&str> = registers
            .all()
            .map(|register| register.id.as_str())
            .chain(GIVEN.iter().map(|(given, _)| *given))
            .collect();
        name.report(
            diagnostics,
            format!("没有数据表“{}”", **name),
            meant(name, all.iter().copied()),
        );
    }
}

fn named(table: &str, label: &str, columns: &[Located<String>], known: &[&str], diagnostics: &Diagnostics) {
    for column in columns.iter().filter(|column| !known.contains(&column.as_str())) {
        column.report(
            diagnostics,
            format!("数据表“{table}”（{label}）没有列“{}”", **column),
            meant(column, known.iter().copied()),
        );
    }
}
