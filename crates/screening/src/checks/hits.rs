//! The file of hits: a row a question, with the register, the providing unit and the batch that gave rise to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Int64Type};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use civil::Day;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReaderBuilder, RowSelection};
use parquet::arrow::{ArrowWriter, ProjectionMask};
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use policy::cross_check::CrossCheck;
use policy::register::Registers;
use registers::manifest::{Import, Manifest};

use super::CheckError;
use super::found::Row;
use super::towns::Towns;

/// The columns of the run's rows that are 初步符合.
pub fn eligible_schema() -> SchemaRef {
    let text = |name, null| Field::new(name, DataType::Utf8, null);
    Arc::new(Schema::new(vec![
        text("benefit", false),
        text("per", false),
        text("key", false),
        text("person_key", true),
        text("household_no", true),
        text("employer_key", true),
        text("institution_key", true),
        Field::new("on_date", DataType::Date32, true),
        Field::new("months", DataType::Int32, true),
        Field::new("amount_fen", DataType::Int64, true),
    ]))
}

/// The columns of the file of hits.
pub fn schema() -> SchemaRef {
    let text = |name, null| Field::new(name, DataType::Utf8, null);
    let list = |name, of| Field::new(name, DataType::new_list(of, true), false);
    let source = |prefix: &str| {
        [
            Field::new(format!("{prefix}register"), DataType::Utf8, true),
            Field::new(format!("{prefix}provider"), DataType::Utf8, true),
            Field::new(format!("{prefix}vintage"), DataType::Int64, true),
            Field::new(format!("{prefix}received"), DataType::Date32, true),
        ]
    };
    let mut fields = vec![
        text("check", false),
        text("about", false),
        text("subject_key", false),
        list("row_keys", DataType::Utf8),
        list("party_keys", DataType::Utf8),
        list("other_keys", DataType::Utf8),
        list("towns", DataType::Int64),
        Field::new("month", DataType::Date32, true),
        text("evidence", false),
    ];
    fields.extend(source(""));
    fields.extend(source("other_"));
    Arc::new(Schema::new(fields))
}

/// Where a fact that raised a question came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The register's name on screen.
    pub register: String,
    /// 提供单位.
    pub provider: String,
    /// 批次.
    pub vintage: u64,
    /// The day it was received.
    pub received: Day,
}

/// Most of each kind that a question names beside its subject; of more it says how many there are.
pub const NAMED: usize = 10;

/// One hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The check.
    pub check: String,
    /// What it is about: a word of `per`.
    pub about: String,
    /// The key of the person, body or household.
    pub subject_key: String,
    /// The keys of the rows of the run, where it is about such; else it is about all rows of whom it concerns.
    pub row_keys: Vec<String>,
    /// The keys of those whom it concerns as much as the subject, and who are what the subject is.
    pub party_keys: Vec<String>,
    /// The keys of others that have to do with it.
    pub other_keys: Vec<String>,
    /// The towns of all whom it concerns, nine digits, the subject's first; those that no register tells are left out.
    pub towns: Vec<i64>,
    /// The month or day it is about.
    pub month: Option<Day>,
    /// Why it is asked, in Chinese; names nobody, accounts masked.
    pub evidence: String,
    /// Where the fact stands.
    pub source: Option<Source>,
    /// Where the second fact stands that does not go with it.
    pub other_source: Option<Source>,
}

impl Hit {
    /// The keys of all whom it concerns, the subject first.
    pub fn sides(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.subject_key)
            .chain(&self.party_keys)
            .map(String::as_str)
    }

    /// The keys of those that it names: the subject, and of the others no more than [`NAMED`] of a kind.
    pub fn named(&self) -> impl Iterator<Item = &str> {
        let others = self.other_keys.iter().take(NAMED).map(String::as_str);
        self.sides().take(1 + NAMED).chain(others)
    }

    /// True where it is asked about the row of this key as well, if that row is about one of its [`Self::sides`].
    pub fn is_about_row(&self, key: &str) -> bool {
        self.row_keys.is_empty() || self.row_keys.iter().any(|known| known == key)
    }

    /// True where it concerns somebody of this town; 0 is the town of hits of which no register tells one.
    pub fn is_of(&self, town: i64) -> bool {
        is_in(&self.towns, town)
    }

    /// Where its facts stand, in words: register, providing unit, batch, day.
    pub fn sources(&self) -> Vec<String> {
        let other = self
            .other_source
            .as_ref()
            .filter(|other| self.source.as_ref() != Some(*other));
        let of = self.source.iter().chain(other);
        of.map(|of| {
            format!(
                "{}（{}提供，批次 {}，{} 收到）",
                of.register, of.provider, of.vintage, of.received
            )
        })
        .collect()
    }
}

/// The file of hits being written.
pub(super) struct Writer<'a> {
    writer: ArrowWriter<File>,
    imports: BTreeMap<i64, &'a Import>,
    registers: &'a Registers,
}

impl<'a> Writer<'a> {
    pub(super) fn create(path: &Path, manifest: &'a Manifest, registers: &'a Registers) -> Result<Self, CheckError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::LZ4_RAW)
            .set_created_by("leye".to_owned())
            .build();
        let imports = manifest.imports.iter();
        Ok(Self {
            writer: ArrowWriter::try_new(File::create(path)?, schema(), Some(properties))?,
            imports: imports
                .map(|import| (i64::try_from(import.vintage).unwrap_or(i64::MAX), import))
                .collect(),
            registers,
        })
    }

    /// Writes the rows of one check; `towns` has those of all whom they concern.
    pub(super) fn write(&mut self, check: &CrossCheck, rows: &[Row], towns: &Towns) -> Result<(), CheckError> {
        if rows.is_empty() {
            return Ok(());
        }
        let same = |text: &str| -> ArrayRef { texts(rows.iter().map(|_| Some(text))) };
        let mut columns: Vec<ArrayRef> = vec![
            same(&check.id),
            same(check.about),
            texts(rows.iter().map(|row| Some(row.subject.as_str()))),
            lists(rows.iter().map(|row| row.rows.as_slice())),
            lists(rows.iter().map(|row| row.parties.as_slice())),
            lists(rows.iter().map(|row| row.others.as_slice())),
            numbers(rows.iter().map(|row| towns.of(row))),
            days(rows.iter().map(|row| row.month)),
            texts(rows.iter().map(|row| Some(row.evidence.as_str()))),
        ];
        self.sources(rows.iter().map(|row| row.vintage), &mut columns);
        self.sources(rows.iter().map(|row| row.other_vintage), &mut columns);
        self.writer.write(&RecordBatch::try_new(schema(), columns)?)?;
        Ok(())
    }

    /// Register, providing unit, batch and day of each.
    fn sources(&self, vintages: impl Iterator<Item = Option<i64>> + Clone, columns: &mut Vec<ArrayRef>) {
        let import = |vintage: Option<i64>| self.imports.get(&vintage?).copied();
        let label = |import: &'a Import| {
            let register = self.registers.get(&import.register);
            register.map_or(import.register.as_str(), |register| register.label.as_str())
        };
        let imports = vintages.clone().map(import);
        columns.push(texts(imports.clone().map(|import| import.map(label))));
        columns.push(texts(
            imports
                .clone()
                .map(|import| import.map(|import| import.provider.as_str())),
        ));
        let mut numbers = Int64Builder::new();
        vintages.for_each(|vintage| numbers.append_option(vintage));
        columns.push(Arc::new(numbers.finish()));
        columns.push(days(
            imports.map(|import| import.map(|import| import.received.days_since_epoch())),
        ));
    }

    pub(super) fn finish(self) -> Result<(), CheckError> {
        let file = self.writer.into_inner()?;
        file.sync_all()?;
        Ok(())
    }
}

fn texts<'t>(texts: impl Iterator<Item = Option<&'t str>>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    texts.for_each(|text| builder.append_option(text));
    Arc::new(builder.finish())
}

fn lists<'t>(lists: impl Iterator<Item = &'t [String]>) -> ArrayRef {
    let mut builder = ListBuilder::new(StringBuilder::new());
    for texts in lists {
        texts.iter().for_each(|text| builder.values().append_value(text));
        builder.append(true);
    }
    Arc::new(builder.finish())
}

fn numbers(lists: impl Iterator<Item = Vec<i64>>) -> ArrayRef {
    let mut builder = ListBuilder::new(Int64Builder::new());
    for numbers in lists {
        builder.values().append_slice(&numbers);
        builder.append(true);
    }
    Arc::new(builder.finish())
}

fn days(days: impl Iterator<Item = Option<i32>>) -> ArrayRef {
    let mut builder = Date32Builder::new();
    days.for_each(|day| builder.append_option(day));
    Arc::new(builder.finish())
}

/// All hits of a file, in its order.
///
/// # Errors
/// [`CheckError`] where it cannot be read.
pub fn read(path: &Path) -> Result<Vec<Hit>, CheckError> {
    let mut hits = Vec::new();
    for batch in ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.build()? {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            hits.push(hit(&batch, row));
        }
    }
    Ok(hits)
}

/// `count` hits after the first `first`, in the order of the file.
///
/// # Errors
/// [`CheckError`] where it cannot be read.
pub fn window(path: &Path, first: u64, count: usize) -> Result<Vec<Hit>, CheckError> {
    let mut hits = Vec::new();
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    let builder = builder
        .with_offset(usize::try_from(first).unwrap_or(usize::MAX))
        .with_limit(count);
    for batch in builder.build()? {
        let batch = batch?;
        hits.extend((0..batch.num_rows()).map(|row| hit(&batch, row)));
    }
    Ok(hits)
}

/// Of the `count` hits after the first `first` those of a town, `take` of them after the first `skip`; 0 is the town of
/// hits that have none. Of the others only the town is looked at.
///
/// # Errors
/// [`CheckError`] where it cannot be read.
pub fn of_town(
    path: &Path,
    (first, count): (u64, u64),
    town: i64,
    (skip, take): (u64, usize),
) -> Result<Vec<Hit>, CheckError> {
    let length = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), ["towns"]);
    let builder = builder
        .with_projection(mask)
        .with_offset(length(first))
        .with_limit(length(count));
    let (mut found, mut at) = (Vec::new(), length(first));
    for batch in builder.build()? {
        let batch = batch?;
        let here = (0..batch.num_rows()).filter(|row| is_in(&towns(&batch, *row), town));
        found.extend(here.map(|row| at + row));
        at += batch.num_rows();
    }
    let wanted = found.into_iter().skip(length(skip)).take(take);
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    let rows = usize::try_from(builder.metadata().file_metadata().num_rows()).unwrap_or(0);
    let selection = RowSelection::from_consecutive_ranges(wanted.map(|row| row..row + 1), rows);
    let mut hits = Vec::new();
    for batch in builder.with_row_selection(selection).build()? {
        let batch = batch?;
        hits.extend((0..batch.num_rows()).map(|row| hit(&batch, row)));
    }
    Ok(hits)
}

/// Whether a hit with these towns belongs to a town, 0 being the town of those without.
fn is_in(towns: &[i64], town: i64) -> bool {
    towns.contains(&town) || towns.is_empty() && town == 0
}

/// The hits that concern any of these keys, in the order of the file. Of the others only the keys are looked at.
///
/// # Errors
/// [`CheckError`] where it cannot be read.
pub fn about(path: &Path, keys: &BTreeSet<&str>) -> Result<Vec<Hit>, CheckError> {
    let mut hits = Vec::new();
    if keys.is_empty() {
        return Ok(hits);
    }
    for batch in ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.build()? {
        let batch = batch?;
        let column = |name| batch.column_by_name(name);
        let subjects = column("subject_key").and_then(|column| column.as_string_opt::<i32>());
        let parties = column("party_keys").and_then(|column| column.as_list_opt::<i32>());
        let is_subject = |row: usize| {
            let subjects = subjects.filter(|subjects| subjects.is_valid(row));
            subjects.is_some_and(|subjects| keys.contains(subjects.value(row)))
        };
        let is_party = |row: usize| {
            // Most hits have none.
            let list = parties.filter(|lists| lists.value_length(row) > 0);
            let list = list.map(|lists| lists.value(row));
            let texts = list.as_ref().and_then(|list| list.as_string_opt::<i32>());
            texts.is_some_and(|texts| texts.iter().flatten().any(|key| keys.contains(key)))
        };
        let wanted = (0..batch.num_rows()).filter(|row| is_subject(*row) || is_party(*row));
        hits.extend(wanted.map(|row| hit(&batch, row)));
    }
    Ok(hits)
}

/// Hits by the key of each whom they concern: for lists that show them beside a row.
pub fn by_subject(hits: &[Hit]) -> BTreeMap<&str, Vec<&Hit>> {
    let mut of: BTreeMap<&str, Vec<&Hit>> = BTreeMap::new();
    for hit in hits {
        hit.sides().for_each(|key| of.entry(key).or_default().push(hit));
    }
    of
}

/// The texts of a list; of a run of format 1 the text that stood in its place.
fn listed(batch: &RecordBatch, name: &str, single: &str, row: usize) -> Vec<String> {
    let list = batch
        .column_by_name(name)
        .and_then(|column| column.as_list_opt::<i32>());
    if let Some(list) = list.filter(|list| list.is_valid(row)) {
        let texts = list.value(row);
        let texts = texts.as_string_opt::<i32>().into_iter().flatten();
        return texts.flatten().map(str::to_owned).collect();
    }
    let text = batch
        .column_by_name(single)
        .and_then(|column| column.as_string_opt::<i32>());
    let text = text.filter(|text| text.is_valid(row));
    text.map(|text| text.value(row).to_owned()).into_iter().collect()
}

fn towns(batch: &RecordBatch, row: usize) -> Vec<i64> {
    let list = batch
        .column_by_name("towns")
        .and_then(|column| column.as_list_opt::<i32>());
    let list = list.filter(|list| list.is_valid(row)).map(|list| list.value(row));
    let numbers = list.as_ref().and_then(|list| list.as_primitive_opt::<Int64Type>());
    numbers.map_or_else(Vec::new, |numbers| numbers.values().to_vec())
}

fn hit(batch: &RecordBatch, row: usize) -> Hit {
    let text = |name: &str| {
        let column = batch.column_by_name(name)?.as_string_opt::<i32>()?;
        column.is_valid(row).then(|| column.value(row).to_owned())
    };
    let day = |name: &str| {
        let column = batch.column_by_name(name)?.as_primitive_opt::<Date32Type>()?;
        let days = column.is_valid(row).then(|| column.value(row))?;
        Day::from_days_since_epoch(days)
    };
    let source = |prefix: &str| {
        let column = batch.column_by_name(&format!("{prefix}vintage"))?;
        let column = column.as_primitive_opt::<Int64Type>()?;
        let vintage = column.is_valid(row).then(|| column.value(row))?;
        Some(Source {
            register: text(&format!("{prefix}register"))?,
            provider: text(&format!("{prefix}provider"))?,
            vintage: u64::try_from(vintage).ok()?,
            received: day(&format!("{prefix}received"))?,
        })
    };
    Hit {
        check: text("check").unwrap_or_default(),
        about: text("about").unwrap_or_default(),
        subject_key: text("subject_key").unwrap_or_default(),
        row_keys: listed(batch, "row_keys", "row_key", row),
        party_keys: listed(batch, "party_keys", "", row),
        other_keys: listed(batch, "other_keys", "other_key", row),
        towns: towns(batch, row),
        month: day("month"),
        evidence: text("evidence").unwrap_or_default(),
        source: source(""),
        other_source: source("other_"),
    }
}
