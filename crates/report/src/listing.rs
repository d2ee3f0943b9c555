//! Any table of a page as a workbook or as CSV: a title, a note, headings, rows. The same listing gives the same bytes.

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, XlsxError,
};

use crate::sheet_name::SheetNames;
use crate::wrap::{self, Ambiguous};

/// A table to be taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Title of the sheet and of the file's properties.
    pub title: String,
    /// What must be known before the rows are read: dates, filters, count.
    pub note: String,
    /// Headings.
    pub headings: Vec<String>,
    /// Rows of cells, as many as there are headings.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text; a spreadsheet never turns it into a number, a date or a formula.
    Text(String),
    /// A count, that a spreadsheet may sum.
    Count(i32),
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
        }
    }
}

/// Most rows that one sheet may hold: Excel's rows less title, note and heading.
pub const MAX_ROWS: usize = 1_048_576 - FIRST_ROW as usize;
const TITLE_ROW: u32 = 0;
const NOTE_ROW: u32 = 1;
const HEADING_ROW: u32 = 2;
const FIRST_ROW: u32 = 3;
/// Narrowest and widest column, in characters of a Latin letter's width.
const WIDTHS: (usize, usize) = (8, 60);
/// Most UTF-16 units that Excel keeps in a cell.
const MAX_CELL_UNITS: usize = 32_767;

/// Why no workbook came out; printed in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum ListingError {
    /// More rows than a sheet can hold.
    #[error("表格有 {0} 行，超过一张 Excel 工作表可容纳的 {MAX_ROWS} 行")]
    TooManyRows(usize),
    /// The writer refused.
    #[error("生成 Excel 文件失败（{0}）")]
    Writer(#[from] XlsxError),
}

/// The listing as the bytes of an xlsx file.
///
/// # Errors
/// [`ListingError`] where it does not fit into a workbook.
pub fn workbook(listing: &Listing) -> Result<Vec<u8>, ListingError> {
    if listing.rows.len() > MAX_ROWS {
        return Err(ListingError::TooManyRows(listing.rows.len()));
    }
    let cell = Format::new()
        .set_font_name("宋体")
        .set_font_size(10.5)
        .set_border(FormatBorder::Thin)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    let heading = cell
        .clone()
        .set_font_name("黑体")
        .set_align(FormatAlign::Center)
        .set_background_color(Color::RGB(0x00DD_EBF7));
    let title = Format::new()
        .set_font_name("黑体")
        .set_font_size(16)
        .set_align(FormatAlign::VerticalCenter);
    let note = Format::new().set_font_name("宋体").set_font_size(10.5);

    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2020, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&listing.title)
            .set_creation_datetime(&created),
    );
    let sheet = workbook.add_worksheet();
    sheet.set_name(SheetNames::default().name(&listing.title))?;
    sheet.write_string_with_format(TITLE_ROW, 0, clean(&listing.title), &title)?;
    sheet.write_string_with_format(NOTE_ROW, 0, clean(&listing.note), &note)?;
    for (column, text) in (0_u16..).zip(&listing.headings) {
        sheet.write_string_with_format(HEADING_ROW, column, text, &heading)?;
        sheet.set_column_width(column, width(listing, usize::from(column)))?;
    }
    for (row, cells) in (FIRST_ROW..).zip(&listing.rows) {
        for (column, value) in (0_u16..).zip(cells) {
            match value {
                Cell::Text(text) if text.is_empty() => sheet.write_blank(row, column, &cell)?,
                Cell::Text(text) => sheet.write_string_with_format(row, column, clean(text), &cell)?,
                Cell::Count(count) => sheet.write_number_with_format(row, column, *count, &cell)?,
            };
        }
    }
    let last_row = FIRST_ROW + u32::try_from(listing.rows.len().max(1)).unwrap_or(u32::MAX) - 1;
    let last_column = u16::try_from(listing.headings.len().max(1)).unwrap_or(u16::MAX) - 1;
    sheet.autofilter(HEADING_ROW, 0, last_row, last_column)?;
    sheet.set_freeze_panes(FIRST_ROW, 1)?;
    sheet.ignore_error_range(FIRST_ROW, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    const A4: u8 = 9;
    sheet.set_paper_size(A4);
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(TITLE_ROW, HEADING_ROW)?;
    sheet.set_footer("&C&\"宋体\"&9第 &P 页　共 &N 页");
    Ok(workbook.save_to_buffer()?)
}

/// The listing as CSV in UTF-8 with the mark by which spreadsheets know it; headings first, no title and no note.
/// What a spreadsheet would take for a formula stands behind an apostrophe.
pub fn csv(listing: &Listing) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    let headings: Vec<String> = listing.headings.iter().map(|heading| field(heading)).collect();
    text.push_str(&headings.join(","));
    text.push_str("\r\n");
    for row in &listing.rows {
        let cells: Vec<String> = row.iter().map(|cell| field(&cell.text())).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<i64>().is_err();
    let guarded = if formula { format!("'{text}") } else { text.to_owned() };
    if guarded.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

fn width(listing: &Listing, column: usize) -> u32 {
    let widest = |text: &str| text.lines().map(|line| wrap::width(line, Ambiguous::Wide)).max();
    let cells = listing.rows.iter().filter_map(|row| row.get(column));
    let longest = cells.filter_map(|cell| widest(&cell.text())).max().unwrap_or_default();
    let heading = listing
        .headings
        .get(column)
        .and_then(|text| widest(text))
        .unwrap_or_default()
        + 4;
    u32::try_from(longest.max(heading).clamp(WIDTHS.0, WIDTHS.1)).unwrap_or(60) + 2
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
