//! No number of a person, no account, name or telephone in clear in any byte of the home.

use std::path::Path;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_schema::DataType;
use registers::identity;
use seal::Column;

use crate::world::{World, batches, credit, id, person};

fn every_file(folder: &Path, each: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            every_file(&path, each);
        } else {
            each(&path);
        }
    }
}

fn contains(bytes: &[u8], needle: &str) -> bool {
    memchr::memmem::find(bytes, needle.as_bytes()).is_some()
}

#[test]
fn no_planted_value_is_in_clear_in_any_byte_of_the_home() {
    let world = World::new();
    let account = "6222990000000000123";
    let (name, phone, owner) = ("欧阳暗号", "13899990000", "司马暗号");
    world.put(
        "person",
        &format!("身份证号,姓名,电话,银行账号\n{},{name},{phone},{account}\n", id(42)),
    );
    world.put(
        "employer",
        &format!(
            "统一社会信用代码,单位名称,法定代表人证件号码,账户户名,银行账号\n{},某厂,{},{owner},{account}9\n",
            credit(1),
            id(43)
        ),
    );
    world.put(
        "contribution",
        &format!(
            "证件号码,统一社会信用代码,月份,缴费基数,是否到账\n{},{},2020-01,3000,是\n",
            id(44),
            credit(1)
        ),
    );
    // Clerks name files after people.
    let named = world.file(
        &format!("{}王某.csv", id(45)),
        format!("公民身份号码,姓名\n{},王某\n", id(45)),
    );
    world.import("person", &named);
    let planted = [&id(42), &id(43), &id(44), &id(45), account, name, phone, owner];
    let mut files = 0;
    every_file(&world.home(), &mut |path| {
        files += 1;
        let bytes = std::fs::read(path).unwrap();
        for value in planted {
            assert!(!contains(&bytes, value), "{value} in {}", path.display());
        }
        if path.extension().is_none_or(|extension| extension != "parquet") {
            return;
        }
        for batch in batches(path) {
            for column in batch.columns() {
                for row in 0..column.len() {
                    let cell: &[u8] = match column.data_type() {
                        DataType::Utf8 => column.as_string::<i32>().value(row).as_bytes(),
                        DataType::Binary => column.as_binary::<i32>().value(row),
                        _ => continue,
                    };
                    for value in planted {
                        assert!(!contains(cell, value), "{value} in {} unpacked", path.display());
                    }
                }
            }
        }
    });
    assert!(files >= 7, "{files} files were searched");
}

#[test]
fn a_number_is_sealed_once_and_opens_for_its_key() {
    let world = World::new();
    world.put("person", &format!("身份证号,姓名\n{},王小明\n", id(1)));
    world.put(
        "veteran",
        &format!("身份证号,退役日期\n{},2019-12-01\n{},2019-12-01\n", id(1), id(2)),
    );
    let manifest = world.manifest();
    let rows: Vec<u64> = manifest
        .imports
        .iter()
        .map(|import| import.identities.as_ref().map_or(0, |file| file.rows))
        .collect();
    assert_eq!(rows, [1, 1], "the second file brings one new person");
    let mut opener = world.ring.opener();
    let column = Column::new(identity::TABLE, identity::COLUMN);
    let mut opened = Vec::new();
    for import in &manifest.imports {
        let path = world
            .home()
            .join("registers")
            .join(&import.identities.as_ref().unwrap().path);
        for batch in batches(&path) {
            let (keys, numbers) = (batch.column(1).as_string::<i32>(), batch.column(2).as_binary::<i32>());
            for row in 0..batch.num_rows() {
                let id = opener.open_id(&column, keys.value(row), numbers.value(row)).unwrap();
                assert_eq!(*world.ring.indexer().person(id).text(), *keys.value(row));
                opened.push(id);
            }
        }
    }
    assert_eq!(opened, [person(1), person(2)]);
}

#[test]
fn a_sealed_name_opens_in_its_own_row_only() {
    let world = World::new();
    world.put(
        "person",
        &format!("身份证号,姓名\n{},王小明\n{},李小红\n", id(1), id(2)),
    );
    let path = world.manifest().files("person", None)[0].path(world.store().root());
    let batch = &batches(&path)[0];
    let keys = batch.column_by_name("person_key").unwrap().as_string::<i32>();
    let names = batch.column_by_name("name").unwrap().as_binary::<i32>();
    let mut opener = world.ring.opener();
    let column = Column::new("person", "name");
    let mut read: Vec<String> = (0..2)
        .map(|row| {
            opener
                .open_text(&column, keys.value(row), names.value(row))
                .unwrap()
                .to_owned()
        })
        .collect();
    read.sort();
    assert_eq!(read, ["李小红", "王小明"]);
    assert!(opener.open_text(&column, keys.value(0), names.value(1)).is_err());
}

#[test]
fn what_is_shown_of_a_refused_row_is_masked() {
    let world = World::new();
    let wrong = format!("{}0", &id(7)[..17]);
    let wrong = if wrong == id(7) {
        format!("{}1", &id(7)[..17])
    } else {
        wrong
    };
    let file = world.file(
        "a.csv",
        format!("身份证号,姓名,电话,个人编号\n{wrong},王小明9,1380000000a,见{}\n", id(8)),
    );
    let report = world.import("person", &file);
    let shown: Vec<String> = report.rejects[0]
        .faults
        .iter()
        .map(|fault| fault.shown.clone())
        .collect();
    let tail = |text: &str| text[text.len() - 4..].to_owned();
    assert_eq!(
        shown,
        [
            format!("{}{}", "*".repeat(14), tail(&wrong)),
            "王***".to_owned(),
            format!("见{}{}", "*".repeat(14), tail(&id(8))),
            "*******000a".to_owned(),
        ]
    );
}
