//! The end of a staged payment: what is really due against what was paid.

use civil::Money;

/// What is left to do when the actual amount is known. The amounts are always more than nothing: paying a negative
/// amount does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settlement {
    /// 结算余款: so much is still to be paid.
    Pay(Money),
    /// 收回: so much was paid in advance beyond what is due.
    Recover(Money),
    /// Nothing is left to pay or to take back.
    Even,
}

/// Amounts that cannot be settled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettlementError {
    /// Less than nothing is said to be due.
    #[error("核定应付金额为{actual}，不得为负；验收不合格的按零元结算")]
    NegativeActual {
        /// The amount as given.
        actual: Money,
    },
    /// A payment of less than nothing.
    #[error("第{position}笔已付金额为{paid}，不得为负；退回的款项应另行记账，不能作为负的支付")]
    NegativePayment {
        /// Which payment, counted from 1.
        position: usize,
        /// The payment as given.
        paid: Money,
    },
    /// Payments whose sum does not fit.
    #[error("已付金额合计超出可记录的范围，请核对各笔金额")]
    TooMuchPaid,
}

/// Settles what is really due (`actual`; nothing if acceptance failed) against every payment made so far.
///
/// # Errors
/// A negative amount due, a negative payment, or payments whose sum does not fit.
pub fn settle(actual: Money, paid: &[Money]) -> Result<Settlement, SettlementError> {
    if actual.is_negative() {
        return Err(SettlementError::NegativeActual { actual });
    }
    if let Some(index) = paid.iter().position(|payment| payment.is_negative()) {
        let paid = paid.get(index).copied().unwrap_or_default();
        return Err(SettlementError::NegativePayment {
            position: index + 1,
            paid,
        });
    }
    let paid = Money::checked_sum(paid.iter().copied()).ok_or(SettlementError::TooMuchPaid)?;
    let open = actual.checked_sub(paid).ok_or(SettlementError::TooMuchPaid)?;
    if open.is_zero() {
        Ok(Settlement::Even)
    } else if open.is_negative() {
        open.checked_neg()
            .map(Settlement::Recover)
            .ok_or(SettlementError::TooMuchPaid)
    } else {
        Ok(Settlement::Pay(open))
    }
}
