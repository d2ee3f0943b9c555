//! Wide decisions: one Parquet file a `per`, rows in the order of the flat table, a handful of columns a benefit.
//!
//! | column | holds |
//! |---|---|
//! | the key of the row | as in the flat table |
//! | `<benefit>.outcome` | 0 暂不符合, 1 初步符合, 2 待核实 ([`rules::kernel::outcome_of`]) |
//! | `<benefit>.version` | which document's version decided, counted from the latest; not there where there is one only |
//! | `<benefit>.true_mask`, `.known_mask` | a bit a condition, in document order |
//! | `<benefit>.amount_fen` | of eligible rows, else null; not there for a benefit without an amount |
//! | `<benefit>.months` | of eligible rows, else null; not there for a benefit that counts no months |
//! | `<benefit>.reason` | why a row is undetermined ([`rules::decision::Reason`]), else 0 |

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, Int64Type, UInt8Type, UInt64Type};
use arrow_array::{Array as _, ArrayRef, Int32Array, Int64Array, RecordBatch, UInt8Array, UInt64Array};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use rules::benefit::Version;
pub(crate) use rules::kernel::Decided;
use rules::kernel::Decisions;

use crate::error::ScreeningError;

/// What comes after the benefit's id in a column's name.
pub(crate) const OUTCOME: &str = "outcome";
pub(crate) const VERSION: &str = "version";
pub(crate) const TRUE_MASK: &str = "true_mask";
pub(crate) const KNOWN_MASK: &str = "known_mask";
pub(crate) const AMOUNT: &str = "amount_fen";
pub(crate) const MONTHS: &str = "months";
pub(crate) const REASON: &str = "reason";

/// All of them, in the order of the columns.
pub(crate) const WHATS: [&str; 7] = [OUTCOME, VERSION, TRUE_MASK, KNOWN_MASK, AMOUNT, MONTHS, REASON];

/// An eligible row's byte in the outcome.
pub(crate) const ELIGIBLE: u8 = 1;
/// An undetermined row's byte.
pub(crate) const UNDETERMINED: u8 = 2;

/// Which columns a benefit has beside outcome, masks and reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Has {
    pub(crate) versions: bool,
    pub(crate) amount: bool,
    pub(crate) months: bool,
}

impl Has {
    /// By what its versions compute.
    pub(crate) fn of(versions: &[Version]) -> Self {
        Self {
            versions: versions.len() > 1,
            amount: versions.iter().any(|version| version.amount.is_some()),
            months: versions.iter().any(|version| version.months.is_some()),
        }
    }
}

/// The schema: the key's columns of the flat table, then those of each benefit.
pub(crate) fn schema<'b>(flat: &Schema, key: &[&str], benefits: impl IntoIterator<Item = (&'b str, Has)>) -> SchemaRef {
    let mut fields: Vec<Field> = key
        .iter()
        .filter_map(|name| flat.field_with_name(name).ok().cloned())
        .collect();
    for (id, has) in benefits {
        let mut push = |what: &str, kind, nullable| fields.push(Field::new(format!("{id}.{what}"), kind, nullable));
        push(OUTCOME, DataType::UInt8, false);
        if has.versions {
            push(VERSION, DataType::UInt8, false);
        }
        push(TRUE_MASK, DataType::UInt64, false);
        push(KNOWN_MASK, DataType::UInt64, false);
        if has.amount {
            push(AMOUNT, DataType::Int64, true);
        }
        if has.months {
            push(MONTHS, DataType::Int32, true);
        }
        push(REASON, DataType::UInt8, false);
    }
    Arc::new(Schema::new(fields))
}

/// The decisions of a batch on one benefit, as they grow block by block.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grown {
    pub(crate) outcome: Vec<u8>,
    pub(crate) version: Vec<u8>,
    pub(crate) true_mask: Vec<u64>,
    pub(crate) known_mask: Vec<u64>,
    pub(crate) amount_fen: Vec<i64>,
    pub(crate) months: Vec<i32>,
    pub(crate) reason: Vec<u8>,
}

impl Grown {
    /// Adds the first `rows` rows of a block.
    pub(crate) fn block(&mut self, decisions: &Decisions, rows: usize) {
        fn add<T: Copy>(to: &mut Vec<T>, from: &[T], rows: usize) {
            to.extend_from_slice(from.get(..rows).unwrap_or(from));
        }
        add(&mut self.outcome, &decisions.outcome, rows);
        add(&mut self.version, &decisions.version, rows);
        add(&mut self.true_mask, &decisions.true_mask, rows);
        add(&mut self.known_mask, &decisions.known_mask, rows);
        add(&mut self.amount_fen, &decisions.amount_fen, rows);
        add(&mut self.months, &decisions.months, rows);
        add(&mut self.reason, &decisions.reason, rows);
    }

    /// Puts another decision in the place of a row's.
    pub(crate) fn set(&mut self, row: usize, decided: &Decided) {
        fn put<T>(list: &mut [T], row: usize, value: T) {
            if let Some(place) = list.get_mut(row) {
                *place = value;
            }
        }
        put(&mut self.outcome, row, decided.outcome);
        put(&mut self.version, row, decided.version);
        put(&mut self.true_mask, row, decided.true_mask);
        put(&mut self.known_mask, row, decided.known_mask);
        put(&mut self.amount_fen, row, decided.amount_fen);
        put(&mut self.months, row, decided.months);
        put(&mut self.reason, row, decided.reason);
    }

    /// The columns, in the order of the schema.
    fn push_arrays(self, has: Has, columns: &mut Vec<ArrayRef>) {
        let eligible: Option<NullBuffer> =
            (has.amount || has.months).then(|| self.outcome.iter().map(|outcome| *outcome == ELIGIBLE).collect());
        columns.push(Arc::new(UInt8Array::from(self.outcome)));
        if has.versions {
            columns.push(Arc::new(UInt8Array::from(self.version)));
        }
        columns.push(Arc::new(UInt64Array::from(self.true_mask)));
        columns.push(Arc::new(UInt64Array::from(self.known_mask)));
        if has.amount {
            columns.push(Arc::new(Int64Array::new(self.amount_fen.into(), eligible.clone())));
        }
        if has.months {
            columns.push(Arc::new(Int32Array::new(self.months.into(), eligible)));
        }
        columns.push(Arc::new(UInt8Array::from(self.reason)));
    }
}

/// A batch of wide decisions: the key's columns of the flat batch, then each benefit's.
pub(crate) fn batch(
    schema: &SchemaRef,
    flat: &RecordBatch,
    benefits: impl IntoIterator<Item = (Grown, Has)>,
) -> Result<RecordBatch, ScreeningError> {
    let key = schema
        .fields()
        .iter()
        .map_while(|field| flat.column_by_name(field.name()).cloned());
    let mut columns: Vec<ArrayRef> = key.collect();
    for (grown, has) in benefits {
        grown.push_arrays(has, &mut columns);
    }
    RecordBatch::try_new(SchemaRef::clone(schema), columns).map_err(|error| ScreeningError::Fault(error.to_string()))
}

/// One row of a batch of wide decisions, on one benefit; nothing where a column that every benefit has is not there.
pub(crate) fn read(batch: &RecordBatch, benefit: &str, row: usize) -> Option<Decided> {
    let column = |what: &str| batch.column_by_name(&format!("{benefit}.{what}"));
    let byte = |what: &str| Some(column(what)?.as_primitive_opt::<UInt8Type>()?.value(row));
    let mask = |what: &str| Some(column(what)?.as_primitive_opt::<UInt64Type>()?.value(row));
    let amount = column(AMOUNT).filter(|column| column.is_valid(row));
    let months = column(MONTHS).filter(|column| column.is_valid(row));
    Some(Decided {
        outcome: byte(OUTCOME)?,
        version: byte(VERSION).unwrap_or(0),
        true_mask: mask(TRUE_MASK)?,
        known_mask: mask(KNOWN_MASK)?,
        amount_fen: amount.map_or(Some(0), |column| {
            Some(column.as_primitive_opt::<Int64Type>()?.value(row))
        })?,
        months: months.map_or(Some(0), |column| {
            Some(column.as_primitive_opt::<Int32Type>()?.value(row))
        })?,
        reason: byte(REASON)?,
    })
}
