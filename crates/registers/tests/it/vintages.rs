//! What a day knew stays what it knew.

use crate::world::{Asked, World, credit, id, problems};

const HEADER: &str = "公民身份号码,统一社会信用代码,费款所属期,缴费基数,已到账\n";

fn months(rows: &[(u32, &str, &str)]) -> String {
    let lines: Vec<String> = rows
        .iter()
        .map(|(person, month, base)| format!("{},{},{month},{base},是", id(*person), credit(1)))
        .collect();
    format!("{HEADER}{}\n", lines.join("\n"))
}

fn with_employer() -> World {
    let world = World::new();
    world.put(
        "employer",
        &format!("统一社会信用代码,单位名称\n{},某厂\n{},某店\n", credit(1), credit(2)),
    );
    world
}

fn bases(world: &World, known_on: Option<&str>) -> Vec<String> {
    let rows = world.rows("contribution", known_on);
    let mut bases: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row["month"], row["base_fen"]))
        .collect();
    bases.sort();
    bases
}

fn received(day: &'static str) -> Asked {
    Asked {
        received: day,
        ..Asked::default()
    }
}

#[test]
fn an_import_received_later_does_not_change_what_an_earlier_day_sees() {
    let world = with_employer();
    let first = world.file("a.csv", months(&[(1, "2020-01", "3000"), (1, "2020-02", "3000")]));
    world
        .try_import("contribution", &first, &received("2020-12-01"))
        .unwrap();
    let second = world.file(
        "b.csv",
        months(&[(1, "2020-02", "3500"), (2, "2020-02", "4000"), (1, "2020-03", "3000")]),
    );
    let report = world
        .try_import("contribution", &second, &received("2020-12-10"))
        .unwrap();
    let changes: Vec<(u64, u64, u64)> = report
        .partitions
        .iter()
        .map(|(_, changes)| (changes.added, changes.changed, changes.rows))
        .collect();
    assert_eq!(changes, [(1, 1, 2), (1, 0, 1)]);
    let early = ["2020-01-01 300000", "2020-02-01 300000"];
    assert_eq!(bases(&world, Some("2020-12-01")), early);
    assert_eq!(bases(&world, Some("2020-12-09")), early);
    let late = [
        "2020-01-01 300000", "2020-02-01 350000", "2020-02-01 400000", "2020-03-01 300000",
    ];
    assert_eq!(bases(&world, Some("2020-12-10")), late);
    assert_eq!(bases(&world, None), late);
    assert_eq!(bases(&world, Some("2020-11-30")), Vec::<String>::new());
}

#[test]
fn only_the_months_that_change_are_written_anew() {
    let world = with_employer();
    let first = world.file("a.csv", months(&[(1, "2020-01", "3000"), (1, "2020-02", "3000")]));
    world.import("contribution", &first);
    let second = world.file("b.csv", months(&[(1, "2020-01", "3000"), (1, "2020-02", "3100")]));
    world.import("contribution", &second);
    let manifest = world.manifest();
    let last = manifest.imports.last().unwrap();
    let written: Vec<&str> = last
        .partitions
        .iter()
        .map(|partition| partition.period.as_str())
        .collect();
    assert_eq!(written, ["2020-02"]);
    assert_eq!(last.identities, None, "no new person, no new employer");
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let world = with_employer();
    let people = format!(
        "身份证号,姓名,电话,银行账号\n{},王小明,13800000000,6222000000000000123\n{},李小红,,\n",
        id(1),
        id(2)
    );
    let file = world.file("a.csv", people);
    assert_eq!(world.import("person", &file).vintage, Some(2));
    let manifest = std::fs::read(world.home().join("registers/manifest.jsonl")).unwrap();
    let again = world.import("person", &file);
    assert_eq!((again.vintage, again.partitions[0].1.unchanged), (None, 2));
    assert_eq!(
        std::fs::read(world.home().join("registers/manifest.jsonl")).unwrap(),
        manifest
    );
}

#[test]
fn a_sealed_value_that_changes_is_a_change() {
    let world = World::new();
    let row = |phone: &str| format!("身份证号,姓名,电话\n{},王小明,{phone}\n", id(1));
    world.put("person", &row("13800000000"));
    let report = world.put("person", &row("13800000001"));
    assert_eq!((report.partitions[0].1.changed, report.vintage), (1, Some(2)));
}

#[test]
fn rows_that_a_file_does_not_have_stay_unless_it_stands_for_everything() {
    let world = World::new();
    let file = |firms: &[u32]| {
        let lines: Vec<String> = firms.iter().map(|firm| format!("{},是", credit(*firm))).collect();
        format!("统一社会信用代码,列入困难企业名单（部门认定）\n{}\n", lines.join("\n"))
    };
    world.put("employer-difficult", &file(&[1, 2]));
    world.put("employer-difficult", &file(&[3]));
    assert_eq!(world.rows("employer-difficult", None).len(), 3);
    let whole = world.file("whole.csv", file(&[2, 3]));
    let asked = Asked {
        replaces: true,
        received: "2020-12-05",
        ..Asked::default()
    };
    let report = world.try_import("employer-difficult", &whole, &asked).unwrap();
    assert_eq!(
        (report.partitions[0].1.removed, report.partitions[0].1.unchanged),
        (1, 2)
    );
    assert_eq!(world.rows("employer-difficult", None).len(), 2);
    assert_eq!(world.rows("employer-difficult", Some("2020-12-04")).len(), 3);
}

#[test]
fn what_is_received_before_the_last_is_refused() {
    let world = with_employer();
    let file = world.file("a.csv", months(&[(1, "2020-01", "3000")]));
    world
        .try_import("contribution", &file, &received("2020-12-10"))
        .unwrap();
    let error = world
        .try_import("contribution", &file, &received("2020-12-09"))
        .unwrap_err();
    assert!(error.to_string().contains("收到日期 2020-12-09 早于"), "{error}");
    // Another region has a line of its own.
    let other = Asked {
        region: "330281",
        ..received("2020-12-09")
    };
    world.try_import("contribution", &file, &other).unwrap();
}

#[test]
fn rows_of_a_file_that_contradict_each_other_leave_what_stands_as_it_is() {
    let world = with_employer();
    let first = world.file("a.csv", months(&[(1, "2020-01", "3000"), (2, "2020-01", "3000")]));
    world.import("contribution", &first);
    // The first two hold the same and the third does not: none of them is taken, the others are.
    let second = world.file(
        "b.csv",
        months(&[
            (1, "2020-01", "3500"),
            (1, "2020-01", "3500"),
            (3, "2020-01", "4100"),
            (1, "2020-01", "3600"),
        ]),
    );
    let asked = Asked {
        replaces: true,
        ..received("2020-12-10")
    };
    let report = world.try_import("contribution", &second, &asked).unwrap();
    let expected = [
        "2 整行 与第5行主键相同而内容不同",
        "3 整行 与第5行主键相同而内容不同",
        "5 整行 与第2行主键相同而内容不同",
    ];
    assert_eq!(problems(&report), expected);
    let changes = report.partitions[0].1;
    assert_eq!(
        (changes.added, changes.changed, changes.removed, changes.rows),
        (1, 0, 1, 2)
    );
    assert_eq!(report.accepted(), 1);
    assert_eq!(bases(&world, None), ["2020-01-01 300000", "2020-01-01 410000"]);
}

#[test]
fn a_trial_writes_nothing_and_counts_the_same() {
    let world = with_employer();
    let file = world.file("a.csv", months(&[(1, "2020-01", "3000"), (2, "2020-01", "x")]));
    let trial = Asked {
        commit: false,
        ..Asked::default()
    };
    let before = std::fs::read(world.home().join("registers/manifest.jsonl")).unwrap();
    let tried = world.try_import("contribution", &file, &trial).unwrap();
    assert_eq!(
        std::fs::read(world.home().join("registers/manifest.jsonl")).unwrap(),
        before
    );
    assert!(!world.home().join("registers/contribution").exists());
    let done = world.import("contribution", &file);
    assert_eq!(problems(&tried), problems(&done));
    assert_eq!(tried.partitions, done.partitions);
    assert_eq!((tried.read, tried.rejected), (2, 1));
}

#[test]
fn a_trial_in_no_home_makes_none() {
    let world = World::new();
    let file = world.file("a.csv", format!("统一社会信用代码,单位名称\n{},某厂\n", credit(1)));
    let trial = Asked {
        commit: false,
        ..Asked::default()
    };
    world.try_import("employer", &file, &trial).unwrap();
    assert!(!world.home().exists());
}

#[test]
fn rows_lie_sorted_by_their_key_however_they_came() {
    let world = with_employer();
    let many: Vec<(u32, &str, &str)> = (0..300).map(|n| (n * 7 % 300, "2020-01", "3000")).collect();
    let report = world.import("contribution", &world.file("a.csv", months(&many)));
    assert_eq!(report.accepted(), 300);
    let keys: Vec<String> = world
        .rows("contribution", None)
        .into_iter()
        .map(|row| row["person_key"].clone())
        .collect();
    assert!(keys.is_sorted());
    assert_eq!(keys[0].len(), 26);
}

#[test]
fn the_manifest_says_who_gave_what_and_why() {
    let world = with_employer();
    let manifest = world.manifest();
    let import = &manifest.imports[0];
    assert_eq!(
        [&import.provider, &import.basis, &import.purpose, &import.retention],
        ["市人社局", "数据共享协议", "就业补贴核算", "5年"]
    );
    assert_eq!((import.format, import.vintage, import.rows.accepted), (1, 1, 2));
    assert_eq!(
        import.imported.map(|day| day.to_string()).as_deref(),
        Some("2020-12-09")
    );
    // Lines of before that day was kept are read as they are.
    let older = import.line().replace("\"imported\":\"2020-12-09\",", "");
    assert!(!older.contains("imported"), "{older}");
    let read = registers::manifest::Manifest::read(&older, "manifest.jsonl").unwrap();
    assert_eq!((read.imports[0].imported, read.imports[0].vintage), (None, 1));
    let file = world.home().join("registers").join(&import.partitions[0].file.path);
    let bytes = std::fs::read(file).unwrap();
    use sm3::Digest as _;
    let sm3: String = sm3::Sm3::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(import.partitions[0].file.sm3, sm3);
}
