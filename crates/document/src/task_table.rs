//! Tasks from tables: columns by their header, merged cells, headings across the table, continuation rows.

use crate::assign::parse::{Said, parse, said_of};
use crate::column::{Column, column, is_duty_header};
use crate::draft::Draft;
use crate::fold::{Folded, Script, fold_whitespace};
use crate::marker::marker;
use crate::model::Span;
use crate::source::{Row, Table};

/// How many rows may pass before the header.
const HEADER_ROWS: usize = 6;

/// What the columns of a table are, kept for a table that goes on without a header of its own.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    kinds: Vec<Option<Column>>,
    content: usize,
}

/// Reads the tasks of a table. `above` are the headings over it; `previous` the columns of the table before it.
/// Gives the drafts, the columns, and the notes that stand in the table.
pub(crate) fn table_tasks(
    text: &str,
    simple: &str,
    table: &Table,
    script: Script,
    above: &[String],
    previous: Option<&Columns>,
) -> (Vec<Draft>, Option<Columns>, Vec<Span>) {
    let width = table
        .rows
        .iter()
        .flat_map(|r| r.cells.iter().map(|c| c.column + c.columns))
        .max()
        .unwrap_or(0);
    let (columns, first) = match header_of(simple, table, width) {
        Some(found) => found,
        None => match previous.filter(|p| p.kinds.len() == width) {
            Some(previous) => (previous.clone(), 0),
            None => return (Vec::new(), None, Vec::new()),
        },
    };
    let mut reader = Reader {
        text,
        simple,
        script,
        columns: &columns,
        above,
        carried: Carried::default(),
        drafts: Vec::new(),
        notes: Vec::new(),
    };
    for row in &table.rows[first..] {
        reader.row(row, width);
    }
    let Reader { drafts, notes, .. } = reader;
    (drafts, Some(columns), notes)
}

fn header_of(text: &str, table: &Table, width: usize) -> Option<(Columns, usize)> {
    for (index, row) in table.rows.iter().take(HEADER_ROWS).enumerate() {
        let mut kinds = kinds_of(text, row, width);
        let mut next = index + 1;
        // A second header row names the halves of a cell that spans columns.
        if let Some(below) = table.rows.get(index + 1) {
            let lower = kinds_of(text, below, width);
            let named = below
                .cells
                .iter()
                .filter(|c| !c.continues && !c.span.of(text).trim().is_empty())
                .count();
            let known = below.cells.iter().filter(|c| column(c.span.of(text)).is_some()).count();
            if named > 0 && known == named && (0..width).any(|i| lower[i].is_some()) {
                for (kind, lower) in kinds.iter_mut().zip(lower) {
                    *kind = lower.or(*kind);
                }
                next += 1;
            }
        }
        let cells: Vec<String> = (0..width)
            .map(|i| {
                row.cells
                    .iter()
                    .find(|c| c.column == i)
                    .map_or_else(String::new, |c| crate::fold::fold(c.span.of(text)))
            })
            .collect();
        crate::column::settle(&cells, &mut kinds);
        let printed: Vec<_> = distinct(row, &kinds);
        if is_duty_header(&printed) {
            numbers_without_heading(text, table, next, &mut kinds);
            let content = content_column(table, next, &kinds)?;
            return Some((Columns { kinds, content }, next));
        }
    }
    None
}

/// A column without a heading whose cells are numbers numbers the rows.
fn numbers_without_heading(text: &str, table: &Table, first: usize, kinds: &mut [Option<Column>]) {
    if kinds.contains(&Some(Column::Number)) {
        return;
    }
    for index in 0..kinds.len().min(3) {
        let cells: Vec<String> = table.rows[first..]
            .iter()
            .take(50)
            .flat_map(|r| r.cells.iter())
            .filter(|c| c.column == index && c.columns == 1)
            .map(|c| crate::fold::fold(c.span.of(text)))
            .filter(|t| !t.is_empty())
            .collect();
        if kinds[index].is_none() && !cells.is_empty() && cells.iter().all(|t| crate::column::is_number(t)) {
            kinds[index] = Some(Column::Number);
        }
    }
}

fn kinds_of(text: &str, row: &Row, width: usize) -> Vec<Option<Column>> {
    let mut kinds = vec![None; width];
    for cell in row.cells.iter().filter(|c| !c.continues) {
        let kind = column(cell.span.of(text));
        for slot in kinds.iter_mut().skip(cell.column).take(cell.columns) {
            *slot = kind;
        }
    }
    kinds
}

/// The kinds with cells that span several columns counted once.
fn distinct(row: &Row, kinds: &[Option<Column>]) -> Vec<Option<Column>> {
    let mut found = Vec::new();
    for cell in &row.cells {
        let own: std::collections::BTreeSet<_> = (cell.column..cell.column + cell.columns)
            .filter_map(|i| kinds.get(i).copied())
            .collect();
        found.extend(own);
    }
    found
}

/// The column that carries the measure: of those that could, the one with the most text.
fn content_column(table: &Table, first: usize, kinds: &[Option<Column>]) -> Option<usize> {
    let length = |index: usize| -> usize {
        table.rows[first..]
            .iter()
            .take(200)
            .flat_map(|r| r.cells.iter())
            .filter(|c| c.column <= index && index < c.column + c.columns && c.columns <= 3)
            .map(|c| c.span.end - c.span.start)
            .sum()
    };
    let of_kind = |wanted: Column| {
        (0..kinds.len())
            .filter(|i| kinds[*i] == Some(wanted))
            .max_by_key(|i| length(*i))
    };
    of_kind(Column::Content)
        .or_else(|| of_kind(Column::Title))
        .or_else(|| of_kind(Column::Section))
}

/// Values that stand for the rows below them until another one does.
#[derive(Debug, Default)]
struct Carried {
    number: String,
    title: Option<String>,
    sections: Vec<(usize, String)>,
    heading: Vec<(usize, String)>,
    cells: Vec<Option<Span>>,
}

struct Reader<'a> {
    text: &'a str,
    /// The text in Simplified script, for the names of columns.
    simple: &'a str,
    script: Script,
    columns: &'a Columns,
    above: &'a [String],
    carried: Carried,
    drafts: Vec<Draft>,
    notes: Vec<Span>,
}

impl Reader<'_> {
    fn row(&mut self, row: &Row, width: usize) {
        let filled: Vec<_> = row
            .cells
            .iter()
            .filter(|c| !c.continues && !c.span.of(self.text).trim().is_empty())
            .collect();
        if filled.is_empty() || self.repeats_header(row) {
            return;
        }
        if let [only] = filled.as_slice() {
            let printed = only.span.of(self.text).trim();
            if printed.starts_with('注') || printed.starts_with("备注") || printed.starts_with("说明") {
                self.notes.push(only.span);
                return;
            }
            let lone_content =
                only.columns == 1 && only.column == self.columns.content && row.cells.iter().any(|c| c.continues);
            if !lone_content
                && (only.columns * 2 >= width
                    || marker(&self.fold(only.span, false).text).is_some()
                    || row.cells.len() == 1)
            {
                self.heading(only.span);
                return;
            }
        }
        // A vertically merged cell stands for every row it covers.
        self.carried.cells.resize(width, None);
        let mut cells: Vec<Option<Span>> = vec![None; width];
        let mut merged = vec![false; width];
        for cell in &row.cells {
            for column in cell.column..(cell.column + cell.columns).min(width) {
                if cell.continues {
                    cells[column] = self.carried.cells[column];
                    merged[column] = true;
                } else if !cell.span.of(self.text).trim().is_empty() {
                    cells[column] = Some(cell.span);
                }
            }
        }
        self.carried.cells.clone_from(&cells);
        self.task(row.span, &cells, &merged);
    }

    fn repeats_header(&self, row: &Row) -> bool {
        let kinds = kinds_of(self.simple, row, self.columns.kinds.len());
        let named = kinds.iter().flatten().count();
        named >= 2
            && kinds
                .iter()
                .zip(&self.columns.kinds)
                .filter(|(k, _)| k.is_some())
                .all(|(k, own)| k == own)
    }

    fn fold(&self, span: Span, keep_lines: bool) -> Folded {
        Folded::new(span.of(self.text), span.start, self.script, keep_lines)
    }

    /// A heading across the table: it ends those of its own rank.
    fn heading(&mut self, span: Span) {
        let rank = marker(&self.fold(span, false).text).map_or(0, |m| m.style as usize + 1);
        self.carried.heading.retain(|(r, _)| *r < rank);
        self.carried.heading.push((rank, fold_whitespace(span.of(self.text))));
        self.carried.sections.clear();
        self.carried.title = None;
    }

    fn task(&mut self, span: Span, cells: &[Option<Span>], merged: &[bool]) {
        let kinds = &self.columns.kinds;
        let mut draft = Draft {
            span,
            ..Draft::default()
        };
        let mut numbered = false;
        let mut own_number = false;
        let mut units_seen = false;
        for (index, kind) in kinds.iter().enumerate() {
            let cell = cells[index];
            // A cell that spans columns of one kind is read once.
            if index > 0 && cell.is_some() && cells[index - 1] == cell && kinds[index - 1] == *kind {
                continue;
            }
            match kind {
                Some(Column::Number) => {
                    if let Some(cell) = cell {
                        own_number = !merged[index];
                        self.carried.number = number_of(&self.fold(cell, false).text);
                        if !merged[index] {
                            self.carried.title = None;
                        }
                    }
                    numbered = true;
                }
                Some(Column::Section) if index != self.columns.content => self.section(index, cell),
                Some(Column::Title | Column::Content) if index != self.columns.content => {
                    if let Some(cell) = cell {
                        let printed = fold_whitespace(cell.of(self.text));
                        if index < self.columns.content {
                            self.carried.title = Some(printed);
                        } else {
                            draft.pieces.push(cell);
                        }
                    }
                }
                Some(Column::Units(found)) => {
                    if let Some(cell) = cell {
                        let folded = self.fold(cell, true);
                        let listed = parse(
                            &folded.text,
                            0..folded.text.len(),
                            said_of(*found).unwrap_or(Said::Listed),
                        );
                        units_seen |= !listed.mentions.is_empty();
                        draft.take(listed, &folded);
                    }
                }
                Some(Column::Deadline) => draft.deadline = cell.or(draft.deadline),
                _ => {}
            }
        }
        let Some(content) = cells[self.columns.content] else {
            self.without_content(draft, units_seen);
            return;
        };
        draft.pieces.insert(0, content);
        let folded = self.fold(content, false);
        if !numbered {
            self.carried.number = marker(&folded.text)
                .map(|m| m.number.to_string())
                .or_else(|| {
                    self.carried
                        .title
                        .as_deref()
                        .and_then(|t| marker(&crate::fold::fold(t)).map(|m| m.number.to_string()))
                })
                .unwrap_or_default();
        }
        if !units_seen {
            for group in crate::assign::find::groups(&folded.text) {
                draft.take(group.listed, &folded);
            }
        }
        // A further row of a numbered item that names no unit lies in the merged cell of the row above.
        let merged = numbered && !own_number && draft.named.is_empty();
        let above = self
            .drafts
            .last()
            .filter(|d| merged && d.no == self.carried.number && !d.named.is_empty());
        if let Some(above) = above {
            draft.named = above.named.clone();
            draft.assigned = true;
        }
        draft.no = self.carried.number.clone();
        draft.title = self.carried.title.clone();
        draft.path = self.path();
        self.drafts.push(draft);
    }

    /// A row without a measure of its own: its units still belong to the row above.
    fn without_content(&mut self, draft: Draft, units_seen: bool) {
        if let Some(last) = self.drafts.last_mut().filter(|_| units_seen) {
            last.span = last.span.cover(draft.span);
            last.named.extend(draft.named);
            last.deadline = last.deadline.or(draft.deadline);
        }
    }

    fn section(&mut self, index: usize, cell: Option<Span>) {
        if let Some(cell) = cell {
            let printed = fold_whitespace(cell.of(self.text));
            self.carried.sections.retain(|(i, _)| *i < index);
            self.carried.sections.push((index, printed));
        }
    }

    fn path(&self) -> Vec<String> {
        self.above
            .iter()
            .cloned()
            .chain(self.carried.heading.iter().map(|(_, h)| h.clone()))
            .chain(self.carried.sections.iter().map(|(_, s)| s.clone()))
            .collect()
    }
}

/// The number of a row in Arabic digits; what is no number is kept as printed.
fn number_of(text: &str) -> String {
    let bare = text.trim_matches(['.', '、', '（', '）', ' ', '。']);
    if bare.bytes().all(|b| b.is_ascii_digit()) {
        return bare.trim_start_matches('0').to_owned();
    }
    crate::marker::han_number(bare)
        .filter(|(_, len)| *len == bare.len())
        .map_or_else(|| bare.to_owned(), |(n, _)| n.to_string())
}
