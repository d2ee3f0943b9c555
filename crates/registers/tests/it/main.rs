//! Tests of the registers crate: one harness, one module a subject.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at the first surprise")]

mod derive;
mod synth;
mod tiny;
mod whole;
