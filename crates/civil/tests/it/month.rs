//! Months and closed windows of them.

use civil::{Day, Month, MonthWindow};
use proptest::prelude::*;

fn month(text: &str) -> Month {
    Month::parse(text).expect(text)
}

fn window(from: &str, to: &str) -> MonthWindow {
    MonthWindow::new(month(from), month(to)).expect("the right way round")
}

#[test]
fn months_are_read_as_documents_print_them() {
    for text in [
        "2020-11", "2020年11月", "2020年11月份", "2020.11", "2020．11", "2020/11", "２０２０年１１月",
        "二〇二〇年十一月", "2020 年 11 月",
    ] {
        assert_eq!(Month::parse(text), Ok(Month::new(2020, 11).expect("a month")), "{text}");
    }
    for (text, part) in [
        ("2020年13月", "1月至12月"),
        ("2020年0月", "1月至12月"),
        ("2020年11", "还缺“月”"),
        ("2020-11份", "“份”不应出现"),
        ("2020年11月1日", "“1”不应出现"),
        ("2020-11-01", "“-”不应出现"),
        ("1899年12月", "1900年至9999年"),
        ("11月", "四位年份"),
    ] {
        let error = Month::parse(text).expect_err(text).to_string();
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn november_to_october_is_twelve_months() {
    let year = window("2020年11月", "2021年10月");
    assert_eq!(year.months(), 12);
    assert_eq!(year.iter().count(), 12);
    assert_eq!(year.from().months_until(year.to()), 11);
    assert_eq!(year.to_string(), "2020年11月至2021年10月");
    assert_eq!(window("2020-11", "2020-11").months(), 1);
    assert_eq!(window("2020-11", "2020-11").to_string(), "2020年11月");
}

#[test]
fn both_ends_belong_to_a_window() {
    let year = window("2020-11", "2021-10");
    for (text, inside) in [
        ("2020-10", false),
        ("2020-11", true),
        ("2021-10", true),
        ("2021-11", false),
    ] {
        assert_eq!(year.contains(month(text)), inside, "{text}");
    }
    for (text, inside) in [
        ("2020-10-31", false),
        ("2020-11-01", true),
        ("2021-10-31", true),
        ("2021-11-01", false),
    ] {
        assert_eq!(year.contains_day(Day::parse(text).expect(text)), inside, "{text}");
    }
}

#[test]
fn a_window_the_wrong_way_round_does_not_exist() {
    assert_eq!(MonthWindow::new(month("2021-10"), month("2020-11")), None);
    let error = serde_json::from_str::<MonthWindow>(r#"{"from":"2021-10","to":"2020-11"}"#).expect_err("wrong way");
    assert!(error.to_string().contains("起止月份颠倒"), "{error}");
    assert!(serde_json::from_str::<MonthWindow>(r#"{"from":"2020-11","to":"2021-10","until":1}"#).is_err());
    let json = serde_json::to_string(&window("2020-11", "2021-10")).expect("json");
    assert_eq!(json, r#"{"from":"2020-11","to":"2021-10"}"#);
    assert_eq!(
        serde_json::from_str::<MonthWindow>(&json).expect("window"),
        window("2020-11", "2021-10")
    );
}

#[test]
fn windows_overlap_in_the_months_they_share() {
    let (a, b) = (window("2020-01", "2020-12"), window("2020-11", "2021-10"));
    assert_eq!(a.overlap(b), Some(window("2020-11", "2020-12")));
    assert_eq!(a.overlap(window("2021-01", "2021-02")), None);
    assert_eq!(
        a.overlap(window("2020-12", "2021-02")),
        Some(window("2020-12", "2020-12"))
    );
}

#[test]
fn months_know_their_days() {
    for (text, days) in [
        ("2020-02", 29),
        ("2021-02", 28),
        ("1900-02", 28),
        ("2000-02", 29),
        ("2020-04", 30),
        ("2020-12", 31),
    ] {
        assert_eq!(month(text).days(), days);
        assert_eq!(month(text).last_day().day_of_month(), days);
        assert_eq!(month(text).first_day().day_of_month(), 1);
    }
    assert_eq!(month("2020-11").chinese(), "2020年11月");
    assert_eq!(Month::new(9999, 12).and_then(|last| last.add_months(1)), None);
    assert_eq!(Month::new(1900, 1).and_then(|first| first.add_months(-1)), None);
    assert_eq!(month("2020-01").add_months(i32::MAX), None);
    assert_eq!(Month::new(2020, 13), None);
    assert_eq!(Month::new(2020, 0), None);
    assert_eq!(Month::new(1899, 12), None);
}

#[test]
fn months_are_serialised_in_iso_and_read_from_nothing_else() {
    assert_eq!(serde_json::to_string(&month("2020-03")).expect("json"), "\"2020-03\"");
    for other in [
        "\"2020-3\"", "\"202003\"", "\"2020-03-01\"", "\"2020-13\"", "\"2020-+3\"", "\"+020-03\"", "202003",
    ] {
        assert!(serde_json::from_str::<Month>(other).is_err(), "{other}");
    }
}

fn any_month() -> impl Strategy<Value = Month> {
    (1900_i16..=9999, 1_i8..=12).prop_map(|(year, number)| Month::new(year, number).expect("a month"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_printed_month_reads_back(month in any_month()) {
        prop_assert_eq!(Month::parse(&month.to_string()), Ok(month));
        prop_assert_eq!(Month::parse(&month.chinese()), Ok(month));
        let json = serde_json::to_string(&month).expect("json");
        prop_assert_eq!(serde_json::from_str::<Month>(&json).expect("month"), month);
    }

    #[test]
    fn moving_and_counting_undo_each_other(month in any_month(), months in -3000..=3000) {
        if let Some(moved) = month.add_months(months) {
            prop_assert_eq!(month.months_until(moved), months);
            prop_assert_eq!(moved.add_months(-months), Some(month));
        }
    }

    #[test]
    fn a_window_holds_as_many_months_as_it_lists(from in any_month(), length in 0..200) {
        if let Some(window) = from.add_months(length).and_then(|to| MonthWindow::new(from, to)) {
            let listed: Vec<Month> = window.iter().collect();
            prop_assert_eq!(listed.len() as u32, window.months());
            prop_assert!(listed.iter().all(|month| window.contains(*month)));
            prop_assert!(listed.windows(2).all(|pair| pair[0].add_months(1) == Some(pair[1])));
        }
    }
}
