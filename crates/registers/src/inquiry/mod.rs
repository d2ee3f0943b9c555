//! Questions to the registers: one read-only query at a time over all registers as a day sees them, with the batch that
//! each row came with.
//!
//! A register is a table under its id with `_` for `-` (`benefit_history`): its columns as [`crate::layout`] names them,
//! persons under the key of their present ID, and `vintage`, the number of the import whose file holds the row. Sealed
//! columns cannot be compared; for those asked for there is `<register>_marks`: the register's key, `vintage`, and for a
//! sealed column `account` a text `account_key`, equal where the accounts are equal, and `account_masked`. Marks are made
//! for one inquiry, in its scratch folder.
//!
//! `$as_of`, `$known_on`, `$until` (the last month of which a premium had arrived by `as_of`) and `$settled` (the same, or the
//! month before while that one is not over) are parameters.

mod marks;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use civil::Day;
use policy::register::{ColumnType, Register, Registers};
use seal::KeyRing;

use crate::derive::session::{Session, table_name};
use crate::derive::{DeriveError, LINKS, STACK_BYTES};
use crate::layout;
use crate::manifest::Manifest;

/// The column with the number of the import.
pub const VINTAGE: &str = "vintage";

/// Why a question could not be asked; printed in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum InquiryError {
    /// The engine's own words.
    #[error("查询引擎提示：{0}")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A file could not be read or written, or there is no such register.
    #[error(transparent)]
    Derive(DeriveError),
    /// Sealed values are to be compared and nothing opens them.
    #[error("核对姓名、电话或账号需要密钥，没有密钥库")]
    NoKeys,
    /// Sealed values could not be opened.
    #[error("数据表“{register}”的“{column}”不能启封：{reason}。请确认密钥库与数据配套")]
    Sealed {
        /// The register's name on screen.
        register: String,
        /// The column's.
        column: String,
        /// In Chinese.
        reason: String,
    },
}

impl From<DeriveError> for InquiryError {
    fn from(error: DeriveError) -> Self {
        match error {
            DeriveError::Engine(engine) => Self::Engine(engine),
            other => Self::Derive(other),
        }
    }
}

/// A file that stands for a part of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The file.
    pub path: PathBuf,
    /// The import that wrote it.
    pub vintage: u64,
}

/// What is asked, and of what.
#[derive(Debug)]
pub struct Asked<'a> {
    /// What registers hold.
    pub registers: &'a Registers,
    /// The files that stand for each register, by its id; a register without files is empty.
    pub parts: BTreeMap<String, Vec<Part>>,
    /// Sealed columns that are to be compared, by register.
    pub marked: BTreeMap<String, BTreeSet<String>>,
    /// The day the questions are about.
    pub as_of: Day,
    /// The day whose knowledge counts.
    pub known_on: Day,
    /// Where marks go, and what does not fit into memory.
    pub scratch: PathBuf,
    /// Memory that the engine may hold before it spills.
    pub memory_bytes: usize,
    /// Threads.
    pub threads: usize,
}

/// What a query gives and reads, as far as planning shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The columns of its result with their types.
    pub gives: Vec<(String, DataType)>,
    /// The columns of each table that it reads.
    pub reads: BTreeMap<String, BTreeSet<String>>,
}

/// Open registers.
pub struct Inquiry {
    runtime: tokio::runtime::Runtime,
    session: Session,
}

/// The files that stand for each register on a day.
pub fn parts(registers: &Registers, manifest: &Manifest, root: &Path, known_on: Day) -> BTreeMap<String, Vec<Part>> {
    let of = |register: &Register| {
        let vintages = manifest.files(&register.id, Some(known_on));
        let parts = vintages.iter().map(|vintage| Part {
            path: vintage.path(root),
            vintage: vintage.import.vintage,
        });
        (register.id.clone(), parts.collect())
    };
    registers.all().map(of).collect()
}

impl Inquiry {
    /// Opens the registers; `ring` opens what is sealed, and may be absent only where no sealed column has any data.
    ///
    /// # Errors
    /// [`InquiryError`].
    pub fn open(asked: &Asked<'_>, ring: Option<&KeyRing>) -> Result<Self, InquiryError> {
        std::fs::create_dir_all(&asked.scratch).map_err(DeriveError::from)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(asked.threads.max(1))
            .thread_stack_size(STACK_BYTES)
            .build()
            .map_err(DeriveError::from)?;
        let session = runtime.block_on(open(asked, ring))?;
        Ok(Self { runtime, session })
    }

    /// Adds a Parquet file as a table.
    ///
    /// # Errors
    /// [`InquiryError`].
    pub fn add_file(&self, name: &str, path: &Path) -> Result<(), InquiryError> {
        let schema = self.session.schema_of(path)?;
        Ok(self.session.table(name, &[path.to_owned()], schema)?)
    }

    /// Adds rows as a table.
    ///
    /// # Errors
    /// [`InquiryError`].
    pub fn add_rows(&self, name: &str, rows: RecordBatch) -> Result<(), InquiryError> {
        Ok(self.session.batch(name, rows)?)
    }

    /// Asks, and hands each batch of the answer on. What the query names `AS MATERIALIZED` is worked out once.
    ///
    /// # Errors
    /// [`InquiryError`], or what `take` says.
    pub fn each<E: From<InquiryError>>(
        &self,
        sql: &str,
        mut take: impl FnMut(&RecordBatch) -> Result<(), E>,
    ) -> Result<(), E> {
        let steps = query::steps(sql);
        let asked = self.each_of(&steps, &mut take);
        for step in &steps.kept {
            self.session.forget(&step.table).map_err(InquiryError::from)?;
        }
        asked
    }

    fn each_of<E: From<InquiryError>>(
        &self,
        steps: &query::Steps,
        take: &mut impl FnMut(&RecordBatch) -> Result<(), E>,
    ) -> Result<(), E> {
        for step in &steps.kept {
            let kept = self.session.keep_read(&step.table, &step.sql);
            self.runtime.block_on(kept).map_err(InquiryError::from)?;
        }
        let mut stream = self
            .runtime
            .block_on(self.session.read(&steps.last))
            .map_err(InquiryError::from)?;
        while let Some(batch) = self.runtime.block_on(query::next(&mut stream)) {
            take(&batch.map_err(|error| InquiryError::from(DeriveError::from(error)))?)?;
        }
        Ok(())
    }

    /// What a query gives and reads. Where registers have files, the tables behind the views are named.
    ///
    /// # Errors
    /// [`InquiryError`] with the engine's words where it cannot be planned.
    pub fn outline(&self, sql: &str) -> Result<Outline, InquiryError> {
        let (gives, reads) = self.runtime.block_on(self.session.outline(&query::plain(sql)))?;
        Ok(Outline { gives, reads })
    }
}

async fn open(asked: &Asked<'_>, ring: Option<&KeyRing>) -> Result<Session, InquiryError> {
    let mut session = Session::new(asked.memory_bytes, asked.threads, asked.scratch.clone())?;
    let parts = |id: &str| asked.parts.get(id).map_or(&[][..], Vec::as_slice);
    let links = asked.registers.get(LINKS).ok_or(DeriveError::Register(LINKS))?;
    register(&session, links, parts(LINKS), false).await?;
    let changes = session
        .pairs("SELECT old_person_key, person_key FROM id_change")
        .await?;
    session.links(&changes).await?;
    for schema in asked.registers.all() {
        if schema.id != LINKS {
            register(&session, schema, parts(&schema.id), !changes.is_empty()).await?;
        }
        if let Some(columns) = asked.marked.get(&schema.id) {
            let name = format!("{}_marks", table_name(&schema.id));
            let path = asked.scratch.join(format!("{name}.parquet"));
            let marks = marks::Marks::of(schema, columns, ring, asked.threads);
            marks.write(parts(&schema.id), &path)?;
            let fields: Vec<String> = marks.schema.fields().iter().map(|field| field.name().clone()).collect();
            let people = if changes.is_empty() { Vec::new() } else { people(schema) };
            view(&session, &name, &[path], Arc::clone(&marks.schema), &fields, &people).await?;
        }
    }
    session.set_days(asked.as_of, asked.known_on);
    session.define_arrived(asked.as_of).await?;
    session.set_until(asked.as_of).await?;
    Ok(session)
}

/// Columns of a register that hold keys of persons.
fn people(register: &Register) -> Vec<String> {
    let people = register
        .columns
        .iter()
        .filter(|column| column.kind == ColumnType::ResidentId);
    people.map(policy::register::Column::stored).collect()
}

/// Files as a table; where keys of persons must be followed, a view of it.
async fn view(
    session: &Session,
    name: &str,
    files: &[PathBuf],
    schema: SchemaRef,
    columns: &[String],
    people: &[String],
) -> Result<(), InquiryError> {
    let people: Vec<String> = people.iter().filter(|key| columns.contains(key)).cloned().collect();
    if people.is_empty() {
        return Ok(session.table(name, files, schema)?);
    }
    let raw = format!("{name}_as_received");
    session.table(&raw, files, schema)?;
    Ok(session.under_present_keys(name, &raw, columns, &people).await?)
}

/// A register with the batch of each row: a table for each import, and a view of them all.
async fn register(session: &Session, schema: &Register, parts: &[Part], linked: bool) -> Result<(), InquiryError> {
    let name = table_name(&schema.id);
    let mut columns: Vec<String> = schema.columns.iter().map(policy::register::Column::stored).collect();
    let mut of_import: BTreeMap<u64, Vec<PathBuf>> = BTreeMap::new();
    for part in parts {
        of_import.entry(part.vintage).or_default().push(part.path.clone());
    }
    let linked_people = if linked { people(schema) } else { Vec::new() };
    if of_import.is_empty() {
        let mut fields: Vec<Field> = layout::schema(schema)
            .fields()
            .iter()
            .map(|f| f.as_ref().clone())
            .collect();
        fields.push(Field::new(VINTAGE, DataType::Int64, false));
        return Ok(session.table(&name, &[], Arc::new(Schema::new(fields)))?);
    }
    let listed = columns
        .iter()
        .map(|column| format!("\"{column}\""))
        .collect::<Vec<_>>()
        .join(", ");
    let mut selects = Vec::new();
    for (vintage, files) in &of_import {
        let table = format!("{name}_of_import_{vintage}");
        session.table(&table, files, layout::schema(schema))?;
        selects.push(format!(
            "SELECT {listed}, CAST({vintage} AS BIGINT) AS {VINTAGE} FROM {table}"
        ));
    }
    let all = if linked_people.is_empty() {
        name.clone()
    } else {
        format!("{name}_as_received")
    };
    session
        .define(&format!("CREATE VIEW {all} AS {}", selects.join(" UNION ALL ")))
        .await?;
    if !linked_people.is_empty() {
        columns.push(VINTAGE.to_owned());
        session
            .under_present_keys(&name, &all, &columns, &linked_people)
            .await?;
    }
    Ok(())
}
