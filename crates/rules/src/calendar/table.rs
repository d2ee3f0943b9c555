//! Months of the years in which dates of this field lie, by a table: three look-ups in place of a conversion to year,
//! month and day and back. A day outside the table is left to the general way.

use super::FIRST_DAY;

/// The table reaches from January 1900 to December 2199.
const MONTHS: usize = 3_600;

/// The first day of each month, counted from 1900-01-01, and the day after the last month.
static STARTS: [u32; MONTHS + 1] = starts();

const fn starts() -> [u32; MONTHS + 1] {
    let mut starts = [0; MONTHS + 1];
    let (mut month, mut day) = (0, 0);
    while month < MONTHS {
        let year = 1_900 + month / 12;
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        day += match month % 12 {
            1 if leap => 29,
            1 => 28,
            3 | 5 | 8 | 10 => 30,
            _ => 31,
        };
        month += 1;
        starts[month] = day;
    }
    starts
}

/// Where a day lies.
struct Place {
    /// Months since January 1900.
    month: usize,
    /// Days since the first of the month.
    day: u32,
    /// The last of the month, counted likewise.
    last: u32,
}

#[inline]
fn place(day: i64) -> Option<Place> {
    let day = u32::try_from(day - FIRST_DAY)
        .ok()
        .filter(|day| *day < STARTS[MONTHS])?;
    // A month has 1,048,576 / 34,451 days; the guess is wrong by one month at most.
    let guess = usize::try_from((day * 34_451) >> 20).ok()?;
    let (start, next) = (*STARTS.get(guess)?, STARTS.get(guess + 1).copied().unwrap_or(u32::MAX));
    let month = guess + usize::from(next <= day) - usize::from(day < start);
    let (start, next) = (*STARTS.get(month)?, *STARTS.get(month + 1)?);
    Some(Place {
        month,
        day: day - start,
        last: next - start - 1,
    })
}

/// What [`full_months`](super::full_months) answers where `from` is not after `to`.
#[inline]
pub(super) fn full_months(from: i64, to: i64) -> Option<i64> {
    let (from, to) = (place(from)?, place(to)?);
    let months = i64::try_from(to.month.checked_sub(from.month)?).ok()?;
    Some(months - i64::from(to.day < from.day.min(to.last)))
}

/// What [`add_months`](super::add_months) answers, where the result lies in the table as well.
#[inline]
pub(super) fn add_months(day: i64, months: i64) -> Option<i64> {
    let from = place(day)?;
    let month = from.month.checked_add_signed(isize::try_from(months).ok()?)?;
    let (start, next) = (*STARTS.get(month)?, *STARTS.get(month.checked_add(1)?)?);
    Some(FIRST_DAY + i64::from(start + from.day.min(next - start - 1)))
}

/// Years since 1900 and months since January.
#[inline]
pub(super) fn year_and_month(day: i64) -> Option<(i64, i64)> {
    let month = i64::try_from(place(day)?.month).ok()?;
    Some((1_900 + month / 12, month % 12 + 1))
}

#[cfg(test)]
mod tests {
    use super::{MONTHS, STARTS, add_months, full_months, place, year_and_month};
    use crate::calendar::{FIRST_DAY, civil_of, generally};

    #[test]
    fn the_table_places_every_day_of_300_years_where_the_calendar_has_it() {
        let days = i64::from(STARTS[MONTHS]);
        assert_eq!(civil_of(FIRST_DAY + days), (2_200, 1, 1));
        for day in FIRST_DAY..FIRST_DAY + days {
            let (year, month, of_month) = civil_of(day);
            let found = place(day).expect("in the table");
            assert_eq!(
                i64::try_from(found.month).expect("small"),
                (year - 1_900) * 12 + month - 1
            );
            assert_eq!(i64::from(found.day), of_month - 1);
            assert_eq!(i64::from(found.last), crate::calendar::days_in_month(year, month) - 1);
            assert_eq!(year_and_month(day), Some((year, month)));
        }
        for day in [
            FIRST_DAY - 1,
            FIRST_DAY + days,
            i64::from(i32::MAX),
            i64::from(i32::MIN),
        ] {
            assert!(place(day).is_none(), "{day}");
        }
    }

    #[test]
    fn by_the_table_and_generally_months_are_the_same() {
        let days: Vec<i64> = (0..400).map(|step| FIRST_DAY + step * 274 + step % 31).collect();
        for from in &days {
            for to in days.iter().filter(|to| *to >= from) {
                assert_eq!(
                    full_months(*from, *to),
                    Some(generally::full_months(*from, *to)),
                    "{from} {to}"
                );
            }
            for months in [
                -3_601,
                -1_200,
                -13,
                -12,
                -1,
                0,
                1,
                2,
                11,
                12,
                13,
                25,
                1_200,
                3_601,
                i64::MAX,
                i64::MIN,
            ] {
                if let Some(moved) = add_months(*from, months) {
                    assert_eq!(Some(moved), generally::add_months(*from, months), "{from} {months}");
                }
            }
        }
        assert!(add_months(0, 600).is_some() && add_months(0, -840).is_some());
    }
}
