//! A length of time as people write it in a roster, in months: 36个月, 3年, 一年半, 无固定期限. A bare number is months or
//! years only where the heading says which.

use civil::numeral;

/// What a heading says its numbers count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    Months,
    Years,
}

/// What a cell says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Term {
    /// So many months.
    Months(u64),
    /// A number, and nothing says of what.
    Unsaid,
    /// No length of time.
    Unread,
}

/// A contract without an end, in months: as the question of this fact asks it to be written.
const WITHOUT_END: u64 = 120;
/// No contract lasts longer; a year of the calendar is no length of time.
const MOST_YEARS: u64 = 60;

/// The unit of a heading: what stands in brackets (合同期限（月）), or its last word (缴费月数).
pub(super) fn unit_of(heading: &str) -> Option<Unit> {
    let inside = heading.split(['（', '(']).skip(1);
    let inside = inside.filter_map(|rest| rest.split(['）', ')']).next());
    for word in inside.map(str::trim) {
        match word.strip_prefix("单位：").unwrap_or(word) {
            "月" | "个月" | "月数" => return Some(Unit::Months),
            "年" | "年数" => return Some(Unit::Years),
            _ => {}
        }
    }
    let heading = heading.trim();
    if heading.ends_with("月数") || heading.ends_with("个月") {
        Some(Unit::Months)
    } else if heading.ends_with("年数") {
        Some(Unit::Years)
    } else {
        None
    }
}

/// Reads a cell under a heading with this unit.
pub(super) fn read(cell: &str, unit: Option<Unit>) -> Term {
    let cell: String = cell
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(civil::half_width)
        .collect();
    if cell.starts_with("无固定期") {
        return Term::Months(WITHOUT_END);
    }
    if let Some((years, rest)) = cell.split_once('年') {
        return spelled(years, rest).map_or(Term::Unread, Term::Months);
    }
    let named = ["个月", "月"].iter().find_map(|end| cell.strip_suffix(end));
    if let Some(months) = named {
        return number(months).map_or(Term::Unread, Term::Months);
    }
    let read = match unit {
        Some(Unit::Months) => number(&cell),
        Some(Unit::Years) => years_of(&cell),
        None if years_of(&cell).is_some() || number(&cell).is_some() => return Term::Unsaid,
        None => None,
    };
    read.map_or(Term::Unread, Term::Months)
}

/// 3年, 1年半, 2年6个月, 半年.
fn spelled(years: &str, rest: &str) -> Option<u64> {
    let whole = if years == "半" { 6 } else { years_of(years)? };
    let more = match rest.trim_end_matches('期') {
        "" | "整" => 0,
        "半" if years != "半" => 6,
        months => number(months.trim_end_matches('月').trim_end_matches('个')).filter(|months| *months < 12)?,
    };
    Some(whole + more)
}

/// Years, also as 1.5, in months.
fn years_of(text: &str) -> Option<u64> {
    let (whole, half) = match text.split_once('.') {
        Some((whole, "5")) => (whole, 6),
        Some((whole, "0")) => (whole, 0),
        Some(_) => return None,
        None => (text, 0),
    };
    let years = number(whole).filter(|years| *years <= MOST_YEARS)?;
    Some(years * 12 + half)
}

fn number(text: &str) -> Option<u64> {
    if text.is_empty() || text.len() > 24 {
        return None;
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok();
    }
    let text = text.replace('两', "二");
    text.chars().all(numeral::is_numeral).then(|| numeral::read(&text))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_months_whatever_the_unit_it_is_written_in() {
        for (cell, unit, expected) in [
            ("36", Some(Unit::Months), Term::Months(36)),
            ("3", Some(Unit::Years), Term::Months(36)),
            ("1.5", Some(Unit::Years), Term::Months(18)),
            ("3年", None, Term::Months(36)),
            ("3年", Some(Unit::Months), Term::Months(36)),
            ("三年", None, Term::Months(36)),
            ("1年半", None, Term::Months(18)),
            ("2年6个月", None, Term::Months(30)),
            ("半年", None, Term::Months(6)),
            ("３６个月", None, Term::Months(36)),
            ("36月", Some(Unit::Years), Term::Months(36)),
            ("无固定期限", None, Term::Months(120)),
            ("3", None, Term::Unsaid),
            ("36", None, Term::Unsaid),
            ("2023年6月", None, Term::Unread),
            ("以完成一定工作任务为期限", None, Term::Unread),
            ("-3", Some(Unit::Months), Term::Unread),
            ("", Some(Unit::Months), Term::Unread),
        ] {
            assert_eq!(read(cell, unit), expected, "{cell} {unit:?}");
        }
    }

    #[test]
    fn a_heading_says_its_unit_in_brackets_or_at_its_end() {
        for (heading, expected) in [
            ("合同期限（月）", Some(Unit::Months)),
            ("合同期限(年)", Some(Unit::Years)),
            ("劳动合同（聘用合同）期限（单位：月）", Some(Unit::Months)),
            ("劳动合同（聘用合同）期限", None),
            ("缴纳社会保险费月数", Some(Unit::Months)),
            ("合同年限", None),
        ] {
            assert_eq!(unit_of(heading), expected, "{heading}");
        }
    }
}
