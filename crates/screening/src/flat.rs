//! Flat tables as files: read by row groups, on several threads, taken up in order.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use arrow_array::{RecordBatch, RecordBatchReader as _};
use arrow_schema::SchemaRef;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
    RowSelector,
};

use crate::error::ScreeningError;

/// Rows of a batch: whole blocks of the kernel.
pub(crate) const BATCH_ROWS: usize = 4 * rules::kernel::BLOCK;

/// A Parquet file whose footer was read.
#[derive(Debug, Clone)]
pub(crate) struct Flat {
    path: PathBuf,
    metadata: ArrowReaderMetadata,
}

impl Flat {
    pub(crate) fn open(path: &Path) -> Result<Self, ScreeningError> {
        let file = File::open(path).map_err(ScreeningError::file(path, "不能打开"))?;
        let metadata =
            ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()).map_err(ScreeningError::damaged(path))?;
        Ok(Self {
            path: path.to_owned(),
            metadata,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    pub(crate) fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// The number of the first row of a group.
    pub(crate) fn first_row(&self, group: usize) -> u64 {
        let groups = self.metadata.metadata().row_groups().iter().take(group);
        groups.map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).sum()
    }

    pub(crate) fn rows(&self) -> u64 {
        self.first_row(self.groups())
    }

    fn reader(&self, columns: &[String]) -> Result<ParquetRecordBatchReaderBuilder<File>, ScreeningError> {
        let file = File::open(&self.path).map_err(ScreeningError::file(&self.path, "不能打开"))?;
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        // Names have points in them; a mask by name would look for nested columns.
        let places = columns.iter().filter_map(|name| self.schema().index_of(name).ok());
        let mask = ProjectionMask::roots(builder.parquet_schema(), places);
        Ok(builder.with_projection(mask).with_batch_size(BATCH_ROWS))
    }

    /// The batches of a row group, with those of `columns` that the file has.
    pub(crate) fn group(&self, group: usize, columns: &[String]) -> Result<ParquetRecordBatchReader, ScreeningError> {
        let builder = self.reader(columns)?.with_row_groups(vec![group]);
        builder.build().map_err(ScreeningError::damaged(&self.path))
    }

    /// Single rows by number, which must rise, as one batch in their order. Only row groups that hold one are opened.
    pub(crate) fn single(&self, rows: &[u64], columns: &[String]) -> Result<RecordBatch, ScreeningError> {
        let (mut groups, mut selectors) = (Vec::new(), Vec::new());
        let mut rest = rows;
        let mut first = 0_u64;
        for (group, metadata) in self.metadata.metadata().row_groups().iter().enumerate() {
            let end = first + u64::try_from(metadata.num_rows()).unwrap_or(0);
            let (here, later) = rest.split_at(rest.partition_point(|row| *row < end));
            rest = later;
            let mut at = first;
            first = end;
            if here.is_empty() {
                continue;
            }
            groups.push(group);
            for row in here {
                selectors.push(RowSelector::skip(usize::try_from(row - at).unwrap_or(usize::MAX)));
                selectors.push(RowSelector::select(1));
                at = row + 1;
            }
            selectors.push(RowSelector::skip(usize::try_from(end - at).unwrap_or(usize::MAX)));
        }
        self.selected(groups, selectors, columns)
    }

    /// `count` rows from `from` on, which lie in one row group.
    pub(crate) fn range(&self, from: u64, count: u64, columns: &[String]) -> Result<RecordBatch, ScreeningError> {
        let mut first = 0_u64;
        for (group, metadata) in self.metadata.metadata().row_groups().iter().enumerate() {
            let end = first + u64::try_from(metadata.num_rows()).unwrap_or(0);
            if from < end {
                let length = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
                let selectors = vec![
                    RowSelector::skip(length(from - first)),
                    RowSelector::select(length(count.min(end - from))),
                    RowSelector::skip(length((end - from).saturating_sub(count))),
                ];
                return self.selected(vec![group], selectors, columns);
            }
            first = end;
        }
        self.selected(Vec::new(), Vec::new(), columns)
    }

    fn selected(
        &self,
        groups: Vec<usize>,
        selectors: Vec<RowSelector>,
        columns: &[String],
    ) -> Result<RecordBatch, ScreeningError> {
        let damaged = ScreeningError::damaged(&self.path);
        let builder = self.reader(columns)?.with_row_groups(groups);
        let builder = builder.with_row_selection(RowSelection::from(selectors));
        let reader = builder.build().map_err(&damaged)?;
        let schema = reader.schema();
        let batches: Result<Vec<RecordBatch>, _> = reader.collect();
        let whole = batches.and_then(|batches| datafusion::arrow::compute::concat_batches(&schema, &batches));
        whole.map_err(|error| damaged(error.into()))
    }
}

/// Does `work` for each of `count` parts on `threads` threads and hands the results to `take` in order. The first error
/// ends it; `stop` ends it early without one.
pub(crate) fn in_order<R: Send>(
    count: usize,
    threads: usize,
    stop: &AtomicBool,
    work: impl Fn(usize) -> Result<R, ScreeningError> + Sync,
    mut take: impl FnMut(R) -> Result<(), ScreeningError>,
) -> Result<(), ScreeningError> {
    let next = AtomicUsize::new(0);
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(threads.max(1));
        for _ in 0..threads.clamp(1, count.max(1)) {
            let sender = sender.clone();
            let (next, over, work) = (&next, &over, &work);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) && !stop.load(Ordering::Relaxed) {
                    let part = next.fetch_add(1, Ordering::Relaxed);
                    if part >= count || sender.send((part, work(part))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting = BTreeMap::new();
        let mut wanted = 0;
        let result = receiver.iter().try_for_each(|(part, result)| {
            waiting.insert(part, result?);
            while let Some(result) = waiting.remove(&wanted) {
                take(result)?;
                wanted += 1;
            }
            Ok(())
        });
        over.store(true, Ordering::Relaxed);
        drop(receiver);
        result
    })
}
