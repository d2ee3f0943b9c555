//! Resident IDs: check digits, birth dates, old forms, and that no printed form leaks a number.

use civil::{Day, IdError, ResidentId, Sex};
use proptest::prelude::*;

use crate::day::day;

/// The check character by the formula of the standard written another way: Σ digit·2^place mod 11.
fn check(body: &str) -> char {
    let sum = body
        .bytes()
        .fold(0_u32, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][sum as usize]
}

#[test]
fn the_values_of_the_standard_hold() {
    let id = ResidentId::parse("11010519491231002X").expect("the example of the standard");
    assert_eq!(id.reveal(), "11010519491231002X");
    assert_eq!(id.birth(), day("1949-12-31"));
    assert_eq!(id.sex(), Sex::Female);
    assert_eq!(id.sex().chinese(), "女");
    assert_eq!(id.issued_in(), 110_105);
    let id = ResidentId::parse("360426199101010071").expect("check digit 1");
    assert_eq!(id.sex(), Sex::Male);
    for wrong in "023456789X".chars() {
        let text = format!("36042619910101007{wrong}");
        assert_eq!(ResidentId::parse(&text), Err(IdError::CheckDigit), "{text}");
    }
}

#[test]
fn lower_case_full_width_and_spaces_are_accepted() {
    let id = ResidentId::parse("11010519491231002X").expect("an ID");
    for text in [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
        " 110105 19491231 002X\n",
    ] {
        assert_eq!(ResidentId::parse(text), Ok(id), "{text}");
    }
}

#[test]
fn fifteen_digits_are_completed_to_the_same_person() {
    assert_eq!(
        ResidentId::parse("110105491231002"),
        ResidentId::parse("11010519491231002X")
    );
    assert_eq!(
        ResidentId::parse("360426910101007").expect("an old ID").reveal(),
        "360426199101010071"
    );
    assert_eq!(ResidentId::parse("360426910229007"), Err(IdError::BirthDate));
    assert_eq!(
        ResidentId::parse("36042691010100X"),
        Err(IdError::Character {
            position: 15,
            expected: "数字"
        })
    );
}

#[test]
fn abolished_and_unknown_region_codes_are_not_refused() {
    for region in ["110103", "310103", "320502", "500382", "999999", "100000"] {
        let body = format!("{region}19800101123");
        let text = format!("{body}{}", check(&body));
        assert_eq!(ResidentId::parse(&text).map(ResidentId::reveal), Ok(text));
    }
}

#[test]
fn what_is_no_id_is_refused_with_its_reason() {
    for (text, part) in [
        ("", "实有0位"),
        ("1101051949123100", "实有16位"),
        ("11010519491231002XX", "实有19位"),
        ("1101051949123100２Xx9", "实有20位"),
        ("A1010519491231002X", "第1位"),
        ("01010519491231002X", "第1位"),
        ("1101051949123100XX", "第17位"),
        ("11010519491231002Y", "第18位"),
        ("1101051949123一002X", "第14位"),
        ("110105194913310026", "出生日期不存在"),
        ("110105194902290021", "出生日期不存在"),
        ("110105189912310021", "出生日期不存在"),
        ("110105194912310021", "校验位不符"),
    ] {
        let error = ResidentId::parse(text).expect_err(text).to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn a_leap_day_is_a_birth_date_only_in_leap_years() {
    for (date, exists) in [
        ("20000229", true),
        ("19000229", false),
        ("20040229", true),
        ("20050229", false),
        ("20041301", false),
    ] {
        let body = format!("110105{date}002");
        let text = format!("{body}{}", check(&body));
        assert_eq!(ResidentId::parse(&text).is_ok(), exists, "{date}");
    }
}

#[test]
fn an_age_is_that_of_a_day() {
    let id = ResidentId::parse("11010519491231002X").expect("an ID");
    assert_eq!(id.age_on(day("1967-12-30")), Some(17));
    assert_eq!(id.age_on(day("1967-12-31")), Some(18));
    assert_eq!(id.age_on(day("1949-12-30")), None);
}

#[test]
fn printed_forms_are_masked() {
    let id = ResidentId::parse("11010519491231002X").expect("an ID");
    assert_eq!(id.to_string(), "**************002X");
    assert_eq!(id.masked(), "**************002X");
    assert_eq!(format!("{id:?}"), "ResidentId(**************002X)");
    assert_eq!(format!("{:?}", Some(id)), "Some(ResidentId(**************002X))");
}

/// The longest run of the clear text that the printed text repeats.
fn longest_leak(clear: &str, printed: &str) -> usize {
    (1..=clear.len())
        .rev()
        .find(|length| (0..=clear.len() - length).any(|start| printed.contains(&clear[start..start + length])))
        .unwrap_or(0)
}

fn any_id() -> impl Strategy<Value = String> {
    let days = Day::MIN.days_since_epoch()..=day("2026-12-31").days_since_epoch();
    (100_000_u32..=999_999, days, 0_u32..1000).prop_map(|(region, birth, order)| {
        let birth = Day::from_days_since_epoch(birth)
            .expect("in range")
            .to_string()
            .replace('-', "");
        let body = format!("{region}{birth}{order:03}");
        let check = check(&body);
        format!("{body}{check}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn every_valid_number_reads_back(text in any_id()) {
        let id = ResidentId::parse(&text).expect("valid");
        prop_assert_eq!(id.reveal(), text.clone());
        prop_assert_eq!(id.sex() == Sex::Male, text.as_bytes()[16] % 2 == 1);
        prop_assert_eq!(ResidentId::parse(&id.reveal().to_lowercase()), Ok(id));
    }

    #[test]
    fn no_printed_form_shows_more_than_the_last_four(text in any_id()) {
        let id = ResidentId::parse(&text).expect("valid");
        for printed in [format!("{id}"), format!("{id:?}"), format!("{id:#?}"), format!("{id:>40}"), id.masked()] {
            prop_assert!(longest_leak(&text, &printed) <= 4, "{}", printed);
            prop_assert_eq!(printed.matches(|c: char| c.is_ascii_digit()).count() + printed.matches('X').count() <= 4, true);
        }
    }

    #[test]
    fn no_error_repeats_the_number(text in any_id(), at in 0_usize..18, by in "[0-9A-Za-z一]") {
        let mut characters: Vec<char> = text.chars().collect();
        characters[at] = by.chars().next().expect("one character");
        let wrong: String = characters.into_iter().collect();
        if let Err(error) = ResidentId::parse(&wrong) {
            for printed in [error.to_string(), format!("{error:?}")] {
                prop_assert!(longest_leak(&text, &printed) <= 2, "{}", printed);
            }
        }
    }

    #[test]
    fn one_wrong_digit_or_two_swapped_are_always_noticed(text in any_id(), at in 0_usize..17, by in 1_u8..10) {
        let mut wrong = text.clone().into_bytes();
        wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
        prop_assert!(ResidentId::parse(std::str::from_utf8(&wrong).expect("ascii")).is_err());
        let mut swapped = text.clone().into_bytes();
        swapped.swap(at, at + 1);
        if swapped != text.as_bytes() {
            prop_assert!(ResidentId::parse(std::str::from_utf8(&swapped).expect("ascii")).is_err());
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,30}|[0-9Xx ]{14,20}") {
        let _ = ResidentId::parse(&text);
    }
}
