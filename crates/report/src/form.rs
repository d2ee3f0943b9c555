//! A form: a sheet with headers that people fill in or mend, and sheets that explain it.
//!
//! Every cell to be filled is text, so that a spreadsheet neither rounds a long number nor turns a code into a date. The
//! header stands in the first row, so that the sheet can be read back as it is. The same form gives the same bytes.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Note, Workbook,
    Worksheet, XlsxError,
};

use crate::sheet_name::SheetNames;

/// A form and what belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    /// The title in the file's properties.
    pub title: String,
    /// Name of the sheet to be filled in.
    pub sheet: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// What is filled in already.
    pub rows: Vec<Vec<String>>,
    /// Cells that need attention (row of `rows`, column), with the words beside them.
    pub marks: BTreeMap<(usize, usize), String>,
    /// Sheets to be read, before the form.
    pub before: Vec<Listing>,
    /// Sheets to be read, behind the form.
    pub behind: Vec<Listing>,
}

/// A column of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub header: String,
    /// What to write, shown where a cell is chosen.
    pub note: String,
    /// It must be filled in.
    pub required: bool,
    /// What may be chosen; empty for anything.
    pub choices: Vec<String>,
    /// Terminal columns that the longest usual value takes; 0 where the header is the measure.
    pub room: usize,
}

/// A table to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Name of the sheet.
    pub sheet: String,
    /// Its headers.
    pub headers: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

/// The sheet of choices.
const CHOICES: &str = "选项";
/// Empty rows of a form that get text format and validation.
const EMPTY_ROWS: u32 = 5_000;
/// Most marks that get a note; all get their colour.
const MAX_NOTES: usize = 2_000;
/// What a spreadsheet shows of an input message.
const MAX_MESSAGE: usize = 250;
/// The number of the paper size A4.
const A4: u8 = 9;
/// Narrowest and widest column, in characters.
const WIDTHS: (usize, usize) = (10, 36);

/// The workbook as the bytes of an xlsx file.
///
/// # Errors
/// The writer's, where something does not fit into a workbook.
pub fn workbook(form: &Form) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed day: the same form must give the same bytes.
    let created = ExcelDateTime::from_ymd(2020, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&form.title)
            .set_creation_datetime(&created),
    );
    let style = Style::new();
    let mut names = SheetNames::default();
    for listing in &form.before {
        list(workbook.add_worksheet(), listing, &mut names, &style)?;
    }
    let choices: Vec<(usize, &[String])> = form
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !column.choices.is_empty())
        .map(|(index, column)| (index, column.choices.as_slice()))
        .collect();
    let sheet = workbook.add_worksheet();
    sheet.set_name(names.name(&form.sheet))?;
    fill(sheet, form, &choices, &style)?;
    sheet.set_active(form.before.is_empty());
    for listing in &form.behind {
        list(workbook.add_worksheet(), listing, &mut names, &style)?;
    }
    if !choices.is_empty() {
        let sheet = workbook.add_worksheet();
        sheet.set_name(CHOICES)?;
        for (at, (index, words)) in (0_u16..).zip(&choices) {
            let header = form.columns.get(*index).map_or("", |column| column.header.as_str());
            sheet.write_string_with_format(0, at, header, &style.header)?;
            for (row, word) in (1_u32..).zip(*words) {
                sheet.write_string_with_format(row, at, word, &style.text)?;
            }
            sheet.set_column_width(at, 24)?;
        }
    }
    workbook.save_to_buffer()
}

struct Style {
    header: Format,
    required: Format,
    text: Format,
    entry: Format,
    marked: Format,
}

impl Style {
    fn new() -> Self {
        let body = Format::new().set_font_name("宋体").set_font_size(10.5);
        let cell = body
            .set_border(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter)
            .set_align(FormatAlign::Left);
        let header = cell
            .clone()
            .set_font_name("黑体")
            .set_text_wrap()
            .set_align(FormatAlign::Center)
            .set_background_color(Color::RGB(0x00DD_EBF7));
        let entry = cell.clone().set_num_format("@");
        Self {
            required: header.clone().set_background_color(Color::RGB(0x00FF_E699)),
            header,
            text: cell.set_text_wrap(),
            marked: entry.clone().set_background_color(Color::RGB(0x00FF_C7CE)),
            entry,
        }
    }
}

fn fill(sheet: &mut Worksheet, form: &Form, choices: &[(usize, &[String])], style: &Style) -> Result<(), XlsxError> {
    let last = u32::try_from(form.rows.len())
        .unwrap_or(u32::MAX)
        .saturating_add(EMPTY_ROWS);
    let last = last.min(1_048_575);
    sheet.set_freeze_panes(1, 0)?;
    on_paper(sheet)?;
    for (index, column) in form.columns.iter().enumerate() {
        let at = u16::try_from(index).unwrap_or(u16::MAX);
        let format = if column.required {
            &style.required
        } else {
            &style.header
        };
        sheet.set_column_format(at, &style.entry)?;
        sheet.set_column_width(at, width(&column.header).max(columns_of(column.room)))?;
        sheet.write_string_with_format(0, at, &column.header, format)?;
        let validation = match choices.iter().position(|(of, _)| *of == index) {
            Some(place) => {
                let letter = rust_xlsxwriter::utility::column_number_to_name(u16::try_from(place).unwrap_or_default());
                let end = column.choices.len() + 1;
                let range = Formula::new(format!("={CHOICES}!${letter}$2:${letter}${end}"));
                DataValidation::new()
                    .allow_list_formula(range)
                    .set_error_title("不在可选范围内")?
                    .set_error_message("请从下拉列表中选择")?
            }
            None => DataValidation::new().allow_any_value(),
        };
        let note: String = column.note.chars().take(MAX_MESSAGE).collect();
        let validation = if note.is_empty() {
            validation
        } else {
            validation.set_input_message(note)?
        };
        sheet.add_data_validation(1, at, last, at, &validation)?;
    }
    for (number, row) in form.rows.iter().enumerate() {
        let at = u32::try_from(number + 1).unwrap_or(u32::MAX);
        for (index, text) in row.iter().enumerate() {
            let column = u16::try_from(index).unwrap_or(u16::MAX);
            let marked = form.marks.contains_key(&(number, index));
            let format = if marked { &style.marked } else { &style.entry };
            sheet.write_string_with_format(at, column, text, format)?;
        }
    }
    for ((row, column), words) in form.marks.iter().take(MAX_NOTES) {
        let (row, column) = (
            u32::try_from(row + 1).unwrap_or(u32::MAX),
            u16::try_from(*column).unwrap_or(u16::MAX),
        );
        let note = Note::new(words).set_author("leye").add_author_prefix(false);
        sheet.insert_note(row, column, &note)?;
    }
    Ok(())
}

fn list(sheet: &mut Worksheet, listing: &Listing, names: &mut SheetNames, style: &Style) -> Result<(), XlsxError> {
    sheet.set_name(names.name(&listing.sheet))?;
    sheet.set_freeze_panes(1, 0)?;
    on_paper(sheet)?;
    for (index, header) in listing.headers.iter().enumerate() {
        let at = u16::try_from(index).unwrap_or(u16::MAX);
        let longest = listing
            .rows
            .iter()
            .take(200)
            .filter_map(|row| row.get(index))
            .map(|text| width(text))
            .max();
        sheet.set_column_width(at, longest.unwrap_or_default().max(width(header)))?;
        sheet.write_string_with_format(0, at, header, &style.header)?;
    }
    for (row, cells) in (1_u32..).zip(&listing.rows) {
        for (at, text) in (0_u16..).zip(cells) {
            sheet.write_string_with_format(row, at, text, &style.text)?;
        }
    }
    Ok(())
}

/// A width that shows the text, as far as it is not too long.
fn width(text: &str) -> u32 {
    columns_of(unicode_width::UnicodeWidthStr::width(text))
}

/// A column in which so many terminal columns of text fit.
fn columns_of(text: usize) -> u32 {
    u32::try_from((text + 2).clamp(WIDTHS.0, WIDTHS.1)).unwrap_or_default()
}

/// A4 lying down, as wide as the sheet, the header on every page.
fn on_paper(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_repeat_rows(0, 0)?;
    Ok(())
}
