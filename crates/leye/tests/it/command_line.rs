//! What the command line answers before any work is done.

use insta::assert_snapshot;

use crate::run::{empty_folder, leye, shown, text};

#[test]
fn help_is_chinese_from_top_to_bottom() {
    let folder = empty_folder();
    assert_snapshot!("help", shown(folder.path(), &["--help"]));
    assert_snapshot!("help_extract", shown(folder.path(), &["extract", "--help"]));
    assert_snapshot!("help_demo", shown(folder.path(), &["demo", "-h"]));
    assert_eq!(shown(folder.path(), &[]), shown(folder.path(), &["-h"]));
    for arguments in [&["--help"][..], &["extract", "--help"], &["demo", "--help"]] {
        let help = text(&leye(folder.path(), arguments).stdout);
        for english in [
            "Usage", "Options", "Commands", "Arguments", "Print", "possible values", "default:",
        ] {
            assert!(!help.contains(english), "{english} in {help}");
        }
    }
}

#[test]
fn a_command_line_that_is_not_understood_says_what_and_what_to_do() {
    let folder = empty_folder();
    let cases: [&[&str]; 12] = [
        &["extrct", "a.txt"],
        &["完全不对"],
        &["extract"],
        &["extract", "--jsn", "a.txt"],
        &["extract", "--json=1", "a.txt"],
        &["extract", "--json", "--text", "a.txt"],
        &["extract", "--json", "--json", "a.txt"],
        &["extract", "--split-by-unit", "a.txt"],
        &["extract", "a.txt", "--xlsx"],
        &["extract", "a.txt", "--xlsx", "a.xls"],
        &["extract", "--text", "a.txt", "b.txt"],
        &["demo", "a.txt"],
    ];
    let mut answers = String::new();
    for arguments in cases {
        let output = leye(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(64), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let answer = text(&output.stderr);
        assert!(answer.contains("\n提示："), "{arguments:?}: {answer}");
        answers.push_str(&format!("leye {}\n{answer}\n", arguments.join(" ")));
    }
    assert_snapshot!("misused", answers);
}

#[test]
fn the_version_is_told() {
    let folder = empty_folder();
    let expected = format!("退出码 0\n--- stdout\nleye {}\n--- stderr\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(shown(folder.path(), &["--version"]), expected);
}
