//! Which numbers the keys stand for: sealed, once for each key, in files that only grow.
//!
//! Registers hold keys alone. Whoever must see a number (a payment, a new index key) opens it here.

use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, Int16Builder, StringBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int16Type;
use arrow_array::{RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::errors::ParquetError;
use seal::{Column, EmployerKey, KeyText, PersonKey, SealError, Sealer};

use crate::manifest::Manifest;
use crate::parquet_file::{self, Content, ParquetOut};
use crate::rows::Identity;

/// The table and column that sealed numbers are bound to.
pub const TABLE: &str = "identity";
/// See [`TABLE`].
pub const COLUMN: &str = "number";
/// What a key is of, in the column `kind`.
pub const PERSON: i16 = 1;
/// See [`PERSON`].
pub const EMPLOYER: i16 = 2;
/// Rows of a batch.
const BATCH_ROWS: usize = 8_192;
/// Identities that wait before they are sorted out.
const MAX_WAITING: usize = 2_000_000;

/// The schema of identity files.
pub fn schema() -> SchemaRef {
    Arc::new(Schema::new(vec![
        Field::new("kind", DataType::Int16, false),
        Field::new("key", DataType::Utf8, false),
        Field::new(COLUMN, DataType::Binary, false),
    ]))
}

/// Keys seen in an import that no identity file holds yet.
#[derive(Debug, Default)]
pub(crate) struct NewIdentities {
    /// Sorted.
    known: Vec<KeyText>,
    waiting: Vec<Identity>,
    sorted: usize,
}

impl NewIdentities {
    /// With the keys of all identity files.
    pub(crate) fn load(root: &Path, manifest: &Manifest) -> Result<Self, ParquetError> {
        let mut known = Vec::new();
        for import in &manifest.imports {
            let Some(file) = &import.identities else { continue };
            for batch in parquet_file::read(&root.join(&file.path), Some(&["kind", "key"]))? {
                let batch = batch?;
                let (kinds, keys) = (
                    batch.column(0).as_primitive::<Int16Type>(),
                    batch.column(1).as_string::<i32>(),
                );
                for row in 0..batch.num_rows() {
                    known.extend(key_text(keys, row, kinds.value(row) == PERSON));
                }
            }
        }
        known.sort_unstable();
        Ok(Self {
            known,
            ..Self::default()
        })
    }

    /// Takes note.
    pub(crate) fn add(&mut self, seen: Vec<Identity>) {
        self.waiting.extend(seen);
        if self.waiting.len() > self.sorted + MAX_WAITING {
            self.settle();
        }
    }

    fn settle(&mut self) {
        self.waiting.sort_unstable();
        self.waiting.dedup();
        let known = &self.known;
        self.waiting
            .retain(|identity| known.binary_search(&identity.text()).is_err());
        self.sorted = self.waiting.len();
    }

    /// Writes them to a file, sealed; how many there were.
    pub(crate) fn write(&mut self, path: &Path, sealer: &mut Sealer) -> Result<Content, IdentityError> {
        self.settle();
        let schema = schema();
        let mut out = ParquetOut::create(path, &schema, &[("leye.register", TABLE)])?;
        let column = Column::new(TABLE, COLUMN);
        for chunk in self.waiting.chunks(BATCH_ROWS) {
            let mut kinds = Int16Builder::with_capacity(chunk.len());
            let mut keys = StringBuilder::with_capacity(chunk.len(), chunk.len() * 26);
            let mut numbers = BinaryBuilder::with_capacity(chunk.len(), chunk.len() * 52);
            let mut sealed = Vec::new();
            for identity in chunk {
                let key = identity.text();
                sealed.clear();
                match identity {
                    Identity::Person(_, id) => {
                        kinds.append_value(PERSON);
                        sealer.seal_id(&column, &key, *id, &mut sealed)?;
                    }
                    Identity::Employer(_, code) => {
                        kinds.append_value(EMPLOYER);
                        sealer.seal(&column, &key, code.as_str().as_bytes(), &mut sealed)?;
                    }
                }
                keys.append_value(&*key);
                numbers.append_value(&sealed);
            }
            let columns: Vec<arrow_array::ArrayRef> = vec![
                Arc::new(kinds.finish()),
                Arc::new(keys.finish()),
                Arc::new(numbers.finish()),
            ];
            let batch = RecordBatch::try_new(Arc::clone(&schema), columns)
                .map_err(|error| ParquetError::General(error.to_string()))?;
            out.write(&batch)?;
        }
        Ok(out.finish()?)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&mut self) -> bool {
        self.settle();
        self.waiting.is_empty()
    }
}

/// Why identities could not be written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IdentityError {
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// A key of a column as the compact text that keys are compared by.
pub(crate) fn key_text(keys: &StringArray, row: usize, person: bool) -> Option<KeyText> {
    if arrow_array::Array::is_null(keys, row) {
        return None;
    }
    let text = keys.value(row);
    if person {
        text.parse::<PersonKey>().ok().map(|key| key.text())
    } else {
        text.parse::<EmployerKey>().ok().map(|key| key.text())
    }
}
