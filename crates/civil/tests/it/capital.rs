//! 人民币大写, against the examples of the rules and against a slow reader that shares nothing with the parser.

use civil::Money;
use proptest::prelude::*;

#[test]
fn the_examples_of_the_rules_come_out_as_printed() {
    for (fen, text) in [
        (140_950, "壹仟肆佰零玖元伍角"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元零叁角贰分"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
    ] {
        assert_eq!(Money::from_fen(fen).capital(), text);
    }
}

#[test]
fn zeros_signs_and_great_sums_are_written_by_the_rules() {
    for (yuan, text) in [
        (0, "零元整"),
        (1, "壹元整"),
        (10, "壹拾元整"),
        (11, "壹拾壹元整"),
        (100, "壹佰元整"),
        (101, "壹佰零壹元整"),
        (110, "壹佰壹拾元整"),
        (1_001, "壹仟零壹元整"),
        (3_000, "叁仟元整"),
        (10_000, "壹万元整"),
        (10_001, "壹万零壹元整"),
        (10_500, "壹万零伍佰元整"),
        (15_000, "壹万伍仟元整"),
        (100_500, "壹拾万零伍佰元整"),
        (105_000, "壹拾万伍仟元整"),
        (1_000_000, "壹佰万元整"),
        (10_001_000, "壹仟万壹仟元整"),
        (20_030_405, "贰仟零叁万零肆佰零伍元整"),
        (100_000_000, "壹亿元整"),
        (100_000_001, "壹亿零壹元整"),
        (100_005_000, "壹亿零伍仟元整"),
        (105_000_000, "壹亿零伍佰万元整"),
        (1_050_000_000, "壹拾亿伍仟万元整"),
        (183_000_000, "壹亿捌仟叁佰万元整"),
        (1_000_000_000_000, "壹万亿元整"),
        (1_000_000_010_000, "壹万亿零壹万元整"),
        (10_000_000_000_000_000, "壹亿亿元整"),
        (10_000_000_100_000_000, "壹亿零壹亿元整"),
        (-500, "负伍佰元整"),
    ] {
        assert_eq!(Money::from_yuan(yuan).map(Money::capital).as_deref(), Some(text));
    }
    for (fen, text) in [
        (1, "壹分"),
        (5, "伍分"),
        (10, "壹角"),
        (50, "伍角"),
        (55, "伍角伍分"),
        (101, "壹元零壹分"),
        (110, "壹元壹角"),
        (1_010, "壹拾元零壹角"),
        (1_011, "壹拾元零壹角壹分"),
        (-1, "负壹分"),
    ] {
        assert_eq!(Money::from_fen(fen).capital(), text);
    }
    assert_eq!(
        Money::MAX.capital(),
        "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分"
    );
    assert_eq!(
        Money::MIN.capital(),
        "负玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零捌分"
    );
}

/// Reads capitals from left to right: a digit waits for its unit, 万 multiplies its section, 亿 all that came before.
fn read_slowly(text: &str) -> i128 {
    let mut negative = 1;
    let (mut yuan, mut high, mut section, mut waiting) = (0_i128, 0_i128, 0_i128, 0_i128);
    let mut fen = 0;
    for character in text.chars() {
        match character {
            '负' => negative = -1,
            '零' | '整' => waiting = 0,
            '拾' | '佰' | '仟' => {
                let unit = match character {
                    '拾' => 10,
                    '佰' => 100,
                    _ => 1000,
                };
                section += waiting * unit;
                waiting = 0;
            }
            '万' => {
                high += (section + waiting) * 10_000;
                (section, waiting) = (0, 0);
            }
            '亿' => {
                yuan = (yuan + high + section + waiting) * 100_000_000;
                (high, section, waiting) = (0, 0, 0);
            }
            '元' => {
                yuan += high + section + waiting;
                (high, section, waiting) = (0, 0, 0);
            }
            '角' => {
                fen += waiting * 10;
                waiting = 0;
            }
            '分' => {
                fen += waiting;
                waiting = 0;
            }
            digit => {
                let at = "壹贰叁肆伍陆柒捌玖".chars().position(|known| known == digit);
                waiting = at.expect("a capital digit") as i128 + 1;
            }
        }
    }
    negative * (yuan * 100 + fen)
}

fn any_fen() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        // Numbers full of zeros, where the rules are hardest.
        proptest::collection::vec(prop_oneof![4 => Just(0_i64), 1 => 1..=9_i64], 1..=18)
            .prop_map(|digits| digits.into_iter().fold(0, |number, digit| number * 10 + digit)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn a_slow_reader_reads_every_amount_back(fen in any_fen()) {
        let text = Money::from_fen(fen).capital();
        prop_assert_eq!(read_slowly(&text), i128::from(fen), "{}", text);
    }

    #[test]
    fn no_amount_has_two_zeros_together_or_one_where_none_may_stand(fen in any_fen()) {
        let text = Money::from_fen(fen).capital();
        for wrong in ["零零", "零拾", "零佰", "零仟", "零万", "零亿", "零角", "零分", "元元", "亿万"] {
            prop_assert!(!text.contains(wrong), "{}", text);
        }
        prop_assert!(!text.contains("零元") || text == "零元整", "{}", text);
        prop_assert!(!text.ends_with('零') && (!text.starts_with('零') || fen == 0), "{}", text);
    }
}

#[test]
fn every_amount_up_to_a_thousand_yuan_reads_back() {
    for fen in -100_000..=100_000 {
        let money = Money::from_fen(fen);
        let text = money.capital();
        assert_eq!(read_slowly(&text), i128::from(fen), "{text}");
        assert_eq!(Money::parse(&text), Ok(money), "{text}");
    }
}
