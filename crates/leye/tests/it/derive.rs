//! `leye register derive`, `verify`, `expired` and `show`: from a home's registers to tables, and what the home holds.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::run::{empty_folder, killed_at, leye, shown, text};

/// Imports a file of a synthetic region.
fn import(folder: &Path, register: &str, more: &[&str]) {
    let file = format!("csv/{register}.csv");
    let mut arguments = vec![
        "register", "import", register, &file, "--region", "慈溪市", "--received", "2021-01-04", "--provider", "测试",
        "--basis", "测试", "--purpose", "测试", "--retention", "1年", "--commit", "--rejects", "rejects.xlsx",
    ];
    arguments.extend(more);
    let run = leye(folder, &arguments);
    assert!(matches!(run.status.code(), Some(0 | 2)), "{}", text(&run.stderr));
}

/// A home with some registers of a synthetic region.
fn filled(people: &str) -> tempfile::TempDir {
    let folder = empty_folder();
    leye(folder.path(), &["key", "init"]);
    let run = leye(
        folder.path(),
        &[
            "synth", "--region", "330282", "--people", people, "--seed", "5", "--out", "csv",
        ],
    );
    assert!(run.status.success(), "{}", text(&run.stderr));
    for register in ["employer", "person", "household-member", "employment", "contribution"] {
        import(folder.path(), register, &[]);
    }
    folder
}

const DERIVE: [&str; 6] = ["register", "derive", "--region", "330282", "--as-of", "2020-12-31"];

fn derive<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments: Vec<&'a str> = DERIVE.to_vec();
    arguments.extend(more);
    arguments
}

/// Seconds differ by run, and so does the folder.
fn steady(output: &str) -> String {
    let mut out = String::new();
    for word in output.split_inclusive(|c: char| c.is_whitespace()) {
        let trimmed = word.trim_end();
        let is_time = trimmed.split_once('.').is_some_and(|(whole, rest)| {
            !whole.is_empty() && rest.len() == 2 && (whole.to_owned() + rest).bytes().all(|b| b.is_ascii_digit())
        });
        out.push_str(&if is_time {
            word.replace(trimmed, "#")
        } else {
            word.to_owned()
        });
    }
    out
}

#[test]
fn tables_are_derived_from_a_home_and_what_is_unknown_is_said() {
    let folder = filled("600");
    let run = derive(&["--per", "employment", "--per", "person", "--out", "结果"]);
    assert_snapshot!("derived", steady(&shown(folder.path(), &run)));
    for file in ["employment.parquet", "person.parquet", "derived.json"] {
        assert!(folder.path().join("结果").join(file).is_file(), "{file}");
    }
    // Again in the same place, and in the home where no place is named.
    assert!(leye(folder.path(), &run).status.success());
    let run = leye(folder.path(), &derive(&["--per", "person"]));
    assert!(run.status.success(), "{}", text(&run.stderr));
    assert!(
        folder
            .path()
            .join("leye-home/derived/330282-2020-12-31/person.parquet")
            .is_file()
    );
}

#[test]
fn what_cannot_be_derived_is_said_with_what_to_do() {
    let folder = empty_folder();
    assert_snapshot!("derive_no_home", shown(folder.path(), &derive(&[])));
    let folder = filled("600");
    let other: Vec<&str> = derive(&[])
        .iter()
        .map(|word| if *word == "330282" { "余姚市" } else { *word })
        .collect();
    assert_snapshot!("derive_no_data", shown(folder.path(), &other));
    assert_snapshot!(
        "derive_too_early",
        shown(folder.path(), &derive(&["--known-on", "2020-12-31"]))
    );
    assert_snapshot!(
        "derive_in_home",
        shown(folder.path(), &derive(&["--out", "leye-home/registers/x"]))
    );
    assert_snapshot!("derive_per", shown(folder.path(), &derive(&["--per", "people"])));
    let several: Vec<&str> = derive(&[])
        .iter()
        .map(|word| if *word == "330282" { "朝阳区" } else { *word })
        .collect();
    assert_snapshot!("derive_which_region", shown(folder.path(), &several));
    let unknown: Vec<&str> = derive(&[])
        .iter()
        .map(|word| if *word == "330282" { "慈谿市" } else { *word })
        .collect();
    assert_snapshot!("derive_unknown_region", shown(folder.path(), &unknown));
}

#[test]
fn a_kill_in_the_middle_leaves_no_half_result_and_the_next_run_sweeps_up() {
    let folder = filled("3000");
    let out = folder.path().join("结果");
    let staging = folder.path().join(".结果.deriving");
    for file in [".lock", "scratch/insured.parquet", "person.parquet"] {
        killed_at(folder.path(), &derive(&["--out", "结果"]), &staging.join(file));
        assert!(!out.exists(), "{file}");
    }
    assert!(staging.exists(), "something was left behind");
    let run = leye(folder.path(), &derive(&["--out", "结果"]));
    assert!(run.status.success(), "{}", text(&run.stderr));
    assert!(out.join("derived.json").is_file() && !staging.exists());
}

#[test]
fn the_queries_can_be_read_before_anything_runs() {
    let folder = filled("600");
    let run = leye(folder.path(), &derive(&["--per", "person", "--sql"]));
    let sql = text(&run.stdout);
    assert!(
        sql.starts_with("--- arrived\nSELECT * FROM contribution WHERE paid")
            && sql.contains("\n--- insured\n-- insured: one row a person and employer"),
        "{sql}"
    );
    assert!(sql.contains("--- person\nSELECT"), "{sql}");
    assert!(!folder.path().join("leye-home/derived").exists());
}

#[test]
fn files_are_verified_and_a_changed_one_is_named() {
    let folder = filled("600");
    let verify = ["register", "verify"];
    let run = leye(folder.path(), &verify);
    assert!(
        run.status.success() && text(&run.stdout).contains("不符 0 个，多出 0 个"),
        "{}",
        text(&run.stdout)
    );
    let file = "leye-home/registers/person/330282/snapshot/000002.parquet";
    let mut bytes = fs::read(folder.path().join(file)).expect("the file");
    bytes[64] ^= 0xff;
    fs::write(folder.path().join(file), bytes).expect("written");
    let run = leye(folder.path(), &verify);
    assert_eq!(run.status.code(), Some(1));
    let told = text(&run.stdout);
    assert!(told.contains("000002.parquet 内容与目录所记校验值不符"), "{told}");
    assert!(told.contains("请从备份恢复"), "{told}");
}

#[test]
fn what_is_past_its_term_is_listed_and_removed_only_when_asked() {
    let folder = filled("600");
    let expired = |more: &[&'static str]| {
        let mut arguments = vec!["register", "expired", "--on", "2022-01-05"];
        arguments.extend(more);
        leye(folder.path(), &arguments)
    };
    let early = leye(folder.path(), &["register", "expired", "--on", "2022-01-04"]);
    assert!(text(&early.stdout).contains("没有超过保存期限的数据"));
    leye(folder.path(), &derive(&["--per", "person"]));
    let listed = text(&expired(&[]).stdout);
    assert!(listed.contains("共 5 个批次到期，尚未删除"), "{listed}");
    let removed = text(&expired(&["--remove"]).stdout);
    assert!(
        removed.contains("已删除 5 个批次的") && removed.contains("derived 已一并删除"),
        "{removed}"
    );
    let parquet = |folder: &Path| {
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "parquet") {
                    found.push(path);
                }
            }
        }
        found
    };
    assert_eq!(
        parquet(&folder.path().join("leye-home")),
        Vec::<std::path::PathBuf>::new()
    );
    let history = text(&leye(folder.path(), &["register", "history"]).stdout);
    assert!(history.contains("已于"), "{history}");
    assert!(text(&expired(&[]).stdout).contains("没有超过保存期限的数据"));
}

#[test]
fn rows_are_shown_covered_and_found_by_a_number_from_the_keyboard() {
    use std::io::Write as _;

    let folder = filled("600");
    let csv = fs::read_to_string(folder.path().join("csv/person.csv")).expect("a csv");
    let cells: Vec<&str> = csv.lines().nth(1).expect("a row").split(',').collect();
    let (number, name) = (cells[0], cells[1]);
    let refused = leye(folder.path(), &["register", "show", "person", "--key", number]);
    assert_eq!(refused.status.code(), Some(64));
    let mut child = Command::new(env!("CARGO_BIN_EXE_leye"))
        .args(["register", "show", "person", "--key", "-"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let typed = format!("{number}\n");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(typed.as_bytes())
        .expect("typed");
    let run = child.wait_with_output().expect("ended");
    let told = text(&run.stdout);
    assert!(
        told.contains("第1行（330282，现状）") && !told.contains("第2行"),
        "{told}"
    );
    let covered = format!("{}{}", "*".repeat(14), &number[14..]);
    assert!(told.contains(&covered), "{told}");
    for secret in [number, &number[6..14], name, cells[10]] {
        assert!(!told.contains(secret), "{told}");
    }
    let limited = text(&leye(folder.path(), &["register", "show", "person", "--limit", "3"]).stdout);
    assert!(
        limited.contains("第3行") && limited.contains("只显示了前 3 行"),
        "{limited}"
    );
    let elsewhere = leye(folder.path(), &["register", "show", "person", "--region", "余姚市"]);
    assert!(text(&elsewhere.stdout).contains("还没有数据"));
}

#[test]
fn a_number_in_the_reasons_of_an_import_and_a_term_nobody_can_work_out_are_refused() {
    let folder = filled("600");
    let told = |option: &str, value: &str| {
        let mut arguments = vec![
            "register", "import", "person", "csv/person.csv", "--region", "330282", "--received", "2021-01-05",
            "--provider", "测试", "--basis", "测试", "--purpose", "测试", "--retention", "1年",
        ];
        let place = arguments.iter().position(|word| *word == option).expect("an option");
        arguments[place + 1] = value;
        let run = leye(folder.path(), &arguments);
        assert_eq!(run.status.code(), Some(64));
        text(&run.stderr)
    };
    let csv = fs::read_to_string(folder.path().join("csv/person.csv")).expect("a csv");
    let number = csv
        .lines()
        .nth(1)
        .and_then(|line| line.split(',').next())
        .expect("a number");
    let words = told("--purpose", &format!("核查{number}"));
    assert!(
        words.contains("--purpose 中含有公民身份号码") && !words.contains(number),
        "{words}"
    );
    let words = told("--retention", "按规定");
    assert!(words.contains("算不出到期日"), "{words}");
}
