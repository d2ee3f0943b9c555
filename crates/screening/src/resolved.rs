//! What the resolution pass did, a line for each row that was decided again: which grants of the same run count against it.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use civil::Day;
use serde::{Deserialize, Serialize};

use crate::contest::{Earlier, Resolution};
use crate::error::ScreeningError;
use crate::table::{SUBJECTS, Table, keys};
use crate::wide::ELIGIBLE;

/// The file in a run's folder.
pub(crate) const FILE: &str = "resolved.jsonl";

/// One row that was decided again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// The benefit.
    pub benefit: String,
    /// The key of its row.
    pub key: String,
    /// Whether it is still eligible, with what was left.
    pub is_eligible: bool,
    /// Grants of the run that come before it and count against it.
    pub before: Vec<Before>,
}

/// A grant of the same run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    /// The benefit.
    pub benefit: String,
    /// The key of its row.
    pub key: String,
    /// Whose it is, as the history names it.
    pub subject: String,
    /// The day it counts as granted on.
    pub on: Day,
    /// The first day of what it is for.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// Months.
    pub months: Option<i32>,
    /// Money in fen.
    pub amount_fen: i64,
}

/// The word of a subject in a history.
fn word(subject: usize) -> &'static str {
    ["person", "household", "employer", "institution"]
        .get(subject)
        .copied()
        .unwrap_or("person")
}

/// Writes the file.
pub(crate) fn write(path: &Path, tables: &[Table], resolution: &Resolution) -> Result<(), ScreeningError> {
    let mut wanted: Vec<Vec<u64>> = vec![Vec::new(); tables.len()];
    for record in &resolution.records {
        let rows = record.before.iter().map(|earlier| earlier.at).chain([record.at]);
        for (table, _, row) in rows {
            if let Some(rows) = wanted.get_mut(table) {
                rows.push(row);
            }
        }
    }
    let mut known = Vec::new();
    for (table, rows) in tables.iter().zip(&mut wanted) {
        rows.sort_unstable();
        rows.dedup();
        let names: Vec<String> = table.reach.key.iter().map(|name| (*name).to_owned()).collect();
        let batch = table.flat.single(rows, &names)?;
        known.push(keys(&batch, table.reach.key)?);
    }
    let name = |(table, benefit, row): (usize, usize, u64)| {
        let id = tables.get(table).and_then(|table| table.benefits.get(benefit)).cloned();
        let place = wanted.get(table).and_then(|rows| rows.binary_search(&row).ok());
        let key = place.and_then(|place| known.get(table).map(|keys| keys.value(place).to_owned()));
        (id.unwrap_or_default(), key.unwrap_or_default())
    };
    let day = |days: i32| Day::from_days_since_epoch(days).unwrap_or(Day::MIN);
    let file = File::create(path).map_err(ScreeningError::file(path, "不能写入"))?;
    let mut out = BufWriter::new(file);
    for record in &resolution.records {
        let (benefit, key) = name(record.at);
        let before = record.before.iter().map(|earlier: &Earlier| {
            let (benefit, key) = name(earlier.at);
            Before {
                benefit,
                key,
                subject: word(earlier.subject.min(SUBJECTS.len())).to_owned(),
                on: day(earlier.grant.on),
                from: day(earlier.grant.from),
                to: day(earlier.grant.to),
                months: earlier.grant.months,
                amount_fen: earlier.grant.amount_fen,
            }
        });
        let line = Resolved {
            benefit,
            key,
            is_eligible: record.decided.outcome == ELIGIBLE,
            before: before.collect(),
        };
        let text = serde_json::to_string(&line).map_err(|error| ScreeningError::Fault(error.to_string()))?;
        writeln!(out, "{text}").map_err(ScreeningError::file(path, "不能写入"))?;
    }
    out.flush().map_err(ScreeningError::file(path, "不能写入"))
}

/// The lines of the file.
pub(crate) fn read(path: &Path) -> Result<Vec<Resolved>, ScreeningError> {
    let text = std::fs::read_to_string(path).map_err(ScreeningError::file(path, "不能读取"))?;
    text.lines()
        .map(|line| serde_json::from_str(line).map_err(ScreeningError::damaged(path)))
        .collect()
}
