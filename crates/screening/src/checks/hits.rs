//! The file of hits: a row a question, with the register, the providing unit and the batch that gave rise to it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{Date32Builder, Int64Builder, StringBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Int64Type};
use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use civil::Day;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use policy::cross_check::{self, CrossCheck};
use policy::register::Registers;
use registers::manifest::{Import, Manifest};

use super::{CheckError, evidence};

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
        text("row_key", true),
        text("other_key", true),
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

/// One hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The check.
    pub check: String,
    /// What it is about: a word of `per`.
    pub about: String,
    /// The key of the person, body or household.
    pub subject_key: String,
    /// The key of the row of the run, where it is about one.
    pub row_key: Option<String>,
    /// The key of another that has to do with it.
    pub other_key: Option<String>,
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

/// Hits of one check as they come.
#[derive(Debug, Default)]
pub(super) struct Hits {
    rows: Vec<Row>,
    subjects: u64,
}

#[derive(Debug)]
struct Row {
    subject: String,
    row: Option<String>,
    other: Option<String>,
    month: Option<i32>,
    evidence: String,
    vintage: Option<i64>,
    other_vintage: Option<i64>,
}

impl Hits {
    pub(super) fn rows(&self) -> u64 {
        self.rows.len() as u64
    }

    pub(super) fn subjects(&self) -> u64 {
        self.subjects
    }

    /// Takes rows that are sorted by subject. One without a subject is nobody's.
    pub(super) fn add(&mut self, check: &CrossCheck, batch: &RecordBatch) {
        let text = |name: &str, row: usize| {
            let column = batch.column_by_name(name)?.as_string_opt::<i32>()?;
            column.is_valid(row).then(|| column.value(row).to_owned())
        };
        let number = |name: &str, row: usize| {
            let column = batch.column_by_name(name)?.as_primitive_opt::<Int64Type>()?;
            column.is_valid(row).then(|| column.value(row))
        };
        let day = |name: &str, row: usize| {
            let column = batch.column_by_name(name)?.as_primitive_opt::<Date32Type>()?;
            column.is_valid(row).then(|| column.value(row))
        };
        for row in 0..batch.num_rows() {
            let Some(subject) = text(cross_check::SUBJECT, row) else {
                continue;
            };
            if self.rows.last().is_none_or(|last| last.subject != subject) {
                self.subjects += 1;
            }
            self.rows.push(Row {
                subject,
                row: text(cross_check::ROW, row),
                other: text(cross_check::OTHER, row),
                month: day(cross_check::MONTH, row),
                evidence: evidence::words(&check.reason, batch, row),
                vintage: number(cross_check::VINTAGE, row),
                other_vintage: number(cross_check::OTHER_VINTAGE, row),
            });
        }
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

    pub(super) fn write(&mut self, check: &CrossCheck, hits: &Hits) -> Result<(), CheckError> {
        let rows = &hits.rows;
        if rows.is_empty() {
            return Ok(());
        }
        let same = |text: &str| -> ArrayRef { texts(rows.iter().map(|_| Some(text))) };
        let mut columns: Vec<ArrayRef> = vec![
            same(&check.id),
            same(check.about),
            texts(rows.iter().map(|row| Some(row.subject.as_str()))),
            texts(rows.iter().map(|row| row.row.as_deref())),
            texts(rows.iter().map(|row| row.other.as_deref())),
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

/// The hits about any of these keys, in the order of the file. Of the others only the key is looked at.
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
        let subjects = batch
            .column_by_name("subject_key")
            .and_then(|column| column.as_string_opt::<i32>());
        let subjects = subjects.into_iter().flat_map(|subjects| subjects.iter().enumerate());
        let wanted = subjects.filter(|(_, key)| key.is_some_and(|key| keys.contains(key)));
        hits.extend(wanted.map(|(row, _)| hit(&batch, row)));
    }
    Ok(hits)
}

/// Hits by the key of whom they concern: for lists that show them beside a row.
pub fn by_subject(hits: &[Hit]) -> BTreeMap<&str, Vec<&Hit>> {
    let mut of: BTreeMap<&str, Vec<&Hit>> = BTreeMap::new();
    for hit in hits {
        of.entry(&hit.subject_key).or_default().push(hit);
    }
    of
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
        row_key: text("row_key"),
        other_key: text("other_key"),
        month: day("month"),
        evidence: text("evidence").unwrap_or_default(),
        source: source(""),
        other_source: source("other_"),
    }
}
