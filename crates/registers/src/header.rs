//! Which column of a file is which of the register: headers in one row or two, in Chinese, in our identifiers or in
//! field codes, with spaces, brackets, stars and units about them.

use std::collections::{BTreeMap, BTreeSet};

use policy::fact::FactType;
use policy::file::nearest;
use policy::register::{Column, ColumnType, Register};

use crate::source::Head;
use crate::value::fold;

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
    NotFound,
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
            _ => Err(NoHeader::NotFound),
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
