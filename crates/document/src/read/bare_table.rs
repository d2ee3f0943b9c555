//! Tables whose cells became bare lines: nothing marks where a cell or a row begins.
//!
//! Each line is laid into the column it fits best, in one pass over the lines that weighs all ways to lay them
//! (Viterbi): going right within a row, on in the same cell, or back to the left, which begins a row. Lines behind the
//! table fit nowhere; the pass ends once it has been outside for a while.

use super::flat_table::Line;
use crate::column::{Column, fit};
use crate::fold::fold;
use crate::model::Span;

/// How many lines outside end the table.
const OUTSIDE_LINES: usize = 40;
/// A table laid in one pass has no more lines than this; longer ones go on as a table without a header.
const MAX_LINES: usize = 20_000;
const NEVER: i32 = i32::MIN / 4;

/// How a line was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Step {
    /// The state before: a column, or the number of columns for outside.
    from: usize,
    /// A new row begins here.
    new_row: bool,
}

/// Lays the lines from `first` on into rows. Gives the rows and the first line behind the table.
pub(super) fn bare_rows(
    text: &str,
    lines: &[Line],
    first: usize,
    columns: &[Option<Column>],
    header: &[Span],
) -> (Vec<Vec<Option<Span>>>, usize) {
    let width = columns.len();
    let outside = width;
    let empty = losses(columns);
    let mut taken: Vec<(usize, Span)> = Vec::new();
    let mut steps: Vec<Vec<Step>> = Vec::new();
    let mut best: Vec<i32> = Vec::new();
    let mut outside_since = 0usize;
    let header: Vec<String> = header
        .iter()
        .map(|c| fold(c.of(text)))
        .filter(|c| !c.is_empty())
        .collect();
    let mut behind_header = first;
    for (index, line) in lines.iter().enumerate().skip(first) {
        if index < behind_header {
            continue;
        }
        let printed = line
            .inner
            .of(text)
            .trim_end_matches(['|', '｜', ' ', '\t'])
            .trim_start_matches(['|', '｜', ' ']);
        if printed.is_empty() {
            continue;
        }
        let offset = line.inner.of(text).find(printed).unwrap_or(0);
        let span = Span::new(line.inner.start + offset, line.inner.start + offset + printed.len());
        let folded = fold(printed);
        let again = (header.first() == Some(&folded))
            .then(|| repeated_header(text, lines, index, &header))
            .flatten();
        if let Some(end) = again {
            behind_header = end;
            continue;
        }
        let (next, step) = advance(&best, columns, &empty, &folded);
        best = next;
        steps.push(step);
        taken.push((index, span));
        let leader = (0..=width).max_by_key(|s| best[*s]).unwrap_or(outside);
        outside_since = if leader == outside { outside_since + 1 } else { 0 };
        if outside_since > OUTSIDE_LINES || taken.len() >= MAX_LINES {
            break;
        }
    }
    let Some(last) = (0..=width).max_by_key(|s| {
        best.get(*s)
            .map_or(NEVER, |b| b + if *s == outside { 0 } else { rest_of_row(&empty, *s) })
    }) else {
        return (Vec::new(), first);
    };
    collect(&taken, &steps, last, width, first)
}

/// Where the header, printed again on a new page, ends; none where these lines are no header.
fn repeated_header(text: &str, lines: &[Line], from: usize, header: &[String]) -> Option<usize> {
    let mut expected = header.iter();
    let mut wanted = expected.next();
    for (index, line) in lines.iter().enumerate().skip(from) {
        let printed = fold(line.inner.of(text));
        if printed.is_empty() {
            continue;
        }
        match wanted {
            Some(cell) if *cell == printed => wanted = expected.next(),
            _ => return None,
        }
        if wanted.is_none() {
            return Some(index + 1);
        }
    }
    None
}

/// What the columns right of `column` lose by being empty.
fn rest_of_row(empty: &[i32], column: usize) -> i32 {
    empty[column + 1..].iter().sum()
}

/// What each column loses by being empty in a row. Merged cells leave sections and titles empty; the measure itself
/// and its units hardly ever are.
fn losses(columns: &[Option<Column>]) -> Vec<i32> {
    let units = columns
        .iter()
        .position(|c| matches!(c, Some(Column::Units(_))))
        .unwrap_or(columns.len());
    let measure = columns[..units]
        .iter()
        .rposition(|c| matches!(c, Some(Column::Content | Column::Title)))
        .or_else(|| columns.iter().position(|c| matches!(c, Some(Column::Content))));
    columns
        .iter()
        .enumerate()
        .map(|(index, column)| match column {
            _ if Some(index) == measure => -8,
            Some(Column::Units(_)) if index == units => -6,
            Some(Column::Units(_)) => -3,
            Some(Column::Number | Column::Deadline) => -2,
            _ => 0,
        })
        .collect()
}

fn advance(best: &[i32], columns: &[Option<Column>], empty: &[i32], line: &str) -> (Vec<i32>, Vec<Step>) {
    let width = columns.len();
    let outside = width;
    let mut next = vec![NEVER; width + 1];
    let mut steps = vec![
        Step {
            from: outside,
            new_row: false
        };
        width + 1
    ];
    let mut consider = |to: usize, score: i32, from: usize, new_row: bool| {
        if score > next[to] {
            next[to] = score;
            steps[to] = Step { from, new_row };
        }
    };
    let gains: Vec<i32> = columns.iter().map(|c| fit(line, *c)).collect();
    // What the columns before each one lose by being empty.
    let before: Vec<i32> = (0..width).map(|j| empty[..j].iter().sum()).collect();
    if best.is_empty() {
        for j in 0..width {
            consider(j, before[j] + gains[j], j, true);
        }
        return (next, steps);
    }
    consider(outside, best[outside], outside, false);
    for from in 0..width {
        if best[from] <= NEVER {
            continue;
        }
        let closed = best[from] + rest_of_row(empty, from);
        consider(outside, closed, from, false);
        for to in 0..width {
            if to > from {
                let skipped: i32 = empty[from + 1..to].iter().sum();
                consider(to, best[from] + skipped + gains[to], from, false);
            }
            if to == from {
                consider(to, best[from] + carry_on(columns[to], gains[to]), from, false);
            }
            if to <= from {
                consider(to, closed + before[to] + gains[to], from, true);
            }
        }
    }
    (next, steps)
}

/// A further line of the same cell: units may follow units, text may follow text, a number follows nothing.
fn carry_on(column: Option<Column>, gain: i32) -> i32 {
    match column {
        Some(Column::Units(_)) => gain - 1,
        Some(Column::Number) => -30,
        Some(Column::Content) => gain.min(0) - 1,
        Some(Column::Deadline) => gain.min(0) - 2,
        _ => gain.min(0) - 3,
    }
}

fn collect(
    taken: &[(usize, Span)],
    steps: &[Vec<Step>],
    last: usize,
    width: usize,
    first: usize,
) -> (Vec<Vec<Option<Span>>>, usize) {
    let mut state = last;
    let mut laid: Vec<(usize, usize, bool)> = Vec::new();
    for at in (0..taken.len()).rev() {
        let step = steps[at][state];
        if state < width {
            laid.push((at, state, step.new_row || at == 0));
        }
        state = step.from;
    }
    laid.reverse();
    let mut rows: Vec<Vec<Option<Span>>> = Vec::new();
    for (at, column, new_row) in &laid {
        if *new_row || rows.is_empty() {
            rows.push(vec![None; width]);
        }
        if let Some(row) = rows.last_mut() {
            let span = taken[*at].1;
            row[*column] = Some(row[*column].map_or(span, |s| s.cover(span)));
        }
    }
    // A row of one cell is a heading across the table.
    let rows = rows
        .into_iter()
        .map(|row| {
            if row.iter().flatten().count() == 1 {
                vec![row.into_iter().flatten().next()]
            } else {
                row
            }
        })
        .collect();
    (rows, laid.last().map_or(first, |(at, _, _)| taken[*at].0 + 1))
}
