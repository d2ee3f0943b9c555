//! `leye decide`, `leye policy test`, `leye policy template`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::run::{empty_folder, leye, shown, text};

const BENEFIT: &str = "cx-sme-graduate-bonus";

fn facts() -> Value {
    json!({
        "person": {"is_graduate": true, "in_graduation_year": true},
        "employer": {"size": "small", "region": "330282"},
        "employment": {"contract_date": "2020-06-15", "contract_months": 12, "insured_months": 3}
    })
}

fn decide(folder: &Path, facts: &Value, more: &[&str]) -> String {
    fs::write(folder.join("facts.json"), facts.to_string()).expect("written");
    let mut arguments = vec!["decide", "--benefit", BENEFIT, "--as-of", "2020-09-01"];
    arguments.extend(more);
    arguments.push("facts.json");
    shown(folder, &arguments)
}

#[test]
fn json_keeps_the_contract_key_by_key() {
    let folder = empty_folder();
    fs::write(folder.path().join("facts.json"), facts().to_string()).expect("written");
    let arguments = [
        "decide", "--benefit", BENEFIT, "--as-of", "2020-09-01", "--known-on", "2020-12-31", "--json", "facts.json",
    ];
    let output = leye(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let decision: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let keys = |value: &Value| {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect::<std::collections::BTreeSet<_>>()
    };
    let set = |list: &[&str]| {
        list.iter()
            .map(|key| (*key).to_owned())
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(
        keys(&decision),
        set(&[
            "format", "benefit", "version", "as_of", "known_on", "outcome", "reason", "amount_fen", "months",
            "monthly_fen", "payee", "channel", "loan", "breakdown", "stages", "shares", "conditions", "decided_by",
            "missing", "assumed", "readings", "eligible_from", "receipt",
        ])
    );
    let receipt = set(&[
        "engine", "packs", "benefit", "version", "as_of", "known_on", "facts_sm3", "decision_sm3",
    ]);
    assert_eq!(keys(&decision["receipt"]), receipt);
    assert_eq!(keys(&decision["receipt"]["packs"][0]), set(&["id", "version", "sm3"]));
    assert_eq!(
        decision["conditions"][0],
        json!({"id": "sme", "result": true, "text": "用人单位为中小微企业",
            "cite": {"document": "cixi-2020", "item": "24"}, "facts": {"employer.size": "small"}})
    );
    for (key, value) in [
        ("format", json!(1)),
        ("outcome", json!("eligible")),
        ("reason", json!(null)),
        ("amount_fen", json!(300_000)),
        ("months", json!(null)),
        ("payee", json!("employer")),
        ("channel", json!("hr-budget")),
        ("loan", json!(null)),
        ("stages", json!([])),
        ("decided_by", json!(null)),
        ("missing", json!([])),
        ("assumed", json!(["history"])),
        ("readings", json!(["r1", "r2"])),
        ("known_on", json!("2020-12-31")),
    ] {
        assert_eq!(decision[key], value, "{key}");
    }
    let again = leye(folder.path(), &arguments);
    assert_eq!(output.stdout, again.stdout, "the same input gives the same bytes");
}

#[test]
fn a_refusal_reads_as_plain_chinese_and_says_from_when() {
    let folder = empty_folder();
    let mut facts = facts();
    facts["employment"]["insured_months"] = json!(2);
    let said = decide(folder.path(), &facts, &[]);
    for words in [
        "系统预审结果：暂不符合",
        "不符合 缴纳社会保险费满3个月（在该单位缴纳社会保险费的月数：2个月）",
        "还差1个月（在该单位缴纳社会保险费的月数），其他情况不变，最早2020-10-01起可申领。",
        "口径待确认：实施期限按劳动合同签订日判断",
        "测算结果仅供参考，以经办机构审核为准。",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
}

#[test]
fn a_refusal_asks_for_nothing_more_and_says_what_an_empty_register_was_taken_for() {
    let folder = empty_folder();
    let mut facts = facts();
    facts["person"]["is_graduate"] = Value::Null;
    facts["employer"].as_object_mut().expect("an object").remove("size");
    let said = decide(folder.path(), &facts, &[]);
    assert!(said.contains("系统预审结果：暂不符合"), "{said}");
    assert!(said.contains("高校毕业生：登记中没有，按“否”"), "{said}");
    assert!(!said.contains("需补充"), "{said}");
}

#[test]
fn a_closed_window_is_told_as_closed_not_as_a_failing() {
    let folder = empty_folder();
    let mut facts = facts();
    facts["employment"]["contract_date"] = json!("2021-01-01");
    let said = decide(folder.path(), &facts, &[]);
    assert!(said.contains("已到期 合同签订日在2020-01-01至2020-12-31之间"), "{said}");
    facts["employment"]["contract_date"] = json!("2019-12-31");
    let said = decide(folder.path(), &facts, &[]);
    assert!(said.contains("不符合 合同签订日在"), "{said}");
}

#[test]
fn what_does_not_fit_is_told_with_the_nearest_and_exits_with_1() {
    let folder = empty_folder();
    for (facts, words) in [
        (
            json!({"employer": {"sise": "small"}}),
            "最接近的是“employer.size”（企业规模）",
        ),
        (json!({"employer": {"size": "tiny"}}), "没有选项“tiny”"),
        (json!({"employment": {"insured_months": "3"}}), "应为整数"),
    ] {
        let said = decide(folder.path(), &facts, &["--json"]);
        assert!(said.starts_with("退出码 1") && said.contains(words), "{said}");
    }
    let said = shown(
        folder.path(),
        &["decide", "--benefit", "cx-sme", "--as-of", "2020-09-01", "facts.json"],
    );
    assert!(said.starts_with("退出码 1") && said.contains(BENEFIT), "{said}");
    let said = shown(
        folder.path(),
        &["decide", "--benefit", BENEFIT, "--as-of", "2020-09-31", "facts.json"],
    );
    assert!(said.starts_with("退出码 64") && said.contains("不是有效日期"), "{said}");
    fs::write(folder.path().join("facts.json"), "{\"person\": ").expect("written");
    let said = shown(
        folder.path(),
        &["decide", "--benefit", BENEFIT, "--as-of", "2020-09-01", "facts.json"],
    );
    assert!(said.starts_with("退出码 1") && said.contains("facts.json:1:"), "{said}");
}

#[test]
fn the_cases_of_the_packs_compiled_in_all_come_out() {
    let folder = empty_folder();
    let said = shown(folder.path(), &["policy", "test"]);
    assert!(
        said.starts_with("退出码 0") && said.contains("不符 0 个；文件错误 0 处"),
        "{said}"
    );
    let said = shown(folder.path(), &["policy", "test", "--benefit", "cx-internshop"]);
    assert!(said.starts_with("退出码 1") && said.contains("cx-internship"), "{said}");
}

#[test]
fn a_template_lists_every_fact_and_is_refused_until_it_is_filled_in() {
    let folder = empty_folder();
    let output = leye(folder.path(), &["policy", "template", BENEFIT]);
    let template: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(
        template["employer"]["size"]
            .as_str()
            .is_some_and(|words| words.contains("small（小型）"))
    );
    let said = decide(folder.path(), &template, &[]);
    assert!(said.starts_with("退出码 1"), "{said}");
    let blank = text(&leye(folder.path(), &["policy", "template", "--new", "my-bonus"]).stdout);
    assert!(blank.contains("id = \"my-bonus\""), "{blank}");
}

#[test]
fn a_key_that_stands_twice_is_refused_with_its_path() {
    let folder = empty_folder();
    for (facts, path) in [
        (r#"{"employer": {"size": "small", "size": "large"}}"#, "employer.size"),
        (r#"{"employer": {}, "employer": {}}"#, "employer"),
        (
            r#"{"history": [{"benefit": "cx-internship", "month": "2020-01", "month": "2020-02"}]}"#,
            "history[1].month",
        ),
    ] {
        fs::write(folder.path().join("facts.json"), facts).expect("written");
        let arguments = ["decide", "--benefit", BENEFIT, "--as-of", "2020-09-01", "facts.json"];
        let output = leye(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(1), "{facts}");
        let said = text(&output.stderr);
        assert!(said.contains(&format!("“{path}”写了不止一次")), "{said}");
    }
}
