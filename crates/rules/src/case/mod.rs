//! One case: facts as JSON, read against the dictionary.
//!
//! ```json
//! {"person": {"is_disabled": false}, "employer": {"size": "small"}, "claim": {"month": "2020-11"},
//!  "history": [{"benefit": "cx-sme-graduate-bonus", "on": "2020-05-06", "amount_fen": 300000}]}
//! ```
//! A key that is not there is unknown: nobody has said anything. A key with `null` says that the register was asked and
//! holds nothing, and the fact's `when_absent` says what that means. `{"value": 3, "known_from": "2020-11-02"}`, or a list
//! of such, says from which day the value could be known; the latest one not after `known_on` counts.

mod history;
mod read;

use std::collections::BTreeMap;

use serde_json::Value;

pub use history::Grant;
pub use read::{CaseError, latest_known, read};

/// What is known of a fact in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The value in the fact's own unit: fen, days, the number of a code, millionths, 0 or 1.
    Value(i128),
    /// It is known that there is none.
    Absent,
}

/// A case as far as `known_on` lets it be known.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// Facts by number.
    pub facts: BTreeMap<u32, Known>,
    /// The values as they were given, by the fact's name.
    pub given: BTreeMap<String, Value>,
    /// Earlier grants; `None` where nothing was said of them.
    pub history: Option<Vec<Grant>>,
    /// The latest `known_from` of any value.
    pub latest_known: Option<civil::Day>,
    /// SM3 of the facts as given.
    pub sm3: String,
}
