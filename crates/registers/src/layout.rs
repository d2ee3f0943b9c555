//! What a register is in Parquet: names, types, and the period a file is of.
//!
//! Whole numbers and fen are Int64, days Date32, months Date32 on the first, rates Decimal128(18,6), codes Int16 by their
//! numbers, regions Int64 of twelve digits, keys and text Utf8, sealed values Binary. Rows are sorted by the register's
//! key. An empty cell is null.

use std::fmt;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Schema, SchemaRef};
use civil::{Day, Month};
use policy::fact::{DECIMAL_SCALE, FactType};
use policy::register::{Column, ColumnType, Register};

/// Format of Parquet files and of the manifest.
pub const FORMAT: u32 = 1;
/// Digits of a decimal in Parquet.
pub const DECIMAL_PRECISION: u8 = 18;
/// Key of a Parquet file's metadata that holds [`FORMAT`].
pub const FORMAT_KEY: &str = "leye.format";

/// The type of a column in Parquet.
pub fn data_type(kind: &ColumnType) -> DataType {
    match kind {
        ColumnType::Value(FactType::Int | FactType::Fen | FactType::Region) => DataType::Int64,
        ColumnType::Value(FactType::Decimal) => {
            DataType::Decimal128(DECIMAL_PRECISION, i8::try_from(DECIMAL_SCALE).unwrap_or_default())
        }
        ColumnType::Value(FactType::Bool) => DataType::Boolean,
        ColumnType::Value(FactType::Date | FactType::Month) => DataType::Date32,
        ColumnType::Value(FactType::Code(_)) => DataType::Int16,
        ColumnType::Text | ColumnType::ResidentId | ColumnType::CreditCode | ColumnType::Benefit => DataType::Utf8,
        ColumnType::Account | ColumnType::Name | ColumnType::Phone => DataType::Binary,
    }
}

/// The field of a column.
pub fn field(column: &Column) -> Field {
    Field::new(column.stored(), data_type(&column.kind), true)
}

/// The schema of a register's files: its columns in order, persons and bodies as keys.
pub fn schema(register: &Register) -> SchemaRef {
    Arc::new(Schema::new(register.columns.iter().map(field).collect::<Vec<_>>()))
}

/// What part of time a partition is: a month, or the state of things when it was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    /// A register without months.
    Snapshot,
    /// The rows of one month.
    Month(Month),
}

impl Period {
    /// The month that holds a day.
    pub fn of_day(day: Day) -> Self {
        Self::Month(day.month())
    }

    /// Reads what `Display` prints.
    pub fn parse(text: &str) -> Option<Self> {
        if text == SNAPSHOT {
            return Some(Self::Snapshot);
        }
        Month::parse(text).ok().map(Self::Month)
    }
}

const SNAPSHOT: &str = "snapshot";

impl fmt::Display for Period {
    /// `snapshot` or `2020-03`, as folders are called.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Snapshot => f.write_str(SNAPSHOT),
            Self::Month(month) => write!(f, "{:04}-{:02}", month.year(), month.number()),
        }
    }
}
