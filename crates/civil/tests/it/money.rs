//! Money: what is read, what is refused and where, what is printed.

use civil::{Money, Problem, Rounding};
use proptest::prelude::*;

/// Texts as documents print them, and the fen they are.
const READ: &[(&str, i64)] = &[
    ("1.83亿元", 18_300_000_000),
    ("6060.24万元", 6_060_240_000),
    ("500 万元", 500_000_000),
    ("3000元", 300_000),
    ("1,234.56元", 123_456),
    ("￥3,000.00", 300_000),
    ("¥3000", 300_000),
    ("￥500万", 500_000_000),
    ("￥-5.00", -500),
    ("人民币3000", 300_000),
    ("人民币 3000 元整", 300_000),
    ("3000元人民币", 300_000),
    ("RMB 3,000.00", 300_000),
    ("３０００元", 300_000),
    ("１，２３４．５６元", 123_456),
    ("3 0 0 0 元", 300_000),
    ("3\u{a0}000\u{3000}元", 300_000),
    ("\u{feff}3000元\n", 300_000),
    ("0.5元", 50),
    ("0.50元", 50),
    ("0.05元", 5),
    ("1.2300元", 123),
    ("0元", 0),
    ("-0元", 0),
    ("000元", 0),
    ("-500元", -50_000),
    ("－500元", -50_000),
    ("−500元", -50_000),
    ("负500元", -50_000),
    ("5角", 50),
    ("50分", 50),
    ("3元5角", 350),
    ("3元5角2分", 352),
    ("3元零2分", 302),
    ("3元2分", 302),
    ("0.000001亿元", 10_000),
    ("0.0000000001亿元", 1),
    ("3千元", 300_000),
    ("5百万元", 500_000_000),
    ("2千万元", 2_000_000_000),
    ("1万亿元", 100_000_000_000_000),
    ("1.2万亿元", 120_000_000_000_000),
    ("1亿8300万元", 18_300_000_000),
    ("3万5千元", 3_500_000),
    ("3万500元", 3_050_000),
    ("1亿2000万3000元", 12_000_300_000),
    ("1億2000萬圓", 12_000_000_000),
    ("五百万元", 500_000_000),
    ("三千元", 300_000),
    ("两千元", 200_000),
    ("十元", 1_000),
    ("十五万元", 15_000_000),
    ("一百一十五元", 11_500),
    ("一千零五元", 100_500),
    ("一千零五十元", 105_000),
    ("一千五百元", 150_000),
    ("三〇〇〇元", 300_000),
    ("二万亿元", 200_000_000_000_000),
    ("一点八三亿元", 18_300_000_000),
    ("零点五元", 50),
    ("一点一元", 110),
    ("一点五〇元", 150),
    ("三点零亿元", 30_000_000_000),
    ("一百点五万元", 100_500_000),
    ("三元五角", 350),
    ("三角", 30),
    ("五分", 5),
    ("人民币伍佰万元整", 500_000_000),
    ("人民币叁仟圆正", 300_000),
    ("壹仟陆佰捌拾元零叁角贰分", 168_032),
    ("壹仟陆佰捌拾元叁角贰分", 168_032),
    ("壹拾万柒仟元零伍角叁分", 10_700_053),
    ("壹拾万零柒仟元伍角叁分", 10_700_053),
    ("伍角整", 50),
    ("贰元零角伍分", 205),
    ("负伍分", -5),
    ("零元整", 0),
    ("92233720368547758.07元", i64::MAX),
    ("-92233720368547758.08元", i64::MIN),
];

#[test]
fn the_spellings_of_documents_are_read() {
    for (text, fen) in READ {
        assert_eq!(Money::parse(text), Ok(Money::from_fen(*fen)), "{text}");
    }
}

type Refused = (&'static str, Option<usize>, &'static str);

/// Texts that are not money, the character named, and a part of the message.
const REFUSED: &[Refused] = &[
    ("", None, "内容为空"),
    (" \u{3000}\n", None, "内容为空"),
    ("3000", Some(4), "还缺“元、万元、亿元”等单位"),
    ("3.5万", Some(4), "还缺“元”"),
    ("元", Some(1), "“元”不应出现，此处应为数字"),
    ("￥", Some(1), "还缺数字"),
    ("￥3000人", Some(6), "“人”不应出现"),
    ("￥3.005", Some(2), "精度超过分"),
    ("人民币", Some(3), "还缺数字"),
    ("三千", Some(2), "还缺“元”"),
    ("3000人", Some(5), "“人”不应出现"),
    ("3000元/人", Some(6), "“/”不应出现"),
    ("3000-5000元", Some(5), "“-”不应出现"),
    ("3000元以上", Some(6), "“以”不应出现"),
    ("约3000元", Some(1), "“约”不应出现"),
    ("12 x 元", Some(4), "“x”不应出现"),
    ("--5元", Some(2), "“-”不应出现"),
    ("1,23元", Some(2), "每三位一个"),
    ("1234,567元", Some(5), "每三位一个"),
    ("1,2345元", Some(2), "每三位一个"),
    ("1,,234元", Some(2), "每三位一个"),
    ("1.元", Some(3), "此处应为小数"),
    (".5元", Some(1), "此处应为数字"),
    ("1.2.3元", Some(4), "“.”不应出现"),
    ("0.001元", Some(1), "精度超过分"),
    ("0.0000001万元", Some(1), "精度超过分"),
    ("0.55角", Some(1), "精度超过分"),
    ("0.5分", Some(1), "精度超过分"),
    ("92233720368547758.08元", None, "超出范围"),
    ("-92233720368547758.09元", None, "超出范围"),
    ("1000000000000亿亿元", Some(15), "汉字数字"),
    ("10000000000000000000万亿元", None, "超出范围"),
    ("9999999999999999999999999999999元", Some(1), "超出范围"),
    ("999999999999999999999999999999万亿元", Some(1), "超出范围"),
    ("1亿0.5万3元", Some(3), "两种读法"),
    ("1.5亿300万元", Some(1), "两种读法"),
    ("1万2亿元", Some(3), "两种读法"),
    ("3万5元", Some(3), "两种读法"),
    ("1亿20000万元", Some(3), "两种读法"),
    ("1万万元", Some(3), "两种读法"),
    ("一万五元", Some(3), "两种读法"),
    ("一亿五元", Some(3), "两种读法"),
    ("一亿一万五元", Some(5), "两种读法"),
    ("一亿零三百百元", Some(6), "两种读法"),
    ("999999999999999999999999999999元", None, "92233720368547758.07元之内"),
    ("二百五元", Some(3), "两种读法"),
    ("百元", Some(1), "两种读法"),
    ("几百元", Some(1), "“几”不应出现"),
    ("三千百元", Some(3), "两种读法"),
    ("一千一千元", Some(4), "两种读法"),
    ("三千零元", Some(3), "两种读法"),
    ("亿元", Some(1), "两种读法"),
    ("一点元", Some(3), "此处应为小数"),
    ("叁元伍陆分", Some(3), "“伍”不应出现"),
    ("3元5", Some(3), "“5”不应出现"),
    ("3元5分5角", Some(5), "“5”不应出现"),
];

#[test]
fn what_is_not_money_is_refused_with_its_place_and_reason() {
    for (text, position, part) in REFUSED {
        let error = Money::parse(text).expect_err(text);
        let message = error.to_string();
        assert_eq!(error.position(), *position, "{text}: {message}");
        assert!(message.starts_with("金额“"), "{message}");
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn a_text_without_end_is_refused_and_only_its_beginning_repeated() {
    let error = Money::parse(&"9".repeat(1_000_000)).expect_err("too long");
    assert_eq!(error.problem(), &Problem::TooLong { limit: 100 });
    assert!(error.to_string().chars().count() < 80, "{error}");
    let error = Money::parse(&"零".repeat(60)).expect_err("no unit");
    assert!(error.to_string().contains('…'), "{error}");
}

#[test]
fn position_counts_the_characters_of_the_text_as_given() {
    let error = Money::parse("　３ ０x元").expect_err("x is no digit");
    assert_eq!(error.position(), Some(5));
    assert_eq!(error.what(), "金额");
}

#[test]
fn amounts_print_in_every_unit_without_loss() {
    for (fen, display, yuan, wan, yi, short) in [
        (0, "0.00元", "0元", "0万元", "0亿元", "0元"),
        (1, "0.01元", "0.01元", "0.000001万元", "0.0000000001亿元", "0.01元"),
        (300_000, "3,000.00元", "3000元", "0.3万元", "0.00003亿元", "3000元"),
        (
            123_450, "1,234.50元", "1234.50元", "0.12345万元", "0.000012345亿元", "1234.50元",
        ),
        (
            999_999, "9,999.99元", "9999.99元", "0.999999万元", "0.0000999999亿元", "9999.99元",
        ),
        (1_000_000, "10,000.00元", "10000元", "1万元", "0.0001亿元", "1万元"),
        (1_500_000, "15,000.00元", "15000元", "1.5万元", "0.00015亿元", "1.5万元"),
        (
            1_234_500, "12,345.00元", "12345元", "1.2345万元", "0.00012345亿元", "12345元",
        ),
        (
            500_000_000, "5,000,000.00元", "5000000元", "500万元", "0.05亿元", "500万元",
        ),
        (
            6_060_240_000, "60,602,400.00元", "60602400元", "6060.24万元", "0.606024亿元", "6060.24万元",
        ),
        (
            18_300_000_000, "183,000,000.00元", "183000000元", "18300万元", "1.83亿元", "1.83亿元",
        ),
        (
            18_340_000_000, "183,400,000.00元", "183400000元", "18340万元", "1.834亿元", "18340万元",
        ),
        (-50_000, "-500.00元", "-500元", "-0.05万元", "-0.000005亿元", "-500元"),
        (
            -18_300_000_000, "-183,000,000.00元", "-183000000元", "-18300万元", "-1.83亿元", "-1.83亿元",
        ),
    ] {
        let money = Money::from_fen(fen);
        assert_eq!(money.to_string(), display);
        assert_eq!(money.in_yuan(), yuan);
        assert_eq!(money.in_wan(), wan);
        assert_eq!(money.in_yi(), yi);
        assert_eq!(money.short(), short);
    }
    assert_eq!(Money::MAX.to_string(), "92,233,720,368,547,758.07元");
    assert_eq!(Money::MIN.to_string(), "-92,233,720,368,547,758.08元");
    assert_eq!(format!("[{:>12}]", Money::from_fen(300_000)), "[   3,000.00元]");
}

#[test]
fn sums_that_do_not_fit_are_nothing_and_never_wrap() {
    let one = Money::from_fen(1);
    assert_eq!(Money::MAX.checked_add(one), None);
    assert_eq!(Money::MIN.checked_sub(one), None);
    assert_eq!(Money::MIN.checked_neg(), None);
    assert_eq!(Money::MIN.checked_mul(-1), None);
    assert_eq!(Money::MIN.checked_div(-1, Rounding::Down), None);
    assert_eq!(one.checked_div(0, Rounding::HalfUp), None);
    assert_eq!(Money::from_yuan(i64::MAX), None);
    assert_eq!(Money::from_yuan(3000), Some(Money::from_fen(300_000)));
    assert_eq!(Money::checked_sum([Money::MAX, one]), None);
    // Only the total must fit, not the sums on the way.
    assert_eq!(
        Money::checked_sum([Money::MAX, one, Money::from_fen(-1)]),
        Some(Money::MAX)
    );
    assert_eq!(Money::checked_sum([]), Some(Money::ZERO));
    assert!(Money::ZERO.is_zero() && !one.is_zero());
    assert!(Money::MIN.is_negative() && !Money::ZERO.is_negative());
}

#[test]
fn division_rounds_as_it_is_told() {
    let yuan = Money::from_fen(1000);
    assert_eq!(yuan.checked_div(3, Rounding::HalfUp), Some(Money::from_fen(333)));
    assert_eq!(yuan.checked_div(3, Rounding::Up), Some(Money::from_fen(334)));
    assert_eq!(
        Money::from_fen(5).checked_div(2, Rounding::HalfUp),
        Some(Money::from_fen(3))
    );
    assert_eq!(
        Money::from_fen(5).checked_div(2, Rounding::HalfEven),
        Some(Money::from_fen(2))
    );
    assert_eq!(
        Money::from_fen(-5).checked_div(2, Rounding::HalfUp),
        Some(Money::from_fen(-3))
    );
}

#[test]
fn money_is_serialised_as_whole_fen() {
    let money = Money::parse("3000元").expect("money");
    assert_eq!(serde_json::to_string(&money).expect("json"), "300000");
    assert_eq!(serde_json::from_str::<Money>("300000").expect("fen"), money);
    for other in [
        "3000.0", "\"300000\"", "\"3000元\"", "1e5", "9223372036854775808", "null",
    ] {
        assert!(serde_json::from_str::<Money>(other).is_err(), "{other}");
    }
}

fn any_fen() -> impl Strategy<Value = i64> {
    // Round sums are the rule in documents, so half of the values have few significant digits.
    prop_oneof![
        any::<i64>(),
        (-9999_i64..=9999, 0_u32..15).prop_map(|(digits, zeros)| digits * 10_i64.pow(zeros)),
        (0_u32..19).prop_map(|zeros| 10_i64.pow(zeros)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn every_printed_form_reads_back_as_the_same_amount(fen in any_fen()) {
        let money = Money::from_fen(fen);
        for text in [money.to_string(), money.in_yuan(), money.in_wan(), money.in_yi(), money.short(), money.capital()] {
            prop_assert_eq!(Money::parse(&text), Ok(money), "{}", text);
        }
    }

    #[test]
    fn full_width_digits_and_spaces_change_nothing(fen in any_fen()) {
        let money = Money::from_fen(fen);
        let wide: String = money.to_string().chars().flat_map(|character| {
            let code = u32::from(character);
            let wide = if character.is_ascii() { char::from_u32(code + 0xfee0) } else { Some(character) };
            [wide.unwrap_or(character), ' ']
        }).collect();
        prop_assert_eq!(Money::parse(&wide), Ok(money), "{}", wide);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[0-9０-９,，.．元角分万亿千百十零〇一二两五九壹叁伍拾佰仟整正负\\-￥人民币点 ]{0,24}") {
        if let Ok(money) = Money::parse(&text) {
            prop_assert_eq!(Money::parse(&money.capital()), Ok(money));
        }
    }

    #[test]
    fn nor_does_any_other_text(text in "\\PC{0,40}") {
        if let Err(error) = Money::parse(&text) {
            prop_assert!(error.to_string().contains("金额"));
        }
    }

    #[test]
    fn addition_and_subtraction_undo_each_other(a in any::<i64>(), b in any::<i64>()) {
        let (a, b) = (Money::from_fen(a), Money::from_fen(b));
        if let Some(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Some(a));
            prop_assert_eq!(Money::checked_sum([b, a]), Some(sum));
        }
    }
}
