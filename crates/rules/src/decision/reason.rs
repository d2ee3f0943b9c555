//! Why a decision is undetermined, in one word: the gravest cause.

use std::collections::BTreeSet;

use crate::kernel::Cause;

/// The gravest cause of an undetermined decision. The numbers stand in the files of a screening run and never change;
/// 0 is a decision that is not undetermined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    /// Nobody knows a fact.
    Fact = 1,
    /// Nobody has set a parameter for that day: no fact of the case would help.
    Parameter = 2,
    /// An operation overflowed, divided by zero, left the calendar, or an amount came out below zero.
    Arithmetic = 3,
    /// Several exceptions hold at once.
    Conflict = 4,
    /// The document gives a power without a local rule.
    Discretionary = 5,
    /// The document orders what must be arranged elsewhere.
    Directive = 6,
    /// A part is left to a document that is not loaded.
    Delegated = 7,
    /// The document was not known on the day; no run holds such a row.
    Document = 8,
}

impl Reason {
    /// All, by number.
    pub const ALL: [Self; 8] = [
        Self::Fact,
        Self::Parameter,
        Self::Arithmetic,
        Self::Conflict,
        Self::Discretionary,
        Self::Directive,
        Self::Delegated,
        Self::Document,
    ];

    /// Its number in files.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The reason of a number; nothing for 0 and for numbers that stand for none.
    pub fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.number() == number)
    }

    /// Its word in a decision. A missing fact and a missing parameter share one: what is missing is listed beside it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fact | Self::Parameter => "missing",
            Self::Arithmetic => "arithmetic",
            Self::Conflict => "conflict",
            Self::Discretionary => "discretionary",
            Self::Directive => "directive",
            Self::Delegated => "delegated",
            Self::Document => "document",
        }
    }

    /// The reason that an open condition (see [`crate::benefit::Origin::Open`]) gives.
    pub(crate) fn of_open(condition: &str) -> Option<Self> {
        match condition {
            "local-rule" => Some(Self::Discretionary),
            "directive" => Some(Self::Directive),
            "delegated" => Some(Self::Delegated),
            _ => None,
        }
    }

    /// The gravest of the causes and of what keeps the benefit open: a mistake before what another document must say,
    /// that before a parameter, and a fact, which the office can ask for, last.
    pub(crate) fn gravest(causes: &BTreeSet<Cause>, open: Option<Self>) -> Self {
        if causes.iter().any(|cause| matches!(cause, Cause::Conflict(_))) {
            Self::Conflict
        } else if causes.contains(&Cause::Arithmetic) {
            Self::Arithmetic
        } else if let Some(open) = open {
            open
        } else if causes.iter().any(|cause| matches!(cause, Cause::Parameter(_))) {
            Self::Parameter
        } else {
            Self::Fact
        }
    }
}
