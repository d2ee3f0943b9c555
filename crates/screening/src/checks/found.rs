//! What the query of one check found: its rows in order, each question once.

use std::collections::BTreeSet;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Int64Type};
use arrow_array::{Array as _, RecordBatch};
use policy::cross_check::{self, CrossCheck};

use super::{MOST_HITS, evidence};

/// Rows of one check as they come.
#[derive(Debug, Default)]
pub(super) struct Found {
    rows: Vec<Row>,
}

/// One question. The order of the fields is the order of the file.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) subject: String,
    /// Rows of the run, the first one first.
    pub(super) rows: Vec<String>,
    /// Whom it concerns as much as the subject; by key.
    pub(super) parties: Vec<String>,
    /// Who else has to do with it.
    pub(super) others: Vec<String>,
    pub(super) month: Option<i32>,
    pub(super) evidence: String,
    pub(super) vintage: Option<i64>,
    pub(super) other_vintage: Option<i64>,
}

impl Row {
    /// All whom it concerns, the subject first.
    pub(super) fn sides(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.subject).chain(&self.parties).map(String::as_str)
    }
}

impl Found {
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The keys of all whom it concerns.
    pub(super) fn sides(&self) -> BTreeSet<&str> {
        self.rows.iter().flat_map(Row::sides).collect()
    }

    /// Takes rows; false where there are more than anybody could look into. One without a subject is nobody's.
    pub(super) fn add(&mut self, check: &CrossCheck, batch: &RecordBatch) -> bool {
        let number = |name: &str, row: usize| {
            let column = batch.column_by_name(name)?.as_primitive_opt::<Int64Type>()?;
            column.is_valid(row).then(|| column.value(row))
        };
        let day = |name: &str, row: usize| {
            let column = batch.column_by_name(name)?.as_primitive_opt::<Date32Type>()?;
            column.is_valid(row).then(|| column.value(row))
        };
        for row in 0..batch.num_rows() {
            let Some(subject) = keys(batch, &[cross_check::SUBJECT], row).pop() else {
                continue;
            };
            let mut parties = keys(batch, &[cross_check::PARTY], row);
            parties.retain(|key| *key != subject);
            parties.sort_unstable();
            parties.dedup();
            self.rows.push(Row {
                subject,
                rows: once(keys(batch, &[cross_check::ROW, cross_check::OTHER_ROW], row)),
                parties,
                others: once(keys(batch, &[cross_check::OTHER, cross_check::ANOTHER], row)),
                month: day(cross_check::MONTH, row),
                evidence: evidence::words(&check.reason, batch, row),
                vintage: number(cross_check::VINTAGE, row),
                other_vintage: number(cross_check::OTHER_VINTAGE, row),
            });
        }
        // What is said twice is one question.
        if self.is_too_much() {
            self.settle();
        }
        !self.is_too_much()
    }

    fn is_too_much(&self) -> bool {
        self.rows.len() as u64 > MOST_HITS
    }

    /// Puts the rows in order, each once.
    pub(super) fn settle(&mut self) {
        self.rows.sort_unstable();
        self.rows.dedup();
    }
}

/// The keys that columns hold, each a text or a list of texts, in their order.
fn keys(batch: &RecordBatch, names: &[&str], row: usize) -> Vec<String> {
    let mut keys = Vec::new();
    let columns = names.iter().filter_map(|name| batch.column_by_name(name));
    for column in columns.filter(|column| column.is_valid(row)) {
        if let Some(texts) = column.as_string_opt::<i32>() {
            keys.push(texts.value(row).to_owned());
        } else if let Some(lists) = column.as_list_opt::<i32>() {
            let list = lists.value(row);
            let texts = list.as_string_opt::<i32>().into_iter().flatten();
            keys.extend(texts.flatten().map(str::to_owned));
        }
    }
    keys
}

/// Each key once, where it stands first.
fn once(mut keys: Vec<String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    keys.retain(|key| seen.insert(key.clone()));
    keys
}
