//! Tests of the report crate.

mod ledger;
mod table;
mod wrap;
