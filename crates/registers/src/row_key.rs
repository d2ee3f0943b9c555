//! The key of a row as text: what rows are sorted by, told apart by, and what their sealed values are bound to.

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Int16Type, Int64Type};
use arrow_array::{Array, Date32Array, Int16Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::DataType;
use civil::Day;
use policy::register::Register;

/// Between the parts of a key; no cell holds it.
pub const SEPARATOR: char = '\u{1f}';

/// The key columns of a batch.
#[derive(Debug)]
pub struct RowKeys<'b> {
    parts: Vec<Part<'b>>,
}

#[derive(Debug)]
enum Part<'b> {
    Text(&'b StringArray),
    Days(&'b Date32Array),
    Long(&'b Int64Array),
    Small(&'b Int16Array),
}

impl<'b> RowKeys<'b> {
    /// The key columns of a batch of the register; a column that the batch does not have counts as empty.
    pub fn of(register: &Register, batch: &'b RecordBatch) -> Self {
        let parts = register
            .key_columns()
            .filter_map(|column| batch.column_by_name(&column.stored()))
            .filter_map(|array| part(array.as_ref()))
            .collect();
        Self { parts }
    }

    /// Writes the key of a row.
    pub fn write(&self, row: usize, out: &mut String) {
        use std::fmt::Write as _;
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                out.push(SEPARATOR);
            }
            // Writing into a string cannot fail.
            let _ = match part {
                Part::Text(array) if array.is_valid(row) => out.write_str(array.value(row)),
                Part::Days(array) if array.is_valid(row) => match Day::from_days_since_epoch(array.value(row)) {
                    Some(day) => write!(out, "{day}"),
                    None => Ok(()),
                },
                Part::Long(array) if array.is_valid(row) => write!(out, "{:019}", array.value(row)),
                Part::Small(array) if array.is_valid(row) => write!(out, "{:05}", array.value(row)),
                Part::Text(_) | Part::Days(_) | Part::Long(_) | Part::Small(_) => Ok(()),
            };
        }
    }

    /// The keys of all rows.
    pub fn all(&self, rows: usize) -> StringArray {
        let mut keys = arrow_array::builder::StringBuilder::with_capacity(rows, rows * 40);
        let mut key = String::new();
        for row in 0..rows {
            key.clear();
            self.write(row, &mut key);
            keys.append_value(&key);
        }
        keys.finish()
    }
}

fn part(array: &dyn Array) -> Option<Part<'_>> {
    Some(match array.data_type() {
        DataType::Utf8 => Part::Text(array.as_string::<i32>()),
        DataType::Date32 => Part::Days(array.as_primitive::<Date32Type>()),
        DataType::Int64 => Part::Long(array.as_primitive::<Int64Type>()),
        DataType::Int16 => Part::Small(array.as_primitive::<Int16Type>()),
        _ => return None,
    })
}
