//! Tables without ruled lines: rows of words that stand in the same columns.
//!
//! Only what cannot well be anything else is taken: at least three lines that each have at least three parts, with
//! free stripes between the columns from top to bottom.

#![expect(
    clippy::float_arithmetic,
    reason = "places on a page are measured; nothing here is money or a rate"
)]

use super::lines::{Line, text_in_column};
use super::ruled::{Cell, Table};

const MIN_COLUMNS: usize = 3;
const MIN_ROWS: usize = 3;

/// A line of text, or a table that lines form.
pub(super) enum Item {
    Line(Line),
    Table(Table),
}

/// Finds tables among lines that follow one another.
pub(super) fn find_tables(lines: Vec<Line>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut rest = lines.into_iter().peekable();
    let mut run: Vec<Line> = Vec::new();
    while let Some(line) = rest.next() {
        // A line with fewer parts may carry on the cells of the row above it.
        if line.segments.len() >= MIN_COLUMNS || (!run.is_empty() && follows(&run[run.len() - 1], &line)) {
            run.push(line);
            if rest.peek().is_some() {
                continue;
            }
        } else {
            close(&mut run, &mut items);
            items.push(Item::Line(line));
            continue;
        }
        close(&mut run, &mut items);
    }
    close(&mut run, &mut items);
    items
}

fn follows(above: &Line, line: &Line) -> bool {
    line.y - above.y < 2.5 * above.size.max(line.size)
}

/// Ends a run of lines: what of it is a table becomes one.
fn close(run: &mut Vec<Line>, items: &mut Vec<Item>) {
    let lines = std::mem::take(run);
    let last = lines.iter().rposition(|line| line.segments.len() >= MIN_COLUMNS);
    let Some(last) = last else {
        items.extend(lines.into_iter().map(Item::Line));
        return;
    };
    let columns = columns_of(&lines);
    let full = lines.iter().filter(|line| line.segments.len() >= MIN_COLUMNS).count();
    if full < MIN_ROWS || columns.len() < MIN_COLUMNS {
        items.extend(lines.into_iter().map(Item::Line));
        return;
    }
    // Lines behind the last full one belong to it while they stay within single columns.
    let mut end = last + 1;
    while lines.get(end).is_some_and(|line| {
        line.segments
            .iter()
            .all(|s| column_at(&columns, s.left, s.right).is_some())
            && line.segments[0].left > columns[0].1
    }) {
        end += 1;
    }
    let mut lines = lines;
    let after = lines.split_off(end);
    items.push(Item::Table(table_of(&lines, &columns)));
    items.extend(after.into_iter().map(Item::Line));
}

/// The stripes that the parts of full lines cover, left to right.
fn columns_of(lines: &[Line]) -> Vec<(f64, f64)> {
    let mut spans: Vec<(f64, f64)> = lines
        .iter()
        .filter(|line| line.segments.len() >= MIN_COLUMNS)
        .flat_map(|line| line.segments.iter().map(|segment| (segment.left, segment.right)))
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut columns: Vec<(f64, f64)> = Vec::new();
    for span in spans {
        match columns.last_mut() {
            Some(column) if span.0 <= column.1 => column.1 = column.1.max(span.1),
            _ => columns.push(span),
        }
    }
    columns
}

/// The one column that a part lies in; none where it reaches over several.
fn column_at(columns: &[(f64, f64)], left: f64, right: f64) -> Option<usize> {
    let mut hit = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| left <= column.1 && right >= column.0)
        .map(|(at, _)| at);
    let first = hit.next();
    if hit.next().is_some() {
        return None;
    }
    // Text between two columns belongs to the nearer one.
    first.or_else(|| {
        let distance = |column: &(f64, f64)| (column.0 - right).max(left - column.1);
        columns
            .iter()
            .enumerate()
            .min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))
            .map(|(at, _)| at)
    })
}

fn table_of(lines: &[Line], columns: &[(f64, f64)]) -> Table {
    let mut edges: Vec<f64> = vec![columns[0].0];
    edges.extend(columns.windows(2).map(|pair| f64::midpoint(pair[0].1, pair[1].0)));
    edges.push(columns[columns.len() - 1].1);
    let mut rows: Vec<Vec<Vec<Line>>> = Vec::new();
    let mut spanning: Vec<Option<String>> = Vec::new();
    for line in lines {
        let places: Vec<Option<usize>> = line
            .segments
            .iter()
            .map(|s| column_at(columns, s.left, s.right))
            .collect();
        if places.contains(&None) {
            rows.push(Vec::new());
            spanning.push(Some(line.text.clone()));
            continue;
        }
        let carries_on = places.first() != Some(&Some(0)) && spanning.last().is_some_and(Option::is_none);
        if !carries_on {
            rows.push(vec![Vec::new(); columns.len()]);
            spanning.push(None);
        }
        let Some(row) = rows.last_mut() else { continue };
        for (segment, place) in line.segments.iter().zip(places.into_iter().flatten()) {
            let part = Line {
                left: segment.left,
                right: segment.right,
                text: segment.text.clone(),
                segments: Vec::new(),
                ..line.clone()
            };
            row[place].push(part);
        }
    }
    let rows = rows.into_iter().zip(spanning).map(|(row, spanning)| match spanning {
        Some(text) => vec![Cell {
            first: 0,
            end: columns.len(),
            continues: false,
            text,
            spare: 0.0,
            first_piece: 1.0,
        }],
        None => row
            .iter()
            .enumerate()
            .map(|(at, parts)| {
                let text = text_in_column(parts, columns[at].1 - columns[at].0);
                Cell {
                    first: at,
                    end: at + 1,
                    continues: false,
                    text,
                    spare: 0.0,
                    first_piece: 1.0,
                }
            })
            .collect(),
    });
    let top = lines.first().map_or(0.0, |line| line.y - line.size);
    Table {
        top,
        edges,
        rows: rows.collect(),
        open_top: false,
        open_bottom: false,
    }
}
