//! Rates and points: kept apart, exact, rounded only where a rounding is named.

use civil::{Money, Points, Rate, RateOrPoints, Rounding};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect(text)
}

fn points(text: &str) -> Points {
    Points::parse(text).expect(text)
}

#[test]
fn rates_are_read_as_documents_print_them() {
    for (text, value) in [
        ("5.5%", "0.055"),
        ("5.5％", "0.055"),
        ("５．５％", "0.055"),
        ("5. 5 %", "0.055"),
        ("50%", "0.5"),
        ("100%", "1"),
        ("1‰", "0.001"),
        ("0.5‰", "0.0005"),
        ("百分之五十", "0.5"),
        ("百分之五点五", "0.055"),
        ("百分之50", "0.5"),
        ("千分之一", "0.001"),
        ("万分之五", "0.0005"),
        ("-3%", "-0.03"),
        ("0%", "0"),
        ("1,000%", "10"),
        ("3.85%", "0.0385"),
    ] {
        assert_eq!(rate(text).value().to_string(), value, "{text}");
    }
}

#[test]
fn points_are_read_as_documents_print_them() {
    for (text, value) in [
        ("0.5个百分点", "0.005"),
        ("0. 5个百分点", "0.005"),
        ("1个百分点", "0.01"),
        ("一个百分点", "0.01"),
        ("2百分点", "0.02"),
        ("50个基点", "0.005"),
        ("50基点", "0.005"),
        ("50bp", "0.005"),
        ("150BP", "0.015"),
        ("１５０ｂｐ", "0.015"),
        ("50个bp", "0.005"),
        ("50bps", "0.005"),
        ("-150bp", "-0.015"),
    ] {
        assert_eq!(points(text).value().to_string(), value, "{text}");
    }
}

#[test]
fn a_share_and_a_change_are_never_taken_for_each_other() {
    let error = Rate::parse("0.5个百分点").expect_err("points");
    assert!(error.to_string().contains("变动幅度"), "{error}");
    let error = Points::parse("0.5%").expect_err("a share");
    assert!(error.to_string().contains("这是比率"), "{error}");
    assert_eq!(RateOrPoints::parse("5.5%"), Ok(RateOrPoints::Rate(rate("5.5%"))));
    assert_eq!(RateOrPoints::parse("50bp"), Ok(RateOrPoints::Points(points("50bp"))));
}

#[test]
fn what_is_no_rate_is_refused_with_its_place() {
    for (text, position, part) in [
        ("", None, "内容为空"),
        ("5.5", Some(3), "还缺“%"),
        ("%", Some(1), "此处应为数字"),
        ("5.5%以下", Some(5), "“以”不应出现"),
        ("5%-6%", Some(3), "“-”不应出现"),
        ("五成", Some(2), "“成”不应出现"),
        ("5个", Some(2), "还缺"),
        ("0.000000000001%", Some(1), "超出范围"),
        ("100000000%", Some(1), "超出范围"),
        ("百分之", Some(3), "还缺数字"),
    ] {
        let error = Rate::parse(text).expect_err(text);
        assert_eq!(error.position(), position, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn rates_print_in_percent_and_per_mille_and_points_in_points_and_basis_points() {
    assert_eq!(rate("5.50%").to_string(), "5.5%");
    assert_eq!(rate("100%").to_string(), "100%");
    assert_eq!(rate("1‰").to_string(), "0.1%");
    assert_eq!(rate("1‰").in_per_mille(), "1‰");
    assert_eq!(rate("5%").in_per_mille(), "50‰");
    assert_eq!(points("50bp").to_string(), "0.5个百分点");
    assert_eq!(points("0.5个百分点").in_basis_points(), "50个基点");
    assert_eq!(points("1个百分点").in_basis_points(), "100个基点");
    assert_eq!(
        RateOrPoints::parse("-150bp").expect("points").to_string(),
        "-1.5个百分点"
    );
    assert_eq!(Rate::ZERO.to_string(), "0%");
}

#[test]
fn lpr_less_150_basis_points_is_a_level() {
    let lpr = rate("3.85%");
    assert_eq!(lpr.checked_shift(points("150bp").reversed()), Some(rate("2.35%")));
    assert_eq!(lpr.checked_shift(points("-150bp")), Some(rate("2.35%")));
    assert_eq!(lpr.checked_add(rate("1%")), Some(rate("4.85%")));
    assert_eq!(lpr.checked_sub(rate("4.85%")), Some(rate("-1%")));
    // 上浮50% is of the rate itself.
    assert_eq!(lpr.checked_mul(rate("150%")), Some(rate("5.775%")));
    assert_eq!(rate("0.000001%").checked_mul(rate("0.001%")), None);
    assert_eq!(rate("99999900%").checked_mul(rate("200%")), None);
    assert_eq!(Points::ZERO.reversed(), Points::ZERO);
    // Thirteen decimals, of which the last is a zero.
    assert_eq!(
        rate("0.00005%").checked_mul(rate("0.0002%")),
        Some(rate("0.0000000001%"))
    );
}

#[test]
fn a_share_of_an_amount_is_rounded_as_named() {
    let half_fen = Money::from_fen(101);
    for (rounding, fen) in [
        (Rounding::HalfUp, 51),
        (Rounding::HalfEven, 50),
        (Rounding::Down, 50),
        (Rounding::Up, 51),
    ] {
        assert_eq!(rate("50%").of(half_fen, rounding), Some(Money::from_fen(fen)));
        let negative = Money::from_fen(-101);
        assert_eq!(rate("50%").of(negative, rounding), Some(Money::from_fen(-fen)));
    }
    assert_eq!(Rate::ONE.of(Money::MAX, Rounding::Down), Some(Money::MAX));
    assert_eq!(Rate::ONE.of(Money::MIN, Rounding::Up), Some(Money::MIN));
    assert_eq!(rate("100.1%").of(Money::MAX, Rounding::Down), None);
    assert_eq!(Rate::ZERO.of(Money::MAX, Rounding::Up), Some(Money::ZERO));
    assert_eq!(
        rate("0.0000000001%").of(Money::from_fen(1), Rounding::Up),
        Some(Money::from_fen(1))
    );
}

#[test]
fn rates_are_serialised_as_decimal_strings() {
    assert_eq!(serde_json::to_string(&rate("5.50%")).expect("json"), "\"0.055\"");
    assert_eq!(serde_json::to_string(&points("50bp")).expect("json"), "\"0.005\"");
    assert_eq!(serde_json::from_str::<Rate>("\"0.0550\"").expect("rate"), rate("5.5%"));
    assert_eq!(
        serde_json::from_str::<Points>("\"-0.015\"").expect("points"),
        points("-150bp")
    );
    for other in [
        "0.055", "5", "\"5.5%\"", "\"\"", "\"1e-2\"", "\"+0.1\"", "\".5\"", "\"5.\"", "\"1_0\"", "\"1000000\"",
    ] {
        assert!(serde_json::from_str::<Rate>(other).is_err(), "{other}");
    }
    let error = serde_json::from_str::<Rate>("0.055").expect_err("a number").to_string();
    assert!(error.contains("字符串"), "{error}");
}

#[test]
fn values_beyond_the_limits_are_nothing() {
    assert_eq!(Rate::from_decimal(Decimal::new(1_000_000, 0)), None);
    assert_eq!(Rate::from_decimal(Decimal::new(-1_000_000, 0)), None);
    assert!(Rate::from_decimal(Decimal::new(999_999, 0)).is_some());
    assert_eq!(Rate::from_decimal(Decimal::new(1, 13)), None);
    assert!(Rate::from_decimal(Decimal::new(10, 13)).is_some());
    assert_eq!(Rate::from_percent(50), Some(rate("50%")));
    assert_eq!(Rate::from_percent(i32::MAX), None);
}

fn any_rate() -> impl Strategy<Value = Rate> {
    (0_u32..=12).prop_flat_map(|scale| {
        let most = 10_i64.pow(scale + 6) - 1;
        (-most..=most)
            .prop_map(move |mantissa| Rate::from_decimal(Decimal::new(mantissa, scale)).expect("within the limits"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn every_printed_rate_reads_back(rate in any_rate()) {
        for text in [rate.to_string(), rate.in_per_mille()] {
            prop_assert_eq!(Rate::parse(&text), Ok(rate), "{}", text);
        }
        let json = serde_json::to_string(&rate).expect("json");
        prop_assert_eq!(serde_json::from_str::<Rate>(&json).expect("rate"), rate);
        let points = Points::from_decimal(rate.value()).expect("same limits");
        for text in [points.to_string(), points.in_basis_points()] {
            prop_assert_eq!(Points::parse(&text), Ok(points), "{}", text);
        }
    }

    #[test]
    fn a_share_is_within_a_fen_of_the_exact_product(rate in any_rate(), fen in -1_000_000_000_000_i64..=1_000_000_000_000) {
        let base = Money::from_fen(fen);
        let exact = i128::from(fen) * rate.value().mantissa();
        let unit = 10_i128.pow(rate.value().scale());
        for rounding in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down, Rounding::Up] {
            let Some(share) = rate.of(base, rounding) else {
                prop_assert!(exact.abs() / unit >= i128::from(i64::MAX));
                continue;
            };
            let off = (i128::from(share.fen()) * unit - exact).abs();
            let most = if matches!(rounding, Rounding::HalfUp | Rounding::HalfEven) { unit / 2 } else { unit - 1 };
            prop_assert!(off <= most, "{rate} of {base} is {share}");
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[0-9.,%‰个百千万分之点基b负\\-五零 ]{0,20}|\\PC{0,30}") {
        if let Ok(either) = RateOrPoints::parse(&text) {
            prop_assert_eq!(RateOrPoints::parse(&either.to_string()), Ok(either));
        }
    }

    #[test]
    fn multiplying_rates_is_exact_or_nothing(a in any_rate(), b in any_rate()) {
        if let Some(product) = a.checked_mul(b) {
            let scale = a.value().scale() + b.value().scale();
            let exact = a.value().mantissa() * b.value().mantissa();
            let again = product.value().mantissa() * 10_i128.pow(scale - product.value().scale());
            prop_assert_eq!(again, exact);
        }
    }
}
