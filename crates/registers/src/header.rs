//! Which column of a file is which of the register: headers in one row or two, in Chinese, in our identifiers or in
//! field codes, with spaces, brackets, stars and units about them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use policy::fact::FactType;
use policy::file::nearest;
use policy::register::{Column, ColumnType, Register};

use crate::source::Head;
use crate::value::fold;

/// Texts of a row that are told of a sheet without a header, and characters of each.
const MAX_TOLD: usize = 12;
const MAX_HEADER: usize = 20;

/// The columns of a sheet as the register has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The last row of the header.
    pub row: u32,
    /// Of each column of the register, its place in the sheet.
    pub places: Vec<Option<usize>>,
    /// Of each column of the register, the header as written.
    pub texts: Vec<String>,
    /// Of each column of the register, what a bare number counts (see [`crate::value::Reader::scale`]).
    pub scales: Vec<i8>,
    /// Cells a row must have to reach every column.
    pub width: usize,
    /// Headers that no column of the register has.
    pub unknown: Vec<String>,
}

/// Why a sheet cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoHeader {
    /// No row looks like a header: the sheet is about something else.
    NotFound(Nearest),
    /// Columns without which no row can be read.
    Missing(Vec<String>),
    /// Two columns of the sheet claim to be the same.
    Twice {
        /// The column of the register.
        column: String,
        /// The two headers.
        headers: [String; 2],
    },
    /// A unit that is not understood.
    Unit {
        /// The header.
        header: String,
    },
}

/// The row of a sheet that comes nearest to a header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nearest {
    /// Its number, from 1; 0 where the sheet has no row with anything in it.
    pub row: u32,
    /// Its texts; none where it may be a row of data, for those are not told.
    pub texts: Vec<String>,
    /// The columns of the register that it names.
    pub known: Vec<String>,
    /// Required columns that it does not name.
    pub missing: Vec<String>,
}

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.row == 0 {
            return f.write_str("没有内容");
        }
        if !self.texts.is_empty() {
            write!(f, "最像表头的是第{}行“{}”，", self.row, self.texts.join("、"))?;
        }
        if self.known.is_empty() {
            f.write_str("其中没有本数据表的列")?;
        } else {
            write!(f, "认出的列有{}", self.known.join("、"))?;
        }
        if self.missing.is_empty() {
            return Ok(());
        }
        write!(f, "，缺少必填列{}", self.missing.join("、"))
    }
}

impl Header {
    /// Finds the header among the first rows of a sheet.
    ///
    /// # Errors
    /// [`NoHeader`].
    pub fn find(head: &Head, register: &Register) -> Result<Self, NoHeader> {
        let names = Names::of(register);
        let rows: Vec<(u32, Vec<String>)> = head
            .rows
            .iter()
            .map(|(row, cells)| (*row, filled(head, *row, cells)))
            .collect();
        let mut best: Option<(usize, u32, Vec<String>)> = None;
        for (index, (row, cells)) in rows.iter().enumerate() {
            let mut candidates = vec![(*row, cells.clone())];
            // Two rows: what the lower one says, else the upper one, else both together.
            if let Some((next, below)) = rows.get(index + 1).filter(|(next, _)| *next == row + 1) {
                candidates.push((*next, joined(cells, below, &names)));
            }
            for (last, texts) in candidates {
                let matched = names.columns(&texts).len();
                if best.as_ref().is_none_or(|(most, ..)| matched > *most) {
                    best = Some((matched, last, texts));
                }
            }
        }
        match best {
            Some((_, row, texts)) if names.are_a_header(&texts, register) => Self::of(row, &texts, &names, register),
            best => Err(NoHeader::NotFound(nearest_of(best, &rows, &names, register))),
        }
    }

    fn of(row: u32, texts: &[String], names: &Names, register: &Register) -> Result<Self, NoHeader> {
        let count = register.columns.len();
        let mut header = Self {
            row,
            places: vec![None; count],
            texts: register.columns.iter().map(|column| column.label.clone()).collect(),
            scales: vec![0; count],
            width: 0,
            unknown: Vec::new(),
        };
        for (place, text) in texts.iter().enumerate() {
            let Some(index) = names.find(text) else {
                if !text.is_empty() {
                    header.unknown.push(text.clone());
                }
                continue;
            };
            let Some(column) = register.columns.get(index) else {
                continue;
            };
            let taken = header.places.get(index).copied().flatten();
            if let Some(first) = taken {
                let first = texts.get(first).cloned().unwrap_or_default();
                return Err(NoHeader::Twice {
                    column: column.label.clone(),
                    headers: [first, text.clone()],
                });
            }
            let scale = scale(text, column).ok_or_else(|| NoHeader::Unit { header: text.clone() })?;
            set(&mut header.places, index, Some(place));
            set(&mut header.texts, index, text.clone());
            set(&mut header.scales, index, scale);
            header.width = header.width.max(place + 1);
        }
        let missing: Vec<String> = register
            .columns
            .iter()
            .zip(&header.places)
            .filter(|(column, place)| column.required && place.is_none())
            .map(|(column, _)| missing(column, &header.unknown))
            .collect();
        if !missing.is_empty() {
            return Err(NoHeader::Missing(missing));
        }
        // The width of rows is that of the header, not of its last known column.
        header.width = texts.len();
        Ok(header)
    }
}

/// What to tell of a sheet without a header.
fn nearest_of(
    best: Option<(usize, u32, Vec<String>)>,
    rows: &[(u32, Vec<String>)],
    names: &Names,
    register: &Register,
) -> Nearest {
    let filled = |texts: &[String]| texts.iter().filter(|text| !text.trim().is_empty()).count();
    let best = best
        .filter(|(matched, ..)| *matched > 0)
        .map(|(_, row, texts)| (row, texts));
    // Where nothing is known, the first of the fullest rows.
    let fullest = || rows.iter().rev().max_by_key(|(_, texts)| filled(texts)).cloned();
    let Some((row, texts)) = best.or_else(fullest).filter(|(_, texts)| filled(texts) > 0) else {
        return Nearest::default();
    };
    let known = names.columns(&texts);
    let labels = |wanted: &dyn Fn(usize, &Column) -> bool| -> Vec<String> {
        let columns = register.columns.iter().enumerate();
        columns
            .filter(|(index, column)| wanted(*index, column))
            .map(|(_, column)| column.label.clone())
            .collect()
    };
    // Numbers, codes and days have digits in a row; headers have not.
    let digits = |text: &String| {
        text.as_bytes()
            .windows(4)
            .any(|four| four.iter().all(u8::is_ascii_digit))
    };
    let told = !texts.iter().any(digits);
    let texts = texts.into_iter().filter(|text| told && !text.trim().is_empty());
    Nearest {
        row,
        texts: texts
            .take(MAX_TOLD)
            .map(|text| text.chars().take(MAX_HEADER).collect())
            .collect(),
        known: labels(&|index, _| known.contains(&index)),
        missing: labels(&|index, column| column.required && !known.contains(&index)),
    }
}

/// A column that is not there, with what comes near.
fn missing(column: &Column, unknown: &[String]) -> String {
    let folded: Vec<String> = unknown.iter().map(|text| plain(text)).collect();
    let near = nearest(&plain(&column.label), folded.iter().map(String::as_str), 1);
    let near = near.first().and_then(|near| {
        let at = folded.iter().position(|text| text == near)?;
        unknown.get(at)
    });
    match near {
        Some(near) => format!("{}（表中有相近的“{near}”）", column.label),
        None => column.label.clone(),
    }
}

fn set<T>(list: &mut [T], index: usize, value: T) {
    if let Some(place) = list.get_mut(index) {
        *place = value;
    }
}

/// The cells of a head row, merged ones filled.
fn filled(head: &Head, row: u32, cells: &[String]) -> Vec<String> {
    let mut cells = cells.to_vec();
    for area in head.merges.of_row(row - 1) {
        let first = head
            .rows
            .iter()
            .find(|(number, _)| *number == area.start.0 + 1)
            .and_then(|(_, cells)| cells.get(area.start.1 as usize))
            .cloned()
            .unwrap_or_default();
        let end = (area.end.1 as usize).min(crate::source::MAX_COLUMNS - 1);
        if cells.len() <= end {
            cells.resize(end + 1, String::new());
        }
        for cell in cells.iter_mut().take(end + 1).skip(area.start.1 as usize) {
            if cell.is_empty() {
                cell.clone_from(&first);
            }
        }
    }
    cells
}

fn joined(above: &[String], below: &[String], names: &Names) -> Vec<String> {
    let cell = |row: &[String], at: usize| row.get(at).cloned().unwrap_or_default();
    (0..above.len().max(below.len()))
        .map(|at| {
            let (upper, lower) = (cell(above, at), cell(below, at));
            let both = format!("{upper}{lower}");
            if names.find(&lower).is_some() {
                lower
            } else if names.find(&both).is_some() && !lower.is_empty() {
                both
            } else if names.find(&upper).is_some() || lower.is_empty() {
                upper
            } else {
                lower
            }
        })
        .collect()
}

/// Everything a column may be called.
struct Names {
    exact: BTreeMap<String, usize>,
    /// Without brackets; a name that two columns would have is none.
    short: BTreeMap<String, Option<usize>>,
}

impl Names {
    fn of(register: &Register) -> Self {
        let mut names = Self {
            exact: BTreeMap::new(),
            short: BTreeMap::new(),
        };
        for (index, column) in register.columns.iter().enumerate() {
            let labels = std::iter::once(&column.label).chain(&column.also);
            for label in labels
                .clone()
                .chain([&column.id])
                .chain(&column.fact)
                .chain(&column.field)
            {
                names.exact.entry(plain(label)).or_insert(index);
            }
            for label in labels {
                names
                    .short
                    .entry(without_brackets(&plain(label)))
                    .and_modify(|known| {
                        if *known != Some(index) {
                            *known = None;
                        }
                    })
                    .or_insert(Some(index));
            }
        }
        names
    }

    /// The columns that a row of texts names, each once.
    fn columns(&self, texts: &[String]) -> BTreeSet<usize> {
        texts.iter().filter_map(|text| self.find(text)).collect()
    }

    /// Whether a row is the header: it names every required column, or more columns than anything else. A row of an
    /// explanation names one column in several ways. One cell alone is a header where nothing else is required.
    fn are_a_header(&self, texts: &[String], register: &Register) -> bool {
        let named = self.columns(texts);
        let filled = texts.iter().filter(|text| !text.is_empty()).count();
        let mut required = (0..register.columns.len()).filter(|i| register.columns.get(*i).is_some_and(|c| c.required));
        let required = required.all(|index| named.contains(&index));
        let least = if required && named.len() == filled { 1 } else { 2 };
        named.len() >= least.min(register.columns.len()) && (named.len() * 2 > filled || required)
    }

    fn find(&self, text: &str) -> Option<usize> {
        let whole = plain(text);
        if whole.is_empty() {
            return None;
        }
        if let Some(index) = self.exact.get(&whole) {
            return Some(*index);
        }
        let short = without_brackets(&whole);
        self.exact
            .get(&short)
            .copied()
            .or_else(|| self.short.get(&short).copied().flatten())
    }
}

/// A header without what people put about it: spaces, stars, colons.
fn plain(text: &str) -> String {
    fold(text)
        .chars()
        .filter(|c| !matches!(c, '*' | '★' | '☆' | ':' | '"' | '\'' | '、' | '_'))
        .map(|c| match c {
            '【' | '[' | '［' => '(',
            '】' | ']' | '］' => ')',
            c => c,
        })
        .collect()
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// What a bare number counts, by the unit in the header's brackets; `None` for a unit of money that is not known.
fn scale(header: &str, column: &Column) -> Option<i8> {
    let text = plain(header);
    let unit = text
        .rsplit_once('(')
        .and_then(|(_, rest)| rest.strip_suffix(')'))
        .unwrap_or_default()
        .trim_start_matches("单位")
        .trim();
    match &column.kind {
        ColumnType::Value(FactType::Fen) => match unit {
            "万元" => Some(4),
            "千元" => Some(3),
            "百元" => Some(2),
            "分" => Some(-2),
            "角" => Some(-1),
            "亿元" | "百万元" | "美元" | "usd" | "港元" => None,
            _ => Some(0),
        },
        ColumnType::Value(FactType::Decimal) => match unit {
            "%" => Some(-2),
            "‰" => Some(-3),
            _ => Some(0),
        },
        _ => Some(0),
    }
}
