//! The rule language: parse, type-check, compile, evaluate over Arrow columns, explain.
//!
//! One compiled program serves one case and ten million. A benefit's conditions and amount are SQL scalar expressions;
//! [`language`] reads them and refuses what is not listed, [`typed`] gives every node its exact type, [`program`] turns
//! all benefits into one list of operations in which each distinct comparison stands once, and [`kernel`] runs that list
//! over blocks of rows or over one case. [`benefit`] says what a benefit of a policy pack compiles to, and
//! [`decision`] what comes out for one case.
//!
//! What is absent here: files other than through `policy`, the clock, randomness, binary floating point.

pub mod benefit;
pub mod calendar;
pub mod case;
pub mod catalogue;
pub mod decision;
pub mod difference;
pub mod engine;
pub mod entitlement;
pub mod figures;
pub mod formula;
pub mod interview;
pub mod kernel;
pub mod language;
pub mod mutation;
pub mod program;
pub mod receipt;
pub mod registry;
pub mod replay;
pub mod situation;
pub mod sql;
pub mod trial;
pub mod typed;

/// Largest amount of money a rule or a case may hold, in fen: 100 万亿元. Beyond it a figure is a slip of the pen.
pub const MAX_FEN: i128 = 10_000_000_000_000_000;

/// A day as days since 1970-01-01.
pub fn day_number(day: civil::Day) -> i64 {
    i64::from(day.days_since_epoch())
}
