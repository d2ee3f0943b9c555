//! Damaged, foreign and newer key files are told from whole ones.

use std::fs;

use proptest::prelude::*;
use seal::{FolderError, KeyFileError, KeyFolder};

use crate::drawn::Seeded;

fn home() -> (tempfile::TempDir, KeyFolder) {
    let home = tempfile::tempdir().expect("a home");
    let folder = KeyFolder::of(home.path());
    folder.create(&mut Seeded(1)).expect("keys");
    (home, folder)
}

/// What loading says once a file of the folder was changed; its name is in the message.
fn error(folder: &KeyFolder, file: &str, change: impl Fn(&str) -> String) -> KeyFileError {
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).expect(file);
    let changed = change(&text);
    assert_ne!(changed, text, "nothing was changed in {file}");
    fs::write(&path, changed).expect("written");
    let error = folder.load().expect_err("it is not whole");
    assert!(error.to_string().contains(file), "{error}");
    fs::write(&path, text).expect("written back");
    folder.load().expect("whole again");
    let FolderError::File { error, .. } = error else {
        unreachable!("{error}");
    };
    error
}

/// The value of a line, with another first character.
fn with_another(text: &str, name: &str) -> String {
    let start = text.find(&format!("{name} = \"")).expect(name) + name.len() + 4;
    let other = if text[start..].starts_with('0') { "1" } else { "0" };
    format!("{}{other}{}", &text[..start], &text[start + 1..])
}

#[test]
fn one_wrong_character_in_a_key_or_in_its_check_value_is_damage() {
    let (_home, folder) = home();
    for file in ["sealing-1.key", "index-1.key"] {
        for line in ["key", "check"] {
            assert_eq!(
                error(&folder, file, |text| with_another(text, line)),
                KeyFileError::Damaged,
                "{file} {line}"
            );
        }
    }
}

#[test]
fn a_whole_key_that_is_not_the_one_the_ring_names_is_told() {
    let (_home, folder) = home();
    let (_other_home, others) = home_of(7);
    let foreign = fs::read_to_string(others.path().join("sealing-1.key")).expect("another's key");
    assert_eq!(
        error(&folder, "sealing-1.key", |_| foreign.clone()),
        KeyFileError::AnotherKey
    );
    let index = fs::read_to_string(folder.path().join("index-1.key")).expect("the index key");
    assert_eq!(
        error(&folder, "sealing-1.key", |_| index.clone()),
        KeyFileError::AnotherKey
    );
    assert_eq!(
        error(&folder, "sealing-1.key", |text| text.replace("id = 1", "id = 2")),
        KeyFileError::AnotherKey
    );
    assert_eq!(
        error(&folder, "ring.toml", |text| text.replace("sealing.1", "sealing.01")),
        KeyFileError::Line(5)
    );
}

fn home_of(seed: u64) -> (tempfile::TempDir, KeyFolder) {
    let home = tempfile::tempdir().expect("a home");
    let folder = KeyFolder::of(home.path());
    folder.create(&mut Seeded(seed)).expect("keys");
    (home, folder)
}

#[test]
fn a_newer_format_is_refused_by_name_before_anything_else_is_read() {
    let (_home, folder) = home();
    for file in ["sealing-1.key", "index-1.key", "ring.toml"] {
        let newer = error(&folder, file, |text| {
            format!("{}what is new\n", text.replace("format = 1", "format = 2"))
        });
        assert_eq!(newer, KeyFileError::Newer(2), "{file}");
        assert_eq!(newer.to_string(), "格式为 format = 2，本程序只能读取 format = 1");
    }
}

#[test]
fn unknown_doubled_missing_and_malformed_lines_are_errors_with_their_place() {
    let (_home, folder) = home();
    let key = |change: &dyn Fn(&str) -> String| error(&folder, "sealing-1.key", change);
    assert_eq!(key(&|text| format!("{text}owner = 1\n")), KeyFileError::Line(7));
    assert_eq!(key(&|text| format!("{text}id = 1\n")), KeyFileError::Line(7));
    assert_eq!(key(&|text| format!("{text}nothing\n")), KeyFileError::Line(7));
    assert_eq!(key(&|text| text.replace("id = 1\n", "")), KeyFileError::Missing("id"));
    assert_eq!(key(&|text| text.replace("id = 1", "id = +1")), KeyFileError::Line(4));
    assert_eq!(key(&|text| text.replace("id = 1", "id = 0")), KeyFileError::Line(4));
    assert_eq!(
        key(&|text| text.replace("format = 1", "format = \"1\"")),
        KeyFileError::Line(2)
    );
    assert_eq!(key(&|_| String::new()), KeyFileError::Missing("format"));
    let ring = |change: &dyn Fn(&str) -> String| error(&folder, "ring.toml", change);
    assert_eq!(
        ring(&|text| text.replace("active = 1", "active = 2")),
        KeyFileError::Line(3)
    );
    assert_eq!(
        ring(&|text| text.replace("index.1", "indexes.1")),
        KeyFileError::Line(4)
    );
    assert_eq!(
        ring(&|text| text.replace("index.1 =", "# index.1 =")),
        KeyFileError::Missing("index")
    );
    let doubled = text_of_line("sealing.1", &folder);
    assert_eq!(ring(&|text| format!("{text}{doubled}\n")), KeyFileError::Line(6));
}

fn text_of_line(name: &str, folder: &KeyFolder) -> String {
    let text = fs::read_to_string(folder.path().join("ring.toml")).expect("the ring");
    text.lines().find(|line| line.starts_with(name)).expect(name).to_owned()
}

#[test]
fn what_is_no_text_is_no_key_file() {
    let (_home, folder) = home();
    let path = folder.path().join("sealing-1.key");
    fs::write(&path, [0xff, 0xfe, 0x00]).expect("written");
    let error = folder.load().expect_err("no text").to_string();
    assert!(error.contains("不是密钥文件"), "{error}");
}

#[test]
fn comments_and_blank_lines_are_nobodys_business() {
    let (_home, folder) = home();
    let path = folder.path().join("ring.toml");
    let text = fs::read_to_string(&path).expect("the ring");
    fs::write(&path, format!("\n  # note\n{text}\n")).expect("written");
    folder.load().expect("still whole");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_whatever_makes_loading_panic(lines in proptest::collection::vec(
        prop_oneof![
            Just("format = 1".to_owned()), Just("active = 1".to_owned()), Just("sealing.1 = \"00000000\"".to_owned()),
            Just("index.1 = \"00000000\"".to_owned()), Just("kind = \"sealing\"".to_owned()), ".{0,30}", "[a-z.]{1,9} = .{0,30}",
        ],
        0..8,
    )) {
        let (_home, folder) = home();
        for file in ["index-1.key", "ring.toml"] {
            fs::write(folder.path().join(file), lines.join("\n")).expect("written");
            prop_assert!(folder.load().is_err());
        }
    }
}
