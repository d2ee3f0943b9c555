//! The same registers give the same bytes, whatever the threads.

use std::collections::BTreeMap;
use std::path::Path;

use crate::region::{home, request, screen};

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
