//! Days and times as spreadsheets store them: days since the end of 1899, or since 1904, and a fraction of a day.

use super::decimal::Decimal;

const SECONDS_PER_DAY: i64 = 86_400;
/// The last day a spreadsheet knows, 9999-12-31.
const LAST_SERIAL: i64 = 2_958_465;

/// A moment as its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// 0 is Sunday.
    pub(super) weekday: i64,
    /// Seconds since the beginning of serial 0, for times longer than a day.
    pub(super) elapsed_seconds: i64,
}

impl Moment {
    /// The moment of a serial number; none for negative numbers and beyond the year 9999.
    pub(super) fn of_serial(serial: &Decimal, since_1904: bool) -> Option<Self> {
        if serial.negative || serial.magnitude() > 7 {
            return None;
        }
        let (whole, part) = serial.parts();
        let mut days: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        // Twelve digits are a tenth of a microsecond of a day.
        let part: String = part.chars().chain(std::iter::repeat('0')).take(12).collect();
        let fraction: i64 = part.parse().ok()?;
        let mut seconds = (fraction * SECONDS_PER_DAY + 500_000_000_000) / 1_000_000_000_000;
        if seconds == SECONDS_PER_DAY {
            seconds = 0;
            days += 1;
        }
        if days > LAST_SERIAL {
            return None;
        }
        let elapsed_seconds = days * SECONDS_PER_DAY + seconds;
        if since_1904 {
            days += 1_462;
        }
        // 1900 is taken for a leap year: serial 60 is a day that never was, and all before it are one day late.
        let (year, month, day) = match days {
            60 if !since_1904 => (1900, 2, 29),
            days => civil_from_days(days - 25_569 + i64::from(days < 60)),
        };
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        Some(Self {
            year,
            month,
            day,
            hour,
            minute,
            second,
            weekday: (days + 6) % 7,
            elapsed_seconds,
        })
    }
}

/// Year, month and day of a day counted from 1970-01-01 (proleptic Gregorian).
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}
