//! Cost shares that add up exactly: the method of the largest remainder.
//!
//! Each part first gets its exact share cut off to whole fen; the fen that are left, fewer than there are parts, go
//! one each to the parts whose shares were cut the most. Every part is thus within a fen of its exact share, and
//! together they are the total.

use civil::{Money, Rate};

/// Most parts of one split; more is a mistake.
pub(crate) const MAX_PARTS: usize = 10_000;
/// Rates have at most twelve decimals.
const RATE_SCALE: u32 = 12;

/// Who gets the odd fen when shares were cut by the same amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tie {
    /// The part listed earlier.
    FirstListed,
    /// The part listed later.
    LastListed,
}

/// Shares of a cost, in the order in which they were listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostShares {
    weights: Vec<i128>,
    whole: i128,
    tie: Tie,
}

/// Shares or a total that cannot be split.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// No part at all.
    #[error("没有任何分担方，无法分摊；请至少列出一方")]
    NoParts,
    /// More parts than [`CostShares`] takes.
    #[error("分担方共{found}个，超过上限{MAX_PARTS}个；请核对清单")]
    TooManyParts {
        /// How many there are.
        found: usize,
    },
    /// A part with a share of zero or less.
    #[error("第{position}个分担方的份额为{weight}，应大于零；不分担的一方不应列入")]
    NotPositive {
        /// Which part, counted from 1.
        position: usize,
        /// Its share as given.
        weight: String,
    },
    /// Rates that do not add up to the whole.
    #[error("各方分担比例合计为{sum}，应为100%；请核对各级比例")]
    NotWhole {
        /// What they add up to, in percent.
        sum: String,
    },
    /// Less than nothing to split.
    #[error("分摊总额为{total}，不得为负；收回款项应按原支付时的分担额逐项冲回")]
    NegativeTotal {
        /// The total as given.
        total: Money,
    },
}

impl CostShares {
    /// Shares by rate, which must add up to 100%: centre 30%, province 50%, city 20%.
    ///
    /// # Errors
    /// No part, too many, a rate of zero or less, or a sum other than 100%.
    pub fn by_rate(rates: &[Rate], tie: Tie) -> Result<Self, ShareError> {
        let mut weights = Vec::with_capacity(rates.len());
        for (index, rate) in rates.iter().enumerate() {
            let weight = numerator(*rate);
            let weight = weight.filter(|weight| *weight > 0);
            let refused = || ShareError::NotPositive {
                position: index + 1,
                weight: rate.to_string(),
            };
            weights.push(weight.ok_or_else(refused)?);
        }
        let shares = Self::new(weights, tie)?;
        if shares.whole != 10_i128.pow(RATE_SCALE) {
            return Err(ShareError::NotWhole {
                sum: percent(shares.whole),
            });
        }
        Ok(shares)
    }

    /// Shares by weight, such as heads or months; only their proportion counts.
    ///
    /// # Errors
    /// No part, too many, or a weight of zero.
    pub fn by_weight(weights: &[u64], tie: Tie) -> Result<Self, ShareError> {
        if let Some(index) = weights.iter().position(|weight| *weight == 0) {
            return Err(ShareError::NotPositive {
                position: index + 1,
                weight: "0".to_owned(),
            });
        }
        Self::new(weights.iter().map(|weight| i128::from(*weight)).collect(), tie)
    }

    /// Splits a total into one amount for each part, in their order. The amounts are never negative and add up to the
    /// total.
    ///
    /// # Errors
    /// A negative total: what was paid too much is taken back share by share, by the amounts that were paid.
    pub fn split(&self, total: Money) -> Result<Vec<Money>, ShareError> {
        if total.is_negative() {
            return Err(ShareError::NegativeTotal { total });
        }
        let total = i128::from(total.fen());
        // total < 2^63 and each weight < 2^64: no product reaches 2^127.
        let cut: Vec<(i128, i128)> = self
            .weights
            .iter()
            .map(|weight| (total * weight / self.whole, total * weight % self.whole))
            .collect();
        let left = total - cut.iter().map(|(share, _)| share).sum::<i128>();
        let mut order: Vec<usize> = (0..cut.len()).collect();
        if self.tie == Tie::LastListed {
            order.reverse();
        }
        // The sort is stable: parts that were cut alike stay in the order of the tie rule.
        order.sort_by_key(|index| std::cmp::Reverse(cut.get(*index).map(|(_, rest)| *rest)));
        let favoured = usize::try_from(left).unwrap_or_default();
        let favoured: Vec<usize> = order.into_iter().take(favoured).collect();
        let amounts = cut.iter().enumerate().map(|(index, (share, _))| {
            let fen = share + i128::from(favoured.contains(&index));
            // No share is more than the total, which was an i64.
            Money::from_fen(i64::try_from(fen).unwrap_or(i64::MAX))
        });
        Ok(amounts.collect())
    }

    /// How many parts there are.
    pub fn parts(&self) -> usize {
        self.weights.len()
    }

    fn new(weights: Vec<i128>, tie: Tie) -> Result<Self, ShareError> {
        if weights.is_empty() {
            return Err(ShareError::NoParts);
        }
        if weights.len() > MAX_PARTS {
            return Err(ShareError::TooManyParts { found: weights.len() });
        }
        let whole = weights.iter().sum();
        Ok(Self { weights, whole, tie })
    }
}

/// The rate in units of 10^-12.
fn numerator(rate: Rate) -> Option<i128> {
    let value = rate.value();
    let missing = RATE_SCALE.checked_sub(value.scale())?;
    value.mantissa().checked_mul(10_i128.checked_pow(missing)?)
}

/// Units of 10^-12 in percent.
fn percent(units: i128) -> String {
    let per_percent = 10_i128.pow(RATE_SCALE - 2);
    let (whole, rest) = (units / per_percent, units % per_percent);
    let fraction = format!("{rest:010}");
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() {
        format!("{whole}%")
    } else {
        format!("{whole}.{fraction}%")
    }
}
