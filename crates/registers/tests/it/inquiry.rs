//! Questions to imported registers: the batch of each row, sealed values compared, nothing changed.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use civil::Day;
use registers::inquiry::{Asked, Inquiry, InquiryError, parts};
use seal::KeyRing;

use crate::world::{World, drawn, id, registers};

/// Three people, the third received later; the first two share an account that is written in two ways.
fn world() -> World {
    let world = World::new();
    world.put(
        "person",
        &format!(
            "公民身份号码,姓名,银行账号,联系电话\n{},王小明,6222000000000000123,13800000000\n{},李小红,6222 0000 0000 0000 123,\n",
            id(1),
            id(2)
        ),
    );
    world.put(
        "person",
        &format!("公民身份号码,姓名,银行账号,联系电话\n{},王小明,,138 0000 0000\n", id(3)),
    );
    world
}

fn open(world: &World, ring: Option<&KeyRing>, known_on: &str, marked: bool) -> Result<Inquiry, InquiryError> {
    let known_on = Day::parse(known_on).unwrap();
    let columns = ["name", "account", "phone"].map(str::to_owned);
    let marked = marked.then(|| ("person".to_owned(), BTreeSet::from(columns)));
    let asked = Asked {
        registers: registers(),
        parts: parts(registers(), &world.manifest(), world.store().root(), known_on),
        marked: marked.into_iter().collect(),
        as_of: known_on,
        known_on,
        scratch: world.folder.path().join("scratch"),
        memory_bytes: 64 << 20,
        threads: 2,
    };
    Inquiry::open(&asked, ring)
}

/// The numbers in the only column of an answer.
fn numbers(inquiry: &Inquiry, sql: &str) -> Vec<i64> {
    let mut numbers = Vec::new();
    let answered: Result<(), InquiryError> = inquiry.each(sql, |batch| {
        let column = batch.column(0).as_primitive::<Int64Type>();
        numbers.extend((0..column.len()).map(|row| column.value(row)));
        Ok(())
    });
    answered.unwrap();
    numbers
}

#[test]
fn each_row_has_its_batch_and_a_day_before_the_first_import_has_none() {
    let world = world();
    let inquiry = open(&world, Some(&world.ring), "2020-12-01", false).unwrap();
    // The second import wrote the partition anew: all its rows now come with it.
    assert_eq!(numbers(&inquiry, "SELECT vintage FROM person ORDER BY 1"), [2, 2, 2]);
    let inquiry = open(&world, Some(&world.ring), "2020-11-30", false).unwrap();
    assert_eq!(numbers(&inquiry, "SELECT vintage FROM person"), Vec::<i64>::new());
}

#[test]
fn sealed_values_compare_by_marks_and_never_show() {
    let world = world();
    let inquiry = open(&world, Some(&world.ring), "2020-12-01", true).unwrap();
    let same = |column: &str| {
        let sql = format!(
            "SELECT count(*) FROM person_marks a JOIN person_marks b ON a.{column} = b.{column} AND a.person_key < b.person_key"
        );
        numbers(&inquiry, &sql)
    };
    assert_eq!(
        (same("name_key"), same("account_key"), same("phone_key")),
        (vec![1], vec![1], vec![1])
    );
    let masked = "SELECT count(*) FROM person_marks WHERE account_masked = '***************0123'";
    assert_eq!(numbers(&inquiry, masked), [2]);
    let scratch = std::fs::read(world.folder.path().join("scratch/person_marks.parquet")).unwrap();
    for clear in ["王小明", "6222000000000000123", "13800000000"] {
        assert!(!scratch.windows(clear.len()).any(|bytes| bytes == clear.as_bytes()));
    }
}

#[test]
fn without_keys_or_with_others_sealed_values_are_not_compared() {
    let world = world();
    assert!(matches!(
        open(&world, None, "2020-12-01", true),
        Err(InquiryError::NoKeys)
    ));
    let other = KeyRing::draw(&mut drawn(99)).unwrap();
    let refused = open(&world, Some(&other), "2020-12-01", true).err().unwrap();
    assert!(
        refused.to_string().starts_with("数据表“实名制就业登记”的“"),
        "{refused}"
    );
    assert!(
        open(&world, None, "2020-11-30", true).is_ok(),
        "nothing is sealed where there is nothing"
    );
}

#[test]
fn nothing_but_a_query_is_answered() {
    let world = world();
    let inquiry = open(&world, Some(&world.ring), "2020-12-01", false).unwrap();
    let outside = world.folder.path().join("outside.csv");
    for statement in [
        "DROP VIEW person".to_owned(),
        "CREATE TABLE t AS SELECT 1".to_owned(),
        "INSERT INTO person SELECT * FROM person".to_owned(),
        format!("COPY (SELECT vintage FROM person) TO '{}'", outside.display()),
        "SET datafusion.execution.batch_size = 1".to_owned(),
    ] {
        let answered: Result<(), InquiryError> = inquiry.each(&statement, |_| Ok(()));
        assert!(answered.is_err(), "{statement}");
    }
    assert!(!outside.exists());
    assert_eq!(numbers(&inquiry, "SELECT count(*) FROM person"), [3]);
}

#[test]
fn an_outline_tells_what_is_given_and_read() {
    let world = World::new();
    let inquiry = open(&world, None, "2020-12-01", false).unwrap();
    let outline = inquiry
        .outline("SELECT p.person_key AS who, count(*) AS n FROM person p JOIN death d USING (person_key) WHERE d.died_on < $as_of GROUP BY 1")
        .unwrap();
    let gives: Vec<&str> = outline.gives.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(gives, ["who", "n"]);
    let of = |columns: &[&str]| {
        columns
            .iter()
            .map(|column| (*column).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let reads = BTreeMap::from([
        ("death".to_owned(), of(&["died_on", "person_key"])),
        ("person".to_owned(), of(&["person_key"])),
    ]);
    assert_eq!(outline.reads, reads);
}
