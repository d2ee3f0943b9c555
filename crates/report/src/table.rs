//! Plain-text tables for the terminal, in which Chinese and Latin text line up.

use crate::wrap::{Ambiguous, char_width, width, wrap};

const GAP: &str = "  ";

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub title: String,
    /// Narrowest it may become, in terminal columns.
    pub min: usize,
    /// Widest it may become.
    pub max: usize,
}

impl Column {
    /// A column that is between `min` and `max` terminal columns wide.
    pub fn new(title: impl Into<String>, min: usize, max: usize) -> Self {
        Self {
            title: title.into(),
            min,
            max,
        }
    }
}

/// A table: its columns and its rows of cells. A row shorter than the header ends in empty cells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// Its columns, left to right.
    pub columns: Vec<Column>,
    /// Its rows, top to bottom; line feeds in a cell are kept.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table.
    pub fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    /// The table as text of at most `line_width` columns, each line ended by a line feed. Cells are wrapped, never
    /// cut. Where even the narrowest columns do not fit, the lines are as wide as they need.
    pub fn render(&self, line_width: usize) -> String {
        let widths = self.widths(line_width);
        let mut out = String::new();
        let titles: Vec<String> = self.columns.iter().map(|c| c.title.clone()).collect();
        push_row(&mut out, &titles, &widths);
        let rule: Vec<String> = widths.iter().map(|&w| "-".repeat(w)).collect();
        push_row(&mut out, &rule, &widths);
        for row in &self.rows {
            push_row(&mut out, row, &widths);
        }
        out
    }

    /// Every column as wide as its longest line, at most its `max`; what is too much is taken from the widest first.
    fn widths(&self, line_width: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| self.longest_line(index).clamp(column.min, column.max.max(column.min)))
            .collect();
        let gaps = GAP.len() * self.columns.len().saturating_sub(1);
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(line_width);
        while excess > 0 {
            let shrinkable = (0..widths.len()).filter(|&i| widths[i] > self.columns[i].min);
            let Some(widest) = shrinkable.max_by_key(|&i| widths[i]) else {
                break;
            };
            widths[widest] -= 1;
            excess -= 1;
        }
        widths
    }

    fn longest_line(&self, index: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(index));
        cells
            .chain(std::iter::once(&self.columns[index].title))
            .flat_map(|cell| cell.split('\n'))
            .map(|line| width(&printable(line), Ambiguous::Narrow))
            .max()
            .unwrap_or(0)
    }
}

fn push_row(out: &mut String, cells: &[String], widths: &[usize]) {
    let wrapped: Vec<Vec<String>> = widths
        .iter()
        .enumerate()
        .map(|(index, &columns)| {
            wrap(
                &printable(cells.get(index).map_or("", String::as_str)),
                columns,
                Ambiguous::Narrow,
            )
        })
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
    for line in 0..height {
        let start = out.len();
        for (index, &columns) in widths.iter().enumerate() {
            if index > 0 {
                out.push_str(GAP);
            }
            let text = wrapped[index].get(line).map_or("", String::as_str);
            out.push_str(text);
            let padding = columns.saturating_sub(width(text, Ambiguous::Narrow));
            out.extend(std::iter::repeat_n(' ', padding));
        }
        let end = out.trim_end_matches(' ').len().max(start);
        out.truncate(end);
        out.push('\n');
    }
}

/// `text` without what would move the cursor: a tab becomes a space, other control characters go (a document must not
/// be able to command the terminal that shows it).
pub fn printable(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' => Some('\n'),
            '\t' | '\u{3000}' | '\u{a0}' => Some(' '),
            c if c.is_control() || is_direction_mark(c) => None,
            c if char_width(c, Ambiguous::Narrow) == 0 && c == '\u{feff}' => None,
            c => Some(c),
        })
        .collect()
}

/// Characters that reorder the text after them.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
