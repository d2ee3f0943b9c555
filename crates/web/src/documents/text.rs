//! A document's text cut into leaves: so much of it on one page that the page stays quick however long the document is.

use std::ops::Range;

use document::source::Block;
use document::{Extraction, Source, Span, Task};

use super::marks::{Mark, Owned, marks, owners, with_tasks};
use super::sentence::sentences;

/// Most weight of a leaf; its bytes, and what marks and tasks add to the page.
pub const LEAF_WEIGHT: usize = 48_000;
/// Where a leaf weighs so much, a line that begins a task begins a new one.
const SOFT_WEIGHT: usize = 36_000;
const MARK_WEIGHT: usize = 50;
const TASK_WEIGHT: usize = 900;
const LINE_WEIGHT: usize = 20;
const CELL_WEIGHT: usize = 30;
/// A paragraph longer than this is shown as several lines.
const LINE_BYTES: usize = 6_000;

/// A paragraph, a piece of a long one, or a row of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    /// Index into the source's blocks.
    pub(super) block: usize,
    /// The row, where it is one of a table.
    pub(super) row: Option<usize>,
    /// Its text.
    pub(super) span: Span,
    /// Its cells, where it is a row.
    pub(super) cells: usize,
    /// It goes on from the line before.
    pub(super) goes_on: bool,
}

/// A page's worth of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its lines.
    pub(super) lines: Range<usize>,
    /// Its text, up to where the next one begins.
    pub span: Span,
    /// The rows whose task begins in it, in the order of the ledger.
    pub tasks: Vec<usize>,
    /// The checks whose place is in it.
    pub checks: Vec<usize>,
}

/// A numbered paragraph, or a row of a table, as a person chooses words of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Its number, from 1 through the document.
    pub number: usize,
    /// Its place.
    pub span: Span,
    /// It is a row of a table.
    pub is_row: bool,
    /// Its sentences; the cells of a row.
    pub pieces: Vec<Span>,
}

/// A text with its marks, cut into leaves.
#[derive(Debug, Clone)]
pub struct MarkedText {
    pub(super) lines: Vec<Line>,
    pub(super) marks: Vec<Mark>,
    pub(super) owned: Vec<Owned>,
    /// Where tasks begin, in order, with the row of each.
    pub(super) starts: Vec<(usize, usize)>,
    /// Where checks have their place, in order, with the check.
    pub(super) checks: Vec<(usize, usize)>,
    leaves: Vec<Leaf>,
}

impl MarkedText {
    /// Marks and cuts a document.
    pub fn of(source: &Source, extraction: &Extraction) -> Self {
        let spans: Vec<Span> = extraction.tasks.iter().map(|task| task.span).collect();
        let order: Vec<usize> = (0..spans.len()).collect();
        let mut text = Self {
            lines: lines(source),
            marks: marks(source, extraction),
            owned: Vec::new(),
            starts: Vec::new(),
            checks: checks(source, extraction),
            leaves: Vec::new(),
        };
        text.place(source, &spans, &order);
        text
    }

    /// The same text with the tasks that people added; `order` is that of all rows.
    pub(super) fn with(&self, source: &Source, read: &[Task], added: &[Task], order: &[usize]) -> Self {
        let spans: Vec<Span> = read.iter().chain(added).map(|task| task.span).collect();
        let mut text = Self {
            marks: with_tasks(source, &self.marks, added),
            ..self.clone()
        };
        text.place(source, &spans, order);
        text
    }

    /// Says where tasks are, from the place of each row, and cuts the text into leaves by that.
    fn place(&mut self, source: &Source, spans: &[Span], order: &[usize]) {
        self.owned = owners(spans);
        self.starts = spans.iter().enumerate().map(|(row, span)| (span.start, row)).collect();
        self.starts.sort_unstable();
        self.leaves = self.cut(source.text.len());
        let mut ranks = vec![0; order.len()];
        for (rank, row) in order.iter().enumerate() {
            if let Some(own) = ranks.get_mut(*row) {
                *own = rank;
            }
        }
        for leaf in &mut self.leaves {
            leaf.tasks.sort_unstable_by_key(|row| ranks.get(*row).copied());
        }
    }

    /// The numbered paragraphs of a leaf: the number of each, from 1 through the document, and its place.
    pub fn paragraphs(&self, leaf: &Leaf) -> impl Iterator<Item = (usize, Span)> {
        let from = leaf.lines.start;
        let lines = self.lines.get(leaf.lines.clone()).unwrap_or_default();
        let lines = lines.iter().enumerate();
        lines.map(move |(at, line)| (from + at + 1, line.span))
    }

    /// The paragraph, or row of a table, of this number.
    pub fn paragraph(&self, source: &Source, number: usize) -> Option<Paragraph> {
        let line = self.lines.get(number.checked_sub(1)?)?;
        let row = match (source.blocks.get(line.block), line.row) {
            (Some(Block::Table(table)), Some(row)) => table.rows.get(row),
            _ => None,
        };
        let has_words = |span: &Span| !span.of(&source.text).trim().is_empty();
        let pieces: Vec<Span> = match row {
            Some(row) => row.cells.iter().map(|cell| cell.span).filter(has_words).collect(),
            None => sentences(&source.text, line.span),
        };
        Some(Paragraph {
            number,
            span: line.span,
            is_row: row.is_some(),
            pieces,
        })
    }

    /// The number of the paragraph in which a place of the text stands.
    pub fn number_at(&self, place: usize) -> usize {
        self.lines.partition_point(|line| line.span.start <= place).max(1)
    }

    /// Its leaves; at least one.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The leaf in which a place of the text stands.
    pub fn leaf_at(&self, place: usize) -> usize {
        let behind = self.leaves.partition_point(|leaf| leaf.span.start <= place);
        behind.saturating_sub(1)
    }

    /// The leaf in which a check has its place.
    pub fn leaf_of_check(&self, check: usize) -> usize {
        let place = self.checks.iter().find(|(_, index)| *index == check);
        place.map_or(0, |(place, _)| self.leaf_at(*place))
    }

    /// Memory that it takes, nearly.
    pub(super) fn bytes(&self) -> usize {
        self.lines.capacity() * size_of::<Line>()
            + self.marks.capacity() * size_of::<Mark>()
            + self.owned.capacity() * size_of::<Owned>()
            + (self.starts.capacity() + self.checks.capacity()) * size_of::<(usize, usize)>()
            + self.leaves.capacity() * size_of::<Leaf>()
    }

    fn cut(&self, end: usize) -> Vec<Leaf> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let (mut from, mut weight) = (0, 0);
        for (at, line) in self.lines.iter().enumerate() {
            let before = if at == 0 { 0 } else { self.lines[at - 1].span.end };
            let place = before..line.span.end;
            let tasks = within(&self.starts, place.clone()).len();
            let marks = self.marks.partition_point(|mark| mark.span.start < place.end)
                - self.marks.partition_point(|mark| mark.span.start < place.start);
            let own = line.span.end - line.span.start
                + LINE_WEIGHT
                + line.cells * CELL_WEIGHT
                + marks * MARK_WEIGHT
                + tasks * TASK_WEIGHT;
            let full = weight + own > LEAF_WEIGHT || weight > SOFT_WEIGHT && tasks > 0;
            if full && at > from {
                ranges.push(from..at);
                (from, weight) = (at, 0);
            }
            weight += own;
        }
        ranges.push(from..self.lines.len());
        let begin = |lines: &Range<usize>| match lines.start {
            0 => 0,
            start => self.lines[start - 1].span.end,
        };
        let begins: Vec<usize> = ranges.iter().map(begin).collect();
        ranges
            .into_iter()
            .enumerate()
            .map(|(at, lines)| {
                let from = begins[at];
                let to = begins.get(at + 1).copied();
                let place = from..to.unwrap_or(usize::MAX);
                let sorted = |pairs: &[(usize, usize)]| {
                    let mut found: Vec<usize> = pairs.iter().map(|(_, index)| *index).collect();
                    found.sort_unstable();
                    found
                };
                Leaf {
                    span: Span::new(from, to.unwrap_or(end)),
                    tasks: sorted(within(&self.starts, place.clone())),
                    checks: sorted(within(&self.checks, place)),
                    lines,
                }
            })
            .collect()
    }
}

/// Those of sorted places that stand in a range.
pub(super) fn within(places: &[(usize, usize)], range: Range<usize>) -> &[(usize, usize)] {
    let from = places.partition_point(|(place, _)| *place < range.start);
    let to = places.partition_point(|(place, _)| *place < range.end).max(from);
    places.get(from..to).unwrap_or_default()
}

fn lines(source: &Source) -> Vec<Line> {
    let mut lines = Vec::with_capacity(source.blocks.len());
    for (index, block) in source.blocks.iter().enumerate() {
        match block {
            Block::Paragraph(paragraph) => {
                for (at, span) in pieces(&source.text, paragraph.span).into_iter().enumerate() {
                    lines.push(Line {
                        block: index,
                        row: None,
                        span,
                        cells: 0,
                        goes_on: at > 0,
                    });
                }
            }
            Block::Table(table) => lines.extend(table.rows.iter().enumerate().map(|(at, row)| Line {
                block: index,
                row: Some(at),
                span: row.span,
                cells: row.cells.len(),
                goes_on: false,
            })),
        }
    }
    lines
}

/// A paragraph in pieces of bounded length, cut behind sentences where there are any.
fn pieces(text: &str, span: Span) -> Vec<Span> {
    let mut pieces = Vec::new();
    let mut from = span.start;
    while span.end - from > LINE_BYTES {
        let mut most = from + LINE_BYTES;
        while !text.is_char_boundary(most) {
            most -= 1;
        }
        let sentence = text.get(from..most).and_then(|piece| piece.rfind('。'));
        let to = sentence.map_or(most, |at| from + at + '。'.len_utf8());
        pieces.push(Span::new(from, to));
        from = to;
    }
    pieces.push(Span::new(from, span.end));
    pieces
}

/// Places of the checks, from their lines and columns.
fn checks(source: &Source, extraction: &Extraction) -> Vec<(usize, usize)> {
    let text = &source.text;
    let begins: Vec<usize> = std::iter::once(0)
        .chain(
            text.bytes()
                .enumerate()
                .filter(|(_, byte)| *byte == b'\n')
                .map(|(at, _)| at + 1),
        )
        .collect();
    let mut found: Vec<(usize, usize)> = extraction
        .diagnostics
        .iter()
        .enumerate()
        .map(|(index, check)| {
            let begin = begins.get(check.line.saturating_sub(1)).copied().unwrap_or(text.len());
            let rest = text.get(begin..).unwrap_or_default();
            let line = rest.split('\n').next().unwrap_or_default();
            let column = line.char_indices().nth(check.column.saturating_sub(1));
            (begin + column.map_or(line.len(), |(at, _)| at), index)
        })
        .collect();
    found.sort_unstable();
    found
}
