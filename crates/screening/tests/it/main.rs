//! Tests of screening, one file a subject.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may stop at the first surprise, and says how long what it measures took"
)]

mod check_files;
mod checks;
mod frauds;
mod tiny;
