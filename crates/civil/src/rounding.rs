//! Named ways to round.

use serde::{Deserialize, Serialize};

/// How a result finer than its unit is rounded. All four are symmetric: −x rounds to the negative of what x
/// rounds to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// 四舍五入: to the nearest; exactly half goes away from zero.
    HalfUp,
    /// To the nearest; exactly half goes to the even neighbour.
    HalfEven,
    /// 舍去: towards zero.
    Down,
    /// 进位: away from zero.
    Up,
}

impl Rounding {
    /// `numerator / denominator` as an integer. Nothing for a zero denominator or a quotient beyond `i128`.
    pub fn quotient(self, numerator: i128, denominator: i128) -> Option<i128> {
        let whole = numerator.checked_div(denominator)?;
        let rest = numerator.checked_rem(denominator)?.unsigned_abs();
        if rest == 0 {
            return Some(whole);
        }
        let size = denominator.unsigned_abs();
        let away = match self {
            Self::Down => false,
            Self::Up => true,
            // rest < size, so size - rest cannot wrap, while rest * 2 could.
            Self::HalfUp => rest >= size - rest,
            Self::HalfEven => rest > size - rest || (rest == size - rest && whole % 2 != 0),
        };
        if !away {
            return Some(whole);
        }
        let negative = (numerator < 0) != (denominator < 0);
        whole.checked_add(if negative { -1 } else { 1 })
    }

    /// The Chinese name of the method.
    pub fn name(self) -> &'static str {
        match self {
            Self::HalfUp => "四舍五入",
            Self::HalfEven => "四舍六入五成双",
            Self::Down => "舍去尾数",
            Self::Up => "尾数进一",
        }
    }
}
