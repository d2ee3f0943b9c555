//! A firm's roster: pasted from a spreadsheet or uploaded, headings matched, cells read. Bad cells are told by row and
//! column; good rows are kept. Nothing is written anywhere.

use std::collections::BTreeMap;

use civil::ResidentId;
use document::source::{Block, Table};
use policy::fact::{Fact, FactType};
use rules::catalogue::Catalogue;
use serde_json::Value;

use crate::pages::ask::said;

/// Most rows of a roster.
pub(super) const MOST_ROWS: usize = 2_000;
/// Most columns that are looked at.
const MOST_COLUMNS: usize = 60;
/// Longest cell.
const MOST_CHARACTERS: usize = 60;
/// Lines in which the headings are looked for: a title may stand above them.
const HEAD_LINES: usize = 5;

/// A column that a roster may have.
pub(super) struct Column<'c> {
    /// As it stands in the template.
    pub(super) label: String,
    also: Vec<String>,
    pub(super) is: Is<'c>,
}

/// What a column is.
#[derive(Clone, Copy)]
pub(super) enum Is<'c> {
    Name,
    Id,
    Fact(&'c Fact),
}

/// One person of the roster.
#[derive(Default)]
pub(super) struct Person {
    /// Its line in what was pasted, the heading being the first.
    pub(super) line: usize,
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
}

/// What is wrong where, and what to do.
pub(super) struct Problem {
    pub(super) line: usize,
    pub(super) column: String,
    pub(super) message: String,
}

/// The columns for these facts, who it is first. Their headings are those of the registers' templates.
pub(super) fn columns<'c>(catalogue: &'c Catalogue, facts: &[&'c Fact]) -> Vec<Column<'c>> {
    let of_register = |id: &str, is: Is<'c>, label: &str| {
        let register = catalogue.registers.get("person");
        let column = register.and_then(|register| register.column(id));
        Column {
            label: column.map_or_else(|| label.to_owned(), |column| column.label.clone()),
            also: column.map(|column| column.also.clone()).unwrap_or_default(),
            is,
        }
    };
    let mut columns = vec![
        of_register("name", Is::Name, "姓名"),
        of_register("person", Is::Id, "公民身份号码"),
    ];
    columns.extend(facts.iter().map(|fact| {
        Column {
            label: fact.label.clone(),
            also: catalogue
                .registers
                .holding(&fact.name)
                .map(|(_, column)| {
                    let label = column.label.clone();
                    column.also.iter().cloned().chain([label]).collect()
                })
                .unwrap_or_default(),
            is: Is::Fact(fact),
        }
    }));
    columns
}

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
        for record in reader.records() {
            let record = record.map_err(|_| "表格内容无法识别，请从表格软件中重新复制".to_owned())?;
            let line = record.position().map_or(0, csv::Position::line);
            let cells: Vec<String> = record.iter().take(MOST_COLUMNS).map(plain).collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push((usize::try_from(line).unwrap_or(usize::MAX), cells));
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
        let lines = self.0.iter().map(|(_, cells)| cells.join("\t"));
        lines.collect::<Vec<_>>().join("\n")
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
        (line, cells)
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
        let Some(((_, heads), rows)) = cells.0.get(at..).and_then(<[_]>::split_first) else {
            return Ok(roster);
        };
        let known: Vec<Option<&Column<'_>>> = heads.iter().map(|head| find(columns, head)).collect();
        let unread = heads
            .iter()
            .zip(&known)
            .filter(|(head, column)| column.is_none() && !head.is_empty());
        roster.unread = unread.map(|(head, _)| short(head)).collect();
        if rows.len() > MOST_ROWS {
            return Err(too_many());
        }
        for (line, row) in rows {
            let mut person = Person {
                line: *line,
                ..Person::default()
            };
            for (column, cell) in known.iter().zip(row) {
                let Some(column) = column.filter(|_| !cell.is_empty()) else {
                    continue;
                };
                if let Err(message) = put(catalogue, &mut person, column, cell, &mut seen) {
                    roster.problems.push(Problem {
                        line: *line,
                        column: column.label.clone(),
                        message,
                    });
                }
            }
            roster.people.push(person);
        }
        Ok(roster)
    }
}

fn find<'a, 'c>(columns: &'a [Column<'c>], head: &str) -> Option<&'a Column<'c>> {
    let folded = fold(head);
    let is = |label: &String| fold(label) == folded;
    columns
        .iter()
        .find(|column| !folded.is_empty() && (is(&column.label) || column.also.iter().any(is)))
}

/// A heading without spaces, marks and what stands in brackets.
fn fold(head: &str) -> String {
    let mut depth = 0_usize;
    let mut folded = String::new();
    for c in head.chars() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            '*' | '＊' | '：' | ':' => {}
            c if depth == 0 && !c.is_whitespace() => folded.push(c),
            _ => {}
        }
    }
    folded
}

fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

fn put(
    catalogue: &Catalogue,
    person: &mut Person,
    column: &Column<'_>,
    cell: &str,
    seen: &mut BTreeMap<ResidentId, usize>,
) -> Result<(), String> {
    if cell.chars().count() > MOST_CHARACTERS {
        return Err(format!("超过 {MOST_CHARACTERS} 个字，请改短"));
    }
    match column.is {
        Is::Name => cell.clone_into(&mut person.name),
        Is::Id => {
            // The reader's own message would show the number.
            let id = ResidentId::parse(cell).map_err(|_| "身份证号位数或校验不符，请核对".to_owned())?;
            person.id = id.masked();
            if let Some(first) = seen.insert(id, person.line) {
                return Err(format!("与第 {first} 行是同一个人，请删去一行"));
            }
        }
        Is::Fact(fact) => {
            let word = word(catalogue, fact, cell)?;
            let value = said::read(fact, &word, &catalogue.vocabulary.dictionary)?;
            person.facts.extend(value.map(|value| (fact.name.clone(), value)));
        }
    }
    Ok(())
}

/// A cell as an answer is written: 是 and √ are yes, a code by its name.
fn word(catalogue: &Catalogue, fact: &Fact, cell: &str) -> Result<String, String> {
    let dictionary = &catalogue.vocabulary.dictionary;
    Ok(match &fact.kind {
        FactType::Bool => match cell {
            "是" | "√" | "Y" | "y" | "有" | "1" => "yes".to_owned(),
            "否" | "×" | "N" | "n" | "无" | "没有" | "0" => "no".to_owned(),
            _ => return Err("请写“是”或“否”".to_owned()),
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
        FactType::Int => cell.trim_end_matches("个月").trim_end_matches('人').to_owned(),
        FactType::Region => match catalogue.library.regions.written(cell) {
            Some(region) => region.code.to_string(),
            None => cell.to_owned(),
        },
        _ if cell == said::NONE => return Err("没有的请留空".to_owned()),
        _ => cell.to_owned(),
    })
}
