//! `leye synth`.

use insta::assert_snapshot;

use crate::run::{empty_folder, leye, shown, text};

const SMALL: [&str; 9] = [
    "synth", "--region", "330282", "--people", "300", "--seed", "1", "--out", "region",
];

#[test]
fn a_region_is_written_once_and_a_used_folder_is_left_alone() {
    let folder = empty_folder();
    let first = leye(folder.path(), &SMALL);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    assert!(text(&first.stdout).contains("person.csv  实名制就业登记"));
    let readme = std::fs::read_to_string(folder.path().join("region/README.md")).expect("the README");
    assert!(readme.contains("不对应任何真实个人或单位"));
    let person = std::fs::read(folder.path().join("region/person.csv")).expect("a csv");
    let again = leye(folder.path(), &SMALL);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(
        std::fs::read(folder.path().join("region/person.csv")).expect("a csv"),
        person
    );
}

#[test]
fn what_cannot_be_is_refused_with_what_to_write_instead() {
    let folder = empty_folder();
    assert_snapshot!("help", shown(folder.path(), &["synth", "--help"]));
    let mut answers = String::new();
    for (place, wrong) in [(2, "3302"), (2, "慈溪"), (4, "100"), (4, "百万"), (6, "-1")] {
        let mut arguments = SMALL;
        arguments[place] = wrong;
        let output = leye(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
        answers.push_str(&text(&output.stderr));
    }
    assert_snapshot!("refused", answers);
    assert!(!folder.path().join("region").exists());
}
