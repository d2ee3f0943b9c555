//! Bank accounts: what is one, and that no printed form leaks it.

use civil::{AccountNumber, IdError, ResidentId};

#[test]
fn spaces_full_width_and_small_letters_are_folded() {
    let account = AccountNumber::parse("9900000000000001234").expect("an account");
    for text in [
        "9900 0000 0000 0001 234",
        "９９０００００００００００００１２３４",
        "9900000000000001234\t",
    ] {
        assert_eq!(AccountNumber::parse(text), Ok(account), "{text}");
    }
    let account = AccountNumber::parse("nra-990000-01").expect("an account");
    assert_eq!(account.reveal(), "NRA-990000-01");
}

#[test]
fn lengths_on_both_sides_of_the_bounds() {
    for (length, accepted) in [(7, false), (8, true), (32, true), (33, false)] {
        let text = "9".repeat(length);
        assert_eq!(AccountNumber::parse(&text).is_ok(), accepted, "{length}");
    }
}

#[test]
fn what_a_spreadsheet_makes_of_a_long_number_is_refused() {
    assert_eq!(
        AccountNumber::parse("9.90000E+18"),
        Err(IdError::Character {
            position: 2,
            expected: "数字、字母或“-”"
        })
    );
    let error = AccountNumber::parse("99000000000000账号")
        .expect_err("no account")
        .to_string();
    assert!(error.contains("第15位"), "{error}");
}

#[test]
fn no_printed_form_shows_more_than_the_last_four() {
    let account = AccountNumber::parse("9900000000000001234").expect("an account");
    let covered = "***************1234";
    assert_eq!(account.masked(), covered);
    assert_eq!(format!("{account}"), covered);
    assert_eq!(format!("{account:?}"), format!("AccountNumber({covered})"));
    assert_eq!(format!("{account:>21}"), format!("  {covered}"));
}

#[test]
fn an_id_in_bytes_is_the_id_in_text() {
    let id = ResidentId::parse("11010519491231002X").expect("the example of the standard");
    assert_eq!(&id.reveal_bytes(), b"11010519491231002X");
}
