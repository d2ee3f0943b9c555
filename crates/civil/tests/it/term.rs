//! Terms by the Civil Code.

use civil::{Day, age, due_after_days, due_after_months, full_months, full_years};
use proptest::prelude::*;

use crate::day::day;

#[test]
fn a_month_is_full_on_the_corresponding_day_or_the_month_end() {
    for (from, to, months) in [
        ("2020-01-15", "2020-01-15", 0),
        ("2020-01-15", "2020-02-14", 0),
        ("2020-01-15", "2020-02-15", 1),
        ("2020-01-15", "2020-04-14", 2),
        ("2020-01-15", "2020-04-15", 3),
        ("2020-01-31", "2020-02-28", 0),
        ("2020-01-31", "2020-02-29", 1),
        ("2021-01-31", "2021-02-27", 0),
        ("2021-01-31", "2021-02-28", 1),
        ("2020-01-31", "2020-04-29", 2),
        ("2020-01-31", "2020-04-30", 3),
        ("2020-02-29", "2020-03-28", 0),
        ("2020-02-29", "2020-03-29", 1),
        ("2020-02-29", "2021-02-27", 11),
        ("2020-02-29", "2021-02-28", 12),
        ("2020-12-31", "2021-12-31", 12),
        ("2020-04-15", "2020-01-15", -3),
        ("2020-04-14", "2020-01-15", -2),
    ] {
        assert_eq!(full_months(day(from), day(to)), months, "{from} to {to}");
    }
}

#[test]
fn a_year_is_full_after_twelve_months() {
    assert_eq!(full_years(day("2020-09-01"), day("2021-08-31")), 0);
    assert_eq!(full_years(day("2020-09-01"), day("2021-09-01")), 1);
    assert_eq!(full_years(day("2020-02-29"), day("2024-02-28")), 3);
    assert_eq!(full_years(day("2020-02-29"), day("2024-02-29")), 4);
}

#[test]
fn exactly_a_year_before_retirement_is_not_less_than_a_year() {
    // 距离法定退休年龄不足1年 leaves out the day on which it is exactly one.
    let retirement = day("2021-06-30");
    for (on, less) in [("2020-06-29", false), ("2020-06-30", false), ("2020-07-01", true)] {
        assert_eq!(full_years(day(on), retirement) < 1, less, "{on}");
    }
}

#[test]
fn an_age_is_reached_on_the_birthday() {
    for (birth, on, years) in [
        ("2002-09-01", "2020-08-31", Some(17)),
        ("2002-09-01", "2020-09-01", Some(18)),
        ("2004-02-29", "2022-02-27", Some(17)),
        ("2004-02-29", "2022-02-28", Some(18)),
        ("2020-05-01", "2020-05-01", Some(0)),
        ("2020-05-01", "2020-04-30", None),
        ("1900-01-01", "9999-12-31", Some(8099)),
    ] {
        assert_eq!(age(day(birth), day(on)), years, "{birth} on {on}");
    }
}

#[test]
fn a_term_ends_on_the_corresponding_day_without_counting_its_first() {
    assert_eq!(due_after_months(day("2020-01-31"), 1), Some(day("2020-02-29")));
    assert_eq!(due_after_months(day("2020-11-30"), 3), Some(day("2021-02-28")));
    assert_eq!(due_after_months(day("2020-11-30"), 0), Some(day("2020-11-30")));
    assert_eq!(due_after_days(day("2020-02-28"), 2), Some(day("2020-03-01")));
    assert_eq!(due_after_months(Day::MAX, 1), None);
    assert_eq!(due_after_days(Day::MAX, 1), None);
}

fn any_day() -> impl Strategy<Value = Day> {
    // Month ends and leap days are where the rules differ, so they come up often.
    prop_oneof![
        (Day::MIN.days_since_epoch()..=Day::MAX.days_since_epoch())
            .prop_filter_map("in range", Day::from_days_since_epoch),
        (1990_i16..2030, 1_i8..=12).prop_filter_map("a month", |(y, m)| Day::new(y, m, 1).map(Day::last_of_month)),
        (1990_i16..2030, 1_i8..=3, 26_i8..=31).prop_filter_map("a day", |(y, m, d)| Day::new(y, m, d)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn full_months_is_the_largest_number_of_months_not_past_the_day(from in any_day(), to in any_day()) {
        let (from, to) = (from.min(to), from.max(to));
        let months = full_months(from, to);
        prop_assert!(from.add_months(months).is_some_and(|end| end <= to));
        prop_assert!(from.add_months(months + 1).is_none_or(|end| end > to));
    }

    #[test]
    fn a_term_of_n_months_holds_n_full_months(from in any_day(), months in 0_u16..2000) {
        if let Some(end) = due_after_months(from, months) {
            prop_assert_eq!(full_months(from, end), i32::from(months));
            if let Some(before) = end.add_days(-1).filter(|before| *before >= from) {
                prop_assert_eq!(full_months(from, before), i32::from(months) - 1);
            }
        }
    }

    #[test]
    fn a_later_day_never_has_fewer_full_months(from in any_day(), to in any_day(), days in 0..400) {
        if let Some(later) = to.add_days(days) {
            prop_assert!(full_months(from, later) >= full_months(from, to));
        }
    }

    #[test]
    fn the_other_way_round_is_the_negative(a in any_day(), b in any_day()) {
        prop_assert_eq!(full_months(a, b), -full_months(b, a));
        prop_assert_eq!(full_years(a, b), -full_years(b, a));
    }
}
