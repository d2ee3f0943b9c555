//! Chinese numerals.

use civil::numeral;
use proptest::prelude::*;

#[test]
fn numerals_of_every_kind_are_read() {
    for (text, value) in [
        ("零", 0),
        ("〇", 0),
        ("一", 1),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("二十五", 25),
        ("一百零五", 105),
        ("一百一十五", 115),
        ("一百五十", 150),
        ("一千零五", 1005),
        ("一千零五十", 1050),
        ("一千五十", 1050),
        ("一万零五", 10_005),
        ("一万五千", 15_000),
        ("一万零五十", 10_050),
        ("两万", 20_000),
        ("十万", 100_000),
        ("一亿", 100_000_000),
        ("一亿零五百万", 105_000_000),
        ("一亿五百万", 105_000_000),
        ("一亿五万", 100_050_000),
        ("一亿零五万", 100_050_000),
        ("一亿十万", 100_100_000),
        ("十亿零十万", 1_000_100_000),
        ("一万零十", 10_010),
        ("一万亿", 1_000_000_000_000),
        ("一亿零一亿", 10_000_000_100_000_000),
        ("二〇二〇", 2020),
        ("二零二零", 2020),
        ("二○二○", 2020),
        ("叁佰万", 3_000_000),
        ("參佰萬", 3_000_000),
        ("壹億貳仟萬", 120_000_000),
    ] {
        assert_eq!(numeral::read(text), Some(value), "{text}");
    }
}

#[test]
fn what_is_malformed_or_has_two_readings_is_refused() {
    for text in [
        "",
        "百",
        "千",
        "万",
        "亿",
        "一万五",
        "一万十",
        "一百零十",
        "一亿一万五",
        "二百五",
        "三千六",
        "一亿五",
        "十十",
        "一千一千",
        "百一",
        "一百百",
        "零十",
        "零一百",
        "一百零",
        "一万零",
        "一百零零五",
        "一万万",
        "五一百",
        "二〇二十",
        "零万",
        "一零万",
        "一 百",
        "abc",
        "15",
        "九九九九九九九九九九九九九九九九九九九九九",
    ] {
        assert_eq!(numeral::read(text), None, "{text}");
    }
    assert_eq!(numeral::digit('两'), Some(2));
    assert_eq!(numeral::digit('十'), None);
    assert!(numeral::is_numeral('萬') && !numeral::is_numeral('元'));
}

/// Writes a number the everyday way.
fn write(number: u64) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let section = |number: u64| {
        let mut text = String::new();
        for (place, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = number / place % 10;
            match digit {
                0 if !text.is_empty() && !text.ends_with('零') => text.push('零'),
                0 => {}
                digit => text.push_str(&format!("{}{unit}", DIGITS[digit as usize])),
            }
        }
        text.trim_end_matches('零').to_owned()
    };
    let mut text = String::new();
    let mut gap = false;
    for (place, unit) in [
        (1_000_000_000_000_u64, "万"),
        (100_000_000, "亿"),
        (10_000, "万"),
        (1, ""),
    ] {
        let part = number / place % 10_000;
        if part > 0 {
            if !text.is_empty() && (gap || part < 1000) {
                text.push('零');
            }
            text.push_str(&section(part));
            text.push_str(unit);
        } else if unit == "亿" && !text.is_empty() {
            text.push('亿');
        }
        gap = part == 0;
    }
    if text.is_empty() { "零".to_owned() } else { text }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    #[test]
    fn every_number_reads_back(number in prop_oneof![0_u64..10_000_000_000_000_000, 0_u64..100_000]) {
        let text = write(number);
        prop_assert_eq!(numeral::read(&text), Some(number), "{}", text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[零〇一二两五九十百千万亿壹拾佰]{0,30}") {
        let _ = numeral::read(&text);
    }
}
