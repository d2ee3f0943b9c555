//! Tests of screening, one file a subject.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may stop at the first surprise, and says how many frauds it found"
)]

mod check_files;
mod checks;
mod frauds;
mod full_disk;
mod funds;
mod language;
mod oracle;
mod order;
mod population;
mod questions;
mod reform;
mod region;
mod resolution;
mod retro;
mod runs;
#[path = "../../../registers/tests/it/small_disk.rs"]
mod small_disk;
mod tiny;
