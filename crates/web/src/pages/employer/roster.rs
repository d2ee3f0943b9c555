//! A firm's roster: pasted from a spreadsheet or uploaded, headings matched, cells read. Bad cells are told by row and
//! column; good rows are kept. Nothing is written anywhere.

use std::collections::BTreeMap;

use civil::ResidentId;
use document::source::{Block, Table};
use policy::fact::{Fact, FactType};
use rules::catalogue::Catalogue;
use serde_json::Value;

use super::headings::{Column, Is, find};
use super::term::{self, Term, Unit};

use crate::pages::ask::said;

/// Most rows of a roster.
pub(super) const MOST_ROWS: usize = 2_000;
/// Most columns that are looked at.
const MOST_COLUMNS: usize = 60;
/// Longest cell.
const MOST_CHARACTERS: usize = 60;
/// Lines in which the headings are looked for: a title may stand above them.
const HEAD_LINES: usize = 5;

/// One person of the roster.
#[derive(Default)]
pub(super) struct Person {
    /// Its row in the sheet, or its line in what was pasted.
    pub(super) line: usize,
    /// The row above in which the same person stands.
    pub(super) repeats: Option<usize>,
    pub(super) name: String,
    /// The number with all but its end covered.
    pub(super) id: String,
    pub(super) facts: BTreeMap<String, Value>,
}

/// A roster as read.
#[derive(Default)]
pub(super) struct Roster {
    pub(super) people: Vec<Person>,
    pub(super) problems: Vec<Problem>,
    /// Headings that no column has: they are not looked at.
    pub(super) unread: Vec<String>,
    /// Columns that the roster does not have.
    pub(super) absent: Vec<String>,
}

/// What is wrong where, and what to do.
pub(super) struct Problem {
    pub(super) line: usize,
    pub(super) column: String,
    pub(super) message: String,
}

/// Lines above a row that are kept, so that a sheet's rows keep their numbers when they are sent again.
const MOST_LINES: usize = 10_000;

/// Cells as text, whatever they came from; the line of each row.
pub(super) struct Cells(Vec<(usize, Vec<String>)>);

impl Cells {
    /// What was pasted: tabs between cells, as spreadsheets give it, or a comma-separated file's text.
    pub(super) fn pasted(text: &str) -> Result<Self, String> {
        // A browser sends CR LF, which would count as two lines.
        let text = text.replace("\r\n", "\n");
        let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let delimiter = if first.contains('\t') { b'\t' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        let (mut line, mut counted) = (1_usize, 0_usize);
        for record in reader.records() {
            let record = record.map_err(|_| "表格内容无法识别，请从表格软件中重新复制".to_owned())?;
            // A record begins behind the empty lines above it, which the reader passes over.
            let begin = record.position().and_then(|place| usize::try_from(place.byte()).ok());
            let begin = begin.unwrap_or(counted).max(counted);
            let rest = text.as_bytes().get(begin..).unwrap_or_default();
            let begin = begin + rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            let passed = text.as_bytes().get(counted..begin).unwrap_or_default();
            line += passed.iter().filter(|byte| **byte == b'\n').count();
            counted = begin;
            let cells: Vec<String> = record.iter().take(MOST_COLUMNS).map(plain).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push((line, cells));
            }
            if rows.len() > MOST_ROWS + HEAD_LINES {
                return Err(too_many());
            }
        }
        Ok(Self(rows))
    }

    /// A file: a workbook by the bounded reader of documents, or text in UTF-8 or GB 18030.
    pub(super) fn uploaded(bytes: &[u8]) -> Result<Self, String> {
        let workbook = bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
        if !workbook {
            let text = match str::from_utf8(bytes) {
                Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(),
                Err(_) => {
                    let (text, _, broken) = encoding_rs::GB18030.decode(bytes);
                    if broken {
                        return Err("文件的编码无法识别，请另存为 xlsx 后上传".to_owned());
                    }
                    text.into_owned()
                }
            };
            return Self::pasted(&text);
        }
        let source = document::read(bytes).map_err(|error| format!("{}。{}", error.message, error.hint))?;
        let tables = source.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Paragraph(_) => None,
        });
        let Some(table) = tables.max_by_key(|table| table.rows.len()) else {
            return Err("文件里没有表格，请下载表样填写".to_owned());
        };
        if table.rows.len() > MOST_ROWS + HEAD_LINES {
            return Err(too_many());
        }
        Ok(Self(cells(table, &source.text)))
    }

    /// As text to be pasted again, so that an upload can be mended on the page.
    pub(super) fn text(&self) -> String {
        let (mut text, mut at) = (String::new(), 1);
        for (line, cells) in &self.0 {
            while at < (*line).min(MOST_LINES) {
                text.push('\n');
                at += 1;
            }
            text.push_str(&cells.join("\t"));
            text.push('\n');
            at += 1;
        }
        text.truncate(text.trim_end_matches('\n').len());
        text
    }
}

fn too_many() -> String {
    format!("一次最多核对 {MOST_ROWS} 人，请分几次核对")
}

fn cells(table: &Table, text: &str) -> Vec<(usize, Vec<String>)> {
    let rows = (1..).zip(&table.rows).map(|(line, row)| {
        let mut cells = Vec::new();
        for cell in row.cells.iter().filter(|cell| cell.column < MOST_COLUMNS) {
            cells.resize(cell.column, String::new());
            cells.push(plain(text.get(cell.span.start..cell.span.end).unwrap_or_default()));
        }
        (row.number.unwrap_or(line), cells)
    });
    rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty()))
        .collect()
}

/// A cell in one line, without white space at its ends and without the sign that keeps digits as text.
fn plain(cell: &str) -> String {
    let cell = cell.trim().trim_start_matches('\'');
    cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl Roster {
    /// Reads the cells by these columns.
    pub(super) fn read(catalogue: &Catalogue, cells: &Cells, columns: &[Column<'_>]) -> Result<Self, String> {
        let head = cells.0.iter().take(HEAD_LINES).enumerate();
        let head = head.map(|(at, (_, row))| (row.iter().filter(|cell| find(columns, cell).is_some()).count(), at));
        let Some((found, at)) = head.max_by_key(|(found, at)| (*found, std::cmp::Reverse(*at))) else {
            return Err("没有内容，请粘贴名单或上传文件，第一行为表头".to_owned());
        };
        if found == 0 {
            let names: Vec<&str> = columns.iter().map(|column| column.label.as_str()).collect();
            return Err(format!("没有认出表头。第一行应为列名：{}", names.join("、")));
        }
        let (mut roster, mut seen) = (Self::default(), BTreeMap::new());
        let Some(((head_line, heads), rows)) = cells.0.get(at..).and_then(<[_]>::split_first) else {
            return Ok(roster);
        };
        let known: Vec<Option<&Column<'_>>> = heads.iter().map(|head| find(columns, head)).collect();
        let unread = heads
            .iter()
            .zip(&known)
            .filter(|(head, column)| column.is_none() && !head.is_empty());
        roster.unread = unread.map(|(head, _)| short(head)).collect();
        let is_there = |label: &str| known.iter().flatten().any(|column| column.label == label);
        let facts = columns.iter().filter(|column| matches!(column.is, Is::Fact(_)));
        let absent = facts.filter(|column| !is_there(&column.label));
        roster.absent = absent.map(|column| column.label.clone()).collect();
        let units: Vec<Option<Unit>> = heads.iter().map(|head| term::unit_of(head)).collect();
        // Numbers of which nothing says what they count: one of them, and how many, by column.
        let mut unsaid: BTreeMap<usize, (String, usize)> = BTreeMap::new();
        if rows.len() > MOST_ROWS {
            return Err(too_many());
        }
        for (line, row) in rows {
            let mut person = Person {
                line: *line,
                ..Person::default()
            };
            for (at, cell) in row.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                let Some(column) = known.get(at).copied().flatten() else {
                    continue;
                };
                let unit = units.get(at).copied().flatten();
                let wrong = match put(catalogue, &mut person, column, unit, cell, &mut seen) {
                    Ok(Put::Done) => continue,
                    Ok(Put::Unsaid) => {
                        unsaid.entry(at).or_insert_with(|| (cell.clone(), 0)).1 += 1;
                        continue;
                    }
                    Err(wrong) => wrong,
                };
                roster.problems.push(Problem {
                    line: *line,
                    column: column.label.clone(),
                    message: wrong,
                });
            }
            roster.people.push(person);
        }
        for (at, (cell, count)) in unsaid {
            let head = heads.get(at).map(|head| short(head)).unwrap_or_default();
            roster.problems.push(Problem {
                line: *head_line,
                message: format!(
                    "没有写明单位，不知道“{cell}”是月还是年，这一列有 {count} 行没有读取。请把表头写成“{head}（月）”或“{head}（年）”，或在格内写“36个月”“3年”"
                ),
                column: head,
            });
        }
        Ok(roster)
    }
}

fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

/// What became of a cell that could be read.
enum Put {
    Done,
    /// A number, and nothing says whether of months or of years.
    Unsaid,
}

fn put(
    catalogue: &Catalogue,
    person: &mut Person,
    column: &Column<'_>,
    unit: Option<Unit>,
    cell: &str,
    seen: &mut BTreeMap<ResidentId, usize>,
) -> Result<Put, String> {
    if cell.chars().count() > MOST_CHARACTERS {
        return Err(format!("超过 {MOST_CHARACTERS} 个字，请改短"));
    }
    match column.is {
        Is::Name => cell.clone_into(&mut person.name),
        Is::Id => {
            // The reader's own message would show the number.
            let id = ResidentId::parse(cell).map_err(|_| "身份证号位数或校验不符，请核对".to_owned())?;
            person.id = id.masked();
            let first = *seen.entry(id).or_insert(person.line);
            person.repeats = (first != person.line).then_some(first);
        }
        Is::Fact(fact) if fact.kind == FactType::Int && fact.unit.as_deref() == Some("个月") => {
            let months = match term::read(cell, unit) {
                Term::Months(months) => months.to_string(),
                Term::Unsaid => return Ok(Put::Unsaid),
                Term::Unread => {
                    return Err("请写几个月或几年，如“36个月”“3年”；没有终止日期的写“无固定期限”".to_owned());
                }
            };
            let value = said::read(fact, &months, &catalogue.vocabulary.dictionary)?;
            person.facts.extend(value.map(|value| (fact.name.clone(), value)));
        }
        Is::Fact(fact) => {
            let word = word(catalogue, fact, cell)?;
            let value = said::read(fact, &word, &catalogue.vocabulary.dictionary)?;
            person.facts.extend(value.map(|value| (fact.name.clone(), value)));
        }
    }
    Ok(Put::Done)
}

/// A cell as an answer is written: 是 and √ are yes, a code by its name.
fn word(catalogue: &Catalogue, fact: &Fact, cell: &str) -> Result<String, String> {
    let dictionary = &catalogue.vocabulary.dictionary;
    Ok(match &fact.kind {
        FactType::Bool => match cell {
            "是" | "√" | "Y" | "y" | "有" | "1" => "yes".to_owned(),
            "否" | "×" | "N" | "n" | "无" | "没有" | "0" => "no".to_owned(),
            _ => return Err(format!("请写“是”或“否”：是不是“{}”", fact.label)),
        },
        FactType::Code(list) => {
            let codes = dictionary
                .list(list)
                .map(|list| list.codes.as_slice())
                .unwrap_or_default();
            let found = codes.iter().find(|code| code.label == cell || code.code == cell);
            match found {
                Some(code) => code.code.clone(),
                None => {
                    let labels: Vec<&str> = codes.iter().map(|code| code.label.as_str()).collect();
                    return Err(format!("请写其中一项：{}", labels.join("、")));
                }
            }
        }
        FactType::Int => {
            let unit = fact.unit.as_deref().unwrap_or("人");
            cell.strip_suffix(unit).unwrap_or(cell).trim().to_owned()
        }
        FactType::Region => match catalogue.library.regions.written(cell) {
            Some(region) => region.code.to_string(),
            None => cell.to_owned(),
        },
        _ if cell == said::NONE => return Err("没有的请留空".to_owned()),
        _ => cell.to_owned(),
    })
}
