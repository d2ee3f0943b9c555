//! A new index key: every register of every vintage under new keys, beside the old until the ring changes.
//!
//! Each key is looked up in the identity files, its number opened, the new key made from it; rows are sorted by their new
//! keys and sealed values bound to them. What every day knew stays what it knew: all vintages are taken over, and only
//! names of files, hashes and the number of the index key differ in the manifest.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, StringBuilder};
use arrow_array::cast::AsArray as _;
use arrow_array::types::Int16Type;
use arrow_array::{Array, ArrayRef, Int32Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use civil::CreditCode;
use parquet::errors::ParquetError;
use policy::register::{Register, Registers};
use seal::{Column, EmployerKey, KeyRing, KeyText, PersonKey, Randomness, Rekeying};

use crate::folder::{Folder, FolderError, Writing};
use crate::identity::{COLUMN, PERSON, TABLE};
use crate::manifest::{Manifest, Written};
use crate::merge::merge_runs;
use crate::parquet_file::{self, Content, ParquetOut};
use crate::row_key::RowKeys;
use crate::rows::{AT, KEY, PERIOD};
use crate::runs::Runs;

/// What the names of key columns end in.
const KEY_SUFFIX: &str = "_key";

/// Why registers could not be taken over; nothing has changed then. Printed in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum RekeyError {
    /// The folder of registers cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file cannot be read, written or taken over.
    #[error("数据文件 {path} 不能换用新索引密钥：{reason}。原有数据和密钥未改动")]
    File {
        /// The file.
        path: String,
        /// In Chinese where it is ours.
        reason: String,
    },
    /// A register that the packs no longer have.
    #[error("数据表“{0}”已不在政策文件库中，其数据不能换用新索引密钥。原有数据和密钥未改动")]
    Register(String),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] seal::NoRandomness),
}

/// What was taken over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Files of all vintages.
    pub files: u64,
    /// Rows in them.
    pub rows: u64,
    /// Persons and employers.
    pub identities: u64,
}

/// Writes everything anew for the ring that comes, beside what there is. It counts once the ring is in place and
/// [`Folder::settle`] has been called.
///
/// # Errors
/// [`RekeyError`]; the registers are then as they were.
pub fn prepare(
    folder: &Folder,
    registers: &Registers,
    old: &KeyRing,
    next: &KeyRing,
    random: &mut dyn Randomness,
    progress: &dyn Fn(u64),
) -> Result<Taken, RekeyError> {
    let writing = folder.begin(old.index().number())?;
    let manifest = folder.manifest()?;
    let mut work = Work {
        rekeying: Rekeying::new(old, next, random)?,
        writing: &writing,
        folder,
        suffix: format!("-k{}", next.index().number()),
        keys: BTreeMap::new(),
        files: Vec::new(),
        taken: Taken::default(),
        progress,
    };
    let mut changed = Manifest::default();
    for import in &manifest.imports {
        let mut import = import.clone();
        if let Some(file) = &import.identities {
            import.identities = Some(work.identities(file, old)?);
        }
        let register = registers
            .get(&import.register)
            .ok_or_else(|| RekeyError::Register(import.register.clone()))?;
        let there = import.removed.is_none();
        for partition in import.partitions.iter_mut().filter(|_| there) {
            partition.file = work.partition(&partition.file, register)?;
        }
        import.index = next.index().number();
        changed.imports.push(import);
    }
    let (files, taken) = (work.files, work.taken);
    writing.place_next(&files, &changed)?;
    Ok(taken)
}

struct Work<'w> {
    rekeying: Rekeying,
    writing: &'w Writing,
    folder: &'w Folder,
    suffix: String,
    /// Old keys and new ones.
    keys: BTreeMap<KeyText, KeyText>,
    files: Vec<(String, String)>,
    taken: Taken,
    progress: &'w dyn Fn(u64),
}

/// What went wrong with one file.
struct Reason(String);

macro_rules! reasons {
    ($($error:ty),*) => {
        $(impl From<$error> for Reason {
            fn from(error: $error) -> Self {
                Self(error.to_string())
            }
        })*
    };
}
reasons!(ParquetError, ArrowError, seal::RekeyError, seal::OpenError);

impl Work<'_> {
    /// The name that a file will have, and where it is written until then.
    fn names(&mut self, path: &str) -> (String, String) {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        // `000012.parquet`, or `000012-k2.parquet` where it was taken over before.
        let stem: String = file.chars().take_while(char::is_ascii_digit).collect();
        let to = format!("{folder}/{stem}{}.parquet", self.suffix);
        let name = format!("rekeyed-{:06}.parquet", self.files.len());
        self.files.push((name.clone(), to.clone()));
        (name, to)
    }

    fn failed(&self, path: &str) -> impl Fn(Reason) -> RekeyError + use<> {
        let path = self.folder.root().join(path).display().to_string();
        move |reason| RekeyError::File {
            path: path.clone(),
            reason: reason.0,
        }
    }

    fn identities(&mut self, file: &Written, old: &KeyRing) -> Result<Written, RekeyError> {
        let failed = self.failed(&file.path);
        let (name, to) = self.names(&file.path);
        self.write_identities(&file.path, &name, &to, old).map_err(failed)
    }

    fn write_identities(&mut self, from: &str, name: &str, to: &str, old: &KeyRing) -> Result<Written, Reason> {
        let column = Column::new(TABLE, COLUMN);
        let mut opener = old.opener();
        // By new key: that is how the file is sorted.
        let mut sorted: BTreeMap<(i16, KeyText), Vec<u8>> = BTreeMap::new();
        for batch in parquet_file::read(&self.folder.root().join(from), None)? {
            let batch = batch?;
            let kinds = batch.column(0).as_primitive::<Int16Type>();
            let (keys, numbers) = (batch.column(1).as_string::<i32>(), batch.column(2).as_binary::<i32>());
            for row in 0..batch.num_rows() {
                let (key, number) = (keys.value(row), numbers.value(row));
                let wrong = || Reason("索引号的写法不对".to_owned());
                let mut sealed = Vec::with_capacity(number.len());
                let (before, after) = if kinds.value(row) == PERSON {
                    let key: PersonKey = key.parse().map_err(|_| wrong())?;
                    (
                        key.text(),
                        self.rekeying.person(&column, key, number, &mut sealed)?.text(),
                    )
                } else {
                    let key: EmployerKey = key.parse().map_err(|_| wrong())?;
                    let code = opener.open_text(&column, &key.text(), number)?;
                    let code = CreditCode::parse(code).map_err(|error| Reason(error.to_string()))?;
                    let new = self.rekeying.employer(key, code)?;
                    self.rekeying
                        .value(&column, &key.text(), &new.text(), number, &mut sealed)?;
                    (key.text(), new.text())
                };
                self.keys.insert(before, after);
                sorted.insert((kinds.value(row), after), sealed);
            }
        }
        self.taken.identities += sorted.len() as u64;
        let schema = crate::identity::schema();
        let mut out = ParquetOut::create(&self.writing.staging().join(name), &schema, &[("leye.register", TABLE)])?;
        let kinds: arrow_array::Int16Array = sorted.keys().map(|(kind, _)| Some(*kind)).collect();
        let keys: StringArray = sorted.keys().map(|(_, key)| Some(key.as_ref())).collect();
        let numbers: arrow_array::BinaryArray = sorted.values().map(|sealed| Some(sealed.as_slice())).collect();
        let columns: Vec<ArrayRef> = vec![Arc::new(kinds), Arc::new(keys), Arc::new(numbers)];
        out.write(&RecordBatch::try_new(schema, columns)?)?;
        Ok(out.finish()?.at(to.to_owned()))
    }

    fn partition(&mut self, file: &Written, register: &Register) -> Result<Written, RekeyError> {
        let failed = self.failed(&file.path);
        let (name, to) = self.names(&file.path);
        let from = self.folder.root().join(&file.path);
        let written = self.write_partition(&from, &name, register).map_err(failed)?;
        self.taken.files += 1;
        self.taken.rows += written.rows();
        (self.progress)(self.taken.rows);
        Ok(written.at(to))
    }

    fn write_partition(&mut self, from: &Path, name: &str, register: &Register) -> Result<Content, Reason> {
        let labels = parquet_file::labels(from)?;
        let mut schema: Option<SchemaRef> = None;
        let mut runs: Option<Runs> = None;
        let mut at = 0;
        for batch in parquet_file::read(from, None)? {
            let batch = batch?;
            let file_schema = schema.get_or_insert_with(|| batch.schema());
            let working = working(file_schema);
            let taken = self.take_over(&batch, register, &working, at)?;
            at += batch.num_rows() as u64;
            runs.get_or_insert_with(|| Runs::new(working, self.writing.staging()))
                .push(taken)?;
        }
        let schema = match schema {
            Some(schema) => schema,
            None => crate::layout::schema(register),
        };
        let labels: Vec<(&str, &str)> = labels
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        let mut out = ParquetOut::create(&self.writing.staging().join(name), &schema, &labels)?;
        if let Some(runs) = runs {
            let all: Vec<usize> = (0..schema.fields().len()).collect();
            for batch in merge_runs(runs.finish()?, &working(&schema))? {
                out.write(&batch?.project(&all)?)?;
            }
        }
        Ok(out.finish()?)
    }

    fn take_over(
        &mut self,
        batch: &RecordBatch,
        register: &Register,
        working: &SchemaRef,
        at: u64,
    ) -> Result<RecordBatch, Reason> {
        let rows = batch.num_rows();
        let old_keys = RowKeys::of(register, batch).all(rows);
        let schema = batch.schema();
        let mut columns = Vec::with_capacity(batch.num_columns() + 3);
        for (field, column) in schema.fields().iter().zip(batch.columns()) {
            let is_key = *field.data_type() == DataType::Utf8 && field.name().ends_with(KEY_SUFFIX);
            columns.push(if is_key {
                self.new_keys(column)?
            } else {
                Arc::clone(column)
            });
        }
        let with_keys = RecordBatch::try_new(Arc::clone(&schema), columns.clone())?;
        let new_keys = RowKeys::of(register, &with_keys).all(rows);
        for ((field, column), place) in schema.fields().iter().zip(batch.columns()).zip(&mut columns) {
            if *field.data_type() == DataType::Binary {
                let bound = Column::new(&register.id, field.name());
                *place = self.resealed(column, &bound, &old_keys, &new_keys)?;
            }
        }
        columns.push(Arc::new(Int32Array::from(vec![0; rows])));
        columns.push(Arc::new(new_keys));
        columns.push(Arc::new(UInt64Array::from_iter_values(at..at + rows as u64)));
        Ok(RecordBatch::try_new(Arc::clone(working), columns)?)
    }

    fn new_keys(&self, column: &ArrayRef) -> Result<ArrayRef, Reason> {
        let old = column.as_string::<i32>();
        let mut new = StringBuilder::with_capacity(old.len(), old.len() * 26);
        for row in 0..old.len() {
            if old.is_null(row) {
                new.append_null();
                continue;
            }
            // Persons and employers never have the same key.
            let known = crate::identity::key_text(old, row, true).and_then(|key| self.keys.get(&key));
            match known {
                Some(key) => new.append_value(key.as_ref()),
                None => return Err(Reason("有索引号不在号码对照文件中".to_owned())),
            }
        }
        Ok(Arc::new(new.finish()))
    }

    fn resealed(
        &mut self,
        column: &ArrayRef,
        bound: &Column,
        old_keys: &StringArray,
        new_keys: &StringArray,
    ) -> Result<ArrayRef, Reason> {
        let old = column.as_binary::<i32>();
        let mut new = BinaryBuilder::with_capacity(old.len(), old.len() * 48);
        let mut sealed = Vec::new();
        for row in 0..old.len() {
            if old.is_null(row) {
                new.append_null();
                continue;
            }
            sealed.clear();
            let (from, to) = (old_keys.value(row), new_keys.value(row));
            self.rekeying.value(bound, from, to, old.value(row), &mut sealed)?;
            new.append_value(&sealed);
        }
        Ok(Arc::new(new.finish()))
    }
}

/// A file's schema with the columns by which rows are sorted.
fn working(schema: &SchemaRef) -> SchemaRef {
    let mut fields: Vec<Field> = schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    fields.push(Field::new(PERIOD, DataType::Int32, false));
    fields.push(Field::new(KEY, DataType::Utf8, false));
    fields.push(Field::new(AT, DataType::UInt64, false));
    Arc::new(Schema::new(fields))
}
