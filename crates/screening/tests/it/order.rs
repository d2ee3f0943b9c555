//! The same registers give the same bytes, whatever the threads and in whatever order they came in.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::region::{home, imported, order, request, screen, write};

/// SM3 of each file of a run but the manifest, which holds them.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let runs = screening::Runs::of(folder);
    let (manifest, _) = runs.all().expect("runs").pop().expect("one");
    manifest.files
}

#[test]
fn one_thread_and_four_write_the_same_bytes() {
    let (one, four) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let mut wanted = request();
    wanted.threads = 1;
    screen(home(), &wanted, one.path()).expect("a run");
    wanted.threads = 4;
    screen(home(), &wanted, four.path()).expect("a run");
    let (one, four) = (files(one.path()), files(four.path()));
    assert!(one.len() > 10, "{one:?}");
    let differ: Vec<&String> = one
        .iter()
        .filter(|(name, sm3)| four.get(*name) != Some(sm3))
        .map(|(name, _)| name)
        .collect();
    assert!(differ.is_empty() && one.len() == four.len(), "{differ:?}");
}

/// A csv with its rows turned round.
fn turned(from: &Path, to: &Path) {
    let text = fs::read_to_string(from).expect("a csv");
    let (head, rows) = text.split_once('\n').expect("a head");
    let mut rows: Vec<&str> = rows.lines().collect();
    assert!(
        rows.iter().all(|row| !row.contains('"')),
        "no row of {from:?} spans lines"
    );
    rows.reverse();
    let mut text = format!("{head}\n");
    rows.iter().for_each(|row| text.push_str(&format!("{row}\n")));
    fs::write(to, text).expect("a csv");
}

#[test]
fn the_order_of_files_and_of_the_rows_in_them_changes_no_decision() {
    let (one, other) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let (there, back) = (one.path().join("csv"), other.path().join("csv"));
    write(600, 11, &there);
    fs::create_dir_all(&back).expect("a folder");
    for register in order() {
        let name = format!("{register}.csv");
        turned(&there.join(&name), &back.join(&name));
    }
    let mut reversed = order();
    reversed[2..].reverse();
    let homes = [imported(one, &there, &order()), imported(other, &back, &reversed)];
    let [one, other] = homes.map(|home| {
        let runs = tempfile::tempdir().expect("a folder");
        screen(&home, &request(), runs.path()).expect("a run");
        files(runs.path())
    });
    let decided = |name: &&String| name.starts_with("decisions/") || name.starts_with("eligible");
    let differ: Vec<&String> = one
        .keys()
        .filter(decided)
        .filter(|name| one.get(*name) != other.get(*name))
        .collect();
    assert!(one.keys().filter(decided).count() > 5, "{one:?}");
    assert_eq!(differ, Vec::<&String>::new());
}
