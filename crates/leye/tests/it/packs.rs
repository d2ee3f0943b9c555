//! From a document to a pack to the ledger: `extract --pack`, `policy check`, `attach`, `ledger`.

#![expect(
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise, and says when it is skipped"
)]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::run::{empty_folder, leye, shown, text};

const SAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../samples/wangyu-2025-notice-annex.txt"
);
const REGIONS: &str = "format = 1
[[region]]
code = '990000'
name = '甲省'
level = 'province'
[[region]]
code = '990100'
name = '望榆市'
level = 'prefecture'
parent = '990000'
[[region]]
code = '990101'
name = '乙县'
level = 'county'
parent = '990100'
";

/// A folder with `policies/`, in which `wangyu-2025` was drafted from the sample and its region filled in.
fn drafted() -> tempfile::TempDir {
    let folder = empty_folder();
    let shared = folder.path().join("policies/shared");
    fs::create_dir_all(&shared).unwrap();
    let units = concat!(env!("CARGO_MANIFEST_DIR"), "/../../policies/shared/units.toml");
    fs::copy(units, shared.join("units.toml")).unwrap();
    fs::write(shared.join("regions.toml"), REGIONS).unwrap();
    let output = leye(
        folder.path(),
        &[
            "extract", SAMPLE, "--pack", "policies/wangyu-2025", "--policies", "policies",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    // The day is the reviewer's to settle; here it is set, whatever the draft says.
    let policy = folder.path().join("policies/wangyu-2025/policy.toml");
    let text = fs::read_to_string(&policy).unwrap();
    let lines = text.lines().filter(|line| !line.contains("known_from"));
    let known = "known_from = { date = 2025-02-18, basis = '成文日期' }\nlead_rule";
    let text = lines.collect::<Vec<_>>().join("\n").replacen("lead_rule", known, 1);
    fs::write(&policy, text).unwrap();
    folder
}

fn sample_copy(folder: &Path, from: &str, to: &str) -> PathBuf {
    let sample = fs::read_to_string(SAMPLE).unwrap();
    assert!(sample.contains(from), "{from}");
    let path = folder.join("copy.txt");
    fs::write(&path, sample.replacen(from, to, 1)).unwrap();
    path
}

/// Standard output and error of one run of the binary in the folder, with its packs.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let mut all = arguments.to_vec();
    all.extend(["--policies", "policies"]);
    shown(folder, &all)
}

fn ledger_json(folder: &Path, arguments: &[&str]) -> Value {
    let mut all = vec!["ledger", "--json", "--policies", "policies"];
    all.extend(arguments);
    serde_json::from_slice(&leye(folder, &all).stdout).unwrap()
}

#[test]
fn a_draft_passes_the_checker_once_its_summaries_are_written() {
    let folder = drafted();
    let checked = shown(folder.path(), &["policy", "check", "policies"]);
    assert!(checked.contains("项任务的摘要尚未拟写，第一项是“1”"), "{checked}");
    assert!(checked.contains("错误 0 处，提示 1 处"), "{checked}");
    let tasks = folder.path().join("policies/wangyu-2025/tasks.toml");
    let text = fs::read_to_string(&tasks).unwrap().replace("待拟摘要", "办理一件事");
    fs::write(&tasks, text).unwrap();
    let checked = shown(folder.path(), &["policy", "check", "policies"]);
    assert!(
        checked.starts_with("退出码 0\n") && checked.contains("错误 0 处，提示 0 处"),
        "{checked}"
    );
}

#[test]
fn a_draft_is_never_written_over_a_file() {
    let folder = drafted();
    let policy = folder.path().join("policies/wangyu-2025/policy.toml");
    fs::write(&policy, "写了一半").unwrap();
    for other in ["tasks.toml", "targets.toml"] {
        fs::remove_file(folder.path().join("policies/wangyu-2025").join(other)).unwrap();
    }
    let again = shown(folder.path(), &["extract", SAMPLE, "--pack", "policies/wangyu-2025"]);
    assert!(
        again.starts_with("退出码 1\n") && again.contains("policy.toml 已存在，未写入任何内容"),
        "{again}"
    );
    assert_eq!(fs::read_to_string(&policy).unwrap(), "写了一半");
    assert!(!folder.path().join("policies/wangyu-2025/tasks.toml").exists());
}

#[test]
fn a_draft_takes_one_file_and_a_name_that_can_be_an_id() {
    let folder = empty_folder();
    let two = shown(folder.path(), &["extract", SAMPLE, SAMPLE, "--pack", "a-1"]);
    assert!(
        two.starts_with("退出码 64\n") && two.contains("--pack 一次只能用于一份文件，这里有 2 份"),
        "{two}"
    );
    let name = shown(folder.path(), &["extract", SAMPLE, "--pack", "望榆"]);
    assert!(
        name.starts_with("退出码 64\n") && name.contains("文件夹名“望榆”不能作为政策文件编号"),
        "{name}"
    );
    assert!(!folder.path().join("望榆").exists());
}

#[test]
fn the_checker_points_at_file_line_and_column_and_exits_with_1() {
    let folder = drafted();
    let policy = folder.path().join("policies/wangyu-2025/policy.toml");
    let text = fs::read_to_string(&policy)
        .unwrap()
        .replace("lead_rule =", "lead_rul =");
    fs::write(&policy, text).unwrap();
    let checked = shown(folder.path(), &["policy", "check", "policies"]);
    assert!(checked.starts_with("退出码 1\n"), "{checked}");
    assert!(checked.contains("policies/wangyu-2025/policy.toml:"), "{checked}");
    assert!(
        checked.contains("错误：“wangyu-2025/policy.toml”中没有“lead_rul”这一项。最接近的是“lead_rule”"),
        "{checked}"
    );
}

#[test]
fn the_packs_compiled_in_pass_the_checker() {
    let folder = empty_folder();
    let checked = shown(folder.path(), &["policy", "check"]);
    assert!(checked.starts_with("退出码 0\n"), "{checked}");
    assert!(checked.contains("任务共 157 项；错误 0 处，提示 0 处。"), "{checked}");
}

#[test]
fn an_attached_copy_agrees_and_the_ledger_prints_its_wording() {
    let folder = drafted();
    let before = said(folder.path(), &["ledger", "--unit", "市审计局"]);
    assert!(before.contains("摘要（非原文，未挂接文件）"), "{before}");
    assert!(!before.contains("结余超过两年"), "{before}");

    let attached = said(folder.path(), &["attach", "wangyu-2025", SAMPLE]);
    assert!(attached.starts_with("退出码 0\n"), "{attached}");
    assert!(attached.contains("有差异 0 项，缺失 0 项；多出 0 项"), "{attached}");

    let after = said(folder.path(), &["ledger", "--unit", "市审计局"]);
    assert!(!after.contains("摘要（非原文"), "{after}");
    let json = ledger_json(folder.path(), &["--unit", "市审计局"]);
    assert_eq!(json["tasks"][0]["wording"], "attached");
    assert_eq!(
        json["tasks"][0]["text"],
        "就业资金实行“一本账”管理，结余超过两年的收回统筹使用。"
    );
}

#[test]
fn what_differs_is_told_item_by_item_and_kept_beside_the_wording() {
    let folder = drafted();
    let copy = sample_copy(
        folder.path(),
        "配合单位：市人社局、市审计局",
        "配合单位：市人社局、市统计局",
    );
    let attached = said(folder.path(), &["attach", "wangyu-2025", copy.to_str().unwrap()]);
    assert!(attached.contains("有差异 1 项，缺失 0 项；多出 0 项"), "{attached}");
    assert!(attached.contains("所附文件缺“市审计局”"), "{attached}");
    assert!(attached.contains("所附文件多“市统计局”"), "{attached}");
    let json = ledger_json(folder.path(), &["--unit", "市审计局"]);
    assert_eq!(json["tasks"][0]["wording"], "attached");
    assert_eq!(json["tasks"][0]["differs_from_pack"], true);
}

#[test]
fn another_document_is_refused_and_nothing_is_kept() {
    let folder = drafted();
    let copy = sample_copy(folder.path(), "望政办发〔2025〕12号", "望政办发〔2025〕13号");
    let refused = said(folder.path(), &["attach", "wangyu-2025", copy.to_str().unwrap()]);
    assert!(refused.starts_with("退出码 1\n"), "{refused}");
    assert!(
        refused.contains("文号为“望政办发〔2025〕13号”，政策文件库中为“望政办发〔2025〕12号”"),
        "{refused}"
    );
    assert!(!folder.path().join("leye-home").exists());
}

#[test]
fn a_file_with_a_secrecy_mark_is_refused_before_anything_is_kept() {
    let folder = drafted();
    let copy = sample_copy(folder.path(), "望政办发〔2025〕12号", "机密★1年\n望政办发〔2025〕12号");
    let refused = said(folder.path(), &["attach", "wangyu-2025", copy.to_str().unwrap()]);
    assert!(
        refused.starts_with("退出码 2\n") && refused.contains("密级标志"),
        "{refused}"
    );
    assert!(!folder.path().join("leye-home").exists());
}

#[test]
fn an_unknown_pack_is_answered_with_the_nearest() {
    let folder = drafted();
    let unknown = said(folder.path(), &["attach", "wangyu-2024", SAMPLE]);
    assert!(
        unknown.contains("政策文件库中没有“wangyu-2024”") && unknown.contains("最接近的是“wangyu-2025”"),
        "{unknown}"
    );
}

#[cfg(unix)]
#[test]
fn the_home_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = drafted();
    said(folder.path(), &["attach", "wangyu-2025", SAMPLE, "--home", "h"]);
    let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("h"), 0o700);
    assert_eq!(mode("h/documents"), 0o700);
    assert_eq!(mode("h/documents/wangyu-2025.json"), 0o600);
}

#[test]
fn a_folder_with_other_files_is_never_taken_for_a_home() {
    let folder = drafted();
    fs::create_dir(folder.path().join("docs")).unwrap();
    fs::write(folder.path().join("docs/letter.txt"), "x").unwrap();
    let refused = said(folder.path(), &["attach", "wangyu-2025", SAMPLE, "--home", "docs"]);
    assert!(
        refused.contains("docs 不是乐业的数据文件夹，且里面已有其他文件"),
        "{refused}"
    );
    assert_eq!(fs::read_dir(folder.path().join("docs")).unwrap().count(), 1);
}

#[test]
fn the_light_is_yellow_from_30_days_before_and_red_after() {
    let folder = drafted();
    let light = |as_of: &str| {
        let json = ledger_json(folder.path(), &["--unit", "市审计局", "--as-of", as_of]);
        assert_eq!(json["tasks"][0]["deadline"]["due"], "2025-12-31");
        json["tasks"][0]["light"].clone()
    };
    assert_eq!(light("2025-11-30"), "green");
    assert_eq!(light("2025-12-01"), "yellow");
    assert_eq!(light("2025-12-31"), "yellow");
    assert_eq!(light("2026-01-01"), "red");
}

#[test]
fn without_a_day_the_latest_known_one_is_taken_and_said() {
    let folder = drafted();
    let ledger = said(folder.path(), &["ledger", "--unit", "市审计局"]);
    assert!(
        ledger.contains("基准日：2025-02-18（未指定，取所载文件最晚的知悉日）"),
        "{ledger}"
    );
}

#[test]
fn a_child_region_sees_the_parents_tasks_with_suggestions_and_no_assignment() {
    let folder = drafted();
    let json = ledger_json(folder.path(), &["--region", "990101"]);
    let tasks = json["tasks"].as_array().unwrap();
    assert!(!tasks.is_empty() && tasks.iter().all(|task| task["from_above"] == true));
    let unit = &tasks[0]["assignments"][0];
    assert_eq!(
        (&unit["unit"], &unit["suggestion"]["unit"]),
        (&"市人社局".into(), &"县人社局".into())
    );
    let ledger = said(folder.path(), &["ledger", "--region", "乙县", "--unit", "县人社局"]);
    assert!(
        ledger.contains("【乙县】县人社局（建议承接单位，仅供参考，未指派）"),
        "{ledger}"
    );
    let own = ledger_json(folder.path(), &["--region", "990100"]);
    assert!(
        own["tasks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|task| task["assignments"][0]["suggestion"].is_null())
    );
}

#[test]
fn a_function_is_asked_for_by_id_or_by_name() {
    let folder = drafted();
    let by_id = ledger_json(folder.path(), &["--function", "human-resources"]);
    let by_name = ledger_json(folder.path(), &["--function", "人力资源社会保障"]);
    assert_eq!(by_id, by_name);
    assert!(!by_id["tasks"].as_array().unwrap().is_empty());
}

#[test]
fn what_is_unknown_is_answered_with_the_nearest() {
    let folder = drafted();
    let cases = [
        (["--unit", "市财正局"], "所列文件中没有单位“市财正局”", "市财政局"),
        (["--function", "finace"], "没有职能“finace”", "最接近的是“finance”"),
        (
            ["--function", "人社"],
            "没有职能“人社”",
            "最接近的是“人力资源社会保障”（human-resources）",
        ),
        (["--region", "990102"], "没有地区“990102”", "最接近的是“99010"),
        (["--region", "望于市"], "没有地区“望于市”", "最接近的是“望榆市”"),
        (
            ["--region", "甲省"],
            "没有适用于“甲省”（990000）的政策文件",
            "有文件的地区：990100 望榆市",
        ),
        (
            ["--as-of", "2025-02-30"],
            "--as-of 的日期“2025-02-30”不正确",
            "请写成如 2020-12-31 的日期",
        ),
    ];
    for (arguments, message, hint) in cases {
        let mut all = vec!["ledger"];
        all.extend(arguments);
        let answer = said(folder.path(), &all);
        assert!(!answer.starts_with("退出码 0\n"), "{answer}");
        assert!(answer.contains(message) && answer.contains(hint), "{answer}");
    }
}

#[test]
fn a_unit_under_another_name_is_found_by_its_function_and_that_is_said() {
    let folder = drafted();
    let ledger = said(folder.path(), &["ledger", "--unit", "市人力资源和社会保障局"]);
    assert!(ledger.contains("按同一职能的“市人社局”列出"), "{ledger}");
}

#[test]
fn the_workbook_holds_the_same_tasks() {
    use calamine::{Reader as _, Xlsx, open_workbook};
    let folder = drafted();
    let written = said(folder.path(), &["ledger", "--region", "990100", "--xlsx", "台账.xlsx"]);
    assert!(written.starts_with("退出码 0\n"), "{written}");
    let tasks = ledger_json(folder.path(), &["--region", "990100"])["tasks"]
        .as_array()
        .unwrap()
        .len();
    let mut workbook: Xlsx<_> = open_workbook(folder.path().join("台账.xlsx")).unwrap();
    let sheet = workbook.worksheet_range("责任台账").unwrap();
    let cells = |text: &str| {
        sheet
            .rows()
            .flatten()
            .filter(|cell| cell.to_string().contains(text))
            .count()
    };
    assert_eq!(cells("到期灯："), tasks);
    assert_eq!(cells("摘要（非原文，未挂接文件）："), tasks);
    let bad = said(folder.path(), &["ledger", "--xlsx", "台账.doc"]);
    assert!(bad.starts_with("退出码 64\n"), "{bad}");
}

#[test]
fn every_founding_document_is_attached_without_a_difference() {
    let shared = std::env::var_os("LEYE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let documents = shared.join("documents");
    if !documents.exists() {
        assert!(
            std::env::var("LEYE_REQUIRE_ALL").as_deref() != Ok("1"),
            "{} is not there",
            documents.display()
        );
        eprintln!("skipped: {} is not there", documents.display());
        return;
    }
    let folder = empty_folder();
    for (pack, file, tasks) in [
        ("cixi-2020", "cixi-2020-division.txt", 47),
        ("anshan-2020", "anshan-liaoning-2020-measures.txt", 4),
        ("liaoning-2020", "anshan-liaoning-2020-measures.txt", 22),
        ("ziyang-2019", "ziyang-2019-division.txt", 21),
        ("dazu-2020", "dazu-2020-division.txt", 63),
    ] {
        let attached = shown(folder.path(), &["attach", pack, documents.join(file).to_str().unwrap()]);
        let counts = format!("共 {tasks} 项：一致 {tasks} 项，有差异 0 项，缺失 0 项；多出 0 项。");
        assert!(attached.contains(&counts), "{pack}\n{attached}");
    }
    let output = leye(folder.path(), &["ledger", "--json"]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let tasks = json["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 157);
    assert!(tasks.iter().all(|task| task["wording"] == "attached"));
}
