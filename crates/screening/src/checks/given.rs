//! Tables that no register is: what the run found, and what the packs say of benefits.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use policy::benefit::{Benefit, Benefits, KINDS};
use policy::cross_check::{BENEFIT, CrossCheck, ELIGIBLE, EXCLUSION, FLAT};
use policy::fact::Dictionary;
use policy::register::ColumnType;
use registers::inquiry::Inquiry;

use super::CheckError;
use super::hits::eligible_schema;

/// Pairs of benefits that a rule keeps apart (`not_with`, `once … among`), each in both directions: where one holds, a
/// benefit is refused, and nothing is left to ask.
pub fn exclusions(benefits: &Benefits) -> BTreeSet<(String, String)> {
    let mut pairs = BTreeSet::new();
    for benefit in benefits.all() {
        let apart = benefit.not_with.iter().map(|other| other.benefit.to_string());
        let among = benefit
            .once
            .iter()
            .flat_map(|once| &once.among)
            .map(|other| other.to_string());
        for other in apart.chain(among) {
            pairs.insert((benefit.id.to_string(), other.clone()));
            pairs.insert((other, benefit.id.to_string()));
        }
    }
    pairs
}

/// The tables `benefit` and `exclusion`.
pub(super) fn benefits(inquiry: &Inquiry, benefits: &Benefits) -> Result<(), CheckError> {
    // Of several versions the last one read has the name.
    let by_id: BTreeMap<&str, &Benefit> = benefits.all().map(|benefit| (benefit.id.as_str(), benefit)).collect();
    let texts = |of: &dyn Fn(&Benefit) -> String| -> ArrayRef {
        Arc::new(by_id.values().map(|benefit| Some(of(benefit))).collect::<StringArray>())
    };
    let word = |benefit: &Benefit| {
        let known = KINDS.iter().find(|(_, kind)| *kind == benefit.kind);
        known.map_or_else(String::new, |(word, _)| (*word).to_owned())
    };
    let monthly: BooleanArray = by_id.values().map(|benefit| Some(benefit.monthly)).collect();
    let rows = RecordBatch::try_from_iter([
        ("id", texts(&|benefit| benefit.id.to_string())),
        ("name", texts(&|benefit| benefit.name.clone())),
        ("kind", texts(&word)),
        ("payee", texts(&|benefit| benefit.payee.clone())),
        ("per", texts(&|benefit| benefit.per.clone())),
        ("monthly", Arc::new(monthly) as ArrayRef),
    ])?;
    inquiry.add_rows(BENEFIT, rows)?;
    let pairs = exclusions(benefits);
    let one: StringArray = pairs.iter().map(|(one, _)| Some(one)).collect();
    let other: StringArray = pairs.iter().map(|(_, other)| Some(other)).collect();
    let pairs: [(&str, ArrayRef); 2] = [("benefit", Arc::new(one)), ("other", Arc::new(other))];
    inquiry.add_rows(EXCLUSION, RecordBatch::try_from_iter(pairs)?)?;
    Ok(())
}

/// The table `eligible`: the run's, or nobody.
pub(super) fn eligible(inquiry: &Inquiry, file: Option<&Path>) -> Result<(), CheckError> {
    match file {
        Some(file) => inquiry.add_file(ELIGIBLE, file)?,
        None => inquiry.add_rows(ELIGIBLE, RecordBatch::new_empty(eligible_schema()))?,
    }
    Ok(())
}

/// The flat tables that checks read; those that are absent are empty ones with the columns that are read, and named.
pub(super) fn flat(
    inquiry: &Inquiry,
    checks: &[&CrossCheck],
    dictionary: &Dictionary,
    folder: Option<&Path>,
) -> Result<BTreeSet<String>, CheckError> {
    let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (table, columns) in checks.iter().flat_map(|check| &check.reads) {
        if table.starts_with(FLAT) {
            wanted
                .entry(table)
                .or_default()
                .extend(columns.iter().map(String::as_str));
        }
    }
    let mut absent = BTreeSet::new();
    for (table, columns) in wanted {
        let per = table.strip_prefix(FLAT).unwrap_or(table);
        let file = folder.map(|folder| folder.join(format!("{per}.parquet")));
        let name = table.replace('-', "_");
        if let Some(file) = file.filter(|file| file.exists()) {
            inquiry.add_file(&name, &file)?;
            continue;
        }
        let fields: Vec<Field> = columns
            .into_iter()
            .map(|column| {
                let fact = dictionary.fact(column);
                let kind = fact.map_or(DataType::Utf8, |fact| {
                    registers::layout::data_type(&ColumnType::Value(fact.kind.clone()))
                });
                Field::new(column, kind, true)
            })
            .collect();
        inquiry.add_rows(&name, RecordBatch::new_empty(Arc::new(Schema::new(fields))))?;
        absent.insert(table.to_owned());
    }
    Ok(absent)
}
