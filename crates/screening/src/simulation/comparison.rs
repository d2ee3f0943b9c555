//! What a simulation comes to.

use std::collections::BTreeMap;

use civil::{Day, RegionCode};
use serde::{Deserialize, Serialize};

use super::change::{Change, Flow, Sum};

/// Version of the comparison's JSON.
pub(crate) const FORMAT: u32 = 1;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Question {
    /// The rules as they are, and as a reform would have them.
    Reform,
    /// The documents known when the run was made, and those known later.
    Retro,
}

/// The same rows under two sets of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Version of this JSON.
    pub format: u32,
    /// What is compared.
    pub question: Question,
    /// The run whose rows are decided.
    pub run: String,
    /// The region.
    pub region: RegionCode,
    /// Its name.
    pub region_name: String,
    /// The day the decisions are about.
    pub as_of: Day,
    /// The day whose documents and parameters hold before.
    pub known_on: Day,
    /// For a question of [`Question::Retro`] the day whose documents and parameters hold after.
    pub later_known_on: Option<Day>,
    /// The month of benefits by the month.
    pub month: String,
    /// The reform, as its file says.
    pub reform: Option<Proposal>,
    /// All rows of all benefits.
    pub total: Change,
    /// Every benefit of the run, by document and item.
    pub benefits: Vec<BenefitChange>,
    /// By way of paying and fund.
    pub funds: Vec<FundFlow>,
    /// By level of government.
    pub levels: Vec<LevelFlow>,
    /// By town.
    pub towns: Vec<Line>,
    /// By group of people or employers.
    pub groups: Vec<GroupLine>,
    /// Lines with a number of rows from one to one less than this are withheld.
    pub withheld_below: u64,
    /// For a question of [`Question::Retro`]: what was paid too little and too much.
    pub retro: Option<Retro>,
    /// Whether the flat tables were derived anew, because the other rules ask for more of the history than the run has.
    pub derived_anew: bool,
}

/// A reform, as its file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its name.
    pub name: String,
    /// Who proposes it.
    pub by: Option<String>,
    /// What else should be known.
    pub note: Option<String>,
    /// The benefits it changes.
    pub benefits: Vec<String>,
    /// The parameters it sets.
    pub parameters: Vec<String>,
    /// What it changes, from what into what, in words.
    #[serde(default)]
    pub changes: Vec<String>,
    /// The benefits of the run that it concerns: those it changes, and those whose rules name a parameter it sets.
    #[serde(default)]
    pub concerns: Vec<String>,
    /// By benefit what a row comes to under the reform, in fen, where every row comes to the same.
    #[serde(default)]
    pub each_fen: BTreeMap<String, i64>,
}

/// One benefit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BenefitChange {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The document.
    pub document: String,
    /// The item.
    pub item: String,
    /// What a row is about.
    pub per: String,
    /// Whether there is an amount on either side.
    pub has_amount: bool,
    /// What happens to its rows.
    pub change: Change,
    /// Rows that are 待核实 after, by the gravest reason, in the words of a run's summary.
    #[serde(default)]
    pub waiting: BTreeMap<String, u64>,
}

impl BenefitChange {
    /// Whether its money cannot be told on either side: nobody is 初步符合, and some wait to be verified.
    pub fn is_unmeasured(&self) -> bool {
        let change = &self.change;
        self.has_amount && change.before.rows == 0 && change.after.rows == 0 && change.undetermined_after > 0
    }
}

impl Comparison {
    /// The benefits that the reform concerns.
    pub fn concerned(&self) -> impl Iterator<Item = &BenefitChange> {
        let concerns = self.reform.as_ref().map_or(&[][..], |reform| &reform.concerns);
        self.benefits.iter().filter(|benefit| concerns.contains(&benefit.id))
    }

    /// Whether nothing can be said of the money that the reform moves.
    pub fn is_unmeasured(&self) -> bool {
        self.concerned().next().is_some() && self.concerned().all(BenefitChange::is_unmeasured)
    }
}

/// A way of paying and a fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundFlow {
    /// By which way.
    pub channel: String,
    /// The fund; `n/s` where the documents do not say.
    pub fund: String,
    /// What it pays.
    pub flow: Flow,
}

/// A level of government.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelFlow {
    /// The level; `n/s` where the documents do not say, or share by the day.
    pub level: String,
    /// What it pays.
    pub flow: Flow,
}

/// A town.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Nine digits; empty where the rows do not say.
    pub region: String,
    /// Its name, where it is known.
    pub name: String,
    /// What happens there, as it may leave the office; absent where it is withheld.
    pub change: Option<Change>,
    /// What happens there, for the office's own eyes: it stands in no JSON and in no file.
    #[serde(skip)]
    pub inside: Change,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLine {
    /// By what it is told apart.
    pub dimension: String,
    /// Its name.
    pub label: String,
    /// What happens to it, as it may leave the office; absent where it is withheld.
    pub change: Option<Change>,
    /// What happens to it, for the office's own eyes: it stands in no JSON and in no file.
    #[serde(skip)]
    pub inside: Change,
}

/// What later documents make of decisions that stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retro {
    /// Rows that were paid too little, with the difference.
    pub under: Sum,
    /// Rows that were paid too much, with the difference.
    pub over: Sum,
    /// Rows of which nobody knows yet whether they were paid too much, with what they got.
    pub unsettled: Sum,
    /// Documents that became known in between.
    pub documents: Vec<String>,
    /// Benefits of such documents that the run did not decide.
    pub not_compared: Vec<String>,
    /// Whether what all documents share (parameters, facts, funds) has changed since the run: both sides use it as it is now.
    pub shared_changed: bool,
    /// Every row whose money differs, by table, row and benefit.
    pub cases: Vec<Case>,
}

/// A row whose money differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The benefit.
    pub benefit: String,
    /// What the row is about.
    pub per: String,
    /// The number of the row in its table, from 1.
    pub row: u64,
    /// Its key, entity keys covered but for their last four characters.
    pub key: String,
    /// The town, nine digits; empty where the row does not say.
    pub town: String,
    /// How it stood.
    pub before: Standing,
    /// How it stands.
    pub after: Standing,
    /// Paid too little, in fen.
    pub under_fen: i64,
    /// Paid too much, in fen.
    pub over_fen: i64,
}

/// How a row stands under one set of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// `eligible`, `ineligible`, `undetermined`.
    pub outcome: String,
    /// Document and window of the version that decided.
    pub version: String,
    /// In fen; nothing for a row that is not eligible.
    pub amount_fen: Option<i64>,
}
