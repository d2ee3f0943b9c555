//! Double-entry transfers: batches of lines that sum to zero and are never edited.

use std::fmt;

use civil::Money;

/// A fund (资金渠道) by its id in `policies/shared/funds.toml`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FundId(String);

/// An account of the ledger by its name, such as an appropriation, what is reserved of it, a payee.
///
/// A fund is not an account:
/// ```compile_fail,E0308
/// let fund = ledger::FundId::new("employment-subsidy").unwrap();
/// let _: ledger::AccountId = fund;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

/// The money of one fund in one budget year. A shortage in one purse is never covered from another, so a batch has
/// exactly one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purse {
    /// The fund.
    pub fund: FundId,
    /// The budget year.
    pub budget_year: i16,
}

/// One line of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The account it changes.
    pub account: AccountId,
    /// By how much: more than nothing into the account, less than nothing out of it.
    pub amount: Money,
}

/// Lines that belong together, all of one purse, whose amounts sum to zero. There is no way to change one or to make
/// one that does not balance:
/// ```compile_fail,E0451
/// let fund = ledger::FundId::new("employment-subsidy").unwrap();
/// let purse = ledger::Purse { fund, budget_year: 2020 };
/// let _ = ledger::Batch { purse, lines: Vec::new() };
/// ```
/// What was wrong is put right by another batch, [`Batch::correction`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    purse: Purse,
    lines: Vec<Line>,
}

/// Lines that are no batch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BatchError {
    /// Fewer than two lines.
    #[error("一组记账至少要有两行，现有{found}行")]
    TooFewLines {
        /// How many there are.
        found: usize,
    },
    /// A line that moves nothing, or as much as has no opposite.
    #[error("第{position}行（科目“{account}”）的金额为{amount}，无法记账")]
    Amount {
        /// Which line, counted from 1.
        position: usize,
        /// Its account.
        account: AccountId,
        /// Its amount.
        amount: Money,
    },
    /// Lines that do not sum to zero.
    #[error("借贷不平，相差{difference}；请核对各行金额")]
    Unbalanced {
        /// What they sum to.
        difference: Money,
    },
    /// Lines whose sum does not fit.
    #[error("各行金额合计超出可记录的范围，请核对")]
    TooMuch,
    /// A transfer from an account to itself.
    #[error("转出与转入是同一科目“{account}”")]
    SameAccount {
        /// The account.
        account: AccountId,
    },
}

impl FundId {
    /// A fund of this id; nothing for an empty one.
    pub fn new(id: &str) -> Option<Self> {
        named(id).map(Self)
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AccountId {
    /// An account of this name; nothing for an empty one.
    pub fn new(name: &str) -> Option<Self> {
        named(name).map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Batch {
    /// A batch of these lines.
    ///
    /// # Errors
    /// Fewer than two lines, a line that moves nothing, lines that do not sum to zero.
    pub fn new(purse: Purse, lines: Vec<Line>) -> Result<Self, BatchError> {
        if lines.len() < 2 {
            return Err(BatchError::TooFewLines { found: lines.len() });
        }
        for (index, line) in lines.iter().enumerate() {
            // A batch must have a correction, so each amount needs its opposite.
            if line.amount.is_zero() || line.amount.checked_neg().is_none() {
                let Line { account, amount } = line.clone();
                return Err(BatchError::Amount {
                    position: index + 1,
                    account,
                    amount,
                });
            }
        }
        let sum = Money::checked_sum(lines.iter().map(|line| line.amount)).ok_or(BatchError::TooMuch)?;
        if sum.is_zero() {
            Ok(Self { purse, lines })
        } else {
            Err(BatchError::Unbalanced { difference: sum })
        }
    }

    /// So much from one account to another.
    ///
    /// # Errors
    /// The same account on both sides, or an amount that is not more than nothing.
    pub fn transfer(purse: Purse, from: AccountId, to: AccountId, amount: Money) -> Result<Self, BatchError> {
        if from == to {
            return Err(BatchError::SameAccount { account: from });
        }
        let opposite = amount.checked_neg().filter(|opposite| opposite.is_negative());
        let Some(opposite) = opposite else {
            return Err(BatchError::Amount {
                position: 1,
                account: from,
                amount,
            });
        };
        let lines = vec![
            Line {
                account: from,
                amount: opposite,
            },
            Line { account: to, amount },
        ];
        Self::new(purse, lines)
    }

    /// The batch that undoes this one, line by line.
    #[must_use]
    pub fn correction(&self) -> Self {
        let opposite = |line: &Line| Line {
            account: line.account.clone(),
            // Batch::new saw to it that there is an opposite.
            amount: line.amount.checked_neg().unwrap_or_default(),
        };
        Self {
            purse: self.purse.clone(),
            lines: self.lines.iter().map(opposite).collect(),
        }
    }

    /// Whose money it is.
    pub fn purse(&self) -> &Purse {
        &self.purse
    }

    /// The lines in order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}

fn named(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

impl fmt::Display for FundId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// `employment-subsidy（2020年度）`.
impl fmt::Display for Purse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}（{}年度）", self.fund, self.budget_year)
    }
}
