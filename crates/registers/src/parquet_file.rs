//! Writing and reading Parquet files of the home.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection, RowSelector,
};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use sm3::{Digest as _, Sm3};

use crate::folder::private_file;
use crate::layout::{FORMAT, FORMAT_KEY};
use crate::manifest::Written;

/// What a finished file holds.
pub(crate) struct Content {
    rows: u64,
    bytes: u64,
    sm3: String,
}

impl Content {
    /// As the manifest names it.
    pub(crate) fn at(self, path: String) -> Written {
        let Self { rows, bytes, sm3 } = self;
        Written { path, rows, bytes, sm3 }
    }

    /// How many rows.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }
}

/// Rows of a row group.
const GROUP_ROWS: usize = 131_072;
/// Rows read at a time.
const READ_ROWS: usize = 8_192;

/// A file being written, its SM3 taken as it grows.
pub(crate) struct ParquetOut {
    writer: ArrowWriter<Hashing>,
    rows: u64,
}

struct Hashing {
    file: BufWriter<File>,
    bytes: u64,
    sm3: Sm3,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        self.sm3.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl ParquetOut {
    /// A new file; `labels` say in the file itself what it is.
    pub(crate) fn create(path: &Path, schema: &SchemaRef, labels: &[(&str, &str)]) -> Result<Self, ParquetError> {
        let file = Hashing {
            file: BufWriter::with_capacity(1 << 20, private_file(path)?),
            bytes: 0,
            sm3: Sm3::new(),
        };
        let mut metadata = vec![KeyValue::new(FORMAT_KEY.to_owned(), FORMAT.to_string())];
        metadata.extend(
            labels
                .iter()
                .map(|(key, value)| KeyValue::new((*key).to_owned(), (*value).to_owned())),
        );
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::LZ4_RAW)
            .set_created_by("leye".to_owned())
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_key_value_metadata(Some(metadata));
        for field in schema.fields() {
            // A sealed value never repeats, and a least or greatest one says nothing.
            if *field.data_type() == DataType::Binary {
                let path = ColumnPath::from(field.name().as_str());
                properties = properties
                    .set_column_dictionary_enabled(path.clone(), false)
                    .set_column_statistics_enabled(path, EnabledStatistics::None);
            }
        }
        Ok(Self {
            writer: ArrowWriter::try_new(file, std::sync::Arc::clone(schema), Some(properties.build()))?,
            rows: 0,
        })
    }

    /// Adds rows.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), ParquetError> {
        self.rows += batch.num_rows() as u64;
        self.writer.write(batch)
    }

    /// Ends the file and sees that it is on disk.
    pub(crate) fn finish(self) -> Result<Content, ParquetError> {
        let hashing = self.writer.into_inner()?;
        let file = hashing.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(Content {
            rows: self.rows,
            bytes: hashing.bytes,
            sm3: hex(&hashing.sm3.finalize()),
        })
    }
}

/// The batches of a file; with `columns`, those columns only.
pub(crate) fn read(
    path: &Path,
    columns: Option<&[&str]>,
) -> Result<impl Iterator<Item = Result<RecordBatch, ArrowError>> + use<>, ParquetError> {
    read_of(path, columns, None)
}

/// The rows of these numbers, which must rise, from 0.
pub(crate) fn read_rows(
    path: &Path,
    rows: &[usize],
) -> Result<impl Iterator<Item = Result<RecordBatch, ArrowError>> + use<>, ParquetError> {
    let mut selectors = Vec::with_capacity(rows.len() * 2);
    let mut at = 0;
    for row in rows {
        selectors.push(RowSelector::skip(row - at));
        selectors.push(RowSelector::select(1));
        at = row + 1;
    }
    read_of(path, None, Some(RowSelection::from(selectors)))
}

fn read_of(
    path: &Path,
    columns: Option<&[&str]>,
    rows: Option<RowSelection>,
) -> Result<ParquetRecordBatchReader, ParquetError> {
    let mut builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    let format = builder
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .and_then(|pairs| pairs.iter().find(|pair| pair.key == FORMAT_KEY))
        .and_then(|pair| pair.value.as_deref()?.parse::<u32>().ok());
    if format.is_some_and(|format| format > FORMAT) {
        return Err(ParquetError::General(format!(
            "格式比 format = {FORMAT} 新，请升级 leye"
        )));
    }
    if let Some(columns) = columns {
        let mask = ProjectionMask::columns(builder.parquet_schema(), columns.iter().copied());
        builder = builder.with_projection(mask);
    }
    if let Some(rows) = rows {
        builder = builder.with_row_selection(rows);
    }
    builder.with_batch_size(READ_ROWS).build()
}

/// How many rows a file has.
pub(crate) fn rows(path: &Path) -> Result<u64, ParquetError> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    let rows = reader.metadata().file_metadata().num_rows();
    Ok(u64::try_from(rows).unwrap_or_default())
}

/// What a file says of itself, beside its format.
pub(crate) fn labels(path: &Path) -> Result<Vec<(String, String)>, ParquetError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    let pairs = builder.metadata().file_metadata().key_value_metadata();
    Ok(pairs
        .into_iter()
        .flatten()
        .filter(|pair| pair.key.starts_with("leye.") && pair.key != FORMAT_KEY)
        .filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?)))
        .collect())
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
