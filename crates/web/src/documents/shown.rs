//! A leaf of a document as a page shows it: paragraphs and tables, in them tasks, in these marks.

use std::collections::BTreeMap;
use std::ops::Range;

use civil::Day;
use document::source::{Block as SourceBlock, Row as SourceRow, Table};
use document::{Source, Span};

use super::marks::{Kind, Mark};
use super::text::{Leaf, Line, MarkedText, within};

/// Most of one cell that is shown, in bytes.
const CELL_BYTES: usize = 12_000;

/// A stretch of prose or of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Paragraphs that belong to the same task, or to none.
    Prose(Prose),
    /// Rows of one table.
    Table(Vec<Row>),
}

/// Paragraphs that belong together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prose {
    /// The task they belong to as a whole.
    pub task: Option<usize>,
    /// The tasks that begin here, from 1; the first gives the stretch its address.
    pub begins: Vec<usize>,
    /// The paragraphs.
    pub paragraphs: Vec<Vec<Run>>,
}

/// A piece of a paragraph that belongs to one task, or to none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// The task it belongs to, where that is not already said of the whole stretch.
    pub task: Option<usize>,
    /// The tasks that begin here, from 1.
    pub begins: Vec<usize>,
    /// Its text.
    pub pieces: Vec<Piece>,
    /// The number of the paragraph that begins with it.
    pub number: Option<usize>,
}

/// Text with at most one mark.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piece {
    /// Its text.
    pub text: String,
    /// How it is marked.
    pub kind: Option<Kind>,
    /// The day that is meant, where the text leaves out the year.
    pub day: Option<Day>,
    /// The checks that have their place before it, from 1.
    pub checks: Vec<usize>,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// It belongs to a task.
    pub is_of_task: bool,
    /// The tasks that begin in it, from 1; the first gives the row its address.
    pub begins: Vec<usize>,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Its number among the paragraphs.
    pub number: usize,
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Columns that it covers.
    pub columns: usize,
    /// Rows that it covers on this leaf.
    pub rows: usize,
    /// The tasks whose link stands in it: those of the row, in its first cell that has text.
    pub begins: Vec<usize>,
    /// Its text.
    pub pieces: Vec<Piece>,
    /// It is longer than is shown.
    pub is_cut: bool,
    /// It goes on from a row of the leaf before.
    pub goes_on: bool,
}

impl MarkedText {
    /// A leaf as it is shown.
    pub fn shown(&self, source: &Source, leaf: &Leaf) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut table_of = None;
        let mut rows = 0..0;
        for at in leaf.lines.clone() {
            let line = &self.lines[at];
            let before = if at == 0 { 0 } else { self.lines[at - 1].span.end };
            // What begins between two lines begins with the second; behind the last line, with the last.
            let end = if at + 1 == self.lines.len() {
                usize::MAX
            } else {
                line.span.end
            };
            match (source.blocks.get(line.block), line.row) {
                (Some(SourceBlock::Table(table)), Some(row)) => {
                    if table_of != Some(line.block) {
                        rows = leaf_rows(&self.lines[leaf.lines.clone()], line.block);
                    }
                    let mut shown = self.row(source, table, row, &rows, before..end);
                    shown.number = at + 1;
                    match blocks.last_mut() {
                        Some(Block::Table(last)) if table_of == Some(line.block) => last.push(shown),
                        _ => blocks.push(Block::Table(vec![shown])),
                    }
                    table_of = Some(line.block);
                }
                _ => {
                    table_of = None;
                    self.prose(source, at, before..end, &mut blocks);
                }
            }
        }
        blocks
    }

    fn prose(&self, source: &Source, at: usize, place: Range<usize>, blocks: &mut Vec<Block>) {
        let line = &self.lines[at];
        let mut runs = self.runs(source, line.span, place);
        if let Some(first) = runs.first_mut() {
            first.number = Some(at + 1);
        }
        let whole = match runs.as_slice() {
            [run] => run.task,
            _ => None,
        };
        let begins = |run: &Run| !run.begins.is_empty();
        let follows = |prose: &Prose| prose.task == whole && !runs.iter().any(begins);
        if let Some(Block::Prose(prose)) = blocks.last_mut()
            && follows(prose)
        {
            match prose.paragraphs.last_mut().filter(|_| line.goes_on) {
                Some(last) => last.extend(inside(runs, whole)),
                None => prose.paragraphs.push(inside(runs, whole)),
            }
            return;
        }
        let begins = match (whole, runs.as_slice()) {
            (Some(_), [run]) => run.begins.clone(),
            _ => Vec::new(),
        };
        blocks.push(Block::Prose(Prose {
            task: whole,
            begins,
            paragraphs: vec![inside(runs, whole)],
        }));
    }

    /// The text of a span by the tasks it belongs to.
    fn runs(&self, source: &Source, span: Span, place: Range<usize>) -> Vec<Run> {
        let from = self.owned.partition_point(|owned| owned.span.end <= span.start);
        let mut stretches: Vec<(Span, Option<usize>)> = Vec::new();
        let mut at = span.start;
        for owned in self
            .owned
            .iter()
            .skip(from)
            .take_while(|owned| owned.span.start < span.end)
        {
            let (start, end) = (owned.span.start.max(span.start), owned.span.end.min(span.end));
            if at < start {
                stretches.push((Span::new(at, start), None));
            }
            stretches.push((Span::new(start, end), Some(owned.task)));
            at = end;
        }
        if at < span.end || stretches.is_empty() {
            stretches.push((Span::new(at, span.end), None));
        }
        // White space around a task is no stretch of its own.
        let blank = |span: &Span| span.of(&source.text).trim().is_empty();
        if stretches.iter().any(|(_, task)| task.is_some()) {
            stretches.retain(|(span, task)| task.is_some() || !blank(span));
        }
        let count = stretches.len();
        let mut runs = Vec::with_capacity(count);
        let mut from = place.start;
        for (index, (span, task)) in stretches.into_iter().enumerate() {
            let to = if index + 1 == count { place.end } else { span.end };
            runs.push(Run {
                task,
                begins: within(&self.starts, from..to)
                    .iter()
                    .map(|(_, task)| task + 1)
                    .collect(),
                pieces: self.pieces(source, span, from..to),
                number: None,
            });
            from = to;
        }
        runs
    }

    /// The text of a span, cut where marks begin and end and where checks have their place.
    fn pieces(&self, source: &Source, span: Span, place: Range<usize>) -> Vec<Piece> {
        let mut checks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, check) in within(&self.checks, place) {
            let at = (*at).clamp(span.start, span.end);
            checks.entry(at).or_default().push(check + 1);
        }
        let from = self.marks.partition_point(|mark| mark.span.end <= span.start);
        let marks = self
            .marks
            .iter()
            .skip(from)
            .take_while(|mark| mark.span.start < span.end);
        let mut stretches: Vec<(usize, usize, Option<Mark>)> = Vec::new();
        let mut at = span.start;
        for mark in marks {
            let (start, end) = (mark.span.start.max(span.start), mark.span.end.min(span.end));
            if at < start {
                stretches.push((at, start, None));
            }
            stretches.push((start, end, Some(*mark)));
            at = end;
        }
        if at < span.end {
            stretches.push((at, span.end, None));
        }
        let mut pieces = Vec::with_capacity(stretches.len() + checks.len());
        for (start, end, mark) in stretches {
            let mut from = start;
            // A mark is not cut by a check within it: the check stands before it.
            let cuts: Vec<usize> = checks.range(start..end).map(|(at, _)| *at).collect();
            for cut in cuts {
                let here = checks.remove(&cut).unwrap_or_default();
                if mark.is_none() && from < cut {
                    pieces.push(piece(source, from, cut, None));
                    from = cut;
                }
                pieces.push(Piece {
                    checks: here,
                    ..Piece::default()
                });
            }
            pieces.push(piece(source, from, end, mark));
        }
        let rest: Vec<usize> = checks.into_values().flatten().collect();
        if !rest.is_empty() {
            pieces.push(Piece {
                checks: rest,
                ..Piece::default()
            });
        }
        pieces
    }

    fn row(&self, source: &Source, table: &Table, at: usize, on_leaf: &Range<usize>, place: Range<usize>) -> Row {
        let Some(row) = table.rows.get(at) else {
            return Row::default();
        };
        let mut begins: Vec<usize> = within(&self.starts, place.clone())
            .iter()
            .map(|(_, task)| task + 1)
            .collect();
        let from = self.owned.partition_point(|owned| owned.span.end <= row.span.start);
        let is_of_task = self
            .owned
            .get(from)
            .is_some_and(|owned| owned.span.start < row.span.end);
        let mut shown = Row {
            is_of_task,
            begins: begins.clone(),
            cells: Vec::with_capacity(row.cells.len()),
            number: 0,
        };
        let mut from = place.start;
        for (index, cell) in row.cells.iter().enumerate() {
            let last = index + 1 == row.cells.len();
            let to = if last { place.end } else { cell.span.end };
            let text_goes_on = cell.continues && at == on_leaf.start;
            if cell.continues && !text_goes_on {
                continue;
            }
            let span = shortened(source, cell.span);
            let has_text = !span.of(&source.text).trim().is_empty();
            shown.cells.push(Cell {
                columns: cell.columns,
                rows: rows_of(table, at, cell.column, on_leaf),
                begins: if has_text {
                    std::mem::take(&mut begins)
                } else {
                    Vec::new()
                },
                pieces: self.pieces(source, span, from..to),
                is_cut: span != cell.span,
                goes_on: text_goes_on,
            });
            from = to;
        }
        if let Some(first) = shown.cells.first_mut().filter(|_| !begins.is_empty()) {
            first.begins = begins;
        }
        shown
    }
}

/// The runs of a paragraph whose task is said of the whole stretch say it no more.
fn inside(runs: Vec<Run>, whole: Option<usize>) -> Vec<Run> {
    if whole.is_none() {
        return runs;
    }
    runs.into_iter()
        .map(|run| Run {
            pieces: run.pieces,
            number: run.number,
            ..Run::default()
        })
        .collect()
}

fn piece(source: &Source, start: usize, end: usize, mark: Option<Mark>) -> Piece {
    Piece {
        text: Span::new(start, end).of(&source.text).to_owned(),
        kind: mark.map(|mark| mark.kind),
        day: mark.and_then(|mark| mark.day),
        checks: Vec::new(),
    }
}

/// The rows of a table's block among the lines of a leaf.
fn leaf_rows(lines: &[Line], block: usize) -> Range<usize> {
    let mut rows = lines
        .iter()
        .filter(|line| line.block == block)
        .filter_map(|line| line.row);
    let first = rows.next().unwrap_or_default();
    first..rows.next_back().unwrap_or(first) + 1
}

/// Rows that the cell in `column` of row `at` covers among those of the leaf.
fn rows_of(table: &Table, at: usize, column: usize, on_leaf: &Range<usize>) -> usize {
    let below = table.rows.get(at + 1..on_leaf.end).unwrap_or_default();
    let goes_on = |row: &&SourceRow| row.cells.iter().any(|cell| cell.column == column && cell.continues);
    1 + below.iter().take_while(goes_on).count()
}

/// As much of a cell as is shown.
fn shortened(source: &Source, span: Span) -> Span {
    if span.end - span.start <= CELL_BYTES {
        return span;
    }
    let mut end = span.start + CELL_BYTES;
    while !source.text.is_char_boundary(end) {
        end -= 1;
    }
    Span::new(span.start, end)
}
