//! No key shows anywhere but in its file.

use std::fs;

use seal::{Column, KeyFolder, KeyRing, OpenError, RekeyError, Rekeying};

use crate::drawn::{Counted, Seeded, person, ring};

/// Keys drawn from counted bytes: the sealing key is 0…15, the index key 16…47; written in every usual way.
fn spellings() -> Vec<String> {
    let mut all = Vec::new();
    for key in [(0..16).collect::<Vec<u8>>(), (16..48).collect()] {
        all.push(key.iter().map(|byte| format!("{byte:02x}")).collect());
        all.push(key.iter().map(|byte| format!("{byte:02X}")).collect());
        all.push(key.iter().map(u8::to_string).collect::<Vec<_>>().join(", "));
    }
    all
}

#[test]
fn no_debug_form_shows_a_key() {
    let ring = KeyRing::draw(&mut Counted(0)).expect("a ring");
    let sealer = ring.sealer(&mut Seeded(1)).expect("a sealer");
    let rekeying = Rekeying::new(&ring, &ring, &mut Seeded(2)).expect("a rekeying");
    let shown = format!(
        "{ring:?}\n{ring:#?}\n{sealer:?}\n{:?}\n{:?}\n{rekeying:?}\n{:?} {}",
        ring.opener(),
        ring.indexer(),
        ring.index_check(),
        ring.sealing_check(ring.active()).expect("the active key"),
    );
    for key in spellings() {
        assert!(!shown.contains(&key), "{shown}");
    }
    assert!(shown.contains("Secret(16 bytes)"), "{shown}");
}

#[test]
fn no_error_about_a_key_file_repeats_what_it_holds() {
    let home = tempfile::tempdir().expect("a home");
    let folder = KeyFolder::of(home.path());
    folder.create(&mut Seeded(1)).expect("keys");
    let path = folder.path().join("sealing-1.key");
    let text = fs::read_to_string(&path).expect("the key file");
    let key = text
        .lines()
        .find_map(|line| line.strip_prefix("key = \""))
        .expect("the key")
        .trim_end_matches('"');
    assert_eq!(key.len(), 26);
    for damaged in [
        text.replace("key =", "kee ="),
        text.replace("key = ", "key "),
        text.replace(&format!("\"{key}\""), key),
        text.replace(key, &key[1..]),
        text.replace(
            key,
            &format!("{}{}", &key[..25], if key.ends_with('0') { '4' } else { '0' }),
        ),
        text.replace("id = 1", &format!("id = {key}")),
        text.replace("check = \"", &format!("check = \"{key}")),
    ] {
        assert_ne!(damaged, text);
        fs::write(&path, damaged).expect("written");
        let error = folder.load().expect_err("damaged");
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains(&key[..8]), "{shown}");
    }
}

#[test]
fn no_form_of_a_sealed_value_or_an_error_shows_what_was_sealed() {
    let ring = ring(1);
    let mut sealer = ring.sealer(&mut Seeded(2)).expect("a sealer");
    let id = person(4);
    let column = Column::new("person", "resident_id");
    let sealed = sealer.seal_one(&column, "row", id.reveal().as_bytes()).expect("sealed");
    let mut opener = ring.opener();
    opener.open_id(&column, "row", sealed.as_bytes()).expect("opened");
    let shown = format!(
        "{sealed:?} {} {opener:?} {:?} {}",
        sealed.text(),
        opener.open_account(&column, "other", sealed.as_bytes()),
        RekeyError::from(OpenError::Unexpected),
    );
    assert!(!shown.contains(&id.reveal()[6..]), "{shown}");
    assert!(
        !sealed
            .as_bytes()
            .windows(8)
            .any(|part| id.reveal().as_bytes().windows(8).any(|clear| clear == part))
    );
}
