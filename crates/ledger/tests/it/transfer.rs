//! Batches that sum to zero, and balances that cannot be overdrawn.

use civil::Money;
use ledger::{AccountId, BalanceError, Balances, Batch, BatchError, FundId, Line, Purse};
use proptest::prelude::*;

fn purse(fund: &str, budget_year: i16) -> Purse {
    Purse {
        fund: FundId::new(fund).expect("an id"),
        budget_year,
    }
}

fn account(name: &str) -> AccountId {
    AccountId::new(name).expect("a name")
}

fn line(name: &str, fen: i64) -> Line {
    Line {
        account: account(name),
        amount: Money::from_fen(fen),
    }
}

fn batch(lines: Vec<Line>) -> Result<Batch, BatchError> {
    Batch::new(purse("employment-subsidy", 2020), lines)
}

#[test]
fn a_batch_sums_to_zero_or_is_none() {
    assert!(batch(vec![line("a", -100), line("b", 60), line("c", 40)]).is_ok());
    for (lines, part) in [
        (vec![], "现有0行"),
        (vec![line("a", 0)], "现有1行"),
        (vec![line("a", -100), line("b", 99)], "借贷不平，相差-0.01元"),
        (vec![line("a", -100), line("b", 101)], "借贷不平，相差0.01元"),
        (vec![line("a", -100), line("b", 0), line("c", 100)], "第2行（科目“b”）"),
        (vec![line("a", i64::MIN), line("b", i64::MAX), line("c", 1)], "第1行"),
        (vec![line("a", i64::MAX), line("b", i64::MAX)], "超出可记录的范围"),
    ] {
        let message = batch(lines).expect_err(part).to_string();
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_transfer_goes_from_one_account_to_another() {
    let transfer = |from, to, fen| Batch::transfer(purse("f", 2020), account(from), account(to), Money::from_fen(fen));
    let moved = transfer("available", "reserved", 300_000).expect("a transfer");
    assert_eq!(moved.lines(), [line("available", -300_000), line("reserved", 300_000)]);
    assert_eq!(moved.purse().to_string(), "f（2020年度）");
    assert_eq!(
        transfer("a", "a", 1),
        Err(BatchError::SameAccount { account: account("a") })
    );
    for fen in [0, -1, i64::MIN] {
        let message = transfer("a", "b", fen).expect_err("no amount").to_string();
        assert!(message.contains("第1行（科目“a”）"), "{message}");
    }
    assert!(transfer("a", "b", i64::MAX).is_ok());
    assert!(FundId::new(" ").is_none() && AccountId::new("").is_none());
}

#[test]
fn available_money_never_goes_below_zero() {
    let of_2020 = purse("employment-subsidy", 2020);
    let mut balances = Balances::guarding([account("available")]);
    let transfer = |purse: &Purse, from, to, fen| {
        Batch::transfer(purse.clone(), account(from), account(to), Money::from_fen(fen)).expect("a transfer")
    };
    balances
        .apply(&transfer(&of_2020, "treasury", "available", 100))
        .expect("an open account may be negative");
    assert_eq!(balances.of(&of_2020, &account("treasury")), Money::from_fen(-100));
    let before = balances.clone();
    let error = balances
        .apply(&transfer(&of_2020, "available", "reserved", 101))
        .expect_err("one fen too much");
    assert_eq!(balances, before);
    assert_eq!(
        error,
        BalanceError::Insufficient {
            purse: of_2020.clone(),
            account: account("available"),
            held: Money::from_fen(100),
            missing: Money::from_fen(1)
        }
    );
    assert!(
        error.to_string().contains("余额不足：现有1.00元，还差0.01元"),
        "{error}"
    );
    balances
        .apply(&transfer(&of_2020, "available", "reserved", 100))
        .expect("all of it");
    assert_eq!(balances.of(&of_2020, &account("available")), Money::ZERO);
    // Another year's or another fund's money does not help.
    for other in [purse("employment-subsidy", 2021), purse("unemployment-insurance", 2020)] {
        assert_eq!(balances.of(&other, &account("reserved")), Money::ZERO);
        assert!(balances.apply(&transfer(&other, "available", "reserved", 1)).is_err());
    }
}

#[test]
fn only_the_balance_after_the_whole_batch_counts() {
    let mut balances = Balances::guarding([account("available")]);
    let lines = vec![
        line("available", -50),
        line("treasury", -50),
        line("available", 50),
        line("paid", 50),
    ];
    assert_eq!(balances.apply(&batch(lines).expect("a batch")), Ok(()));
}

#[test]
fn a_balance_beyond_the_range_is_refused_and_changes_nothing() {
    let mut balances = Balances::default();
    let great = batch(vec![line("a", -i64::MAX), line("b", i64::MAX)]).expect("a batch");
    balances.apply(&great).expect("fits");
    let before = balances.clone();
    assert!(matches!(balances.apply(&great), Err(BalanceError::TooMuch { .. })));
    assert_eq!(balances, before);
}

fn any_batch() -> impl Strategy<Value = Batch> {
    proptest::collection::vec((0_usize..5, -1_000_000_i64..1_000_000), 1..6).prop_filter_map("a batch", |moves| {
        let names = ["a", "b", "c", "d", "e"];
        let mut lines: Vec<Line> = moves
            .iter()
            .filter(|(_, fen)| *fen != 0)
            .map(|(name, fen)| line(names[*name], *fen))
            .collect();
        let sum: i64 = lines.iter().map(|line| line.amount.fen()).sum();
        if sum != 0 {
            lines.push(line("e", -sum));
        }
        batch(lines).ok()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_batch_and_its_correction_leave_everything_as_it_was(first in any_batch(), second in any_batch()) {
        let mut balances = Balances::default();
        balances.apply(&first).expect("fits");
        let before = balances.clone();
        balances.apply(&second).expect("fits");
        balances.apply(&second.correction()).expect("fits");
        for name in ["a", "b", "c", "d", "e"] {
            let name = account(name);
            prop_assert_eq!(balances.of(first.purse(), &name), before.of(first.purse(), &name));
        }
        prop_assert_eq!(second.correction().correction(), second);
    }

    #[test]
    fn a_purse_always_sums_to_zero(batches in proptest::collection::vec(any_batch(), 0..8)) {
        let mut balances = Balances::guarding([account("a")]);
        for batch in &batches {
            let _ = balances.apply(batch);
            prop_assert!(!balances.of(batch.purse(), &account("a")).is_negative());
            prop_assert_eq!(balances.total(batch.purse()), Some(Money::ZERO));
        }
    }

    #[test]
    fn lines_that_do_not_sum_to_zero_are_never_a_batch(moves in proptest::collection::vec(-1000_i64..1000, 0..6)) {
        let sum: i64 = moves.iter().sum();
        let lines = moves.iter().map(|fen| line("a", *fen)).collect();
        let balanced = sum == 0 && moves.len() >= 2 && moves.iter().all(|fen| *fen != 0);
        prop_assert_eq!(batch(lines).is_ok(), balanced);
    }
}
