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
        end: from.end,
        kind: QuantityKind::Date,
        value,
        measure: measure.into(),
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
