//! Tests of the value types, one module a subject.

#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

mod account_number;
mod calendar;
mod capital;
mod characters;
mod credit_code;
mod day;
mod money;
mod month;
mod numeral;
mod rate;
mod region_code;
mod resident_id;
mod rounding;
mod term;
