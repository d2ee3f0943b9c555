//! A document as its reader saw it: one running text, and the paragraphs and tables that lie in it.
//!
//! Every reader (txt, docx, html, pdf, ofd, xlsx) fills a [`SourceBuilder`]; everything after it works on a
//! [`Source`] and never asks which format it was. All spans are UTF-8 byte offsets into [`Source::text`].

use crate::model::{Diagnostic, Span};

/// A document's text and its blocks, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// What `leye extract --text` prints. Table cells are separated by tabs, rows and paragraphs by line feeds;
    /// a line feed inside a cell stays one. Radicals (U+2E80 to U+2FD5) are the characters they stand for.
    pub text: String,
    /// Paragraphs and tables, in order, without overlap.
    pub blocks: Vec<Block>,
    /// What the reader could not take in.
    pub diagnostics: Vec<Diagnostic>,
}

/// A paragraph or a table.
#[derive(Debug, Clone)]
pub enum Block {
    /// A paragraph: one logical line of text.
    Paragraph(Paragraph),
    /// A table with at least one row.
    Table(Table),
}

/// One logical paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Its text, without the line feed at its end. Automatic numbering is printed into the text by the reader.
    pub span: Span,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// All of it.
    pub span: Span,
    /// Its rows, top to bottom.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// All of it.
    pub span: Span,
    /// Its cells, left to right, one for each grid column it starts in; a cell that is merely the lower part of a
    /// merged one is there too, empty, with [`Cell::continues`].
    pub cells: Vec<Cell>,
    /// Its number in the sheet of a workbook, from 1, as a spreadsheet shows it; absent in every other format.
    pub number: Option<usize>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its text; empty span for an empty cell.
    pub span: Span,
    /// The grid column it starts in, from 0.
    pub column: usize,
    /// How many grid columns it covers, at least 1.
    pub columns: usize,
    /// True when it is the continuation of the cell above it (vertically merged).
    pub continues: bool,
}

/// Builds a [`Source`] in reading order.
#[derive(Debug, Default)]
pub struct SourceBuilder {
    source: Source,
    table: Option<Table>,
}

impl SourceBuilder {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Length of the text so far, in bytes: for readers that bound their memory.
    pub fn text_len(&self) -> usize {
        self.source.text.len()
    }

    /// Adds a paragraph. Line feeds inside it become one space each; an empty one only adds an empty line.
    pub fn paragraph(&mut self, text: &str) {
        self.end_table();
        let start = self.source.text.len();
        push_folded(&mut self.source.text, text, ' ');
        let span = Span::new(start, self.source.text.len());
        self.source.text.push('\n');
        if !span.of(&self.source.text).trim().is_empty() {
            self.source.blocks.push(Block::Paragraph(Paragraph { span }));
        }
    }

    /// Begins a table; it ends with [`Self::end_table`] or at the next paragraph.
    pub fn begin_table(&mut self) {
        self.end_table();
        let at = self.source.text.len();
        self.table = Some(Table {
            span: Span::new(at, at),
            rows: Vec::new(),
        });
    }

    /// Begins a row of the table.
    pub fn begin_row(&mut self) {
        if self.table.is_none() {
            self.begin_table();
        }
        self.end_row();
        let at = self.source.text.len();
        if let Some(table) = &mut self.table {
            table.rows.push(Row {
                span: Span::new(at, at),
                cells: Vec::new(),
                number: None,
            });
        }
    }

    /// Says which row of a sheet the row is.
    pub fn number_row(&mut self, number: usize) {
        if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
            row.number = Some(number);
        }
    }

    /// Adds a cell to the row. `column` is its first grid column, `columns` how many it covers, `continues` whether
    /// it only carries on the merged cell above. Line feeds are kept: they may separate units or items.
    pub fn cell(&mut self, text: &str, column: usize, columns: usize, continues: bool) {
        if self.table.as_ref().is_none_or(|t| t.rows.is_empty()) {
            self.begin_row();
        }
        let Some(row) = self.table.as_mut().and_then(|t| t.rows.last_mut()) else {
            return;
        };
        if !row.cells.is_empty() {
            self.source.text.push('\t');
        }
        let start = self.source.text.len();
        push_folded(&mut self.source.text, text.trim_matches(['\n', '\r']), '\n');
        let end = self.source.text.len();
        row.span.end = end;
        row.cells.push(Cell {
            span: Span::new(start, end),
            column,
            columns: columns.max(1),
            continues,
        });
    }

    fn end_row(&mut self) {
        if let Some(row) = self.table.as_mut().and_then(|t| t.rows.last_mut()) {
            row.span.end = self.source.text.len();
            self.source.text.push('\n');
        }
    }

    /// Ends the table, if one is open.
    pub fn end_table(&mut self) {
        self.end_row();
        if let Some(mut table) = self.table.take() {
            table.span.end = self.source.text.len();
            if !table.rows.is_empty() {
                self.source.blocks.push(Block::Table(table));
            }
        }
    }

    /// Reports something the reader could not take in, at the place reached.
    pub fn diagnostic(&mut self, message: impl Into<String>, hint: impl Into<String>) {
        let (line, column) = position(&self.source.text, self.source.text.len());
        self.source.diagnostics.push(Diagnostic {
            line,
            column,
            message: message.into(),
            hint: hint.into(),
        });
    }

    /// The document.
    pub fn finish(mut self) -> Source {
        self.end_table();
        self.source
    }
}

/// Appends `text`, with CR and CRLF as LF, tabs as spaces, each line feed as `line_feed`, and radicals as characters.
fn push_folded(out: &mut String, text: &str, line_feed: char) {
    let text = crate::radical::unify(text);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() == Some(&'\n') {
                    chars.next();
                }
                out.push(line_feed);
            }
            '\n' => out.push(line_feed),
            '\t' => out.push(' '),
            '\0' => {}
            c => out.push(c),
        }
    }
}

/// Line and column (both from 1, the column in characters) of byte `at`.
pub fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
    let start = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |i| i + 1);
    (line, before[start..].chars().count() + 1)
}
