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

    /// Defines the view of [`arrived`].
    pub(crate) async fn define_arrived(&self, as_of: Day) -> Result<(), DeriveError> {
        self.define(&format!("CREATE VIEW {ARRIVED} AS {}", arrived(as_of)))
            .await
    }

    /// Sets `$until`: the last month of which any premium had arrived by `as_of`, or that day's own; and `$settled`: the same,
    /// or the month before while `$until` is not over on `as_of` and its premiums may still arrive.
    pub(crate) async fn set_until(&mut self, as_of: Day) -> Result<(), DeriveError> {
        let last = self.rows("SELECT max(month) FROM arrived").await?;
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
        let rows = Rows {
            register,
            regions: regions.join(" UNION ALL "),
            several: files.len() > 1,
            people: if linked { &people } else { &[] },
        };
        let mut view = rows.unconcerned();
        if linked {
            let concerned = format!("{name}_relinked");
            self.keep(&concerned, &[rows.concerned()], None).await?;
            view.push_str(&format!(" UNION ALL SELECT * FROM {concerned}"));
        }
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

    /// Runs queries one after the other, keeps their rows as one table in the scratch folder and registers it; how many
    /// there are. `ranged` is a column of which ranges will be asked for.
    pub(super) async fn keep(&self, name: &str, pieces: &[String], ranged: Option<&str>) -> Result<u64, DeriveError> {
        self.keep_rows(name, (pieces, Written::Here), ranged).await
    }

    /// The same of a query of somebody else's writing: what would change anything is refused.
    pub(crate) async fn keep_read(&self, name: &str, sql: &str) -> Result<u64, DeriveError> {
        self.keep_rows(name, (&[sql.to_owned()], Written::Elsewhere), None)
            .await
    }

    async fn keep_rows(
        &self,
        name: &str,
        pieces: (&[String], Written),
        ranged: Option<&str>,
    ) -> Result<u64, DeriveError> {
        let path = self.kept(name);
        // It is read soon and then gone: to press it would take longer than to read more bytes.
        let rows = self.put(pieces, &path, (Compression::UNCOMPRESSED, ranged), Ok).await?;
        let schema = self.schema_of(&path)?;
        self.table(name, &[path], schema)?;
        Ok(rows)
    }

    /// Forgets a result that was kept.
    pub(crate) fn forget(&self, name: &str) -> Result<(), DeriveError> {
        self.engine.forget(name)?;
        match std::fs::remove_file(self.kept(name)) {
            // It broke off before it was whole.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            outcome => Ok(outcome?),
        }
    }

    pub(crate) fn schema_of(&self, path: &Path) -> Result<SchemaRef, DeriveError> {
        let file = File::open(path)?;
        let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file)?;
        Ok(Arc::clone(reader.schema()))
    }

    /// Runs queries one after the other into a Parquet file; `shape` may change each batch. The file is there only when it
    /// is whole.
    pub(super) async fn write(
        &self,
        pieces: &[String],
        path: &Path,
        shape: impl Fn(RecordBatch) -> Result<RecordBatch, DeriveError>,
    ) -> Result<u64, DeriveError> {
        self.put((pieces, Written::Here), path, (Compression::LZ4_RAW, None), shape)
            .await
    }

    async fn put(
        &self,
        (pieces, written): (&[String], Written),
        path: &Path,
        (compression, ranged): (Compression, Option<&str>),
        shape: impl Fn(RecordBatch) -> Result<RecordBatch, DeriveError>,
    ) -> Result<u64, DeriveError> {
        let part = path.with_extension("part");
        let (mut file, mut rows) = (None, 0);
        for sql in pieces {
            let mut stream = self.engine.stream(sql, written).await?;
            let empty = shape(RecordBatch::new_empty(stream.schema()))?;
            let file = match &mut file {
                Some(file) => file,
                file => file.insert(RowGroups::new(
                    crate::folder::private_file(&part)?,
                    empty.schema(),
                    self.threads,
                    (compression, ranged),
                )?),
            };
            while let Some(batch) = query::next(&mut stream).await {
                let batch = shape(batch?)?;
                rows += u64::try_from(batch.num_rows()).unwrap_or(0);
                file.write(batch).await?;
            }
        }
        if let Some(file) = file {
            file.close().await?;
            std::fs::rename(&part, path)?;
        }
        Ok(rows)
    }
}

/// The view of contributions whose premium had arrived.
pub const ARRIVED: &str = "arrived";

/// The query of [`ARRIVED`]: the contributions up to the month of `as_of` whose premium had arrived by then. One that arrived
/// later (到账日期) counts for nothing yet, though the file that tells of it is known. Where no day of arrival is given,
/// 已到账 alone decides.
pub fn arrived(as_of: Day) -> String {
    format!(
        "SELECT * FROM contribution \
         WHERE paid AND month <= DATE '{as_of}' AND (paid_on IS NULL OR paid_on <= DATE '{as_of}')"
    )
}

/// The column of a register's key with a person, where there is one: its rows can be cut by it.
pub(super) fn person(register: &Register) -> Option<String> {
    let mut key = register.key_columns();
    let person = key.find(|column| column.kind == ColumnType::ResidentId);
    person.map(policy::register::Column::stored)
}

/// Rows of a register, of several regions or under earlier IDs, of which each key is to stand once.
struct Rows<'r> {
    register: &'r Register,
    /// The query of all of them, each with `region_place`.
    regions: String,
    several: bool,
    /// Columns with keys of persons that changes of ID may concern.
    people: &'r [String],
}

impl Rows<'_> {
    /// Those under keys that no change of ID concerns. Of one region they cannot stand twice, and to rank them would sort
    /// them all. Their keys are given as they are, so that whoever asks for a range of keys reads no more of the files.
    fn unconcerned(&self) -> String {
        let mut test = String::new();
        for place in 0..self.people.len() {
            let lead = if place == 0 { " WHERE" } else { " AND" };
            test.push_str(&format!("{lead} l{place}.now_key IS NULL AND n{place}.now_key IS NULL"));
        }
        let columns = self
            .stored()
            .map(|column| format!("t.\"{column}\""))
            .collect::<Vec<_>>();
        let columns = columns.join(", ");
        let (regions, joins) = (&self.regions, self.joins());
        if self.several {
            return self.first(&format!(
                "SELECT {columns}, t.region_place, 0 AS id_place FROM ({regions}) t{joins}{test}"
            ));
        }
        format!("SELECT {columns} FROM ({regions}) t{joins}{test}")
    }

    /// Those under other keys, each under that of the person's present ID.
    fn concerned(&self) -> String {
        let columns = self
            .stored()
            .map(|column| match self.people.iter().position(|key| *key == column) {
                Some(place) => format!("coalesce(l{place}.now_key, t.\"{column}\") AS \"{column}\""),
                None => format!("t.\"{column}\""),
            });
        let columns = columns.collect::<Vec<_>>().join(", ");
        let (mut earlier, mut concerned) = (vec!["0".to_owned()], Vec::new());
        for place in 0..self.people.len() {
            earlier.push(format!("CASE WHEN l{place}.now_key IS NULL THEN 0 ELSE 1 END"));
            concerned.push(format!("l{place}.now_key IS NOT NULL OR n{place}.now_key IS NOT NULL"));
        }
        self.first(&format!(
            "SELECT {columns}, t.region_place, {} AS id_place FROM ({}) t{} WHERE {}",
            earlier.join(" + "),
            self.regions,
            self.joins(),
            concerned.join(" OR ")
        ))
    }

    fn stored(&self) -> impl Iterator<Item = String> {
        self.register.columns.iter().map(policy::register::Column::stored)
    }

    fn joins(&self) -> String {
        let of = |(place, key): (usize, &String)| {
            format!(
                " LEFT JOIN links l{place} ON l{place}.before_key = t.\"{key}\" \
                 LEFT JOIN linked n{place} ON n{place}.now_key = t.\"{key}\""
            )
        };
        self.people.iter().enumerate().map(of).collect()
    }

    /// The first row of each key: that under the present ID, of the first region.
    fn first(&self, rows: &str) -> String {
        let quoted = |columns: Vec<String>| {
            let quoted = columns.iter().map(|column| format!("\"{column}\""));
            quoted.collect::<Vec<_>>().join(", ")
        };
        let all = quoted(self.stored().collect());
        let key = self.register.key_columns().map(policy::register::Column::stored);
        format!(
            "SELECT {all} FROM (SELECT *, row_number() OVER (PARTITION BY {} ORDER BY id_place, region_place, {all}) AS place \
             FROM ({rows})) WHERE place = 1",
            quoted(key.collect())
        )
    }
}

/// `hard-to-employ` as SQL names it.
pub(crate) fn table_name(register: &str) -> String {
    register.replace('-', "_")
}
