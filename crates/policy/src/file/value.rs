//! A TOML value with its place.

use std::ops::Range;
use std::sync::Arc;

use civil::Day;
use toml::Spanned;
use toml::de::DeValue;

use super::table::Table;
use super::{Diagnostics, Located, SourceFile};

/// A value of a pack file.
#[derive(Debug)]
pub enum Value<'d> {
    /// A string.
    Text(Located<String>),
    /// A whole number.
    Integer(Located<i64>),
    /// A number with a decimal point, as written (`0.50`): never a binary float.
    Decimal(Located<String>),
    /// `true` or `false`.
    Flag(Located<bool>),
    /// A local date.
    Date(Located<Day>),
    /// An array.
    List(Located<Vec<Value<'d>>>),
    /// A table.
    Table(Table<'d>),
}

impl<'d> Value<'d> {
    /// Takes a parsed value over; what has no place in a pack (a time, an infinite number) is reported, and `None`.
    pub(super) fn of(
        value: Spanned<DeValue<'_>>,
        name: &str,
        file: &Arc<SourceFile>,
        diagnostics: &'d Diagnostics,
        damaged: bool,
    ) -> Option<Self> {
        let span = value.span();
        let refuse = |found: &str, hint: &str| {
            // A value that the parser itself refused has been reported already.
            if !damaged {
                let message = format!("“{name}”的值{found}");
                diagnostics.error(file.place(span.start), message, hint);
            }
            None
        };
        match value.into_inner() {
            DeValue::String(text) => Some(Self::Text(located(text.into_owned(), &span, file))),
            DeValue::Boolean(flag) => Some(Self::Flag(located(flag, &span, file))),
            DeValue::Float(number) => {
                let written = number.as_str().to_owned();
                if written
                    .bytes()
                    .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'))
                {
                    Some(Self::Decimal(located(written, &span, file)))
                } else {
                    refuse("不是普通小数", "请写成如 0.5 的小数，不用科学计数法")
                }
            }
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    // An empty span is what the parser puts where no value stands at all.
                    Ok(_) if span.is_empty() => None,
                    Ok(whole) => Some(Self::Integer(located(whole, &span, file))),
                    Err(_) => refuse("超出整数范围", "请核对数值"),
                }
            }
            DeValue::Datetime(moment) => match (moment.date, moment.time, moment.offset) {
                (Some(date), None, None) => day(date)
                    .map(|day| Self::Date(located(day, &span, file)))
                    .or_else(|| refuse("不是有效日期", "请写成如 2020-12-31 的日期，不加引号")),
                (None, None, None) => None,
                _ => refuse("带有时间", "请只写日期，如 2020-12-31，不加引号"),
            },
            DeValue::Array(values) => {
                let list = values
                    .into_iter()
                    .filter_map(|v| Self::of(v, name, file, diagnostics, damaged))
                    .collect();
                Some(Self::List(located(list, &span, file)))
            }
            DeValue::Table(table) => Some(Self::Table(Table::new(table, name, &span, file, diagnostics, damaged))),
        }
    }

    /// What kind of value it is, in Chinese.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "文字",
            Self::Integer(_) => "整数",
            Self::Decimal(_) => "小数",
            Self::Flag(_) => "是否（true/false）",
            Self::Date(_) => "日期",
            Self::List(_) => "列表",
            Self::Table(_) => "表",
        }
    }

    /// The same value without its content: for reporting at its place.
    pub fn located(&self) -> Located<()> {
        match self {
            Self::Text(value) => value.with(()),
            Self::Integer(value) => value.with(()),
            Self::Decimal(value) => value.with(()),
            Self::Flag(value) => value.with(()),
            Self::Date(value) => value.with(()),
            Self::List(value) => value.with(()),
            Self::Table(table) => table.here(),
        }
    }
}

fn located<T>(value: T, span: &Range<usize>, file: &Arc<SourceFile>) -> Located<T> {
    Located::new(value, span.clone(), Arc::clone(file))
}

fn day(date: toml::value::Date) -> Option<Day> {
    Day::new(
        i16::try_from(date.year).ok()?,
        i8::try_from(date.month).ok()?,
        i8::try_from(date.day).ok()?,
    )
}
