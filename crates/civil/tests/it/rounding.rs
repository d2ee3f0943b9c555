//! Named roundings, against their definition.

use civil::Rounding;
use proptest::prelude::*;

#[test]
fn each_rounding_does_what_its_name_says() {
    use Rounding::{Down, HalfEven, HalfUp, Up};
    for (numerator, half_up, half_even, down, up) in [
        (0, 0, 0, 0, 0),
        (1, 0, 0, 0, 1),
        (2, 1, 0, 0, 1),
        (3, 1, 1, 0, 1),
        (4, 1, 1, 1, 1),
        (6, 2, 2, 1, 2),
        (10, 3, 2, 2, 3),
    ] {
        for (rounding, expected) in [(HalfUp, half_up), (HalfEven, half_even), (Down, down), (Up, up)] {
            assert_eq!(
                rounding.quotient(numerator, 4),
                Some(expected),
                "{numerator}/4 {}",
                rounding.name()
            );
            assert_eq!(
                rounding.quotient(-numerator, 4),
                Some(-expected),
                "-{numerator}/4 {}",
                rounding.name()
            );
            assert_eq!(
                rounding.quotient(numerator, -4),
                Some(-expected),
                "{numerator}/-4 {}",
                rounding.name()
            );
        }
    }
}

#[test]
fn zero_and_overflow_give_nothing() {
    assert_eq!(Rounding::HalfUp.quotient(1, 0), None);
    assert_eq!(Rounding::Down.quotient(i128::MIN, -1), None);
    assert_eq!(Rounding::HalfUp.quotient(i128::MAX, 2), Some(i128::MAX / 2 + 1));
    assert_eq!(Rounding::Up.quotient(1, i128::MIN), Some(-1));
    assert_eq!(Rounding::HalfEven.quotient(i128::MIN, i128::MAX), Some(-1));
}

#[test]
fn roundings_are_serialised_by_name() {
    assert_eq!(serde_json::to_string(&Rounding::HalfUp).expect("json"), "\"half-up\"");
    assert!(serde_json::from_str::<Rounding>("\"bankers\"").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    #[test]
    fn a_rounded_quotient_is_the_nearest_its_name_allows(n in -10_000_i128..=10_000, d in 1_i128..=200) {
        let exact_times_d = n;
        let error = |rounding: Rounding| rounding.quotient(n, d).expect("a quotient") * d - exact_times_d;
        prop_assert!(error(Rounding::HalfUp).abs() * 2 <= d);
        prop_assert!(error(Rounding::HalfEven).abs() * 2 <= d);
        prop_assert!(error(Rounding::Down).abs() < d && error(Rounding::Down) * n.signum() <= 0);
        prop_assert!(error(Rounding::Up).abs() < d && error(Rounding::Up) * n.signum() >= 0);
        if error(Rounding::HalfEven).abs() * 2 == d {
            prop_assert_eq!(Rounding::HalfEven.quotient(n, d).expect("a quotient") % 2, 0);
            prop_assert!(error(Rounding::HalfUp) * n.signum() > 0);
        }
    }
}
