//! Days and months as offices write them, and as spreadsheets count them.

use civil::{Day, Month};

use crate::problem::Problem;
use crate::source::CellKind;

/// 1900-01-01 and 2100-12-31: the days a column takes where it says nothing else.
pub(super) const FIRST: i32 = -25_567;
const FIRST_YEAR: i16 = 1900;
/// See [`FIRST`].
pub(super) const LAST: i32 = 47_846;
/// Day 0 of a spreadsheet's count, which holds a 29 February 1900 that never was: right from 1900-03-01 on.
const SERIAL_ZERO: i32 = -25_569;
/// Serials that are taken for days: 1927-05-18 to 2099-12-31. Smaller numbers are years or counts.
const SERIALS: std::ops::RangeInclusive<i32> = 10_000..=73_050;

/// Days since 1970.
pub(super) fn date(text: &str) -> Result<i32, Problem> {
    let text = without_time(text);
    if let Some(digits) = whole_digits(text) {
        return match digits.len() {
            8 => {
                let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
                ymd(part(0..4), part(4..6), part(6..8))
            }
            5 => digits
                .parse()
                .ok()
                .filter(|serial| SERIALS.contains(serial))
                .map(|serial: i32| SERIAL_ZERO + serial)
                .ok_or(Problem::Date),
            _ => Err(Problem::Date),
        };
    }
    if short_year(text) {
        return Err(Problem::ShortYear);
    }
    if let Some(days) = separated(text) {
        return days;
    }
    match Day::parse(text) {
        Ok(day) => Ok(day.days_since_epoch()),
        Err(error) => Err(match error.problem() {
            civil::Problem::NoSuchDay => Problem::NoSuchDay,
            _ => Problem::Date,
        }),
    }
}

/// The first day of the month, since 1970.
pub(super) fn month(text: &str, kind: CellKind) -> Result<i32, Problem> {
    let first = |month: Month| month.first_day().days_since_epoch();
    if kind != CellKind::Date {
        if let Some(digits) = whole_digits(text).filter(|digits| digits.len() == 6) {
            let year = digits.get(..4).and_then(|year| year.parse().ok());
            let number = digits.get(4..).and_then(|number| number.parse().ok());
            return match year.zip(number).and_then(|(year, number)| Month::new(year, number)) {
                Some(month) if (1900..=2100).contains(&month.year()) => Ok(first(month)),
                _ => Err(Problem::Month),
            };
        }
        if let Ok(month) = Month::parse(text) {
            return Ok(first(month));
        }
        if let Some(month) = english(text) {
            return Ok(first(month));
        }
    }
    // Any day of a month stands for it.
    let days = date(text).map_err(|problem| match problem {
        Problem::ShortYear => problem,
        _ => Problem::Month,
    })?;
    Day::from_days_since_epoch(days)
        .map(|day| first(day.month()))
        .ok_or(Problem::Month)
}

/// `Jun-20`: what a spreadsheet in English makes of 2020-06 (a day of June would read `20-Jun`).
fn english(text: &str) -> Option<Month> {
    const NAMES: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let (name, year) = text.split_once('-')?;
    let name = name.to_ascii_lowercase();
    let number = NAMES.iter().position(|known| *known == name)?;
    let year: i16 = match year.len() {
        2 => 2000 + year.parse::<i16>().ok()?,
        4 => year.parse().ok()?,
        _ => return None,
    };
    Month::new(year, i8::try_from(number + 1).ok()?)
}

/// `12/7/1`, `20.06.30`, `12年7月1日`: which century, and often which part is the year, nobody can tell.
fn short_year(text: &str) -> bool {
    let mut parts = text
        .split(['-', '/', '.', '年', '月', '日'])
        .filter(|part| !part.is_empty());
    let mut short = || {
        parts
            .next()
            .is_some_and(|part| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    short() && short() && short() && parts.next().is_none()
}

/// A day for a message.
pub(super) fn shown(days: i128) -> String {
    i32::try_from(days)
        .ok()
        .and_then(Day::from_days_since_epoch)
        .map(|day| day.to_string())
        .unwrap_or_default()
}

/// `2020-01-05`, `2020/1/5`, `2020.1.5`: the common cases, without the general reader.
fn separated(text: &str) -> Option<Result<i32, Problem>> {
    let separator = text
        .as_bytes()
        .get(4)
        .copied()
        .filter(|b| matches!(b, b'-' | b'/' | b'.'))?;
    let mut parts = text.split(char::from(separator));
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some() || !year.bytes().all(|b| b.is_ascii_digit()) || !digits(month) || !digits(day) {
        return None;
    }
    Some(ymd(year, month, day))
}

fn ymd(year: &str, month: &str, day: &str) -> Result<i32, Problem> {
    let year: i16 = year.parse().map_err(|_| Problem::Date)?;
    if year < FIRST_YEAR {
        return Err(Problem::TooEarly(shown(i128::from(FIRST))));
    }
    let (month, day) = (month.parse(), day.parse());
    let day = month
        .ok()
        .zip(day.ok())
        .and_then(|(month, day)| Day::new(year, month, day));
    day.map(Day::days_since_epoch).ok_or(Problem::NoSuchDay)
}

/// The digits of a whole number; `.0` after it is how some programs write one.
fn whole_digits(text: &str) -> Option<&str> {
    let digits = text.strip_suffix(".0").unwrap_or(text);
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// `2020-01-05 00:00:00` and `2020-01-05T08:30:00` are days here.
fn without_time(text: &str) -> &str {
    match text.split_once([' ', 'T']) {
        Some((day, time)) if time.contains(':') => day,
        _ => text,
    }
}
