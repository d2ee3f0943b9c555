//! The reason of a hit in words.

use std::fmt::Write as _;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Int64Type};
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::DataType;
use civil::{Day, Money};
use policy::cross_check::{Piece, Reason};

/// What stands for a value that the registers do not have.
const UNKNOWN: &str = "未载明";

/// Types that a column of evidence may have.
pub(super) fn is_shown(kind: &DataType) -> bool {
    matches!(
        kind,
        DataType::Utf8 | DataType::Int64 | DataType::Date32 | DataType::Boolean | DataType::Null
    )
}

/// The reason with the values of a row.
///
/// Money (`…_fen`) is shown in yuan, a month (`…month`) without its day.
pub(super) fn words(reason: &Reason, batch: &RecordBatch, row: usize) -> String {
    let mut words = String::new();
    for piece in &reason.0 {
        match piece {
            Piece::Text(text) => words.push_str(text),
            Piece::Column(name) => value(name, batch, row, &mut words),
        }
    }
    words
}

fn value(name: &str, batch: &RecordBatch, row: usize, words: &mut String) {
    let Some(column) = batch.column_by_name(name).filter(|column| column.is_valid(row)) else {
        words.push_str(UNKNOWN);
        return;
    };
    // Writing to a text cannot fail.
    let _ = match column.data_type() {
        DataType::Utf8 => write!(words, "{}", column.as_string::<i32>().value(row)),
        DataType::Boolean => words.write_str(if column.as_boolean().value(row) { "是" } else { "否" }),
        DataType::Int64 => {
            let number = column.as_primitive::<Int64Type>().value(row);
            if name.ends_with("_fen") {
                write!(words, "{}元", Money::from_fen(number))
            } else {
                write!(words, "{number}")
            }
        }
        DataType::Date32 => match Day::from_days_since_epoch(column.as_primitive::<Date32Type>().value(row)) {
            Some(day) if name.ends_with("month") => write!(words, "{}年{}月", day.year(), day.month_number()),
            Some(day) => write!(words, "{}", day.chinese()),
            None => words.write_str(UNKNOWN),
        },
        _ => words.write_str(UNKNOWN),
    };
}
