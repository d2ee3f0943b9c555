//! A list of whom something concerns, as offices print it: a title, lines on what it is, a table, lines at its foot.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet, XlsxError,
};

use crate::sheet_name::SheetNames;
use crate::wrap::{Ambiguous, width as text_width, wrap};

/// A workbook of one or several lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// The title in the file's properties.
    pub title: String,
    /// Its sheets, left to right.
    pub sheets: Vec<Sheet>,
}

/// One list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the sheet.
    pub name: String,
    /// The heading.
    pub title: String,
    /// Lines below the heading.
    pub notes: Vec<String>,
    /// Headers of the columns.
    pub headers: Vec<String>,
    /// Rows of cells.
    pub rows: Vec<Vec<Cell>>,
    /// Lines below the table.
    pub foot: Vec<String>,
    /// True where the first column names the row: it stays in sight.
    pub names_rows: bool,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words; a spreadsheet never turns them into a number, a date or a formula.
    Text(String),
    /// A whole number.
    Count(i64),
    /// Money in fen, shown in yuan.
    Fen(i64),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// Why no workbook came out; printed in Chinese.
#[derive(Debug, thiserror::Error)]
#[error("生成 Excel 文件失败（{0}）")]
pub struct RosterError(#[from] XlsxError);

/// Most rows of a list on one sheet: what a sheet holds, less heading and foot. A longer list goes on on another.
const MAX_ROWS: usize = 1_048_000;
/// Most UTF-16 units that Excel keeps in a cell.
const MAX_CELL_UNITS: usize = 32_767;
/// Narrowest and widest column, in characters.
const WIDTHS: (usize, usize) = (6, 48);
/// Height of a line of text in points, and most lines that a row is made high for.
const LINE_POINTS: u16 = 15;
/// See [`LINE_POINTS`].
const MOST_LINES: usize = 20;
/// Rows that are looked at for a column's width.
const LOOKED_AT: usize = 200;
/// Heights of a line of the heading and of a note, and what a row keeps free, in points.
const TITLE_POINTS: u32 = 22;
const NOTE_POINTS: u32 = 15;
const EDGE_POINTS: u32 = 4;

/// The workbook as the bytes of an xlsx file; the same lists give the same bytes.
///
/// # Errors
/// [`RosterError`] where something does not fit into a workbook.
pub fn workbook(roster: &Roster) -> Result<Vec<u8>, RosterError> {
    workbook_of(roster, MAX_ROWS)
}

fn workbook_of(roster: &Roster, most: usize) -> Result<Vec<u8>, RosterError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2020, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&roster.title)
            .set_creation_datetime(&created),
    );
    add(&mut workbook, &roster.sheets, &mut SheetNames::default(), most)?;
    Ok(workbook.save_to_buffer()?)
}

/// Adds lists to a workbook that also holds something else.
pub(crate) fn add_sheets(workbook: &mut Workbook, sheets: &[Sheet], names: &mut SheetNames) -> Result<(), XlsxError> {
    add(workbook, sheets, names, MAX_ROWS)
}

fn add(workbook: &mut Workbook, sheets: &[Sheet], names: &mut SheetNames, most: usize) -> Result<(), XlsxError> {
    let style = Style::new();
    for sheet in sheets {
        let mut rest = sheet.rows.as_slice();
        loop {
            let (rows, after) = rest.split_at(rest.len().min(most));
            write(workbook.add_worksheet(), sheet, rows, names, &style)?;
            rest = after;
            if rest.is_empty() {
                break;
            }
        }
    }
    Ok(())
}

struct Style {
    title: Format,
    note: Format,
    header: Format,
    text: Format,
    count: Format,
    money: Format,
}

impl Style {
    fn new() -> Self {
        let body = || Format::new().set_font_name("宋体").set_font_size(10.5);
        let cell = || {
            body()
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter)
        };
        Self {
            title: body()
                .set_font_name("黑体")
                .set_font_size(16)
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter),
            note: body().set_text_wrap().set_align(FormatAlign::VerticalCenter),
            header: cell()
                .set_font_name("黑体")
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_background_color(Color::RGB(0x00DD_EBF7)),
            text: cell().set_text_wrap(),
            count: cell().set_num_format("#,##0"),
            money: cell().set_num_format("#,##0.00"),
        }
    }
}

fn write(
    out: &mut Worksheet,
    sheet: &Sheet,
    rows: &[Vec<Cell>],
    names: &mut SheetNames,
    style: &Style,
) -> Result<(), XlsxError> {
    out.set_name(names.name(&sheet.name))?;
    const A4: u8 = 9;
    out.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    out.set_footer("&C&\"宋体\"&9第 &P 页　共 &N 页");
    let last = u16::try_from(sheet.headers.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let widths: Vec<usize> = (0..sheet.headers.len())
        .map(|index| column_width(sheet, index))
        .collect();
    let whole: usize = widths.iter().sum();
    let mut row = 0_u32;
    // Merged cells do not grow by themselves: each line is as high as its text needs over the whole table.
    let line = |out: &mut Worksheet, row: &mut u32, text: &str, (format, characters, points): (&Format, usize, u32)| {
        let text = clean(text);
        let lines = wrap(&text, characters.max(1), Ambiguous::Wide).len();
        out.set_row_height(*row, u32::try_from(lines).unwrap_or(1) * points + EDGE_POINTS)?;
        if last == 0 {
            out.write_string_with_format(*row, 0, text, format)?;
        } else {
            out.merge_range(*row, 0, *row, last, &text, format)?;
        }
        *row += 1;
        Ok::<(), XlsxError>(())
    };
    let note = (&style.note, whole, NOTE_POINTS);
    // The heading's 16 points against the cells' 10.5.
    line(
        out,
        &mut row,
        &sheet.title,
        (&style.title, whole * 21 / 32, TITLE_POINTS),
    )?;
    for text in &sheet.notes {
        line(out, &mut row, text, note)?;
    }
    for (index, (header, width)) in sheet.headers.iter().zip(&widths).enumerate() {
        let at = u16::try_from(index).unwrap_or(u16::MAX);
        out.set_column_width(at, u16::try_from(*width).unwrap_or(40))?;
        out.write_string_with_format(row, at, header, &style.header)?;
    }
    out.set_repeat_rows(row, row)?;
    out.set_freeze_panes(row + 1, u16::from(sheet.names_rows))?;
    let head = row;
    row += 1;
    for cells in rows {
        for (index, cell) in cells.iter().enumerate() {
            let at = u16::try_from(index).unwrap_or(u16::MAX);
            match cell {
                Cell::Text(text) if text.is_empty() => out.write_blank(row, at, &style.text)?,
                Cell::Text(text) => out.write_string_with_format(row, at, clean(text), &style.text)?,
                Cell::Count(count) => out.write_number_with_format(row, at, number(*count, 0), &style.count)?,
                Cell::Fen(fen) => out.write_number_with_format(row, at, number(*fen, 2), &style.money)?,
                Cell::Empty => out.write_blank(row, at, &style.text)?,
            };
        }
        // A spreadsheet that does not lay out wrapped cells itself would show their first line only.
        let lines = cells.iter().zip(&widths).map(|(cell, width)| cell_lines(cell, *width));
        let lines = lines.max().unwrap_or(1).clamp(1, MOST_LINES);
        if lines > 1 {
            out.set_row_height(row, u16::try_from(lines).unwrap_or(1) * LINE_POINTS)?;
        }
        row += 1;
    }
    if row > head + 1 {
        out.autofilter(head, 0, row - 1, last)?;
        out.ignore_error_range(head + 1, 0, row - 1, last, IgnoreError::NumberStoredAsText)?;
    }
    for text in &sheet.foot {
        line(out, &mut row, text, note)?;
    }
    Ok(())
}

/// The width of a column, in characters.
fn column_width(sheet: &Sheet, index: usize) -> usize {
    let header = sheet
        .headers
        .get(index)
        .map_or(0, |header| text_width(header, Ambiguous::Wide));
    let rows = sheet.rows.iter().take(LOOKED_AT).filter_map(|row| row.get(index));
    let widest = rows.map(cell_width).chain([header]).max().unwrap_or(0) + 2;
    widest.clamp(WIDTHS.0, WIDTHS.1)
}

/// A number as a spreadsheet keeps it, by way of its decimal text: no arithmetic is done in binary.
fn number(value: i64, decimals: usize) -> f64 {
    decimal(value, decimals).parse().unwrap_or_default()
}

/// A whole number of the last decimal place as a decimal: 12345 with two decimals is 123.45.
pub(crate) fn decimal(value: i64, decimals: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let sign = if value < 0 { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

/// The width of a cell's widest line, in characters.
fn cell_width(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) => text
            .lines()
            .map(|line| text_width(line, Ambiguous::Wide))
            .max()
            .unwrap_or(0),
        Cell::Count(count) => count.to_string().len() + 3,
        Cell::Fen(fen) => fen.to_string().len() + 4,
        Cell::Empty => 0,
    }
}

/// The lines a cell takes in a column so wide.
fn cell_lines(cell: &Cell, width: usize) -> usize {
    match cell {
        Cell::Text(text) => text
            .lines()
            .map(|line| text_width(line, Ambiguous::Wide).div_ceil(width).max(1))
            .sum(),
        Cell::Count(_) | Cell::Fen(_) | Cell::Empty => 1,
    }
}

/// What a cell can hold.
fn clean(text: &str) -> String {
    let mut units = 0_usize;
    text.chars()
        .filter(|&c| c == '\n' || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')))
        .take_while(|c| {
            units += c.len_utf16();
            units <= MAX_CELL_UNITS
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Reader as _, Xlsx};

    use super::*;

    #[test]
    fn a_list_longer_than_a_sheet_goes_on_on_another() {
        let sheet = Sheet {
            name: "名单".to_owned(),
            title: "名单".to_owned(),
            headers: vec!["序号".to_owned()],
            rows: (1..=5).map(|number| vec![Cell::Count(number)]).collect(),
            ..Sheet::default()
        };
        let roster = Roster {
            title: "名单".to_owned(),
            sheets: vec![sheet],
        };
        let bytes = workbook_of(&roster, 2).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let rows: Vec<(String, usize)> = book
            .worksheets()
            .iter()
            .map(|(name, range)| (name.clone(), range.height() - 2))
            .collect();
        let expected = [("名单", 2), ("名单（2）", 2), ("名单（3）", 1)];
        assert_eq!(rows, expected.map(|(name, rows)| (name.to_owned(), rows)));
    }
}
