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
mod language;
mod oracle;
mod order;
mod population;
mod reform;
mod region;
mod resolution;
mod retro;
mod runs;
mod tiny;
