//! Tables that were flattened into plain text: one cell a line, cells behind tabs, or cells between bars.
//!
//! A table is known by its header: names of columns in a row, units among them. Cells are laid into the columns by
//! number where a row is whole; where cells are missing (merged ones leave nothing behind) by what fits best.

use super::bare_table::bare_rows;
use crate::column::{Column, column, fit, is_duty_header, is_number, settle};
use crate::fold::fold;
use crate::model::Span;
use crate::source::{Cell, Row, Table};

/// A table found in text.
#[derive(Debug)]
pub(crate) struct FlatTable {
    /// The table, its spans in the whole text.
    pub table: Table,
}

/// A header has no more columns than this.
const MAX_COLUMNS: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Each cell begins with a tab on its own line.
    TabLed,
    /// Cells of a row stand on one line between tabs.
    TabSeparated,
    /// Cells of a row stand on one line between bars.
    Barred,
    /// Cells of a row stand on one line between spaces.
    Spaced,
    /// Each cell is a line, nothing marks it.
    Bare,
}

/// A line of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// The whole line without its line feed.
    pub(super) span: Span,
    /// Its printed part.
    pub(super) inner: Span,
}

struct Header {
    layout: Layout,
    columns: Vec<Option<Column>>,
    /// First line behind the header.
    next: usize,
    cells: Vec<Span>,
}

/// Finds the tables of duties in `text`, in order.
pub(crate) fn find_tables(text: &str) -> Vec<FlatTable> {
    let lines = lines(text);
    let mut tables = Vec::new();
    let mut at = 0;
    // Inside a run of names of columns a table of bare lines begins only where it did at the run's head.
    let mut in_run = false;
    while at < lines.len() {
        let Some(header) = header_at(text, &lines, at, &mut in_run) else {
            at += 1;
            continue;
        };
        in_run = false;
        let first = header.next;
        let (rows, next) = match header.layout {
            Layout::TabLed => tab_led_rows(text, &lines, first, &header.columns),
            Layout::TabSeparated => separated_rows(text, &lines, first, &header.columns, '\t'),
            Layout::Barred => separated_rows(text, &lines, first, &header.columns, '|'),
            Layout::Spaced => spaced_rows(text, &lines, first, &header.columns),
            Layout::Bare => bare_rows(text, &lines, first, &header.columns, &header.cells),
        };
        if rows.is_empty() {
            at += 1;
            continue;
        }
        tables.push(build(&header, rows));
        at = next.max(first);
    }
    tables
}

fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let body = line.strip_suffix('\n').unwrap_or(line);
        let left = body.trim_start_matches(crate::fold::is_space);
        let inner = left.trim_end_matches(crate::fold::is_space);
        let first = start + body.len() - left.len();
        found.push(Line {
            span: Span::new(start, start + body.len()),
            inner: Span::new(first, first + inner.len()),
        });
        start += line.len();
    }
    found
}

fn header_at(text: &str, lines: &[Line], at: usize, in_run: &mut bool) -> Option<Header> {
    let line = lines[at];
    let printed = line.inner.of(text);
    if printed.is_empty() {
        return None;
    }
    if let Some(found) = spaced_header(text, line, at) {
        return Some(found);
    }
    if printed.len() > 600 {
        return None;
    }
    for (separator, layout) in [('\t', Layout::TabSeparated), ('|', Layout::Barred)] {
        if printed.matches(separator).count() >= 2 || printed.contains('｜') && separator == '|' {
            let cells = split_cells(text, line.span, separator);
            return header(text, layout, cells, at + 1);
        }
    }
    let kind = if printed.len() > 48 {
        None
    } else {
        column(printed.trim_end_matches(['|', '｜', ' ']))
    };
    let ran_on = std::mem::replace(in_run, kind.is_some());
    kind?;
    if line.span.of(text).starts_with('\t') {
        return tab_led_header(text, lines, at);
    }
    if ran_on && kind != Some(Column::Number) {
        return None;
    }
    bare_header(text, lines, at)
}

fn header(text: &str, layout: Layout, cells: Vec<Span>, next: usize) -> Option<Header> {
    let mut cells = cells;
    while cells.last().is_some_and(|c| c.of(text).is_empty()) {
        cells.pop();
    }
    let mut columns: Vec<_> = cells.iter().map(|c| column(c.of(text))).collect();
    settle(
        &cells.iter().map(|c| fold(c.of(text))).collect::<Vec<_>>(),
        &mut columns,
    );
    (columns.len() <= MAX_COLUMNS && is_duty_header(&columns)).then_some(Header {
        layout,
        columns,
        next,
        cells,
    })
}

fn tab_led_header(text: &str, lines: &[Line], at: usize) -> Option<Header> {
    let mut cells: Vec<Span> = Vec::new();
    let mut next = at;
    while let Some(line) = lines.get(next) {
        let raw = line.span.of(text);
        if line.inner.of(text).is_empty() && !raw.starts_with('\t') || is_number(&fold(line.inner.of(text))) {
            break;
        }
        if raw.starts_with('\t') {
            cells.push(line.inner);
        } else if let Some(last) = cells.last_mut() {
            *last = last.cover(line.inner);
        }
        if cells.len() > MAX_COLUMNS {
            return None;
        }
        next += 1;
    }
    header(text, Layout::TabLed, cells, next)
}

/// A header whose cells are lines: every line up to the first number, or up to the first that no header uses.
fn bare_header(text: &str, lines: &[Line], at: usize) -> Option<Header> {
    const UNKNOWN_CHARS: usize = 8;
    let mut cells: Vec<Span> = Vec::new();
    let mut next = at;
    // The header ends behind its last known word.
    let mut end = (at, 0);
    while let Some(line) = lines.get(next) {
        let printed = line.inner.of(text).trim_end_matches(['|', '｜', ' ']);
        next += 1;
        if printed.is_empty() {
            continue;
        }
        let known = column(printed).is_some();
        let stop = is_number(&fold(printed))
            || !known && (printed.chars().count() > UNKNOWN_CHARS || printed.contains(['。', '，', '、', '；']));
        if stop || cells.len() == MAX_COLUMNS || crate::marker::marker(&fold(printed)).is_some() {
            break;
        }
        let span = Span::new(line.inner.start, line.inner.start + printed.len());
        cells.push(span);
        if known {
            end = (next, cells.len());
        }
    }
    let (mut next, count) = end;
    cells.truncate(count);
    if cells.len() < 3 {
        return None;
    }
    let mut found = header(text, Layout::Bare, cells, next)?;
    // A column of numbers may have lost its heading.
    if !found.columns.contains(&Some(Column::Number)) {
        let ahead: Vec<String> = lines[next..]
            .iter()
            .map(|l| l.inner.of(text))
            .filter(|t| !t.trim_matches(['|', ' ']).is_empty())
            .take(12)
            .map(fold)
            .collect();
        if ahead
            .iter()
            .any(|t| is_number(t) && t.bytes().all(|b| b.is_ascii_digit()))
        {
            let content = found
                .columns
                .iter()
                .rposition(|c| matches!(c, Some(Column::Content | Column::Title)))
                .unwrap_or(0);
            let place = found.cells[content];
            found.columns.insert(content, Some(Column::Number));
            found.cells.insert(content, Span::new(place.start, place.start));
        }
    }
    while lines.get(next).is_some_and(|l| l.inner.of(text).is_empty()) {
        next += 1;
    }
    found.next = next;
    Some(found)
}

/// A header on one line between spaces, perhaps behind a title: … 序号 工作任务 牵头单位 完成时限.
fn spaced_header(text: &str, line: Line, at: usize) -> Option<Header> {
    let printed = line.inner.of(text);
    if printed.len() > 6_000 || printed.contains(['\t', '|']) {
        return None;
    }
    let mut cells = words(text, line.inner);
    let known = cells.iter().rev().take_while(|c| column(c.of(text)).is_some()).count();
    cells.drain(..cells.len() - known);
    (known >= 3 && column(cells[0].of(text)) == Some(Column::Number)).then_some(())?;
    header(text, Layout::Spaced, cells, at + 1)
}

/// The words of a line; single characters set apart (工 作 任 务) are one.
fn words(text: &str, line: Span) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut start = None;
    let raw = line.of(text);
    let mut push = |span: Span| {
        let single = |s: Span| s.of(text).chars().count() == 1 && s.of(text).chars().all(crate::fold::is_han);
        match found.last_mut() {
            Some(last)
                if single(span)
                    && (single(*last) || last.of(text).chars().rev().nth(1).is_some_and(char::is_whitespace)) =>
            {
                *last = last.cover(span)
            }
            _ => found.push(span),
        }
    };
    for (at, c) in raw.char_indices() {
        match (crate::fold::is_space(c), start) {
            (true, Some(from)) => {
                push(Span::new(line.start + from, line.start + at));
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    if let Some(from) = start {
        push(Span::new(line.start + from, line.end));
    }
    found
}

fn split_cells(text: &str, line: Span, separator: char) -> Vec<Span> {
    let raw = line.of(text);
    let mut cells = Vec::new();
    let mut start = line.start;
    for piece in raw.split([separator, if separator == '|' { '｜' } else { separator }]) {
        cells.push(trimmed(text, Span::new(start, start + piece.len())));
        let end = start + piece.len();
        start = end + text[end..].chars().next().map_or(0, char::len_utf8);
    }
    if separator == '|' {
        if cells.first().is_some_and(|c| c.of(text).is_empty()) {
            cells.remove(0);
        }
        if cells.last().is_some_and(|c| c.of(text).is_empty()) {
            cells.pop();
        }
    }
    cells
}

fn trimmed(text: &str, span: Span) -> Span {
    let raw = span.of(text);
    let left = raw.trim_start_matches(crate::fold::is_space);
    let inner = left.trim_end_matches(crate::fold::is_space);
    let start = span.start + raw.len() - left.len();
    Span::new(start, start + inner.len())
}

/// One row: the cells found, in order.
type Cells = Vec<Span>;

fn tab_led_rows(
    text: &str,
    lines: &[Line],
    first: usize,
    columns: &[Option<Column>],
) -> (Vec<Vec<Option<Span>>>, usize) {
    let mut rows: Vec<Cells> = Vec::new();
    let mut at = first;
    let mut blank = true;
    let mut last_line = first;
    while let Some(line) = lines.get(at) {
        let raw = line.span.of(text);
        let printed = line.inner.of(text);
        if raw.starts_with('\t') {
            let row_is_full = rows.last().is_none_or(|r| r.len() >= columns.len());
            if blank
                && !rows
                    .last()
                    .is_some_and(|r| r.len() < columns.len() && !starts_row(&fold(printed), r, text))
                || row_is_full
            {
                rows.push(Vec::new());
            }
            if let Some(row) = rows.last_mut() {
                row.push(line.inner);
            }
            last_line = at + 1;
            blank = false;
        } else if printed.is_empty() {
            blank = true;
        } else {
            let full = rows.last().is_none_or(|r| r.len() >= columns.len());
            if full && blank && !ends_cell(printed, rows.last(), columns, text) {
                break;
            }
            let Some(cell) = rows.last_mut().and_then(|r| r.last_mut()) else {
                break;
            };
            *cell = cell.cover(line.inner);
            last_line = at + 1;
            blank = false;
        }
        at += 1;
    }
    let rows = rows.into_iter().map(|row| lay(text, row, columns)).collect();
    (rows, last_line)
}

/// Whether a cell behind an empty line begins a new row while the last one is not full: a number does.
fn starts_row(cell: &str, row: &Cells, text: &str) -> bool {
    is_number(cell) && cell.bytes().all(|b| b.is_ascii_digit())
        || row.len() == 1 && crate::marker::marker(&fold(row[0].of(text))).is_some()
}

/// Whether a line behind an empty line still belongs to the last cell of a full row: 2020年 / 12月.
fn ends_cell(printed: &str, row: Option<&Cells>, columns: &[Option<Column>], text: &str) -> bool {
    let Some(cell) = row.and_then(|r| r.last()) else {
        return false;
    };
    let joined = fold(&format!("{}{}", cell.of(text), printed));
    match columns.last().copied().flatten() {
        Some(Column::Deadline) => printed.chars().count() <= 12 && fit(&joined, Some(Column::Deadline)) > 0,
        Some(Column::Units(_)) => printed.chars().count() <= 30 && !crate::column::reads_as_units(&fold(cell.of(text))),
        _ => false,
    }
}

fn separated_rows(
    text: &str,
    lines: &[Line],
    first: usize,
    columns: &[Option<Column>],
    separator: char,
) -> (Vec<Vec<Option<Span>>>, usize) {
    let mut rows: Vec<Cells> = Vec::new();
    let mut at = first;
    let mut end = first;
    let mut blanks = 0;
    while let Some(line) = lines.get(at) {
        let raw = line.span.of(text);
        let printed = line.inner.of(text);
        at += 1;
        if printed.is_empty() && !raw.contains(separator) {
            blanks += 1;
            continue;
        }
        if is_rule(printed) {
            continue;
        }
        let bars = raw.contains(separator);
        if bars {
            let cells = split_cells(text, line.span, separator);
            let open = rows.last().is_some_and(|r| {
                r.len() < columns.len() && !r.is_empty() && r.len() + cells.len() - 1 <= columns.len()
            });
            let own_number = cells
                .first()
                .is_some_and(|c| is_number(&fold(c.of(text))) || c.of(text).is_empty());
            match rows.last_mut() {
                Some(row) if open && !own_number && separator == '\t' => {
                    if let (Some(last), Some(head)) = (row.last_mut(), cells.first()) {
                        *last = last.cover(*head);
                    }
                    row.extend(&cells[1..]);
                }
                _ => rows.push(cells),
            }
            end = at;
        } else {
            let open = rows.last().is_some_and(|r| r.len() < columns.len());
            let heading = crate::marker::marker(&fold(&printed.chars().take(20).collect::<String>()))
                .is_some_and(|m| m.style <= crate::marker::MarkerStyle::HanBracket)
                && printed.chars().count() < 40;
            if heading && !open && lines.get(at).is_some_and(|l| l.span.of(text).contains(separator)) {
                rows.push(vec![line.inner]);
            } else if let Some(cell) = rows.last_mut().and_then(|r| r.last_mut()).filter(|_| {
                open && separator == '\t'
                    || blanks == 0 && lines.get(at).is_some_and(|l| l.span.of(text).contains(separator))
            }) {
                *cell = cell.cover(line.inner);
            } else {
                break;
            }
            end = at;
        }
        blanks = 0;
    }
    let rows = rows.into_iter().map(|row| lay(text, row, columns)).collect();
    (rows, end)
}

/// Rows whose cells stand between spaces: a row begins with its number.
fn spaced_rows(
    text: &str,
    lines: &[Line],
    first: usize,
    columns: &[Option<Column>],
) -> (Vec<Vec<Option<Span>>>, usize) {
    const GAP: usize = 4;
    let mut rows = Vec::new();
    let mut end = first;
    for (index, line) in lines.iter().enumerate().skip(first) {
        let printed = line.inner.of(text);
        if printed.is_empty() {
            continue;
        }
        if index > end + GAP {
            break;
        }
        let cells = words(text, line.inner);
        let numbered = cells.first().is_some_and(|c| is_number(&fold(c.of(text))));
        if numbered && cells.len() >= 3.min(columns.len()) {
            rows.push(lay(text, cells, columns));
            end = index + 1;
        } else if cells.len() == 1 && crate::marker::marker(&fold(printed)).is_some() && printed.chars().count() <= 40 {
            rows.push(vec![Some(line.inner)]);
            end = index + 1;
        }
    }
    (rows, end)
}

/// |---|---|
fn is_rule(printed: &str) -> bool {
    printed.len() >= 3 && printed.chars().all(|c| "|-—:+=─│┼├┤ ".contains(c))
}

/// Lays a row's cells into the columns: one by one where all are there, else by what fits best, in order.
fn lay(text: &str, cells: Cells, columns: &[Option<Column>]) -> Vec<Option<Span>> {
    let width = columns.len();
    if cells.len() == width {
        return cells.into_iter().map(Some).collect();
    }
    // One cell alone is a heading across the table.
    if cells.len() == 1 {
        return vec![Some(cells[0])];
    }
    // Empty cells at the end of a row are lost with the line's end.
    let is_numbered = cells.first().is_some_and(|c| is_number(&fold(c.of(text))));
    if cells.len() < width && is_numbered && matches!(columns[0], Some(Column::Number)) {
        let folded: Vec<String> = cells.iter().map(|c| fold(c.of(text))).collect();
        let straight: i32 = folded.iter().zip(columns).map(|(c, k)| fit(c, *k)).sum();
        if folded.iter().zip(columns).all(|(c, k)| fit(c, *k) >= 0) && straight > 0 {
            let mut row: Vec<Option<Span>> = cells.into_iter().map(Some).collect();
            row.resize(width, None);
            return row;
        }
    }
    lay_lines(text, &cells, columns, false).0
}

/// The best assignment of pieces to columns that keeps their order; a column may take several pieces that follow one
/// another. With `may_end`, pieces at the end may belong to no column. Gives the row and how many pieces it used.
fn lay_lines(text: &str, cells: &[Span], columns: &[Option<Column>], may_end: bool) -> (Vec<Option<Span>>, usize) {
    let (n, m) = (cells.len(), columns.len());
    let folded: Vec<String> = cells.iter().map(|c| fold(c.of(text))).collect();
    const NEVER: i32 = i32::MIN / 4;
    // best[i][j]: the first i pieces lie in the first j columns.
    let mut best = vec![vec![NEVER; m + 1]; n + 1];
    let mut from = vec![vec![0usize; m + 1]; n + 1];
    best[0][0] = 0;
    for j in 1..=m {
        for i in 0..=n {
            let lowest = i.saturating_sub(if matches!(columns[j - 1], Some(Column::Content | Column::Units(_))) {
                40
            } else {
                4
            });
            for k in lowest..=i {
                if best[k][j - 1] == NEVER {
                    continue;
                }
                let pieces = &folded[k..i];
                let score = best[k][j - 1] + score_of(pieces, columns[j - 1]);
                if score > best[i][j] {
                    best[i][j] = score;
                    from[i][j] = k;
                }
            }
        }
    }
    let used = if may_end {
        (1..=n).max_by_key(|i| (best[*i][m], *i)).unwrap_or(n)
    } else {
        n
    };
    let mut row = vec![None; m];
    let mut i = used;
    for j in (1..=m).rev() {
        let k = from[i][j];
        if k < i {
            row[j - 1] = Some(cells[k].cover(cells[i - 1]));
        }
        i = k;
    }
    (row, used)
}

fn score_of(pieces: &[String], column: Option<Column>) -> i32 {
    match pieces {
        [] => fit("", column),
        [one] => fit(one, column),
        many => {
            let extra = i32::try_from(many.len() - 1).unwrap_or(0);
            match column {
                Some(Column::Content) => many.iter().map(|p| fit(p, column)).sum::<i32>() - extra,
                Some(Column::Number) => -20,
                _ => fit(&many.concat(), column) - extra,
            }
        }
    }
}

fn build(header: &Header, rows: Vec<Vec<Option<Span>>>) -> FlatTable {
    let width = header.columns.len();
    let head = Row {
        span: header.cells.iter().copied().reduce(Span::cover).unwrap_or_default(),
        cells: header
            .cells
            .iter()
            .enumerate()
            .map(|(column, span)| Cell {
                span: *span,
                column,
                columns: 1,
                continues: false,
            })
            .collect(),
        number: None,
    };
    let mut all = vec![head];
    for row in rows {
        let Some(span) = row.iter().flatten().copied().reduce(Span::cover) else {
            continue;
        };
        let cells = if row.len() == 1 && width > 1 {
            vec![Cell {
                span,
                column: 0,
                columns: width,
                continues: false,
            }]
        } else {
            row.into_iter()
                .enumerate()
                .map(|(column, cell)| Cell {
                    span: cell.unwrap_or(Span::new(span.end, span.end)),
                    column,
                    columns: 1,
                    continues: false,
                })
                .collect()
        };
        all.push(Row {
            span,
            cells,
            number: None,
        });
    }
    let span = all.iter().map(|r| r.span).reduce(Span::cover).unwrap_or_default();
    FlatTable {
        table: Table { span, rows: all },
    }
}
