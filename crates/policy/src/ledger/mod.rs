//! The responsibility ledger of the packs: who must do what by when, as of a day, seen from a region.
//!
//! [`Scope`] says which tasks are asked for, [`Duty`] is one of them in the words of an office, [`group`] puts them under
//! units, [`contract()`] is their JSON. What stands on a screen or in a workbook is up to the caller.

mod contract;
mod duty;
mod group;
mod names;
mod obligation;
mod scope;
mod tally;

use civil::Day;

pub use contract::{Contract, contract};
pub use duty::{Duty, NOT_STATED, SUMMARY, Sources, Wording};
pub use group::{Group, LEAD_OPEN, groups, note, pack_remarks, region_name};
pub use obligation::{Falls, OBLIGATIONS, Obligation};
pub use scope::{ROLES, Scope, Wanted, suggested_name};
pub use tally::{Count, MonthTally, UnitTally, by_month, by_unit};

/// What was asked for does not exist: what, and what to do, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}；{hint}")]
pub struct Refused {
    /// What is not there.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// What may be asked for instead.
    pub instead: Vec<Instead>,
}

/// The name of a group to which the unit asked for belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instead {
    /// Code of the region whose documents use it.
    pub region: Option<String>,
    /// The name.
    pub unit: String,
    /// Its tasks.
    pub tasks: usize,
}

impl Refused {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: hint.into(),
            instead: Vec::new(),
        }
    }
}

/// The day the lights are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// The day.
    pub day: Day,
    /// Why this day.
    pub basis: AsOfBasis,
}

/// Why a ledger is about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOfBasis {
    /// Somebody asked for it.
    Asked,
    /// Nobody said it: the latest `known_from` of what is loaded stands in.
    LatestKnownFrom,
    /// Nobody said it: the day it is.
    Today,
}

impl AsOfBasis {
    /// As the contract says it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::LatestKnownFrom => "latest-known-from",
            Self::Today => "today",
        }
    }
}
