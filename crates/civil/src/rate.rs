//! Rates: shares of a base, and changes in percentage points.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::characters::Characters;
use crate::money::Money;
use crate::parse_error::{ParseError, Problem};
use crate::rounding::Rounding;

const WHAT_RATE: &str = "比率";
const WHAT_POINTS: &str = "百分点";
/// Most decimals of a rate: a hundredth of a basis point of a basis point.
const MAX_SCALE: u32 = 12;
/// Rates stay below a million times their base, so that amount × rate always fits in `i128`.
const MAX_WHOLE: i64 = 1_000_000;
const LIMIT: Problem = Problem::OutOfRange {
    limit: "正负100万倍以内、小数不超过12位",
};

/// A share of a base, or a yearly rate of interest: 5.5% is 0.055. Exact; below 1,000,000 in size, at most twelve
/// decimals. Serialised as a decimal string (`"0.055"`).
///
/// A change in percentage points is another type, [`Points`]: 提高0.5个百分点 can be added to a rate but never be
/// taken of an amount of money.
/// ```compile_fail,E0308
/// let rise = civil::Points::parse("0.5个百分点").unwrap();
/// let _ = civil::Rate::ZERO.checked_add(rise);
/// ```
/// ```compile_fail,E0308
/// let _: civil::Rate = "0.055".parse::<rust_decimal::Decimal>().unwrap();
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(Decimal);

/// A change of a rate: 0.5 percentage points or 50 basis points are 0.005. Same limits as [`Rate`]; serialised as a
/// decimal string (`"0.005"`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Points(Decimal);

/// Either kind, where a text may hold either.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RateOrPoints {
    /// A share: %, ‰, 百分之, 千分之.
    Rate(Rate),
    /// A change: 个百分点, 个基点, bp.
    Points(Points),
}

impl Rate {
    /// Nothing of the base.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// All of the base, 100%.
    pub const ONE: Self = Self(Decimal::ONE);

    /// The rate with this value (0.055 for 5.5%); nothing beyond the type's limits.
    pub fn from_decimal(value: Decimal) -> Option<Self> {
        within_limits(value).map(Self)
    }

    /// A whole number of percent.
    pub fn from_percent(percent: i32) -> Option<Self> {
        Self::from_decimal(Decimal::new(i64::from(percent), 2))
    }

    /// Reads `5.5%`, `1‰`, `百分之五十`, `千分之一`, in full-width digits and with inner spaces too.
    ///
    /// # Errors
    /// With the character at which the reading broke off. Percentage points are not a rate and are refused.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        match read(WHAT_RATE, text)? {
            RateOrPoints::Rate(rate) => Ok(rate),
            RateOrPoints::Points(_) => {
                let problem = Problem::OtherKind {
                    is: "这是变动幅度（百分点、基点），不是比率",
                };
                Err(ParseError::new(WHAT_RATE, text, None, problem))
            }
        }
    }

    /// The value as a plain decimal: 0.055 for 5.5%.
    pub fn value(self) -> Decimal {
        self.0
    }

    /// This share of an amount, rounded once, to a fen. Exact before the rounding; nothing if it does not fit.
    pub fn of(self, base: Money, rounding: Rounding) -> Option<Money> {
        // |mantissa| < 10^18 and |fen| < 10^19: the product fits.
        let product = i128::from(base.fen()).checked_mul(self.0.mantissa())?;
        let divisor = 10_i128.checked_pow(self.0.scale())?;
        Money::from_wide(rounding.quotient(product, divisor)?)
    }

    /// The rate moved by so many points: LPR 减 150个基点.
    pub fn checked_shift(self, by: Points) -> Option<Self> {
        Self::from_decimal(self.0.checked_add(by.0)?)
    }

    /// The sum of two shares of the same base.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        Self::from_decimal(self.0.checked_add(other.0)?)
    }

    /// The difference of two shares of the same base.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::from_decimal(self.0.checked_sub(other.0)?)
    }

    /// The rate times another, exactly: 上浮50% is times 150%. Nothing if the product needs more decimals than the
    /// type holds.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let mut mantissa = self.0.mantissa().checked_mul(other.0.mantissa())?;
        let mut scale = self.0.scale() + other.0.scale();
        while scale > MAX_SCALE && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        let product = Decimal::try_from_i128_with_scale(mantissa, scale).ok()?;
        Self::from_decimal(product)
    }

    /// In per mille: `1‰`.
    pub fn in_per_mille(self) -> String {
        format!("{}‰", scaled(self.0, 3))
    }
}

impl Points {
    /// No change.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// The change with this value (0.005 for half a percentage point); nothing beyond the type's limits.
    pub fn from_decimal(value: Decimal) -> Option<Self> {
        within_limits(value).map(Self)
    }

    /// Reads `0.5个百分点`, `50个基点`, `50bp`, `一个百分点`, in full-width digits and with inner spaces too.
    ///
    /// # Errors
    /// With the character at which the reading broke off. A share (%, ‰) is not a change and is refused.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        match read(WHAT_POINTS, text)? {
            RateOrPoints::Points(points) => Ok(points),
            RateOrPoints::Rate(_) => {
                let problem = Problem::OtherKind {
                    is: "这是比率（%、‰），不是变动幅度",
                };
                Err(ParseError::new(WHAT_POINTS, text, None, problem))
            }
        }
    }

    /// The value as a plain decimal: 0.005 for half a percentage point.
    pub fn value(self) -> Decimal {
        self.0
    }

    /// The change the other way.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self(if self.0.is_zero() { self.0 } else { -self.0 })
    }

    /// In basis points: `50个基点`.
    pub fn in_basis_points(self) -> String {
        format!("{}个基点", scaled(self.0, 4))
    }
}

impl RateOrPoints {
    /// Reads whatever [`Rate::parse`] or [`Points::parse`] reads, and says which it was.
    ///
    /// # Errors
    /// With the character at which the reading broke off.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        read(WHAT_RATE, text)
    }
}

fn read(what: &'static str, text: &str) -> Result<RateOrPoints, ParseError> {
    let mut characters = Characters::new(what, text)?;
    let negative = characters.eat(&['-', '负']);
    let start = characters.index();
    let denominator = if characters.eat_word("百分之") {
        Some(2)
    } else if characters.eat_word("千分之") {
        Some(3)
    } else if characters.eat_word("万分之") {
        Some(4)
    } else {
        None
    };
    let written = if characters.at_arabic() {
        characters.arabic_decimal()?
    } else {
        characters.chinese_decimal()?
    };
    let (shift, is_rate) = match denominator {
        Some(shift) => (shift, true),
        None => unit(&mut characters)?,
    };
    characters.end("结尾（单位后不应再有文字）")?;
    let signed = if negative { -written.mantissa } else { written.mantissa };
    let value = Decimal::try_from_i128_with_scale(signed, written.scale + shift)
        .ok()
        .and_then(within_limits);
    let value = value.ok_or_else(|| characters.fail_at(start, LIMIT))?;
    Ok(if is_rate {
        RateOrPoints::Rate(Rate(value))
    } else {
        RateOrPoints::Points(Points(value))
    })
}

/// The decimal places the unit stands for, and whether it is that of a rate.
fn unit(characters: &mut Characters<'_>) -> Result<(u32, bool), ParseError> {
    if characters.eat(&['%']) {
        return Ok((2, true));
    }
    if characters.eat(&['‰']) {
        return Ok((3, true));
    }
    characters.eat(&['个']);
    for (word, shift) in [("百分点", 2), ("基点", 4), ("bps", 4), ("bp", 4)] {
        if characters.eat_word(word) {
            return Ok((shift, false));
        }
    }
    Err(characters.expected("“%、‰、个百分点、个基点、bp”之一"))
}

fn within_limits(value: Decimal) -> Option<Decimal> {
    let value = value.normalize();
    let small = value.abs() < Decimal::from(MAX_WHOLE) && value.scale() <= MAX_SCALE;
    small.then_some(value)
}

/// The value times 10^places, exactly, without trailing zeros.
fn scaled(value: Decimal, places: u32) -> String {
    let scale = value.scale();
    let moved = if scale >= places {
        Decimal::try_from_i128_with_scale(value.mantissa(), scale - places)
    } else {
        let factor = 10_i128.pow(places - scale);
        Decimal::try_from_i128_with_scale(value.mantissa() * factor, 0)
    };
    // The limits of the type leave ample room: 18 digits and at most 4 more.
    moved.map(|moved| moved.normalize().to_string()).unwrap_or_default()
}

/// In percent: `5.5%`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}%", scaled(self.0, 2)))
    }
}

/// In percentage points: `0.5个百分点`.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}个百分点", scaled(self.0, 2)))
    }
}

impl fmt::Display for RateOrPoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate(rate) => rate.fmt(f),
            Self::Points(points) => points.fmt(f),
        }
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decimal_text(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Points {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decimal_text(deserializer).map(Self)
    }
}

fn decimal_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    struct DecimalText;
    impl serde::de::Visitor<'_> for DecimalText {
        type Value = Decimal;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("十进制小数的字符串，如 \"0.055\"（即5.5%；不得写成数字）")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Decimal, E> {
            let plain = !text.is_empty()
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'))
                && !text.starts_with('.')
                && !text.ends_with('.');
            let value = if plain {
                Decimal::from_str_exact(text).ok()
            } else {
                None
            };
            let value = value.and_then(within_limits);
            value.ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
        }
    }
    deserializer.deserialize_str(DecimalText)
}
