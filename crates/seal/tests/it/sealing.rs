//! Sealing and opening: what comes back, where, and what does not.

use std::collections::BTreeSet;

use civil::AccountNumber;
use proptest::prelude::*;
use seal::{Column, LONGEST_VALUE, NoRandomness, OVERHEAD, OpenError, SealError, Sealed, VERSION};

use crate::drawn::{Seeded, person, ring};

fn ids() -> Column {
    Column::new("person", "resident_id")
}

#[test]
fn an_id_and_an_account_come_back_as_they_were() {
    let ring = ring(1);
    let mut sealer = ring.sealer(&mut Seeded(2)).expect("a sealer");
    let mut opener = ring.opener();
    let id = person(12);
    let row = ring.indexer().person(id).text();
    let mut sealed = Vec::new();
    sealer.seal_id(&ids(), &row, id, &mut sealed).expect("sealed");
    assert_eq!(sealed.len(), OVERHEAD + 18);
    assert_eq!(opener.open_id(&ids(), &row, &sealed), Ok(id));
    assert_eq!(
        opener.open_account(&ids(), &row, &sealed).map(|_| ()),
        Ok(()),
        "18 digits could be an account"
    );

    let accounts = Column::new("person", "account");
    let account = AccountNumber::parse("9900000000000001234").expect("an account");
    let sealed = sealer
        .seal_one(&accounts, &row, account.reveal().as_bytes())
        .expect("sealed");
    assert_eq!(opener.open_account(&accounts, &row, sealed.as_bytes()), Ok(account));
    assert_eq!(
        opener.open_text(&accounts, &row, sealed.as_bytes()),
        Ok("9900000000000001234")
    );
    assert_eq!(
        opener.open_id(&accounts, &row, sealed.as_bytes()),
        Err(OpenError::Unexpected)
    );
}

#[test]
fn a_value_opens_only_in_the_table_column_and_row_it_was_sealed_for() {
    let ring = ring(1);
    let mut sealer = ring.sealer(&mut Seeded(2)).expect("a sealer");
    let sealed = sealer
        .seal_one(&Column::new("ab", "c"), "row", b"clear")
        .expect("sealed");
    let mut opener = ring.opener();
    assert_eq!(
        opener.open(&Column::new("ab", "c"), "row", sealed.as_bytes()),
        Ok(&b"clear"[..])
    );
    for (table, column, row) in [
        ("a", "bc", "row"),
        ("abc", "", "row"),
        ("ab", "", "crow"),
        ("ab", "cr", "ow"),
        ("ab", "c", "row2"),
        ("ab", "c", ""),
        ("ab", "d", "row"),
    ] {
        let opened = opener.open(&Column::new(table, column), row, sealed.as_bytes());
        assert_eq!(opened, Err(OpenError::Refused), "{table}.{column} {row}");
    }
}

#[test]
fn a_change_of_any_single_bit_is_told() {
    let ring = ring(1);
    let mut sealer = ring.sealer(&mut Seeded(2)).expect("a sealer");
    let sealed = sealer.seal_one(&ids(), "row", b"clear").expect("sealed");
    let mut opener = ring.opener();
    for bit in 0..sealed.as_bytes().len() * 8 {
        let mut changed = sealed.as_bytes().to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        let expected = match bit / 8 {
            0 => OpenError::Version(changed[0]),
            1 | 2 => OpenError::UnknownKey(u16::from_be_bytes([changed[1], changed[2]])),
            _ => OpenError::Refused,
        };
        assert_eq!(opener.open(&ids(), "row", &changed), Err(expected), "bit {bit}");
    }
}

#[test]
fn what_is_too_short_too_new_or_of_another_ring_says_so() {
    let one = ring(1);
    let mut opener = one.opener();
    assert_eq!(opener.open(&ids(), "row", &[]), Err(OpenError::TooShort(0)));
    assert_eq!(opener.open(&ids(), "row", &[1; 30]), Err(OpenError::TooShort(30)));
    let mut newer = vec![0; OVERHEAD];
    newer[0] = VERSION + 1;
    let error = opener.open(&ids(), "row", &newer).expect_err("newer").to_string();
    assert_eq!(error, "密封内容的格式为 2，本程序只能读取格式 1");

    let others = ring(9)
        .sealer(&mut Seeded(2))
        .expect("a sealer")
        .seal_one(&ids(), "row", b"clear");
    let others = others.expect("sealed");
    assert_eq!(opener.open(&ids(), "row", others.as_bytes()), Err(OpenError::Refused));
}

#[test]
fn nothing_of_the_last_value_shows_after_one_that_does_not_open() {
    let ring = ring(1);
    let mut sealer = ring.sealer(&mut Seeded(2)).expect("a sealer");
    let sealed = sealer.seal_one(&ids(), "row", b"clear").expect("sealed");
    let mut opener = ring.opener();
    assert!(opener.open(&ids(), "row", sealed.as_bytes()).is_ok());
    assert!(opener.open(&ids(), "other", sealed.as_bytes()).is_err());
    let empty = sealer.seal_one(&ids(), "row", b"").expect("sealed");
    assert_eq!(opener.open(&ids(), "row", empty.as_bytes()), Ok(&b""[..]));
}

#[test]
fn the_longest_value_is_sealed_and_one_byte_more_is_not() {
    let ring = ring(1);
    let mut sealer = ring.sealer(&mut Seeded(2)).expect("a sealer");
    let mut out = b"before".to_vec();
    let longest = vec![7; LONGEST_VALUE];
    assert_eq!(
        sealer.seal(&ids(), "row", &[7; LONGEST_VALUE + 1], &mut out),
        Err(SealError::TooLong(LONGEST_VALUE + 1))
    );
    assert_eq!(sealer.seal(&ids(), "", b"clear", &mut out), Err(SealError::NoRow));
    assert_eq!(out, b"before", "after an error the buffer is as it was");
    sealer.seal(&ids(), "row", &longest, &mut out).expect("sealed");
    let mut opener = ring.opener();
    assert_eq!(opener.open(&ids(), "row", &out[6..]), Ok(&longest[..]));
}

#[test]
fn no_nonce_comes_twice_and_the_count_goes_over_the_end() {
    let ring = ring(1);
    // Four nonces before the end of 96 bits.
    let mut near_the_end = |bytes: &mut [u8]| -> Result<(), NoRandomness> {
        bytes.fill(0xff);
        if let Some(last) = bytes.last_mut() {
            *last = 0xfc;
        }
        Ok(())
    };
    let mut sealer = ring.sealer(&mut near_the_end).expect("a sealer");
    let mut nonces = BTreeSet::new();
    for _ in 0..8 {
        let sealed = sealer.seal_one(&ids(), "row", b"").expect("sealed");
        assert!(nonces.insert(sealed.as_bytes()[3..15].to_vec()));
    }
    assert!(nonces.contains(&vec![0; 12]), "beyond the end it begins at zero");
    assert!(nonces.contains(&vec![0xff; 12]));
    let mut other = ring.sealer(&mut Seeded(3)).expect("another sealer");
    let sealed = other.seal_one(&ids(), "row", b"").expect("sealed");
    assert!(
        nonces.insert(sealed.as_bytes()[3..15].to_vec()),
        "another sealer starts elsewhere"
    );
}

#[test]
fn a_source_that_fails_or_repeats_itself_seals_nothing() {
    let ring = ring(1);
    let mut none = |_: &mut [u8]| Err(NoRandomness);
    assert_eq!(ring.sealer(&mut none).map(|_| ()), Err(NoRandomness));
    let mut stuck = |bytes: &mut [u8]| {
        bytes.fill(0x55);
        Ok(())
    };
    assert_eq!(ring.sealer(&mut stuck).map(|_| ()), Err(NoRandomness));
    assert_eq!(seal::KeyRing::draw(&mut stuck).map(|_| ()), Err(NoRandomness));
}

#[test]
fn the_text_form_is_read_back_and_only_as_it_was_written() {
    let ring = ring(1);
    let mut sealer = ring.sealer(&mut Seeded(2)).expect("a sealer");
    let sealed = sealer.seal_one(&ids(), "row", b"clear").expect("sealed");
    assert_eq!(sealed.key(), 1);
    let text = sealed.text();
    assert_eq!(Sealed::from_text(&text), Ok(sealed.clone()));
    assert_eq!(Sealed::from_bytes(sealed.as_bytes().to_vec()), Ok(sealed));
    assert_eq!(Sealed::from_text(&text.to_lowercase()), Err(OpenError::Refused));
    assert_eq!(Sealed::from_text("U"), Err(OpenError::Refused));
    assert_eq!(Sealed::from_text("密封"), Err(OpenError::Refused));
    assert_eq!(Sealed::from_text(""), Err(OpenError::TooShort(0)));
}

proptest! {
    #[test]
    fn whatever_is_sealed_opens_again_and_its_text_is_the_same_bytes(
        seed in any::<u64>(),
        value in proptest::collection::vec(any::<u8>(), 0..200),
        row in ".{1,40}",
        table in ".{0,20}",
        column in ".{0,20}",
    ) {
        let ring = ring(seed);
        let mut sealer = ring.sealer(&mut Seeded(!seed)).expect("a sealer");
        let column = Column::new(&table, &column);
        let sealed = sealer.seal_one(&column, &row, &value).expect("sealed");
        let mut opener = ring.opener();
        prop_assert_eq!(opener.open(&column, &row, sealed.as_bytes()), Ok(&value[..]));
        prop_assert_eq!(Sealed::from_text(&sealed.text()).expect("its own text"), sealed);
    }

    #[test]
    fn no_bytes_whatever_make_the_opener_panic(bytes in proptest::collection::vec(any::<u8>(), 0..120), text in ".{0,60}") {
        let mut bytes = bytes;
        let mut opener = ring(1).opener();
        prop_assert!(opener.open(&ids(), "row", &bytes).is_err());
        if let [version, high, low, ..] = bytes.as_mut_slice() {
            (*version, *high, *low) = (VERSION, 0, 1);
        }
        prop_assert!(opener.open(&ids(), "row", &bytes).is_err());
        let _ = Sealed::from_text(&text);
    }
}
