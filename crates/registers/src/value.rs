//! A cell's text into the value its column holds.

mod day;
mod number;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use civil::{AccountNumber, CreditCode, IdError, RegionCode, ResidentId};
use policy::Regions;
use policy::fact::{CodeList, FactType};
use policy::file::meant;
use policy::register::{Column, ColumnType, Registers};

use crate::problem::Problem;
use crate::source::{Cell, CellKind};

/// Longest text of a column.
pub const MAX_TEXT: usize = 200;
/// Digits of a region's code that say its province and prefecture.
const PREFECTURE: usize = 4;
/// Codes of a list that a message names one by one.
const MAX_NAMED: usize = 12;
/// What people write where there is nothing.
const NOTHING: [&str; 9] = ["-", "--", "—", "——", "/", "\\", "NULL", "null", "N/A"];
/// What formulas leave behind in text files.
const FAULTS: [&str; 6] = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!"];

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'c> {
    /// Empty.
    Absent,
    /// A whole number, fen, a region's twelve digits.
    Long(i64),
    /// Days since 1970; of a month its first.
    Days(i32),
    /// A code's number.
    Small(i16),
    /// Millionths.
    Huge(i128),
    /// Yes or no.
    Flag(bool),
    /// Text, or a benefit's id.
    Text(Cow<'c, str>),
    /// A person.
    Person(ResidentId),
    /// A body.
    Body(CreditCode),
    /// What will stand sealed.
    Secret(Cow<'c, str>),
}

/// Benefits by id and by name, for columns that name one.
#[derive(Debug, Clone, Default)]
pub struct Benefits(pub BTreeMap<String, String>);

/// Regions by every way in which their names are written; a name of several has all of their codes.
#[derive(Debug, Clone, Default)]
pub struct RegionNames {
    names: BTreeMap<String, Vec<(RegionCode, String)>>,
    /// The first four digits of every code: province and prefecture. Below them codes come and go from year to year, and a
    /// register tells of people who moved long ago.
    prefixes: BTreeSet<String>,
}

impl RegionNames {
    /// Gets ready.
    pub fn of(regions: &Regions) -> Self {
        let spellings = regions.spellings().into_iter();
        let names = spellings.map(|(name, meant)| {
            let meant = meant.into_iter().filter_map(|region| {
                let code = RegionCode::parse(&region.code).ok()?;
                Some((code, regions.full_name(&region.code)))
            });
            (name, meant.collect())
        });
        let prefixes = regions.iter().filter_map(|region| region.code.get(..PREFECTURE));
        Self {
            names: names.collect(),
            prefixes: prefixes.map(str::to_owned).collect(),
        }
    }

    /// Whether there is such a province and prefecture, as far as any regions are known.
    fn may_be(&self, code: RegionCode) -> bool {
        let code = code.to_string();
        self.prefixes.is_empty()
            || code
                .get(..PREFECTURE)
                .is_some_and(|prefix| self.prefixes.contains(prefix))
    }

    /// The regions that a name may mean, with their names in full.
    pub fn meant(&self, name: &str) -> &[(RegionCode, String)] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }
}

/// What cells may name.
#[derive(Debug, Clone, Copy)]
pub struct Names<'n> {
    /// Benefits.
    pub benefits: &'n Benefits,
    /// Regions.
    pub regions: &'n RegionNames,
}

/// A column made ready to read many cells.
#[derive(Debug)]
pub struct Reader<'r> {
    column: &'r Column,
    codes: BTreeMap<String, i16>,
    labels: Vec<&'r str>,
    names: Names<'r>,
    least: Option<i128>,
    most: Option<i128>,
    /// What a bare number of the file counts, as a power of ten of ours: 万元 is 4, % is -2.
    pub scale: i8,
}

impl<'r> Reader<'r> {
    /// Gets ready; `scale` comes from the unit in the header.
    pub fn new(column: &'r Column, registers: &'r Registers, names: Names<'r>, scale: i8) -> Self {
        let list = match &column.kind {
            ColumnType::Value(FactType::Code(list)) => registers.list(list),
            _ => None,
        };
        let bound = |text: &Option<String>| text.as_ref().and_then(|text| number::bound(text, &column.kind));
        Self {
            column,
            codes: list.map(words).unwrap_or_default(),
            labels: list
                .map(|list| list.codes.iter().map(|code| code.label.as_str()).collect())
                .unwrap_or_default(),
            names,
            least: bound(&column.least),
            most: bound(&column.most),
            scale,
        }
    }

    /// The column.
    pub fn column(&self) -> &'r Column {
        self.column
    }

    /// Reads a cell.
    ///
    /// # Errors
    /// The [`Problem`] of this cell alone.
    pub fn read<'c>(&self, cell: Cell<'c>) -> Result<Value<'c>, Problem> {
        if cell.kind == CellKind::Fault || FAULTS.contains(&cell.text) {
            return Err(Problem::Formula);
        }
        let text = cell.text;
        if text.is_empty() || NOTHING.contains(&text) {
            return if self.column.required {
                Err(Problem::Missing)
            } else {
                Ok(Value::Absent)
            };
        }
        if text.contains(|c: char| c.is_control() || c == '\u{fffd}') {
            return Err(Problem::Garbled);
        }
        match &self.column.kind {
            ColumnType::Value(kind) => self.value(kind, cell),
            ColumnType::Text => free_text(text),
            ColumnType::ResidentId => {
                long_number(cell)?;
                ResidentId::parse(text).map(Value::Person).map_err(Problem::PersonId)
            }
            ColumnType::CreditCode => credit_code(text),
            ColumnType::Account => {
                long_number(cell)?;
                let account = AccountNumber::parse(text).map_err(Problem::Account)?;
                Ok(Value::Secret(Cow::Owned(account.reveal().to_owned())))
            }
            ColumnType::Name => name(text),
            ColumnType::Phone => phone(text),
            ColumnType::Benefit => {
                let benefits = &self.names.benefits.0;
                match benefits.get(text) {
                    Some(id) => Ok(Value::Text(Cow::Owned(id.clone()))),
                    None => Err(Problem::Benefit(meant(text, benefits.keys().map(String::as_str)))),
                }
            }
        }
    }

    fn value<'c>(&self, kind: &FactType, cell: Cell<'c>) -> Result<Value<'c>, Problem> {
        let folded = fold_wide(cell.text);
        let text = &*folded;
        let is_number = matches!(kind, FactType::Int | FactType::Fen | FactType::Decimal);
        if is_number && cell.kind == CellKind::Merged {
            return Err(Problem::MergedNumber);
        }
        match kind {
            FactType::Int => {
                let whole = number::whole(text, self.column.unit.as_deref())?;
                self.within(i128::from(whole))?;
                Ok(Value::Long(whole))
            }
            FactType::Fen => {
                let fen = number::fen(text, self.scale)?;
                self.within(i128::from(fen))?;
                Ok(Value::Long(fen))
            }
            FactType::Decimal => {
                let millionths = number::decimal(text, self.scale)?;
                self.within(millionths)?;
                Ok(Value::Huge(millionths))
            }
            FactType::Bool => flag(text).map(Value::Flag).ok_or(Problem::Flag),
            FactType::Date => {
                let days = day::date(text)?;
                self.day_within(days)?;
                Ok(Value::Days(days))
            }
            FactType::Month => day::month(text, cell.kind).map(Value::Days),
            FactType::Code(_) => self.code(text),
            FactType::Region => self.region(text).map(Value::Long),
        }
    }

    /// A region by its code or its name.
    fn region(&self, text: &str) -> Result<i64, Problem> {
        if let Ok(code) = RegionCode::parse(text.trim_end_matches(".0")) {
            return if self.names.regions.may_be(code) {
                region_digits(code)
            } else {
                Err(Problem::NoSuchRegion)
            };
        }
        match self.names.regions.meant(&fold(text)) {
            [] => Err(Problem::Region),
            [(code, _)] => region_digits(*code),
            several => {
                let several = several.iter().map(|(code, name)| format!("{name} {code}"));
                Err(Problem::RegionName(several.collect::<Vec<_>>().join("、")))
            }
        }
    }

    fn code<'c>(&self, text: &str) -> Result<Value<'c>, Problem> {
        let number = self
            .codes
            .get(text)
            .or_else(|| self.codes.get(&fold(text)))
            .or_else(|| self.codes.get(text.trim_end_matches(".0")));
        match number {
            Some(number) => Ok(Value::Small(*number)),
            None => {
                let hint = meant(text, self.labels.iter().copied());
                if hint.contains('：') || self.labels.len() > MAX_NAMED {
                    return Err(Problem::Code(hint));
                }
                Err(Problem::Code(format!("{hint}；可填：{}", self.labels.join("、"))))
            }
        }
    }

    fn within(&self, value: i128) -> Result<(), Problem> {
        let words = |bound: &Option<String>| {
            let bound = bound.clone().unwrap_or_default();
            match &self.column.kind {
                ColumnType::Value(FactType::Fen) => format!("{bound}元"),
                _ => bound,
            }
        };
        if self.least.is_some_and(|least| value < least) {
            return Err(Problem::TooLittle(words(&self.column.least)));
        }
        if self.most.is_some_and(|most| value > most) {
            return Err(Problem::TooMuch(words(&self.column.most)));
        }
        Ok(())
    }

    fn day_within(&self, days: i32) -> Result<(), Problem> {
        let days = i128::from(days);
        let least = self.least.unwrap_or(i128::from(day::FIRST));
        let most = self.most.unwrap_or(i128::from(day::LAST));
        if days < least {
            return Err(Problem::TooEarly(day::shown(least)));
        }
        if days > most {
            return Err(Problem::TooLate(day::shown(most)));
        }
        Ok(())
    }
}

/// Labels (with and without their brackets), words, other words and numbers of a list.
fn words(list: &CodeList) -> BTreeMap<String, i16> {
    let mut words = BTreeMap::new();
    for code in &list.codes {
        let short = code.label.split(['（', '(']).next().unwrap_or_default();
        for word in [code.label.as_str(), short, &code.code] {
            words.entry(fold(word)).or_insert(code.number);
        }
        words.insert(code.number.to_string(), code.number);
        words.insert(format!("{:02}", code.number), code.number);
    }
    // What is called so itself comes before what is also called so.
    for code in &list.codes {
        for word in &code.also {
            words.entry(fold(word)).or_insert(code.number);
        }
    }
    words
}

/// Text with full-width forms as [`fold`] has it; other text as it is.
fn fold_wide(text: &str) -> Cow<'_, str> {
    if text.contains(|c| ('\u{ff01}'..='\u{ff5e}').contains(&c)) {
        Cow::Owned(fold(text))
    } else {
        Cow::Borrowed(text)
    }
}

/// Full-width forms folded, spaces dropped, small letters.
pub(crate) fn fold(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(civil::half_width)
        .flat_map(char::to_lowercase)
        .collect()
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "是" | "有" | "1" | "true" | "TRUE" | "True" | "Y" | "y" | "√" | "✓" | "1.0" => Some(true),
        "否" | "无" | "0" | "false" | "FALSE" | "False" | "N" | "n" | "×" | "✗" | "不是" | "没有" | "0.0" => {
            Some(false)
        }
        _ => None,
    }
}

/// Twelve digits.
fn region_digits(code: RegionCode) -> Result<i64, Problem> {
    format!("{:0<12}", code.to_string())
        .parse()
        .map_err(|_| Problem::Region)
}

/// A spreadsheet keeps fifteen digits of a number; of a longer one the rest is zeros or an exponent.
fn long_number(cell: Cell<'_>) -> Result<(), Problem> {
    let exponent = cell.text.contains(['E', 'e']) && cell.text.contains(['+', '.']);
    if exponent || cell.kind == CellKind::Number && cell.text.len() > 15 {
        return Err(Problem::LongAsNumber);
    }
    Ok(())
}

fn credit_code<'c>(text: &str) -> Result<Value<'c>, Problem> {
    CreditCode::parse(text).map(Value::Body).map_err(|error| match error {
        // 组织机构代码 with or without its hyphen, and the 税号 of 15 digits.
        IdError::Length { found: 9 | 10 | 15, .. } => Problem::OldCode,
        error => Problem::CreditCode(error),
    })
}

fn free_text(text: &str) -> Result<Value<'_>, Problem> {
    if text.chars().count() > MAX_TEXT {
        return Err(Problem::TooLong(MAX_TEXT));
    }
    if holds_resident_id(text) {
        return Err(Problem::IdInText);
    }
    Ok(Value::Text(Cow::Borrowed(text)))
}

/// Whether any eighteen characters in a row are a resident ID, in full-width digits too.
pub fn holds_resident_id(text: &str) -> bool {
    let folded = fold_wide(text);
    let bytes = folded.as_bytes();
    if bytes.len() < 18 {
        return false;
    }
    let mut digits = 0;
    for (end, byte) in bytes.iter().enumerate() {
        if digits >= 17 && (byte.is_ascii_digit() || matches!(byte, b'x' | b'X')) {
            let candidate = folded.get(end - 17..=end).unwrap_or_default();
            if ResidentId::parse(candidate).is_ok() {
                return true;
            }
        }
        digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
    }
    false
}

fn name(text: &str) -> Result<Value<'_>, Problem> {
    let count = text.chars().count();
    let fits = (2..=50).contains(&count)
        && text
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '·' | '•' | ' ' | '.' | '-' | '（' | '）' | '(' | ')' | '\''));
    if fits {
        Ok(Value::Secret(Cow::Borrowed(text)))
    } else {
        Err(Problem::Name)
    }
}

fn phone(text: &str) -> Result<Value<'_>, Problem> {
    let text = text.trim_end_matches(".0");
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let fits = (7..=15).contains(&digits)
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '（' | '）' | '转'));
    if fits {
        Ok(Value::Secret(Cow::Borrowed(text)))
    } else {
        Err(Problem::Phone)
    }
}
