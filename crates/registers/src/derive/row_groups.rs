//! A Parquet file whose row groups are encoded beside the query that gives them. The bytes are the same whatever the
//! threads.

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufWriter;
use std::sync::Arc;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::datatypes::SchemaRef;
use parquet::arrow::arrow_writer::{ArrowColumnChunk, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::arrow::{ArrowSchemaConverter, add_encoded_arrow_schema_to_metadata};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use tokio::task::JoinHandle;

use super::DeriveError;
use crate::layout;

/// Rows of a row group of the files written: a reader holds one at a time.
const ROW_GROUP_ROWS: usize = 131_072;

type Chunks = Result<Vec<ArrowColumnChunk>, ParquetError>;

/// A file being written.
pub(super) struct RowGroups {
    file: SerializedFileWriter<BufWriter<File>>,
    factory: ArrowRowGroupWriterFactory,
    schema: SchemaRef,
    /// Rows of the next group.
    waiting: Vec<RecordBatch>,
    rows: usize,
    /// Groups being encoded, in the order of the file.
    encoded: VecDeque<JoinHandle<Chunks>>,
    begun: usize,
    /// How many may be encoded at once.
    most: usize,
}

impl RowGroups {
    /// Writes into a file just made. At most `threads` groups are held besides the one that fills.
    pub(super) fn new(
        file: File,
        schema: SchemaRef,
        threads: usize,
        compression: Compression,
    ) -> Result<Self, DeriveError> {
        let mut properties = WriterProperties::builder()
            .set_compression(compression)
            // Nobody asks for a range: readers take whole files.
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
            schema,
            waiting: Vec::new(),
            rows: 0,
            encoded: VecDeque::new(),
            begun: 0,
            most: threads.max(1),
        })
    }

    /// Adds rows.
    pub(super) async fn write(&mut self, batch: RecordBatch) -> Result<(), DeriveError> {
        let mut rest = batch;
        while self.rows + rest.num_rows() >= ROW_GROUP_ROWS {
            let fits = ROW_GROUP_ROWS - self.rows;
            self.waiting.push(rest.slice(0, fits));
            rest = rest.slice(fits, rest.num_rows() - fits);
            self.begin_group().await?;
        }
        if rest.num_rows() > 0 {
            self.rows += rest.num_rows();
            self.waiting.push(rest);
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
        self.rows = 0;
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
        if self.rows > 0 {
            self.begin_group().await?;
        }
        while !self.encoded.is_empty() {
            self.append_first().await?;
        }
        self.file.close()?;
        Ok(())
    }
}
