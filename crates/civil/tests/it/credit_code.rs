//! Unified social credit codes.

use civil::{CreditCode, IdError};
use proptest::prelude::*;

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// The check character by the table of weights in the standard.
fn check(body: &[u8]) -> char {
    let value = |byte: &u8| {
        ALPHABET
            .iter()
            .position(|letter| letter == byte)
            .expect("in the alphabet")
    };
    let sum: usize = body
        .iter()
        .map(value)
        .zip(WEIGHTS)
        .map(|(value, weight)| value * weight)
        .sum();
    char::from(ALPHABET[(31 - sum % 31) % 31])
}

#[test]
fn the_test_value_holds_in_every_spelling() {
    let code = CreditCode::parse("91110000600037341L").expect("a code");
    for text in [
        "91110000600037341l",
        " 9111 0000 6000 3734 1L ",
        "９１１１００００６０００３７３４１Ｌ",
    ] {
        assert_eq!(CreditCode::parse(text), Ok(code), "{text}");
    }
    assert_eq!(code.to_string(), "91110000600037341L");
    assert_eq!(code.as_str(), "91110000600037341L");
    assert_eq!(code.organisation(), "600037341");
    assert_eq!(format!("{code:?}"), "CreditCode(91110000600037341L)");
}

#[test]
fn letters_may_stand_among_the_first_eight() {
    for body in [
        "N2330282MA2XXXXXX", "A1110000600037341", "Y1110000600037341", "NABCDEFG600037341",
    ] {
        let text = format!("{body}{}", check(body.as_bytes()));
        assert_eq!(CreditCode::parse(&text).map(|code| code.to_string()), Ok(text));
    }
}

#[test]
fn the_check_digit_of_the_organisation_code_within_is_not_enforced() {
    // 600037341 is right by GB 11714; 600037342 is not, and its credit code is still accepted.
    let body = "91110000600037342";
    assert!(CreditCode::parse(&format!("{body}{}", check(body.as_bytes()))).is_ok());
}

#[test]
fn what_is_no_code_is_refused_with_its_reason() {
    for (text, part) in [
        ("", "实有0位"),
        ("600037341", "实有9位"),
        ("110105491231002", "实有15位"),
        ("911100006000373410L", "实有19位"),
        ("9111000O600037341L", "第8位"),
        ("9111I000600037341L", "第5位"),
        ("9111000060003734中L", "第17位"),
        ("91110000600037341M", "校验位不符"),
        ("91110000600037314L", "校验位不符"),
    ] {
        let error = CreditCode::parse(text).expect_err(text).to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    assert_eq!(CreditCode::parse("91110000600037341M"), Err(IdError::CheckDigit));
}

#[test]
fn codes_are_serialised_as_text() {
    let code: CreditCode = "91110000600037341L".parse().expect("a code");
    assert_eq!(serde_json::to_string(&code).expect("json"), "\"91110000600037341L\"");
    assert_eq!(
        serde_json::from_str::<CreditCode>("\"91110000600037341L\"").expect("code"),
        code
    );
    let error = serde_json::from_str::<CreditCode>("\"91110000600037341M\"")
        .expect_err("wrong")
        .to_string();
    assert!(error.contains("统一社会信用代码校验位不符"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn codes_with_the_check_character_of_the_table_are_accepted(letters in proptest::collection::vec(0_usize..31, 17)) {
        let body: Vec<u8> = letters.into_iter().map(|letter| ALPHABET[letter]).collect();
        let text = format!("{}{}", std::str::from_utf8(&body).expect("ascii"), check(&body));
        prop_assert_eq!(CreditCode::parse(&text).map(|code| code.to_string()), Ok(text));
    }

    #[test]
    fn one_wrong_character_is_always_noticed(letters in proptest::collection::vec(0_usize..31, 17), at in 0_usize..17, by in 1_usize..31) {
        let body: Vec<u8> = letters.iter().map(|letter| ALPHABET[*letter]).collect();
        let mut wrong = body.clone();
        wrong[at] = ALPHABET[(letters[at] + by) % 31];
        let text = format!("{}{}", std::str::from_utf8(&wrong).expect("ascii"), check(&body));
        prop_assert_eq!(CreditCode::parse(&text), Err(IdError::CheckDigit));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,30}|[0-9A-Za-z]{18}") {
        let _ = CreditCode::parse(&text);
    }
}
