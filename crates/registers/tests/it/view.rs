//! Rows as they are shown: covered, and only those that are asked for.

use civil::{Day, RegionCode};
use registers::view::{self, View, Wanted};

use crate::world::{Asked, World, credit, id, person, registers};

fn shown(world: &World, register: &str, wanted: &Wanted) -> View {
    let register = registers().get(register).unwrap();
    view::rows(
        &world.store(),
        &world.manifest(),
        registers(),
        register,
        &world.ring,
        wanted,
    )
    .unwrap()
}

fn all(limit: usize) -> Wanted {
    Wanted {
        limit,
        ..Wanted::default()
    }
}

fn filled() -> World {
    let world = World::new();
    world.put("employer", &format!("统一社会信用代码,单位名称\n{},某厂\n", credit(1)));
    world.put(
        "person",
        &format!(
            "公民身份号码,姓名,联系电话,银行账号,农民工,常住地\n{},欧阳小明,13800001234,6222990000000000123,是,慈溪市\n",
            id(1)
        ),
    );
    world.put(
        "contribution",
        &format!(
            "公民身份号码,统一社会信用代码,费款所属期,缴费基数,已到账\n{0},{1},2020-01,3957.5,是\n{0},{1},2020-02,3957.5,是\n",
            id(1),
            credit(1)
        ),
    );
    world
}

#[test]
fn names_numbers_and_accounts_are_covered_but_for_their_ends() {
    let world = filled();
    let view = shown(&world, "person", &all(10));
    let row = view.rows[0].join("|");
    let key = world.ring.indexer().person(person(1)).text().to_string();
    for part in [
        person(1).masked(),
        key,
        "欧***".to_owned(),
        "*******1234".to_owned(),
        "是".to_owned(),
    ] {
        assert!(row.contains(&part), "{part} in {row}");
    }
    assert!(row.contains("***************0123") && row.contains("330282"), "{row}");
    for secret in [&id(1)[..], "小明", "13800001234", "6222990000000000123", &id(1)[6..14]] {
        assert!(!row.contains(secret), "{secret} in {row}");
    }
}

#[test]
fn values_are_shown_as_people_write_them() {
    let world = filled();
    let view = shown(&world, "contribution", &all(10));
    let row = view.rows[0].join("|");
    assert!(row.starts_with("330282|2020-01|") && row.contains(&credit(1)), "{row}");
    assert!(row.contains("|2020-01|") && row.contains("|3,957.50元|"), "{row}");
}

#[test]
fn rows_are_found_by_region_key_and_day_and_no_more_than_asked() {
    let world = filled();
    let other = Asked {
        region: "330281",
        received: "2020-12-05",
        ..Asked::default()
    };
    let file = world.file("b.csv", format!("公民身份号码,姓名\n{},王二\n", id(2)));
    world.try_import("person", &file, &other).unwrap();
    assert_eq!(shown(&world, "person", &all(10)).rows.len(), 2);
    let one = shown(&world, "person", &all(1));
    assert_eq!((one.rows.len(), one.more), (1, true));
    let of_region = Wanted {
        region: Some(RegionCode::parse("330281").unwrap()),
        ..all(10)
    };
    assert_eq!(shown(&world, "person", &of_region).rows[0][0], "330281");
    let of_key = Wanted {
        key: Some(world.ring.indexer().person(person(1)).text().to_string()),
        ..all(10)
    };
    let found = shown(&world, "contribution", &of_key);
    assert_eq!((found.rows.len(), found.more), (2, false));
    assert_eq!(shown(&world, "person", &of_key).rows.len(), 1);
    let early = Wanted {
        known_on: Day::parse("2020-12-04").ok(),
        ..all(10)
    };
    assert_eq!(shown(&world, "person", &early).rows.len(), 1);
    let nobody = Wanted {
        key: Some("0".repeat(26)),
        ..all(10)
    };
    assert!(shown(&world, "person", &nobody).rows.is_empty());
}
