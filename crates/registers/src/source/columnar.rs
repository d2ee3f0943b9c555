//! Parquet files of others.

use std::fs::File;
use std::path::Path;

use arrow_array::Array;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type,
    Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_schema::{DataType, TimeUnit};
use civil::Day;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::cells::Chunks;
use super::{CellKind, Head, MAX_COLUMNS, SourceError, reason};

/// Rows read at a time.
const BATCH: usize = 4_096;
const DAY_SECONDS: i64 = 86_400;
/// Moments are of Asia/Shanghai, which is UTC+8.
const SHANGHAI_SECONDS: i64 = 8 * 3_600;

/// The column names, as the only row of the head.
pub(super) fn head(path: &Path) -> Result<Head, SourceError> {
    let builder = open(path)?;
    let schema = builder.schema();
    for field in schema.fields() {
        if !is_known(field.data_type()) {
            return Err(SourceError::ColumnType {
                path: path.display().to_string(),
                column: field.name().clone(),
                found: field.data_type().to_string(),
            });
        }
    }
    let names: Vec<String> = schema
        .fields()
        .iter()
        .take(MAX_COLUMNS)
        .map(|f| f.name().clone())
        .collect();
    let claimed = builder.metadata().file_metadata().num_rows();
    Ok(Head {
        rows: vec![(1, names)],
        claimed_rows: u64::try_from(claimed).ok(),
        ..Head::default()
    })
}

/// All rows; the first after the names has the number 2, as it would in a sheet.
pub(super) fn read(path: &Path, chunks: &mut Chunks<'_>) -> Result<(), SourceError> {
    let reader = open(path)?.with_batch_size(BATCH).build();
    let mut row = 1;
    for batch in reader.map_err(|error| damaged(path, &error))? {
        let batch = batch.map_err(|error| SourceError::Damaged {
            path: path.display().to_string(),
            reason: format!("数据页读不出（{}）", short(&error.to_string())),
        })?;
        for index in 0..batch.num_rows() {
            row += 1;
            if chunks.begin(row) {
                for column in batch.columns() {
                    cell(column.as_ref(), index, chunks);
                }
                chunks.end(batch.num_columns());
            }
        }
        if chunks.stopped() {
            break;
        }
    }
    Ok(())
}

fn open(path: &Path) -> Result<ParquetRecordBatchReaderBuilder<File>, SourceError> {
    let file = File::open(path).map_err(|error| SourceError::Unreadable {
        path: path.display().to_string(),
        reason: reason(&error),
    })?;
    ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| damaged(path, &error))
}

fn damaged(path: &Path, error: &parquet::errors::ParquetError) -> SourceError {
    SourceError::Damaged {
        path: path.display().to_string(),
        reason: format!("Parquet 的结构读不出（{}）", short(&error.to_string())),
    }
}

/// The first words of what a library says.
fn short(text: &str) -> String {
    text.chars().take(80).collect()
}

fn is_known(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Boolean
        | DataType::Int8
        | DataType::Int16
        | DataType::Int32
        | DataType::Int64
        | DataType::UInt8
        | DataType::UInt16
        | DataType::UInt32
        | DataType::UInt64
        | DataType::Float32
        | DataType::Float64
        | DataType::Date32
        | DataType::Date64
        | DataType::Timestamp(..)
        | DataType::Null => true,
        DataType::Decimal128(_, scale) => *scale >= 0,
        _ => false,
    }
}

fn cell(column: &dyn Array, row: usize, chunks: &mut Chunks<'_>) {
    if column.is_null(row) {
        chunks.cell("", CellKind::Text);
        return;
    }
    match column.data_type() {
        DataType::Utf8 => chunks.cell(column.as_string::<i32>().value(row), CellKind::Text),
        DataType::LargeUtf8 => chunks.cell(column.as_string::<i64>().value(row), CellKind::Text),
        DataType::Utf8View => chunks.cell(column.as_string_view().value(row), CellKind::Text),
        DataType::Boolean => {
            let flag = column.as_boolean().value(row);
            chunks.cell(if flag { "true" } else { "false" }, CellKind::Flag);
        }
        DataType::Int8 => number::<Int8Type>(column, row, chunks),
        DataType::Int16 => number::<Int16Type>(column, row, chunks),
        DataType::Int32 => number::<Int32Type>(column, row, chunks),
        DataType::Int64 => number::<Int64Type>(column, row, chunks),
        DataType::UInt8 => number::<UInt8Type>(column, row, chunks),
        DataType::UInt16 => number::<UInt16Type>(column, row, chunks),
        DataType::UInt32 => number::<UInt32Type>(column, row, chunks),
        DataType::UInt64 => number::<UInt64Type>(column, row, chunks),
        DataType::Float32 => number::<Float32Type>(column, row, chunks),
        DataType::Float64 => number::<Float64Type>(column, row, chunks),
        DataType::Decimal128(_, scale) => {
            let text = decimal(column.as_primitive::<Decimal128Type>().value(row), *scale);
            chunks.cell(&text, CellKind::Number);
        }
        DataType::Date32 => day(i64::from(column.as_primitive::<Date32Type>().value(row)), chunks),
        DataType::Date64 => {
            let milliseconds = column.as_primitive::<Date64Type>().value(row);
            day(milliseconds.div_euclid(DAY_SECONDS * 1_000), chunks);
        }
        DataType::Timestamp(unit, zone) => {
            let seconds = match unit {
                TimeUnit::Second => column.as_primitive::<TimestampSecondType>().value(row),
                TimeUnit::Millisecond => column
                    .as_primitive::<TimestampMillisecondType>()
                    .value(row)
                    .div_euclid(1_000),
                TimeUnit::Microsecond => column
                    .as_primitive::<TimestampMicrosecondType>()
                    .value(row)
                    .div_euclid(1_000_000),
                TimeUnit::Nanosecond => column
                    .as_primitive::<TimestampNanosecondType>()
                    .value(row)
                    .div_euclid(1_000_000_000),
            };
            // Without a zone it is the time on the wall.
            let shift = if zone.is_some() { SHANGHAI_SECONDS } else { 0 };
            day(seconds.saturating_add(shift).div_euclid(DAY_SECONDS), chunks);
        }
        _ => chunks.cell("", CellKind::Text),
    }
}

fn number<T: ArrowPrimitiveType>(column: &dyn Array, row: usize, chunks: &mut Chunks<'_>)
where
    T::Native: std::fmt::Display,
{
    let text = column.as_primitive::<T>().value(row).to_string();
    chunks.cell(&text, CellKind::Number);
}

fn day(days: i64, chunks: &mut Chunks<'_>) {
    let day = i32::try_from(days).ok().and_then(Day::from_days_since_epoch);
    match day {
        Some(day) => chunks.cell(&day.to_string(), CellKind::Date),
        None => chunks.cell("?", CellKind::Fault),
    }
}

/// A decimal without zeros at the end.
fn decimal(value: i128, scale: i8) -> String {
    let scale = usize::try_from(scale).unwrap_or_default();
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if value < 0 { "-" } else { "" };
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}
