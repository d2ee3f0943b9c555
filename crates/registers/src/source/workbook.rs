//! xlsx and xls through calamine: cell by cell, never by what the sheet claims to be.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use calamine::{Data, DataRef, DataType as _, ExcelDateTime, Reader as _, Xls, XlsError, Xlsx, XlsxError};

use super::cells::Chunks;
use super::merged::{Area, Filling};
use super::{CellKind, HEAD_ROWS, Head, MAX_COLUMNS, MAX_SHEET_ROWS, MAX_SHEETS, Merges, SourceError, reason};

/// Largest part of a workbook that is read into memory whole.
const MAX_PART_BYTES: u64 = 1 << 30;

type XlsxFile = Xlsx<BufReader<File>>;

/// The heads of all sheets of an xlsx.
pub(super) fn xlsx_heads(path: &Path) -> Result<Vec<Head>, SourceError> {
    let merged = has_merged_cells(path)?;
    let mut workbook = open_xlsx(path)?;
    let mut heads = Vec::new();
    for sheet in sheet_names(path, workbook.sheet_names())? {
        let merges = if merged {
            merges(&mut workbook, &sheet)
        } else {
            Merges::default()
        };
        let mut head = Head {
            merges,
            ..Head::default()
        };
        let mut cells = match workbook.worksheet_cells_reader(&sheet) {
            Ok(cells) => cells,
            // Sheets of charts and macros have no cells.
            Err(XlsxError::NotAWorksheet(_) | XlsxError::WorksheetNotFound(_)) => {
                head.sheet = sheet;
                heads.push(head);
                continue;
            }
            Err(error) => return Err(damaged(path, &error)),
        };
        let dimensions = cells.dimensions();
        head.claimed_rows = Some(u64::from(dimensions.end.0) + 1);
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(path, &error))? {
            let (row, column) = cell.get_position();
            if row > HEAD_ROWS as u32 {
                break;
            }
            let (text, _) = text_of_ref(cell.get_value());
            put(&mut head.rows, row, column, text);
        }
        head.sheet = sheet;
        heads.push(head);
    }
    Ok(heads)
}

/// The heads of all sheets of an xls.
pub(super) fn xls_heads(path: &Path) -> Result<Vec<Head>, SourceError> {
    let mut workbook = open_xls(path)?;
    let mut heads = Vec::new();
    for sheet in sheet_names(path, workbook.sheet_names())? {
        let areas = workbook
            .merge_cells_by_sheet_name(&sheet)
            .unwrap_or_default()
            .into_iter()
            .map(|area| Area {
                start: area.start,
                end: area.end,
            })
            .collect();
        let mut head = Head {
            sheet: sheet.clone(),
            merges: Merges::new(areas),
            ..Head::default()
        };
        if let Ok(range) = workbook.worksheet_range(&sheet) {
            let (top, left) = range.start().unwrap_or_default();
            head.claimed_rows = range.end().map(|(row, _)| u64::from(row) + 1);
            for (index, row) in range.rows().take(HEAD_ROWS).enumerate() {
                for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                    let (text, _) = text_of(cell);
                    let (row, column) = (u32::try_from(index), u32::try_from(column));
                    put(
                        &mut head.rows,
                        top + row.unwrap_or_default(),
                        left + column.unwrap_or_default(),
                        text,
                    );
                }
            }
        }
        heads.push(head);
    }
    Ok(heads)
}

/// All rows of a sheet of an xlsx.
pub(super) fn read_xlsx(path: &Path, head: &Head, chunks: &mut Chunks<'_>) -> Result<(), SourceError> {
    let mut workbook = open_xlsx(path)?;
    let mut cells = match workbook.worksheet_cells_reader(&head.sheet) {
        Ok(cells) => cells,
        Err(error) => return Err(damaged(path, &error)),
    };
    let mut writer = RowWriter::new(&head.merges, chunks);
    while let Some(cell) = cells.next_cell().map_err(|error| damaged(path, &error))? {
        let (row, column) = cell.get_position();
        if row >= MAX_SHEET_ROWS {
            return Err(SourceError::TooManyRows {
                path: path.display().to_string(),
                sheet: head.sheet.clone(),
                row: u64::from(row) + 1,
            });
        }
        match cell.get_value() {
            DataRef::Empty => {}
            DataRef::SharedString(text) => writer.cell(row, column, text, CellKind::Text),
            DataRef::String(text) => writer.cell(row, column, text, CellKind::Text),
            other => {
                let (text, kind) = text_of_ref(other);
                writer.cell(row, column, &text, kind);
            }
        }
        if writer.chunks.stopped() {
            return Ok(());
        }
    }
    writer.finish();
    Ok(())
}

/// All rows of a sheet of an xls.
pub(super) fn read_xls(path: &Path, head: &Head, chunks: &mut Chunks<'_>) -> Result<(), SourceError> {
    let mut workbook = open_xls(path)?;
    let Ok(range) = workbook.worksheet_range(&head.sheet) else {
        return Ok(());
    };
    let (top, left) = range.start().unwrap_or_default();
    let mut writer = RowWriter::new(&head.merges, chunks);
    for (index, row) in range.rows().enumerate() {
        for (column, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let (text, kind) = text_of(cell);
            let row = top + u32::try_from(index).unwrap_or_default();
            let column = left + u32::try_from(column).unwrap_or_default();
            writer.cell(row, column, &text, kind);
        }
        if writer.chunks.stopped() {
            return Ok(());
        }
    }
    writer.finish();
    Ok(())
}

/// Cells with places into rows, gaps and merged cells filled.
struct RowWriter<'m, 'c, 'e> {
    filling: Filling<'m>,
    chunks: &'c mut Chunks<'e>,
    merged: bool,
    row: Option<u32>,
    column: u32,
}

impl<'m, 'c, 'e> RowWriter<'m, 'c, 'e> {
    fn new(merges: &'m Merges, chunks: &'c mut Chunks<'e>) -> Self {
        Self {
            filling: Filling::new(merges),
            merged: !merges.is_empty(),
            chunks,
            row: None,
            column: 0,
        }
    }

    fn cell(&mut self, row: u32, column: u32, text: &str, kind: CellKind) {
        if self.row != Some(row) {
            self.end_row();
            self.chunks.begin(row + 1);
            self.row = Some(row);
            self.column = 0;
        }
        self.gap(column);
        self.filling.seen(row, column, text);
        self.chunks.cell(text, kind);
        self.column = column + 1;
    }

    /// Fills the cells before `column`.
    fn gap(&mut self, column: u32) {
        let width = u32::try_from(self.chunks.width()).unwrap_or(u32::MAX);
        if !self.merged {
            self.chunks.pad_to(column.min(width) as usize);
            return;
        }
        let row = self.row.unwrap_or_default();
        for empty in self.column..column.min(width) {
            self.filling.seen(row, empty, "");
            match self.filling.text(row, empty) {
                Some(text) if !text.is_empty() => self.chunks.cell(text, CellKind::Merged),
                _ => self.chunks.cell("", CellKind::Text),
            }
        }
    }

    fn end_row(&mut self) {
        if self.row.is_some() {
            let had = self.column as usize;
            self.gap(u32::try_from(self.chunks.width()).unwrap_or(u32::MAX));
            self.chunks.end(had);
        }
    }

    fn finish(mut self) {
        self.end_row();
    }
}

fn open_xlsx(path: &Path) -> Result<XlsxFile, SourceError> {
    Xlsx::new(BufReader::new(open(path)?)).map_err(|error| damaged(path, &error))
}

fn open_xls(path: &Path) -> Result<Xls<BufReader<File>>, SourceError> {
    Xls::new(BufReader::new(open(path)?)).map_err(|error| match error {
        XlsError::Password => SourceError::Damaged {
            path: path.display().to_string(),
            reason: "文件设有密码".to_owned(),
        },
        _ => SourceError::Damaged {
            path: path.display().to_string(),
            reason: "不是可读的 Excel 97-2003 工作簿".to_owned(),
        },
    })
}

fn open(path: &Path) -> Result<File, SourceError> {
    File::open(path).map_err(|error| SourceError::Unreadable {
        path: path.display().to_string(),
        reason: reason(&error),
    })
}

fn damaged(path: &Path, error: &XlsxError) -> SourceError {
    let reason = match error {
        XlsxError::Password => "文件设有密码".to_owned(),
        XlsxError::Io(error) => reason(error),
        XlsxError::Zip(_) => "压缩包不完整".to_owned(),
        XlsxError::FileNotFound(part) => format!("缺少 {part}"),
        _ => "工作簿的内容读不出".to_owned(),
    };
    SourceError::Damaged {
        path: path.display().to_string(),
        reason,
    }
}

/// Whether any sheet has merged cells: a search through the bytes, far cheaper than parsing every sheet once more.
/// What would not fit into memory is refused here.
fn has_merged_cells(path: &Path) -> Result<bool, SourceError> {
    const NEEDLE: &[u8] = b"mergeCell ";
    let broken = |reason: &str| SourceError::Damaged {
        path: path.display().to_string(),
        reason: reason.to_owned(),
    };
    let mut archive = zip::ZipArchive::new(BufReader::new(open(path)?)).map_err(|_| broken("压缩包不完整"))?;
    let mut found = false;
    let mut block = vec![0_u8; 256 << 10];
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|_| broken("压缩包不完整"))?;
        let name = part.name().map_err(|_| broken("压缩包不完整"))?.into_owned();
        if !name.starts_with("xl/worksheets/") {
            if name.ends_with(".xml") && part.size() > MAX_PART_BYTES {
                return Err(SourceError::TooLarge {
                    path: path.display().to_string(),
                    part: name,
                    bytes: part.size(),
                });
            }
            continue;
        }
        let mut kept = 0;
        while !found {
            let read = part
                .read(block.get_mut(kept..).unwrap_or_default())
                .map_err(|_| broken("工作表解压失败"))?;
            if read == 0 {
                break;
            }
            let all = kept + read;
            let bytes = block.get(..all).unwrap_or_default();
            if memchr::memmem::find(bytes, NEEDLE).is_some() {
                found = true;
            }
            kept = all.min(NEEDLE.len());
            block.copy_within(all - kept..all, 0);
        }
    }
    Ok(found)
}

/// All sheets: one that is passed over unseen would be rows lost.
fn sheet_names(path: &Path, names: Vec<String>) -> Result<Vec<String>, SourceError> {
    if names.len() <= MAX_SHEETS {
        return Ok(names);
    }
    Err(SourceError::TooManySheets {
        path: path.display().to_string(),
        sheets: names.len(),
    })
}

fn merges(workbook: &mut XlsxFile, sheet: &str) -> Merges {
    let areas = workbook.merge_cells_by_sheet_name(sheet).unwrap_or_default();
    Merges::new(
        areas
            .into_iter()
            .map(|area| Area {
                start: area.start,
                end: area.end,
            })
            .collect(),
    )
}

fn put(rows: &mut Vec<(u32, Vec<String>)>, row: u32, column: u32, text: String) {
    let column = column as usize;
    if column >= MAX_COLUMNS || text.is_empty() {
        return;
    }
    if rows.last().is_none_or(|(number, _)| *number != row + 1) {
        rows.push((row + 1, Vec::new()));
    }
    if let Some((_, cells)) = rows.last_mut() {
        if cells.len() <= column {
            cells.resize(column + 1, String::new());
        }
        if let Some(cell) = cells.get_mut(column) {
            *cell = text.trim().to_owned();
        }
    }
}

fn text_of_ref(value: &DataRef<'_>) -> (String, CellKind) {
    match value {
        DataRef::SharedString(text) => ((*text).to_owned(), CellKind::Text),
        other => text_of(&Data::from(other.clone())),
    }
}

/// A cell as text. Rust prints a binary number as the shortest decimal that reads back as the same one: `0.1` stays
/// `0.1`.
fn text_of(value: &Data) -> (String, CellKind) {
    match value {
        Data::Int(number) => (number.to_string(), CellKind::Number),
        Data::Float(number) => (number.to_string(), CellKind::Number),
        Data::String(text) => (text.clone(), CellKind::Text),
        Data::Bool(flag) => (flag.to_string(), CellKind::Flag),
        Data::DateTime(moment) => date(moment),
        Data::DateTimeIso(text) => (text.get(..10).unwrap_or(text).to_owned(), CellKind::Date),
        Data::DurationIso(text) => (text.clone(), CellKind::Text),
        Data::Error(error) => (error.to_string(), CellKind::Fault),
        Data::Empty => (String::new(), CellKind::Text),
    }
}

fn date(moment: &ExcelDateTime) -> (String, CellKind) {
    if !moment.is_datetime() {
        return (moment.as_f64().to_string(), CellKind::Number);
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    (format!("{year:04}-{month:02}-{day:02}"), CellKind::Date)
}
