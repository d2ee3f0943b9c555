//! xls of Excel 97 and later (BIFF8), and et of WPS, which is the same.

use super::cells::{Merge, SheetCells};
use super::decimal::Decimal;
use super::format::NumberFormat;
use super::{Tally, assemble};
use crate::read::archive::{damaged, encrypted};
use crate::read::limits::MAX_TEXT_BYTES;
use crate::read::ole::{long, word};
use crate::read::{ReadError, unreadable};
use crate::source::Source;

const BIFF8: u16 = 0x0600;
const MAX_STRINGS: usize = 2_000_000;
const MAX_SHEETS: usize = 1_000;

/// Kinds of record ([MS-XLS] 2.3).
mod kind {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const END: u16 = 0x000A;
    pub(super) const HEADER: u16 = 0x0014;
    pub(super) const FOOTER: u16 = 0x0015;
    pub(super) const DATE_1904: u16 = 0x0022;
    pub(super) const PASSWORD: u16 = 0x002F;
    pub(super) const CONTINUE: u16 = 0x003C;
    pub(super) const SHEET: u16 = 0x0085;
    pub(super) const NUMBERS: u16 = 0x00BD;
    pub(super) const CELL_FORMAT: u16 = 0x00E0;
    pub(super) const MERGES: u16 = 0x00E5;
    pub(super) const STRINGS: u16 = 0x00FC;
    pub(super) const SHARED_TEXT: u16 = 0x00FD;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const TEXT: u16 = 0x0204;
    pub(super) const TRUTH: u16 = 0x0205;
    pub(super) const FORMULA_TEXT: u16 = 0x0207;
    pub(super) const COMPACT_NUMBER: u16 = 0x027E;
    pub(super) const FORMAT: u16 = 0x041E;
    pub(super) const BEGIN: u16 = 0x0809;
}

/// A record and those that continue it.
struct Record<'a> {
    kind: u16,
    parts: Vec<&'a [u8]>,
}

impl<'a> Record<'a> {
    fn data(&self) -> &'a [u8] {
        self.parts.first().copied().unwrap_or_default()
    }
}

/// The records of a stream, from a place in it.
struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn header(&self) -> Option<(u16, usize)> {
        self.stream
            .get(self.at..self.at + 4)
            .map(|head| (word(head, 0), usize::from(word(head, 2))))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, length) = self.header()?;
        let mut parts = vec![self.stream.get(self.at + 4..self.at + 4 + length)?];
        self.at += 4 + length;
        while let Some((kind::CONTINUE, length)) = self.header() {
            let Some(part) = self.stream.get(self.at + 4..self.at + 4 + length) else {
                break;
            };
            parts.push(part);
            self.at += 4 + length;
        }
        Some(Record { kind, parts })
    }
}

/// Characters of a record, which may change their width where the record is continued.
struct Characters<'a> {
    parts: &'a [&'a [u8]],
    part: usize,
    at: usize,
}

impl<'a> Characters<'a> {
    fn new(parts: &'a [&'a [u8]], at: usize) -> Self {
        Self { parts, part: 0, at }
    }

    fn rest(&self) -> &'a [u8] {
        self.parts
            .get(self.part)
            .and_then(|part| part.get(self.at..))
            .unwrap_or_default()
    }

    fn at_end(&self) -> bool {
        self.part + 1 >= self.parts.len() && self.rest().is_empty()
    }

    fn byte(&mut self) -> Option<u8> {
        while self.rest().is_empty() {
            if self.part + 1 >= self.parts.len() {
                return None;
            }
            self.part += 1;
            self.at = 0;
        }
        let byte = self.rest()[0];
        self.at += 1;
        Some(byte)
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn long(&mut self) -> Option<u32> {
        Some(u32::from(self.word()?) | u32::from(self.word()?) << 16)
    }

    fn pass(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            let step = self.rest().len().min(count);
            self.at += step;
            count -= step;
            if count > 0 {
                if self.part + 1 >= self.parts.len() {
                    return None;
                }
                self.part += 1;
                self.at = 0;
            }
        }
        Some(())
    }

    /// A string whose length has been read: its flags, its characters, and the runs and readings behind them.
    fn string(&mut self, length: usize) -> Option<String> {
        let flags = self.byte()?;
        let mut wide = flags & 1 != 0;
        let runs = if flags & 8 != 0 { usize::from(self.word()?) } else { 0 };
        let readings = if flags & 4 != 0 { self.long()? as usize } else { 0 };
        let mut units: Vec<u16> = Vec::new();
        while units.len() < length {
            if self.rest().is_empty() {
                if self.part + 1 >= self.parts.len() {
                    break;
                }
                self.part += 1;
                self.at = 0;
                // The continuation says anew whether its characters have one byte or two.
                wide = self.byte()? & 1 != 0;
                continue;
            }
            let low = self.byte()?;
            units.push(if wide {
                u16::from_le_bytes([low, self.byte()?])
            } else {
                u16::from(low)
            });
        }
        self.pass(runs * 4 + readings);
        Some(String::from_utf16_lossy(&units))
    }
}

/// What all sheets share.
#[derive(Default)]
struct Book {
    strings: Vec<String>,
    formats: Vec<NumberFormat>,
    since_1904: bool,
    sheets: Vec<(String, usize, bool)>,
}

/// Reads the stream `Workbook` of a compound file.
pub(in crate::read) fn read(stream: &[u8]) -> Result<Source, ReadError> {
    let book = Book::read(stream)?;
    let mut notes = Vec::new();
    let mut sheets = Vec::new();
    let mut tally = Tally::default();
    // Sheets that lie in one another would be read again and again.
    let mut left = stream.len() * 2;
    for (name, at, hidden) in &book.sheets {
        if *hidden {
            notes.push((
                format!("隐藏的工作表“{name}”未读取"),
                "如需读取，请取消隐藏后保存".to_owned(),
            ));
            continue;
        }
        let mut cells = SheetCells::default();
        if !book.read_sheet(stream, *at, &mut cells, &mut left) {
            notes.push((
                format!("工作表“{name}”不完整，其后的内容未读取"),
                "请重新获取该文件，或用 WPS 另存为 xlsx 再读取".to_owned(),
            ));
        }
        if cells.is_cut() {
            notes.push((
                format!("工作表“{name}”内容过多，其后的单元格未读取"),
                "请将表格拆分后分别读取".to_owned(),
            ));
        }
        let room = tally.take(&cells, &mut notes);
        sheets.push((name.clone(), cells));
        if !room {
            break;
        }
    }
    assemble(sheets, notes)
}

impl Book {
    fn read(stream: &[u8]) -> Result<Self, ReadError> {
        let mut book = Self::default();
        let mut own = std::collections::BTreeMap::new();
        let mut format_ids = Vec::new();
        let mut records = Records { stream, at: 0 };
        match records.next() {
            Some(first) if first.kind == kind::BEGIN && word(first.data(), 0) == BIFF8 => {}
            Some(first) if first.kind & 0xFF == 0x09 => {
                return Err(unreadable("xls 文件的版本过旧（Excel 95 及以前）"));
            }
            _ => return Err(damaged()),
        }
        let mut ended = false;
        for record in records {
            let data = record.data();
            match record.kind {
                kind::PASSWORD => return Err(encrypted()),
                kind::DATE_1904 => book.since_1904 = word(data, 0) == 1,
                kind::FORMAT => {
                    let mut characters = Characters::new(&record.parts, 2);
                    if let Some(length) = characters.word()
                        && let Some(code) = characters.string(usize::from(length))
                    {
                        own.insert(i64::from(word(data, 0)), NumberFormat::new(&code));
                    }
                }
                kind::CELL_FORMAT => format_ids.push(i64::from(word(data, 2))),
                kind::SHEET if book.sheets.len() < MAX_SHEETS => book.list_sheet(&record),
                kind::STRINGS => book.read_strings(&record),
                kind::END => {
                    ended = true;
                    break;
                }
                _ => {}
            }
        }
        if !ended && book.sheets.is_empty() {
            return Err(damaged());
        }
        let format_of = |id: &i64| own.get(id).cloned().unwrap_or_else(|| NumberFormat::built_in(*id));
        book.formats = format_ids.iter().map(format_of).collect();
        Ok(book)
    }

    fn list_sheet(&mut self, record: &Record<'_>) {
        let data = record.data();
        let is_sheet = data.get(5).is_some_and(|&kind| kind == 0);
        let hidden = data.get(4).is_some_and(|&state| state & 3 != 0);
        let mut characters = Characters::new(&record.parts, 6);
        if let Some(length) = characters.byte()
            && let Some(name) = characters.string(usize::from(length))
            && is_sheet
        {
            self.sheets.push((name, long(data, 0) as usize, hidden));
        }
    }

    fn read_strings(&mut self, record: &Record<'_>) {
        let mut characters = Characters::new(&record.parts, 8);
        let mut bytes = 0;
        while !characters.at_end() && self.strings.len() < MAX_STRINGS && bytes < MAX_TEXT_BYTES {
            let Some(length) = characters.word() else { break };
            let Some(text) = characters.string(usize::from(length)) else {
                break;
            };
            bytes += text.len();
            self.strings.push(text);
        }
    }

    /// Takes the cells of the sheet that begins at `at`; false where it breaks off.
    fn read_sheet(&self, stream: &[u8], at: usize, cells: &mut SheetCells, left: &mut usize) -> bool {
        // Charts within the sheet are streams of records of their own.
        let mut depth = 0_usize;
        let mut text_of: Option<(u32, u32)> = None;
        for record in (Records { stream, at }) {
            let data = record.data();
            let length = record.parts.iter().map(|part| part.len() + 4).sum();
            let Some(rest) = left.checked_sub(length) else {
                return false;
            };
            *left = rest;
            match record.kind {
                kind::BEGIN => depth += 1,
                kind::END => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return true;
                    }
                }
                _ if depth != 1 => {}
                kind::MERGES => {
                    for area in data.get(2..).unwrap_or_default().chunks_exact(8) {
                        let at = |place| u32::from(word(area, place));
                        cells.merge(Merge {
                            first_row: at(0),
                            last_row: at(2),
                            first_column: at(4),
                            last_column: at(6),
                        });
                    }
                }
                kind::HEADER | kind::FOOTER => {
                    let mut characters = Characters::new(&record.parts, 0);
                    if let Some(text) = characters
                        .word()
                        .and_then(|length| characters.string(usize::from(length)))
                    {
                        cells.margin(&text);
                    }
                }
                kind::FORMULA_TEXT => {
                    let mut characters = Characters::new(&record.parts, 0);
                    if let Some((row, column)) = text_of.take()
                        && let Some(text) = characters
                            .word()
                            .and_then(|length| characters.string(usize::from(length)))
                    {
                        cells.add(row, column, &text);
                    }
                }
                _ => text_of = self.read_cell(&record, cells).or(text_of),
            }
            if cells.is_cut() {
                return true;
            }
        }
        false
    }

    /// Takes one cell or a row of numbers; gives the place of a formula whose text comes in the next record.
    fn read_cell(&self, record: &Record<'_>, cells: &mut SheetCells) -> Option<(u32, u32)> {
        let data = record.data();
        let (row, column, format) = (u32::from(word(data, 0)), u32::from(word(data, 2)), word(data, 4));
        match record.kind {
            kind::SHARED_TEXT => {
                if let Some(text) = self.strings.get(long(data, 6) as usize) {
                    cells.add(row, column, text);
                }
            }
            kind::TEXT => {
                let mut characters = Characters::new(&record.parts, 6);
                if let Some(text) = characters
                    .word()
                    .and_then(|length| characters.string(usize::from(length)))
                {
                    cells.add(row, column, &text);
                }
            }
            kind::NUMBER => self.add_number(cells, row, column, format, double(data, 6)),
            kind::COMPACT_NUMBER => self.add_number(cells, row, column, format, compact(long(data, 6))),
            kind::NUMBERS => {
                for (place, number) in data
                    .get(4..data.len().saturating_sub(2))
                    .unwrap_or_default()
                    .chunks_exact(6)
                    .enumerate()
                {
                    self.add_number(
                        cells,
                        row,
                        column + place as u32,
                        word(number, 0),
                        compact(long(number, 2)),
                    );
                }
            }
            kind::TRUTH => cells.add(row, column, truth(data.get(6).copied(), data.get(7).copied())),
            kind::FORMULA if word(data, 12) == 0xFFFF => match data.get(6) {
                Some(0) => return Some((row, column)),
                Some(1) => cells.add(row, column, truth(data.get(8).copied(), Some(0))),
                Some(2) => cells.add(row, column, truth(data.get(8).copied(), Some(1))),
                _ => {}
            },
            kind::FORMULA => self.add_number(cells, row, column, format, double(data, 6)),
            _ => {}
        }
        None
    }

    fn add_number(&self, cells: &mut SheetCells, row: u32, column: u32, format: u16, number: Option<Decimal>) {
        let Some(number) = number else { return };
        let text = self
            .formats
            .get(usize::from(format))
            .map_or_else(|| number.plain(), |f| f.show(&number, self.since_1904));
        cells.add(row, column, &text);
    }
}

fn double(data: &[u8], at: usize) -> Option<Decimal> {
    let bytes: [u8; 8] = data.get(at..at + 8)?.try_into().ok()?;
    // The shortest decimal text that stands for the stored number is what was typed.
    Decimal::parse(&f64::from_le_bytes(bytes).to_string())
}

/// RK: the upper 30 bits of a number or a whole number, perhaps to be divided by a hundred.
fn compact(bits: u32) -> Option<Decimal> {
    let mut number = if bits & 2 != 0 {
        Decimal::parse(&((bits as i32) >> 2).to_string())?
    } else {
        Decimal::parse(&f64::from_bits(u64::from(bits & !3) << 32).to_string())?
    };
    if bits & 1 != 0 {
        number.shift(-2);
    }
    Some(number)
}

fn truth(value: Option<u8>, is_error: Option<u8>) -> &'static str {
    match (value, is_error) {
        (Some(0x00), Some(1)) => "#NULL!",
        (Some(0x07), Some(1)) => "#DIV/0!",
        (Some(0x0F), Some(1)) => "#VALUE!",
        (Some(0x17), Some(1)) => "#REF!",
        (Some(0x1D), Some(1)) => "#NAME?",
        (Some(0x24), Some(1)) => "#NUM!",
        (_, Some(1)) => "#N/A",
        (Some(0), _) => "FALSE",
        _ => "TRUE",
    }
}
