//! Values into Arrow arrays, a column at a time.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{
    BinaryBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Int16Builder, Int64Builder, StringBuilder,
};
use policy::fact::{DECIMAL_SCALE, FactType};
use policy::register::ColumnType;

use crate::layout::DECIMAL_PRECISION;
use crate::value::Value;

/// A column being filled.
#[derive(Debug)]
pub(crate) enum Builder {
    Long(Int64Builder),
    Huge(Decimal128Builder),
    Flag(BooleanBuilder),
    Days(Date32Builder),
    Small(Int16Builder),
    Text(StringBuilder),
    Sealed(BinaryBuilder),
}

impl Builder {
    /// An empty column for `rows` rows.
    pub(crate) fn new(kind: &ColumnType, rows: usize) -> Self {
        match kind {
            ColumnType::Value(FactType::Int | FactType::Fen | FactType::Region) => {
                Self::Long(Int64Builder::with_capacity(rows))
            }
            ColumnType::Value(FactType::Decimal) => Self::Huge(Decimal128Builder::with_capacity(rows)),
            ColumnType::Value(FactType::Bool) => Self::Flag(BooleanBuilder::with_capacity(rows)),
            ColumnType::Value(FactType::Date | FactType::Month) => Self::Days(Date32Builder::with_capacity(rows)),
            ColumnType::Value(FactType::Code(_)) => Self::Small(Int16Builder::with_capacity(rows)),
            ColumnType::Text | ColumnType::ResidentId | ColumnType::CreditCode | ColumnType::Benefit => {
                Self::Text(StringBuilder::with_capacity(rows, rows * 26))
            }
            ColumnType::Account | ColumnType::Name | ColumnType::Phone => {
                Self::Sealed(BinaryBuilder::with_capacity(rows, rows * 48))
            }
        }
    }

    /// Adds a value of the column's type; keys come as text. Anything else is empty.
    pub(crate) fn push(&mut self, value: &Value<'_>) {
        match (self, value) {
            (Self::Long(builder), Value::Long(value)) => builder.append_value(*value),
            (Self::Huge(builder), Value::Huge(value)) => builder.append_value(*value),
            (Self::Flag(builder), Value::Flag(value)) => builder.append_value(*value),
            (Self::Days(builder), Value::Days(value)) => builder.append_value(*value),
            (Self::Small(builder), Value::Small(value)) => builder.append_value(*value),
            (Self::Text(builder), Value::Text(value)) => builder.append_value(value),
            (Self::Long(builder), _) => builder.append_null(),
            (Self::Huge(builder), _) => builder.append_null(),
            (Self::Flag(builder), _) => builder.append_null(),
            (Self::Days(builder), _) => builder.append_null(),
            (Self::Small(builder), _) => builder.append_null(),
            (Self::Text(builder), _) => builder.append_null(),
            (Self::Sealed(builder), _) => builder.append_null(),
        }
    }

    /// Adds a key.
    pub(crate) fn push_key(&mut self, key: &str) {
        if let Self::Text(builder) = self {
            builder.append_value(key);
        }
    }

    /// Adds a sealed value.
    pub(crate) fn push_sealed(&mut self, sealed: Option<&[u8]>) {
        if let Self::Sealed(builder) = self {
            match sealed {
                Some(bytes) => builder.append_value(bytes),
                None => builder.append_null(),
            }
        }
    }

    /// What the column holds so far.
    pub(crate) fn snapshot(&self) -> ArrayRef {
        match self {
            Self::Long(builder) => Arc::new(builder.finish_cloned()),
            Self::Huge(builder) => Arc::new(builder.finish_cloned()),
            Self::Flag(builder) => Arc::new(builder.finish_cloned()),
            Self::Days(builder) => Arc::new(builder.finish_cloned()),
            Self::Small(builder) => Arc::new(builder.finish_cloned()),
            Self::Text(builder) => Arc::new(builder.finish_cloned()),
            Self::Sealed(builder) => Arc::new(builder.finish_cloned()),
        }
    }

    /// The finished column.
    pub(crate) fn finish(self) -> ArrayRef {
        match self {
            Self::Long(mut builder) => Arc::new(builder.finish()),
            Self::Huge(mut builder) => {
                let scale = i8::try_from(DECIMAL_SCALE).unwrap_or_default();
                let array = builder.finish();
                // 18 digits and 6 after the point always fit Decimal128.
                match array.clone().with_precision_and_scale(DECIMAL_PRECISION, scale) {
                    Ok(array) => Arc::new(array),
                    Err(_) => Arc::new(array),
                }
            }
            Self::Flag(mut builder) => Arc::new(builder.finish()),
            Self::Days(mut builder) => Arc::new(builder.finish()),
            Self::Small(mut builder) => Arc::new(builder.finish()),
            Self::Text(mut builder) => Arc::new(builder.finish()),
            Self::Sealed(mut builder) => Arc::new(builder.finish()),
        }
    }
}
