//! Whole numbers, money and decimals, exactly.

use civil::Day;
use policy::fact::{DECIMAL_SCALE, FactType};
use policy::register::ColumnType;

use crate::problem::Problem;

/// Digits of a whole number that fit into 64 bits whatever they are.
const MAX_DIGITS: usize = 18;

/// A whole number; its unit may stand behind it.
pub(super) fn whole(text: &str, unit: Option<&str>) -> Result<i64, Problem> {
    let bare = match unit.and_then(|unit| text.strip_suffix(unit)) {
        Some(bare) => bare.trim_end(),
        None => text,
    };
    let number = Plain::read(bare).ok_or(Problem::Integer)?;
    if !number.fraction.bytes().all(|b| b == b'0') {
        return Err(Problem::Fraction);
    }
    number
        .scaled(0)
        .and_then(|value| i64::try_from(value).ok())
        .ok_or(Problem::Integer)
}

/// Fen out of yuan, or out of what the header counts in (`scale` 4: 万元).
pub(super) fn fen(text: &str, scale: i8) -> Result<i64, Problem> {
    let bare = text.trim_start_matches(['¥', '￥']).trim();
    let (bare, scale) = if let Some(bare) = bare.strip_suffix("万元") {
        (bare, 4)
    } else if let Some(bare) = bare.strip_suffix('元') {
        (bare, 0)
    } else {
        (bare, scale)
    };
    let number = Plain::read(bare.trim_end()).ok_or(Problem::Money)?;
    let digits = 2 + i32::from(scale);
    match number.exact(digits) {
        Exact::Value(value) => i64::try_from(value).map_err(|_| Problem::MoneyTooLarge),
        Exact::TooFine => Err(Problem::MoneyTooFine),
        Exact::TooLarge => Err(Problem::MoneyTooLarge),
    }
}

/// Millionths; a percentage is a hundredth of what it shows.
pub(super) fn decimal(text: &str, scale: i8) -> Result<i128, Problem> {
    let (bare, scale) = match text.strip_suffix(['%', '％']) {
        Some(bare) => (bare.trim_end(), -2),
        None => (text, scale),
    };
    let number = Plain::read(bare).ok_or(Problem::Decimal)?;
    let digits = i32::try_from(DECIMAL_SCALE).unwrap_or_default() + i32::from(scale);
    match number.exact(digits) {
        Exact::Value(value) if value.unsigned_abs() < 10_u128.pow(18) => Ok(value),
        Exact::TooFine => Err(Problem::DecimalTooFine),
        Exact::Value(_) | Exact::TooLarge => Err(Problem::Decimal),
    }
}

/// A bound as a register's file writes it, in the column's own counting.
pub(super) fn bound(text: &str, kind: &ColumnType) -> Option<i128> {
    match kind {
        ColumnType::Value(FactType::Int) => whole(text, None).ok().map(i128::from),
        ColumnType::Value(FactType::Fen) => fen(text, 0).ok().map(i128::from),
        ColumnType::Value(FactType::Decimal) => decimal(text, 0).ok(),
        ColumnType::Value(FactType::Date) => Day::parse(text).ok().map(|day| i128::from(day.days_since_epoch())),
        _ => None,
    }
}

/// Digits before and after the point.
struct Plain<'t> {
    negative: bool,
    whole: std::borrow::Cow<'t, str>,
    fraction: &'t str,
}

enum Exact {
    Value(i128),
    TooFine,
    TooLarge,
}

impl<'t> Plain<'t> {
    /// `-1,234.50`; thousands may be set off by commas in threes. No exponent: a spreadsheet that shows one has
    /// dropped digits.
    fn read(text: &'t str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if !digits(fraction) || text.ends_with('.') {
            return None;
        }
        if whole.is_empty() {
            return None;
        }
        if digits(whole) {
            return Some(Self {
                negative,
                whole: whole.into(),
                fraction,
            });
        }
        let mut groups = whole.split([',', '，']);
        let first = groups.next().unwrap_or_default();
        if !(1..=3).contains(&first.len()) || !digits(first) {
            return None;
        }
        let mut joined = first.to_owned();
        for group in groups {
            if group.len() != 3 || !digits(group) {
                return None;
            }
            joined.push_str(group);
        }
        Some(Self {
            negative,
            whole: joined.into(),
            fraction,
        })
    }

    fn scaled(&self, digits: i32) -> Option<i128> {
        match self.exact(digits) {
            Exact::Value(value) => Some(value),
            Exact::TooFine | Exact::TooLarge => None,
        }
    }

    /// The number times ten to the power of `digits`, if that is whole.
    fn exact(&self, digits: i32) -> Exact {
        let fraction = self.fraction.trim_end_matches('0');
        if self.whole.len() > MAX_DIGITS || fraction.len() > MAX_DIGITS {
            return if fraction.len() > MAX_DIGITS {
                Exact::TooFine
            } else {
                Exact::TooLarge
            };
        }
        let all = format!("{}{fraction}", self.whole);
        let Ok(value) = all.parse::<i128>() else {
            return Exact::TooLarge;
        };
        let shift = digits - i32::try_from(fraction.len()).unwrap_or_default();
        let power = |exponent: i32| 10_i128.checked_pow(exponent.unsigned_abs());
        let scaled = if shift >= 0 {
            power(shift).and_then(|power| value.checked_mul(power))
        } else {
            match power(shift) {
                Some(power) if value % power == 0 => Some(value / power),
                _ => return Exact::TooFine,
            }
        };
        match scaled {
            Some(value) if self.negative => Exact::Value(-value),
            Some(value) => Exact::Value(value),
            None => Exact::TooLarge,
        }
    }
}
