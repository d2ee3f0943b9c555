//! A list of whom something concerns, as offices print it: a title, lines on what it is, a table, lines at its foot.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
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
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
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

/// Most rows of a list: what a sheet holds, less heading and foot.
pub const MAX_ROWS: usize = 1_048_000;
/// Narrowest and widest column, in characters.
const WIDTHS: (usize, usize) = (6, 34);
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
/// The writer's, where something does not fit into a workbook.
pub fn workbook(roster: &Roster) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2020, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&roster.title)
            .set_creation_datetime(&created),
    );
    let style = Style::new();
    let mut names = SheetNames::default();
    for sheet in &roster.sheets {
        write(workbook.add_worksheet(), sheet, &mut names, &style)?;
    }
    workbook.save_to_buffer()
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
                .set_align(FormatAlign::Center),
            text: cell().set_text_wrap(),
            count: cell().set_num_format("#,##0"),
            money: cell().set_num_format("#,##0.00"),
        }
    }
}

fn write(out: &mut Worksheet, sheet: &Sheet, names: &mut SheetNames, style: &Style) -> Result<(), XlsxError> {
    out.set_name(names.name(&sheet.name))?;
    out.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    let last = u16::try_from(sheet.headers.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let widths: Vec<usize> = (0..sheet.headers.len())
        .map(|index| column_width(sheet, index))
        .collect();
    let whole: usize = widths.iter().sum();
    let mut row = 0_u32;
    // Merged cells do not grow by themselves: each line is as high as its text needs over the whole table.
    let line = |out: &mut Worksheet, row: &mut u32, text: &str, (format, characters, points): (&Format, usize, u32)| {
        let lines = wrap(text, characters.max(1), Ambiguous::Wide).len();
        out.set_row_height(*row, u32::try_from(lines).unwrap_or(1) * points + EDGE_POINTS)?;
        if last == 0 {
            out.write_string_with_format(*row, 0, text, format)?;
        } else {
            out.merge_range(*row, 0, *row, last, text, format)?;
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
    out.set_freeze_panes(row + 1, 0)?;
    let head = row;
    row += 1;
    for cells in sheet.rows.iter().take(MAX_ROWS) {
        for (index, cell) in cells.iter().enumerate() {
            let at = u16::try_from(index).unwrap_or(u16::MAX);
            match cell {
                Cell::Text(text) => out.write_string_with_format(row, at, text, &style.text)?,
                Cell::Count(count) => out.write_number_with_format(row, at, number(*count, 0), &style.count)?,
                Cell::Fen(fen) => out.write_number_with_format(row, at, number(*fen, 2), &style.money)?,
                Cell::Empty => out.write_blank(row, at, &style.text)?,
            };
        }
        // A spreadsheet that does not lay out wrapped cells itself would show their first line only.
        let lines = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| cell_width(cell).div_ceil(*width));
        let lines = lines.max().unwrap_or(1).clamp(1, MOST_LINES);
        if lines > 1 {
            out.set_row_height(row, u16::try_from(lines).unwrap_or(1) * LINE_POINTS)?;
        }
        row += 1;
    }
    if row > head + 1 {
        out.autofilter(head, 0, row - 1, last)?;
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
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let sign = if value < 0 { "-" } else { "" };
    format!("{sign}{whole}.{fraction}0").parse().unwrap_or_default()
}

fn cell_width(cell: &Cell) -> usize {
    match cell {
        Cell::Text(text) => text_width(text, Ambiguous::Wide),
        Cell::Count(count) => count.to_string().len() + 3,
        Cell::Fen(fen) => fen.to_string().len() + 4,
        Cell::Empty => 0,
    }
}
