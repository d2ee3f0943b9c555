//! A disk that is full before a run is whole.

use screening::Runs;

use crate::region::{home, request, screen};
use crate::small_disk::SmallDisk;

#[test]
fn a_disk_that_is_full_before_a_run_is_whole_leaves_no_run_and_the_registers_as_they_were() {
    let Some(disk) = SmallDisk::mount(400) else { return };
    let folder = home().registers();
    let before = std::fs::read(folder.root().join(registers::manifest::FILE)).expect("a manifest");
    let error = screen(home(), &request(), disk.path()).expect_err("no room");
    assert!(
        error.to_string().contains("No space left") || error.to_string().contains("空间"),
        "{error}"
    );
    assert_eq!(Runs::of(disk.path()).all().expect("a readable folder").len(), 0);
    let after = std::fs::read(folder.root().join(registers::manifest::FILE)).expect("a manifest");
    assert_eq!(after, before);

    // Room again: the same run is made, and nothing is left of the first.
    let whole = tempfile::tempdir().expect("a folder");
    let made = screen(home(), &request(), whole.path()).expect("a run");
    assert!(made.summary.benefits.iter().any(|benefit| benefit.eligible > 0));
}
