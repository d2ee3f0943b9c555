//! What a derivation stands on in a home, and where its tables go: whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use civil::{Day, RegionCode};
use policy::Regions;
use policy::file::Tree;
use registers::derive::{Basis, Derivation, DeriveError, Flat, MARKER};

use crate::small_disk::SmallDisk;
use crate::tiny::{lines, schema};
use crate::world::{Asked, World, credit, id, person};

fn regions() -> Regions {
    policy::Library::load(&Tree::built_in()).regions
}

fn basis(world: &World, region: &str, known_on: &str) -> Basis {
    let region = RegionCode::parse(region).unwrap();
    let known_on = Day::parse(known_on).unwrap();
    Basis::of(&world.store(), &world.manifest(), &regions(), region, known_on)
}

/// Derives tables of people and employments of a region as a day knew it.
fn derive(world: &World, region: &str, known_on: &str, out: &Path) -> Result<Vec<Flat>, DeriveError> {
    let (dictionary, registers) = schema();
    let derivation = Derivation {
        dictionary: &dictionary,
        registers: &registers,
        basis: &basis(world, region, known_on),
        as_of: Day::parse("2020-12-31").unwrap(),
        known_on: Day::parse(known_on).unwrap(),
        reduction: None,
        months: None,
        history: Vec::new(),
        per: vec!["person", "employment"],
        out: out.to_owned(),
        memory_bytes: 256 << 20,
        rows_at_once: u64::MAX,
        threads: 2,
        told: &|_| {},
        stop: &AtomicBool::new(false),
    };
    derivation.run()
}

fn key(world: &World, number: u32) -> String {
    world.ring.indexer().person(person(number)).text().to_string()
}

fn people(rows: &[(u32, &str)]) -> String {
    let lines: Vec<String> = rows
        .iter()
        .map(|(number, status)| format!("{},王小明,{status}", id(*number)))
        .collect();
    format!("公民身份号码,姓名,农民工\n{}\n", lines.join("\n"))
}

fn put(world: &World, register: &str, text: &str, region: &'static str, received: &'static str) {
    let asked = Asked {
        region,
        received,
        ..Asked::default()
    };
    let report = world.try_import(register, &world.file("in.csv", text), &asked).unwrap();
    assert_eq!(report.rejected, 0);
}

fn migrants(world: &World, region: &str, known_on: &str) -> Vec<String> {
    let flats = derive(world, region, known_on, &world.folder.path().join("flat")).unwrap();
    lines(&flats[0].path, "person_key person.is_migrant_worker")
}

#[test]
fn a_region_is_derived_from_all_that_lies_in_it_and_wider_files_are_named() {
    let world = World::new();
    put(&world, "person", &people(&[(1, "是")]), "330282", "2020-12-01");
    put(&world, "person", &people(&[(2, "否")]), "330282105", "2020-12-01");
    put(&world, "person", &people(&[(3, "是")]), "330281", "2020-12-01");
    put(&world, "person", &people(&[(4, "是")]), "330200", "2020-12-01");
    let of = |numbers: &[(u32, &str)]| {
        let mut rows: Vec<String> = numbers
            .iter()
            .map(|(number, flag)| format!("{} {flag}", key(&world, *number)))
            .collect();
        rows.sort();
        rows
    };
    assert_eq!(migrants(&world, "330282", "2020-12-31"), of(&[(1, "y"), (2, "n")]));
    assert_eq!(
        migrants(&world, "330200", "2020-12-31"),
        of(&[(1, "y"), (2, "n"), (3, "y"), (4, "y")])
    );
    let wider = basis(&world, "330282", "2020-12-31").wider;
    let wider: Vec<String> = wider["person"].iter().map(ToString::to_string).collect();
    assert_eq!(wider, ["330200"]);
}

#[test]
fn a_zone_lies_where_the_list_of_regions_says() {
    let region = |code: &str, level: &str, parent: &str| {
        format!("[[region]]\ncode = \"{code}\"\nname = \"{code}\"\nlevel = \"{level}\"\n{parent}\n")
    };
    let text = format!(
        "format = 1\n{}{}{}",
        region("330000", "province", ""),
        region("330282", "county", "parent = \"330000\""),
        region("330271", "zone", "parent = \"330282\"")
    );
    let regions = policy::Library::load(&Tree::from_files([("shared/regions.toml", text.as_str())])).regions;
    let world = World::new();
    put(&world, "person", &people(&[(1, "是")]), "330271", "2020-12-01");
    let known_on = Day::parse("2020-12-31").unwrap();
    for (code, there) in [("330282", true), ("330271", true), ("330281", false), ("330000", true)] {
        let region = RegionCode::parse(code).unwrap();
        let basis = Basis::of(&world.store(), &world.manifest(), &regions, region, known_on);
        assert_eq!(basis.has("person"), there, "{code}");
    }
}

#[test]
fn a_person_in_two_regions_is_one_row_and_the_newest_import_counts() {
    let world = World::new();
    put(
        &world,
        "person",
        &people(&[(1, "是"), (2, "是")]),
        "330282",
        "2020-12-01",
    );
    put(&world, "person", &people(&[(1, "否")]), "330281", "2020-12-02");
    let mut expected = vec![format!("{} n", key(&world, 1)), format!("{} y", key(&world, 2))];
    expected.sort();
    assert_eq!(migrants(&world, "330200", "2020-12-31"), expected);
}

#[test]
fn an_import_received_later_does_not_change_what_is_derived_for_an_earlier_day() {
    let world = World::new();
    put(&world, "person", &people(&[(1, "是")]), "330282", "2020-12-01");
    let before = migrants(&world, "330282", "2020-12-05");
    put(
        &world,
        "person",
        &people(&[(1, "否"), (2, "是")]),
        "330282",
        "2020-12-10",
    );
    assert_eq!(migrants(&world, "330282", "2020-12-05"), before);
    assert_eq!(migrants(&world, "330282", "2020-12-09"), before);
    assert_eq!(migrants(&world, "330282", "2020-12-10").len(), 2);
    assert!(basis(&world, "330282", "2020-11-30").parts.is_empty());
}

#[test]
fn a_register_says_which_imports_it_was_derived_from() {
    let world = World::new();
    put(&world, "person", &people(&[(1, "是")]), "330282", "2020-12-01");
    put(&world, "person", &people(&[(2, "是")]), "330282", "2020-12-02");
    let out = world.folder.path().join("flat");
    derive(&world, "330282", "2020-12-31", &out).unwrap();
    let marker = fs::read_to_string(out.join(MARKER)).unwrap();
    let marker: serde_json::Value = serde_json::from_str(&marker).unwrap();
    assert_eq!(marker["as_of"], "2020-12-31");
    assert_eq!(marker["vintages"], serde_json::json!({ "person": [2] }));
    assert_eq!(marker["tables"][0], serde_json::json!({ "per": "person", "rows": 2 }));
}

/// A home with people and employments, and where their files are.
fn filled() -> (World, PathBuf) {
    let world = World::new();
    let many: Vec<(u32, &str)> = (1..2_000).map(|number| (number, "是")).collect();
    put(&world, "person", &people(&many), "330282", "2020-12-01");
    put(
        &world,
        "employer",
        &format!("统一社会信用代码,单位名称\n{},某厂\n", credit(1)),
        "330282",
        "2020-12-01",
    );
    let file = world.manifest().files("person", None)[0].path(world.store().root());
    (world, file)
}

/// What a derivation says of a file; the earlier result must stand.
fn complaint(world: &World, damage: impl Fn(&Path), file: &Path) -> String {
    let out = world.folder.path().join("flat");
    let whole = fs::read(file).unwrap();
    let before = fs::read(out.join("person.parquet")).unwrap();
    damage(file);
    let error = derive(world, "330282", "2020-12-31", &out).unwrap_err();
    fs::write(file, whole).unwrap();
    assert!(matches!(error, DeriveError::Damaged { .. }), "{error:?}");
    let words = error.to_string();
    assert!(words.contains(&file.display().to_string()), "{words}");
    assert_eq!(fs::read(out.join("person.parquet")).unwrap(), before);
    assert_eq!(beside(&out), Vec::<String>::new());
    words
}

/// What stands beside a result that should not.
fn beside(out: &Path) -> Vec<String> {
    let name = out.file_name().unwrap().to_string_lossy().into_owned();
    fs::read_dir(out.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|other| *other != name && other.contains(&name))
        .collect()
}

#[test]
fn a_damaged_file_is_named_and_the_earlier_result_stays() {
    let (world, file) = filled();
    derive(&world, "330282", "2020-12-31", &world.folder.path().join("flat")).unwrap();
    let cut = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
    };
    assert!(complaint(&world, cut, &file).contains("字节，实有"));
    assert!(complaint(&world, |path| fs::remove_file(path).unwrap(), &file).contains("不存在"));
    let pages = |path: &Path| {
        let mut bytes = fs::read(path).unwrap();
        let middle = bytes.len() / 2;
        bytes[4..middle].fill(0xff);
        fs::write(path, bytes).unwrap();
    };
    assert!(complaint(&world, pages, &file).contains("校验值不符"));
    let footer = |path: &Path| {
        let mut bytes = fs::read(path).unwrap();
        let end = bytes.len();
        bytes[end - 200..end - 100].fill(0xff);
        fs::write(path, bytes).unwrap();
    };
    complaint(&world, footer, &file);
    derive(&world, "330282", "2020-12-31", &world.folder.path().join("flat")).unwrap();
}

#[test]
fn a_folder_of_somebody_else_is_never_replaced() {
    let (world, _) = filled();
    let out = world.folder.path().join("papers");
    fs::create_dir(&out).unwrap();
    derive(&world, "330282", "2020-12-31", &out).unwrap();
    let other = world.folder.path().join("others");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("工资.xlsx"), "x").unwrap();
    let error = derive(&world, "330282", "2020-12-31", &other).unwrap_err();
    assert!(
        error.to_string().contains("已有其他内容。请另写一个空文件夹"),
        "{error}"
    );
    assert_eq!(fs::read(other.join("工资.xlsx")).unwrap(), b"x");
    assert_eq!(beside(&other), Vec::<String>::new());
}

#[test]
fn what_a_derivation_that_broke_off_has_left_is_swept_up_and_what_stood_is_put_back() {
    let (world, file) = filled();
    let out = world.folder.path().join("flat");
    derive(&world, "330282", "2020-12-31", &out).unwrap();
    // Killed in the middle of writing.
    let staging = world.folder.path().join(".flat.deriving");
    fs::create_dir_all(staging.join("scratch")).unwrap();
    fs::write(staging.join("scratch/insured.parquet"), "half").unwrap();
    fs::write(staging.join("person.part"), "half").unwrap();
    // Killed between the two renames at the end.
    fs::rename(&out, world.folder.path().join(".flat.former")).unwrap();
    let whole = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    // Even a derivation that fails puts back what stood.
    derive(&world, "330282", "2020-12-31", &out).unwrap_err();
    fs::write(&file, whole).unwrap();
    derive(&world, "330282", "2020-12-31", &out).unwrap();
    assert!(out.join("person.parquet").is_file());
    assert_eq!(beside(&out), Vec::<String>::new());
    let names: Vec<String> = fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn a_full_disk_is_said_and_leaves_nothing() {
    let Some(disk) = SmallDisk::mount(100) else { return };
    let (world, _) = filled();
    let out = disk.path().join("flat");
    let error = derive(&world, "330282", "2020-12-31", &out).unwrap_err();
    assert!(error.to_string().contains("磁盘空间不足"), "{error}");
    assert!(!out.exists());
    assert_eq!(beside(&out), Vec::<String>::new());
}

#[test]
fn the_same_registers_give_the_same_bytes() {
    let (world, _) = filled();
    let bytes = |name: &str| {
        let out = world.folder.path().join(name);
        let flats = derive(&world, "330282", "2020-12-31", &out).unwrap();
        flats
            .iter()
            .map(|flat| fs::read(&flat.path).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(bytes("one"), bytes("two"));
}
