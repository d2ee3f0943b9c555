//! Keys change, and every row still finds every other.

use arrow_array::cast::AsArray;
use registers::rekey::{self, Taken};
use seal::{Column, KeyFolder, KeyRing};

use crate::world::{Asked, World, batches, credit, drawn, id, person, registers};

/// A home with keys on disk and three registers, one of them in two vintages.
fn filled() -> (World, KeyFolder) {
    let mut world = World::new();
    std::fs::create_dir_all(world.home()).unwrap();
    let keys = KeyFolder::of(&world.home());
    world.ring = keys.create(&mut drawn(21)).unwrap();
    world.put(
        "employer",
        &format!("信用代码,单位名称,银行账号\n{},某厂,6222000000000000123\n", credit(1)),
    );
    let people: Vec<String> = (0..50)
        .map(|n| format!("{},王第{},1380000{n:04}", id(n), named(n)))
        .collect();
    world.put("person", &format!("身份证号,姓名,电话\n{}\n", people.join("\n")));
    world.put("contribution", &months("3000"));
    let later = world.file("later.csv", months("3500"));
    let asked = Asked {
        received: "2020-12-20",
        ..Asked::default()
    };
    world.try_import("contribution", &later, &asked).unwrap();
    (world, keys)
}

fn named(number: u32) -> char {
    char::from_u32('一' as u32 + number).unwrap()
}

fn months(base: &str) -> String {
    let rows: Vec<String> = (0..50)
        .map(|n| format!("{},{},2020-01,{base},是", id(n), credit(1)))
        .collect();
    format!("身份证号,信用代码,月份,缴费基数,是否到账\n{}\n", rows.join("\n")).replace("信用代码", "统一社会信用代码")
}

/// Name and base of everybody, joined by key; employer's account joined too.
fn joined(world: &World, ring: &KeyRing, known_on: &str) -> Vec<(String, String, String)> {
    let day = civil::Day::parse(known_on).unwrap();
    let manifest = world.manifest();
    let mut opener = ring.opener();
    let mut open = |register: &str, key: &str, column: &str| -> Vec<(String, String)> {
        let bound = Column::new(register, column);
        let mut found = Vec::new();
        for vintage in manifest.files(register, Some(day)) {
            for batch in batches(&vintage.path(world.store().root())) {
                let keys = batch.column_by_name(key).unwrap().as_string::<i32>();
                let values = batch.column_by_name(column).unwrap().as_binary::<i32>();
                for row in 0..batch.num_rows() {
                    let clear = opener.open_text(&bound, keys.value(row), values.value(row)).unwrap();
                    found.push((keys.value(row).to_owned(), clear.to_owned()));
                }
            }
        }
        assert!(found.is_sorted(), "rows are sorted by their keys");
        found
    };
    let names = open("person", "person_key", "name");
    let accounts = open("employer", "employer_key", "account");
    let of = |list: &[(String, String)], key: &str| {
        let found = list.iter().find(|(known, _)| known == key);
        found.map(|(_, value)| value.clone()).unwrap()
    };
    let mut rows: Vec<(String, String, String)> = world
        .rows("contribution", Some(known_on))
        .iter()
        .map(|row| {
            (
                of(&names, &row["person_key"]),
                of(&accounts, &row["employer_key"]),
                row["base_fen"].clone(),
            )
        })
        .collect();
    rows.sort();
    assert_eq!(rows.len(), 50);
    rows
}

fn keys_of(world: &World) -> Vec<String> {
    world
        .rows("person", None)
        .iter()
        .map(|row| row["person_key"].clone())
        .collect()
}

fn prepare(world: &World, keys: &KeyFolder) -> Taken {
    let next = keys.stage(&mut drawn(31)).unwrap();
    rekey::prepare(&world.store(), registers(), &world.ring, &next, &mut drawn(32), &|_| {}).unwrap()
}

#[test]
fn a_rotation_keeps_what_is_sealed_and_seals_anew_with_the_new_key() {
    let (mut world, keys) = filled();
    let before = joined(&world, &world.ring, "2020-12-31");
    world.ring = keys.rotate(&mut drawn(22)).unwrap();
    assert_eq!(joined(&world, &world.ring, "2020-12-31"), before);
    // The same person's row again is unchanged although it would be sealed otherwise.
    let asked = Asked {
        received: "2020-12-31",
        ..Asked::default()
    };
    let row = |phone: &str| format!("身份证号,姓名,电话\n{},王第{},{phone}\n", id(3), named(3));
    let same = world
        .try_import("person", &world.file("a.csv", row("13800000003")), &asked)
        .unwrap();
    assert_eq!((same.vintage, same.partitions[0].1.unchanged), (None, 1));
    let changed = world
        .try_import("person", &world.file("b.csv", row("13900000003")), &asked)
        .unwrap();
    assert_eq!(changed.partitions[0].1.changed, 1);
    assert_eq!(joined(&world, &world.ring, "2020-12-31"), before);
}

#[test]
fn a_new_index_key_changes_every_key_and_keeps_every_join_of_every_day() {
    let (mut world, keys) = filled();
    let days = ["2020-12-01", "2020-12-20"];
    let before = days.map(|day| joined(&world, &world.ring, day));
    assert_ne!(before[0], before[1]);
    let old_keys = keys_of(&world);
    let old_paths: Vec<String> = world.manifest().paths().into_iter().map(str::to_owned).collect();
    let taken = prepare(&world, &keys);
    assert_eq!((taken.files, taken.rows, taken.identities), (4, 151, 51));
    world.ring = keys.put_in_place().unwrap();
    world.store().settle(world.ring.index().number()).unwrap();
    assert_eq!(days.map(|day| joined(&world, &world.ring, day)), before);
    let new_keys = keys_of(&world);
    assert!(new_keys.iter().all(|key| !old_keys.contains(key)));
    assert!(new_keys.contains(&world.ring.indexer().person(person(7)).to_string()));
    for path in old_paths {
        assert!(!world.store().root().join(&path).exists(), "{path}");
    }
    let manifest = world.manifest();
    assert_eq!(manifest.index(), Some(2));
    // What an import said of itself is as it was, and importing goes on.
    assert_eq!(manifest.imports[0].provider, "市人社局");
    let again = world.file("again.csv", months("3500"));
    let asked = Asked {
        received: "2020-12-31",
        ..Asked::default()
    };
    let report = world.try_import("contribution", &again, &asked).unwrap();
    assert_eq!((report.vintage, report.partitions[0].1.unchanged), (None, 50));
}

#[test]
fn a_change_that_breaks_off_before_the_ring_changes_has_changed_nothing() {
    let (world, keys) = filled();
    let before = joined(&world, &world.ring, "2020-12-31");
    prepare(&world, &keys);
    assert_eq!(joined(&world, &world.ring, "2020-12-31"), before);
    // The next import with the old ring sweeps up what was prepared.
    let asked = Asked {
        received: "2020-12-31",
        ..Asked::default()
    };
    let file = world.file("more.csv", format!("身份证号,姓名\n{},李小红\n", id(900)));
    world.try_import("person", &file, &asked).unwrap();
    assert_eq!(world.manifest().index(), Some(1));
    assert!(!world.store().root().join("manifest-next.jsonl").exists());
    // And the change can be made after all.
    let taken = prepare(&world, &keys);
    assert_eq!(taken.identities, 52);
}

#[test]
fn a_change_that_breaks_off_behind_the_ring_is_finished_by_whoever_comes_next() {
    let (mut world, keys) = filled();
    let before = joined(&world, &world.ring, "2020-12-31");
    prepare(&world, &keys);
    world.ring = keys.put_in_place().unwrap();
    let file = world.file("again.csv", months("3500"));
    let asked = Asked {
        received: "2020-12-31",
        ..Asked::default()
    };
    world.try_import("contribution", &file, &asked).unwrap();
    assert_eq!(world.manifest().index(), Some(2));
    assert_eq!(joined(&world, &world.ring, "2020-12-31"), before);
}

#[test]
fn a_ring_that_does_not_belong_to_the_registers_is_refused() {
    let (mut world, keys) = filled();
    keys.stage(&mut drawn(31)).unwrap();
    world.ring = keys.put_in_place().unwrap();
    let file = world.file("again.csv", months("3500"));
    let error = world
        .try_import("contribution", &file, &Asked::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("数据用的是 1 号索引密钥，密钥库现用 2 号"), "{error}");
}
