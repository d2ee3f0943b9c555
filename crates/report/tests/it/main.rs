//! Tests of the report crate.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod chart;
mod form;
mod ledger;
mod listing;
mod table;
mod wrap;
