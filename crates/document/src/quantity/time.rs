//! Days, months, years, and windows between them: 2020年1月1日至12月31日.

use civil::Day;

use super::Figure;
use crate::model::QuantityKind;

/// A date as printed, perhaps without its day or its month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Printed {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
    end: usize,
}

/// The day, month, year or window that begins at `start`.
pub(super) fn time_at(text: &str, start: usize) -> Option<Figure> {
    if let Some(figure) = class_of(text, start).or_else(|| without_year(text, start)) {
        return Some(figure);
    }
    let from = printed_at(text, start, None)?;
    let year = from.year?;
    let joint = ["起至", "至", "-", "到", "~"]
        .into_iter()
        .find(|j| text[from.end..].starts_with(j));
    if let Some(joint) = joint
        && let Some(to) = printed_at(text, from.end + joint.len(), from.year)
    {
        let (first, last) = (first_day(year, from)?, last_day(to.year?, to)?);
        return Some(Figure {
            start,
            end: to.end,
            kind: QuantityKind::Window,
            value: format!("{first}/{last}"),
            measure: "date".into(),
            bound: None,
        });
    }
    let (value, measure) = match (from.month, from.day) {
        (Some(month), Some(day)) => (Day::new(year, month, day)?.to_string(), "date"),
        (Some(month), None) => (format!("{year:04}-{month:02}"), "month"),
        _ => (format!("{year:04}"), "year"),
    };
    Some(Figure {
        start,
        end: from.end
            + if from.day.is_none() {
                stretch(text, from.end, from.month.is_some())
            } else {
                0
            },
        kind: QuantityKind::Date,
        value,
        measure: measure.into(),
        bound: None,
    })
}

/// How long the word is that names a part of the year or month before it: 2020年底, 7月上旬. The value stays that of the
/// whole, for a part is no day.
fn stretch(text: &str, at: usize, of_month: bool) -> usize {
    const OF_YEAR: &[&str] = &["年底", "年末", "底", "末", "上半年", "下半年"];
    const OF_MONTH: &[&str] = &["份底", "上旬", "中旬", "下旬", "底", "末"];
    let words = if of_month { OF_MONTH } else { OF_YEAR };
    let word = words.iter().find(|word| text[at..].starts_with(**word));
    word.map_or(0, |word| word.len())
}

/// 2020届: those who graduate in that year.
fn class_of(text: &str, start: usize) -> Option<Figure> {
    let rest = &text[start..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_year = digits == 4 && (rest.starts_with("19") || rest.starts_with("20"));
    (is_year && rest[4..].starts_with('届')).then(|| Figure {
        start,
        end: start + 4 + '届'.len_utf8(),
        kind: QuantityKind::Date,
        value: rest[..4].to_owned(),
        measure: "year".into(),
        bound: None,
    })
}

/// 7月上旬, 12月底, 6月30日: a part of a month, or a day, of any year, as ISO 8601 writes it, `--07` and `--06-30`.
fn without_year(text: &str, start: usize) -> Option<Figure> {
    /// A year that has every day.
    const LEAP_YEAR: i16 = 2000;
    let (month, month_end) = part(text, start, "月", 12)?;
    let day = ["日", "号"]
        .into_iter()
        .find_map(|unit| part(text, month_end, unit, 31));
    if let Some((day, end)) = day {
        Day::new(LEAP_YEAR, month, day)?;
        return Some(Figure {
            start,
            end,
            kind: QuantityKind::Date,
            value: format!("--{month:02}-{day:02}"),
            measure: "date".into(),
            bound: None,
        });
    }
    let stretch = stretch(text, month_end, true);
    (stretch > 0).then(|| Figure {
        start,
        end: month_end + stretch,
        kind: QuantityKind::Date,
        value: format!("--{month:02}"),
        measure: "month".into(),
        bound: None,
    })
}

/// A date at `start`; one without a year takes `year`.
fn printed_at(text: &str, start: usize, year: Option<i16>) -> Option<Printed> {
    let rest = &text[start..];
    let mut at = start;
    let mut found = Printed {
        year,
        month: None,
        day: None,
        end: start,
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 4 && rest[4..].starts_with('年') && (rest.starts_with("19") || rest.starts_with("20")) {
        found.year = rest[..4].parse().ok();
        at += 4 + '年'.len_utf8();
        found.end = at;
    } else {
        year?;
    }
    let own_year = found.end > start;
    if let Some((month, end)) = part(text, at, "月", 12) {
        found.month = Some(month);
        found.end = end;
        if let Some((day, end)) = part(text, end, "日", 31) {
            found.day = Some(day);
            found.end = end;
        }
    } else if !own_year {
        return None;
    }
    Some(found)
}

fn part(text: &str, at: usize, unit: &str, most: i8) -> Option<(i8, usize)> {
    let rest = &text[at..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let value: i8 = rest[..digits].parse().ok().filter(|v| (1..=most).contains(v))?;
    rest[digits..]
        .starts_with(unit)
        .then_some((value, at + digits + unit.len()))
}

fn first_day(year: i16, printed: Printed) -> Option<Day> {
    Day::new(year, printed.month.unwrap_or(1), printed.day.unwrap_or(1))
}

fn last_day(year: i16, printed: Printed) -> Option<Day> {
    let month = printed.month.unwrap_or(12);
    match printed.day {
        Some(day) => Day::new(year, month, day),
        None => (28..=31).rev().find_map(|day| Day::new(year, month, day)),
    }
}
