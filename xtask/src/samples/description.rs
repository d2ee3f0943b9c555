//! What a generated sample says, before any format: blocks, numbering and tables.
//!
//! Every format is written from the same description, so that the same document as docx, html, PDF, OFD and xlsx
//! carries the same tasks.

/// A document of our own writing.
pub(super) struct Document {
    /// Its blocks, in reading order.
    pub(super) blocks: &'static [Block],
    /// True for a wide table that is printed on landscape pages.
    pub(super) landscape: bool,
}

/// A paragraph of some kind, or a table.
pub(super) enum Block {
    /// The title, centred; a line feed is where the typist broke it.
    Title(&'static str),
    /// 发文字号, centred above the title.
    Number(&'static str),
    /// A line without indent: 主送机关, 附件.
    Flush(&'static str),
    /// A paragraph, indented by two characters.
    Text(&'static str),
    /// An item that the word processor numbers: level 0 is 一、, level 1 is （一）, level 2 is 1.
    Item(usize, &'static str),
    /// A line that begins with a bold label, as 责任单位：.
    Label(&'static str, &'static str),
    /// The issuing unit or the date, to the right.
    Signed(&'static str),
    /// A table.
    Table(&'static Table),
}

/// A table with one header row.
pub(super) struct Table {
    /// Header and width of each column; the widths are shares of 1000.
    pub(super) columns: &'static [(&'static str, usize)],
    /// The rows below the header.
    pub(super) rows: &'static [Row],
}

/// A row of a table.
pub(super) enum Row {
    /// One cell across all columns.
    Heading(&'static str),
    /// One cell for each column; [`ABOVE`] carries on the cell above.
    Cells([&'static str; 6]),
}

/// Marks a cell that is merged with the one above it.
pub(super) const ABOVE: &str = "^";

/// One cell as a format has to draw it; the cells a merged one swallows are not there.
pub(super) struct Cell {
    /// Its text; a line feed is a line break inside the cell.
    pub(super) text: &'static str,
    /// The first column it covers, from 0.
    pub(super) column: usize,
    /// How many columns it covers.
    pub(super) columns: usize,
    /// How many rows it covers, its own included.
    pub(super) rows: usize,
}

impl Table {
    /// The cells that begin in each row, the header row first.
    pub(super) fn grid(&self) -> Vec<Vec<Cell>> {
        let header = self.columns.iter().enumerate();
        let header = header
            .map(|(column, &(text, _))| Cell {
                text,
                column,
                columns: 1,
                rows: 1,
            })
            .collect();
        let mut grid: Vec<Vec<Cell>> = vec![header];
        for row in self.rows {
            let cells = match row {
                Row::Heading(text) => vec![Cell {
                    text,
                    column: 0,
                    columns: self.columns.len(),
                    rows: 1,
                }],
                Row::Cells(texts) => self.begun(texts, &mut grid),
            };
            grid.push(cells);
        }
        grid
    }

    /// The cells that begin in a row; those it carries on grow by one row where they began.
    fn begun(&self, texts: &[&'static str], grid: &mut [Vec<Cell>]) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (column, &text) in texts.iter().enumerate() {
            if text == ABOVE {
                let above = grid
                    .iter_mut()
                    .rev()
                    .find_map(|row| row.iter_mut().find(|cell| cell.column == column));
                if let Some(cell) = above {
                    cell.rows += 1;
                }
            } else {
                cells.push(Cell {
                    text,
                    column,
                    columns: 1,
                    rows: 1,
                });
            }
        }
        cells
    }
}

/// Counts the items of a document as its word processor does: level 1 begins anew under each level 0, level 2 runs on
/// through the whole document.
#[derive(Default)]
pub(super) struct Numbering {
    counts: [usize; 3],
}

impl Numbering {
    /// The number printed before the next item of that level.
    pub(super) fn next(&mut self, level: usize) -> String {
        self.counts[level] += 1;
        if level == 0 {
            self.counts[1] = 0;
        }
        match level {
            0 => format!("{}、", chinese(self.counts[0])),
            1 => format!("（{}）", chinese(self.counts[1])),
            _ => format!("{}.", self.counts[2]),
        }
    }
}

/// 1 to 99 as Chinese numerals.
fn chinese(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let tens = match number / 10 {
        0 => String::new(),
        1 => "十".to_owned(),
        tens => format!("{}十", DIGITS[tens % 10]),
    };
    tens + DIGITS[number % 10]
}

/// Text as it stands in XML: `&`, `<`, `>` and `"` escaped.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_pass_ten_and_twenty() {
        let cases = [
            (1, "一"),
            (9, "九"),
            (10, "十"),
            (11, "十一"),
            (20, "二十"),
            (21, "二十一"),
            (99, "九十九"),
        ];
        for (number, text) in cases {
            assert_eq!(chinese(number), text);
        }
    }

    #[test]
    fn the_third_level_runs_on_and_the_second_begins_anew() {
        let mut numbering = Numbering::default();
        let printed: Vec<String> = [0, 1, 2, 2, 0, 1, 2].map(|level| numbering.next(level)).to_vec();
        assert_eq!(printed, ["一、", "（一）", "1.", "2.", "二、", "（一）", "3."]);
    }
}
