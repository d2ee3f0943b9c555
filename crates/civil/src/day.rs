//! A calendar day.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::characters::Characters;
use crate::month::Month;
use crate::parse_error::{ParseError, Problem};

const WHAT: &str = "日期";
/// The key under which the `toml` crate hands over a local date.
const TOML_DATE_KEY: &str = "$__toml_private_datetime";
/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_SHIFT: i64 = 719_468;

/// A calendar day in Asia/Shanghai (fixed UTC+8), 1900-01-01 to 9999-12-31; serialised as `YYYY-MM-DD`, read from
/// that or from a TOML local date.
///
/// A day never knows today: the caller's clock says which day it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weekday {
    /// 星期一
    Monday,
    /// 星期二
    Tuesday,
    /// 星期三
    Wednesday,
    /// 星期四
    Thursday,
    /// 星期五
    Friday,
    /// 星期六
    Saturday,
    /// 星期日
    Sunday,
}

impl Weekday {
    /// 星期一 to 星期日.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Monday => "星期一",
            Self::Tuesday => "星期二",
            Self::Wednesday => "星期三",
            Self::Thursday => "星期四",
            Self::Friday => "星期五",
            Self::Saturday => "星期六",
            Self::Sunday => "星期日",
        }
    }

    /// Saturday or Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self, Self::Saturday | Self::Sunday)
    }
}

impl Day {
    /// The first day this type holds, 1900-01-01.
    pub const MIN: Self = Self(jiff::civil::date(1900, 1, 1));
    /// The last day this type holds, 9999-12-31.
    pub const MAX: Self = Self(jiff::civil::date(9999, 12, 31));

    /// The day, if there is one: year 1900 to 9999.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day)
            .ok()
            .map(Self)
            .filter(|day| *day >= Self::MIN)
    }

    /// The year, 1900 to 9999.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month of the year, 1 to 12.
    pub fn month_number(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }

    /// The year and month this day is in.
    pub fn month(self) -> Month {
        Month::of(self)
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        match self.0.weekday() {
            jiff::civil::Weekday::Monday => Weekday::Monday,
            jiff::civil::Weekday::Tuesday => Weekday::Tuesday,
            jiff::civil::Weekday::Wednesday => Weekday::Wednesday,
            jiff::civil::Weekday::Thursday => Weekday::Thursday,
            jiff::civil::Weekday::Friday => Weekday::Friday,
            jiff::civil::Weekday::Saturday => Weekday::Saturday,
            jiff::civil::Weekday::Sunday => Weekday::Sunday,
        }
    }

    /// Days since 1970-01-01, negative before it: the value of an Arrow `Date32`.
    pub fn days_since_epoch(self) -> i32 {
        let (month, day) = (i64::from(self.0.month()), i64::from(self.0.day()));
        // Years that begin on 1 March end with the leap day, so that every month before it has a fixed start.
        let year = i64::from(self.0.year()) - i64::from(month <= 2);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - EPOCH_SHIFT;
        i32::try_from(days).unwrap_or(i32::MAX)
    }

    /// The day with that many days since 1970-01-01; nothing before 1900 or after 9999.
    pub fn from_days_since_epoch(days: i32) -> Option<Self> {
        if !(Self::MIN.days_since_epoch()..=Self::MAX.days_since_epoch()).contains(&days) {
            return None;
        }
        let days = i64::from(days) + EPOCH_SHIFT;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = i8::try_from(day_of_year - (153 * shifted + 2) / 5 + 1).ok()?;
        let month = i8::try_from(if shifted < 10 { shifted + 3 } else { shifted - 9 }).ok()?;
        let year = i16::try_from(era * 400 + year_of_era + i64::from(month <= 2)).ok()?;
        Self::new(year, month, day)
    }

    /// Whole days from this day to the other, negative if the other is earlier.
    pub fn days_until(self, other: Self) -> i32 {
        other.days_since_epoch() - self.days_since_epoch()
    }

    /// So many calendar days later (earlier if negative); nothing beyond the type's range.
    pub fn add_days(self, days: i32) -> Option<Self> {
        Self::from_days_since_epoch(self.days_since_epoch().checked_add(days)?)
    }

    /// The corresponding day so many months later (earlier if negative), or that month's last day where it has no
    /// such day (Civil Code art. 202): 31 January and one month is 28 or 29 February.
    pub fn add_months(self, months: i32) -> Option<Self> {
        let month = self.month().add_months(months)?;
        Self::new(month.year(), month.number(), self.day_of_month().min(month.days()))
    }

    /// The last day of this day's month.
    #[must_use]
    pub fn last_of_month(self) -> Self {
        Self(self.0.last_of_month())
    }

    /// The last day of this day's quarter.
    #[must_use]
    pub fn last_of_quarter(self) -> Self {
        let last_month = (self.0.month() - 1) / 3 * 3 + 3;
        // The first of a month always exists.
        Date::new(self.0.year(), last_month, 1).map_or(self, |first| Self(first.last_of_month()))
    }

    /// 31 December of this day's year.
    #[must_use]
    pub fn last_of_year(self) -> Self {
        Self(self.0.last_of_year())
    }

    /// As documents print it: `2020年4月29日`.
    pub fn chinese(self) -> String {
        format!("{}年{}月{}日", self.year(), self.month_number(), self.day_of_month())
    }

    /// Reads `2020-04-29`, `2020年4月29日`, `2020.4.29`, `2020．4．29`, `2020/4/29`, `二〇二〇年四月二十九日`, with inner
    /// spaces too.
    ///
    /// # Errors
    /// With the character at which the reading broke off; a month without its day is refused, as is a day that no
    /// calendar has.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut characters = Characters::new(WHAT, text)?;
        let (year, separator) = year(&mut characters)?;
        let month = component(&mut characters)?;
        let next = if separator == '年' { '月' } else { separator };
        if !characters.eat(&[next]) {
            return Err(characters.expected(if next == '月' {
                "“月”"
            } else {
                "与前一个相同的分隔符"
            }));
        }
        let start = characters.index();
        if characters.at_end() {
            return Err(characters.expected("日"));
        }
        let day = component(&mut characters)?;
        if separator == '年' && !characters.eat(&['日', '号']) {
            return Err(characters.expected("“日”"));
        }
        characters.end("结尾（日期后不应再有文字）")?;
        let out_of_range = Problem::OutOfRange {
            limit: "1900年至9999年",
        };
        let year = i16::try_from(year).ok().filter(|year| (1900..=9999).contains(year));
        let year = year.ok_or_else(|| characters.fail_at(0, out_of_range))?;
        let (month, day) = (i8::try_from(month).ok(), i8::try_from(day).ok());
        let found = month.zip(day).and_then(|(month, day)| Self::new(year, month, day));
        found.ok_or_else(|| characters.fail_at(start, Problem::NoSuchDay))
    }

    /// Exactly `YYYY-MM-DD`.
    fn from_iso(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shape = bytes.len() == 10 && text.is_ascii() && bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-');
        let digits =
            |range: std::ops::Range<usize>| text.get(range).filter(|part| part.bytes().all(|b| b.is_ascii_digit()));
        if !shape {
            return None;
        }
        Self::new(
            digits(0..4)?.parse().ok()?,
            digits(5..7)?.parse().ok()?,
            digits(8..10)?.parse().ok()?,
        )
    }
}

impl std::str::FromStr for Day {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

/// The year and the separator after it; shared with the parser of months.
pub(crate) fn year(characters: &mut Characters<'_>) -> Result<(i128, char), ParseError> {
    let year = match characters.arabic_run() {
        Some((year, 4)) => i128::from(year),
        Some(_) => {
            return Err(characters.fail_at(0, Problem::OutOfRange { limit: "四位年份" }));
        }
        None => characters.chinese_integer()?,
    };
    match characters.peek() {
        Some(separator @ ('年' | '-' | '.' | '/')) => {
            characters.advance();
            Ok((year, separator))
        }
        _ => Err(characters.expected("“年”或“-”")),
    }
}

/// A month or a day: one or two Arabic digits, or a Chinese numeral.
pub(crate) fn component(characters: &mut Characters<'_>) -> Result<i128, ParseError> {
    let start = characters.index();
    match characters.arabic_run() {
        Some((value, 1 | 2)) => Ok(i128::from(value)),
        Some(_) => Err(characters.fail_at(start, Problem::NoSuchDay)),
        None => characters.chinese_integer(),
    }
}

/// ISO 8601: `2020-04-29`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!(
            "{:04}-{:02}-{:02}",
            self.year(),
            self.month_number(),
            self.day_of_month()
        ))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IsoDay;
        impl<'de> serde::de::Visitor<'de> for IsoDay {
            type Value = Day;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("日期，写作 YYYY-MM-DD，如 2020-04-29")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Day, E> {
                Day::from_iso(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Day, A::Error> {
                match map.next_key::<String>()? {
                    Some(key) if key == TOML_DATE_KEY => self.visit_str(&map.next_value::<String>()?),
                    _ => Err(serde::de::Error::invalid_type(serde::de::Unexpected::Map, &self)),
                }
            }
        }
        deserializer.deserialize_any(IsoDay)
    }
}
