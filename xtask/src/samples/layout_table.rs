//! A table laid out on pages: cells between ruled lines, the header again on each page, rows never cut.

use std::collections::BTreeSet;

use super::description::{Cell, Table};
use super::layout::{Layout, Line, MARGIN_SIDE, Rule, baseline, width, wrap};

/// Type in the cells, what a line of it takes, and the space around it.
const SIZE: usize = 105;
const LEADING: usize = 150;
const PADDING: usize = 40;

/// What is known of a table before its rows are put on pages.
struct Plan {
    /// The cells that begin in each row.
    grid: Vec<Vec<Cell>>,
    /// Left edges of the columns, and the right edge of the last.
    edges: Vec<usize>,
    /// Height of each row.
    heights: Vec<usize>,
}

/// Puts a table on the page being filled and as many more as it takes.
pub(super) fn place(layout: &mut Layout, table: &Table) {
    let plan = plan(table, layout.text_width());
    let mut first = 0;
    while first < plan.heights.len() {
        let header = if first == 0 { 0 } else { plan.heights[0] };
        let mut room = layout.room().saturating_sub(header);
        let mut end = first;
        while end < plan.heights.len() && plan.heights[end] <= room {
            room -= plan.heights[end];
            end += 1;
        }
        if end == first {
            layout.turn();
            continue;
        }
        if header > 0 {
            draw(layout, &plan, 0, 1);
        }
        draw(layout, &plan, first, end);
        first = end;
        if first < plan.heights.len() {
            layout.turn();
        }
    }
    layout.y += LEADING / 2;
}

fn plan(table: &Table, text_width: usize) -> Plan {
    let mut edges = vec![MARGIN_SIDE];
    for (_, share) in table.columns {
        edges.push(edges[edges.len() - 1] + text_width * share / 1000);
    }
    let grid = table.grid();
    let mut heights = vec![LEADING + 2 * PADDING; grid.len()];
    for (row, cells) in grid.iter().enumerate() {
        for cell in cells {
            let needed = lines(cell, &edges).len() * LEADING + 2 * PADDING;
            let last = row + cell.rows - 1;
            let others: usize = heights[row..last].iter().sum();
            heights[last] = heights[last].max(needed.saturating_sub(others));
        }
    }
    Plan { grid, edges, heights }
}

/// The lines of a cell.
fn lines(cell: &Cell, edges: &[usize]) -> Vec<String> {
    let limit = edges[cell.column + cell.columns] - edges[cell.column] - 2 * PADDING;
    cell.text
        .split('\n')
        .flat_map(|line| wrap(line, SIZE, 0, limit))
        .collect()
}

/// Draws the rows from `first` up to `end` where the page has got to.
fn draw(layout: &mut Layout, plan: &Plan, first: usize, end: usize) {
    let mut tops = vec![layout.y];
    for height in &plan.heights[first..end] {
        tops.push(tops[tops.len() - 1] + height);
    }
    let mut rules = BTreeSet::new();
    for (row, cells) in plan.grid.iter().enumerate().take(end) {
        for cell in cells.iter().filter(|cell| row + cell.rows > first) {
            let (top, bottom) = (
                tops[row.saturating_sub(first)],
                tops[(row + cell.rows).min(end) - first],
            );
            let (left, right) = (plan.edges[cell.column], plan.edges[cell.column + cell.columns]);
            rules.insert(Rule {
                from: (left, top),
                to: (right, top),
            });
            rules.insert(Rule {
                from: (left, bottom),
                to: (right, bottom),
            });
            rules.insert(Rule {
                from: (left, top),
                to: (left, bottom),
            });
            rules.insert(Rule {
                from: (right, top),
                to: (right, bottom),
            });
            // What a page break cuts off a merged cell is left empty.
            if row >= first {
                write(layout, cell, &lines(cell, &plan.edges), (left, right), (top, bottom));
            }
        }
    }
    layout.y = tops[tops.len() - 1];
    layout.page().rules.extend(rules);
}

/// Writes a cell's lines in its middle; narrow columns are centred, wide ones begin at the left.
fn write(layout: &mut Layout, cell: &Cell, texts: &[String], across: (usize, usize), down: (usize, usize)) {
    const NARROW: usize = 1000;
    let mut top = down.0 + (down.1 - down.0).saturating_sub(texts.len() * LEADING) / 2;
    for text in texts.iter().filter(|text| !text.is_empty()) {
        let spare = (across.1 - across.0).saturating_sub(width(text, SIZE));
        let offset = if cell.columns == 1 && across.1 - across.0 < NARROW {
            spare / 2
        } else {
            PADDING
        };
        let y = top + baseline(LEADING, SIZE);
        layout.page().lines.push(Line {
            x: across.0 + offset,
            y,
            size: SIZE,
            text: text.clone(),
        });
        top += LEADING;
    }
}
