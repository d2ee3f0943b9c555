//! The filled cells of a sheet, and how they become a table with text above and below it.

use std::collections::BTreeMap;

use crate::read::flow::{Flow, Vertical};
use crate::read::limits::{MAX_CELLS, MAX_COLUMNS, MAX_TEXT_BYTES};
use crate::read::secrecy::mark_in_margin;

/// Most merged areas of a sheet.
const MAX_MERGES: usize = 100_000;

/// The cells of a sheet that hold text; a sheet that claims millions of rows costs nothing for empty ones.
#[derive(Debug, Default)]
pub(super) struct SheetCells {
    text: String,
    cells: Vec<Filled>,
    merges: Vec<Merge>,
    margins: String,
    cut: bool,
    formulas_without_result: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Filled {
    row: u32,
    column: u32,
    start: usize,
    end: usize,
}

/// A merged area, all bounds within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Merge {
    pub(super) first_row: u32,
    pub(super) first_column: u32,
    pub(super) last_row: u32,
    pub(super) last_column: u32,
}

impl SheetCells {
    /// Whether no cell holds text.
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// How many cells hold text, and how many bytes of it.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.cells.len(), self.text.len())
    }

    /// Whether a limit was reached: further cells are not taken.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Adds a cell, counted from 0; an empty one is not kept.
    pub(super) fn add(&mut self, row: u32, column: u32, text: &str) {
        if text.trim().is_empty() || column as usize >= MAX_COLUMNS {
            return;
        }
        if self.cells.len() >= MAX_CELLS || self.text.len() + text.len() > MAX_TEXT_BYTES {
            self.cut = true;
            return;
        }
        let start = self.text.len();
        self.text.push_str(text.trim());
        self.cells.push(Filled {
            row,
            column,
            start,
            end: self.text.len(),
        });
    }

    /// Notes a formula whose result the file does not hold.
    pub(super) fn formula_without_result(&mut self) {
        self.formulas_without_result += 1;
    }

    /// How many there are.
    pub(super) fn formulas_without_result(&self) -> usize {
        self.formulas_without_result
    }

    /// Adds a merged area.
    pub(super) fn merge(&mut self, merge: Merge) {
        if self.merges.len() < MAX_MERGES
            && merge.first_row <= merge.last_row
            && merge.first_column <= merge.last_column
        {
            self.merges.push(merge);
        }
    }

    /// Adds what the printed page has above or below the sheet.
    pub(super) fn margin(&mut self, text: &str) {
        if self.margins.len() < 10_000 {
            self.margins.push_str(text);
            self.margins.push('\n');
        }
    }

    /// Whether the printed page bears a secrecy mark in its margin.
    pub(super) fn has_secrecy_mark(&self) -> bool {
        mark_in_margin(&self.margins).is_some()
    }

    /// Writes the sheet out. Rows with a single filled cell above the first fuller row are paragraphs (a title, a
    /// date), and so are those below the last one (notes); what is between is a table.
    pub(super) fn pour(mut self, flow: &mut Flow) {
        self.cells.sort_unstable();
        self.cells.dedup_by_key(|cell| (cell.row, cell.column));
        self.merges.sort_unstable();
        let rows: Vec<&[Filled]> = self.cells.chunk_by(|a, b| a.row == b.row).collect();
        let first = rows.iter().position(|row| row.len() > 1).unwrap_or(rows.len());
        let last = rows
            .iter()
            .rposition(|row| row.len() > 1)
            .map_or(first, |at| self.end_of_table(&rows, at));
        let text = |cell: &Filled| &self.text[cell.start..cell.end];
        for cell in rows[..first].iter().copied().flatten() {
            flow.paragraph(text(cell));
        }
        if first < rows.len() {
            self.pour_table(flow, &rows[first..last]);
        }
        for cell in rows[last.max(first)..].iter().copied().flatten() {
            flow.paragraph(text(cell));
        }
    }

    /// The row behind the last that belongs to the table: below the last full row those that carry on its merged
    /// cells, or whose only cell does not stand at the table's edge.
    fn end_of_table(&self, rows: &[&[Filled]], last_full: usize) -> usize {
        let edge = self.cells.iter().map(|cell| cell.column).min().unwrap_or(0);
        let mut end = last_full + 1;
        while let Some([only]) = rows.get(end) {
            let carried = self
                .merges
                .iter()
                .any(|m| m.first_row < only.row && only.row <= m.last_row);
            if !carried && only.column == edge {
                break;
            }
            end += 1;
        }
        end
    }

    fn pour_table(&self, flow: &mut Flow, rows: &[&[Filled]]) {
        let left = rows
            .iter()
            .filter_map(|row| row.first())
            .map(|cell| cell.column)
            .min()
            .unwrap_or(0);
        let right = rows
            .iter()
            .filter_map(|row| row.last())
            .map(|cell| cell.column)
            .max()
            .unwrap_or(0);
        // Areas that reach into the row being written, by their first column.
        let mut active: BTreeMap<u32, Merge> = BTreeMap::new();
        let mut next_merge = 0;
        flow.begin_table();
        for row in rows {
            let Some(number) = row.first().map(|cell| cell.row) else {
                continue;
            };
            active.retain(|_, merge| merge.last_row >= number);
            while let Some(merge) = self.merges.get(next_merge).filter(|merge| merge.first_row <= number) {
                if merge.last_row >= number {
                    active.insert(merge.first_column, *merge);
                }
                next_merge += 1;
            }
            flow.begin_row();
            flow.number_row(number as usize + 1);
            self.pour_row(flow, row, &active, left, right);
            flow.end_row();
            if flow.is_full() {
                break;
            }
        }
        flow.end_table();
    }

    fn pour_row(&self, flow: &mut Flow, row: &[Filled], active: &BTreeMap<u32, Merge>, left: u32, right: u32) {
        let mut cells = row.iter().peekable();
        let mut column = left;
        while column <= right {
            let merge = active.get(&column);
            let width = merge.map_or(1, |m| m.last_column.min(right) - column + 1);
            let carries_on = merge.is_some_and(|m| row.first().is_some_and(|cell| cell.row > m.first_row));
            flow.begin_cell();
            let vertical = if carries_on {
                Vertical::Continues
            } else {
                Vertical::Starts
            };
            flow.shape_cell(Some(width as usize), Some(vertical));
            while let Some(cell) = cells.next_if(|cell| cell.column < column + width) {
                if cell.column >= column {
                    flow.paragraph(&self.text[cell.start..cell.end]);
                }
            }
            flow.end_cell();
            column += width;
        }
    }
}
