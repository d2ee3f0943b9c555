//! The key folder: what is made where, and what is left whenever a change breaks off.

use std::fs;
use std::path::Path;

use seal::{Column, FolderError, KeyFolder, KeyId, Rekeying};

use crate::drawn::{Seeded, person};

fn home() -> (tempfile::TempDir, KeyFolder) {
    let home = tempfile::tempdir().expect("a home");
    let folder = KeyFolder::of(home.path());
    (home, folder)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    names
}

fn number(number: u16) -> KeyId {
    KeyId::new(number).expect("not 0")
}

#[test]
fn first_keys_are_made_once_and_read_back() {
    let (home, folder) = home();
    assert!(matches!(folder.load(), Err(FolderError::Absent(_))));
    assert!(matches!(folder.rotate(&mut Seeded(1)), Err(FolderError::Absent(_))));
    assert!(names(home.path()).is_empty(), "asking makes nothing");
    let made = folder.create(&mut Seeded(1)).expect("keys");
    assert_eq!(names(home.path()), ["keys", "keys.lock"]);
    assert_eq!(names(&folder.path()), ["index-1.key", "ring.toml", "sealing-1.key"]);
    let read = folder.load().expect("the ring");
    assert_eq!(read.index_check(), made.index_check());
    assert_eq!(read.sealing_check(read.active()), made.sealing_check(made.active()));
    assert_eq!(read.indexer().person(person(1)), made.indexer().person(person(1)));
    let before = fs::read(folder.path().join("sealing-1.key")).expect("the key");
    assert!(matches!(folder.create(&mut Seeded(2)), Err(FolderError::Exists(_))));
    assert_eq!(fs::read(folder.path().join("sealing-1.key")).expect("the key"), before);
}

#[cfg(unix)]
#[test]
fn everything_is_its_owners_alone_and_refused_when_it_is_not() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_home, folder) = home();
    folder.create(&mut Seeded(1)).expect("keys");
    folder.rotate(&mut Seeded(2)).expect("another key");
    folder.stage(&mut Seeded(3)).expect("another index key");
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path()), 0o700);
    for name in names(&folder.path()) {
        assert_eq!(mode(&folder.path().join(&name)), 0o600, "{name}");
    }
    for (path, wide, private) in [
        (folder.path().join("sealing-1.key"), 0o640, 0o600),
        (folder.path().join("ring.toml"), 0o602, 0o600),
        (folder.path(), 0o750, 0o700),
    ] {
        let set = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
        set(wide);
        let error = folder.load().expect_err("others can get at it");
        assert!(
            matches!(&error, FolderError::Exposed { mode, .. } if *mode == wide),
            "{error}"
        );
        set(private);
        folder.load().expect("private again");
    }
}

#[test]
fn a_rotation_adds_a_key_and_the_old_one_still_opens() {
    let (_home, folder) = home();
    let column = Column::new("person", "resident_id");
    let first = folder.create(&mut Seeded(1)).expect("keys");
    let old = first
        .sealer(&mut Seeded(5))
        .expect("a sealer")
        .seal_one(&column, "row", b"old")
        .expect("sealed");
    let rotated = folder.rotate(&mut Seeded(2)).expect("another key");
    assert_eq!(rotated.active(), number(2));
    assert_eq!(rotated.index(), number(1));
    let read = folder.load().expect("the ring");
    assert_eq!(read.sealing_keys().collect::<Vec<_>>(), [number(1), number(2)]);
    let new = read
        .sealer(&mut Seeded(6))
        .expect("a sealer")
        .seal_one(&column, "row", b"new")
        .expect("sealed");
    assert_eq!((old.key(), new.key()), (1, 2));
    let mut opener = read.opener();
    assert_eq!(opener.open(&column, "row", old.as_bytes()), Ok(&b"old"[..]));
    assert_eq!(opener.open(&column, "row", new.as_bytes()), Ok(&b"new"[..]));
    assert_eq!(
        read.indexer().person(person(1)),
        first.indexer().person(person(1)),
        "persons keep their keys"
    );
    assert!(
        first.opener().open(&column, "row", new.as_bytes()).is_err(),
        "a ring read before does not know it"
    );
}

#[test]
fn what_a_broken_off_change_leaves_is_ignored_and_its_number_is_not_given_out_again() {
    let (home, folder) = home();
    // Killed while the first keys were being written.
    fs::create_dir(home.path().join("keys.part")).expect("made");
    fs::write(home.path().join("keys.part/sealing-1.key"), "format = 1\nki").expect("written");
    let made = folder.create(&mut Seeded(1)).expect("keys");
    assert_eq!(names(home.path()), ["keys", "keys.lock"]);
    // Killed while a key was being written, and while the ring was.
    fs::write(folder.path().join("sealing-2.key"), "format = 1\nki").expect("written");
    fs::write(folder.path().join("ring.toml.part"), "format").expect("written");
    assert_eq!(folder.load().expect("the ring").active(), made.active());
    assert_eq!(folder.rotate(&mut Seeded(2)).expect("another key").active(), number(3));
    assert_eq!(
        fs::read(folder.path().join("sealing-2.key")).expect("left"),
        b"format = 1\nki"
    );
    assert_eq!(folder.load().expect("the ring").sealing_keys().count(), 2);
}

#[test]
fn keys_without_their_ring_file_are_never_made_anew() {
    let (_home, folder) = home();
    folder.create(&mut Seeded(1)).expect("keys");
    fs::remove_file(folder.path().join("ring.toml")).expect("removed");
    assert!(matches!(folder.load(), Err(FolderError::Incomplete(_))));
    assert!(matches!(folder.create(&mut Seeded(2)), Err(FolderError::Incomplete(_))));
    assert_eq!(names(&folder.path()), ["index-1.key", "sealing-1.key"]);
}

#[test]
fn an_empty_folder_may_become_the_key_folder() {
    let (_home, folder) = home();
    fs::create_dir(folder.path()).expect("made");
    folder.create(&mut Seeded(1)).expect("keys");
    folder.load().expect("the ring, private again");
}

#[test]
fn a_missing_key_file_is_named() {
    let (_home, folder) = home();
    folder.create(&mut Seeded(1)).expect("keys");
    fs::remove_file(folder.path().join("index-1.key")).expect("removed");
    let error = folder.load().expect_err("a key is missing");
    assert!(error.to_string().contains("index-1.key"), "{error}");
    assert!(matches!(error, FolderError::Incomplete(_)));
}

#[test]
fn two_changes_at_once_are_one_too_many() {
    let (home, folder) = home();
    folder.create(&mut Seeded(1)).expect("keys");
    let lock = fs::File::open(home.path().join("keys.lock")).expect("the lock");
    lock.lock().expect("held");
    assert!(matches!(folder.rotate(&mut Seeded(2)), Err(FolderError::Busy)));
    folder.load().expect("reading needs no lock");
    drop(lock);
    folder.rotate(&mut Seeded(2)).expect("another key");
}

/// The state of the folder after every step of a change of the index key, as a kill would leave it.
#[test]
fn whenever_a_change_of_the_index_key_breaks_off_one_ring_holds_and_the_change_goes_on() {
    let (_home, folder) = home();
    let before = folder.create(&mut Seeded(1)).expect("keys");
    assert!(matches!(folder.put_in_place(), Err(FolderError::NotStaged)));
    assert!(matches!(folder.abandon(), Err(FolderError::NotStaged)));
    assert!(folder.staged().expect("read").is_none());

    // Killed after the index key was written, before the ring that comes was.
    fs::write(folder.path().join("index-2.key"), "format").expect("written");
    assert_eq!(folder.load().expect("the ring").index(), number(1));

    let next = folder.stage(&mut Seeded(2)).expect("begun");
    assert_eq!(next.index(), number(3));
    let holds = folder.load().expect("the ring");
    assert_eq!(holds.index(), number(1));
    assert_eq!(holds.indexer().person(person(1)), before.indexer().person(person(1)));

    // Killed in the middle of the job: taken up again, the ring that comes is the same.
    let again = folder.stage(&mut Seeded(99)).expect("taken up");
    assert_eq!(again.index_check(), next.index_check());
    assert_eq!(again.indexer().person(person(1)), next.indexer().person(person(1)));
    assert!(matches!(folder.rotate(&mut Seeded(3)), Err(FolderError::Staged)));
    Rekeying::new(&holds, &again, &mut Seeded(4)).expect("both rings are whole");

    let put = folder.put_in_place().expect("ended");
    assert_eq!(put.index(), number(3));
    let after = folder.load().expect("the ring");
    assert_eq!(after.indexer().person(person(1)), next.indexer().person(person(1)));
    assert_ne!(after.indexer().person(person(1)), before.indexer().person(person(1)));
    assert!(folder.staged().expect("read").is_none());
    assert!(
        folder.path().join("index-1.key").exists(),
        "what an old backup holds can still be read"
    );
    assert_eq!(folder.rotate(&mut Seeded(3)).expect("another key").active(), number(2));
}

#[test]
fn a_change_of_the_index_key_can_be_given_up() {
    let (_home, folder) = home();
    folder.create(&mut Seeded(1)).expect("keys");
    folder.stage(&mut Seeded(2)).expect("begun");
    folder.abandon().expect("given up");
    assert_eq!(folder.load().expect("the ring").index(), number(1));
    assert_eq!(folder.stage(&mut Seeded(2)).expect("begun again").index(), number(3));
}

#[test]
fn a_ring_that_is_damaged_is_not_put_in_place() {
    let (_home, folder) = home();
    folder.create(&mut Seeded(1)).expect("keys");
    folder.stage(&mut Seeded(2)).expect("begun");
    fs::write(folder.path().join("index-2.key"), "format = 1\n").expect("written");
    assert!(matches!(folder.put_in_place(), Err(FolderError::File { .. })));
    assert_eq!(folder.load().expect("the ring").index(), number(1));
}
