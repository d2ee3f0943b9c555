//! Tests of the registers crate: one harness, one module a subject.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may stop at the first surprise, and says when it is skipped"
)]

mod basis;
// The same writer of xls files as the tests of `document` use.
#[path = "../../../document/tests/it/compound.rs"]
mod compound;
mod derive;
mod encodings;
mod headers;
mod hostile;
mod inquiry;
mod mending;
mod planted;
mod rekey;
mod retention;
mod secrecy;
mod small_disk;
mod synth;
mod tiny;
mod values;
mod verify;
mod view;
mod vintages;
mod whole;
mod workbooks;
mod world;
