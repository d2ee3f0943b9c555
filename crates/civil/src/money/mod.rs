//! Money in whole fen.

mod capital;
mod parse;
mod print;

use serde::{Deserialize, Serialize};

use crate::rounding::Rounding;

/// An amount of renminbi in whole fen; serialised as the integer number of fen.
///
/// There are no operators: every sum that can overflow is a `checked_` method, and nothing but another `Money`
/// can be added to it or compared with it. A bare number is not money:
/// ```compile_fail,E0308
/// let _: Option<civil::Money> = civil::Money::from_fen(300_000).checked_add(1);
/// ```
/// ```compile_fail,E0308
/// let _ = civil::Money::from_fen(300_000) > 5;
/// ```
/// ```compile_fail,E0308
/// let _: civil::Money = 300_000_i64;
/// ```
/// ```compile_fail,E0369
/// let _ = civil::Money::from_fen(1) + civil::Money::from_fen(1);
/// ```
/// Nor is a rate money, or money a rate:
/// ```compile_fail,E0308
/// let share = civil::Rate::parse("5%").unwrap();
/// let _ = civil::Money::ZERO.checked_add(share);
/// ```
/// What is allowed:
/// ```
/// use civil::Money;
/// let bonus = Money::parse("3000元")?;
/// assert_eq!(bonus.checked_add(Money::from_fen(1)), Some(Money::from_fen(300_001)));
/// # Ok::<(), civil::ParseError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

impl Money {
    /// No money.
    pub const ZERO: Self = Self(0);
    /// The most that fits: 92,233,720,368,547,758.07元.
    pub const MAX: Self = Self(i64::MAX);
    /// The least that fits.
    pub const MIN: Self = Self(i64::MIN);

    /// An amount of that many fen.
    pub const fn from_fen(fen: i64) -> Self {
        Self(fen)
    }

    /// An amount of that many whole yuan; nothing if it does not fit.
    pub const fn from_yuan(yuan: i64) -> Option<Self> {
        match yuan.checked_mul(100) {
            Some(fen) => Some(Self(fen)),
            None => None,
        }
    }

    /// The number of fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, if it fits.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, if it fits.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The amount with the other sign, if it fits.
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    /// So many times the amount, if it fits.
    pub fn checked_mul(self, times: i64) -> Option<Self> {
        self.0.checked_mul(times).map(Self)
    }

    /// The amount divided by a number and rounded to a fen; nothing for a division by zero or what does not fit.
    pub fn checked_div(self, by: i64, rounding: Rounding) -> Option<Self> {
        Self::from_wide(rounding.quotient(i128::from(self.0), i128::from(by))?)
    }

    /// The sum of all, if it fits; the order does not matter, only the total must fit.
    pub fn checked_sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut total = 0_i128;
        for amount in amounts {
            total = total.checked_add(i128::from(amount.0))?;
        }
        Self::from_wide(total)
    }

    /// That many fen, if they fit.
    pub(crate) fn from_wide(fen: i128) -> Option<Self> {
        i64::try_from(fen).ok().map(Self)
    }
}
