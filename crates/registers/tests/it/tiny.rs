//! Tiny registers for tests of derived facts: rows as words, written as Parquet in the schema of the register, derived,
//! and read back as words.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow_array::builder::{
    BooleanBuilder, Date32Builder, Decimal128Builder, Int16Builder, Int64Builder, StringBuilder,
};
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::DataType;
use civil::{Day, Month, MonthWindow};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use policy::fact::Dictionary;
use policy::file::{Diagnostics, Tree};
use policy::register::Registers;
use registers::derive::{Basis, Derivation, Flat, HistoryColumn};
use registers::layout;

/// The dictionary and the schema compiled in.
pub(crate) fn schema() -> (Dictionary, Registers) {
    let (tree, diagnostics) = (Tree::built_in(), Diagnostics::new());
    let dictionary = policy::fact::load(&tree, &diagnostics);
    let registers = policy::register::load(&tree, &dictionary, &diagnostics);
    (dictionary, registers)
}

/// Registers of a few rows.
pub(crate) struct Tiny {
    dictionary: Dictionary,
    registers: Registers,
    folder: tempfile::TempDir,
    files: BTreeMap<String, Vec<PathBuf>>,
    history: Vec<HistoryColumn>,
    as_of: Day,
    known_on: Option<Day>,
    reduction: Option<MonthWindow>,
    at_once: u64,
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

impl Tiny {
    pub(crate) fn on(as_of: &str) -> Self {
        let (dictionary, registers) = schema();
        Self {
            dictionary,
            registers,
            folder: tempfile::tempdir().expect("a folder"),
            files: BTreeMap::new(),
            history: Vec::new(),
            as_of: day(as_of),
            known_on: None,
            reduction: None,
            at_once: u64::MAX,
        }
    }

    pub(crate) fn known_on(mut self, known_on: &str) -> Self {
        self.known_on = Some(day(known_on));
        self
    }

    /// Works on so many rows of registers kept by person at once.
    pub(crate) fn at_once(mut self, rows: u64) -> Self {
        self.at_once = rows;
        self
    }

    pub(crate) fn reduced(mut self, from: &str, to: &str) -> Self {
        let month = |text| Month::parse(text).expect("a month");
        self.reduction = MonthWindow::new(month(from), month(to));
        self
    }

    pub(crate) fn asking(mut self, column: HistoryColumn) -> Self {
        self.history.push(column);
        self
    }

    /// Rows of a register, a line each, in the order of the named columns; `-` is an empty cell.
    pub(crate) fn rows(mut self, register: &str, columns: &str, rows: &str) -> Self {
        let schema = layout::schema(self.registers.get(register).expect("a register"));
        let named: Vec<&str> = columns.split_whitespace().collect();
        let lines: Vec<Vec<&str>> = rows
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>())
            .filter(|cells| !cells.is_empty())
            .collect();
        for name in &named {
            assert!(schema.field_with_name(name).is_ok(), "{register} has no column {name}");
        }
        let arrays = schema.fields().iter().map(|field| {
            let place = named.iter().position(|name| name == field.name());
            let cells: Vec<Option<&str>> = lines
                .iter()
                .map(|cells| place.map(|place| cells[place]).filter(|cell| *cell != "-"))
                .collect();
            array(field.data_type(), &cells)
        });
        let arrays: Vec<ArrayRef> = arrays.collect();
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).expect("columns of one length");
        let files = self.files.entry(register.to_owned()).or_default();
        let path = self.folder.path().join(format!("{register}-{}.parquet", files.len()));
        let mut writer = ArrowWriter::try_new(File::create(&path).expect("a file"), schema, None).expect("a writer");
        writer.write(&batch).expect("a batch");
        writer.close().expect("a whole file");
        files.push(path);
        self
    }

    /// The named columns of a flat table, a line each row.
    pub(crate) fn flat(&self, per: &'static str, columns: &str) -> Vec<String> {
        let flats = self.derive(vec![per]);
        lines(&flats[0].path, columns)
    }

    pub(crate) fn derive(&self, per: Vec<&'static str>) -> Vec<Flat> {
        let derivation = Derivation {
            dictionary: &self.dictionary,
            registers: &self.registers,
            basis: &Basis::of_files(self.files.clone()),
            as_of: self.as_of,
            known_on: self.known_on.unwrap_or(self.as_of),
            reduction: self.reduction,
            months: None,
            history: self.history.clone(),
            per,
            out: self.folder.path().join("flat"),
            memory_bytes: 256 << 20,
            rows_at_once: self.at_once,
            threads: 2,
            told: &|_| {},
            stop: &AtomicBool::new(false),
        };
        derivation.run().expect("derived facts")
    }
}

/// The names of a Parquet file's columns.
pub(crate) fn columns(path: &Path) -> Vec<String> {
    let file = File::open(path).expect("the flat table");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
    reader
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect()
}

/// The named columns of a Parquet file, a line each row.
pub(crate) fn lines(path: &Path, columns: &str) -> Vec<String> {
    let file = File::open(path).expect("the flat table");
    let reader = ParquetRecordBatchReaderBuilder::try_new(file)
        .expect("Parquet")
        .build()
        .expect("a reader");
    let mut lines = Vec::new();
    for batch in reader {
        let batch = batch.expect("a batch");
        for row in 0..batch.num_rows() {
            let cells = columns.split_whitespace().map(|name| {
                let column = batch
                    .column_by_name(name)
                    .unwrap_or_else(|| panic!("{} has no column {name}", path.display()));
                cell(column, row)
            });
            lines.push(cells.collect::<Vec<_>>().join(" "));
        }
    }
    lines
}

fn days(text: &str) -> i32 {
    let day = if text.len() == 7 {
        Month::parse(text).expect("a month").first_day()
    } else {
        day(text)
    };
    day.days_since_epoch()
}

fn array(kind: &DataType, cells: &[Option<&str>]) -> ArrayRef {
    macro_rules! build {
        ($builder:expr, $parse:expr) => {{
            let mut builder = $builder;
            for cell in cells {
                builder.append_option(cell.map($parse));
            }
            Arc::new(builder.finish())
        }};
    }
    match kind {
        DataType::Utf8 => build!(StringBuilder::new(), |text: &str| text.to_owned()),
        DataType::Date32 => build!(Date32Builder::new(), days),
        DataType::Boolean => build!(BooleanBuilder::new(), |text: &str| text == "y"),
        DataType::Int64 => build!(Int64Builder::new(), |text: &str| text.parse().expect("a number")),
        DataType::Int16 => build!(Int16Builder::new(), |text: &str| text.parse().expect("a code")),
        DataType::Decimal128(precision, scale) => build!(
            Decimal128Builder::new()
                .with_precision_and_scale(*precision, *scale)
                .expect("a decimal type"),
            |text: &str| text.parse::<i128>().expect("millionths")
        ),
        other => arrow_array::new_null_array(other, cells.len()),
    }
}

fn cell(column: &ArrayRef, row: usize) -> String {
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::{Date32Type, Decimal128Type, Int16Type, Int64Type};

    if column.is_null(row) {
        return "-".to_owned();
    }
    match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
        DataType::Date32 => {
            let days = column.as_primitive::<Date32Type>().value(row);
            Day::from_days_since_epoch(days).expect("a day").to_string()
        }
        DataType::Boolean => if column.as_boolean().value(row) { "y" } else { "n" }.to_owned(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Int16 => column.as_primitive::<Int16Type>().value(row).to_string(),
        DataType::Decimal128(18, 6) => {
            let millionths = column.as_primitive::<Decimal128Type>().value(row);
            format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
        }
        other => panic!("no words for {other}"),
    }
}
