//! Balances that batches add up to, with accounts that may never be overdrawn.

use std::collections::{BTreeMap, BTreeSet};

use civil::Money;

use crate::transfer::{AccountId, Batch, Purse};

/// What each account of each purse holds. A guarded account never goes below zero, in no purse.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Balances {
    guarded: BTreeSet<AccountId>,
    held: BTreeMap<Purse, BTreeMap<AccountId, Money>>,
}

/// A batch that the balances do not allow; nothing of it was applied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BalanceError {
    /// A guarded account would go below zero.
    #[error("{purse}的科目“{account}”余额不足：现有{held}，还差{missing}；不得用其他资金垫付")]
    Insufficient {
        /// Whose money.
        purse: Purse,
        /// The account.
        account: AccountId,
        /// What it holds.
        held: Money,
        /// How much more it would need.
        missing: Money,
    },
    /// A balance that does not fit.
    #[error("{purse}的科目“{account}”余额超出可记录的范围")]
    TooMuch {
        /// Whose money.
        purse: Purse,
        /// The account.
        account: AccountId,
    },
}

impl Balances {
    /// Empty balances in which these accounts may never go below zero.
    pub fn guarding(accounts: impl IntoIterator<Item = AccountId>) -> Self {
        Self {
            guarded: accounts.into_iter().collect(),
            held: BTreeMap::new(),
        }
    }

    /// What an account holds; nothing where no line ever named it.
    pub fn of(&self, purse: &Purse, account: &AccountId) -> Money {
        self.held
            .get(purse)
            .and_then(|held| held.get(account))
            .copied()
            .unwrap_or_default()
    }

    /// Adds all lines of a batch, or, if one of the resulting balances is not allowed, none.
    ///
    /// # Errors
    /// A guarded account that would end below zero, or a balance that does not fit. Only the balance after the whole
    /// batch counts, not the order of its lines.
    pub fn apply(&mut self, batch: &Batch) -> Result<(), BalanceError> {
        let purse = batch.purse();
        let mut moves: BTreeMap<&AccountId, Vec<Money>> = BTreeMap::new();
        for line in batch.lines() {
            moves.entry(&line.account).or_default().push(line.amount);
        }
        let mut changed = BTreeMap::new();
        for (account, amounts) in moves {
            let held = self.of(purse, account);
            let too_much = || BalanceError::TooMuch {
                purse: purse.clone(),
                account: account.clone(),
            };
            let after = Money::checked_sum(amounts.into_iter().chain([held])).ok_or_else(too_much)?;
            if after.is_negative() && self.guarded.contains(account) {
                let missing = after.checked_neg().ok_or_else(too_much)?;
                let (purse, account) = (purse.clone(), account.clone());
                return Err(BalanceError::Insufficient {
                    purse,
                    account,
                    held,
                    missing,
                });
            }
            changed.insert(account.clone(), after);
        }
        self.held.entry(purse.clone()).or_default().extend(changed);
        Ok(())
    }

    /// The sum over all accounts of a purse: always nothing, since every batch sums to zero. Absent only if the
    /// balances are so great that their sum does not fit.
    pub fn total(&self, purse: &Purse) -> Option<Money> {
        Money::checked_sum(self.held.get(purse).into_iter().flat_map(|held| held.values().copied()))
    }
}
