//! What comes out for one case, and how it is reached.

mod account;
mod decide;
mod gap;
mod json;
mod later;
mod reason;
mod rows;
mod soon;
mod survey;
mod words;

use civil::Day;
use policy::benefit::Citation;
use serde_json::Value;

pub(crate) use account::decimal_text;
pub use account::split;
pub use decide::{DecideError, Decider};
pub(crate) use gap::Possible;
pub use reason::Reason;
pub use soon::soon;
pub use survey::Survey;
pub use words::{
    FOR_REFERENCE, beside, channel_label, cited, document, due, explain, fact, fact_of, handling, level_label, mark,
    missing, payee_label, set_by,
};

/// The machine's result: it prepares, a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// 初步符合.
    Eligible,
    /// 暂不符合.
    Ineligible,
    /// 待核实.
    Undetermined,
}

impl Outcome {
    /// Its word in files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Ineligible => "ineligible",
            Self::Undetermined => "undetermined",
        }
    }

    /// Its word on an office screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Eligible => "初步符合",
            Self::Ineligible => "暂不符合",
            Self::Undetermined => "待核实",
        }
    }
}

/// A condition with its result.
#[derive(Debug, Clone, PartialEq)]
pub struct ConditionResult {
    /// Its id.
    pub id: String,
    /// Whether it holds; `None` is unknown.
    pub result: Option<bool>,
    /// It in short, in Chinese; the exception's words where an exception took its place.
    pub text: String,
    /// Where it stands.
    pub cite: Citation,
    /// The facts it names, as given; `null` is unknown.
    pub facts: Vec<(String, Value)>,
    /// Those of them whose register was asked and holds nothing, where the dictionary says what that means.
    pub absent: Vec<String>,
    /// For a window that has closed: its last day. Such a row is 已到期, never 不符合.
    pub closed: Option<Day>,
}

/// What is missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// A fact nobody knows.
    Fact(String),
    /// A parameter nobody has set, or a part that another document must set: its id or name, and who should set it.
    Parameter(String, String),
    /// A document that was not known on `known_on`.
    Document(String, Day),
}

/// A stage of payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageAmount {
    /// Its id.
    pub id: String,
    /// The amount in fen; below zero is taken back, `None` is not known yet.
    pub amount_fen: Option<i64>,
    /// What opens it.
    pub event: String,
    /// Working days within which it is paid.
    pub within_working_days: Option<i64>,
}

/// A share of a level of government.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareAmount {
    /// The level.
    pub level: String,
    /// The fund.
    pub fund: String,
    /// The amount in fen.
    pub amount_fen: i64,
}

/// A loan as decided. Rates are decimals as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoanResult {
    /// Most that can be lent, in fen.
    pub limit_fen: Option<i64>,
    /// Highest rate.
    pub rate_ceiling: Option<String>,
    /// The borrower's part.
    pub borrower_rate: Option<String>,
    /// The part finance pays.
    pub subsidy_rate: Option<String>,
    /// Most months.
    pub term_months: Option<i64>,
}

/// A pack used for a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackUsed {
    /// Its id.
    pub id: String,
    /// Its version: the day from which it is known.
    pub version: String,
    /// SM3 of its canonical bytes.
    pub sm3: String,
}

/// A decision on one case.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The benefit.
    pub benefit: String,
    /// Its name on screen.
    pub name: String,
    /// Document and window of the version used.
    pub version: String,
    /// The day the decision is about.
    pub as_of: Day,
    /// The day whose documents, parameters and facts were used.
    pub known_on: Day,
    /// The result.
    pub outcome: Outcome,
    /// Why it is undetermined: the gravest cause.
    pub reason: Option<Reason>,
    /// For `arithmetic` and `conflict`: where in the pack.
    pub places: Vec<String>,
    /// The amount in fen, where it is known and due.
    pub amount_fen: Option<i64>,
    /// Months.
    pub months: Option<i64>,
    /// Per month, in fen.
    pub monthly_fen: Option<i64>,
    /// Who is paid or relieved.
    pub payee: String,
    /// By which way.
    pub channel: String,
    /// The loan.
    pub loan: Option<LoanResult>,
    /// Named parts of the amount: id, name, fen.
    pub breakdown: Vec<(String, String, i64)>,
    /// Stages of payment.
    pub stages: Vec<StageAmount>,
    /// Shares by level of government, which add up to the amount.
    pub shares: Vec<ShareAmount>,
    /// Every condition, in document order.
    pub conditions: Vec<ConditionResult>,
    /// The first false condition in document order.
    pub decided_by: Option<String>,
    /// What is missing.
    pub missing: Vec<Missing>,
    /// What was taken to be so without being told.
    pub assumed: Vec<String>,
    /// The readings it rests on: id, words, whether confirmed.
    pub readings: Vec<(String, String, bool)>,
    /// The first later day on which, nothing else changing, it would be eligible.
    pub eligible_from: Option<Day>,
    /// Packs used.
    pub packs: Vec<PackUsed>,
    /// SM3 of the facts.
    pub facts_sm3: String,
}
