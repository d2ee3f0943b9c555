//! An office's file as rows of cells: xlsx, xls, csv in whatever encoding, Parquet.
//!
//! A cell is text with a kind; a number is the shortest decimal text that gives it back. Rows are handed on in chunks,
//! whole files never are in memory (but for xls, which holds 65,536 rows at most, and the strings of an xlsx).

mod cells;
mod columnar;
mod delimited;
mod encoding;
mod merged;
mod workbook;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

pub use cells::{Cell, CellKind, Chunk, Row};
pub use merged::Merges;

/// Rows of a chunk.
pub const CHUNK_ROWS: usize = 4_096;
/// Rows at the head of a sheet among which the header is looked for.
pub const HEAD_ROWS: usize = 30;
/// Columns of a sheet that are looked at.
pub const MAX_COLUMNS: usize = 512;
/// Rows that a sheet can have.
pub const MAX_SHEET_ROWS: u32 = 1_048_576;
/// Sheets of a workbook that are looked at.
pub const MAX_SHEETS: usize = 200;

/// What kind of file it is, by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Xlsx,
    Xls,
    Delimited,
    Columnar,
}

/// Why a file cannot be read; printed in Chinese, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The system would not give it.
    #[error("文件 {path} 打不开：{reason}。请检查路径和权限")]
    Unreadable {
        /// The file.
        path: String,
        /// In Chinese.
        reason: String,
    },
    /// Nothing in it.
    #[error("文件 {path} 是空的。请确认是否选错文件")]
    Empty {
        /// The file.
        path: String,
    },
    /// It begins well and then makes no sense.
    #[error("文件 {path} 已损坏或不完整：{reason}。请重新导出后再试")]
    Damaged {
        /// The file.
        path: String,
        /// What does not fit.
        reason: String,
    },
    /// A format that is not read.
    #[error("文件 {path} 的格式不能导入（{found}）。请用 WPS 或 Excel 另存为 xlsx，或导出为 csv")]
    Unknown {
        /// The file.
        path: String,
        /// What it seems to be.
        found: &'static str,
    },
    /// Text in no known encoding.
    #[error("文件 {path} 第{line}行起的文字既不是 UTF-8 也不是 GB18030 编码。请用“另存为”选择 UTF-8 编码后重试")]
    Encoding {
        /// The file.
        path: String,
        /// From 1.
        line: u64,
    },
    /// More rows than a sheet can have.
    #[error(
        "文件 {path} 的工作表“{sheet}”有第{row}行，超过工作表上限 {MAX_SHEET_ROWS} 行，文件可能已损坏。请拆分后重新导出"
    )]
    TooManyRows {
        /// The file.
        path: String,
        /// The sheet.
        sheet: String,
        /// From 1.
        row: u64,
    },
    /// More sheets than are looked at.
    #[error("文件 {path} 有 {sheets} 张工作表，超过上限 {MAX_SHEETS} 张。请拆分后重新导出")]
    TooManySheets {
        /// The file.
        path: String,
        /// How many.
        sheets: usize,
    },
    /// A file that would not fit into memory.
    #[error("文件 {path} 解压后过大（{part} 有 {bytes} 字节）。请拆分后重新导出，或改用 csv")]
    TooLarge {
        /// The file.
        path: String,
        /// The part of it.
        part: String,
        /// Its size.
        bytes: u64,
    },
    /// A column of a type that no cell has.
    #[error("文件 {path} 的列“{column}”类型为 {found}，不能导入。请转为文字、数、日期或是否后再试")]
    ColumnType {
        /// The file.
        path: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
}

/// The first rows of a sheet and what it says of itself.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// The sheet's name; empty for files without sheets.
    pub sheet: String,
    /// Row numbers from 1 with the texts of their cells.
    pub rows: Vec<(u32, Vec<String>)>,
    /// Merged cells.
    pub merges: Merges,
    /// How many rows the sheet claims to have, where it does.
    pub claimed_rows: Option<u64>,
}

/// A file that can be read, again and again.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    kind: Kind,
    encoding: encoding::Encoding,
    heads: Vec<Head>,
    /// Bytes of the file; 0 where it cannot be asked.
    bytes: u64,
    /// Bytes read of a delimited file.
    seen: AtomicU64,
}

impl Source {
    /// Looks at a file: its kind, its encoding, the heads of its sheets.
    ///
    /// # Errors
    /// [`SourceError`].
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let kind = kind(path)?;
        let mut source = Self {
            path: path.to_owned(),
            kind,
            encoding: encoding::Encoding::Utf8,
            heads: Vec::new(),
            bytes: std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
            seen: AtomicU64::new(0),
        };
        match kind {
            Kind::Xlsx => source.heads = workbook::xlsx_heads(path)?,
            Kind::Xls => source.heads = workbook::xls_heads(path)?,
            Kind::Columnar => source.heads = vec![columnar::head(path)?],
            Kind::Delimited => {
                source.encoding = encoding::detect(path)?;
                source.heads = vec![delimited::head(path, source.encoding)?];
            }
        }
        Ok(source)
    }

    /// The heads of all sheets.
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    /// Rows come with a number of cells of their own, and a row that has more or fewer than the header is odd.
    pub fn is_delimited(&self) -> bool {
        self.kind == Kind::Delimited
    }

    /// How far reading has come when so many rows of these sheets have been read, and how far it goes: bytes of a
    /// delimited file, rows of any other. Nothing where the file does not say, or says what cannot be.
    pub fn progress(&self, sheets: &[usize], rows: u64) -> Option<(u64, u64)> {
        if self.is_delimited() {
            return (self.bytes > 0).then(|| (self.seen.load(Ordering::Relaxed).min(self.bytes), self.bytes));
        }
        let claimed: Option<Vec<u64>> = sheets
            .iter()
            .map(|sheet| self.heads.get(*sheet)?.claimed_rows)
            .collect();
        let claimed = claimed?;
        let limit = u64::from(MAX_SHEET_ROWS);
        if self.kind != Kind::Columnar && claimed.iter().any(|rows| *rows > limit) {
            return None;
        }
        let all = claimed.iter().sum();
        Some((rows.min(all), all))
    }

    /// Reads a sheet from the row after `after`, `width` cells a row, in chunks. `each` says whether to go on.
    ///
    /// # Errors
    /// [`SourceError`].
    pub fn read(
        &self,
        sheet: usize,
        after: u32,
        width: usize,
        each: &mut dyn FnMut(Chunk) -> bool,
    ) -> Result<(), SourceError> {
        let Some(head) = self.heads.get(sheet) else {
            return Ok(());
        };
        let mut chunks = cells::Chunks::new(sheet, width, after, each);
        match self.kind {
            Kind::Xlsx => workbook::read_xlsx(&self.path, head, &mut chunks)?,
            Kind::Xls => workbook::read_xls(&self.path, head, &mut chunks)?,
            Kind::Delimited => {
                self.seen.store(0, Ordering::Relaxed);
                delimited::read(&self.path, self.encoding, &self.seen, &mut chunks)?;
            }
            Kind::Columnar => columnar::read(&self.path, &mut chunks)?,
        }
        chunks.finish();
        Ok(())
    }
}

fn kind(path: &Path) -> Result<Kind, SourceError> {
    let shown = path.display().to_string();
    let unreadable = |error: &std::io::Error| SourceError::Unreadable {
        path: shown.clone(),
        reason: reason(error),
    };
    let mut file = File::open(path).map_err(|error| unreadable(&error))?;
    if path.is_dir() {
        return Err(SourceError::Unreadable {
            path: shown,
            reason: "这是文件夹，不是文件".to_owned(),
        });
    }
    let mut first = [0_u8; 8];
    let mut length = 0;
    while length < first.len() {
        match file.read(first.get_mut(length..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) => return Err(unreadable(&error)),
        }
    }
    let first = first.get(..length).unwrap_or_default();
    let unknown = |found| {
        Err(SourceError::Unknown {
            path: shown.clone(),
            found,
        })
    };
    match first {
        [] => Err(SourceError::Empty { path: shown }),
        [b'P', b'K', ..] => Ok(Kind::Xlsx),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Ok(Kind::Xls),
        [b'P', b'A', b'R', b'1', ..] => Ok(Kind::Columnar),
        [b'P', b'A', b'R', b'E', ..] => unknown("加密的 Parquet"),
        [b'%', b'P', b'D', b'F', ..] => unknown("PDF"),
        [b'<', ..] => unknown("网页或 XML"),
        _ => Ok(Kind::Delimited),
    }
}

/// What an error of the system means, in Chinese.
pub fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind::{IsADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem, StorageFull};
    match error.kind() {
        NotFound => "找不到文件".to_owned(),
        PermissionDenied => "没有权限".to_owned(),
        IsADirectory => "这是文件夹，不是文件".to_owned(),
        StorageFull => "磁盘空间不足".to_owned(),
        ReadOnlyFilesystem => "磁盘为只读".to_owned(),
        _ => match error.raw_os_error() {
            Some(code) => format!("系统错误（代码 {code}）"),
            None => "读取出错".to_owned(),
        },
    }
}
