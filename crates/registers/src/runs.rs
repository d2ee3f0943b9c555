//! Rows in order of period and key, however many: sorted runs on disk, as large as memory allows.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, UInt64Type};
use arrow_array::{RecordBatch, UInt32Array};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, SchemaRef};
use arrow_select::concat::concat_batches;
use arrow_select::take::take_record_batch;

use crate::merge::{Cursor, merge_runs};
use crate::rows::{AT, KEY, PERIOD};

/// Rows sorted in memory at a time.
pub(crate) const RUN_ROWS: usize = 65_536;
/// Rows of a batch on disk.
const BATCH_ROWS: usize = 4_096;
/// Runs merged at a time: each is an open file.
const MAX_RUNS: usize = 64;

/// Rows on their way to being sorted.
#[derive(Debug)]
pub(crate) struct Runs {
    schema: SchemaRef,
    folder: PathBuf,
    waiting: Vec<RecordBatch>,
    rows: usize,
    files: Vec<PathBuf>,
    written: usize,
}

impl Runs {
    /// Runs that are kept in `folder` while they last.
    pub(crate) fn new(schema: SchemaRef, folder: &Path) -> Self {
        Self {
            schema,
            folder: folder.to_owned(),
            waiting: Vec::new(),
            rows: 0,
            files: Vec::new(),
            written: 0,
        }
    }

    /// Adds rows.
    pub(crate) fn push(&mut self, batch: RecordBatch) -> Result<(), ArrowError> {
        if batch.num_rows() == 0 {
            return Ok(());
        }
        self.rows += batch.num_rows();
        self.waiting.push(batch);
        if self.rows >= RUN_ROWS {
            let sorted = self.sort()?;
            let path = self.write(std::iter::once(Ok(sorted)))?;
            self.files.push(path);
        }
        Ok(())
    }

    /// One cursor a run.
    pub(crate) fn finish(mut self) -> Result<Vec<Cursor>, ArrowError> {
        while self.files.len() > MAX_RUNS {
            let some: Vec<PathBuf> = self.files.drain(..MAX_RUNS).collect();
            let cursors = some.iter().map(|path| open(path)).collect::<Result<Vec<_>, _>>()?;
            let merged = merge_runs(cursors, &self.schema)?;
            let path = self.write(merged)?;
            self.files.push(path);
            for path in some {
                std::fs::remove_file(path)?;
            }
        }
        let mut cursors = self
            .files
            .iter()
            .map(|path| open(path))
            .collect::<Result<Vec<_>, _>>()?;
        if self.rows > 0 {
            let sorted = self.sort()?;
            cursors.push(Cursor::fresh(Box::new(std::iter::once(Ok(sorted))))?);
        }
        Ok(cursors)
    }

    fn sort(&mut self) -> Result<RecordBatch, ArrowError> {
        let all = concat_batches(&self.schema, &self.waiting)?;
        self.waiting.clear();
        self.rows = 0;
        let missing = || ArrowError::SchemaError("a working column is missing".to_owned());
        let periods = all
            .column_by_name(PERIOD)
            .ok_or_else(missing)?
            .as_primitive::<Int32Type>();
        let keys = all.column_by_name(KEY).ok_or_else(missing)?.as_string::<i32>();
        let at = all.column_by_name(AT).ok_or_else(missing)?.as_primitive::<UInt64Type>();
        let count = u32::try_from(all.num_rows()).unwrap_or(u32::MAX);
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_unstable_by(|a, b| {
            let (a, b) = (*a as usize, *b as usize);
            (periods.value(a), keys.value(a), at.value(a)).cmp(&(periods.value(b), keys.value(b), at.value(b)))
        });
        take_record_batch(&all, &UInt32Array::from(order))
    }

    fn write(&mut self, batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>) -> Result<PathBuf, ArrowError> {
        let path = self.folder.join(format!("run-{:06}.arrow", self.written));
        self.written += 1;
        let file = BufWriter::with_capacity(1 << 20, File::create(&path)?);
        let mut writer = StreamWriter::try_new(file, &self.schema)?;
        for batch in batches {
            let batch = batch?;
            let mut at = 0;
            while at < batch.num_rows() {
                let rows = BATCH_ROWS.min(batch.num_rows() - at);
                writer.write(&batch.slice(at, rows))?;
                at += rows;
            }
        }
        writer.finish()?;
        std::io::Write::flush(writer.get_mut())?;
        Ok(path)
    }
}

fn open(path: &Path) -> Result<Cursor, ArrowError> {
    let reader = StreamReader::try_new(BufReader::with_capacity(256 << 10, File::open(path)?), None)?;
    Cursor::fresh(Box::new(reader))
}
