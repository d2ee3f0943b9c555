//! Calendar arithmetic on days since 1970-01-01, for columns of dates.
//!
//! The same rules as `civil`, which tests compare day by day: a period of months ends on the corresponding day, or on the
//! last day of a month that has no such day (Civil Code, arts 201 and 202).

mod table;

use crate::typed::Mode;

/// 1900-01-01.
pub const FIRST_DAY: i64 = -25_567;
/// 9999-12-31.
pub const LAST_DAY: i64 = 2_932_896;

/// Days from 0000-03-01 to 1970-01-01.
const TO_MARCH_0000: i64 = 719_468;

/// Year, month and day of a day number.
pub fn civil_of(day: i64) -> (i64, i64, i64) {
    match u32::try_from(day + TO_MARCH_0000) {
        Ok(shifted) if day <= LAST_DAY => {
            let (year, month, day) = civil_of_shifted(shifted);
            (i64::from(year), i64::from(month), i64::from(day))
        }
        _ => civil_of_any(day),
    }
}

/// Year, month and day of days counted from 0000-03-01, up to the year 9999: multiplications in place of divisions, by
/// Neri and Schneider's Euclidean affine functions.
#[inline]
fn civil_of_shifted(shifted: u32) -> (u32, u32, u32) {
    let quarter = 4 * shifted + 3;
    let century = quarter / 146_097;
    let of_century = (quarter % 146_097) | 3;
    let product = 2_939_745_u64 * u64::from(of_century);
    let (high, low) = (product >> 32, product & 0xffff_ffff);
    let year_of_century = u32::try_from(high).unwrap_or_default();
    let day_of_year = u32::try_from(low / 2_939_745 / 4).unwrap_or_default();
    let of_month = 2_141 * day_of_year + 197_913;
    let (month, day) = (of_month >> 16, (of_month & 0xffff) / 2_141);
    let next_year = u32::from(day_of_year >= 306);
    (
        100 * century + year_of_century + next_year,
        month - 12 * next_year,
        day + 1,
    )
}

/// The day number of a date of the years 1 to 9999, by the inverse of [`civil_of_shifted`].
#[inline]
fn day_of_fast(year: u32, month: u32, day: u32) -> i64 {
    let early = u32::from(month <= 2);
    let (year, month) = (year - early, month + 12 * early);
    let century = year / 100;
    let of_years = 1_461 * year / 4 - century + century / 4;
    let of_months = (979 * month - 2_919) >> 5;
    i64::from(of_years + of_months + day - 1) - TO_MARCH_0000
}

/// Year, month and day of any day number (the proleptic Gregorian calendar, counted in eras of 400 years from 1 March).
fn civil_of_any(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The day number of a date that exists.
pub fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The days of a month.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Full months from one day to another; negative the other way round.
pub fn full_months(from: i64, to: i64) -> i64 {
    if to < from {
        return -full_months(to, from);
    }
    table::full_months(from, to).unwrap_or_else(|| generally::full_months(from, to))
}

/// Full years from one day to another; below zero before the first.
pub fn age(from: i64, to: i64) -> i64 {
    if to < from {
        -1 - full_months(to, from) / 12
    } else {
        full_months(from, to) / 12
    }
}

/// The day moved by months, on the corresponding day or the last of the month; nothing outside 1900 to 9999.
pub fn add_months(day: i64, months: i64) -> Option<i64> {
    table::add_months(day, months).or_else(|| generally::add_months(day, months))
}

/// Year and month of a day.
pub fn year_and_month(day: i64) -> (i64, i64) {
    table::year_and_month(day).unwrap_or_else(|| {
        let (year, month, _) = civil_of(day);
        (year, month)
    })
}

/// Months by year, month and day: for days of any year.
mod generally {
    use super::{civil_of, day_of_fast, days_in_month};

    /// Full months to a day that is not earlier.
    pub(super) fn full_months(from: i64, to: i64) -> i64 {
        let (from_year, from_month, from_day) = civil_of(from);
        let (to_year, to_month, to_day) = civil_of(to);
        let months = (to_year - from_year) * 12 + to_month - from_month;
        let complete = to_day >= from_day.min(days_in_month(to_year, to_month));
        months - i64::from(!complete)
    }

    pub(super) fn add_months(day: i64, months: i64) -> Option<i64> {
        let (year, month, of_month) = civil_of(day);
        let count = year.checked_mul(12)?.checked_add(month - 1)?.checked_add(months)?;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        if !(1900..=9999).contains(&year) {
            return None;
        }
        let of_month = of_month.min(days_in_month(year, month));
        let small = |number: i64| u32::try_from(number).unwrap_or_default();
        Some(day_of_fast(small(year), small(month), small(of_month)))
    }
}

/// `2020-01-31`, a day that exists.
pub fn parse_date(text: &str) -> Option<i64> {
    let (month, day) = (parse_month(text.get(..7)?)?, text.get(7..)?.strip_prefix('-')?);
    let day: i64 = Some(day)
        .filter(|day| day.len() == 2 && day.bytes().all(|b| b.is_ascii_digit()))?
        .parse()
        .ok()?;
    let (year, month_number, _) = civil_of(month);
    (1..=days_in_month(year, month_number))
        .contains(&day)
        .then_some(month + day - 1)
}

/// `2020-11`, as its first day.
pub fn parse_month(text: &str) -> Option<i64> {
    let (year, month) = text.split_once('-')?;
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(year, 4) || !digits(month, 2) {
        return None;
    }
    let (year, month): (i64, i64) = (year.parse().ok()?, month.parse().ok()?);
    ((1900..=9999).contains(&year) && (1..=12).contains(&month)).then(|| day_of(year, month, 1))
}

/// `2020-01-31`.
pub fn date_text(day: i64) -> String {
    let (year, month, day) = civil_of(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `2020-11`.
pub fn month_text(day: i64) -> String {
    let (year, month, _) = civil_of(day);
    format!("{year:04}-{month:02}")
}

/// The first day of the month.
pub fn month_start(day: i64) -> i64 {
    let (.., of_month) = civil_of(day);
    day - of_month + 1
}

/// `numerator * 10^power / denominator`, whole; nothing for a zero denominator or beyond 128 bits.
pub fn quotient(numerator: i128, denominator: i128, power: i8, mode: Mode) -> Option<i128> {
    let factor = 10_i128.checked_pow(u32::from(power.unsigned_abs()))?;
    let (numerator, denominator) = if power >= 0 {
        (numerator.checked_mul(factor)?, denominator)
    } else {
        (numerator, denominator.checked_mul(factor)?)
    };
    let rounding = match mode {
        Mode::HalfUp => civil::Rounding::HalfUp,
        Mode::HalfEven => civil::Rounding::HalfEven,
        Mode::Down => civil::Rounding::Down,
        Mode::Up => civil::Rounding::Up,
        Mode::Floor | Mode::Ceil => {
            let whole = numerator.checked_div(denominator)?;
            let rest = numerator.checked_rem(denominator)?;
            let negative = (rest < 0) != (denominator < 0);
            return match (rest != 0, mode == Mode::Floor, negative) {
                (true, true, true) => whole.checked_sub(1),
                (true, false, false) => whole.checked_add(1),
                _ => Some(whole),
            };
        }
    };
    rounding.quotient(numerator, denominator)
}
