//! Region codes and what lies within what.

use civil::{RegionCode, RegionLevel, RegionPrefix};
use proptest::prelude::*;

fn code(text: &str) -> RegionCode {
    RegionCode::parse(text).expect(text)
}

fn prefix(text: &str) -> RegionPrefix {
    RegionPrefix::parse(text).expect(text)
}

#[test]
fn the_level_follows_from_the_digits() {
    for (text, level) in [
        ("330000", RegionLevel::Province),
        ("330200", RegionLevel::Prefecture),
        ("330282", RegionLevel::County),
        ("330282100", RegionLevel::Township),
        ("330282100201", RegionLevel::Village),
        ("330282000", RegionLevel::County),
        ("330282000000", RegionLevel::County),
        ("330200000000", RegionLevel::Prefecture),
        ("500111", RegionLevel::County),
        ("441900003", RegionLevel::Township),
        ("441900003001", RegionLevel::Village),
    ] {
        assert_eq!(code(text).level(), level, "{text}");
    }
    assert_eq!(RegionLevel::County.chinese(), "县级");
}

#[test]
fn zeros_that_fill_up_a_code_change_nothing() {
    assert_eq!(code("330282"), code("330282000000"));
    assert_eq!(code("３３０２８２"), code(" 330282 "));
    assert_eq!(code("330282000000").to_string(), "330282");
    assert_eq!(code("330282100000").to_string(), "330282100");
    assert_eq!(code("330200").to_string(), "330200");
    assert_eq!(prefix("330200"), prefix("3302"));
    assert_eq!(prefix("330200").to_string(), "3302");
    assert_eq!(code("330200").prefix(), prefix("3302"));
    assert_eq!(
        format!("{:?} {:?}", code("330200"), prefix("33")),
        "RegionCode(330200) RegionPrefix(33)"
    );
}

#[test]
fn a_region_is_within_itself_and_all_above_it() {
    for (region, within, expected) in [
        ("330282", "3302", true),
        ("330282", "330200", true),
        ("330282", "33", true),
        ("330282", "330282", true),
        ("330282100", "330282", true),
        ("330282100201", "330282100", true),
        ("330282100201", "330282101", false),
        ("330200", "330282", false),
        ("330200", "3302", true),
        ("330000", "3302", false),
        ("330281", "330282", false),
        ("330382", "3302", false),
        ("500111", "50", true),
        ("500111", "5001", true),
        ("500111", "5002", false),
        ("441900003", "4419", true),
    ] {
        assert_eq!(code(region).is_within(prefix(within)), expected, "{region} in {within}");
    }
}

#[test]
fn the_regions_above_are_found() {
    let village = code("330282100201");
    assert_eq!(village.at(RegionLevel::Township), Some(code("330282100")));
    assert_eq!(village.at(RegionLevel::County), Some(code("330282")));
    assert_eq!(village.at(RegionLevel::Prefecture), Some(code("330200")));
    assert_eq!(village.at(RegionLevel::Province), Some(code("330000")));
    assert_eq!(village.at(RegionLevel::Village), None);
    assert_eq!(code("330200").at(RegionLevel::County), None);
}

#[test]
fn what_is_no_code_is_refused() {
    for (text, part) in [
        ("", "内容为空"),
        ("3302", "6位、9位或12位"),
        ("33028", "6位、9位或12位"),
        ("3302821", "6位、9位或12位"),
        ("3302821002011", "6位、9位或12位"),
        ("030282", "应为1至9"),
        ("000000", "应为1至9"),
        ("33028A", "“A”不应出现"),
        ("-330282", "“-”不应出现"),
    ] {
        let error = RegionCode::parse(text).expect_err(text).to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let error = RegionCode::parse(" 030282").expect_err("a leading zero");
    assert_eq!(error.position(), Some(2));
    assert!(RegionPrefix::parse("330").is_err() && RegionPrefix::parse("0").is_err());
    assert!(RegionPrefix::parse("99999999999999999999999999999999").is_err());
}

#[test]
fn codes_are_serialised_as_text() {
    assert_eq!(serde_json::to_string(&code("330282")).expect("json"), "\"330282\"");
    assert_eq!(
        serde_json::from_str::<RegionCode>("\"330282\"").expect("code"),
        code("330282")
    );
    assert!(serde_json::from_str::<RegionCode>("330282").is_err());
    assert!(serde_json::from_str::<RegionCode>("\"3302\"").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn being_within_is_sharing_the_first_digits(region in "[1-9][0-9]{5}([0-9]{3}){0,2}", within in "[1-9][0-9]([0-9]{2}){0,2}") {
        let (region, within) = (code(&region), prefix(&within));
        let shares = region.prefix().to_string().starts_with(&within.to_string());
        prop_assert_eq!(region.is_within(within), shares);
        prop_assert_eq!(RegionCode::parse(&region.to_string()), Ok(region));
        prop_assert_eq!(RegionPrefix::parse(&within.to_string()), Ok(within));
    }

    #[test]
    fn regions_above_hold_the_region(region in "[1-9][0-9]{11}") {
        let region = code(&region);
        for level in [RegionLevel::Province, RegionLevel::Prefecture, RegionLevel::County, RegionLevel::Township] {
            if let Some(above) = region.at(level) {
                prop_assert!(region.is_within(above.prefix()));
                prop_assert!(!above.is_within(region.prefix()));
            }
        }
    }
}
