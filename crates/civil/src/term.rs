//! Terms by the Civil Code, arts 200–204: full months and years, ages, days when a term ends.
//!
//! The day a term starts is not counted (art. 201). A term of months or years ends on the corresponding day of its
//! last month, or on that month's last day where it has none (art. 202). That a last day which is a holiday moves
//! to the next working day (art. 203) is a step of its own, because it needs a calendar and because administrative
//! texts may say otherwise: [`crate::Calendar::on_or_next_working_day`].
//!
//! Reading used throughout: a term is full on its last day (满3个月 from 15 January holds on 15 April), although
//! that day runs until midnight.

use crate::day::Day;

/// How many whole months lie between two days: the largest n for which `from.add_months(n)` is not after `to`.
///
/// From 31 January one month is full on 28 (29) February. If `to` is before `from`, the months the other way round,
/// negative.
pub fn full_months(from: Day, to: Day) -> i32 {
    if to < from {
        return -full_months(to, from);
    }
    let months = from.month().months_until(to.month());
    // The corresponding day of the last month, or its last day.
    let corresponding = from.day_of_month().min(to.month().days());
    if to.day_of_month() >= corresponding {
        months
    } else {
        months - 1
    }
}

/// How many whole years lie between two days, by the rule of [`full_months`].
pub fn full_years(from: Day, to: Day) -> i32 {
    full_months(from, to) / 12
}

/// 周岁 on a day: full on the birthday itself, for 29 February on 28 February of common years. Nothing before birth.
pub fn age(birth: Day, on: Day) -> Option<u16> {
    u16::try_from(full_years(birth, on)).ok().filter(|_| birth <= on)
}

/// The last day of a term of so many months that starts on `start`; not moved for holidays. Nothing beyond 9999.
pub fn due_after_months(start: Day, months: u16) -> Option<Day> {
    start.add_months(i32::from(months))
}

/// The last day of a term of so many calendar days that starts on `start`, which is not counted; not moved for
/// holidays. Nothing beyond 9999.
pub fn due_after_days(start: Day, days: u16) -> Option<Day> {
    start.add_days(i32::from(days))
}
