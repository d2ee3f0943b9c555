//! Cells, rows, and chunks of rows in one string.

use super::CHUNK_ROWS;

/// What a cell was in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// Text, also of numbers kept as text.
    Text,
    /// A number, as its shortest decimal text.
    Number,
    /// A day shown by a number format, as `2020-01-05`.
    Date,
    /// `true` or `false`.
    Flag,
    /// What a formula could not work out (`#N/A`).
    Fault,
    /// Empty in the file, but within merged cells; the text is that of the first of them.
    Merged,
}

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell<'c> {
    /// Without white space around it.
    pub text: &'c str,
    /// What it was.
    pub kind: CellKind,
}

/// Some rows of a sheet, all of the same width.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// The place of the sheet in the file.
    pub sheet: usize,
    width: usize,
    text: String,
    ends: Vec<u32>,
    kinds: Vec<CellKind>,
    /// Row number from 1, and how many cells the row had.
    rows: Vec<(u32, u32)>,
}

/// One row of a chunk.
#[derive(Debug, Clone, Copy)]
pub struct Row<'c> {
    chunk: &'c Chunk,
    index: usize,
}

impl Chunk {
    fn new(sheet: usize, width: usize) -> Self {
        Self {
            sheet,
            width,
            text: String::new(),
            ends: Vec::new(),
            kinds: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Its rows in order.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.rows.len()).map(move |index| Row { chunk: self, index })
    }
}

impl<'c> Row<'c> {
    /// Its number in the sheet, from 1.
    pub fn number(&self) -> u32 {
        self.chunk.rows.get(self.index).map_or(0, |(number, _)| *number)
    }

    /// How many cells it had in the file.
    pub fn cells_in_file(&self) -> usize {
        let count = self.chunk.rows.get(self.index).map_or(0, |(_, count)| *count);
        usize::try_from(count).unwrap_or_default()
    }

    /// The cell of a column; empty beyond the last.
    pub fn cell(&self, column: usize) -> Cell<'c> {
        let empty = Cell {
            text: "",
            kind: CellKind::Text,
        };
        if column >= self.chunk.width {
            return empty;
        }
        let at = self.index * self.chunk.width + column;
        let end_of = |at: usize| self.chunk.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, end_of);
        let text = self.chunk.text.get(start..end_of(at)).unwrap_or_default();
        match self.chunk.kinds.get(at) {
            Some(kind) => Cell { text, kind: *kind },
            None => empty,
        }
    }

    /// Whether no cell holds anything of its own.
    pub fn is_empty(&self) -> bool {
        (0..self.chunk.width).all(|column| {
            let cell = self.cell(column);
            cell.text.is_empty() || cell.kind == CellKind::Merged
        })
    }
}

/// Fills chunks and hands them on.
pub(super) struct Chunks<'e> {
    current: Chunk,
    after: u32,
    each: &'e mut dyn FnMut(Chunk) -> bool,
    stopped: bool,
    /// Cells of the row being filled.
    filled: usize,
    row: u32,
    open: bool,
}

impl<'e> Chunks<'e> {
    pub(super) fn new(sheet: usize, width: usize, after: u32, each: &'e mut dyn FnMut(Chunk) -> bool) -> Self {
        Self {
            current: Chunk::new(sheet, width),
            after,
            each,
            stopped: false,
            filled: 0,
            row: 0,
            open: false,
        }
    }

    /// Nobody wants any more rows.
    pub(super) fn stopped(&self) -> bool {
        self.stopped
    }

    /// Columns that are kept of a row.
    pub(super) fn width(&self) -> usize {
        self.current.width
    }

    /// Begins a row; rows up to the header are passed over, and `false` says so.
    pub(super) fn begin(&mut self, number: u32) -> bool {
        self.open = number > self.after;
        self.row = number;
        self.filled = 0;
        self.open
    }

    /// The next cell of the row. White space around it goes.
    pub(super) fn cell(&mut self, text: &str, kind: CellKind) {
        if self.open {
            if self.filled < self.current.width {
                self.current.text.push_str(text.trim());
                self.close_cell(kind);
            }
            self.filled += 1;
        }
    }

    /// Empty cells up to a column.
    pub(super) fn pad_to(&mut self, column: usize) {
        while self.open && self.filled < column.min(self.current.width) {
            self.close_cell(CellKind::Text);
            self.filled += 1;
        }
    }

    fn close_cell(&mut self, kind: CellKind) {
        let end = u32::try_from(self.current.text.len()).unwrap_or(u32::MAX);
        self.current.ends.push(end);
        self.current.kinds.push(kind);
    }

    /// Ends a row that had `count` cells in its file.
    pub(super) fn end(&mut self, count: usize) {
        if !self.open {
            return;
        }
        self.pad_to(self.current.width);
        self.open = false;
        self.current
            .rows
            .push((self.row, u32::try_from(count).unwrap_or(u32::MAX)));
        // Offsets are 32 bits wide; cells of enormous length end a chunk early.
        if self.current.rows.len() >= CHUNK_ROWS || self.current.text.len() > LARGEST_TEXT {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        let fresh = Chunk::new(self.current.sheet, self.current.width);
        let full = std::mem::replace(&mut self.current, fresh);
        if !full.rows.is_empty() && !self.stopped {
            self.stopped = !(self.each)(full);
        }
    }

    pub(super) fn finish(mut self) {
        self.hand_on();
    }
}

/// Text of a chunk beyond which it is handed on before it has all its rows.
const LARGEST_TEXT: usize = 64 << 20;
