//! The due light, on both sides of each border.

use civil::Day;
use document::DeadlineClass;
use policy::due::{Light, YELLOW_DAYS, light};
use policy::pack::Deadline;

fn on(as_of: &str) -> Option<Light> {
    let due = Some(Day::parse("2020-12-31").unwrap());
    let deadline = Deadline {
        raw: Some("2020年底".to_owned()),
        class: DeadlineClass::Date,
        due,
        reading: None,
    };
    light(&deadline, Day::parse(as_of).unwrap())
}

#[test]
fn is_green_until_31_days_before_and_yellow_from_30() {
    assert_eq!(YELLOW_DAYS, 30);
    assert_eq!(on("2020-11-30"), Some(Light::Green));
    assert_eq!(on("2020-12-01"), Some(Light::Yellow));
}

#[test]
fn is_yellow_on_the_day_itself_and_red_the_day_after() {
    assert_eq!(on("2020-12-31"), Some(Light::Yellow));
    assert_eq!(on("2021-01-01"), Some(Light::Red));
}

#[test]
fn is_shown_for_no_other_class() {
    for class in [
        DeadlineClass::Standing,
        DeadlineClass::AsRequired,
        DeadlineClass::OnIssue,
        DeadlineClass::None,
    ] {
        // Even where bad data gives such a deadline a day, it cannot be overdue.
        let due = Some(Day::parse("2020-01-01").unwrap());
        let deadline = Deadline {
            raw: None,
            class,
            due,
            reading: None,
        };
        assert_eq!(light(&deadline, Day::parse("2021-01-01").unwrap()), None, "{class:?}");
    }
}
