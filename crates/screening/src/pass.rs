//! The pass that writes: every row of a flat table against its benefits, row groups on all threads, files in order.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arrow_array::builder::{Date32Builder, Int32Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use civil::Day;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowRowGroupWriterFactory, ArrowWriter, compute_leaves,
};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use registers::layout::{FORMAT, FORMAT_KEY};

use crate::contest::Resolution;
use crate::decide::Rows;
use crate::error::ScreeningError;
use crate::flat::in_order;
use crate::purses::{Purses, Shares};
use crate::table::{SUBJECTS, Table, text_at};
use crate::tally::{Slots, Tally, slots};
use crate::wide::{self, ELIGIBLE, Grown, Has};

/// The eligible rows of all benefits, one a line: what lists, cross-checks and reforms read.
pub(crate) struct Eligible {
    writer: ArrowWriter<BufWriter<File>>,
}

/// A table's name in a row of the eligible, and its columns.
fn eligible_schema() -> SchemaRef {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    Arc::new(Schema::new(vec![
        text("benefit", false),
        text("per", false),
        text("key", false),
        text("person_key", true),
        text("household_no", true),
        text("employer_key", true),
        text("institution_key", true),
        Field::new("on_date", DataType::Date32, true),
        Field::new("months", DataType::Int32, true),
        Field::new("amount_fen", DataType::Int64, true),
        Field::new("town", DataType::Int64, false),
    ]))
}

/// Properties of every file of a run.
fn properties() -> WriterProperties {
    let metadata = vec![KeyValue::new(FORMAT_KEY.to_owned(), FORMAT.to_string())];
    WriterProperties::builder()
        .set_compression(Compression::LZ4_RAW)
        .set_created_by("leye".to_owned())
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(None)
        .set_key_value_metadata(Some(metadata))
        .build()
}

impl Eligible {
    pub(crate) fn create(path: &Path) -> Result<Self, ScreeningError> {
        let file = File::create(path).map_err(ScreeningError::file(path, "不能写入"))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::LZ4_RAW)
            .set_created_by("leye".to_owned())
            .set_max_row_group_row_count(Some(131_072))
            .set_key_value_metadata(Some(vec![KeyValue::new(FORMAT_KEY.to_owned(), FORMAT.to_string())]))
            .build();
        let writer = ArrowWriter::try_new(BufWriter::new(file), eligible_schema(), Some(properties))
            .map_err(ScreeningError::damaged(path))?;
        Ok(Self { writer })
    }

    fn write(&mut self, batch: &RecordBatch) -> Result<(), ScreeningError> {
        self.writer
            .write(batch)
            .map_err(|error| ScreeningError::Fault(error.to_string()))
    }

    pub(crate) fn close(self) -> Result<(), ScreeningError> {
        self.writer
            .close()
            .map_err(|error| ScreeningError::Fault(error.to_string()))?;
        Ok(())
    }
}

/// What the pass over one table is given.
pub(crate) struct Pass<'a> {
    pub(crate) table: &'a Table,
    /// The table's place in the run.
    pub(crate) number: usize,
    pub(crate) resolution: &'a Resolution,
    pub(crate) as_of: Day,
    pub(crate) threads: usize,
    pub(crate) stop: &'a AtomicBool,
    /// Rows done, of all tables.
    pub(crate) done: &'a AtomicU64,
    pub(crate) progress: &'a (dyn Fn() + Sync),
}

/// One row group, done.
struct Group {
    chunks: Vec<ArrowColumnChunk>,
    counted: Counted,
    eligible: Vec<RecordBatch>,
}

/// What was counted of a table's rows.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    /// By benefit.
    pub(crate) tallies: Vec<Tally>,
    pub(crate) purses: Purses,
}

impl Counted {
    fn of(table: &Table) -> Self {
        Self {
            tallies: (0..table.benefits.len())
                .map(|at| Tally::of(table.versions(at)))
                .collect(),
            purses: Purses::default(),
        }
    }

    fn merge(&mut self, other: &Self) {
        for (tally, more) in self.tallies.iter_mut().zip(&other.tallies) {
            tally.merge(more);
        }
        self.purses.merge(&other.purses);
    }

    /// Puts the money of eligible rows under whoever pays it.
    fn pay(&mut self, benefit: usize, grown: &Grown, shares: &Shares) {
        for (row, outcome) in grown.outcome.iter().enumerate() {
            if *outcome == ELIGIBLE
                && let (Some(version), Some(amount_fen)) = (grown.version.get(row), grown.amount_fen.get(row))
            {
                self.purses.add((benefit, *version), *amount_fen, shares);
            }
        }
    }
}

impl Pass<'_> {
    /// Decides every row and writes `path`; what was counted.
    pub(crate) fn run(&self, path: &Path, eligible: &mut Eligible) -> Result<Counted, ScreeningError> {
        let table = self.table;
        let damaged = ScreeningError::damaged(path);
        let schema = wide::schema(
            table.flat.schema(),
            table.reach.key,
            table
                .benefits
                .iter()
                .enumerate()
                .map(|(at, id)| (id.as_str(), Has::of(table.versions(at)))),
        );
        let mut properties = properties();
        add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
        let descriptor = ArrowSchemaConverter::new().convert(&schema).map_err(&damaged)?;
        let file = File::create(path).map_err(ScreeningError::file(path, "不能写入"))?;
        let mut file =
            SerializedFileWriter::new(BufWriter::new(file), descriptor.root_schema_ptr(), Arc::new(properties))
                .map_err(&damaged)?;
        let factory = ArrowRowGroupWriterFactory::new(&file, Arc::clone(&schema));
        let mut counted = Counted::of(table);
        let columns = table.columns();
        let (slots, shares) = (self.slots(), Shares::of(table));
        in_order(
            table.flat.groups(),
            self.threads,
            self.stop,
            |group| self.group(group, &columns, &schema, &factory, (&slots, &shares)),
            |done| {
                let mut group = file.next_row_group().map_err(&damaged)?;
                for chunk in done.chunks {
                    chunk.append_to_row_group(&mut group).map_err(&damaged)?;
                }
                group.close().map_err(&damaged)?;
                counted.merge(&done.counted);
                done.eligible.iter().try_for_each(|batch| eligible.write(batch))
            },
        )?;
        if !self.stop.load(Ordering::Relaxed) {
            file.close().map_err(&damaged)?;
        }
        Ok(counted)
    }

    /// For each benefit, version and condition the slots of the facts it names.
    fn slots(&self) -> Vec<Vec<Slots>> {
        let inputs = &self.table.engine.program.inputs;
        let slot_of = |fact: u32| inputs.iter().position(|input| input.fact == Some(fact));
        let versions = self.table.engine.benefits.values();
        versions
            .map(|versions| versions.iter().map(|version| slots(version, slot_of)).collect())
            .collect()
    }

    fn group(
        &self,
        group: usize,
        columns: &[String],
        schema: &SchemaRef,
        factory: &ArrowRowGroupWriterFactory,
        (slots, shares): (&[Vec<Slots>], &Shares),
    ) -> Result<Group, ScreeningError> {
        let table = self.table;
        let fault = |error: parquet::errors::ParquetError| ScreeningError::Fault(error.to_string());
        let mut writers: Vec<ArrowColumnWriter> = factory.create_column_writers(group).map_err(fault)?;
        let mut counted = Counted::of(table);
        let mut eligible = Vec::new();
        let mut rows_of = Rows::new(table, self.number, self.resolution);
        let mut first = table.flat.first_row(group);
        for batch in table.flat.group(group, columns)? {
            let batch = batch.map_err(ScreeningError::damaged(table.flat.path()))?;
            let rows = batch.num_rows();
            let (inputs, grown) = rows_of.batch(&batch, first)?;
            let towns = table.towns(&batch);
            let town = |row: usize| towns.get(row).copied().unwrap_or(0);
            let known = |slot: usize, row: usize| inputs.is_known(slot, row);
            for ((tally, grown), slots) in counted.tallies.iter_mut().zip(&grown).zip(slots) {
                tally.count(grown, slots, known, town);
            }
            for (benefit, grown) in grown.iter().enumerate() {
                counted.pay(benefit, grown, shares);
            }
            eligible.extend(self.eligible(&batch, &grown, &towns)?);
            let benefits = grown
                .into_iter()
                .enumerate()
                .map(|(at, grown)| (grown, Has::of(table.versions(at))));
            let decided = wide::batch(schema, &batch, benefits)?;
            for ((writer, field), column) in writers.iter_mut().zip(schema.fields()).zip(decided.columns()) {
                for leaf in compute_leaves(field, column).map_err(fault)? {
                    writer.write(&leaf).map_err(fault)?;
                }
            }
            first += rows as u64;
            self.done.fetch_add(rows as u64, Ordering::Relaxed);
            (self.progress)();
            if self.stop.load(Ordering::Relaxed) {
                break;
            }
        }
        let chunks: Result<Vec<ArrowColumnChunk>, _> = writers.into_iter().map(ArrowColumnWriter::close).collect();
        Ok(Group {
            chunks: chunks.map_err(fault)?,
            counted,
            eligible,
        })
    }

    /// The eligible rows of a batch, benefit by benefit; nothing where there are none.
    fn eligible(
        &self,
        batch: &RecordBatch,
        grown: &[Grown],
        towns: &[i64],
    ) -> Result<Option<RecordBatch>, ScreeningError> {
        if !grown.iter().any(|grown| grown.outcome.contains(&ELIGIBLE)) {
            return Ok(None);
        }
        let keys = self.table.keys(batch)?;
        let (mut benefit, mut per, mut key) = (StringBuilder::new(), StringBuilder::new(), StringBuilder::new());
        let mut subjects = SUBJECTS.map(|_| StringBuilder::new());
        let (mut date, mut months) = (Date32Builder::new(), Int32Builder::new());
        let (mut amount, mut town) = (Int64Builder::new(), Int64Builder::new());
        for (at, (grown, id)) in grown.iter().zip(&self.table.benefits).enumerate() {
            let rows = grown
                .outcome
                .iter()
                .enumerate()
                .filter(|(_, outcome)| **outcome == ELIGIBLE);
            for (row, _) in rows {
                benefit.append_value(id);
                per.append_value(self.table.reach.per);
                key.append_value(keys.value(row));
                for (builder, name) in subjects.iter_mut().zip(SUBJECTS) {
                    builder.append_option(text_at(batch, name, row));
                }
                date.append_value(self.table.date(batch, at, row, self.as_of));
                months.append_option(grown.months.get(row).copied().filter(|months| *months > 0));
                amount.append_option(grown.amount_fen.get(row).copied());
                town.append_value(towns.get(row).copied().unwrap_or(0));
            }
        }
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(benefit.finish()),
            Arc::new(per.finish()),
            Arc::new(key.finish()),
        ];
        columns.extend(
            subjects
                .iter_mut()
                .map(|builder| Arc::new(builder.finish()) as ArrayRef),
        );
        columns.push(Arc::new(date.finish()));
        columns.push(Arc::new(months.finish()));
        columns.push(Arc::new(amount.finish()));
        columns.push(Arc::new(town.finish()));
        let batch = RecordBatch::try_new(eligible_schema(), columns);
        batch
            .map(Some)
            .map_err(|error| ScreeningError::Fault(error.to_string()))
    }
}
