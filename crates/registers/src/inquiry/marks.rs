//! Sealed columns made comparable: opened in memory, kept as keyed hashes and masked.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ArrayRef, Int64Array, RecordBatch, new_null_array};
use arrow_schema::{Field, Schema, SchemaRef};
use parquet::errors::ParquetError;
use policy::register::{Column, ColumnType, Register};
use seal::{Indexer, KeyRing, OpenError, Opener};

use super::{InquiryError, Part, VINTAGE};
use crate::derive::DeriveError;
use crate::layout;
use crate::parquet_file::{self, ParquetOut};
use crate::row_key::RowKeys;

/// The sealed columns of a register that are wanted.
pub(super) struct Marks<'a> {
    register: &'a Register,
    columns: Vec<&'a Column>,
    ring: Option<&'a KeyRing>,
    threads: usize,
    /// What is written: the key, the batch, a key for each sealed column, accounts masked too.
    pub(super) schema: SchemaRef,
}

impl<'a> Marks<'a> {
    /// Of those of a register's columns that are sealed.
    pub(super) fn of(
        register: &'a Register,
        wanted: &BTreeSet<String>,
        ring: Option<&'a KeyRing>,
        threads: usize,
    ) -> Self {
        let wanted = register.columns.iter().filter(|column| wanted.contains(&column.id));
        let columns: Vec<&Column> = wanted.filter(|column| column.kind.is_sealed()).collect();
        let mut fields: Vec<Field> = register.key_columns().map(layout::field).collect();
        fields.push(Field::new(VINTAGE, arrow_schema::DataType::Int64, false));
        for column in &columns {
            fields.push(text(&format!("{}_key", column.id)));
            if column.kind == ColumnType::Account {
                fields.push(text(&format!("{}_masked", column.id)));
            }
        }
        Self {
            register,
            columns,
            ring,
            threads: threads.max(1),
            schema: Arc::new(Schema::new(fields)),
        }
    }

    /// Writes those of the files.
    pub(super) fn write(&self, parts: &[Part], path: &Path) -> Result<(), InquiryError> {
        let mut out = ParquetOut::create(path, &self.schema, &[]).map_err(DeriveError::from)?;
        for part in parts {
            let batches = parquet_file::read(&part.path, None).map_err(DeriveError::from)?;
            let mut waiting = Vec::new();
            for batch in batches {
                waiting.push(batch.map_err(|error| DeriveError::from(ParquetError::from(error)))?);
                if waiting.len() == self.threads {
                    self.write_all(&waiting, part.vintage, &mut out)?;
                    waiting.clear();
                }
            }
            self.write_all(&waiting, part.vintage, &mut out)?;
        }
        out.finish().map_err(DeriveError::from)?;
        Ok(())
    }

    /// Batches, a thread each, in their order.
    fn write_all(&self, batches: &[RecordBatch], vintage: u64, out: &mut ParquetOut) -> Result<(), InquiryError> {
        let marked: Vec<Result<RecordBatch, InquiryError>> = std::thread::scope(|scope| {
            let running: Vec<_> = batches
                .iter()
                .map(|batch| scope.spawn(|| self.of_batch(batch, vintage)))
                .collect();
            let joined = running.into_iter().map(|thread| thread.join());
            joined
                .map(|result| result.unwrap_or_else(|cause| std::panic::resume_unwind(cause)))
                .collect()
        });
        for batch in marked {
            out.write(&batch?).map_err(DeriveError::from)?;
        }
        Ok(())
    }

    fn of_batch(&self, batch: &RecordBatch, vintage: u64) -> Result<RecordBatch, InquiryError> {
        let rows = batch.num_rows();
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for key in self.register.key_columns() {
            let empty = || new_null_array(&layout::data_type(&key.kind), rows);
            arrays.push(batch.column_by_name(&key.stored()).map_or_else(empty, Arc::clone));
        }
        let vintage = i64::try_from(vintage).unwrap_or(i64::MAX);
        arrays.push(Arc::new(Int64Array::from(vec![vintage; rows])));
        let keys = RowKeys::of(self.register, batch).all(rows);
        let ring = self.ring.ok_or(InquiryError::NoKeys)?;
        let (mut opener, indexer) = (ring.opener(), ring.indexer());
        for column in &self.columns {
            let (mut marks, mut masked) = (StringBuilder::new(), StringBuilder::new());
            let sealed = batch
                .column_by_name(&column.stored())
                .map(|array| array.as_binary::<i32>());
            let bound = seal::Column::new(&self.register.id, &column.stored());
            for row in 0..rows {
                let Some(value) = sealed.filter(|array| array.is_valid(row)).map(|array| array.value(row)) else {
                    marks.append_null();
                    masked.append_null();
                    continue;
                };
                let mark = mark(&mut opener, &indexer, &column.kind, (&bound, keys.value(row), value));
                let (key, shown) = mark.map_err(|error| InquiryError::Sealed {
                    register: self.register.label.clone(),
                    column: column.label.clone(),
                    reason: error.to_string(),
                })?;
                marks.append_value(key.text());
                masked.append_option(shown);
            }
            arrays.push(Arc::new(marks.finish()));
            if column.kind == ColumnType::Account {
                arrays.push(Arc::new(masked.finish()));
            }
        }
        RecordBatch::try_new(Arc::clone(&self.schema), arrays)
            .map_err(|error| DeriveError::from(ParquetError::from(error)).into())
    }
}

fn text(name: &str) -> Field {
    Field::new(name, arrow_schema::DataType::Utf8, true)
}

/// What tells whether a sealed value is the same as another, and an account as it may be shown.
fn mark(
    opener: &mut Opener,
    indexer: &Indexer,
    kind: &ColumnType,
    (bound, row, sealed): (&seal::Column, &str, &[u8]),
) -> Result<(seal::ValueKey, Option<String>), OpenError> {
    Ok(match kind {
        ColumnType::Account => {
            let account = opener.open_account(bound, row, sealed)?;
            (indexer.account(&account), Some(account.masked()))
        }
        ColumnType::Phone => (indexer.phone(opener.open_text(bound, row, sealed)?), None),
        _ => (indexer.name(opener.open_text(bound, row, sealed)?), None),
    })
}
