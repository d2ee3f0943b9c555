//! The program at work: blocks of rows, column by column.
//!
//! A block of a register has 4,096 rows, so that what is begun anew for each does not count; one of a case has 1,024, the
//! suppositions or later days that are looked at together. A truth value is two bits, *true* and *known*, in two masks of
//! as many words as 64 go into the rows; a true bit is never set without its known bit. A 64- or 128-bit value has a known
//! mask beside it, and what stands in an unknown lane means nothing. Overflow, a division by zero or a date beyond the
//! calendar make the lane unknown and leave a [`Fault`] behind: no row ever stops the others.

mod against;
mod ahead;
mod between;
mod columns;
mod huges;
mod lanes;
mod longs;
mod masks;
mod reasons;
mod registers;
mod round;
mod rows;
mod run;
mod scattered;
mod shorts;
mod sums;
mod truths;
mod values;
mod verdicts;
mod why;
mod write;

pub use columns::{Column, Columns, Data};
pub use registers::{CaseSpace, Space, Workspace};
pub use verdicts::Tally;
pub use why::{Cause, why};
pub use write::{Decided, Decisions, outcome_of};

pub(crate) use sums::Sum;

use crate::calendar as days;
use crate::typed::Calendar;

/// Rows of a block of a register.
pub const BLOCK: usize = 64 * WORDS;
/// Words of a mask of such a block.
pub(crate) const WORDS: usize = 64;

/// Words of a mask of a block of one case: as many rows as suppositions or later days are looked at together.
pub(crate) const CASE_WORDS: usize = 16;
/// Rows of a block of one case.
pub(crate) const CASE_BLOCK: usize = 64 * CASE_WORDS;

/// Most rows of a block whose rows are picked out of the columns.
pub(crate) const PICKED: usize = 1_024;

/// One bit per row of a block of `W` words.
pub(crate) type Bits<const W: usize = WORDS> = [u64; W];

/// Every row, whether the block has it or not.
pub(crate) const ALL: Bits = [u64::MAX; WORDS];

/// True without a row.
pub(crate) fn is_empty<const W: usize>(rows: &Bits<W>) -> bool {
    rows.iter().fold(0, |seen, word| seen | word) == 0
}

/// No row.
pub(crate) const NONE: Bits = [0; WORDS];

/// An operation that failed in some rows of the block.
#[derive(Debug, Clone)]
pub(crate) struct Fault<const W: usize> {
    /// The operation's index.
    pub(crate) op: u32,
    /// The rows.
    pub(crate) rows: Bits<W>,
}

/// A function of dates on one row; nothing where the result is no date.
pub(crate) fn calendar(function: Calendar, first: i64, second: i64) -> Option<i64> {
    Some(match function {
        Calendar::Age => days::age(first, second),
        Calendar::DaysBetween => second - first,
        Calendar::FullMonths => days::full_months(first, second),
        Calendar::AddMonths => return days::add_months(first, second),
        Calendar::Year => days::year_and_month(first).0,
        Calendar::Month => days::year_and_month(first).1,
    })
}
