//! Reforms laid over packs: what they change, and how mistakes are told.

use civil::Day;
use policy::file::{SourceFile, Tree};
use policy::parameter::Scalar;
use policy::reform::Reform;
use rules::catalogue::Catalogue;

fn laid(text: &str) -> (Catalogue, Option<Reform>) {
    let file = SourceFile::new("reform.toml", "reform.toml", text);
    Catalogue::load_reformed(&Tree::built_in(), &file)
}

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

#[test]
fn mistakes_are_told_with_line_column_and_what_was_meant() {
    let cases = [
        ("format = 1\nname = \"甲\"\n", "没有改动任何内容"),
        (
            "format = 1\n[[benefit]]\nid = \"cx-jobseek-subsidy\"\n",
            "缺少必填项“name”",
        ),
        (
            "format = 2\nname = \"甲\"\n",
            "reform.toml:1:10 错误：reform.toml 的格式为 format = 2",
        ),
        (
            "format = 1\nname = \"甲\"\n[[benefit]]\nid = \"cx-jobseek-subsidi\"\n",
            "reform.toml:4:6 错误：没有补贴项目“cx-jobseek-subsidi”。最接近的是“cx-jobseek-subsidy”",
        ),
        (
            "format = 1\nname = \"甲\"\n[[benefit]]\nid = \"cx-jobseek-subsidy\"\namout = { is = \"yuan(1)\" }\n",
            "reform.toml:5:1 错误：“benefit”中没有“amout”这一项。最接近的是“amount”",
        ),
        (
            "format = 1\nname = \"甲\"\n[[benefit]]\nid = \"cx-jobseek-subsidy\"\namount = { is = \"yuan(1) + 2\" }\n",
            "reform.toml:5:",
        ),
        (
            "format = 1\nname = \"甲\"\n[[benefit]]\nid = \"cx-jobseek-subsidy\"\nper = \"employment\"\n",
            "reform.toml:5:7 错误：测算方案不能改动“per”",
        ),
        (
            "format = 1\nname = \"甲\"\n[[benefit]]\nid = \"cx-jobseek-subsidy\"\nremove_conditions = [\"hardshipp\"]\n",
            "reform.toml:5:22 错误：“cx-jobseek-subsidy”没有条件“hardshipp”。最接近的是“hardship”",
        ),
        (
            "format = 1\nname = \"甲\"\n[[benefit]]\nid = \"cx-jobseek-subsidy\"\nremove = [\"effective\"]\n",
            "无可删去",
        ),
        (
            "format = 1\nname = \"甲\"\n[[benefit]]\nid = \"cx-sme-graduate-bonus\"\neffective = { from = 2021-01-01 }\n",
            "结束日2020-12-31早于开始日2021-01-01",
        ),
        (
            "format = 1\nname = \"甲\"\n[[benefit]]\nid = \"cx-sme-graduate-bonus\"\ndocument = \"dazu-2020\"\n",
            "reform.toml:5:12 错误：政策文件“dazu-2020”没有规定“cx-sme-graduate-bonus”",
        ),
        (
            "format = 1\nname = \"甲\"\n[[parameter]]\nid = \"cx_startup_jobs_subsidi\"\nfrom = 2020-01-01\nis = \"1\"\n",
            "reform.toml:4:6 错误：没有政策标准“cx_startup_jobs_subsidi”。最接近的是“$cx_startup_jobs_subsidy”",
        ),
        (
            "format = 1\nname = \"甲\"\n[[parameter]]\nid = \"cx_startup_jobs_subsidy\"\nfrom = 2020-01-01\nis = 3\n",
            "reform.toml:6:6 错误：这里的值应为加引号的元数",
        ),
        (
            "format = 1\nname = \"甲\"\n[[parameter]]\nid = \"flex_graduate_extension_months\"\nfrom = 2020-01-01\nis = 7\n",
            "超出上级文件规定的范围",
        ),
        (
            "format = 1\nname = \"甲\"\n[[parameter]]\nid = \"flex_graduate_extension_months\"\nfrom = 2020-01-01\nis = 4\n\
             [[parameter]]\nid = \"flex_graduate_extension_months\"\nfrom = 2020-06-01\nis = 5\n",
            "在同一时段写了两个值",
        ),
    ];
    for (text, expected) in cases {
        let (catalogue, _) = laid(text);
        let found: Vec<String> = catalogue.errors().map(ToString::to_string).collect();
        assert!(
            found.iter().any(|finding| finding.contains(expected)),
            "{text}\n{found:#?}"
        );
        assert!(
            found.iter().all(|finding| finding.starts_with("reform.toml:")),
            "{text}\n{found:#?}"
        );
    }
}

#[test]
fn a_file_may_set_no_value_that_the_form_for_one_amount_refuses() {
    let standard = |id: &str, is: &str| format!("[[parameter]]\nid = \"{id}\"\nfrom = 2020-01-01\nis = {is}\n");
    let benefit = |id: &str, line: &str| format!("[[benefit]]\nid = \"{id}\"\n{line}\n");
    let much = "金额过大：一条至多 100,000,000 元，请核对是否多写了零";
    let cases = [
        (standard("lpr_1y", "\"385%\""), "（lpr_1y）：比例不能超过 100%，请核对"),
        (standard("lpr_1y", "\"3.85\""), "（lpr_1y）：请写百分号，如 3.85%"),
        (standard("lpr_1y", "\"-1%\""), "（lpr_1y）：比例不能小于零"),
        (standard("cx_startup_jobs_subsidy", "\"100000000.01\""), much),
        (standard("cx_startup_jobs_subsidy", "\"99999999999999\""), much),
        (standard("cx_startup_jobs_subsidy", "\"5000.001\""), "至多两位小数"),
        (
            standard("flex_graduate_extension_months", "-1"),
            "请写不小于零的整数，如 12",
        ),
        (
            benefit("cx-jobseek-subsidy", "amount = { is = \"yuan(100000001)\" }"),
            "（cx-jobseek-subsidy）：金额过大：一条至多 100,000,000 元",
        ),
        (
            benefit(
                "zy-startup-loan-personal",
                "loan = { amount = \"loan.amount_fen\", limit = \"yuan(1500000000)\" }",
            ),
            "（zy-startup-loan-personal）：金额过大",
        ),
        (
            benefit(
                "zy-startup-loan-personal",
                "loan = { amount = \"loan.amount_fen\", rate_ceiling = \"5.5\" }",
            ),
            "（zy-startup-loan-personal）：请写百分号，如 5.5%",
        ),
        (
            benefit("cx-jobseek-subsidy", "at_most = [{ times = -1, subject = \"person\" }]"),
            "请写不小于零的整数，如 12",
        ),
    ];
    for (entry, expected) in cases {
        // A sound entry before it: the line tells which one is meant.
        let text = format!(
            "format = 1\nname = \"甲\"\n{}{entry}",
            standard("cx_internship_monthly", "\"1200\"")
        );
        let (catalogue, _) = laid(&text);
        let found: Vec<String> = catalogue.errors().map(ToString::to_string).collect();
        let of_entry = |finding: &String| {
            let line = finding
                .strip_prefix("reform.toml:")
                .and_then(|rest| rest.split(':').next());
            line.and_then(|line| line.parse::<usize>().ok())
                .is_some_and(|line| line > 6)
        };
        assert!(
            found
                .iter()
                .any(|finding| finding.contains(expected) && of_entry(finding)),
            "{text}\n{found:#?}"
        );
    }
    for sound in [
        standard("lpr_1y", "\"100%\""),
        standard("cx_startup_jobs_subsidy", "\"100000000\""),
        benefit("cx-jobseek-subsidy", "amount = { is = \"yuan(100000000)\" }"),
        // Whom a benefit is for may be told by sums that nobody is paid.
        benefit(
            "zy-loan-award",
            "[[benefit.condition]]\nid = \"issued\"\ntext = \"甲\"\n\
             when = \"institution.startup_loans_issued_in_year_fen > yuan(400000000)\"",
        ),
    ] {
        let (catalogue, _) = laid(&format!("format = 1\nname = \"甲\"\n{sound}"));
        let found: Vec<String> = catalogue.errors().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{sound}\n{found:#?}");
    }
}

#[test]
fn a_supposed_value_goes_before_all_others_on_its_days_and_leaves_them_on_others() {
    let text = "format = 1\nname = \"甲\"\n[[parameter]]\nid = \"flex_graduate_extension_months\"\n\
                from = 2020-12-10\nto = 2020-12-20\nis = 5\n";
    let (catalogue, reform) = laid(text);
    assert_eq!(reform.expect("a reform").parameters, ["flex_graduate_extension_months"]);
    let parameter = catalogue
        .vocabulary
        .parameters
        .get("flex_graduate_extension_months")
        .expect("a parameter");
    let lineage = ["anshan-2020".to_owned(), "liaoning-2020".to_owned()];
    let known_on = catalogue.latest_known();
    let on = |text| {
        parameter
            .on(day(text), &lineage, known_on)
            .map(|value| value.is.clone())
    };
    for (on_day, expected) in [
        ("2020-12-09", 3),
        ("2020-12-10", 5),
        ("2020-12-20", 5),
        ("2020-12-21", 3),
    ] {
        assert_eq!(on(on_day), Some(Scalar::Int(expected)), "{on_day}");
    }
    let turns = parameter.turns(&lineage, known_on);
    assert!(turns.contains(&day("2020-12-10")) && turns.contains(&day("2020-12-21")));
}

#[test]
fn a_reform_changes_the_version_where_it_stands() {
    let text = "format = 1\nname = \"甲\"\nby = \"乙科\"\nnote = \"丙\"\n[[benefit]]\nid = \"cx-sme-graduate-bonus\"\n\
                remove = [\"once\"]\nremove_conditions = [\"insured\"]\neffective = { to = 2021-12-31 }\n\
                [[benefit.condition]]\nid = \"sme\"\ntext = \"小微企业\"\nwhen = \"employer.size IN ('small', 'micro')\"\n\
                [[benefit.condition]]\nid = \"new\"\ntext = \"企业\"\nwhen = \"employer.kind = 'enterprise'\"\n";
    let (catalogue, reform) = laid(text);
    assert_eq!(catalogue.errors().count(), 0);
    let reform = reform.expect("a reform");
    assert_eq!(
        (reform.name.as_str(), reform.by.as_deref(), reform.note.as_deref()),
        ("甲", Some("乙科"), Some("丙"))
    );
    let [version] = catalogue.benefits.versions("cx-sme-graduate-bonus") else {
        panic!("one version");
    };
    let ids: Vec<&str> = version
        .conditions
        .iter()
        .map(|condition| condition.id.as_str())
        .collect();
    assert_eq!(
        ids,
        ["sme", "graduate-year", "contract-signed", "contract-one-year", "new"]
    );
    assert!(version.once.is_none());
    assert_eq!(version.version(), "cixi-2020@2020-01-01..2021-12-31");
    assert_eq!(
        version.amount,
        catalogue_of_packs().benefits.versions("cx-sme-graduate-bonus")[0].amount
    );
}

fn catalogue_of_packs() -> Catalogue {
    Catalogue::load(&Tree::built_in())
}
