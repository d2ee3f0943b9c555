//! A Parquet file whose row groups are encoded beside the query that gives them. The bytes are the same whatever the
//! threads, and however many rows come at a time.

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use arrow_select::coalesce::BatchCoalescer;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use tokio::task::JoinHandle;

use super::DeriveError;
use crate::layout;

/// Rows of a row group of the files written: a reader holds one at a time.
const ROW_GROUP_ROWS: usize = 131_072;
/// Rows that are encoded at a time: where an encoder ends a page hangs on it. A group has a whole number of them.
const BATCH_ROWS: usize = 8_192;

type Chunks = Result<Vec<ArrowColumnChunk>, ParquetError>;

/// A file being written.
pub(super) struct RowGroups {
    file: SerializedFileWriter<BufWriter<File>>,
    factory: ArrowRowGroupWriterFactory,
    schema: SchemaRef,
    /// Makes batches of [`BATCH_ROWS`] of whatever comes.
    even: BatchCoalescer,
    /// Batches of the next group.
    waiting: Vec<RecordBatch>,
    /// Groups being encoded, in the order of the file.
    encoded: VecDeque<JoinHandle<Chunks>>,
    begun: usize,
    /// How many may be encoded at once.
    most: usize,
}

impl RowGroups {
    /// Writes into a file just made. At most `threads` groups are held besides the one that fills. `ranged` is a column of
    /// which ranges will be asked for: of it each group tells its least and greatest value.
    pub(super) fn new(
        file: File,
        schema: SchemaRef,
        threads: usize,
        (compression, ranged): (Compression, Option<&str>),
    ) -> Result<Self, DeriveError> {
        let mut properties = WriterProperties::builder();
        if let Some(column) = ranged {
            properties = properties.set_column_statistics_enabled(ColumnPath::from(column), EnabledStatistics::Chunk);
        }
        let mut properties = properties
            .set_compression(compression)
            // Nobody asks for a range of any other: readers take whole columns.
            .set_statistics_enabled(EnabledStatistics::None)
            .set_max_row_group_row_count(None)
            .set_key_value_metadata(Some(vec![KeyValue::new(
                layout::FORMAT_KEY.to_owned(),
                layout::FORMAT.to_string(),
            )]))
            .build();
        add_encoded_arrow_schema_to_metadata(&schema, &mut properties);
        let descriptor = ArrowSchemaConverter::new().convert(&schema)?;
        let file = SerializedFileWriter::new(BufWriter::new(file), descriptor.root_schema_ptr(), Arc::new(properties))?;
        Ok(Self {
            factory: ArrowRowGroupWriterFactory::new(&file, Arc::clone(&schema)),
            file,
            even: BatchCoalescer::new(Arc::clone(&schema), BATCH_ROWS),
            schema,
            waiting: Vec::new(),
            encoded: VecDeque::new(),
            begun: 0,
            most: threads.max(1),
        })
    }

    /// Adds rows.
    pub(super) async fn write(&mut self, batch: RecordBatch) -> Result<(), DeriveError> {
        self.even.push_batch(batch).map_err(ParquetError::from)?;
        while let Some(batch) = self.even.next_completed_batch() {
            self.waiting.push(batch);
            if self.waiting.len() * BATCH_ROWS == ROW_GROUP_ROWS {
                self.begin_group().await?;
            }
        }
        Ok(())
    }

    /// Encodes the rows that wait on a thread of their own.
    async fn begin_group(&mut self) -> Result<(), DeriveError> {
        if self.encoded.len() == self.most {
            self.append_first().await?;
        }
        let mut writers = self.factory.create_column_writers(self.begun)?;
        self.begun += 1;
        let batches = std::mem::take(&mut self.waiting);
        let schema = Arc::clone(&self.schema);
        self.encoded.push_back(tokio::task::spawn_blocking(move || {
            for batch in batches {
                for ((writer, field), column) in writers.iter_mut().zip(schema.fields()).zip(batch.columns()) {
                    for leaf in compute_leaves(field, column)? {
                        writer.write(&leaf)?;
                    }
                }
            }
            writers.into_iter().map(|writer| writer.close()).collect()
        }));
        Ok(())
    }

    async fn append_first(&mut self) -> Result<(), DeriveError> {
        let Some(first) = self.encoded.pop_front() else {
            return Ok(());
        };
        let chunks = first.await.map_err(|error| DeriveError::Engine(Box::new(error)))??;
        let mut group = self.file.next_row_group()?;
        for chunk in chunks {
            chunk.append_to_row_group(&mut group)?;
        }
        group.close()?;
        Ok(())
    }

    /// Writes what waits, and the foot.
    pub(super) async fn close(mut self) -> Result<(), DeriveError> {
        self.even.finish_buffered_batch().map_err(ParquetError::from)?;
        self.waiting.extend(self.even.next_completed_batch());
        if !self.waiting.is_empty() {
            self.begin_group().await?;
        }
        while !self.encoded.is_empty() {
            self.append_first().await?;
        }
        self.file.close()?;
        Ok(())
    }
}
