//! The responsibility ledger (责任台账) as an Excel workbook, laid out as offices keep and print it.
//!
//! Everything a document can tell is filled in; what only people know (leader, liaison, progress …) is left blank to
//! be written by hand. The same ledger gives the same bytes.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet, XlsxError,
};

use crate::roster::{self, Sheet};
use crate::sheet_name::SheetNames;
use crate::wrap::{Ambiguous, wrap};

/// A ledger: what stands above it, and its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The heading of the first sheet.
    pub title: String,
    /// The line under the heading: from which document, how many tasks.
    pub note: String,
    /// One entry a task, in the order in which they shall stand.
    pub entries: Vec<Entry>,
    /// What must be done beside the tasks: sheets of their own, right behind the whole ledger.
    pub beside: Vec<Sheet>,
}

/// One task of the ledger. Each field is the text of a column; empty ones stay blank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// 序号; plain digits become a number so that the column sorts, anything else stays text.
    pub no: String,
    /// 项目.
    pub project: String,
    /// 工作内容.
    pub content: String,
    /// 文件依据.
    pub basis: String,
    /// 牵头单位.
    pub lead: String,
    /// 配合单位.
    pub support: String,
    /// 责任单位, where nothing says who leads.
    pub responsible: String,
    /// 责任领导.
    pub leader: String,
    /// 联络员.
    pub liaison: String,
    /// 联系电话.
    pub phone: String,
    /// 完成时限.
    pub deadline: String,
    /// 进展情况.
    pub progress: String,
    /// 存在问题.
    pub problems: String,
    /// 下步打算.
    pub next_steps: String,
    /// 状态; one of [`STATES`] or empty.
    pub state: String,
    /// 备注.
    pub remarks: String,
    /// The units that take part, for the sheets by unit; a unit may stand here once for each part it has.
    pub units: Vec<Involvement>,
}

/// A unit's part in a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Involvement {
    /// Name of the unit.
    pub unit: String,
    /// What it does.
    pub part: Part,
}

/// What a unit does in a task, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// 牵头.
    Lead,
    /// 责任, where nothing says who leads.
    Responsible,
    /// 配合.
    Support,
}

/// Which sheets the workbook has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheets {
    /// The whole ledger, and what stands beside it.
    Whole,
    /// The same, then one sheet a unit: the units that lead something first, each in order of first appearance.
    ByUnit,
}

/// What may be chosen under 状态.
pub const STATES: [&str; 5] = ["未启动", "推进中", "长期推进", "已完成", "已逾期"];

/// Most tasks that one sheet may hold: Excel's rows less the heading.
pub const MAX_ENTRIES: usize = 1_048_576 - FIRST_ENTRY_ROW as usize;

/// Most units that get a sheet of their own; a workbook of more is slow to open and impossible to find a unit in.
pub const MAX_UNIT_SHEETS: usize = 1_000;

/// Why no workbook came out; printed in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// More tasks than a sheet can hold.
    #[error("台账有 {0} 项，超过一张 Excel 工作表可容纳的 {MAX_ENTRIES} 项")]
    TooManyEntries(usize),
    /// More units than a workbook should have sheets.
    #[error("台账涉及 {0} 个单位，超过按单位分表的上限 {MAX_UNIT_SHEETS} 个")]
    TooManyUnits(usize),
    /// The writer refused.
    #[error("生成 Excel 文件失败（{0}）")]
    Writer(#[from] XlsxError),
}

/// The workbook as the bytes of an xlsx file.
///
/// # Errors
/// [`WorkbookError`] where the ledger does not fit into a workbook.
pub fn workbook(ledger: &Ledger, sheets: Sheets) -> Result<Vec<u8>, WorkbookError> {
    if ledger.entries.len() > MAX_ENTRIES {
        return Err(WorkbookError::TooManyEntries(ledger.entries.len()));
    }
    let units = match sheets {
        Sheets::Whole => Vec::new(),
        Sheets::ByUnit => units(&ledger.entries),
    };
    if units.len() > MAX_UNIT_SHEETS {
        return Err(WorkbookError::TooManyUnits(units.len()));
    }
    let style = Style::new();
    let mut workbook = Workbook::new();
    // A fixed day: the same ledger must give the same bytes, and the file's real date is the file system's to tell.
    let created = ExcelDateTime::from_ymd(2020, 1, 1)?;
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&ledger.title)
            .set_creation_datetime(&created),
    );

    let mut names = SheetNames::default();
    let entries: Vec<&Entry> = ledger.entries.iter().collect();
    let sheet = workbook.add_worksheet();
    sheet.set_name(names.name("责任台账"))?;
    write_sheet(sheet, &style, &ledger.title, &ledger.note, &entries)?;
    roster::add_sheets(&mut workbook, &ledger.beside, &mut names)?;

    for unit in units {
        let sheet = workbook.add_worksheet();
        sheet.set_name(names.name(unit.name))?;
        let title = format!("{}（{}）", ledger.title, unit.name);
        write_sheet(sheet, &style, &title, &unit.note(), &unit.entries())?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// A unit and its tasks.
struct Unit<'a> {
    name: &'a str,
    tasks: Vec<(Part, &'a Entry)>,
}

impl<'a> Unit<'a> {
    /// What it leads first, then what it answers for, then where it helps; each in the ledger's order.
    fn entries(&self) -> Vec<&'a Entry> {
        let mut tasks = self.tasks.clone();
        tasks.sort_by_key(|&(part, _)| part);
        tasks.into_iter().map(|(_, entry)| entry).collect()
    }

    fn note(&self) -> String {
        let parts = [
            (Part::Lead, "牵头"),
            (Part::Responsible, "责任"),
            (Part::Support, "配合"),
        ];
        let counts: Vec<String> = parts
            .iter()
            .map(|&(part, word)| (word, self.tasks.iter().filter(|(p, _)| *p == part).count()))
            .filter(|&(_, count)| count > 0)
            .map(|(word, count)| format!("{word} {count} 项"))
            .collect();
        format!("单位：{}　　{}", self.name, counts.join("，"))
    }
}

/// All units: those that lead something first, each in order of first appearance. Of several parts that a unit has in
/// one task the weightiest counts.
fn units(entries: &[Entry]) -> Vec<Unit<'_>> {
    let mut index: BTreeMap<&str, usize> = BTreeMap::new();
    let mut units: Vec<Unit<'_>> = Vec::new();
    for entry in entries {
        let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
        for Involvement { unit, part } in &entry.units {
            let at = *index.entry(unit).or_insert_with(|| {
                units.push(Unit {
                    name: unit,
                    tasks: Vec::new(),
                });
                units.len() - 1
            });
            let known = parts.entry(at).or_insert(*part);
            *known = (*known).min(*part);
        }
        for (at, part) in parts {
            units[at].tasks.push((part, entry));
        }
    }
    let (leading, other): (Vec<_>, Vec<_>) = units
        .into_iter()
        .partition(|unit| unit.tasks.iter().any(|(part, _)| *part == Part::Lead));
    leading.into_iter().chain(other).collect()
}

const TITLE_ROW: u32 = 0;
const NOTE_ROW: u32 = 1;
const HEADER_ROW: u32 = 2;
const FIRST_ENTRY_ROW: u32 = 3;

const CONTENT: usize = 2;
const SUPPORT: usize = 5;
const RESPONSIBLE: usize = 6;
const PHONE: usize = 9;
const STATE: usize = 14;

/// Heading and width of each column; the width in Chinese characters. Together they print on A3 at about 80 %.
const COLUMNS: [(&str, u32); 16] = [
    ("序号", 3),
    ("项目", 7),
    ("工作内容", 26),
    ("文件依据", 8),
    ("牵头单位", 10),
    ("配合单位", 13),
    ("责任单位", 10),
    ("责任领导", 4),
    ("联络员", 4),
    ("联系电话", 6),
    ("完成时限", 9),
    ("进展情况", 10),
    ("存在问题", 7),
    ("下步打算", 7),
    ("状态", 4),
    ("备注", 8),
];
const LAST_COLUMN: u16 = 15;

/// A Chinese character of 10.5 points is 14 pixels wide; cells keep some pixels free at their edges.
const CHARACTER_PIXELS: u32 = 14;
const EDGE_PIXELS: u32 = 10;
/// Height of a line of 10.5 points, and what a cell keeps free above and below, in points.
const LINE_POINTS: u32 = 15;
const EDGE_POINTS: u32 = 6;
/// Excel's tallest row is 409.5 points.
const MAX_LINES: usize = 26;
/// Widest that the columns of long text become when a row would be taller than Excel allows.
const WIDEST_CHARACTERS: u32 = 64;
/// Most UTF-16 units that Excel keeps in a cell.
const MAX_CELL_UNITS: usize = 32_767;

struct Style {
    title: Format,
    note: Format,
    header: Format,
    text: Format,
    centred: Format,
    phone: Format,
    done: Format,
    overdue: Format,
}

impl Style {
    fn new() -> Self {
        let body = Format::new().set_font_name("宋体").set_font_size(10.5);
        let cell = body
            .clone()
            .set_border(FormatBorder::Thin)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        let centred = cell.clone().set_align(FormatAlign::Center);
        Self {
            title: Format::new()
                .set_font_name("黑体")
                .set_font_size(18)
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            note: body
                .set_align(FormatAlign::Left)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            header: centred
                .clone()
                .set_font_name("黑体")
                .set_background_color(Color::RGB(0x00DD_EBF7)),
            text: cell.set_align(FormatAlign::Left),
            // Typed in later: the text format keeps the leading zero of an area code.
            phone: centred.clone().set_num_format("@"),
            centred,
            done: Format::new()
                .set_font_color(Color::RGB(0x0037_5623))
                .set_background_color(Color::RGB(0x00E2_EFDA)),
            overdue: Format::new()
                .set_font_color(Color::RGB(0x009C_0006))
                .set_background_color(Color::RGB(0x00FF_C7CE)),
        }
    }

    fn of_column(&self, column: usize) -> &Format {
        match column {
            PHONE => &self.phone,
            0 | 4 | 7 | 8 | 10 | STATE => &self.centred,
            _ => &self.text,
        }
    }
}

fn write_sheet(
    sheet: &mut Worksheet,
    style: &Style,
    title: &str,
    note: &str,
    entries: &[&Entry],
) -> Result<(), XlsxError> {
    let last_row = FIRST_ENTRY_ROW + u32::try_from(entries.len().max(1)).unwrap_or(u32::MAX) - 1;
    let widths = widths(entries);
    write_heading(sheet, style, title, note, &widths)?;
    for (row, entry) in (FIRST_ENTRY_ROW..).zip(entries) {
        write_entry(sheet, style, row, entry, &widths)?;
    }
    add_state_list(sheet, style, last_row)?;
    sheet.autofilter(HEADER_ROW, 0, last_row, LAST_COLUMN)?;
    sheet.set_freeze_panes(FIRST_ENTRY_ROW, 2)?;
    sheet.ignore_error_range(
        FIRST_ENTRY_ROW,
        0,
        last_row,
        LAST_COLUMN,
        IgnoreError::NumberStoredAsText,
    )?;
    set_page(sheet)?;
    Ok(())
}

fn write_heading(
    sheet: &mut Worksheet,
    style: &Style,
    title: &str,
    note: &str,
    widths: &[u32; COLUMNS.len()],
) -> Result<(), XlsxError> {
    let whole = widths.iter().sum::<u32>();
    sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, LAST_COLUMN, &cell_text(title), &style.title)?;
    // The heading's 18 points against the cells' 10.5.
    let title_lines = line_count(title, whole * 7 / 12);
    sheet.set_row_height(TITLE_ROW, points(title_lines, 26, 10))?;
    sheet.merge_range(NOTE_ROW, 0, NOTE_ROW, LAST_COLUMN, &cell_text(note), &style.note)?;
    sheet.set_row_height(NOTE_ROW, points(line_count(note, whole), LINE_POINTS, EDGE_POINTS))?;
    for (column, (&(heading, _), &characters)) in (0..).zip(COLUMNS.iter().zip(widths)) {
        sheet.set_column_width_pixels(column, characters * CHARACTER_PIXELS + EDGE_PIXELS)?;
        sheet.write_string_with_format(HEADER_ROW, column, heading, &style.header)?;
    }
    // Two lines and room for the filter's arrows.
    sheet.set_row_height(HEADER_ROW, points(2, LINE_POINTS, 10))?;
    Ok(())
}

fn write_entry(
    sheet: &mut Worksheet,
    style: &Style,
    row: u32,
    entry: &Entry,
    widths: &[u32; COLUMNS.len()],
) -> Result<(), XlsxError> {
    let mut tallest = 1;
    for (index, (text, &characters)) in columns_of(entry).into_iter().zip(widths).enumerate() {
        let column = u16::try_from(index).unwrap_or(u16::MAX);
        let format = style.of_column(index);
        match (index, ordinal(text)) {
            (0, Some(number)) => sheet.write_number_with_format(row, column, number, format)?,
            _ if text.is_empty() => sheet.write_blank(row, column, format)?,
            _ => sheet.write_string_with_format(row, column, cell_text(text), format)?,
        };
        tallest = tallest.max(line_count(text, characters));
    }
    sheet.set_row_height(row, points(tallest, LINE_POINTS, EDGE_POINTS))?;
    Ok(())
}

fn add_state_list(sheet: &mut Worksheet, style: &Style, last_row: u32) -> Result<(), XlsxError> {
    let column = u16::try_from(STATE).unwrap_or(u16::MAX);
    let list = DataValidation::new()
        .allow_list_strings(&STATES)?
        .set_error_title("状态")?
        .set_error_message(format!("请从下拉列表中选择：{}", STATES.join("、")))?;
    sheet.add_data_validation(FIRST_ENTRY_ROW, column, last_row, column, &list)?;
    for (state, format) in [("已完成", &style.done), ("已逾期", &style.overdue)] {
        let rule = ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::EqualTo(state))
            .set_format(format);
        sheet.add_conditional_format(FIRST_ENTRY_ROW, column, last_row, column, &rule)?;
    }
    Ok(())
}

fn set_page(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    const A3: u8 = 8;
    sheet.set_paper_size(A3);
    sheet.set_landscape();
    sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
    sheet.set_print_center_horizontally(true);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(TITLE_ROW, HEADER_ROW)?;
    sheet.set_footer("&C&\"宋体\"&9第 &P 页　共 &N 页");
    Ok(())
}

fn columns_of(entry: &Entry) -> [&str; COLUMNS.len()] {
    [
        &entry.no, &entry.project, &entry.content, &entry.basis, &entry.lead, &entry.support, &entry.responsible,
        &entry.leader, &entry.liaison, &entry.phone, &entry.deadline, &entry.progress, &entry.problems,
        &entry.next_steps, &entry.state, &entry.remarks,
    ]
}

/// The columns' widths in characters: those of [`COLUMNS`], the three of long text wider where a row would else be
/// taller than Excel can show.
fn widths(entries: &[&Entry]) -> [u32; COLUMNS.len()] {
    let mut widths = COLUMNS.map(|(_, characters)| characters);
    for column in [CONTENT, SUPPORT, RESPONSIBLE] {
        let too_tall = |characters: u32| {
            entries
                .iter()
                .any(|entry| line_count(columns_of(entry)[column], characters) > MAX_LINES)
        };
        while widths[column] < WIDEST_CHARACTERS && too_tall(widths[column]) {
            widths[column] = (widths[column] * 4 / 3).min(WIDEST_CHARACTERS);
        }
    }
    widths
}

/// Lines that `text` takes in a column that many Chinese characters wide.
fn line_count(text: &str, characters: u32) -> usize {
    wrap(text, characters as usize * 2, Ambiguous::Wide).len()
}

fn points(lines: usize, line_points: u32, edge_points: u32) -> u32 {
    let lines = u32::try_from(lines.min(MAX_LINES)).unwrap_or(u32::MAX);
    lines * line_points + edge_points
}

/// The number that plain digits stand for; none for "01", "3-1" or what is too long to be a number of a list.
fn ordinal(text: &str) -> Option<u32> {
    let plain = !text.starts_with('0') && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// `text` as a cell can hold it: no control characters but line feeds, and not longer than Excel keeps.
fn cell_text(text: &str) -> String {
    const CUT: &str = "……（超出单元格容量，以下见原文）";
    let clean: String = text
        .chars()
        .filter(|&c| c == '\n' || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}')))
        .collect();
    if clean.encode_utf16().count() <= MAX_CELL_UNITS {
        return clean;
    }
    let mut room = MAX_CELL_UNITS - CUT.encode_utf16().count();
    let mut cut: String = clean
        .chars()
        .take_while(|c| {
            let fits = c.len_utf16() <= room;
            room = room.saturating_sub(c.len_utf16());
            fits
        })
        .collect();
    cut.push_str(CUT);
    cut
}
