//! The one loop in which rows of a flat table are decided: whatever writes, counts or compares decisions goes through it.

use arrow_array::RecordBatch;
use rules::kernel::{BLOCK, Columns, Decisions, Workspace};

use crate::contest::Resolution;
use crate::error::ScreeningError;
use crate::table::Table;
use crate::wide::Grown;

/// Decides the batches of one table on one thread.
pub(crate) struct Rows<'a> {
    table: &'a Table,
    /// The table's place in the run.
    number: usize,
    resolution: &'a Resolution,
    workspace: Workspace,
    buffer: Decisions,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(table: &'a Table, number: usize, resolution: &'a Resolution) -> Self {
        Self {
            table,
            number,
            resolution,
            workspace: Workspace::new(&table.engine.program),
            buffer: Decisions::default(),
        }
    }

    /// The inputs of a batch and its decisions, by benefit; `first` is the number of its first row. What the resolution
    /// pass changed is in its place.
    pub(crate) fn batch(&mut self, batch: &RecordBatch, first: u64) -> Result<(Columns, Vec<Grown>), ScreeningError> {
        let engine = &self.table.engine;
        let inputs = self.table.inputs.columns(engine, batch)?;
        let rows = batch.num_rows();
        let mut grown: Vec<Grown> = vec![Grown::default(); self.table.benefits.len()];
        for start in (0..rows).step_by(BLOCK) {
            let here = (rows - start).min(BLOCK);
            engine.decide_block(
                &inputs,
                start,
                &mut self.workspace,
                &mut self.buffer,
                |at, decisions| {
                    if let Some(grown) = grown.get_mut(at) {
                        grown.block(decisions, here);
                    }
                },
            );
        }
        for (at, grown) in grown.iter_mut().enumerate() {
            if let Some(changes) = self.resolution.changes.get(&(self.number, at)) {
                for (row, decided) in changes.range(first..first + rows as u64) {
                    grown.set(usize::try_from(row - first).unwrap_or(usize::MAX), decided);
                }
            }
        }
        Ok((inputs, grown))
    }
}
