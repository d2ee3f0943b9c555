//! The people, as Parquet and as columns; the eight benefits as an engine and as SQL.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Date32Array, Int16Array, Int64Array, RecordBatch, cast::AsArray, types};
use arrow_buffer::NullBuffer;
use datafusion::arrow::compute::concat_batches;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use rules::kernel::{BLOCK, Column, Columns, Data};
use rules::program::Record;
use rules::sql::Printer;
use rules::typed::Typed;

use crate::eight::{self, Raw};

/// Rows of a row group.
const ROW_GROUP_ROWS: usize = 32 * BLOCK;

/// What a file of people is written with, and what decisions are.
pub(crate) fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::LZ4_RAW)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .build()
}

/// The eight benefits, compiled.
pub(crate) struct Eight {
    catalogue: Catalogue,
    pub(crate) engine: Engine,
    records: Vec<Record>,
}

impl Eight {
    pub(crate) fn new() -> Self {
        let catalogue = Catalogue::load(&eight::tree());
        let day = civil::Day::new(2020, 12, 31).expect("a day");
        let (engine, records) = Engine::compile_recording(&catalogue, day, Some(day), BTreeMap::new());
        assert_eq!(engine.benefits.len(), 8, "{:?}", catalogue.diagnostics);
        Self {
            catalogue,
            engine,
            records,
        }
    }

    /// The columns that the kernel reads, of these rows.
    pub(crate) fn columns(&self, people: &RecordBatch) -> Columns {
        let list = self.engine.program.inputs.iter().map(|input| {
            let name = self.catalogue.vocabulary.fact_name(input.fact.expect("a fact"));
            let array = people.column_by_name(name).expect("the column of the fact");
            Column::of_array(input.kind, array).expect("the type of the fact")
        });
        Columns::new(&self.engine.program, list.collect()).expect("columns")
    }

    /// Outcome and amount of every benefit of each of `people`, as SQL.
    fn statement(&self) -> String {
        let printer = Printer {
            vocabulary: &self.catalogue.vocabulary,
            history: &self.engine.history,
            known_on: self.engine.known_on,
            as_of: Some(self.engine.known_on),
            lineage: &[],
            supposed: &BTreeMap::new(),
        };
        let columns = self.engine.benefits.keys().map(|id| {
            let parts = self
                .records
                .iter()
                .filter(|record| record.benefit == *id && !record.part.is_empty());
            let (amounts, conditions): (Vec<&Record>, Vec<&Record>) = parts.partition(|record| record.part == "amount");
            let conditions: Vec<Typed> = conditions.into_iter().map(|record| record.typed.clone()).collect();
            let decision = printer.decision(&conditions, amounts.first().map(|amount| &amount.typed));
            format!(
                "  {} AS outcome_{id},\n  {} AS amount_{id}",
                decision.outcome, decision.amount_fen
            )
        });
        format!("SELECT\n{}\nFROM people\n", columns.collect::<Vec<_>>().join(",\n"))
    }
}

/// `people.parquet` with nulls, `complete.parquet` with the same values and none, `printed.sql`.
pub(crate) fn make(folder: &Path, rows: usize) {
    assert_eq!(rows % 64, 0, "the hand-written loop takes 64 rows at a time");
    let raw = eight::raw(rows);
    for (name, nulls) in [("people", true), ("complete", false)] {
        let arrays = raw.values.iter().zip(&raw.valid).map(|(values, valid)| {
            let valid = nulls.then(|| valid.clone());
            let array: ArrayRef = match values {
                Data::Small(values) => Arc::new(Int16Array::new(values.clone(), valid)),
                Data::Medium(values) => Arc::new(Date32Array::new(values.clone(), valid)),
                Data::Long(values) => Arc::new(Int64Array::new(values.clone(), valid)),
                Data::Flags(values) => Arc::new(BooleanArray::new(values.clone(), valid)),
                Data::Huge(_) => panic!("none of the fourteen is a decimal"),
            };
            array
        });
        let named = eight::FACTS.iter().map(|(name, ..)| *name).zip(arrays);
        let batch = RecordBatch::try_from_iter_with_nullable(named.map(|(name, array)| (name, array, true)));
        let batch = batch.expect("columns of one length");
        let file = File::create(folder.join(format!("{name}.parquet"))).expect("a file");
        let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties())).expect("a writer");
        writer.write(&batch).expect("written");
        writer.close().expect("closed");
    }
    std::fs::write(folder.join("printed.sql"), Eight::new().statement()).expect("written");
}

/// All rows of a file in one batch.
pub(crate) fn people(file: &Path) -> RecordBatch {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(file).expect("the people")).expect("Parquet");
    let schema = Arc::clone(builder.schema());
    let batches: Vec<RecordBatch> = builder
        .with_batch_size(ROW_GROUP_ROWS)
        .build()
        .and_then(|reader| reader.collect::<Result<_, _>>().map_err(Into::into))
        .expect("rows");
    concat_batches(&schema, &batches).expect("one batch")
}

/// The columns as the hand-written loop reads them.
pub(crate) fn raw(people: &RecordBatch) -> Raw {
    let columns = eight::FACTS.iter().map(|(name, kind, _)| {
        let array = people.column_by_name(name).expect("the column of the fact");
        let data = match *kind {
            "code" => Data::Small(array.as_primitive::<types::Int16Type>().values().clone()),
            "date" => Data::Medium(array.as_primitive::<types::Date32Type>().values().clone()),
            "bool" => Data::Flags(array.as_boolean().values().clone()),
            _ => Data::Long(array.as_primitive::<types::Int64Type>().values().clone()),
        };
        let valid = array.nulls().cloned();
        (data, valid.unwrap_or_else(|| NullBuffer::new_valid(people.num_rows())))
    });
    let (values, valid) = columns.unzip();
    Raw { values, valid }
}
