//! The scalar values of a TOML text with their bytes: what a tool needs that changes one literal at a time.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A scalar value of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The keys that lead to it, from the top; lists add nothing.
    pub path: Vec<String>,
    /// Its bytes in the file, quotes included.
    pub span: Range<usize>,
    /// True for a string.
    pub quoted: bool,
}

/// Every scalar value of a TOML text, in the order of the text. A text that does not parse has none.
pub fn leaves(text: &str) -> Vec<Leaf> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut found = Vec::new();
    if errors.is_empty() {
        walk_table(table.get_ref(), &mut Vec::new(), &mut found);
        found.sort_by_key(|leaf| leaf.span.start);
    }
    found
}

fn walk_table(table: &DeTable<'_>, path: &mut Vec<String>, found: &mut Vec<Leaf>) {
    for (key, value) in table {
        path.push(key.get_ref().to_string());
        walk(value, path, found);
        path.pop();
    }
}

fn walk(value: &Spanned<DeValue<'_>>, path: &mut Vec<String>, found: &mut Vec<Leaf>) {
    match value.get_ref() {
        DeValue::Table(table) => walk_table(table, path, found),
        DeValue::Array(list) => list.iter().for_each(|item| walk(item, path, found)),
        scalar => found.push(Leaf {
            path: path.clone(),
            span: value.span(),
            quoted: matches!(scalar, DeValue::String(_)),
        }),
    }
}
