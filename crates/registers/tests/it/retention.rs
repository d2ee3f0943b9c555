//! 保存期限: when an import is past it, and what goes and what stays when it is removed.

use civil::Day;
use registers::retention::{self, Gone, Term};
use registers::{identity, rekey, verify};
use seal::KeyFolder;

use crate::world::{Asked, World, batches, credit, drawn, id};

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[test]
fn terms_are_read_as_offices_write_them() {
    let last = |text: &str| {
        Term::parse(text).map(|term| {
            term.last_day(day("2020-02-29"))
                .map_or_else(|| "never".to_owned(), |day| day.to_string())
        })
    };
    for (text, expected) in [
        ("5年", Some("2025-02-28")),
        ("五年", Some("2025-02-28")),
        ("保存 5 年", Some("2025-02-28")),
        ("４年", Some("2024-02-29")),
        ("18个月", Some("2021-08-29")),
        ("90天", Some("2020-05-29")),
        ("至2025-12-31", Some("2025-12-31")),
        ("至2025年12月31日止", Some("2025-12-31")),
        ("长期", Some("never")),
        ("永久保存", Some("never")),
        ("", None),
        ("0年", None),
        ("按规定", None),
        ("5", None),
        ("至年底", None),
    ] {
        assert_eq!(last(text).as_deref(), expected, "{text}");
    }
}

fn people(numbers: &[u32]) -> String {
    let lines: Vec<String> = numbers.iter().map(|number| format!("{},王小明", id(*number))).collect();
    format!("公民身份号码,姓名\n{}\n", lines.join("\n"))
}

fn put(world: &World, register: &str, text: &str, received: &'static str, retention: &'static str) {
    let asked = Asked {
        received,
        retention,
        ..Asked::default()
    };
    let report = world.try_import(register, &world.file("in.csv", text), &asked).unwrap();
    assert_eq!((report.rejected, report.vintage.is_some()), (0, true));
}

fn past(world: &World, on: &str) -> Vec<(u64, String, bool)> {
    let manifest = world.manifest();
    let (past, unclear) = retention::expired(&manifest, day(on));
    assert!(unclear.is_empty());
    past.iter()
        .map(|expired| (expired.import.vintage, expired.last_day.to_string(), expired.stands))
        .collect()
}

/// How many numbers the identity files keep.
fn numbers(world: &World) -> usize {
    let manifest = world.manifest();
    let files = manifest.imports.iter().filter_map(|import| import.identities.as_ref());
    files
        .flat_map(|file| batches(&world.store().root().join(&file.path)))
        .map(|batch| batch.num_rows())
        .sum()
}

#[test]
fn an_import_is_past_its_term_the_day_after_its_last_day() {
    let world = World::new();
    put(&world, "person", &people(&[1]), "2020-12-01", "1年");
    assert_eq!(past(&world, "2021-12-01"), []);
    assert_eq!(past(&world, "2021-12-02"), [(1, "2021-12-01".to_owned(), true)]);
    put(&world, "person", &people(&[2]), "2020-12-02", "长期");
    assert_eq!(past(&world, "2021-12-02"), [(1, "2021-12-01".to_owned(), false)]);
}

#[test]
fn removal_takes_files_and_numbers_and_the_manifest_says_so() {
    let world = World::new();
    put(&world, "person", &people(&[1, 2]), "2020-12-01", "1年");
    put(
        &world,
        "graduate",
        &format!("公民身份号码,毕业院校\n{},某大学\n", id(2)),
        "2020-12-01",
        "长期",
    );
    assert_eq!(numbers(&world), 2);
    let gone = retention::remove(&world.store(), 1, day("2022-01-01")).unwrap();
    assert_eq!(
        gone,
        Gone {
            vintages: vec![1],
            files: 1,
            rows: 2,
            identities: 1
        }
    );
    // The number of whoever is named elsewhere stays.
    assert_eq!(numbers(&world), 1);
    assert_eq!(world.rows("person", None).len(), 0);
    assert_eq!(world.rows("person", Some("2020-12-31")).len(), 0);
    assert_eq!(world.rows("graduate", None).len(), 1);
    let manifest = world.manifest();
    assert_eq!(manifest.imports[0].removed.unwrap().on, day("2022-01-01"));
    assert_eq!(manifest.imports[0].partitions[0].file.rows, 2);
    assert_eq!(past(&world, "2022-01-01"), []);
    let verified = verify::verify(&world.store(), &manifest, &|_| {}).unwrap();
    assert_eq!((verified.findings, verified.extra), (vec![], Vec::<String>::new()));
    // Going on, and a number that went is kept again when it comes again.
    put(&world, "person", &people(&[1]), "2022-01-02", "1年");
    assert_eq!((numbers(&world), world.rows("person", None).len()), (2, 1));
    assert_eq!(identity::PERSON, 1);
}

#[test]
fn an_older_file_never_comes_up_again_under_one_that_was_removed() {
    let world = World::new();
    put(&world, "person", &people(&[1]), "2020-12-01", "长期");
    put(&world, "person", &people(&[2]), "2020-12-02", "1年");
    retention::remove(&world.store(), 1, day("2022-01-01")).unwrap();
    assert_eq!(world.rows("person", None).len(), 0);
    // What an earlier day saw it still sees.
    assert_eq!(world.rows("person", Some("2020-12-01")).len(), 1);
    put(&world, "person", &people(&[3]), "2022-01-02", "长期");
    assert_eq!(world.rows("person", None).len(), 1);
}

#[test]
fn nothing_past_its_term_changes_nothing() {
    let world = World::new();
    put(&world, "person", &people(&[1]), "2020-12-01", "长期");
    let manifest = world.store().root().join("manifest.jsonl");
    let before = std::fs::read(&manifest).unwrap();
    assert_eq!(
        retention::remove(&world.store(), 1, day("2090-01-01")).unwrap(),
        Gone::default()
    );
    assert_eq!(std::fs::read(&manifest).unwrap(), before);
}

#[test]
fn files_left_by_a_removal_that_was_killed_go_with_the_next_import() {
    let world = World::new();
    put(&world, "person", &people(&[1]), "2020-12-01", "1年");
    let file = world.manifest().files("person", None)[0].path(world.store().root());
    let bytes = std::fs::read(&file).unwrap();
    retention::remove(&world.store(), 1, day("2022-01-01")).unwrap();
    assert!(!file.exists());
    // The manifest is written before files go: so a kill leaves this.
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(world.rows("person", None).len(), 0);
    put(&world, "person", &people(&[2]), "2022-01-02", "1年");
    assert!(!file.exists());
}

#[test]
fn a_damaged_file_that_stays_stops_the_removal() {
    let world = World::new();
    put(&world, "person", &people(&[1]), "2020-12-01", "1年");
    put(
        &world,
        "employer",
        &format!("统一社会信用代码,单位名称\n{},某厂\n", credit(1)),
        "2020-12-01",
        "长期",
    );
    let file = world.manifest().files("employer", None)[0].path(world.store().root());
    std::fs::write(&file, "rest").unwrap();
    let error = retention::remove(&world.store(), 1, day("2022-01-01")).unwrap_err();
    assert!(error.to_string().contains("没有删除任何数据"), "{error}");
    assert_eq!(world.rows("person", None).len(), 1);
}

#[test]
fn a_change_of_the_index_key_passes_over_what_was_removed() {
    let mut world = World::new();
    let keys = KeyFolder::of(&world.home());
    std::fs::create_dir_all(world.home()).unwrap();
    world.ring = keys.create(&mut drawn(3)).unwrap();
    put(&world, "person", &people(&[1, 2]), "2020-12-01", "1年");
    put(
        &world,
        "graduate",
        &format!("公民身份号码,毕业院校\n{},某大学\n", id(2)),
        "2020-12-01",
        "长期",
    );
    retention::remove(&world.store(), 1, day("2022-01-01")).unwrap();
    let next = keys.stage(&mut drawn(4)).unwrap();
    let taken = rekey::prepare(
        &world.store(),
        crate::world::registers(),
        &world.ring,
        &next,
        &mut drawn(5),
        &|_| {},
    )
    .unwrap();
    assert_eq!((taken.files, taken.rows, taken.identities), (1, 1, 1));
    keys.put_in_place().unwrap();
    world.store().settle(2).unwrap();
    assert_eq!(world.rows("graduate", None).len(), 1);
    assert!(world.manifest().imports[0].removed.is_some());
}
