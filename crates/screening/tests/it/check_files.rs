//! Files of checks: those of the packs plan and say what they read; mistakes are found and told where they stand, and one
//! check that cannot run stops no other.

use policy::cross_check;
use policy::file::{Diagnostics, Tree};
use rules::catalogue::Catalogue;
use screening::checks::examine;

use crate::tiny::Tiny;

/// A good check, with one line put in the place of another.
fn check(from: &str, to: &str) -> String {
    const GOOD: &str = r#"format = 1
id = "mine"
label = "试"
about = "person"
order = 1
question = "请核实"
reason = "缴费{months}个月"
sql = '''
SELECT person_key AS subject_key, count(*) AS months, max(vintage) AS vintage FROM contribution
WHERE paid GROUP BY person_key
'''
[reads]
contribution = ["person", "paid"]
"#;
    assert!(GOOD.contains(from), "{from}");
    GOOD.replace(from, to)
}

/// The catalogue of the packs with one more file.
fn with(path: &str, text: &str) -> Catalogue {
    Catalogue::load(&Tree::built_in().with(path, text, |_| true))
}

/// What is wrong with the check `mine` of a pack: findings of the reader, else of the plan.
fn wrong(from: &str, to: &str) -> Vec<String> {
    let catalogue = with("cixi-2020/checks/mine.toml", &check(from, to));
    let read: Vec<String> = catalogue.errors().map(ToString::to_string).collect();
    if !read.is_empty() {
        return read;
    }
    let checks = catalogue.checks.of(|_| true);
    let found = examine(&checks, &catalogue.registers, &catalogue.vocabulary.dictionary);
    found.expect("registers").iter().map(ToString::to_string).collect()
}

#[test]
fn the_checks_of_the_packs_plan_and_read_what_they_say() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let errors: Vec<String> = catalogue.errors().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let checks = catalogue.checks.of(|_| true);
    assert_eq!(checks.len(), 12);
    let found = examine(&checks, &catalogue.registers, &catalogue.vocabulary.dictionary);
    assert_eq!(found.expect("registers"), []);
    let orders: Vec<i64> = checks.iter().map(|check| check.order).collect();
    assert!(orders.is_sorted());
}

#[test]
fn a_good_check_of_a_pack_is_one_more_and_only_that_pack_has_it() {
    assert_eq!(wrong("试", "试"), Vec::<String>::new());
    // Keys of others may be a list.
    let several = "max(vintage) AS vintage, array_agg(employer_key ORDER BY employer_key) AS other_key";
    let several = check("max(vintage) AS vintage", several).replace("\"paid\"]", "\"paid\", \"employer\"]");
    let planned = with("cixi-2020/checks/mine.toml", &several);
    let found = examine(
        &planned.checks.of(|_| true),
        &planned.registers,
        &planned.vocabulary.dictionary,
    );
    assert_eq!(found.expect("registers"), []);
    let catalogue = with("cixi-2020/checks/mine.toml", &check("试", "试"));
    assert_eq!(catalogue.checks.of(|pack| pack == "cixi-2020").len(), 13);
    assert_eq!(catalogue.checks.of(|pack| pack == "dazu-2020").len(), 12);
    assert_eq!(
        catalogue.checks.get("mine").and_then(|check| check.pack.as_deref()),
        Some("cixi-2020")
    );
}

#[test]
fn each_mistake_is_told_with_its_place_and_what_was_meant() {
    for (from, to, place, expected) in [
        (
            "contribution = [", "contributions = [", "mine.toml:13:1", "最接近的是“contribution”",
        ),
        ("\"paid\"]", "\"payed\"]", "mine.toml:13:27", "最接近的是“paid”"),
        (
            "about = \"person\"", "about = \"persons\"", "mine.toml:4:9", "是否应为“person”",
        ),
        (
            "id = \"mine\"", "id = \"yours\"", "mine.toml:2:6", "与文件名“mine.toml”不一致",
        ),
        (
            "{months}",
            "{month_count}",
            "mine.toml:7",
            "查询中没有名为“month_count”的列",
        ),
        ("{months}", "{months", "mine.toml:7:13", "大括号不成对"),
        ("{months}", "{月数}", "mine.toml:7:13", "不是列名"),
        ("AS subject_key", "AS who", "mine.toml:8:7", "查询没有给出 subject_key"),
        ("order = 1\n", "", "mine.toml", "缺少必填项“order”"),
        (
            "order = 1", "order = 1\nweight = 2", "mine.toml:6:1", "没有“weight”这一项",
        ),
        ("WHERE paid", "WHERE payed", "mine.toml:8:7", "查询不能执行"),
        (
            "WHERE paid",
            "WHERE paid AND injury",
            "mine.toml:8:7",
            "读取了 contribution 的 injury，但 reads 中没有",
        ),
        (
            "WHERE paid",
            "WHERE paid AND person_key IN (SELECT person_key FROM death)",
            "mine.toml:8:7",
            "读取了 death，但 reads 中没有",
        ),
        (
            "count(*) AS months", "max(base_fen / 100.0) AS months", "mine.toml:8:7", "不能写进 reason",
        ),
        (
            "max(vintage) AS vintage", "max(month) AS vintage", "mine.toml:8:7", "列 vintage 的类型是 Date32",
        ),
        (
            "max(vintage) AS vintage",
            "max(vintage) AS party_key",
            "mine.toml:8:7",
            "列 party_key 的类型是 Int64，应为 Utf8 或 ",
        ),
        (
            "SELECT person_key",
            "DELETE FROM contribution; SELECT person_key",
            "mine.toml:8:7",
            "查询不能执行",
        ),
    ] {
        let found = wrong(from, to);
        assert!(
            found.iter().any(|line| line.contains(place) && line.contains(expected)),
            "{from} → {to}: {found:#?}"
        );
    }
}

#[test]
fn a_number_used_twice_names_the_first_place() {
    let catalogue = with(
        "cixi-2020/checks/deceased.toml",
        &check("id = \"mine\"", "id = \"deceased\""),
    );
    let found: Vec<String> = catalogue.errors().map(ToString::to_string).collect();
    assert!(
        found.len() == 1 && found[0].contains("疑点编号“deceased”重复") && found[0].contains("第一次出现在"),
        "{found:#?}"
    );
}

#[test]
fn a_check_that_cannot_run_says_why_and_the_others_run() {
    let text = check("WHERE paid", "WHERE payed");
    let catalogue = with("cixi-2020/checks/mine.toml", &text);
    let tiny = Tiny::with(catalogue, "2020-12-31")
        .rows("death", "person_key died_on", "d1 2020-10-05")
        .rows("contribution", "person_key employer_key month paid", "d1 e1 2020-11 y");
    let (summaries, found) = tiny.run("");
    let failed: Vec<&str> = summaries
        .iter()
        .filter(|summary| summary.failed.is_some())
        .map(|summary| summary.id.as_str())
        .collect();
    assert_eq!(failed, ["mine"]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].check, "deceased");
}

#[test]
fn a_tree_without_registers_has_no_false_alarms_about_them() {
    let tree = Tree::from_files([("shared/checks/mine.toml", check("试", "试").as_str())]);
    let diagnostics = Diagnostics::new();
    let dictionary = policy::fact::load(&tree, &diagnostics);
    let registers = policy::register::load(&tree, &dictionary, &diagnostics);
    let checks = cross_check::load(&tree, &registers, &dictionary, &diagnostics);
    assert_eq!((checks.all().count(), diagnostics.into_sorted().len()), (1, 0));
}
