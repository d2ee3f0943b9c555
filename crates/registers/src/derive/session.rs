//! Registers as tables: rows of several regions and under earlier IDs made one, and the days that statements name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Date32Type;
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use civil::{Day, Month};
use datafusion::common::ScalarValue;
use datafusion::physical_plan::SendableRecordBatchStream;
use parquet::basic::Compression;
use policy::register::{ColumnType, Register};
use query::{Gives, Reads, Written};

use super::row_groups::RowGroups;
use super::{DeriveError, functions};
use crate::layout;

/// A session with its parameters.
pub(crate) struct Session {
    engine: query::Session,
    scratch: PathBuf,
    threads: usize,
}

impl Session {
    /// `memory_bytes` bounds what may be held before spilling to `scratch`.
    pub(crate) fn new(memory_bytes: usize, threads: usize, scratch: PathBuf) -> Result<Self, DeriveError> {
        let engine = query::Session::new(memory_bytes, threads, &scratch)?;
        functions::register(engine.context());
        Ok(Self {
            engine,
            scratch,
            threads,
        })
    }

    /// Sets `$name`.
    pub(crate) fn set(&mut self, name: &'static str, value: ScalarValue) {
        self.engine.set(name, value);
    }

    /// Sets `$as_of` and `$known_on`.
    pub(crate) fn set_days(&mut self, as_of: Day, known_on: Day) {
        self.set("as_of", ScalarValue::Date32(Some(as_of.days_since_epoch())));
        self.set("known_on", ScalarValue::Date32(Some(known_on.days_since_epoch())));
    }

    /// Sets `$until`: the last month of which any premium had arrived by `as_of`, or that day's own; and `$settled`: the same,
    /// or the month before while `$until` is not over on `as_of` and its premiums may still arrive.
    pub(crate) async fn set_until(&mut self, as_of: Day) -> Result<(), DeriveError> {
        let last = self
            .rows(
                "SELECT max(month) FROM contribution \
                 WHERE paid AND month <= $as_of AND (paid_on IS NULL OR paid_on <= $as_of)",
            )
            .await?;
        let last = last.iter().find_map(|batch| {
            let months = batch.column(0).as_primitive::<Date32Type>();
            (months.len() == 1 && months.is_valid(0)).then(|| months.value(0))
        });
        let until = last
            .and_then(Day::from_days_since_epoch)
            .unwrap_or(as_of.month().first_day());
        let month = until.month();
        let over = month.last_day() <= as_of;
        let settled = if over { Some(month) } else { month.add_months(-1) };
        let settled = settled.map_or(until, Month::first_day);
        self.set("until", ScalarValue::Date32(Some(until.days_since_epoch())));
        self.set("settled", ScalarValue::Date32(Some(settled.days_since_epoch())));
        Ok(())
    }

    /// Registers Parquet files as a table; without files an empty one of the schema.
    pub(crate) fn table(&self, name: &str, files: &[PathBuf], schema: SchemaRef) -> Result<(), DeriveError> {
        Ok(self.engine.table(name, files, schema)?)
    }

    /// Registers a register under its id with `_` for `-`; `files` are those of each region, of which the first has
    /// precedence. Persons stand under the key of their present ID. No key stands twice: a row of a later region, or
    /// under an earlier ID, gives way.
    pub(super) async fn register(
        &self,
        register: &Register,
        files: &[Vec<PathBuf>],
        linked: bool,
    ) -> Result<(), DeriveError> {
        let name = table_name(&register.id);
        let people: Vec<String> = register
            .columns
            .iter()
            .filter(|column| column.kind == ColumnType::ResidentId)
            .map(policy::register::Column::stored)
            .collect();
        let linked = linked && !people.is_empty() && register.id != super::LINKS;
        let schema = layout::schema(register);
        if let ([] | [_], false) = (files, linked) {
            return self.table(&name, files.first().map_or(&[][..], Vec::as_slice), schema);
        }
        let mut regions = Vec::new();
        for (place, files) in files.iter().enumerate() {
            let part = format!("{name}_region_{place}");
            self.table(&part, files, Arc::clone(&schema))?;
            regions.push(format!("SELECT *, {place} AS region_place FROM {part}"));
        }
        if regions.is_empty() {
            return self.table(&name, &[], schema);
        }
        let regions = regions.join(" UNION ALL ");
        let several = files.len() > 1;
        let view = view(register, &regions, several, if linked { &people } else { &[] });
        self.define(&format!("CREATE VIEW {name} AS {view}")).await
    }

    /// The view `name` of a table in which `people` are columns with keys of persons: those of earlier IDs become those of
    /// the present ones.
    pub(crate) async fn under_present_keys(
        &self,
        name: &str,
        raw: &str,
        columns: &[String],
        people: &[String],
    ) -> Result<(), DeriveError> {
        let columns = columns
            .iter()
            .map(|stored| match people.iter().position(|key| key == stored) {
                Some(place) => format!("coalesce(l{place}.now_key, t.\"{stored}\") AS \"{stored}\""),
                None => format!("t.\"{stored}\""),
            });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let joins = people
            .iter()
            .enumerate()
            .map(|(place, key)| format!(" LEFT JOIN links l{place} ON l{place}.before_key = t.\"{key}\""));
        let view = format!(
            "CREATE VIEW {name} AS SELECT {columns} FROM {raw} t{}",
            joins.collect::<String>()
        );
        self.define(&view).await
    }

    /// Runs a statement that gives no rows, such as the definition of a view.
    pub(crate) async fn define(&self, statement: &str) -> Result<(), DeriveError> {
        self.engine.rows(statement).await?;
        Ok(())
    }

    /// Registers the table `links` of earlier and present keys. Chains are followed to their end; a key in a circle
    /// stays what it is.
    pub(crate) async fn links(&self, changes: &BTreeMap<String, String>) -> Result<(), DeriveError> {
        use arrow_array::StringArray;
        use arrow_schema::{Field, Schema};

        let mut before = Vec::new();
        let mut now = Vec::new();
        for old in changes.keys() {
            let mut seen = BTreeSet::from([old]);
            let mut at = old;
            while let Some(next) = changes.get(at) {
                at = next;
                if !seen.insert(next) {
                    at = old;
                    break;
                }
            }
            before.push(old.as_str());
            now.push(at.as_str());
        }
        let field = |name| Field::new(name, DataType::Utf8, false);
        let schema = Arc::new(Schema::new(vec![field("before_key"), field("now_key")]));
        let columns: Vec<Arc<dyn Array>> = vec![Arc::new(StringArray::from(before)), Arc::new(StringArray::from(now))];
        let batch =
            RecordBatch::try_new(Arc::clone(&schema), columns).map_err(datafusion::error::DataFusionError::from)?;
        self.batch("links", batch)?;
        self.define("CREATE VIEW linked AS SELECT DISTINCT now_key FROM links")
            .await
    }

    /// Registers rows as a table.
    pub(crate) fn batch(&self, name: &str, batch: RecordBatch) -> Result<(), DeriveError> {
        Ok(self.engine.rows_as(name, batch)?)
    }

    /// The rows, as they come, of a query of somebody else's writing: what would change anything is refused.
    pub(crate) async fn read(&self, sql: &str) -> Result<SendableRecordBatchStream, DeriveError> {
        Ok(self.engine.stream(sql, Written::Elsewhere).await?)
    }

    /// The columns that a query gives, and those of each table that it reads.
    pub(crate) async fn outline(&self, sql: &str) -> Result<(Gives, Reads), DeriveError> {
        Ok(self.engine.outline(sql).await?)
    }

    /// All rows of a small result.
    pub(crate) async fn rows(&self, sql: &str) -> Result<Vec<RecordBatch>, DeriveError> {
        Ok(self.engine.rows(sql).await?)
    }

    /// The only text column pair of a small result.
    pub(crate) async fn pairs(&self, sql: &str) -> Result<BTreeMap<String, String>, DeriveError> {
        let mut pairs = BTreeMap::new();
        for batch in self.rows(sql).await? {
            let (left, right) = (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>());
            for (left, right) in left.iter().zip(right) {
                if let (Some(left), Some(right)) = (left, right) {
                    pairs.insert(left.to_owned(), right.to_owned());
                }
            }
        }
        Ok(pairs)
    }

    /// The file of a result that was kept.
    pub(super) fn kept(&self, name: &str) -> PathBuf {
        self.scratch.join(format!("{name}.parquet"))
    }

    /// Runs a query, keeps its result in the scratch folder and registers it as a table; its rows.
    pub(super) async fn keep(&self, name: &str, sql: &str) -> Result<u64, DeriveError> {
        let path = self.kept(name);
        // It is read soon and then gone: to press it would take longer than to read more bytes.
        let rows = self.put(sql, &path, Compression::UNCOMPRESSED, Ok).await?;
        let schema = self.schema_of(&path)?;
        self.table(name, &[path], schema)?;
        Ok(rows)
    }

    pub(crate) fn schema_of(&self, path: &Path) -> Result<SchemaRef, DeriveError> {
        let file = File::open(path)?;
        let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file)?;
        Ok(Arc::clone(reader.schema()))
    }

    /// Runs a query into a Parquet file; `shape` may change each batch. The file is there only when it is whole.
    pub(super) async fn write(
        &self,
        sql: &str,
        path: &Path,
        shape: impl Fn(RecordBatch) -> Result<RecordBatch, DeriveError>,
    ) -> Result<u64, DeriveError> {
        self.put(sql, path, Compression::LZ4_RAW, shape).await
    }

    async fn put(
        &self,
        sql: &str,
        path: &Path,
        compression: Compression,
        shape: impl Fn(RecordBatch) -> Result<RecordBatch, DeriveError>,
    ) -> Result<u64, DeriveError> {
        let mut stream = self.engine.stream(sql, Written::Here).await?;
        let part = path.with_extension("part");
        let empty = shape(RecordBatch::new_empty(stream.schema()))?;
        let mut file = RowGroups::new(
            crate::folder::private_file(&part)?,
            empty.schema(),
            self.threads,
            compression,
        )?;
        let mut rows = 0;
        while let Some(batch) = query::next(&mut stream).await {
            let batch = shape(batch?)?;
            rows += u64::try_from(batch.num_rows()).unwrap_or(0);
            file.write(batch).await?;
        }
        file.close().await?;
        std::fs::rename(&part, path)?;
        Ok(rows)
    }
}

/// The query of a register's view: rows of several regions, or under earlier IDs, each key once.
///
/// Rows under keys that no change of ID concerns pass by where there is one region only: they cannot stand twice, and to
/// rank them would sort them all.
fn view(register: &Register, regions: &str, several: bool, people: &[String]) -> String {
    let stored: Vec<String> = register.columns.iter().map(policy::register::Column::stored).collect();
    let columns = stored
        .iter()
        .map(|column| match people.iter().position(|key| key == column) {
            Some(place) => format!("coalesce(l{place}.now_key, t.\"{column}\") AS \"{column}\""),
            None => format!("t.\"{column}\""),
        });
    let columns = columns.collect::<Vec<_>>().join(", ");
    let mut joins = String::new();
    let (mut earlier, mut concerned) = (vec!["0".to_owned()], Vec::new());
    for (place, key) in people.iter().enumerate() {
        joins.push_str(&format!(
            " LEFT JOIN links l{place} ON l{place}.before_key = t.\"{key}\""
        ));
        joins.push_str(&format!(" LEFT JOIN linked n{place} ON n{place}.now_key = t.\"{key}\""));
        earlier.push(format!("CASE WHEN l{place}.now_key IS NULL THEN 0 ELSE 1 END"));
        concerned.push(format!("l{place}.now_key IS NOT NULL OR n{place}.now_key IS NOT NULL"));
    }
    let rows = format!(
        "SELECT {columns}, t.region_place, {} AS id_place FROM ({regions}) t{joins}",
        earlier.join(" + ")
    );
    let quoted = |columns: &[String]| {
        let quoted = columns.iter().map(|column| format!("\"{column}\""));
        quoted.collect::<Vec<_>>().join(", ")
    };
    let key: Vec<String> = register.key_columns().map(policy::register::Column::stored).collect();
    let all = quoted(&stored);
    let first = |rows: &str| {
        format!(
            "SELECT {all} FROM (SELECT *, row_number() OVER (PARTITION BY {} ORDER BY id_place, region_place, {all}) AS place \
             FROM ({rows})) WHERE place = 1",
            quoted(&key)
        )
    };
    if several || concerned.is_empty() {
        return first(&rows);
    }
    let concerned = concerned.join(" OR ");
    format!(
        "SELECT {all} FROM ({rows} WHERE NOT ({concerned})) UNION ALL {}",
        first(&format!("{rows} WHERE {concerned}"))
    )
}

/// `hard-to-employ` as SQL names it.
pub(crate) fn table_name(register: &str) -> String {
    register.replace('-', "_")
}
