//! Entity keys: one for a person, whatever the spelling; none for anybody else.

use std::collections::BTreeSet;

use civil::{AccountNumber, CreditCode, ResidentId};
use proptest::prelude::*;
use seal::{EmployerKey, NoEntityKey, PersonKey};

use crate::drawn::{person, ring};

#[test]
fn all_spellings_of_an_id_have_one_key() {
    let indexer = ring(1).indexer();
    let key = |text: &str| indexer.person(ResidentId::parse(text).expect(text));
    // 99 01 01, 1990-01-01, 008: its check character is X.
    let eighteen = (0..1000)
        .map(person)
        .map(ResidentId::reveal)
        .find(|id| id.ends_with('X'))
        .expect("every eleventh ends so");
    let fifteen = format!("{}{}", &eighteen[..6], &eighteen[8..17]);
    let full_width: String = eighteen
        .chars()
        .map(|character| char::from_u32(u32::from(character) + 0xfee0).expect("full width"))
        .collect();
    for text in [
        &eighteen.to_lowercase(),
        &fifteen,
        &full_width,
        &format!(" {} {}", &eighteen[..6], &eighteen[6..]),
    ] {
        assert_eq!(key(text), key(&eighteen), "{text}");
    }
}

#[test]
fn another_person_another_kind_and_another_index_key_have_another_key() {
    let indexer = ring(1).indexer();
    let keys: BTreeSet<PersonKey> = (0..2000).map(|number| indexer.person(person(number))).collect();
    assert_eq!(keys.len(), 2000);
    assert_ne!(ring(2).indexer().person(person(1)), indexer.person(person(1)));
    // Characters that are an ID and a credit code at once still have two keys.
    let (id, code) = (0..1000)
        .map(person)
        .find_map(|id| Some((id, CreditCode::parse(&id.reveal()).ok()?)))
        .expect("one in 31 has the check character of both");
    assert_ne!(indexer.person(id).text(), indexer.employer(code).text());
}

#[test]
fn the_text_of_a_key_is_read_back_and_nothing_like_it_is() {
    let key = ring(1).indexer().person(person(3));
    let text = key.to_string();
    assert_eq!(text.parse(), Ok(key));
    assert_eq!(key.text().parse(), Ok(key));
    assert_eq!(format!("{key:?}"), format!("PersonKey({text})"));
    assert_eq!(format!("{:?}", key.text()), text);
    let beyond = "80000000000000000000000000";
    let longer = format!("{text}0");
    let ambiguous = "7ZZZZZZZZZZZZZZZZZZZZZZZZI";
    for wrong in [
        "",
        &text[1..],
        &longer,
        &text.to_lowercase(),
        beyond,
        ambiguous,
        "一二三四五六七八九十一二三四五六七八九十一二三四五六",
    ] {
        assert_eq!(wrong.parse::<PersonKey>(), Err(NoEntityKey), "{wrong}");
    }
    assert!("7ZZZZZZZZZZZZZZZZZZZZZZZZZ".parse::<EmployerKey>().is_ok());
}

#[test]
fn threads_share_one_indexer() {
    let indexer = ring(1).indexer();
    let expected = indexer.person(person(5));
    std::thread::scope(|scope| {
        let other = scope.spawn(|| indexer.person(person(5)));
        assert_eq!(other.join().expect("it ends"), expected);
    });
}

proptest! {
    #[test]
    fn keys_sort_as_their_texts_do(one in 0_u32..1_000_000, other in 0_u32..1_000_000) {
        let indexer = ring(1).indexer();
        let (one, other) = (indexer.person(person(one)), indexer.person(person(other)));
        prop_assert_eq!(one.cmp(&other), one.text().cmp(&other.text()));
        prop_assert_eq!(one.to_string().parse::<PersonKey>(), Ok(one));
    }
}

#[test]
fn names_telephones_and_accounts_compare_by_what_counts_in_them_and_never_across_kinds() {
    let indexer = ring(1).indexer();
    let account = |text: &str| indexer.account(&AccountNumber::parse(text).expect(text));
    assert_eq!(account("9900 0000 0000 0001"), account("9900000000000001"));
    assert_ne!(account("9900000000000001"), account("9900000000000002"));
    assert_eq!(indexer.name("李　小明 "), indexer.name("李小明"));
    assert_ne!(indexer.name("李小明"), indexer.name("李明"));
    assert_eq!(indexer.phone("0574-6300 0000"), indexer.phone("057463000000"));
    assert_ne!(indexer.phone("10000000001"), account("10000000001"));
    assert_ne!(indexer.name("10000000001"), indexer.phone("10000000001"));
    assert_ne!(ring(2).indexer().name("李小明"), indexer.name("李小明"));
}
