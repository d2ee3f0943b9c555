//! `leye screen`, `runs`, `explain` on the demo's region.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::run::{empty_folder, killed_at, leye, text};

/// The demo's folder: its region is made and screened once for all tests.
pub(crate) fn demo() -> &'static Path {
    static FOLDER: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, place) = FOLDER.get_or_init(|| {
        let folder = empty_folder();
        let output = leye(folder.path(), &["demo", "--no-serve", "--people", "1200"]);
        assert!(
            output.status.success(),
            "{}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        let place = folder.path().join("leye-demo");
        (folder, place)
    });
    place
}

/// A copy of the demo's home without its runs.
fn copied(to: &Path) -> String {
    let status = Command::new("cp")
        .args([
            "-a",
            &demo().join("home").display().to_string(),
            &to.join("home").display().to_string(),
        ])
        .status()
        .expect("cp starts");
    assert!(status.success());
    fs::remove_dir_all(to.join("home/runs")).expect("the runs");
    to.join("home").display().to_string()
}

pub(crate) const RUN: &str = "2020-12-15-330282-1";

fn told(folder: &Path, arguments: &[&str]) -> String {
    let output = leye(folder, arguments);
    assert!(
        output.status.success(),
        "{}{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

#[test]
fn the_demo_screens_its_region_and_writes_the_lists() {
    let lists = demo().join("疑似符合名单");
    assert!(lists.join("cx-jobseek-subsidy-疑似符合名单.xlsx").is_file());
    let listed = told(demo(), &["runs", "--home", "home"]);
    assert!(listed.contains(RUN) && listed.contains("慈溪市"), "{listed}");
    let funnel = told(
        demo(),
        &["runs", RUN, "--benefit", "cx-jobseek-subsidy", "--home", "home"],
    );
    assert!(
        funnel.contains("在此不符") && funnel.contains("每人只享受一次"),
        "{funnel}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&told(demo(), &["runs", RUN, "--json", "--home", "home"])).expect("JSON");
    assert_eq!(json["format"], 1);
    let benefits = json["benefits"].as_array().expect("benefits");
    assert!(benefits.len() > 40);
    let eligible: u64 = benefits.iter().filter_map(|benefit| benefit["eligible"].as_u64()).sum();
    assert!(eligible > 10, "{eligible}");
}

#[test]
fn a_list_shows_no_number_in_clear_and_its_last_column_explains_each_row() {
    let mut book: calamine::Xlsx<_> =
        calamine::open_workbook(demo().join("疑似符合名单/cx-jobseek-subsidy-疑似符合名单.xlsx")).expect("xlsx");
    let range = calamine::Reader::worksheet_range(&mut book, "疑似符合名单").expect("the sheet");
    let rows: Vec<Vec<String>> = range
        .rows()
        .map(|row| row.iter().map(ToString::to_string).collect())
        .collect();
    let head = rows
        .iter()
        .position(|row| row.first().is_some_and(|cell| cell == "序号"))
        .expect("headers");
    let key = rows[head + 1].last().expect("the key").clone();
    assert!(
        rows[head + 1].iter().any(|cell| cell.starts_with("****")),
        "{:?}",
        rows[head + 1]
    );
    let explained = told(
        demo(),
        &[
            "explain", "--run", RUN, "--benefit", "cx-jobseek-subsidy", "--key", &key, "--home", "home",
        ],
    );
    assert!(
        explained.contains("系统预审结果：初步符合") && explained.contains("第29项"),
        "{explained}"
    );

    let folder = empty_folder();
    let facts = folder.path().join("facts.json").display().to_string();
    let json = told(
        demo(),
        &[
            "explain", "--run", RUN, "--benefit", "cx-jobseek-subsidy", "--key", &key, "--home", "home", "--facts",
            &facts, "--json",
        ],
    );
    let receipt = folder.path().join("receipt.json");
    fs::write(&receipt, json).expect("a file");
    let replayed = told(
        demo(),
        &["replay", "--home", "home", &receipt.display().to_string(), &facts],
    );
    assert!(replayed.contains("重放一致，逐字节相同"), "{replayed}");
}

#[test]
fn wrong_words_are_answered_with_what_there_is() {
    for (arguments, words) in [
        (
            &["explain", "--run", RUN, "--benefit", "cx-jobseek-subsidy", "--key", "x"][..],
            "没有标识为“x”的对象",
        ),
        (
            &["explain", "--run", RUN, "--benefit", "cx-jobseek-subsidy", "--key", "x"],
            "末列“标识”",
        ),
        (
            &["explain", "--run", RUN, "--benefit", "cx-jobseek", "--key", "x"],
            "cx-jobseek-subsidy",
        ),
        (&["runs", "2020-12-15-330282-9"], RUN),
        (
            &[
                "screen", "--region", "330282", "--as-of", "2020-12-15", "--benefit", "zy-ui",
            ],
            "没有补贴项目“zy-ui”",
        ),
        (&["screen", "--region", "成都市", "--as-of", "2020-12-15"], "510100"),
        (
            &[
                "screen", "--region", "330282", "--as-of", "2020-12-15", "--known-on", "2019-01-01",
            ],
            "没有可筛查的补贴项目",
        ),
    ] {
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--home", "home"]).collect();
        let output = leye(demo(), &arguments);
        assert_ne!(output.status.code(), Some(0), "{arguments:?}");
        let error = text(&output.stderr);
        assert!(error.contains(words), "{arguments:?}: {error}");
    }
}

#[test]
fn a_run_that_is_killed_leaves_none_behind_and_the_next_one_is_whole() {
    let folder = empty_folder();
    let home = copied(folder.path());
    let arguments = ["screen", "--region", "330282", "--as-of", "2020-12-15", "--home", &home];
    let unfinished = Path::new(&home).join("runs/.unfinished");
    // At the start, with the facts derived, and while decisions are being written.
    for file in ["", "facts", "eligible.parquet"] {
        killed_at(folder.path(), &arguments, &unfinished.join(file));
        assert!(
            told(folder.path(), &["runs", "--home", &home]).contains("还没有做过筛查"),
            "{file}"
        );
    }
    assert!(unfinished.exists(), "something was left behind");
    told(folder.path(), &arguments);
    assert!(!unfinished.exists());
    assert!(told(folder.path(), &["runs", "--home", &home]).contains(RUN));
}

#[test]
fn what_is_past_its_term_names_the_runs_that_stand_on_it_and_a_run_can_be_removed() {
    let folder = empty_folder();
    let home = copied(folder.path());
    let only = ["--benefit", "cx-jobseek-subsidy", "--home", &home];
    let run = ["screen", "--region", "330282", "--as-of", "2020-12-15"];
    let run: Vec<&str> = run.into_iter().chain(only).collect();
    told(folder.path(), &run);
    let expired = told(
        folder.path(),
        &["register", "expired", "--on", "2099-01-01", "--home", &home],
    );
    assert!(expired.contains(&format!("leye runs {RUN} --remove")), "{expired}");
    let early = told(
        folder.path(),
        &["register", "expired", "--on", "2020-12-16", "--home", &home],
    );
    assert!(!early.contains(RUN), "{early}");

    let removed = told(folder.path(), &["runs", RUN, "--remove", "--home", &home]);
    assert!(removed.contains(RUN), "{removed}");
    assert!(told(folder.path(), &["runs", "--home", &home]).contains("还没有做过筛查"));
    assert!(!Path::new(&home).join("runs").join(RUN).exists());
    let again = leye(folder.path(), &["runs", RUN, "--remove", "--home", &home]);
    assert_ne!(again.status.code(), Some(0));
}

#[test]
fn lists_of_a_run_are_refused_once_the_registers_are_keyed_anew() {
    let folder = empty_folder();
    let home = copied(folder.path());
    let run = [
        "screen", "--region", "330282", "--as-of", "2020-12-15", "--benefit", "cx-jobseek-subsidy", "--home", &home,
    ];
    told(folder.path(), &run);
    told(folder.path(), &["runs", RUN, "--lists", "before", "--home", &home]);
    told(folder.path(), &["key", "rekey", "--home", &home]);
    let refused = leye(folder.path(), &["runs", RUN, "--lists", "after", "--home", &home]);
    assert_ne!(refused.status.code(), Some(0));
    let error = text(&refused.stderr);
    assert!(
        error.contains("更换过索引密钥") && error.contains("--remove"),
        "{error}"
    );
    assert!(!folder.path().join("after").exists());
}

#[test]
fn a_demo_of_a_region_that_is_not_there_is_refused_before_anything_is_shown_or_made() {
    for wrong in [["--region", "火星"], ["--people", "3"]] {
        let folder = empty_folder();
        let output = leye(folder.path(), &["demo", "--no-serve", wrong[0], wrong[1]]);
        assert!(
            !output.status.success() && output.stdout.is_empty(),
            "{}",
            text(&output.stdout)
        );
        assert!(text(&output.stderr).contains(wrong[1]), "{}", text(&output.stderr));
        assert!(!folder.path().join("leye-demo").exists(), "{wrong:?}");
    }
}

#[test]
fn a_list_that_somebody_wrote_into_is_kept_beside_the_new_one() {
    let folder = empty_folder();
    let home = demo().join("home").display().to_string();
    let arguments = ["runs", RUN, "--home", &home, "--lists", "名单"];
    told(folder.path(), &arguments);
    let list = folder.path().join("名单/cx-jobseek-subsidy-疑似符合名单.xlsx");
    fs::write(&list, "核实过").expect("a list written into");
    let said = told(folder.path(), &arguments);
    let kept = "cx-jobseek-subsidy-疑似符合名单（原1）.xlsx";
    assert!(said.contains(kept), "{said}");
    assert_eq!(
        fs::read(folder.path().join("名单").join(kept)).expect("the old"),
        "核实过".as_bytes()
    );
    assert!(fs::read(&list).expect("the new").starts_with(b"PK"));
}
