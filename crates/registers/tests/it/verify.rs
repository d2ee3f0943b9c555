//! Every file against the manifest.

use std::fs;

use registers::verify::{Damage, verify};

use crate::world::{World, id};

fn people(count: u32) -> String {
    let lines: Vec<String> = (1..=count).map(|number| format!("{},王小明", id(number))).collect();
    format!("公民身份号码,姓名\n{}\n", lines.join("\n"))
}

#[test]
fn missing_changed_cut_and_unknown_files_are_told_apart() {
    let world = World::new();
    for count in [10, 20, 30] {
        world.put("person", &people(count));
    }
    let root = world.store().root().to_owned();
    let look = || {
        let verified = verify(&world.store(), &world.manifest(), &|_| {}).unwrap();
        assert_eq!(verified.files, 6);
        let findings: Vec<String> = verified
            .findings
            .iter()
            .map(|finding| format!("{} {}", finding.path, finding.damage))
            .collect();
        (findings, verified.extra)
    };
    assert_eq!(look(), (vec![], vec![]));
    let paths: Vec<String> = world.manifest().files_named().map(|file| file.path.clone()).collect();
    let of = |start: &str, place: usize| {
        let those: Vec<&String> = paths.iter().filter(|path| path.starts_with(start)).collect();
        those[place].clone()
    };
    let (first, second, third) = (of("person/", 0), of("person/", 1), of("identity/", 2));
    fs::remove_file(root.join(&first)).unwrap();
    let mut bytes = fs::read(root.join(&second)).unwrap();
    bytes[100] ^= 1;
    fs::write(root.join(&second), &bytes).unwrap();
    let bytes = fs::read(root.join(&third)).unwrap();
    fs::write(root.join(&third), &bytes[1..]).unwrap();
    fs::write(root.join("person/330282/snapshot/000077.parquet"), "x").unwrap();
    let (findings, extra) = look();
    assert_eq!(
        findings,
        [
            format!("{first} {}", Damage::Missing),
            format!("{second} {}", Damage::Changed),
            format!(
                "{third} {}",
                Damage::Size {
                    expected: bytes.len() as u64,
                    found: bytes.len() as u64 - 1
                }
            ),
        ]
    );
    assert_eq!(extra, ["person/330282/snapshot/000077.parquet"]);
}
