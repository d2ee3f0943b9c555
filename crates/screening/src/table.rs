//! One flat table with the benefits that are about its rows.

use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::DataType;
use civil::Day;
use registers::derive::{EMPLOYER, HOUSEHOLD, INSTITUTION, PERSON, Reach};
use rules::benefit::Version;
use rules::catalogue::Catalogue;
use rules::engine::Engine;

use crate::coverage::Coverage;
use crate::error::ScreeningError;
use crate::flat::Flat;
use crate::input::Inputs;
use crate::question::Claim;

/// Parts of a row's key in text.
pub(crate) const KEY_SEPARATOR: char = '/';
/// Whom a row may be about, by the column with the key; [`subject_of`] gives the place.
pub(crate) const SUBJECTS: [&str; 4] = [PERSON, HOUSEHOLD, EMPLOYER, INSTITUTION];

/// The place in [`SUBJECTS`] of the word in a limit; a start-up's grants stand under its employer key.
pub(crate) fn subject_of(word: &str) -> Option<usize> {
    Some(match word {
        "person" => 0,
        "household" => 1,
        "employer" | "startup" => 2,
        "institution" => 3,
        _ => return None,
    })
}

/// A flat table, the program over it and the benefits.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) reach: &'static Reach,
    pub(crate) flat: Flat,
    pub(crate) engine: Engine,
    pub(crate) inputs: Inputs,
    /// In the order in which the engine decides them.
    pub(crate) benefits: Vec<String>,
    /// The column with the date of each benefit that orders who comes first, where it is a plain fact of the table.
    dates: Vec<Option<String>>,
    /// The column that says in which town a row lies.
    towns: Vec<&'static str>,
}

impl Table {
    pub(crate) fn new(
        reach: &'static Reach,
        flat: Flat,
        engine: Engine,
        (catalogue, claim, coverage): (&Catalogue, &Claim, &Coverage),
    ) -> Self {
        let inputs = Inputs::of(&engine, catalogue, flat.schema(), claim, coverage);
        let has = |name: &str| flat.schema().field_with_name(name).is_ok();
        let date = |versions: &Vec<Version>| {
            let on = &versions.first()?.benefit.effective.as_ref()?.on;
            let name = on.trim();
            (has(name) && catalogue.vocabulary.dictionary.fact(name).is_some()).then(|| name.to_owned())
        };
        let dates = engine.benefits.values().map(date).collect();
        let towns = TOWNS.into_iter().filter(|name| has(name)).collect();
        Self {
            reach,
            benefits: engine.benefits.keys().cloned().collect(),
            flat,
            engine,
            inputs,
            dates,
            towns,
        }
    }

    /// The versions of a benefit by its place.
    pub(crate) fn versions(&self, benefit: usize) -> &[Version] {
        self.engine.benefits.values().nth(benefit).map_or(&[], Vec::as_slice)
    }

    /// The columns of the flat table that a run reads: the program's, the key, whom rows are about, dates, towns.
    pub(crate) fn columns(&self) -> Vec<String> {
        let mut names: Vec<String> = self.inputs.names().cloned().collect();
        names.extend(self.reach.key.iter().chain(&SUBJECTS).map(|name| (*name).to_owned()));
        names.extend(self.dates.iter().flatten().cloned());
        names.extend(self.towns.iter().map(|name| (*name).to_owned()));
        names.sort();
        names.dedup();
        names
    }

    /// The date that orders a benefit's rows; the day of the run where there is none.
    pub(crate) fn date(&self, batch: &RecordBatch, benefit: usize, row: usize, as_of: Day) -> i32 {
        let column = self.dates.get(benefit).and_then(Option::as_ref);
        let date = column.and_then(|name| date_at(batch, name, row));
        date.unwrap_or_else(|| as_of.days_since_epoch())
    }

    /// For each row of a batch the town, nine digits; 0 where no column says it.
    pub(crate) fn towns(&self, batch: &RecordBatch) -> Vec<i64> {
        towns_in(batch)
    }

    /// The keys of a batch's rows as text.
    pub(crate) fn keys(&self, batch: &RecordBatch) -> Result<StringArray, ScreeningError> {
        keys(batch, self.reach.key)
    }
}

/// Columns that may say where a row lies, the first that knows it counts.
pub(crate) const TOWNS: [&str; 5] = [
    "employer.region", "institution.region", "startup.region", "person.residence_region", "person.household_region",
];

/// For each row of a batch the town, nine digits; 0 where no column says it.
pub(crate) fn towns_in(batch: &RecordBatch) -> Vec<i64> {
    let columns: Vec<_> = TOWNS
        .iter()
        .filter_map(|name| batch.column_by_name(name)?.as_primitive_opt::<Int64Type>())
        .collect();
    let town = |row: usize| {
        let known = columns.iter().find(|column| column.is_valid(row));
        known.map_or(0, |column| column.value(row) / 1_000)
    };
    (0..batch.num_rows()).map(town).collect()
}

/// A day of a date or month column.
pub(crate) fn date_at(batch: &RecordBatch, name: &str, row: usize) -> Option<i32> {
    let dates = batch.column_by_name(name)?.as_primitive_opt::<Date32Type>()?;
    dates.is_valid(row).then(|| dates.value(row))
}

/// A text of a text column.
pub(crate) fn text_at<'b>(batch: &'b RecordBatch, name: &str, row: usize) -> Option<&'b str> {
    let texts = batch.column_by_name(name)?.as_string_opt::<i32>()?;
    texts.is_valid(row).then(|| texts.value(row))
}

/// The parts of each row's key joined by [`KEY_SEPARATOR`].
pub(crate) fn keys(batch: &RecordBatch, key: &[&str]) -> Result<StringArray, ScreeningError> {
    let columns: Result<Vec<ArrayRef>, ScreeningError> = key
        .iter()
        .map(|name| {
            let column = batch
                .column_by_name(name)
                .ok_or_else(|| ScreeningError::Fault(format!("明细表缺少列“{name}”")))?;
            if *column.data_type() == DataType::Utf8 {
                return Ok(Arc::clone(column));
            }
            datafusion::arrow::compute::cast(column, &DataType::Utf8)
                .map_err(|error| ScreeningError::Fault(error.to_string()))
        })
        .collect();
    let columns = columns?;
    if let [only] = columns.as_slice() {
        return Ok(only.as_string::<i32>().clone());
    }
    let texts: Vec<&StringArray> = columns.iter().map(|column| column.as_string::<i32>()).collect();
    let mut keys = StringBuilder::new();
    let mut key = String::new();
    for row in 0..batch.num_rows() {
        key.clear();
        for (place, text) in texts.iter().enumerate() {
            if place > 0 {
                key.push(KEY_SEPARATOR);
            }
            if text.is_valid(row) {
                key.push_str(text.value(row));
            }
        }
        keys.append_value(&key);
    }
    Ok(keys.finish())
}
