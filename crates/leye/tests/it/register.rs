//! `leye register`: tried first, written when asked, whole or not at all, and nothing shown that must not be.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use civil::{CreditCode, Day, ResidentId};
use insta::assert_snapshot;

use crate::run::{empty_folder, killed_at, leye, shown, text};

/// Who gave it and why, as every import must say.
const WHY: [&str; 14] = [
    "--region", "330282", "--received", "2020-12-01", "--provider", "市教育局", "--basis", "数据共享协议", "--purpose",
    "就业补贴核算", "--retention", "5年", "--today", "2020-12-02",
];

/// A resident ID of the unused province 99.
fn id(number: u32) -> String {
    let day = Day::new(1960, 1, 1)
        .and_then(|day| day.add_days(i32::try_from(number / 1_000).expect("small")))
        .expect("a day");
    let (month, date) = (day.month_number(), day.day_of_month());
    let body = format!("990282{:04}{month:02}{date:02}{:03}", day.year(), number % 1_000);
    "0123456789X"
        .chars()
        .map(|check| format!("{body}{check}"))
        .find(|id| ResidentId::parse(id).is_ok())
        .expect("a check digit")
}

fn credit(number: u32) -> String {
    let body = format!("91990282MA{number:07}");
    "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .map(|check| format!("{body}{check}"))
        .find(|code| CreditCode::parse(code).is_ok())
        .expect("a check character")
}

fn import<'a>(register: &'a str, file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["register", "import", register, file];
    arguments.extend(WHY);
    arguments.extend(more);
    arguments
}

/// A home with keys, and a list of graduates with one bad row.
fn graduates() -> tempfile::TempDir {
    let folder = empty_folder();
    leye(folder.path(), &["key", "init"]);
    let csv = format!(
        "身份证号,毕业院校,高校毕业生,毕业日期\n{},某大学,是,2020-06-30\n{},某学院,是,2020年7月\n合计,,,\n",
        id(1),
        id(2)
    );
    fs::write(folder.path().join("毕业生.csv"), csv).expect("written");
    folder
}

#[test]
fn a_trial_says_what_would_happen_and_writes_nothing() {
    let folder = graduates();
    assert_snapshot!("trial", shown(folder.path(), &import("graduate", "毕业生.csv", &[])));
    assert!(folder.path().join("毕业生-未导入.xlsx").is_file());
    assert!(!folder.path().join("leye-home/registers").exists());
}

#[test]
fn an_import_is_told_listed_and_kept_with_its_reasons() {
    let folder = graduates();
    let committed = import("高校毕业生名册", "毕业生.csv", &["--commit", "--rejects", "改.xlsx"]);
    assert_snapshot!("committed", shown(folder.path(), &committed));
    assert_snapshot!("again", shown(folder.path(), &committed));
    assert_snapshot!("history", shown(folder.path(), &["register", "history"]));
    // Entity keys differ from home to home.
    let show = ["register", "show", "graduate", "--limit", "0"];
    assert_snapshot!("show", shown(folder.path(), &show));
    let list = text(&leye(folder.path(), &["register", "list"]).stdout);
    assert!(
        list.lines()
            .any(|line| line.starts_with("graduate") && line.contains("2020-12-01")),
        "{list}"
    );
}

#[test]
fn no_output_shows_a_number_of_a_person() {
    let folder = graduates();
    fs::write(
        folder.path().join("坏.csv"),
        format!("身份证号,姓名,电话\n{},王小明,x\n{}9,王小明,\n", id(3), id(4)),
    )
    .expect("written");
    for arguments in [
        import("graduate", "毕业生.csv", &["--commit"]),
        import("person", "坏.csv", &["--commit"]),
        vec!["register", "show", "person"],
        vec!["register", "history"],
    ] {
        let run = leye(folder.path(), &arguments);
        let output = format!("{}{}", text(&run.stdout), text(&run.stderr));
        for number in [id(1), id(2), id(3), id(4)] {
            assert!(!output.contains(&number[6..14]), "{output}");
        }
        assert!(!output.contains("王小明"), "{output}");
    }
}

#[test]
fn what_is_missing_or_not_allowed_is_said() {
    let folder = graduates();
    let told = |arguments: &[&str]| shown(folder.path(), arguments);
    let without_basis: Vec<&str> = import("graduate", "毕业生.csv", &[])
        .into_iter()
        .filter(|argument| !matches!(*argument, "--basis" | "数据共享协议"))
        .collect();
    assert_snapshot!("no_basis", told(&without_basis));
    assert_snapshot!("unknown_register", told(&import("graduates", "毕业生.csv", &[])));
    let survey: Vec<&str> = import("graduate", "毕业生.csv", &[])
        .into_iter()
        .map(|argument| {
            if argument == "数据共享协议" {
                "劳动力统计调查"
            } else {
                argument
            }
        })
        .collect();
    assert_snapshot!("survey", told(&survey));
    assert_snapshot!(
        "rejects_in_home",
        told(&import("graduate", "毕业生.csv", &["--rejects", "leye-home/x.xlsx"]))
    );
    assert_snapshot!("wrong_table", told(&import("employer", "毕业生.csv", &[])));
    let bare = empty_folder();
    fs::copy(folder.path().join("毕业生.csv"), bare.path().join("毕业生.csv")).expect("copied");
    assert_snapshot!(
        "no_keys",
        shown(bare.path(), &import("graduate", "毕业生.csv", &["--commit"]))
    );
}

#[cfg(unix)]
#[test]
fn the_workbook_of_refused_rows_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = graduates();
    leye(folder.path(), &import("graduate", "毕业生.csv", &[]));
    let path = folder.path().join("毕业生-未导入.xlsx");
    let mode = fs::metadata(path).expect("the workbook").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[test]
fn a_template_is_saved_under_the_registers_name() {
    let folder = empty_folder();
    assert_snapshot!("template", shown(folder.path(), &["register", "template", "loan"]));
    assert!(folder.path().join("创业担保贷款.xlsx").is_file());
}

#[test]
fn a_new_index_key_is_told_and_importing_goes_on() {
    let folder = graduates();
    leye(folder.path(), &import("graduate", "毕业生.csv", &["--commit"]));
    let run = leye(folder.path(), &["key", "rekey"]);
    let output = text(&run.stdout);
    assert!(run.status.success(), "{}", text(&run.stderr));
    assert!(output.contains("已更换索引密钥：现用 2 号"), "{output}");
    assert!(output.contains("个人和单位 1 个、数据文件 1 个（1 行）"), "{output}");
    let again = text(&leye(folder.path(), &import("graduate", "毕业生.csv", &["--commit"])).stdout);
    assert!(again.contains("新增 0，变更 0，未变 1"), "{again}");
}

/// Everything that stands in the registers, as one text.
fn state(folder: &Path) -> String {
    let registers = folder.join("leye-home/registers");
    let mut state = fs::read_to_string(registers.join("manifest.jsonl")).expect("a manifest");
    let run = leye(folder, &["register", "list"]);
    write!(state, "{}", text(&run.stdout)).expect("written");
    state
}

#[test]
fn a_kill_in_the_middle_of_an_import_leaves_the_earlier_state() {
    let folder = graduates();
    leye(folder.path(), &import("graduate", "毕业生.csv", &["--commit"]));
    let mut csv = "身份证号,姓名,电话,银行账号\n".to_owned();
    for number in 0..150_000 {
        writeln!(csv, "{},王小明,13800000000,6222990000000000123", id(number)).expect("written");
    }
    fs::write(folder.path().join("名册.csv"), csv).expect("written");
    let before = state(folder.path());
    let staging = folder.path().join("leye-home/registers/.staging");
    // At the start, with the first sorted run on disk, and while the partition is being written.
    for file in ["", "run-000000.arrow", "snapshot.parquet"] {
        killed_at(
            folder.path(),
            &import("person", "名册.csv", &["--commit"]),
            &staging.join(file),
        );
        assert_eq!(state(folder.path()), before, "{file}");
    }
    assert!(staging.exists(), "something was left behind");
    let run = leye(folder.path(), &import("person", "名册.csv", &["--commit"]));
    let output = text(&run.stdout);
    assert!(output.contains("通过 150000 行，未通过 0 行"), "{output}");
    assert!(!staging.exists());
    assert_ne!(state(folder.path()), before);
}

#[test]
fn an_employer_is_told_by_its_code_which_is_public() {
    let folder = graduates();
    fs::write(
        folder.path().join("用工.csv"),
        format!(
            "身份证号,统一社会信用代码,合同签订日\n{},{},2020-01-01\n",
            id(1),
            credit(7)
        ),
    )
    .expect("written");
    assert_snapshot!(
        "no_employers",
        shown(folder.path(), &import("employment", "用工.csv", &[]))
    );
}

#[test]
fn a_file_is_not_received_tomorrow_and_not_past_its_term() {
    let folder = graduates();
    let refused = |option: &str, text: &str| {
        let mut arguments = import("graduate", "毕业生.csv", &[]);
        let place = arguments
            .iter()
            .position(|argument| *argument == option)
            .expect("an option");
        arguments[place + 1] = text;
        let run = leye(folder.path(), &arguments);
        assert_eq!(run.status.code(), Some(64), "{option} {text}");
        crate::run::text(&run.stderr)
    };
    let future = refused("--received", "2099-01-01");
    assert!(future.contains("2099-01-01 在今天（2020-12-02）之后"), "{future}");
    let over = refused("--retention", "至2019-01-01");
    assert!(over.contains("到期日 2019-01-01 早于收到日期 2020-12-01"), "{over}");
}

#[test]
fn the_summary_of_refused_rows_keeps_figures_and_says_how_many_kinds_are_left() {
    let folder = graduates();
    let mut csv =
        "身份证号,姓名,性别,出生日期,个人编号,联系电话,学历,参加工作日期,常住地,人员状态,银行账号\n".to_owned();
    let bad = [
        (2, "女生"),
        (3, "去年"),
        (4, "乱\u{fffd}码"),
        (5, "x"),
        (6, "大学"),
        (7, "1930-01-01"),
        (8, "999999"),
        (9, "走失"),
        (10, "12"),
        (1, ""),
        (0, "123"),
    ];
    for (number, (column, cell)) in (10_u32..).zip(bad) {
        let mut row = vec![id(number), "王小明".to_owned()];
        row.resize(11, String::new());
        row[column] = cell.to_owned();
        writeln!(csv, "{}", row.join(",")).expect("written");
    }
    // The same once more: two of a kind.
    writeln!(csv, "{},王小明,,,,,,1931-01-01,,,", id(50)).expect("written");
    fs::write(folder.path().join("名册.csv"), csv).expect("written");
    let output = text(&leye(folder.path(), &import("person", "名册.csv", &[])).stdout);
    assert!(
        output.contains("参加工作日期 早于 1940-01-01，2 处（如第7行）"),
        "{output}"
    );
    assert!(output.contains("另有 3 类问题共 3 处，逐行列在"), "{output}");
}
