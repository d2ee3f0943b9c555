//! Months of the calendar, and closed runs of them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::characters::Characters;
use crate::day::{self, Day};
use crate::parse_error::{ParseError, Problem};

const WHAT: &str = "月份";

/// A month of a year, 1900-01 to 9999-12; serialised as `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    number: i8,
}

impl Month {
    /// The month, if there is one: year 1900 to 9999, month 1 to 12.
    pub fn new(year: i16, number: i8) -> Option<Self> {
        ((1900..=9999).contains(&year) && (1..=12).contains(&number)).then_some(Self { year, number })
    }

    /// The month a day is in.
    pub fn of(day: Day) -> Self {
        Self {
            year: day.year(),
            number: day.month_number(),
        }
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month of the year, 1 to 12.
    pub fn number(self) -> i8 {
        self.number
    }

    /// How many days it has.
    pub fn days(self) -> i8 {
        match self.number {
            2 if self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0) => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    /// Its first day; what a Parquet month column holds.
    pub fn first_day(self) -> Day {
        Day::new(self.year, self.number, 1).unwrap_or(Day::MIN)
    }

    /// Its last day.
    pub fn last_day(self) -> Day {
        self.first_day().last_of_month()
    }

    /// So many months later (earlier if negative); nothing beyond the type's range.
    pub fn add_months(self, months: i32) -> Option<Self> {
        let ordinal = self.ordinal().checked_add(months)?;
        let year = i16::try_from(ordinal.div_euclid(12)).ok()?;
        let number = i8::try_from(ordinal.rem_euclid(12)).ok()? + 1;
        Self::new(year, number)
    }

    /// How many months the other is later (negative if earlier): November 2020 to October 2021 is 11; the closed
    /// window of the two, [`MonthWindow::months`], is 12.
    pub fn months_until(self, other: Self) -> i32 {
        other.ordinal() - self.ordinal()
    }

    /// As documents print it: `2020年11月`.
    pub fn chinese(self) -> String {
        format!("{}年{}月", self.year, self.number)
    }

    /// Reads `2020-11`, `2020年11月`, `2020年11月份`, `2020.11`, `2020．11`, `2020/11`, `二〇二〇年十一月`, with inner spaces too.
    ///
    /// # Errors
    /// With the character at which the reading broke off.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut characters = Characters::new(WHAT, text)?;
        let (year, separator) = day::year(&mut characters)?;
        let start = characters.index();
        let number = day::component(&mut characters)?;
        if separator == '年' && !characters.eat(&['月']) {
            return Err(characters.expected("“月”"));
        }
        if separator == '年' {
            characters.eat(&['份']);
        }
        characters.end("结尾（月份后不应再有文字）")?;
        let out_of_range = |at, limit| characters.fail_at(at, Problem::OutOfRange { limit });
        let year = i16::try_from(year).ok().filter(|year| (1900..=9999).contains(year));
        let year = year.ok_or_else(|| out_of_range(0, "1900年至9999年"))?;
        let number = i8::try_from(number).ok().and_then(|number| Self::new(year, number));
        number.ok_or_else(|| out_of_range(start, "1月至12月"))
    }

    fn ordinal(self) -> i32 {
        i32::from(self.year) * 12 + i32::from(self.number) - 1
    }

    fn from_iso(text: &str) -> Option<Self> {
        let (year, number) = text.split_once('-')?;
        let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) || !digits(number, 2) {
            return None;
        }
        Self::new(year.parse().ok()?, number.parse().ok()?)
    }
}

impl std::str::FromStr for Month {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

/// ISO 8601: `2020-11`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:04}-{:02}", self.year, self.number))
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let expected = "月份，写作 YYYY-MM，如 2020-11";
        Self::from_iso(&text)
            .ok_or_else(|| serde::de::Error::invalid_value(serde::de::Unexpected::Str(&text), &expected))
    }
}

/// A run of months, closed on both ends: 2020年11月至2021年10月 is twelve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "UncheckedWindow")]
pub struct MonthWindow {
    from: Month,
    to: Month,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UncheckedWindow {
    from: Month,
    to: Month,
}

impl TryFrom<UncheckedWindow> for MonthWindow {
    type Error = String;

    fn try_from(window: UncheckedWindow) -> Result<Self, String> {
        let UncheckedWindow { from, to } = window;
        Self::new(from, to).ok_or_else(|| format!("起止月份颠倒：{}晚于{}", from.chinese(), to.chinese()))
    }
}

impl MonthWindow {
    /// The window from one month to another, both included; nothing if they are the wrong way round.
    pub fn new(from: Month, to: Month) -> Option<Self> {
        (from <= to).then_some(Self { from, to })
    }

    /// The first month.
    pub fn from(self) -> Month {
        self.from
    }

    /// The last month, which belongs to the window.
    pub fn to(self) -> Month {
        self.to
    }

    /// How many months it holds, at least 1.
    pub fn months(self) -> u32 {
        self.from.months_until(self.to).unsigned_abs() + 1
    }

    /// Whether a month is in it.
    pub fn contains(self, month: Month) -> bool {
        self.from <= month && month <= self.to
    }

    /// Whether a day is in one of its months.
    pub fn contains_day(self, day: Day) -> bool {
        self.contains(day.month())
    }

    /// The months two windows share, if any.
    pub fn overlap(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }

    /// Each month in order.
    pub fn iter(self) -> impl Iterator<Item = Month> {
        std::iter::successors(Some(self.from), move |month| {
            month.add_months(1).filter(|next| *next <= self.to)
        })
    }
}

/// As documents print it: `2020年11月至2021年10月`.
impl fmt::Display for MonthWindow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to {
            return f.pad(&self.from.chinese());
        }
        f.pad(&format!("{}至{}", self.from.chinese(), self.to.chinese()))
    }
}
