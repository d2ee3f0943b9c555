//! Cost shares: exact sums, odd fen, refusals.

use civil::{Money, Rate};
use ledger::{CostShares, ShareError, Tie};
use proptest::prelude::*;

fn rates(texts: &[&str]) -> Vec<Rate> {
    texts.iter().map(|text| Rate::parse(text).expect(text)).collect()
}

fn fen(amounts: &[Money]) -> Vec<i64> {
    amounts.iter().map(|amount| amount.fen()).collect()
}

fn split(shares: &CostShares, total: i64) -> Vec<i64> {
    fen(&shares.split(Money::from_fen(total)).expect("a split"))
}

#[test]
fn centre_province_and_city_carry_30_50_and_20_percent() {
    let shares = CostShares::by_rate(&rates(&["30%", "50%", "20%"]), Tie::FirstListed).expect("100%");
    assert_eq!(split(&shares, 1_250_000), [375_000, 625_000, 250_000]);
    assert_eq!(split(&shares, 0), [0, 0, 0]);
    // One fen: 0.3, 0.5 and 0.2 of it; the largest remainder gets it.
    assert_eq!(split(&shares, 1), [0, 1, 0]);
    assert_eq!(split(&shares, 2), [1, 1, 0]);
    assert_eq!(split(&shares, 3), [1, 1, 1]);
    assert_eq!(split(&shares, 9), [3, 4, 2]);
    assert_eq!(split(&shares, 10), [3, 5, 2]);
    assert_eq!(split(&shares, 11), [3, 6, 2]);
}

#[test]
fn the_shares_before_the_change_also_add_up() {
    let shares = CostShares::by_rate(&rates(&["30%", "25%", "45%"]), Tie::FirstListed).expect("100%");
    assert_eq!(split(&shares, 999_999), [300_000, 250_000, 449_999]);
    // 0.3, 0.25 and 0.45 of a fen are cut; one fen is left.
    assert_eq!(split(&shares, 101), [30, 25, 46]);
}

#[test]
fn the_tie_rule_says_who_gets_the_odd_fen() {
    let thirds = |tie| CostShares::by_weight(&[1, 1, 1], tie).expect("three parts");
    assert_eq!(split(&thirds(Tie::FirstListed), 100), [34, 33, 33]);
    assert_eq!(split(&thirds(Tie::LastListed), 100), [33, 33, 34]);
    assert_eq!(split(&thirds(Tie::FirstListed), 101), [34, 34, 33]);
    assert_eq!(split(&thirds(Tie::LastListed), 101), [33, 34, 34]);
    // A tie rule never overrules a larger remainder.
    let halves = CostShares::by_weight(&[1, 2, 1], Tie::FirstListed).expect("three parts");
    assert_eq!(split(&halves, 1), [0, 1, 0]);
}

#[test]
fn the_greatest_amounts_are_split_exactly() {
    let shares = CostShares::by_weight(&[u64::MAX, 1, u64::MAX], Tie::FirstListed).expect("three parts");
    assert_eq!(
        split(&shares, i64::MAX),
        [4_611_686_018_427_387_904, 0, 4_611_686_018_427_387_903]
    );
    let one = CostShares::by_weight(&[7], Tie::FirstListed).expect("one part");
    assert_eq!(split(&one, i64::MAX), [i64::MAX]);
    assert_eq!(one.parts(), 1);
}

#[test]
fn what_cannot_be_split_is_refused_with_a_reason() {
    let by_rate = |texts: &[&str]| CostShares::by_rate(&rates(texts), Tie::FirstListed);
    let by_weight = |weights: &[u64]| CostShares::by_weight(weights, Tie::FirstListed);
    for (result, part) in [
        (by_rate(&[]), "没有任何分担方"),
        (by_weight(&[]), "没有任何分担方"),
        (by_weight(&[3, 0]), "第2个分担方的份额为0，应大于零"),
        (by_rate(&["0%", "100%"]), "第1个分担方的份额为0%"),
        (by_rate(&["120%", "-20%"]), "第2个分担方的份额为-20%"),
        (by_rate(&["30%", "50%"]), "合计为80%，应为100%"),
        (
            by_rate(&["30%", "50%", "20.0000000001%"]),
            "合计为100.0000000001%，应为100%",
        ),
        (by_rate(&["50%", "49.9999999999%"]), "合计为99.9999999999%，应为100%"),
        (by_weight(&vec![1; 10_001]), "分担方共10001个"),
    ] {
        let message = result.expect_err(part).to_string();
        assert!(message.contains(part), "{message}");
    }
    assert!(by_weight(&vec![1; 10_000]).is_ok());
    assert!(by_rate(&["0.0000000001%", "99.9999999999%"]).is_ok());
    let shares = by_weight(&[1, 1]).expect("two parts");
    let error = shares.split(Money::from_fen(-1)).expect_err("negative");
    assert_eq!(
        error,
        ShareError::NegativeTotal {
            total: Money::from_fen(-1)
        }
    );
    assert!(error.to_string().contains("不得为负"), "{error}");
    assert!(shares.split(Money::ZERO).is_ok());
}

/// Largest remainders by the definition: again and again one fen to whoever lacks most.
fn split_slowly(weights: &[u64], total: i64, tie: Tie) -> Vec<i64> {
    let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    let exact = |weight: u64| i128::from(total) * i128::from(weight);
    let mut shares: Vec<i64> = weights.iter().map(|weight| (exact(*weight) / whole) as i64).collect();
    let mut lacking: Vec<(usize, i128)> = weights
        .iter()
        .map(|weight| exact(*weight) % whole)
        .enumerate()
        .collect();
    while shares.iter().sum::<i64>() < total {
        let most = lacking.iter().map(|(_, lack)| *lack).max().expect("somebody lacks");
        let mut first_to_last = lacking
            .iter()
            .filter(|(_, lack)| *lack == most)
            .map(|(index, _)| *index);
        let index = if tie == Tie::LastListed {
            first_to_last.next_back()
        } else {
            first_to_last.next()
        };
        let index = index.expect("the one who lacks most");
        shares[index] += 1;
        lacking.retain(|(other, _)| *other != index);
    }
    shares
}

fn any_tie() -> impl Strategy<Value = Tie> {
    prop_oneof![Just(Tie::FirstListed), Just(Tie::LastListed)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    #[test]
    fn shares_add_up_and_are_within_a_fen(
        weights in proptest::collection::vec(prop_oneof![1_u64..10, 1_u64..=u64::MAX], 1..12),
        total in prop_oneof![0_i64..1000, 0_i64..=i64::MAX],
        tie in any_tie(),
    ) {
        let shares = CostShares::by_weight(&weights, tie).expect("parts");
        let amounts = shares.split(Money::from_fen(total)).expect("a split");
        prop_assert_eq!(Money::checked_sum(amounts.iter().copied()), Some(Money::from_fen(total)));
        let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
        for (amount, weight) in amounts.iter().zip(&weights) {
            let floor = i128::from(total) * i128::from(*weight) / whole;
            let over = i128::from(amount.fen()) - floor;
            prop_assert!(over == 0 || over == 1);
        }
    }

    #[test]
    fn a_slow_split_by_the_definition_agrees(
        weights in proptest::collection::vec(1_u64..6, 1..8),
        total in 0_i64..500,
        tie in any_tie(),
    ) {
        let shares = CostShares::by_weight(&weights, tie).expect("parts");
        prop_assert_eq!(split(&shares, total), split_slowly(&weights, total, tie));
    }

    #[test]
    fn only_the_proportion_of_weights_counts(
        weights in proptest::collection::vec(1_u64..1000, 1..8),
        times in 1_u64..1000,
        total in 0_i64..1_000_000_000,
    ) {
        let larger: Vec<u64> = weights.iter().map(|weight| weight * times).collect();
        let plain = CostShares::by_weight(&weights, Tie::FirstListed).expect("parts");
        let larger = CostShares::by_weight(&larger, Tie::FirstListed).expect("parts");
        prop_assert_eq!(split(&plain, total), split(&larger, total));
    }

    #[test]
    fn rates_split_like_their_weights(first in 1_u64..50, second in 1_u64..50, total in 0_i64..=i64::MAX) {
        let weights = [first, second, 100 - first - second];
        let texts: Vec<String> = weights.iter().map(|weight| format!("{weight}%")).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let by_rate = CostShares::by_rate(&rates(&texts), Tie::LastListed).expect("100%");
        let by_weight = CostShares::by_weight(&weights, Tie::LastListed).expect("parts");
        prop_assert_eq!(split(&by_rate, total), split(&by_weight, total));
    }

    #[test]
    fn a_greater_weight_never_gets_less(weights in proptest::collection::vec(1_u64..100, 2..8), total in 0_i64..10_000) {
        let shares = CostShares::by_weight(&weights, Tie::FirstListed).expect("parts");
        let amounts = split(&shares, total);
        for (a, x) in weights.iter().zip(&amounts) {
            for (b, y) in weights.iter().zip(&amounts) {
                prop_assert!(a <= b || x >= y, "{:?} {:?}", weights, amounts);
            }
        }
    }
}
