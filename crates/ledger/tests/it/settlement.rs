//! Settlements: a balance, a recovery or nothing, and never a negative payment.

use civil::Money;
use ledger::{Settlement, SettlementError, settle};

const ONE: Money = Money::from_fen(1);

#[test]
fn one_fen_decides_between_paying_and_taking_back() {
    let paid = [Money::from_fen(60), Money::from_fen(40)];
    assert_eq!(settle(Money::from_fen(101), &paid), Ok(Settlement::Pay(ONE)));
    assert_eq!(settle(Money::from_fen(100), &paid), Ok(Settlement::Even));
    assert_eq!(settle(Money::from_fen(99), &paid), Ok(Settlement::Recover(ONE)));
}

#[test]
fn without_any_payment_all_of_it_is_paid_or_nothing() {
    assert_eq!(settle(ONE, &[]), Ok(Settlement::Pay(ONE)));
    assert_eq!(settle(Money::ZERO, &[]), Ok(Settlement::Even));
    assert_eq!(settle(Money::ZERO, &[Money::MAX]), Ok(Settlement::Recover(Money::MAX)));
    assert_eq!(settle(Money::MAX, &[]), Ok(Settlement::Pay(Money::MAX)));
}

#[test]
fn negative_and_boundless_amounts_are_refused() {
    let negative = Money::from_fen(-1);
    assert_eq!(
        settle(negative, &[]),
        Err(SettlementError::NegativeActual { actual: negative })
    );
    assert_eq!(
        settle(ONE, &[ONE, negative]),
        Err(SettlementError::NegativePayment {
            position: 2,
            paid: negative
        })
    );
    assert_eq!(settle(ONE, &[Money::MAX, ONE]), Err(SettlementError::TooMuchPaid));
    let message = SettlementError::NegativePayment {
        position: 2,
        paid: negative,
    }
    .to_string();
    assert!(message.contains("第2笔已付金额为-0.01元"), "{message}");
}
