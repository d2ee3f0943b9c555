//! Tests of the binary and of the workspace's shape.

#![expect(
    clippy::expect_used,
    clippy::print_stderr,
    reason = "a test stops at the first surprise, and says when it is skipped"
)]

mod benefits;
mod command_line;
mod decide;
mod derive;
mod edges;
mod extract;
mod key;
mod packs;
mod register;
mod run;
mod screening;
mod serve;
mod simulate;
mod synth;
mod workbook;
