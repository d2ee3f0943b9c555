//! Tests of the pure part of the ledger, one module a subject.
#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

mod cost_share;
mod schedule;
mod settlement;
mod transfer;
