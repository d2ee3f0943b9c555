//! xlsx: the workbook, its shared strings and formats, and its sheets as streams.

use std::io::BufRead;

use super::cells::{Merge, SheetCells};
use super::decimal::Decimal;
use super::format::NumberFormat;
use super::{Tally, assemble};
use crate::read::archive::Archive;
use crate::read::limits::MAX_TEXT_BYTES;
use crate::read::package::{Relationships, main_part};
use crate::read::xml::{Broken, Element, Node, Xml};
use crate::read::{ReadError, unreadable};
use crate::source::Source;

/// Most shared strings, formats and sheets that are taken.
const MAX_STRINGS: usize = 2_000_000;
const MAX_FORMATS: usize = 70_000;
const MAX_SHEETS: usize = 1_000;

/// A sheet as the workbook lists it.
#[derive(Debug)]
struct Listed {
    name: String,
    relationship: String,
    hidden: bool,
}

/// What all sheets share.
#[derive(Debug, Default)]
struct Shared {
    text: String,
    ends: Vec<usize>,
    formats: Vec<NumberFormat>,
    since_1904: bool,
}

/// Reads an archive that holds a workbook.
pub(in crate::read) fn read(archive: &mut Archive<'_>) -> Result<Source, ReadError> {
    let missing = |name: &str| unreadable(format!("xlsx 文件缺少工作簿部件 {name}"));
    let part = main_part(archive)?.ok_or_else(|| missing("xl/workbook.xml"))?;
    let relationships = Relationships::of(archive, &part)?;
    let mut notes: Vec<(String, String)> = Vec::new();
    let mut broken = |broken: Option<Broken>, part: &str| {
        notes.extend(broken.map(|b| (b.message(part), "请用 WPS 打开后另存为 xlsx 再读取".to_owned())));
    };

    let mut shared = Shared::default();
    let mut sheets: Vec<Listed> = Vec::new();
    let stream = archive.part(&part)?.ok_or_else(|| missing(&part))?;
    broken(
        shared.read_workbook(stream, &mut sheets).err(),
        "工作簿部件 workbook.xml ",
    );
    if let Some(stream) = relationships
        .target("sharedStrings")
        .map_or(Ok(None), |name| archive.part(name))?
    {
        broken(shared.read_strings(stream).err(), "文字部件 sharedStrings.xml ");
    }
    if let Some(stream) = relationships
        .target("styles")
        .map_or(Ok(None), |name| archive.part(name))?
    {
        broken(shared.read_styles(stream).err(), "格式部件 styles.xml ");
    }

    let mut read = Vec::new();
    let mut tally = Tally::default();
    for sheet in sheets {
        if sheet.hidden {
            notes.push((
                format!("隐藏的工作表“{}”未读取", sheet.name),
                "如需读取，请取消隐藏后保存".to_owned(),
            ));
            continue;
        }
        let mut cells = SheetCells::default();
        let target = relationships.by_id(&sheet.relationship);
        match target.map_or(Ok(None), |name| archive.part(name))? {
            Some(stream) => {
                if let Err(broken) = shared.read_sheet(stream, &mut cells) {
                    let part = format!("工作表“{}”", sheet.name);
                    notes.push((broken.message(&part), "请用 WPS 打开后另存为 xlsx 再读取".to_owned()));
                }
            }
            None => notes.push((
                format!("工作表“{}”的部件不在文件中，未读取", sheet.name),
                "请用 WPS 打开后另存为 xlsx 再读取".to_owned(),
            )),
        }
        if cells.formulas_without_result() > 0 {
            let message = format!(
                "工作表“{}”有 {} 个公式没有保存结果，未读取",
                sheet.name,
                cells.formulas_without_result()
            );
            notes.push((message, "请用 WPS 打开后保存，再重新读取".to_owned()));
        }
        if cells.is_cut() {
            notes.push((
                format!("工作表“{}”内容过多，其后的单元格未读取", sheet.name),
                "请将表格拆分后分别读取".to_owned(),
            ));
        }
        let room = tally.take(&cells, &mut notes);
        read.push((sheet.name, cells));
        if !room {
            break;
        }
    }
    assemble(read, notes)
}

impl Shared {
    fn read_workbook(&mut self, stream: impl BufRead, sheets: &mut Vec<Listed>) -> Result<(), Broken> {
        let mut xml = Xml::new(stream);
        loop {
            let element = match xml.next()? {
                Node::Over => return Ok(()),
                Node::Start(element) => element,
                _ => continue,
            };
            match element.name() {
                "workbookPr" => {
                    self.since_1904 = matches!(element.attribute("date1904").as_deref(), Some("1" | "true"));
                }
                "sheet" if sheets.len() < MAX_SHEETS => sheets.push(Listed {
                    name: element.attribute("name").unwrap_or_default(),
                    relationship: element.attribute("id").unwrap_or_default(),
                    hidden: matches!(element.attribute("state").as_deref(), Some("hidden" | "veryHidden")),
                }),
                _ => {}
            }
        }
    }

    fn read_strings(&mut self, stream: impl BufRead) -> Result<(), Broken> {
        let mut xml = Xml::new(stream);
        let mut in_text = false;
        loop {
            match xml.next()? {
                Node::Over => return Ok(()),
                // The reading of characters, for sorting.
                Node::Start(element) if element.name() == "rPh" => xml.skip()?,
                Node::Start(element) => in_text = element.name() == "t",
                Node::Text(text) if in_text => self.text.push_str(&text),
                Node::Text(_) => {}
                Node::End(closing) => {
                    in_text = false;
                    if closing.name() == "si" {
                        self.ends.push(self.text.len());
                    }
                }
            }
            if self.text.len() > MAX_TEXT_BYTES || self.ends.len() > MAX_STRINGS {
                return Err(Broken::TooLarge);
            }
        }
    }

    fn string(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..end]
    }

    fn read_styles(&mut self, stream: impl BufRead) -> Result<(), Broken> {
        let mut xml = Xml::new(stream);
        let mut own: std::collections::BTreeMap<i64, NumberFormat> = std::collections::BTreeMap::new();
        let mut in_cell_formats = false;
        loop {
            match xml.next()? {
                Node::Over => return Ok(()),
                Node::Start(element) => match element.name() {
                    "numFmt" if own.len() < MAX_FORMATS => {
                        if let (Some(id), Some(code)) = (element.number("numFmtId"), element.attribute("formatCode")) {
                            own.insert(id, NumberFormat::new(&code));
                        }
                    }
                    "cellXfs" => in_cell_formats = true,
                    "xf" if in_cell_formats && self.formats.len() < MAX_FORMATS => {
                        let id = element.number("numFmtId").unwrap_or(0);
                        self.formats
                            .push(own.get(&id).cloned().unwrap_or_else(|| NumberFormat::built_in(id)));
                    }
                    _ => {}
                },
                Node::End(closing) => {
                    if closing.name() == "cellXfs" {
                        in_cell_formats = false;
                    }
                }
                Node::Text(_) => {}
            }
        }
    }

    fn read_sheet(&self, stream: impl BufRead, cells: &mut SheetCells) -> Result<(), Broken> {
        let mut xml = Xml::new(stream);
        let mut place = Place::default();
        loop {
            match xml.next()? {
                Node::Over => return Ok(()),
                Node::Start(element) => match element.name() {
                    "row" => place.begin_row(&element),
                    "c" => place.begin_cell(&element),
                    "rPh" => xml.skip()?,
                    "f" => place.is_formula = true,
                    "v" | "t" | "oddHeader" | "evenHeader" | "firstHeader" | "oddFooter" | "evenFooter"
                    | "firstFooter" => {
                        place.in_text = true;
                        place.text.clear();
                    }
                    "mergeCell" => {
                        if let Some(merge) = element.attribute("ref").as_deref().and_then(area) {
                            cells.merge(merge);
                        }
                    }
                    _ => {}
                },
                Node::Text(text) if place.in_text => place.text.push_str(&text),
                Node::Text(_) => {}
                Node::End(closing) => match closing.name() {
                    "v" => {
                        place.in_text = false;
                        place.value = std::mem::take(&mut place.text);
                    }
                    "t" => {
                        place.in_text = false;
                        let text = std::mem::take(&mut place.text);
                        place.inline.push_str(&text);
                    }
                    "oddHeader" | "evenHeader" | "firstHeader" | "oddFooter" | "evenFooter" | "firstFooter" => {
                        place.in_text = false;
                        cells.margin(&std::mem::take(&mut place.text));
                    }
                    "c" => self.end_cell(&place, cells),
                    _ => {}
                },
            }
            if cells.is_cut() || place.text.len() + place.inline.len() > MAX_TEXT_BYTES {
                return if cells.is_cut() { Ok(()) } else { Err(Broken::TooLarge) };
            }
        }
    }

    fn end_cell(&self, place: &Place, cells: &mut SheetCells) {
        let value = place.value.as_str();
        if place.is_formula && value.is_empty() {
            cells.formula_without_result();
            return;
        }
        match place.kind.as_str() {
            "s" => cells.add(
                place.row,
                place.column,
                value.trim().parse().map_or("", |index| self.string(index)),
            ),
            "inlineStr" => cells.add(place.row, place.column, &place.inline),
            "str" | "e" | "d" => cells.add(place.row, place.column, value),
            "b" => cells.add(
                place.row,
                place.column,
                if value.trim() == "1" { "TRUE" } else { "FALSE" },
            ),
            _ => match Decimal::parse(value) {
                Some(number) => {
                    let text = self
                        .formats
                        .get(place.style)
                        .map_or_else(|| number.plain(), |f| f.show(&number, self.since_1904));
                    cells.add(place.row, place.column, &text);
                }
                None => cells.add(place.row, place.column, value),
            },
        }
    }
}

/// Where in a sheet the reader is, and what of a cell it has.
#[derive(Debug, Default)]
struct Place {
    row: u32,
    column: u32,
    next_row: u32,
    next_column: u32,
    kind: String,
    style: usize,
    in_text: bool,
    text: String,
    value: String,
    inline: String,
    is_formula: bool,
}

impl Place {
    fn begin_row(&mut self, element: &Element<'_>) {
        self.row = element
            .number("r")
            .and_then(|n| u32::try_from(n - 1).ok())
            .unwrap_or(self.next_row);
        self.next_row = self.row.saturating_add(1);
        self.next_column = 0;
    }

    fn begin_cell(&mut self, element: &Element<'_>) {
        let at = element.attribute("r").as_deref().and_then(cell_at);
        self.column = at.map_or(self.next_column, |(_, column)| column);
        if let Some((row, _)) = at {
            self.row = row;
        }
        self.next_column = self.column.saturating_add(1);
        self.kind = element.attribute("t").unwrap_or_default();
        self.style = element.number("s").and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        self.value.clear();
        self.inline.clear();
        self.is_formula = false;
    }
}

/// Row and column of `AB12`, from 0.
fn cell_at(reference: &str) -> Option<(u32, u32)> {
    let reference = reference.trim();
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).count();
    if !(1..=4).contains(&letters) {
        return None;
    }
    let column = reference[..letters]
        .bytes()
        .fold(0, |sum, b| sum * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    let row: u32 = reference[letters..].parse().ok()?;
    Some((row.checked_sub(1)?, column - 1))
}

/// `B2:D5`.
fn area(reference: &str) -> Option<Merge> {
    let (first, last) = reference.split_once(':')?;
    let ((first_row, first_column), (last_row, last_column)) = (cell_at(first)?, cell_at(last)?);
    Some(Merge {
        first_row,
        first_column,
        last_row,
        last_column,
    })
}
