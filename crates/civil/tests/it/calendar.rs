//! Working days, against the totals and days of the State Council's notices.

use std::path::PathBuf;

use civil::{Calendar, CalendarError, CalendarYear, Day};
use proptest::prelude::*;

use crate::day::day;

fn file(year: i16) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../policies/shared/calendar");
    std::fs::read_to_string(folder.join(format!("{year}.toml"))).expect("a calendar file")
}

fn year(year: i16) -> CalendarYear {
    toml::from_str(&file(year)).expect("a calendar year")
}

fn calendar() -> Calendar {
    Calendar::from_years((2019..=2026).map(year)).expect("a calendar")
}

#[test]
fn every_year_has_the_working_days_of_its_notices() {
    let calendar = calendar();
    let totals = [250, 249, 250, 249, 249, 251, 248, 248];
    for (year, total) in (2019..).zip(totals) {
        assert_eq!(calendar.working_days_in(year), Ok(total), "{year}");
        let first = Day::new(year, 1, 1).expect("a day");
        let before = i32::from(calendar.is_working_day(first).expect("a known year"));
        let counted = calendar
            .working_days_between(first, first.last_of_year())
            .expect("a known year");
        assert_eq!(counted + before, i32::from(total), "{year}");
    }
    assert_eq!(calendar.years().collect::<Vec<_>>(), (2019..=2026).collect::<Vec<_>>());
}

#[test]
fn single_days_are_as_the_notices_say() {
    let calendar = calendar();
    for (text, works) in [
        ("2019-05-01", false),
        ("2019-05-05", true),
        ("2020-01-19", true),
        ("2020-01-31", false),
        ("2020-02-02", false),
        ("2020-02-03", true),
        ("2020-10-10", true),
        ("2021-02-20", true),
        ("2022-01-03", false),
        ("2023-10-07", true),
        ("2024-02-09", true),
        ("2024-02-18", true),
        ("2025-10-08", false),
        ("2025-10-11", true),
        ("2026-01-02", false),
        ("2026-01-04", true),
        ("2026-02-23", false),
        ("2026-02-28", true),
    ] {
        assert_eq!(calendar.is_working_day(day(text)), Ok(works), "{text}");
    }
}

#[test]
fn n_working_days_after_do_not_count_the_first_day() {
    let calendar = calendar();
    for (from, n, to) in [
        ("2020-04-29", 0, "2020-04-29"),
        ("2020-04-29", 1, "2020-04-30"),
        ("2020-04-29", 2, "2020-05-06"),
        ("2020-04-30", 5, "2020-05-11"),
        ("2020-05-01", 1, "2020-05-06"),
        ("2020-05-02", 0, "2020-05-02"),
        ("2020-09-25", 1, "2020-09-27"),
        ("2020-12-31", 1, "2021-01-04"),
        ("2021-02-10", 1, "2021-02-18"),
        ("2019-12-31", 249, "2020-12-31"),
    ] {
        assert_eq!(calendar.add_working_days(day(from), n), Ok(day(to)), "{from} + {n}");
    }
}

#[test]
fn between_a_day_and_itself_lies_no_working_day() {
    let calendar = calendar();
    for text in ["2020-04-29", "2020-05-01"] {
        assert_eq!(calendar.working_days_between(day(text), day(text)), Ok(0));
    }
    assert_eq!(
        calendar.working_days_between(day("2020-04-30"), day("2020-05-06")),
        Ok(1)
    );
    assert_eq!(
        calendar.working_days_between(day("2020-05-06"), day("2020-04-30")),
        Ok(-1)
    );
}

#[test]
fn a_term_that_ends_on_a_holiday_ends_on_the_next_working_day() {
    let calendar = calendar();
    for (end, moved) in [
        ("2020-04-30", "2020-04-30"),
        ("2020-05-01", "2020-05-06"),
        ("2020-05-09", "2020-05-09"),
        ("2020-10-03", "2020-10-09"),
    ] {
        assert_eq!(calendar.on_or_next_working_day(day(end)), Ok(day(moved)), "{end}");
    }
}

#[test]
fn a_year_without_a_file_is_an_error_that_names_year_and_file() {
    let calendar = calendar();
    let unknown = CalendarError::UnknownYear { year: 2027 };
    assert_eq!(calendar.is_working_day(day("2027-01-01")), Err(unknown.clone()));
    assert_eq!(calendar.add_working_days(day("2026-12-31"), 1), Err(unknown.clone()));
    assert_eq!(calendar.add_working_days(day("2026-12-30"), 1), Ok(day("2026-12-31")));
    assert_eq!(
        calendar.working_days_between(day("2026-12-01"), day("2027-01-01")),
        Err(unknown.clone())
    );
    assert_eq!(
        calendar.working_days_between(day("2027-01-01"), day("2026-12-01")),
        Err(unknown.clone())
    );
    assert_eq!(calendar.on_or_next_working_day(day("2027-01-01")), Err(unknown.clone()));
    assert_eq!(calendar.working_days_in(2027), Err(unknown.clone()));
    assert_eq!(
        calendar.is_working_day(day("2018-12-31")),
        Err(CalendarError::UnknownYear { year: 2018 })
    );
    assert!(calendar.add_working_days(day("2019-01-01"), u16::MAX).is_err());
    let message = unknown.to_string();
    assert!(
        message.contains("2027年") && message.contains("policies/shared/calendar/2027.toml"),
        "{message}"
    );
    assert!(Calendar::default().is_working_day(Day::MAX).is_err());
}

#[test]
fn a_file_that_contradicts_itself_is_refused() {
    let good = file(2020);
    let refuse = |from: &str, to: &str, part: &str| {
        assert!(good.contains(from), "{from}");
        let year: CalendarYear = toml::from_str(&good.replacen(from, to, 1)).expect("still the right shape");
        let error = Calendar::from_years([year]).expect_err(part).to_string();
        assert!(
            error.contains(part) && error.contains("2020.toml") || part == "不在2021年",
            "{error}"
        );
        assert!(error.contains(part), "{error}");
    };
    refuse("working_days = 249", "working_days = 250", "全年有249个工作日");
    refuse("2020-06-25, ", "", "全年有250个工作日");
    refuse("2020-06-25, ", "2020-06-27, ", "星期六");
    refuse("2020-04-26", "2020-04-27", "星期一");
    refuse("2020-06-25, ", "2020-06-26, ", "重复或没有按先后排列");
    refuse("2020-06-25, ", "2021-06-25, ", "不在2020年");
    refuse("2020-10-10,", "2020-10-10, 2020-10-10,", "重复或没有按先后排列");
    refuse("year = 2020", "year = 2021", "不在2021年");
    refuse("format = 1", "format = 2", "只读 format = 1");
    let error = Calendar::from_years([year(2020), year(2020)])
        .expect_err("twice")
        .to_string();
    assert!(error.contains("同一年份出现两次"), "{error}");
    assert!(toml::from_str::<CalendarYear>(&format!("extra = 1\n{good}")).is_err());
    assert!(toml::from_str::<CalendarYear>(&good.replace("notices", "sources")).is_err());
}

fn any_day() -> impl Strategy<Value = Day> {
    let days = day("2019-01-01").days_since_epoch()..=day("2026-12-31").days_since_epoch();
    days.prop_filter_map("in range", Day::from_days_since_epoch)
}

#[test]
fn counting_undoes_adding() {
    let calendar = calendar();
    proptest!(ProptestConfig::with_cases(1000), |(from in any_day(), n in 0_u16..300)| {
        if let Ok(to) = calendar.add_working_days(from, n) {
            prop_assert_eq!(calendar.working_days_between(from, to), Ok(i32::from(n)));
            prop_assert_eq!(calendar.working_days_between(to, from), Ok(-i32::from(n)));
            prop_assert!(n == 0 || calendar.is_working_day(to) == Ok(true));
        } else {
            prop_assert!(from.year() >= 2025);
        }
    });
}
