//! Tests of the web crate: one harness, one module a subject.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may stop at the first surprise, and says when it is skipped"
)]

mod api;
mod browser;
mod catalogue;
mod citizen;
mod contrast;
mod corrections;
mod coverage;
mod documents;
mod duties;
mod errors;
mod forms;
mod homes;
mod interviews;
mod limits;
mod pages;
mod questions;
mod screenings;
mod server;
mod simulations;
mod site;
mod tables;
mod uploads;
