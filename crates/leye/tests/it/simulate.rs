//! `leye simulate` on the demo's region.

use std::fs;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};

use crate::run::{empty_folder, leye, text};
use crate::screening::{RUN, demo};

const REFORM: &str = "format = 1\nname = \"取消困难条件\"\nby = \"就业科\"\n\n[[benefit]]\nid = \"cx-jobseek-subsidy\"\n\
                      remove_conditions = [\"hardship\"]\namount = { is = \"yuan(3500)\" }\n";

#[test]
fn a_reform_is_told_as_table_json_workbook_and_picture() {
    let folder = empty_folder();
    let home = demo().join("home").display().to_string();
    fs::write(folder.path().join("方案.toml"), REFORM).expect("a file");
    let arguments = ["simulate", "--run", RUN, "--reform", "方案.toml", "--home", &home];
    let table = leye(
        folder.path(),
        &[&arguments[..], &["--xlsx", "测算.xlsx", "--svg", "测算.svg"]].concat(),
    );
    assert!(table.status.success(), "{}", text(&table.stderr));
    let table = text(&table.stdout);
    for words in [
        "政策测算：取消困难条件",
        "提出：就业科",
        "新增符合",
        "cx-jobseek-subsidy",
        "测算结果仅供参考，以经办机构审核为准。",
    ] {
        assert!(table.contains(words), "{words}\n{table}");
    }
    assert!(
        !table.contains("cx-whitelist"),
        "benefits without a change are left out:\n{table}"
    );

    let json = leye(folder.path(), &[&arguments[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&text(&json.stdout)).expect("JSON");
    assert_eq!((&json["format"], &json["question"]), (&1.into(), &"reform".into()));
    let benefits = json["benefits"].as_array().expect("benefits");
    let changed = benefits
        .iter()
        .find(|one| one["id"] == "cx-jobseek-subsidy")
        .expect("the benefit");
    let gained = changed["change"]["gained"]["rows"].as_u64().expect("a number");
    let after = changed["change"]["after"]["amount_fen"].as_i64().expect("money");
    assert!(gained > 0);
    assert_eq!(
        after,
        changed["change"]["after"]["rows"].as_i64().expect("rows") * 350_000
    );

    let bytes = fs::read(folder.path().join("测算.xlsx")).expect("the workbook");
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    assert_eq!(
        book.sheet_names(),
        ["总览", "分项目", "分资金渠道", "分负担层级", "分乡镇", "分人群"]
    );
    let sheet = book.worksheet_range("总览").expect("a sheet");
    let row = sheet
        .rows()
        .find(|row| row.first() == Some(&Data::String("新增符合".to_owned())));
    let total = json["total"]["gained"]["rows"].as_f64().expect("a number");
    assert_eq!(row.and_then(|row| row.get(1)), Some(&Data::Float(total)));

    let svg = fs::read_to_string(folder.path().join("测算.svg")).expect("the picture");
    assert!(
        svg.starts_with("<svg") && svg.contains("增") && svg.contains(&format!("{gained} 条")),
        "{svg}"
    );
}

#[test]
fn mistakes_in_a_reform_or_on_the_command_line_are_told() {
    let folder = empty_folder();
    let home = demo().join("home").display().to_string();
    let reform = REFORM.replace("hardship", "hardshipp");
    fs::write(folder.path().join("方案.toml"), reform).expect("a file");
    let cases: [(&[&str], i32, &str); 5] = [
        (
            &["--run", RUN, "--reform", "方案.toml"],
            1,
            "方案.toml:7:22 错误：“cx-jobseek-subsidy”没有条件“hardshipp”",
        ),
        (&["--run", RUN, "--reform", "没有.toml"], 1, "不能读取测算方案"),
        (&["--run", RUN], 64, "--reform"),
        (&["--run", RUN, "--retro"], 64, "--known-on"),
        (&["--run", RUN, "--retro", "--known-on", "2020-01-01"], 1, "不晚于筛查"),
    ];
    for (arguments, code, expected) in cases {
        let output = leye(folder.path(), &[&["simulate", "--home", &home], arguments].concat());
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {told}");
        assert!(told.contains(expected), "{arguments:?} {told}");
    }
}

#[test]
fn a_later_document_lists_what_is_owed_case_by_case() {
    let folder = empty_folder();
    let home = demo().join("home").display().to_string();
    let packs = folder.path().join("policies");
    let built_in = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies");
    let copied = std::process::Command::new("cp")
        .args(["-a", built_in])
        .arg(&packs)
        .status()
        .expect("cp starts");
    assert!(copied.success());
    fs::create_dir_all(packs.join("cixi-2021/benefits")).expect("a folder");
    fs::write(
        packs.join("cixi-2021/policy.toml"),
        "format = 1\nid = \"cixi-2021\"\ntitle = \"提高补贴\"\nregion = \"330282\"\nlead_rule = \"labelled\"\n\
         known_from = { date = 2022-03-01, basis = \"测试\" }\n[[part]]\nrole = \"annex\"\ntitle = \"提高补贴\"\n",
    )
    .expect("a file");
    fs::write(
        packs.join("cixi-2021/benefits/cx-jobseek-subsidy.toml"),
        "format = 1\nid = \"cx-jobseek-subsidy\"\namends = \"cixi-2020/cx-jobseek-subsidy\"\n\
         cite = { document = \"cixi-2020\", item = \"29\" }\namount = { is = \"yuan(3600)\" }\n",
    )
    .expect("a file");
    let arguments = [
        "simulate", "--run", RUN, "--retro", "--known-on", "2022-06-30", "--policies", "policies", "--home", &home,
    ];
    let output = leye(folder.path(), &[&arguments[..], &["--xlsx", "追溯.xlsx"]].concat());
    let told = text(&output.stdout);
    assert!(output.status.success(), "{told}{}", text(&output.stderr));
    assert!(told.contains("应补") && told.contains("不是补发或退回决定"), "{told}");
    let json = leye(folder.path(), &[&arguments[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&text(&json.stdout)).expect("JSON");
    let cases = json["retro"]["cases"].as_array().expect("cases");
    assert!(!cases.is_empty());
    for case in cases {
        assert_eq!(
            (&case["under_fen"], &case["over_fen"]),
            (&60_000.into(), &0.into()),
            "{case}"
        );
        assert!(case["key"].as_str().expect("a key").starts_with("****"), "{case}");
    }
    let bytes = fs::read(folder.path().join("追溯.xlsx")).expect("the workbook");
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let sheet = book.worksheet_range("逐条清单").expect("a sheet");
    let covered = sheet
        .rows()
        .flatten()
        .filter(|cell| matches!(cell, Data::String(text) if text.starts_with("****")));
    assert_eq!(covered.count(), cases.len());
}
