//! The kernel's calendar is `civil`'s, day by day.

use civil::Day;
use rules::calendar::{
    FIRST_DAY, LAST_DAY, add_months, age, civil_of, date_text, day_of, full_months, parse_date, parse_month,
};

use crate::support::{Dice, day};

#[test]
fn every_day_from_1900_to_9999_is_the_day_that_civil_has() {
    let mut number = FIRST_DAY;
    let mut date = Day::MIN;
    loop {
        let (year, month, of_month) = civil_of(number);
        assert_eq!(
            (year, month, of_month),
            (
                i64::from(date.year()),
                i64::from(date.month_number()),
                i64::from(date.day_of_month())
            )
        );
        assert_eq!(day_of(year, month, of_month), number);
        assert_eq!(rules::day_number(date), number);
        if number == LAST_DAY {
            break;
        }
        number += 1;
        date = date.add_days(1).expect("a next day");
    }
    assert_eq!(date, Day::MAX);
}

#[test]
fn months_between_and_months_added_are_those_of_civil() {
    let mut dice = Dice(3);
    for _ in 0..200_000 {
        let from = Day::from_days_since_epoch(i32::try_from(dice.below(40_000)).expect("day")).expect("day");
        let to = from
            .add_days(i32::try_from(dice.below(9_000)).expect("days") - 4_000)
            .expect("day");
        let (a, b) = (rules::day_number(from), rules::day_number(to));
        assert_eq!(
            full_months(a, b),
            i64::from(civil::full_months(from, to)),
            "{from} {to}"
        );
        let months = i32::try_from(dice.below(400)).expect("months") - 200;
        let moved = from.add_months(months).map(rules::day_number);
        assert_eq!(add_months(a, i64::from(months)), moved, "{from} {months}");
        if from <= to {
            assert_eq!(age(a, b), i64::from(civil::age(from, to).expect("an age")));
        }
    }
}

#[test]
fn before_birth_the_age_is_below_zero_not_zero() {
    let birth = rules::day_number(day("2020-09-02"));
    assert_eq!(age(birth, birth - 1), -1);
    assert_eq!(age(birth, birth), 0);
}

#[test]
fn dates_are_read_strictly() {
    for good in ["1900-01-01", "2020-02-29", "9999-12-31"] {
        assert_eq!(parse_date(good).map(date_text).as_deref(), Some(good));
    }
    for bad in [
        "2019-02-29", "2020-00-10", "2020-1-1", "20200101", "2020-01-01T00", "1899-12-31", "10000-01-01",
        "２０２０-01-01", "2020-01-+1", "",
    ] {
        assert_eq!(parse_date(bad), None, "{bad}");
    }
    assert_eq!(parse_month("2020-13"), None);
    assert_eq!(parse_month("2020-11"), Some(day_of(2020, 11, 1)));
}

#[test]
fn months_end_where_civil_says_at_the_ends_of_the_calendar() {
    assert_eq!(add_months(LAST_DAY, 1), None);
    assert_eq!(add_months(LAST_DAY, 0), Some(LAST_DAY));
    assert_eq!(add_months(FIRST_DAY, -1), None);
    assert_eq!(add_months(0, i64::MAX), None);
    assert_eq!(add_months(0, i64::MIN), None);
}
