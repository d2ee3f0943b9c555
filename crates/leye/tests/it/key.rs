//! `leye key`: keys are made once, added, and never overwritten; nothing prints one.

use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;

use crate::run::{empty_folder, leye, shown, text};

/// What is shown, with check values and numbers of the system replaced by what never changes.
fn told(folder: &Path, arguments: &[&str]) -> String {
    let shown = shown(folder, arguments);
    let mut steady = String::new();
    let mut rest = shown.as_str();
    while let Some((before, after)) = rest.split_once("校验值 ") {
        steady.push_str(before);
        steady.push_str("校验值 ********");
        rest = after.trim_start_matches(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit());
    }
    steady.push_str(rest);
    steady
}

fn keys(folder: &Path) -> PathBuf {
    folder.join("leye-home").join("keys")
}

#[test]
fn first_keys_are_made_and_said_where_and_to_be_backed_up_apart() {
    let folder = empty_folder();
    assert_snapshot!("init", told(folder.path(), &["key", "init"]));
    for file in ["ring.toml", "sealing-1.key", "index-1.key"] {
        assert!(keys(folder.path()).join(file).is_file(), "{file}");
    }
    assert!(folder.path().join("leye-home/home.json").is_file());
}

#[test]
fn existing_keys_are_never_overwritten() {
    let folder = empty_folder();
    leye(folder.path(), &["key", "init"]);
    let path = keys(folder.path()).join("sealing-1.key");
    let before = fs::read(&path).expect("the key");
    assert_snapshot!("init_again", told(folder.path(), &["key", "init"]));
    assert_eq!(fs::read(&path).expect("the key"), before);
}

#[test]
fn a_rotation_says_which_key_is_active_now() {
    let folder = empty_folder();
    assert_snapshot!("rotate_without_keys", told(folder.path(), &["key", "rotate"]));
    assert!(!folder.path().join("leye-home").exists(), "asking makes nothing");
    leye(folder.path(), &["key", "init"]);
    leye(folder.path(), &["key", "rotate"]);
    assert_snapshot!("rotate", told(folder.path(), &["key", "rotate"]));
}

#[test]
fn two_homes_have_different_keys() {
    let folder = empty_folder();
    for home in ["one", "two"] {
        assert!(leye(folder.path(), &["key", "init", "--home", home]).status.success());
    }
    let key = |home: &str, file: &str| fs::read(folder.path().join(home).join("keys").join(file)).expect("a key");
    for file in ["sealing-1.key", "index-1.key"] {
        assert_ne!(key("one", file), key("two", file), "{file}");
    }
}

#[test]
fn no_output_shows_a_key() {
    let folder = empty_folder();
    let mut output = Vec::new();
    for command in ["init", "init", "rotate"] {
        let run = leye(folder.path(), &["key", command]);
        output.extend([text(&run.stdout), text(&run.stderr)]);
    }
    let output = output.concat();
    for file in ["sealing-1.key", "sealing-2.key", "index-1.key"] {
        let text = fs::read_to_string(keys(folder.path()).join(file)).expect("a key file");
        let key = text
            .lines()
            .find_map(|line| line.strip_prefix("key = \""))
            .expect("the key");
        assert!(key.len() > 26, "{file}");
        assert!(!output.contains(&key[..8]), "{file}: {output}");
    }
}

#[test]
fn a_folder_that_is_no_home_gets_no_keys() {
    let folder = empty_folder();
    fs::create_dir(folder.path().join("docs")).expect("made");
    fs::write(folder.path().join("docs/a.txt"), "a").expect("written");
    for command in ["init", "rotate"] {
        let run = leye(folder.path(), &["key", command, "--home", "docs"]);
        assert_eq!(run.status.code(), Some(1), "{command}");
    }
    assert_eq!(fs::read_dir(folder.path().join("docs")).expect("the folder").count(), 1);
}

#[test]
fn a_home_whose_making_was_killed_is_made_after_all() {
    let folder = empty_folder();
    let home = folder.path().join("leye-home");
    fs::create_dir(&home).expect("made");
    fs::write(home.join(".home.json.4711.part"), "{").expect("written");
    assert!(leye(folder.path(), &["key", "init"]).status.success());
    assert!(home.join("home.json").is_file());
}

#[test]
fn damaged_newer_and_missing_key_files_are_told_with_what_to_do() {
    let folder = empty_folder();
    leye(folder.path(), &["key", "init"]);
    let path = keys(folder.path()).join("sealing-1.key");
    let whole = fs::read_to_string(&path).expect("the key");
    let mut answers = String::new();
    let mut ask = |change: &str| {
        answers.push_str(&format!("{change}\n{}\n", told(folder.path(), &["key", "rotate"])));
    };
    let check = whole.find("check = \"").expect("the check value") + "check = \"".len();
    let other = if whole[check..].starts_with('0') { '1' } else { '0' };
    fs::write(&path, format!("{}{other}{}", &whole[..check], &whole[check + 1..])).expect("written");
    ask("校验值改动");
    fs::write(&path, whole.replace("format = 1", "format = 2")).expect("written");
    ask("新格式");
    fs::remove_file(&path).expect("removed");
    ask("缺少密钥文件");
    fs::remove_file(keys(folder.path()).join("ring.toml")).expect("removed");
    ask("缺少密钥目录");
    answers.push_str(&told(folder.path(), &["key", "init"]));
    assert_snapshot!("damaged", answers);
}

#[cfg(unix)]
#[test]
fn keys_that_others_can_read_are_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = empty_folder();
    leye(folder.path(), &["key", "init"]);
    let path = keys(folder.path()).join("index-1.key");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
    assert_snapshot!("exposed", told(folder.path(), &["key", "rotate"]));
}

#[test]
fn help_is_chinese() {
    let folder = empty_folder();
    assert_snapshot!("help", shown(folder.path(), &["key", "--help"]));
    assert_snapshot!("help_init", shown(folder.path(), &["key", "init", "--help"]));
    assert_eq!(shown(folder.path(), &["key"]), shown(folder.path(), &["key", "-h"]));
}
