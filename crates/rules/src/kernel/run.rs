//! Runs operations over the present block: in all its rows, or in those that somebody asked for.

use super::columns::{Column, Columns, Data, clear_beyond};
use super::registers::{Done, Extent, at, set};
use super::rows::Rows;
use super::values::{common, without};
use super::{Bits, Fault, Space, is_empty};
use crate::program::{NarrowOp, Op, Program};

impl<const W: usize> Space<W> {
    /// Begins a block: `rows` rows from `start` on.
    pub fn begin(&mut self, columns: &Columns, start: usize) {
        self.start = start;
        self.rows = columns.rows().saturating_sub(start).min(Self::ROWS);
        self.picked.clear();
        self.faults.clear();
        self.done.fill(Done::Not);
        self.bits.begin(columns, start);
    }

    /// Begins a block of rows that do not follow one another: numbered from `from` on, in order, no more than a block
    /// has.
    pub(super) fn begin_picked(&mut self, from: usize, rows: &[u16]) {
        self.start = from;
        self.rows = rows.len();
        self.picked.clear();
        self.picked.extend_from_slice(rows);
        self.faults.clear();
        self.done.fill(Done::Not);
        self.bits.begin_picked();
    }

    /// Where the rows of the block stand in the columns.
    pub(super) fn of_columns(&self) -> Rows<'_> {
        Rows::of_block(self.start, self.rows, &self.picked)
    }

    /// Runs the operations of `list`, in order, that have not run for this block.
    pub fn run(&mut self, program: &Program, columns: &Columns, list: &[u32]) {
        self.asked.extent = Extent::Whole;
        for index in list {
            let Some(done) = self.done.get_mut(at(*index)) else {
                continue;
            };
            if std::mem::replace(done, Done::Wholly) != Done::Wholly {
                self.run_one(program, columns, *index);
            }
        }
    }

    /// Runs the operations of `list` as far as some rows of the block, so many, need them; what their registers hold in
    /// other rows means nothing, unless it was computed before. All that its operations need must stand in the list, or
    /// have been computed in these rows.
    pub(crate) fn run_in(
        &mut self,
        program: &Program,
        columns: &Columns,
        list: &[u32],
        (rows, count): (&Bits<W>, u32),
    ) {
        self.asked.ask(rows, count, !self.picked.is_empty());
        if self.asked.extent == Extent::Whole {
            return self.run(program, columns, list);
        }
        for index in list {
            let Some(done) = self.done.get(at(*index)) else {
                continue;
            };
            let before = match done {
                Done::Wholly => continue,
                Done::Partly => self.covered.get(at(*index)).copied(),
                Done::Not => None,
            };
            if before.is_some_and(|before| is_empty(&without(rows, &before))) {
                continue;
            }
            // Unless a column is wanted in few rows, it is as quickly read whole; one read where it stands always is.
            let extent = self.asked.extent;
            let whole = program.ops.get(at(*index)).is_some_and(|(op, _)| match op {
                Op::Narrow(NarrowOp::Column(slot)) if self.reads_in_place(columns, *slot) => true,
                op => extent == Extent::Some && op.columns().next().is_some(),
            });
            (self.asked.extent, self.before) = if whole { (Extent::Whole, None) } else { (extent, before) };
            self.run_one(program, columns, *index);
            self.asked.extent = extent;
            if let (Some(done), Some(covered)) = (self.done.get_mut(at(*index)), self.covered.get_mut(at(*index))) {
                *done = if whole { Done::Wholly } else { Done::Partly };
                *covered = *rows;
                before.iter().for_each(|before| set(covered, before));
            }
        }
        self.before = None;
        self.asked.extent = Extent::Whole;
    }

    /// Whether a column's values need not be copied.
    fn reads_in_place(&self, columns: &Columns, slot: u32) -> bool {
        let is_long = |column: &Column| matches!(column.data, Data::Long(_));
        self.rows == Self::ROWS && self.picked.is_empty() && columns.get(slot).is_some_and(is_long)
    }

    fn run_one(&mut self, program: &Program, columns: &Columns, index: u32) {
        let Some((op, register)) = program.ops.get(at(index)) else {
            return;
        };
        for slot in op.columns() {
            if self.picked.is_empty() {
                self.bits.load(columns, slot);
            } else {
                self.bits
                    .load_picked(columns, slot, Rows::Picked(self.start, &self.picked));
            }
        }
        match op {
            Op::Mask(op) => self.run_mask(op, at(*register), index, columns),
            Op::Narrow(op) => self.run_narrow(op, at(*register), index, columns, &program.steps),
            Op::Wide(op) => self.run_wide(op, at(*register), index, columns, &program.steps),
        }
    }

    /// The rows of the block that are there and asked for.
    pub(super) fn lanes(&self) -> Bits<W> {
        match self.asked.extent {
            Extent::Whole => self.present(),
            Extent::Some | Extent::Few => common(&self.present(), &self.asked.rows),
        }
    }

    /// What a register holds now: anew in the rows asked for, as before in those that were done before. In other rows it
    /// may say anything: nobody asked.
    pub(super) fn merged(&self, before: &Bits<W>, now: &Bits<W>) -> Bits<W> {
        match &self.before {
            None => *now,
            Some(done) => {
                let asked = &self.asked.rows;
                std::array::from_fn(|word| (before[word] & done[word] & !asked[word]) | (now[word] & asked[word]))
            }
        }
    }

    /// Rows of the block that are there.
    pub(crate) fn present(&self) -> Bits<W> {
        let mut all = [u64::MAX; W];
        if self.rows < Self::ROWS {
            clear_beyond(&mut all, self.rows);
        }
        all
    }

    /// Remembers a failure; in rows that nobody asked for it is none.
    pub(super) fn fault(&mut self, op: u32, rows: Bits<W>) {
        if is_empty(&rows) {
            return;
        }
        let rows = common(&rows, &self.lanes());
        if !is_empty(&rows) {
            self.faults.push(Fault { op, rows });
        }
    }

    pub(super) fn valid(&self, slot: u32) -> &Bits<W> {
        self.bits.valid(slot)
    }
}
