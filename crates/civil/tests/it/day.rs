//! Days: read, printed, moved.

use civil::{Day, Month, Weekday};
use proptest::prelude::*;

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).expect(text)
}

#[test]
fn days_are_read_as_documents_print_them() {
    for text in [
        "2020-04-29", "2020-4-29", "2020年4月29日", "2020年04月29日", "2020 年 4 月 29 日", "2020年4月29号",
        "2020．4．29", "2020.4.29", "2020.04.29", "2020/4/29", "２０２０年４月２９日", "二〇二〇年四月二十九日",
        "二○二○年四月二十九日", "二零二零年四月二十九日", "2020年四月二十九日", "　2020年4月29日\n",
    ] {
        assert_eq!(Day::parse(text), Ok(Day::new(2020, 4, 29).expect("a day")), "{text}");
    }
    assert_eq!(day("一九九九年十二月三十一日").to_string(), "1999-12-31");
    assert_eq!(day("二〇二〇年十月十日").to_string(), "2020-10-10");
}

#[test]
fn what_is_no_day_is_refused_with_its_place() {
    for (text, position, part) in [
        ("", None, "内容为空"),
        ("2020", Some(4), "还缺“年”"),
        ("2020年4月", Some(7), "还缺日"),
        ("2020年", Some(5), "还缺数字"),
        ("20年4月29日", Some(1), "四位年份"),
        ("2020年4月29", Some(9), "还缺“日”"),
        ("2020-4.29", Some(7), "相同的分隔符"),
        ("2020年4-29", Some(7), "应为“月”"),
        ("2021年2月29日", Some(8), "没有这一天"),
        ("1900年2月29日", Some(8), "没有这一天"),
        ("2020年13月1日", Some(9), "没有这一天"),
        ("2020年0月1日", Some(8), "没有这一天"),
        ("2020年4月31日", Some(8), "没有这一天"),
        ("2020年4月0日", Some(8), "没有这一天"),
        ("2020年4月129日", Some(8), "没有这一天"),
        ("1899年12月31日", Some(1), "1900年至9999年"),
        ("2020年4月29日前", Some(11), "“前”不应出现"),
        ("2020-04-29T00:00:00", Some(11), "“T”不应出现"),
        ("20200429", Some(1), "四位年份"),
        ("前2020年4月29日", Some(1), "“前”不应出现"),
    ] {
        let error = Day::parse(text).expect_err(text);
        assert_eq!(error.position(), position, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn days_that_no_calendar_has_do_not_exist() {
    assert!(Day::new(2020, 2, 29).is_some() && Day::new(2000, 2, 29).is_some());
    assert!(Day::new(2021, 2, 29).is_none() && Day::new(1900, 2, 29).is_none());
    assert!(Day::new(1899, 12, 31).is_none() && Day::new(1900, 1, 1).is_some());
    assert!(Day::new(2020, 0, 1).is_none() && Day::new(2020, -1, 1).is_none());
    assert!(Day::new(i16::MAX, 1, 1).is_none() && Day::new(9999, 12, 31) == Some(Day::MAX));
}

#[test]
fn days_print_in_iso_and_in_chinese() {
    let day = day("2020年4月9日");
    assert_eq!(day.to_string(), "2020-04-09");
    assert_eq!(day.chinese(), "2020年4月9日");
    assert_eq!(format!("[{day:>12}]"), "[  2020-04-09]");
    assert_eq!((day.year(), day.month_number(), day.day_of_month()), (2020, 4, 9));
    assert_eq!(day.month(), Month::new(2020, 4).expect("a month"));
}

#[test]
fn weekdays_are_those_of_the_wall_calendar() {
    assert_eq!(day("2020-04-29").weekday(), Weekday::Wednesday);
    assert_eq!(day("1970-01-01").weekday(), Weekday::Thursday);
    assert_eq!(day("2026-01-04").weekday(), Weekday::Sunday);
    assert_eq!(day("2026-01-04").weekday().chinese(), "星期日");
    assert!(day("2026-01-03").weekday().is_weekend() && !day("2026-01-05").weekday().is_weekend());
}

#[test]
fn moving_by_months_stops_at_the_month_end() {
    for (from, months, to) in [
        ("2020-01-31", 1, "2020-02-29"),
        ("2021-01-31", 1, "2021-02-28"),
        ("2020-01-31", 2, "2020-03-31"),
        ("2020-02-29", 12, "2021-02-28"),
        ("2020-02-29", 48, "2024-02-29"),
        ("2020-02-29", 1, "2020-03-29"),
        ("2020-03-31", -1, "2020-02-29"),
        ("2020-01-15", -13, "2018-12-15"),
        ("2020-12-31", 0, "2020-12-31"),
    ] {
        assert_eq!(day(from).add_months(months), Some(day(to)), "{from} {months}");
    }
    assert_eq!(Day::MAX.add_months(1), None);
    assert_eq!(Day::MIN.add_months(-1), None);
    assert_eq!(day("2020-01-01").add_months(i32::MAX), None);
    assert_eq!(day("2020-01-01").add_months(i32::MIN), None);
}

#[test]
fn the_ends_of_month_quarter_and_year_are_found() {
    let february = day("2020-02-10");
    assert_eq!(february.last_of_month(), day("2020-02-29"));
    assert_eq!(february.last_of_quarter(), day("2020-03-31"));
    assert_eq!(february.last_of_year(), day("2020-12-31"));
    for (month, end) in [
        (1, "03-31"),
        (3, "03-31"),
        (4, "06-30"),
        (6, "06-30"),
        (7, "09-30"),
        (9, "09-30"),
        (10, "12-31"),
        (12, "12-31"),
    ] {
        let first = Day::new(2021, month, 1).expect("a day");
        assert_eq!(first.last_of_quarter().to_string(), format!("2021-{end}"));
    }
    assert_eq!(Day::MAX.last_of_quarter(), Day::MAX);
}

#[test]
fn the_count_from_the_epoch_is_that_of_date32() {
    for (text, days) in [
        ("1970-01-01", 0),
        ("1969-12-31", -1),
        ("1970-12-31", 364),
        ("2000-02-29", 11_016),
        ("2020-04-29", 18_381),
        ("1900-01-01", -25_567),
    ] {
        assert_eq!(day(text).days_since_epoch(), days, "{text}");
        assert_eq!(Day::from_days_since_epoch(days), Some(day(text)));
    }
    assert_eq!(Day::from_days_since_epoch(Day::MIN.days_since_epoch() - 1), None);
    assert_eq!(Day::from_days_since_epoch(Day::MAX.days_since_epoch() + 1), None);
    assert_eq!(Day::from_days_since_epoch(i32::MIN), None);
    assert_eq!(Day::from_days_since_epoch(i32::MAX), None);
}

#[test]
fn every_day_of_a_whole_cycle_of_the_calendar_counts_on_by_one() {
    let mut walked = jiff::civil::date(1900, 1, 1);
    let end = Day::new(2300, 1, 1).expect("a day").days_since_epoch();
    for days in Day::MIN.days_since_epoch()..=end {
        let expected = Day::new(walked.year(), walked.month(), walked.day()).expect("a day");
        assert_eq!(Day::from_days_since_epoch(days), Some(expected));
        assert_eq!(expected.days_since_epoch(), days);
        walked = walked.tomorrow().expect("not the last");
    }
}

#[test]
fn days_are_serialised_in_iso_and_read_from_nothing_else() {
    let day = day("2020-04-29");
    assert_eq!(serde_json::to_string(&day).expect("json"), "\"2020-04-29\"");
    assert_eq!(serde_json::from_str::<Day>("\"2020-04-29\"").expect("day"), day);
    for other in [
        "\"2020-4-29\"", "\"20200429\"", "\"2020-04-29T00:00:00\"", "\"2020年4月29日\"", "\"1899-12-31\"",
        "\"2020-02-30\"", "\"+020-04-29\"", "\"2020-+4-29\"", "18381", "null", "{\"year\":2020}", "[]",
    ] {
        let error = serde_json::from_str::<Day>(other).expect_err(other).to_string();
        assert!(error.contains("YYYY-MM-DD"), "{other}: {error}");
    }
}

#[test]
fn days_are_read_from_local_dates_of_toml() {
    #[derive(serde::Deserialize)]
    struct Header {
        date: Day,
    }
    let read = |text: &str| toml::from_str::<Header>(text).map(|header| header.date);
    assert_eq!(read("date = 2020-04-29"), Ok(day("2020-04-29")));
    assert_eq!(read("date = \"2020-04-29\""), Ok(day("2020-04-29")));
    for other in [
        "date = 2020-04-29T08:00:00", "date = 1800-01-01", "date = 08:00:00", "date = { a = 1 }", "date = 2020",
    ] {
        assert!(read(other).is_err(), "{other}");
    }
}

fn any_day() -> impl Strategy<Value = Day> {
    (Day::MIN.days_since_epoch()..=Day::MAX.days_since_epoch())
        .prop_map(|days| Day::from_days_since_epoch(days).expect("in range"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn every_printed_day_reads_back(day in any_day()) {
        for text in [day.to_string(), day.chinese()] {
            prop_assert_eq!(Day::parse(&text), Ok(day));
        }
        let json = serde_json::to_string(&day).expect("json");
        prop_assert_eq!(serde_json::from_str::<Day>(&json).expect("day"), day);
    }

    #[test]
    fn moving_by_days_and_back_is_no_move(day in any_day(), days in -100_000..=100_000) {
        if let Some(moved) = day.add_days(days) {
            prop_assert_eq!(moved.add_days(-days), Some(day));
            prop_assert_eq!(day.days_until(moved), days);
            prop_assert_eq!(moved > day, days > 0);
        }
    }

    #[test]
    fn moving_by_months_lands_in_that_month_on_that_day_or_its_last(day in any_day(), months in -5000..=5000) {
        if let Some(moved) = day.add_months(months) {
            prop_assert_eq!(day.month().months_until(moved.month()), months);
            prop_assert!(moved.day_of_month() == day.day_of_month() || moved == moved.last_of_month());
            prop_assert!(moved.day_of_month() <= day.day_of_month());
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[0-9年月日.\\-/一二十〇 ]{0,20}|\\PC{0,30}") {
        if let Ok(day) = Day::parse(&text) {
            prop_assert_eq!(Day::parse(&day.chinese()), Ok(day));
        }
        let _ = Month::parse(&text);
    }
}
