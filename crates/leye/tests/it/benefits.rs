//! `leye entitlements`, `leye replay`, `leye policy status | coverage | readings | diff | mutate`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::run::{empty_folder, leye, shown, text};

/// The folder of the founding documents and the reference; `None`, and said so, where it is not at hand. With
/// `LEYE_REQUIRE_ALL=1` its absence is a failure.
fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("LEYE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    if folder.exists() {
        return Some(folder);
    }
    assert!(
        std::env::var("LEYE_REQUIRE_ALL").as_deref() != Ok("1"),
        "{} is not there and LEYE_REQUIRE_ALL=1",
        folder.display()
    );
    eprintln!("skipped: {} is not there", folder.display());
    None
}

/// A copy of the project's packs that a test may change.
fn packs(folder: &Path) {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("readable") {
            let entry = entry.expect("an entry");
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                fs::copy(entry.path(), target).expect("copied");
            }
        }
    }
    copy(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies"),
        &folder.join("policies"),
    );
}

fn facts(folder: &Path, contract_date: &str) {
    let facts = json!({
        "person": {"is_graduate": true, "in_graduation_year": true},
        "employer": {"size": "small", "kind": "enterprise", "region": "330282"},
        "employment": {"contract_date": contract_date, "contract_months": 12, "insured_months": 2},
        "history": []
    });
    fs::write(folder.join("facts.json"), facts.to_string()).expect("written");
}

fn answer(folder: &Path, arguments: &[&str]) -> Value {
    let output = leye(folder, arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn entitlements_say_what_one_can_have_what_not_and_why_and_from_which_day() {
    let folder = empty_folder();
    facts(folder.path(), "2020-09-10");
    let arguments = [
        "entitlements", "--region", "330282", "--as-of", "2020-12-10", "facts.json",
    ];
    let page = shown(folder.path(), &arguments);
    for words in [
        "退出码 0",
        "暂不符合（",
        "不符合：缴纳社会保险费满3个月",
        "最早2021-01-01起可申领",
        "待核实：是否给予须由有权决定的部门规定（",
        "待核实：须依据另行规定办理（",
        "测算结果仅供参考，以经办机构审核为准。",
    ] {
        assert!(page.contains(words), "{words}\n{page}");
    }
    assert!(!page.contains("可享受"), "{page}");
    let list = answer(
        folder.path(),
        &[
            "entitlements", "--region", "330282", "--as-of", "2020-12-10", "--json", "facts.json",
        ],
    );
    let benefits = list["benefits"].as_array().expect("a list");
    assert_eq!(benefits.len(), 53);
    let bonus = benefits
        .iter()
        .find(|one| one["benefit"] == "cx-sme-graduate-bonus")
        .expect("listed");
    assert_eq!(bonus["standing"], "ineligible");
    assert_eq!(bonus["eligible_from"], "2021-01-01");
    assert_eq!(bonus["decided_by"]["id"], "insured");
    facts(folder.path(), "2021-02-01");
    let list = answer(
        folder.path(),
        &[
            "entitlements", "--region", "330282101", "--as-of", "2021-03-10", "--json", "facts.json",
        ],
    );
    let benefits = list["benefits"].as_array().expect("a list");
    let bonus = benefits
        .iter()
        .find(|one| one["benefit"] == "cx-sme-graduate-bonus")
        .expect("listed");
    assert_eq!(
        (&bonus["standing"], &bonus["expired_on"]),
        (&json!("expired"), &json!("2020-12-31"))
    );
}

#[test]
fn entitlements_of_a_wrong_or_uncovered_region_say_what_to_write() {
    let folder = empty_folder();
    facts(folder.path(), "2020-09-10");
    for (region, words) in [
        ("33028", "6、9 或 12 位"),
        ("339999", "最接近的是"),
        ("110000", "330282"),
    ] {
        let page = shown(
            folder.path(),
            &[
                "entitlements", "--region", region, "--as-of", "2020-12-10", "facts.json",
            ],
        );
        assert!(page.contains(words) && !page.contains("退出码 0"), "{page}");
    }
}

#[test]
fn a_decision_is_replayed_to_the_byte_even_after_its_packs_have_changed() {
    let folder = empty_folder();
    packs(folder.path());
    facts(folder.path(), "2020-09-10");
    let decide = [
        "decide", "--benefit", "cx-sme-graduate-bonus", "--as-of", "2020-12-10", "--home", "home", "--policies",
        "policies", "--json", "facts.json",
    ];
    let decision = answer(folder.path(), &decide);
    fs::write(folder.path().join("decision.json"), decision.to_string()).expect("written");
    fs::write(folder.path().join("receipt.json"), decision["receipt"].to_string()).expect("written");
    let replay = |receipt: &str, home: &str| {
        shown(
            folder.path(),
            &[
                "replay", "--home", home, "--policies", "policies", receipt, "facts.json",
            ],
        )
    };
    assert!(replay("decision.json", "none").contains("重放一致，逐字节相同"));
    let file = folder
        .path()
        .join("policies/cixi-2020/benefits/cx-sme-graduate-bonus.toml");
    let rule = fs::read_to_string(&file).expect("a file");
    fs::write(&file, rule.replace("insured_months >= 3", "insured_months >= 2")).expect("written");
    let page = replay("receipt.json", "home");
    assert!(page.contains("退出码 0") && page.contains("重放一致"), "{page}");
    let page = replay("decision.json", "none");
    assert!(
        page.contains("退出码 1") && page.contains("cixi-2020：依据单为"),
        "{page}"
    );
    assert!(
        page.contains("outcome：当时 \"ineligible\"，现在 \"eligible\""),
        "{page}"
    );
    facts(folder.path(), "2020-09-11");
    let page = replay("decision.json", "home");
    assert!(page.contains("不是同一份"), "{page}");
    let kept = fs::read_dir(folder.path().join("home/packs"))
        .expect("packs are kept")
        .count();
    assert_eq!(kept, 2);
    for pack in fs::read_dir(folder.path().join("home/packs")).expect("kept") {
        fs::write(pack.expect("an entry").path().join("pack.json"), "{}").expect("damaged");
    }
    facts(folder.path(), "2020-09-10");
    let page = replay("decision.json", "home");
    assert!(page.contains("内容已被改动"), "{page}");
}

#[test]
fn whatever_was_altered_in_a_kept_decision_is_told_by_its_replay() {
    let folder = empty_folder();
    facts(folder.path(), "2020-09-10");
    let decide = [
        "decide", "--benefit", "cx-sme-graduate-bonus", "--as-of", "2020-12-10", "--json", "facts.json",
    ];
    let decision = answer(folder.path(), &decide);
    let replay = |kept: &Value| {
        fs::write(folder.path().join("kept.json"), kept.to_string()).expect("written");
        shown(folder.path(), &["replay", "kept.json", "facts.json"])
    };
    assert!(replay(&decision).contains("重放一致，逐字节相同"));
    assert!(replay(&decision["receipt"]).contains("重放一致，逐字节相同"));
    for (path, value, told) in [
        (
            "/outcome",
            json!("eligible"),
            "outcome：当时 \"eligible\"，现在 \"ineligible\"",
        ),
        ("/amount_fen", json!(300_000), "amount_fen：当时 300000，现在 null"),
        (
            "/conditions/0/result",
            json!(false),
            "conditions[0].result：当时 false，现在 true",
        ),
        (
            "/receipt/version",
            json!("cixi-2020@2019"),
            "receipt.version：当时 \"cixi-2020@2019\"",
        ),
    ] {
        let mut kept = decision.clone();
        *kept.pointer_mut(path).expect("a value") = value;
        let page = replay(&kept);
        assert!(
            page.contains("退出码 1") && page.contains("重放不一致"),
            "{path}: {page}"
        );
        assert!(page.contains(told), "{path}: {page}");
    }
    let mut kept = decision.clone();
    kept["approved"] = json!(true);
    let page = replay(&kept);
    assert!(
        page.contains("退出码 1") && page.contains("approved：当时 true，现在 null"),
        "{page}"
    );
}

#[test]
fn a_window_that_is_over_is_expired_though_its_date_is_not_given() {
    let folder = empty_folder();
    fs::write(
        folder.path().join("facts.json"),
        json!({"employer": {"kind": "enterprise"}}).to_string(),
    )
    .expect("written");
    let ask = |region: &str, day: &str| {
        shown(
            folder.path(),
            &["entitlements", "--region", region, "--as-of", day, "facts.json"],
        )
    };
    let page = ask("512000", "2020-11-15");
    assert!(
        page.contains("困难企业稳岗返还（zy-refund-difficult）：已到期（截止日2019-12-31）"),
        "{page}"
    );
    assert!(page.contains("申领日在期限内的，请补充后再查"), "{page}");
    let page = ask("330282", "2022-05-01");
    assert!(
        page.contains("（cx-sme-graduate-bonus）：已到期（截止日2020-12-31）"),
        "{page}"
    );
}

#[test]
fn the_registry_counts_every_benefit_of_the_founding_documents() {
    let folder = empty_folder();
    let status = answer(folder.path(), &["policy", "status", "--json"]);
    let counts: Vec<(String, u64)> = status["packs"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|pack| {
            (
                pack["id"].as_str().expect("text").to_owned(),
                pack["benefits"].as_u64().expect("a number"),
            )
        })
        .collect();
    let expected = [
        ("anshan-2020", 4),
        ("cixi-2020", 53),
        ("dazu-2020", 22),
        ("liaoning-2020", 26),
        ("ziyang-2019", 29),
    ];
    assert_eq!(counts, expected.map(|(id, count)| (id.to_owned(), count)));
    let benefits = status["benefits"].as_array().expect("a list");
    assert!(
        benefits
            .iter()
            .all(|one| one["cases"].as_u64() > Some(2) && one["conditions"].as_u64() > Some(0))
    );
    // Whatever is open says who should close it; whatever is computable has nothing open.
    for one in benefits {
        let open = one["open"].as_array().expect("a list").len();
        assert_eq!(one["status"] == "delegated", open > 0, "{}", one["id"]);
    }
    let Some(shared) = shared() else { return };
    let reference = fs::read_to_string(shared.join("reference/benefits.md")).expect("the reference");
    let named: BTreeSet<&str> = reference
        .lines()
        .filter_map(|line| line.strip_prefix("- `")?.split_once('`'))
        .map(|(id, _)| id)
        .collect();
    let present: BTreeSet<&str> = benefits.iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(present, named);
}

#[test]
fn no_clause_and_no_figure_of_a_founding_document_is_nowhere() {
    let Some(shared) = shared() else { return };
    let folder = empty_folder();
    for (file, figures) in [
        ("cixi-2020-division.txt", "核对数字 67 个，没有着落的 0 个"),
        ("anshan-liaoning-2020-measures.txt", "核对数字 43 个，没有着落的 0 个"),
        ("ziyang-2019-division.txt", "核对数字 42 个，没有着落的 0 个"),
        ("dazu-2020-division.txt", "核对数字 25 个，没有着落的 0 个"),
    ] {
        let path = shared.join("documents").join(file);
        let page = shown(
            folder.path(),
            &["policy", "coverage", "--document", path.to_str().expect("a path")],
        );
        assert!(page.contains("退出码 0") && page.contains(figures), "{page}");
    }
}

#[test]
fn a_figure_that_leaves_its_rule_is_reported_as_nowhere() {
    let Some(shared) = shared() else { return };
    let folder = empty_folder();
    packs(folder.path());
    let file = folder
        .path()
        .join("policies/cixi-2020/benefits/cx-sme-graduate-bonus.toml");
    let rule = fs::read_to_string(&file).expect("a file");
    fs::write(&file, rule.replace("yuan(3000)", "yuan(3100)")).expect("written");
    let path = shared.join("documents/cixi-2020-division.txt");
    let page = shown(
        folder.path(),
        &[
            "policy",
            "coverage",
            "--document",
            path.to_str().expect("a path"),
            "policies",
        ],
    );
    assert!(
        page.contains("退出码 1") && page.contains("没有着落的数字：第24项“3000元”"),
        "{page}"
    );
}

#[test]
fn the_open_readings_make_a_letter_of_questions_for_each_document() {
    let folder = empty_folder();
    let page = shown(folder.path(), &["policy", "readings", "--pack", "ziyang-2019"]);
    for words in [
        "退出码 0",
        "代拟稿",
        "致：资阳市人民政府",
        "暂按：",
        "或者：",
        "（口径编号：zy-refund-difficult/r1）",
    ] {
        assert!(page.contains(words), "{words}\n{page}");
    }
    assert!(!page.contains("cx-"), "{page}");
}

#[test]
fn a_new_version_is_told_as_a_reviewer_would_tell_it() {
    let folder = empty_folder();
    packs(folder.path());
    let same = shown(folder.path(), &["policy", "diff", "-", "policies"]);
    assert!(same.contains("改动 0 处；测试案例中结果不同的 0 个"), "{same}");
    let file = folder
        .path()
        .join("policies/cixi-2020/benefits/cx-sme-graduate-bonus.toml");
    let rule = fs::read_to_string(&file).expect("a file");
    fs::write(&file, rule.replace("yuan(3000)", "yuan(2000)")).expect("written");
    fs::remove_file(folder.path().join("policies/cixi-2020/benefits/cx-enlist.toml")).expect("removed");
    let page = shown(folder.path(), &["policy", "diff", "-", "policies"]);
    for words in [
        "金额：由“yuan(3000)”改为“yuan(2000)”",
        "删去：大学生参军入伍优待（cixi-2020/cx-enlist）",
        "由 初步符合，3,000.00元 变为 初步符合，2,000.00元",
        "改动 2 处",
    ] {
        assert!(page.contains(words), "{words}\n{page}");
    }
}

#[test]
fn a_number_without_a_proving_case_is_listed() {
    let folder = empty_folder();
    packs(folder.path());
    let mutate = ["policy", "mutate", "--benefit", "cx-sme-graduate-bonus", "policies"];
    let page = shown(folder.path(), &mutate);
    assert!(
        page.contains("退出码 0") && page.contains("没有案例能发现的 0 处"),
        "{page}"
    );
    let cases = folder
        .path()
        .join("policies/cixi-2020/cases/cx-sme-graduate-bonus.toml");
    let kept = fs::read_to_string(&cases).expect("a file");
    fs::write(&cases, kept.replace(", amount_fen = 300000", "")).expect("written");
    let page = shown(folder.path(), &mutate);
    assert!(
        page.contains("退出码 1") && page.contains("3000 改为 3001，没有案例能发现"),
        "{page}"
    );
}
