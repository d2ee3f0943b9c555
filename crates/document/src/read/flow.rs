//! Paragraphs and tables on their way from a docx or a web page into the [`SourceBuilder`].
//!
//! Both formats nest tables and spell merged cells in their own way (`vMerge`; `rowspan`). Here they become the one
//! grid that [`crate::source::Table`] knows, and tables that only lay out a page are taken apart again.

use crate::source::{Source, SourceBuilder};

use super::breaks::split_soft_breaks;
use super::limits::{MAX_CELLS, MAX_COLUMNS, MAX_PARAGRAPHS, MAX_TABLE_DEPTH, MAX_TEXT_BYTES};

/// A table of one row in which a cell holds this many paragraphs lays out a page.
const LAYOUT_PARAGRAPHS: usize = 8;

/// How a cell relates to the rows above and below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Vertical {
    /// It stands in this row only, or begins a merge that further rows carry on.
    #[default]
    Starts,
    /// It carries on the cell above (docx).
    Continues,
    /// It reaches over this many rows (web pages); at least 1.
    Rows(usize),
}

/// A paragraph or a table that waits for what encloses it.
#[derive(Debug)]
enum Piece {
    Paragraph(String),
    Table(Grid),
}

#[derive(Debug, Default)]
struct Grid {
    rows: Vec<Vec<GridCell>>,
    /// Of each row its number in a sheet, where the reader said it.
    numbers: Vec<Option<usize>>,
}

#[derive(Debug)]
struct GridCell {
    column: usize,
    columns: usize,
    continues: bool,
    pieces: Vec<Piece>,
}

/// A table under construction.
#[derive(Debug, Default)]
struct OpenTable {
    grid: Grid,
    row: Option<Vec<GridCell>>,
    number: Option<usize>,
    next_column: usize,
    /// For each grid column: how many further rows a cell above still covers, and how wide that cell is where it starts.
    covered: Vec<Cover>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cover {
    rows: usize,
    columns: usize,
}

#[derive(Debug)]
enum Frame {
    Table(OpenTable),
    Cell {
        columns: usize,
        vertical: Vertical,
        pieces: Vec<Piece>,
    },
    Aside(Vec<Piece>),
}

/// Takes paragraphs and nested tables in the order in which they stand.
#[derive(Debug, Default)]
pub(super) struct Flow {
    builder: SourceBuilder,
    frames: Vec<Frame>,
    /// Tables opened beyond [`MAX_TABLE_DEPTH`].
    ignored_tables: usize,
    tables: usize,
    bytes: usize,
    paragraphs: usize,
    cells: usize,
    full: bool,
}

/// What [`Flow::end_aside`] gives back.
#[derive(Debug, Default)]
pub(super) struct Aside(Vec<Piece>);

impl Flow {
    /// True once a limit is reached: nothing more is taken, and the reader may stop.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Reports something at the place reached.
    pub(super) fn diagnostic(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        self.builder.diagnostic(message, hint);
    }

    /// Adds a paragraph. Line feeds in it are breaks set by hand: they stay in a cell; elsewhere they part
    /// paragraphs or are taken out, as [`split_soft_breaks`] judges.
    pub(super) fn paragraph(&mut self, text: &str) {
        if !self.take_text(text.len() + 1) {
            return;
        }
        let blank = text.trim().is_empty();
        let pieces = self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Cell { pieces, .. } | Frame::Aside(pieces) => Some(pieces),
            Frame::Table(_) => None,
        });
        match pieces {
            Some(_) if blank => {}
            Some(pieces) => {
                // Most cells hold one paragraph: a million of them need not have room for four each.
                if pieces.is_empty() {
                    pieces.reserve_exact(1);
                }
                pieces.push(Piece::Paragraph(text.to_owned()));
            }
            None => emit_paragraph(&mut self.builder, text),
        }
    }

    /// Begins a table.
    pub(super) fn begin_table(&mut self) {
        if self.tables >= MAX_TABLE_DEPTH {
            self.ignored_tables += 1;
            return;
        }
        self.tables += 1;
        self.frames.push(Frame::Table(OpenTable::default()));
    }

    /// Begins a row of the innermost table; a row still open ends.
    pub(super) fn begin_row(&mut self) {
        if self.ignored_tables > 0 {
            return;
        }
        self.end_row();
        if let Some(Frame::Table(table)) = self.frames.last_mut() {
            table.row = Some(Vec::new());
            table.next_column = 0;
        }
    }

    /// Says which row of a sheet the open row is, from 1.
    pub(super) fn number_row(&mut self, number: usize) {
        if self.ignored_tables == 0
            && let Some(Frame::Table(table)) = self.frames.last_mut()
        {
            table.number = Some(number);
        }
    }

    /// Leaves `columns` grid columns of the row empty.
    pub(super) fn skip_columns(&mut self, columns: usize) {
        if self.ignored_tables == 0
            && let Some(Frame::Table(table)) = self.frames.last_mut()
        {
            table.next_column = table.next_column.saturating_add(columns).min(MAX_COLUMNS);
        }
    }

    /// Takes the row that is open out again.
    pub(super) fn drop_row(&mut self) {
        if self.ignored_tables > 0 {
            return;
        }
        self.end_cell();
        if let Some(Frame::Table(table)) = self.frames.last_mut() {
            table.row = None;
        }
    }

    /// Begins a cell; a cell still open ends.
    pub(super) fn begin_cell(&mut self) {
        if self.ignored_tables > 0 {
            return;
        }
        self.end_cell();
        let Some(Frame::Table(table)) = self.frames.last_mut() else {
            return;
        };
        if table.row.is_none() {
            table.row = Some(Vec::new());
            table.next_column = 0;
        }
        self.frames.push(Frame::Cell {
            columns: 1,
            vertical: Vertical::Starts,
            pieces: Vec::new(),
        });
    }

    /// Says how wide the open cell is and how it relates to its neighbours above and below.
    pub(super) fn shape_cell(&mut self, width: Option<usize>, height: Option<Vertical>) {
        if self.ignored_tables > 0 {
            return;
        }
        if let Some(Frame::Cell { columns, vertical, .. }) = self.frames.last_mut() {
            if let Some(width) = width {
                *columns = width.clamp(1, MAX_COLUMNS);
            }
            if let Some(height) = height {
                *vertical = height;
            }
        }
    }

    /// Widens the cell before the open one by the open one's width and drops the open one (`hMerge` of old files).
    pub(super) fn merge_into_previous_cell(&mut self) {
        if self.ignored_tables > 0 || !matches!(self.frames.last(), Some(Frame::Cell { .. })) {
            return;
        }
        let Some(Frame::Cell { columns, pieces, .. }) = self.frames.pop() else {
            return;
        };
        let Some(Frame::Table(table)) = self.frames.last_mut() else {
            return;
        };
        if let Some(cell) = table.row.as_mut().and_then(|row| row.last_mut()) {
            cell.columns = (cell.columns + columns).min(MAX_COLUMNS);
            cell.pieces.extend(pieces);
            table.next_column = cell.column + cell.columns;
        }
    }

    /// Ends the open cell of the innermost table.
    pub(super) fn end_cell(&mut self) {
        if self.ignored_tables > 0 || !matches!(self.frames.last(), Some(Frame::Cell { .. })) {
            return;
        }
        let Some(Frame::Cell {
            columns,
            vertical,
            pieces,
        }) = self.frames.pop()
        else {
            return;
        };
        let Some(Frame::Table(table)) = self.frames.last_mut() else {
            return;
        };
        let before = table.row.as_ref().map_or(0, Vec::len);
        table.add_cell(columns, vertical, pieces);
        let added = table.row.as_ref().map_or(0, Vec::len) - before;
        self.take_cells(added);
    }

    /// Ends the open row.
    pub(super) fn end_row(&mut self) {
        if self.ignored_tables > 0 {
            return;
        }
        self.end_cell();
        let Some(Frame::Table(table)) = self.frames.last_mut() else {
            return;
        };
        let added = table.end_row();
        self.take_cells(added);
    }

    /// Ends the innermost table.
    pub(super) fn end_table(&mut self) {
        if self.ignored_tables > 0 {
            self.ignored_tables -= 1;
            return;
        }
        self.end_row();
        if !matches!(self.frames.last(), Some(Frame::Table(_))) {
            return;
        }
        let Some(Frame::Table(table)) = self.frames.pop() else {
            return;
        };
        self.tables -= 1;
        self.add(Piece::Table(table.grid));
    }

    /// Begins text that stands beside the paragraph being read (a text box).
    pub(super) fn begin_aside(&mut self) {
        self.frames.push(Frame::Aside(Vec::new()));
    }

    /// Ends it and hands it out, to be put back with [`Self::add_aside`] once the paragraph beside it is complete.
    pub(super) fn end_aside(&mut self) -> Aside {
        while let Some(frame) = self.frames.last() {
            match frame {
                Frame::Aside(_) => break,
                Frame::Cell { .. } => self.end_cell(),
                Frame::Table(_) => self.end_table(),
            }
        }
        match self.frames.pop() {
            Some(Frame::Aside(pieces)) => Aside(pieces),
            _ => Aside::default(),
        }
    }

    /// Puts what stood beside a paragraph after it.
    pub(super) fn add_aside(&mut self, aside: Aside) {
        for piece in aside.0 {
            self.add(piece);
        }
    }

    /// The document; whatever is still open ends.
    pub(super) fn finish(mut self) -> Source {
        self.ignored_tables = 0;
        while let Some(frame) = self.frames.last() {
            match frame {
                Frame::Cell { .. } => self.end_cell(),
                Frame::Table(_) => self.end_table(),
                Frame::Aside(_) => {
                    let aside = self.end_aside();
                    self.add_aside(aside);
                }
            }
        }
        self.builder.finish()
    }

    fn add(&mut self, piece: Piece) {
        let pieces = self.frames.iter_mut().rev().find_map(|frame| match frame {
            Frame::Cell { pieces, .. } | Frame::Aside(pieces) => Some(pieces),
            Frame::Table(_) => None,
        });
        match pieces {
            Some(pieces) => pieces.push(piece),
            None => emit(&mut self.builder, piece),
        }
    }

    fn take_text(&mut self, bytes: usize) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        self.paragraphs += 1;
        if self.bytes > MAX_TEXT_BYTES {
            self.stop(format!("文字超过 {} MB，其后的内容未读取", MAX_TEXT_BYTES >> 20));
        } else if self.paragraphs > MAX_PARAGRAPHS {
            self.stop(format!("段落超过 {MAX_PARAGRAPHS} 个，其后的内容未读取"));
        }
        !self.full
    }

    fn take_cells(&mut self, count: usize) {
        self.cells += count;
        if self.cells > MAX_CELLS {
            self.stop(format!("表格单元格超过 {MAX_CELLS} 个，其后的内容未读取"));
        }
    }

    fn stop(&mut self, message: String) {
        if !self.full {
            self.full = true;
            self.builder.diagnostic(message, "请将文件拆分后分别读取");
        }
    }
}

impl OpenTable {
    fn add_cell(&mut self, columns: usize, vertical: Vertical, pieces: Vec<Piece>) {
        self.pass_covered();
        let column = self.next_column;
        if column >= MAX_COLUMNS {
            return;
        }
        let mut columns = columns.min(MAX_COLUMNS - column);
        if let Vertical::Rows(rows) = vertical {
            // A cell may not run into one that reaches down from above.
            let free = (column..column + columns)
                .take_while(|&c| self.cover(c).rows == 0)
                .count();
            columns = free.max(1);
            if rows > 1 {
                self.covered
                    .resize(self.covered.len().max(column + columns), Cover::default());
                for at in column..column + columns {
                    self.covered[at] = Cover { rows, columns: 0 };
                }
                self.covered[column].columns = columns;
            }
        }
        let continues = vertical == Vertical::Continues;
        let pieces = if continues { Vec::new() } else { pieces };
        if let Some(row) = &mut self.row {
            row.push(GridCell {
                column,
                columns,
                continues,
                pieces,
            });
        }
        self.next_column = column + columns;
    }

    fn cover(&self, column: usize) -> Cover {
        self.covered.get(column).copied().unwrap_or_default()
    }

    /// Puts in the lower parts of cells that reach down into this row, up to the next free column. Cells that began
    /// in this very row are behind `next_column` already.
    fn pass_covered(&mut self) {
        while self.cover(self.next_column).rows > 0 {
            let column = self.next_column;
            let columns = self.cover(column).columns.max(1);
            if let Some(row) = &mut self.row {
                row.push(GridCell {
                    column,
                    columns,
                    continues: true,
                    pieces: Vec::new(),
                });
            }
            self.next_column += columns;
        }
    }

    /// Ends the row; says how many lower parts of merged cells that added.
    fn end_row(&mut self) -> usize {
        if self.row.is_none() {
            return 0;
        }
        let before = self.row.as_ref().map_or(0, Vec::len);
        while self.next_column < self.covered.len() {
            self.pass_covered();
            self.next_column += 1;
        }
        for cover in &mut self.covered {
            cover.rows = cover.rows.saturating_sub(1);
        }
        let row = self.row.take().unwrap_or_default();
        let added = row.len() - before;
        let number = self.number.take();
        if !row.is_empty() {
            self.grid.rows.push(row);
            self.grid.numbers.push(number);
        }
        added
    }
}

impl Grid {
    fn width(&self) -> usize {
        self.rows
            .iter()
            .flatten()
            .map(|cell| cell.column + cell.columns)
            .max()
            .unwrap_or(0)
    }

    fn cells(&self) -> usize {
        self.rows.iter().flatten().filter(|cell| !cell.continues).count()
    }

    fn has_text(&self) -> bool {
        self.rows
            .iter()
            .flatten()
            .flat_map(|cell| &cell.pieces)
            .any(|piece| match piece {
                Piece::Paragraph(text) => !text.trim().is_empty(),
                Piece::Table(grid) => grid.has_text(),
            })
    }

    /// Whether this table only places other things on the page: it is one column wide, or holds a table larger than
    /// itself, or is a single row with a whole text in one of its cells.
    fn lays_out(&self) -> bool {
        if self.width() <= 1 {
            return true;
        }
        let largest_within = self
            .rows
            .iter()
            .flatten()
            .flat_map(|cell| &cell.pieces)
            .filter_map(|piece| match piece {
                Piece::Table(grid) => Some(grid.cells()),
                Piece::Paragraph(_) => None,
            })
            .max()
            .unwrap_or(0);
        largest_within > self.cells()
            || (self.rows.len() == 1 && self.rows[0].iter().any(|cell| cell.pieces.len() >= LAYOUT_PARAGRAPHS))
    }
}

fn emit(builder: &mut SourceBuilder, piece: Piece) {
    match piece {
        Piece::Paragraph(text) => emit_paragraph(builder, &text),
        Piece::Table(grid) if !grid.has_text() => {}
        Piece::Table(grid) if grid.lays_out() => {
            for cell in grid.rows.into_iter().flatten() {
                for piece in cell.pieces {
                    emit(builder, piece);
                }
            }
        }
        Piece::Table(grid) => emit_table(builder, &grid),
    }
}

fn emit_paragraph(builder: &mut SourceBuilder, text: &str) {
    for paragraph in split_soft_breaks(text) {
        builder.paragraph(&paragraph);
    }
}

fn emit_table(builder: &mut SourceBuilder, grid: &Grid) {
    builder.begin_table();
    let mut above: Vec<usize> = Vec::new();
    for (row, number) in grid.rows.iter().zip(&grid.numbers) {
        builder.begin_row();
        if let Some(number) = number {
            builder.number_row(*number);
        }
        for cell in row {
            // A part of a merged cell without the cell itself is a cell of its own.
            let continues = cell.continues && above.contains(&cell.column);
            builder.cell(&cell_text(&cell.pieces), cell.column, cell.columns, continues);
        }
        above = row.iter().map(|cell| cell.column).collect();
    }
    builder.end_table();
}

/// The text of a cell: a line a paragraph, and a line a row of a table within it.
fn cell_text(pieces: &[Piece]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Paragraph(text) => {
                lines.extend(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned))
            }
            Piece::Table(grid) => lines.extend(grid.rows.iter().map(|row| {
                let cells: Vec<String> = row.iter().map(|cell| cell_text(&cell.pieces)).collect();
                cells.join(" ").trim().to_owned()
            })),
        }
    }
    lines.join("\n")
}
