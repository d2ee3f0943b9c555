//! `shared/registers.toml` and its reader.

use policy::fact;
use policy::file::{Diagnostics, Severity, Tree};
use policy::register::{self, ColumnType, Registers};

const FACTS: &str = r#"
format = 1
[codes]
size = { small = { no = 1, label = "小型" } }
[[fact]]
name = "employer.size"
type = "code"
codes = "size"
label = "企业规模"
register = "名录"
sensitivity = "open"
[[fact]]
name = "employer.due_fen"
type = "fen"
label = "应缴"
register = "税务"
sensitivity = "open"
[[fact]]
name = "employer.rate"
type = "decimal"
label = "裁员率"
register = "名录"
sensitivity = "open"
derived = true
"#;

const EMPLOYER: &str = r#"
format = 1
[[register]]
id = "employer"
label = "单位"
entity = "employer"
about = "一行为一家单位"
key = ["employer"]
facts_of = [{ entity = "employer", from = ["名录"] }]
columns = [{ id = "employer", type = "credit-code", label = "统一社会信用代码", required = true }]
"#;

fn load(facts: &str, registers: &str) -> (Registers, Vec<String>) {
    let tree = Tree::from_files([("shared/facts.toml", facts), ("shared/registers.toml", registers)]);
    let diagnostics = Diagnostics::new();
    let dictionary = fact::load(&tree, &diagnostics);
    let registers = register::load(&tree, &dictionary, &diagnostics);
    let findings = diagnostics.into_sorted().iter().map(ToString::to_string).collect();
    (registers, findings)
}

#[test]
fn every_fact_that_is_entered_has_one_column_and_the_file_is_clean() {
    let tree = Tree::built_in();
    let diagnostics = Diagnostics::new();
    let dictionary = fact::load(&tree, &diagnostics);
    let registers = register::load(&tree, &dictionary, &diagnostics);
    let findings = diagnostics.into_sorted();
    let registers_only: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(registers_only.is_empty(), "{registers_only:#?}");
    for fact in dictionary.facts() {
        let holders = registers
            .all()
            .flat_map(|register| &register.columns)
            .filter(|column| column.fact.as_ref() == Some(&fact.name))
            .count();
        assert_eq!(holders, usize::from(!fact.derived), "{}", fact.name);
    }
}

#[test]
fn a_new_fact_of_a_known_source_gets_its_column_by_itself() {
    let (registers, findings) = load(FACTS, &EMPLOYER.replace(r#"["名录"]"#, r#"["名录", "*"]"#));
    assert!(findings.is_empty(), "{findings:?}");
    let employer = registers.get("employer").unwrap();
    let stored: Vec<String> = employer.columns.iter().map(|column| column.stored()).collect();
    assert_eq!(stored, ["employer_key", "due_fen", "size"]);
    assert_eq!(employer.columns[0].kind, ColumnType::CreditCode);
    assert_eq!(employer.columns[1].least.as_deref(), Some("0"));
    assert_eq!(registers.holding("employer.size").unwrap().1.label, "企业规模");
    assert!(registers.list("size").is_some());
}

#[test]
fn a_fact_that_no_register_keeps_is_a_warning_with_its_source() {
    let (_, findings) = load(FACTS, EMPLOYER);
    assert_eq!(
        findings,
        [
            "shared/registers.toml:1:1 提示：信息项“employer.due_fen”（应缴）没有归入任何数据表，来源是“税务”。\
             请在某张数据表的 facts_of 中写上这个来源"
        ]
    );
}

#[test]
fn names_that_do_not_exist_are_errors_with_the_nearest_one() {
    let wrong = [
        (
            r#"key = ["employer"]"#,
            r#"key = ["employr"]"#,
            "没有列“employr”。最接近的是“employer”",
        ),
        (
            r#"entity = "employer""#, r#"entity = "employr""#, "没有“employr”这类对象",
        ),
        (r#"["名录"]"#, r#"["名录", "名录"]"#, "已由数据表 employer 收下"),
        (r#"type = "credit-code""#, r#"type = "credit""#, "不在可用范围内"),
        ("required = true", "requird = true", "没有“requird”这一项"),
        (
            "required = true",
            r#"refers = "employers""#,
            "没有数据表“employers”。最接近的是“employer”",
        ),
        ("required = true", r#"least = "3""#, "不能作为统一社会信用代码的范围"),
        ("required = true", r#"of_id = "birth""#, "不能写 of_id"),
        ("about", "month_of = \"size\"\nabout", "不能用来分月"),
        (r#"id = "employer", type"#, r#"id = "employer_fen", type"#, "与类型不符"),
        (
            r#"label = "统一"#,
            r#"also = ["企业规模"], label = "统一"#,
            "有两列的名称都是“企业规模”",
        ),
    ];
    for (from, to, expected) in wrong {
        assert!(EMPLOYER.contains(from), "{from}");
        let (_, findings) = load(FACTS, &EMPLOYER.replacen(from, to, 1));
        assert!(
            findings.iter().any(|finding| finding.contains(expected)),
            "{to}: {findings:#?}"
        );
    }
}

#[test]
fn a_word_for_a_code_belongs_to_that_code_alone() {
    let one = r#"small = { no = 1, label = "小型", also = ["小企业"] }"#;
    let facts = FACTS.replace(r#"small = { no = 1, label = "小型" }"#, one);
    let (registers, findings) = load(&facts, &EMPLOYER.replace(r#"["名录"]"#, r#"["名录", "*"]"#));
    assert_eq!(findings, Vec::<String>::new());
    assert_eq!(registers.list("size").unwrap().codes[0].also, ["小企业"]);
    let two = format!(r#"{one}, tiny = {{ no = 2, label = "微型", also = ["小企业"] }}"#);
    let (_, findings) = load(&facts.replace(one, &two), EMPLOYER);
    let found = findings
        .iter()
        .any(|finding| finding.contains("“小企业”是两个选项的写法"));
    assert!(found, "{findings:#?}");
}

#[test]
fn the_check_of_the_packs_reads_the_registers() {
    let diagnostics = policy::Library::load(&Tree::built_in()).diagnostics;
    let about =
        |d: &&policy::file::Diagnostic| d.place.file.contains("registers.toml") && d.severity == Severity::Error;
    assert_eq!(diagnostics.iter().find(about), None);
}
