//! Cross-checks (疑点): questions that the registers raise about a person or a body, as SQL. A hit is a question to a
//! person who looks into it, never a finding and never a refusal.
//!
//! A check stands in `shared/checks/` or in the `checks/` of a pack, one file each. The file says what it reads, in the
//! names of `registers.toml`; the SQL itself is opaque here and is planned and run by `screening`.

mod load;
mod reads;
mod reason;

use std::collections::BTreeMap;

pub use load::load;
pub use reads::{GIVEN, given_columns};
pub use reason::{Piece, Reason};

use crate::file::Located;

/// The column of a check's result with the key of whom it concerns: a person, a body, a household.
pub const SUBJECT: &str = "subject_key";
/// The column with the key of the row it concerns, as the run of screening writes it; a text or a list of texts.
pub const ROW: &str = "row_key";
/// The column with the keys of further rows that it concerns as much; a text or a list of texts.
pub const OTHER_ROW: &str = "other_row_key";
/// The column with the keys of those whom it concerns as much as the subject, and who are what the subject is: the other
/// side of a pair, everybody under one account. One question then names all of them and is seen beside the rows of each; a
/// text or a list of texts.
pub const PARTY: &str = "party_key";
/// The column with the key of another person or body that has to do with it; a text or a list of texts.
pub const OTHER: &str = "other_key";
/// The column with the key of one more of these.
pub const ANOTHER: &str = "another_key";
/// The column with the month or day it is about.
pub const MONTH: &str = "month";
/// The column with the batch that says so.
pub const VINTAGE: &str = "vintage";
/// The column with the batch of the second register that has to do with it.
pub const OTHER_VINTAGE: &str = "other_vintage";
/// Columns of a check's result that have a meaning of their own; all others are evidence for the reason.
pub const COLUMNS: [&str; 9] = [
    SUBJECT, ROW, OTHER_ROW, PARTY, OTHER, ANOTHER, MONTH, VINTAGE, OTHER_VINTAGE,
];

/// The run's rows that are 初步符合, as a table of checks.
pub const ELIGIBLE: &str = "eligible";
/// The benefits of the packs, as a table of checks.
pub const BENEFIT: &str = "benefit";
/// Pairs of benefits that a rule keeps apart, as a table of checks.
pub const EXCLUSION: &str = "exclusion";
/// What the names of flat tables begin with.
pub const FLAT: &str = "flat_";

/// One check.
#[derive(Debug, Clone)]
pub struct CrossCheck {
    /// The pack it stands in; nothing for one of `shared`.
    pub pack: Option<String>,
    /// Kebab-case; the name of its file.
    pub id: Located<String>,
    /// 疑点名称.
    pub label: String,
    /// What a hit is about: a word of `per`.
    pub about: &'static str,
    /// Lower comes first in lists.
    pub order: i64,
    /// What a person should find out.
    pub question: String,
    /// Why it is asked: with the evidence of each hit.
    pub reason: Reason,
    /// The rule that makes it matter, where one is known.
    pub basis: Option<String>,
    /// Tables and their columns that the SQL reads: registers by id with columns by id, and the given tables.
    pub reads: BTreeMap<String, Vec<String>>,
    /// One query.
    pub sql: Located<String>,
}

impl CrossCheck {
    /// Columns of its result that hold evidence.
    pub fn evidence(&self) -> impl Iterator<Item = &str> {
        self.reason.columns()
    }
}

/// All checks, by id.
#[derive(Debug, Clone, Default)]
pub struct CrossChecks(BTreeMap<String, CrossCheck>);

impl CrossChecks {
    /// The check of that id.
    pub fn get(&self, id: &str) -> Option<&CrossCheck> {
        self.0.get(id)
    }

    /// All of them by id.
    pub fn all(&self) -> impl Iterator<Item = &CrossCheck> {
        self.0.values()
    }

    /// The checks of `shared` and of the packs that `wanted` says so, in the order of lists.
    pub fn of(&self, wanted: impl Fn(&str) -> bool) -> Vec<&CrossCheck> {
        let mut checks: Vec<&CrossCheck> = self
            .all()
            .filter(|check| check.pack.as_deref().is_none_or(&wanted))
            .collect();
        checks.sort_by_key(|check| (check.order, check.id.as_str()));
        checks
    }
}
