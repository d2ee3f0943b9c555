//! A TOML table, asked key by key.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use civil::Day;
use toml::Spanned;
use toml::de::DeTable;

use super::value::Value;
use super::{Diagnostics, Located, SourceFile, meant, nearest, syntax};

/// The format of pack files that this program reads.
pub const FORMAT: i64 = 1;

/// A table of a pack file. Asking for a key makes it known; [`Table::finish`] refuses the rest.
#[derive(Debug)]
pub struct Table<'d> {
    name: String,
    here: Located<()>,
    entries: BTreeMap<String, Entry<'d>>,
    known: BTreeSet<String>,
    damaged: bool,
    diagnostics: &'d Diagnostics,
}

#[derive(Debug)]
struct Entry<'d> {
    key: Located<()>,
    /// Absent where the value was unusable and has been reported.
    value: Option<Value<'d>>,
}

impl<'d> Table<'d> {
    /// Parses a file. Syntax errors are reported and what could be parsed is kept; a file whose `format` is newer than
    /// [`FORMAT`] is refused by name.
    pub fn of_file(file: &Arc<SourceFile>, diagnostics: &'d Diagnostics) -> Option<Self> {
        let (root, errors) = DeTable::parse_recoverable(file.text());
        syntax::report(&errors, file, diagnostics);
        let span = 0..0;
        let mut table = Self::new(
            root.into_inner(),
            file.path(),
            &span,
            file,
            diagnostics,
            !errors.is_empty(),
        );
        table.require(&["format"]);
        match table.integer("format") {
            Some(format) if *format > FORMAT => {
                let message = format!(
                    "{} 的格式为 format = {}，本程序只能读取 format = {FORMAT}",
                    file.shown_path(),
                    *format
                );
                format.report(diagnostics, message, "请升级 leye 后再使用该政策文件");
                None
            }
            Some(format) if *format < 1 => {
                format.report(
                    diagnostics,
                    format!("没有 format = {} 这种格式", *format),
                    format!("应为 format = {FORMAT}"),
                );
                Some(table)
            }
            _ => Some(table),
        }
    }

    pub(super) fn new(
        table: DeTable<'_>,
        name: &str,
        span: &Range<usize>,
        file: &Arc<SourceFile>,
        diagnostics: &'d Diagnostics,
        damaged: bool,
    ) -> Self {
        let mut entries = BTreeMap::new();
        for (key, value) in table {
            let key_span = key.span();
            let key: String = Spanned::into_inner(key).into_owned();
            let value = Value::of(value, &key, file, diagnostics, damaged);
            entries.insert(
                key,
                Entry {
                    key: Located::new((), key_span, Arc::clone(file)),
                    value,
                },
            );
        }
        let here = Located::new((), span.clone(), Arc::clone(file));
        Self {
            name: name.to_owned(),
            here,
            entries,
            known: BTreeSet::new(),
            damaged,
            diagnostics,
        }
    }

    /// Where the table begins: for reporting on it as a whole.
    pub fn here(&self) -> Located<()> {
        self.here.clone()
    }

    /// The key it stands under, or the path of its file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file it stands in.
    pub fn file(&self) -> &Arc<SourceFile> {
        self.here.file()
    }

    /// Where the findings go.
    pub fn diagnostics(&self) -> &'d Diagnostics {
        self.diagnostics
    }

    /// All its keys in order, with their places: for tables whose keys are names of something else.
    pub fn keys(&self) -> Vec<Located<String>> {
        let entries = self.entries.iter();
        entries.map(|(key, entry)| entry.key.with(key.clone())).collect()
    }

    /// True where the table holds `key`, with whatever value.
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Reports each of `keys` that is absent. In a file with syntax errors nothing is reported: the key may stand in
    /// the part that could not be read.
    pub fn require(&mut self, keys: &[&str]) {
        for key in keys {
            self.known.insert((*key).to_owned());
            if !self.damaged && !self.entries.contains_key(*key) {
                let message = format!("“{}”缺少必填项“{key}”", self.name);
                self.here.report(self.diagnostics, message, format!("请补上 {key} = …"));
            }
        }
    }

    /// Takes a value of any kind.
    pub fn take(&mut self, key: &str) -> Option<Value<'d>> {
        self.known.insert(key.to_owned());
        self.entries.get_mut(key)?.value.take()
    }

    /// Takes a string; an empty one is reported.
    pub fn text(&mut self, key: &str) -> Option<Located<String>> {
        let value = self.take(key)?;
        self.text_of(key, value)
    }

    /// Takes an array of strings; absent is empty.
    pub fn texts(&mut self, key: &str) -> Vec<Located<String>> {
        match self.take(key) {
            None => Vec::new(),
            Some(Value::List(list)) => list
                .into_value()
                .into_iter()
                .filter_map(|v| self.text_of(key, v))
                .collect(),
            Some(other) => {
                self.wrong::<()>(key, &other, "文字列表，如 [\"甲\", \"乙\"]");
                Vec::new()
            }
        }
    }

    /// Takes a local date.
    pub fn date(&mut self, key: &str) -> Option<Located<Day>> {
        match self.take(key)? {
            Value::Date(day) => Some(day),
            other => self.wrong(key, &other, "日期，如 2020-12-31，不加引号"),
        }
    }

    /// Takes `true` or `false`.
    pub fn flag(&mut self, key: &str) -> Option<Located<bool>> {
        match self.take(key)? {
            Value::Flag(flag) => Some(flag),
            other => self.wrong(key, &other, " true 或 false，不加引号"),
        }
    }

    /// Takes a whole number.
    pub fn integer(&mut self, key: &str) -> Option<Located<i64>> {
        match self.take(key)? {
            Value::Integer(number) => Some(number),
            other => self.wrong(key, &other, "整数，不加引号"),
        }
    }

    /// Takes a decimal written as a string (`"0.5"`): money and rates are never binary floats.
    pub fn decimal(&mut self, key: &str) -> Option<Located<String>> {
        const EXPECTED: &str = "加引号的数，如 \"14000\" 或 \"3.3\"";
        let value = match self.take(key)? {
            Value::Text(text) => text,
            other => return self.wrong(key, &other, EXPECTED),
        };
        if is_decimal(&value) {
            return Some(value);
        }
        value.report(
            self.diagnostics,
            format!("“{key}”的值“{}”不是数", *value),
            format!("应为{EXPECTED}"),
        );
        None
    }

    /// Takes one of a closed list of words.
    pub fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<Located<T>> {
        let text = self.text(key)?;
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == text.as_str()) {
            return Some(text.with(*meaning));
        }
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let hint = match nearest(&text, all.iter().copied(), 1).first() {
            Some(best) => format!("是否应为“{best}”？可用的有：{}", all.join("、")),
            None => format!("可用的有：{}", all.join("、")),
        };
        text.report(self.diagnostics, format!("“{key}”的值“{}”不在可用范围内", *text), hint);
        None
    }

    /// Takes the meaning of a word of a list; any other value stays where it is, and nothing is reported.
    pub fn take_if_word<T: Clone>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let Some(Value::Text(text)) = &self.entries.get(key)?.value else {
            return None;
        };
        let meaning = words
            .iter()
            .find(|(word, _)| *word == text.as_str())
            .map(|(_, meaning)| meaning.clone())?;
        drop(self.take(key));
        Some(meaning)
    }

    /// Takes a table (`[key]` or `key = { … }`).
    pub fn table(&mut self, key: &str) -> Option<Table<'d>> {
        match self.take(key)? {
            Value::Table(table) => Some(table),
            other => self.wrong(key, &other, "表，如 { … }"),
        }
    }

    /// Takes an array of tables (`[[key]]`); absent is empty.
    pub fn tables(&mut self, key: &str) -> Vec<Table<'d>> {
        let list = match self.take(key) {
            None => return Vec::new(),
            Some(Value::List(list)) => list.into_value(),
            Some(other) => {
                self.wrong::<()>(key, &other, &format!("一组表，每个以 [[{key}]] 开头"));
                return Vec::new();
            }
        };
        let mut tables = Vec::with_capacity(list.len());
        for value in list {
            match value {
                Value::Table(table) => tables.push(table),
                other => drop(self.wrong::<()>(key, &other, &format!("表，以 [[{key}]] 开头"))),
            }
        }
        tables
    }

    /// The keys and values nobody has taken yet: for tables whose keys are names of something else.
    pub fn into_entries(mut self) -> Vec<(Located<String>, Value<'d>)> {
        let known = std::mem::take(&mut self.known);
        std::mem::take(&mut self.entries)
            .into_iter()
            .filter(|(key, _)| !known.contains(key))
            .filter_map(|(key, entry)| Some((entry.key.with(key), entry.value?)))
            .collect()
    }

    /// Reports every key nobody asked for, with the nearest known one.
    pub fn finish(self) {
        for (key, entry) in &self.entries {
            if self.known.contains(key) {
                continue;
            }
            let hint = meant(key, self.known.iter().map(String::as_str));
            entry
                .key
                .report(self.diagnostics, format!("“{}”中没有“{key}”这一项", self.name), hint);
        }
    }

    fn text_of(&self, key: &str, value: Value<'d>) -> Option<Located<String>> {
        match value {
            Value::Text(text) if text.trim().is_empty() => {
                text.report(
                    self.diagnostics,
                    format!("“{key}”为空"),
                    "原文未载明的项请整行删去，不要留空",
                );
                None
            }
            Value::Text(text) => Some(text),
            other => self.wrong(key, &other, "加引号的文字"),
        }
    }

    fn wrong<T>(&self, key: &str, found: &Value<'d>, expected: &str) -> Option<T> {
        let message = format!("“{key}”的值是{}", found.kind());
        found
            .located()
            .report(self.diagnostics, message, format!("应为{expected}"));
        None
    }
}

/// Digits, with a sign before and one point among them.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction)
}
