//! Tests of screening, one file a subject.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at the first surprise")]

mod order;
mod reform;
mod region;
mod retro;
mod runs;
