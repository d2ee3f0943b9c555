//! A document as lines that a test can compare: paragraphs as they are, tables as `| cell | cell |`.
#![expect(clippy::panic, reason = "a file that is not read as the test needs ends the test")]

use document::Source;
use document::source::Block;

/// One line a paragraph, one a table row. `^` marks the lower part of a merged cell, `@2+3` a cell that does not
/// simply follow the one before (its column and width). Line feeds in cells are shown as `⏎`.
pub(crate) fn lines(source: &Source) -> Vec<String> {
    let mut lines = Vec::new();
    for block in &source.blocks {
        match block {
            Block::Paragraph(paragraph) => lines.push(paragraph.span.of(&source.text).to_owned()),
            Block::Table(table) => {
                for row in &table.rows {
                    let mut line = String::from("|");
                    let mut next = 0;
                    for cell in &row.cells {
                        line.push(' ');
                        line.push_str(&cell.span.of(&source.text).replace('\n', "⏎"));
                        if cell.continues {
                            line.push('^');
                        }
                        if cell.column != next || cell.columns != 1 {
                            line.push_str(&format!("@{}+{}", cell.column, cell.columns));
                        }
                        next = cell.column + cell.columns;
                        line.push_str(" |");
                    }
                    lines.push(line);
                }
            }
        }
    }
    lines
}

/// Reads a file that must be readable.
pub(crate) fn read(bytes: &[u8]) -> Source {
    document::read(bytes).unwrap_or_else(|error| panic!("{error}"))
}

/// Its lines.
pub(crate) fn read_lines(bytes: &[u8]) -> Vec<String> {
    lines(&read(bytes))
}

/// What is wrong with a file that must not be readable.
pub(crate) fn refusal(bytes: &[u8]) -> String {
    match document::read(bytes) {
        Ok(source) => panic!("read as {:?}", lines(&source)),
        Err(error) => error.to_string(),
    }
}
