//! The benefit model: what one file of `benefits/` says.
//!
//! Expressions stay text with their place; `rules` compiles them. What a locality or a later document must still say is
//! said to be open (`delegated`, `set_by`, a parameter without a value), never filled in.

mod amend;
mod amount;
mod expressions;
mod history;
mod load;
mod parts;
mod reformed;

use civil::Day;

pub use amend::{Draft, amended};
pub use amount::{Alternative, Alternatives, Amount, Award, Cap, Credit, Loan, LoanTier, Months, Tax, Tier};
pub use expressions::Role;
pub use history::{AtMost, HistoryWindow, Limit, NotWith, Once, Subject};
pub use load::{Benefits, lineage, load, load_one};
pub use parts::{LEVELS, Recovery, Share, SharePart, Stage, StagePart, Staging};
pub(crate) use reformed::reform;

use crate::file::Located;

/// An expression of the rule language, with its place.
pub type Expression = Located<String>;

/// What is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 补贴.
    Subsidy,
    /// 返还.
    Refund,
    /// 津贴、补助金.
    Allowance,
    /// 贷款.
    Loan,
    /// 贴息.
    Interest,
    /// 减免.
    Relief,
    /// 奖励.
    Award,
    /// 服务.
    Service,
}

/// Each kind by its word in files.
pub const KINDS: &[(&str, Kind)] = &[
    ("subsidy", Kind::Subsidy),
    ("refund", Kind::Refund),
    ("allowance", Kind::Allowance),
    ("loan", Kind::Loan),
    ("interest", Kind::Interest),
    ("relief", Kind::Relief),
    ("award", Kind::Award),
    ("service", Kind::Service),
];

/// What the verb of the text gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Whoever meets the conditions has it.
    Entitlement,
    /// A power of an authority (可, 视情, 鼓励, 有条件的): 待核实 without a local rule.
    Discretionary,
    /// An order to carry out a policy that stands elsewhere: nobody can claim from this text alone.
    Directive,
}

/// Whether the text suffices to decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Every test and the amount are in loaded documents.
    Computable,
    /// A test or the amount is set by a document that is not loaded.
    Delegated,
}

/// Who pays, by which way.
pub const CHANNELS: &[&str] = &[
    "hr-budget", "ui-fund", "collection", "bank", "landlord", "civil-affairs", "other-department", "intergovernmental",
];

/// Who is paid or relieved.
pub const PAYEES: &[&str] = &[
    "employer", "host", "founder", "person", "household", "training-institution", "hr-agency", "park", "post-unit",
    "bank", "borrower", "guarantee-institution", "guarantee-fund", "medical-insurance", "government", "n/s",
];

/// What one line of a claim is about.
pub const PER: &[&str] = &[
    "person", "household", "employer", "employment", "contribution-month", "unemployment", "training", "internship",
    "startup", "loan", "post", "placement", "institution", "region",
];

/// Where a clause stands: a document (a pack's id) and an item of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    /// The pack.
    pub document: String,
    /// The item as the pack numbers it.
    pub item: Located<String>,
}

/// Days within which a date must lie, both ends included.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// The date: an expression.
    pub on: Expression,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
    /// The condition in Chinese, where the compiler's own words will not do.
    pub text: Option<String>,
}

/// A condition that must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Its id within the benefit.
    pub id: Located<String>,
    /// It in short, in our own words.
    pub text: String,
    /// The expression.
    pub when: Expression,
    /// Where it stands, if not where the benefit does.
    pub cite: Option<Citation>,
    /// Labelled exceptions in document order: where one's `if` holds, its `when` takes the general one's place.
    pub exceptions: Vec<Exception>,
}

/// A labelled exception of a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Exception {
    /// Its id.
    pub id: Located<String>,
    /// It in short.
    pub text: String,
    /// Whom it is for.
    pub applies: Expression,
    /// What holds instead.
    pub when: Expression,
}

/// A reading (口径) that the benefit rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Its id.
    pub id: Located<String>,
    /// The reading used.
    pub text: String,
    /// The others the text admits.
    pub alternatives: Vec<String>,
    /// Who confirmed it, by what, when; absent while open.
    pub confirmed: Option<String>,
}

/// A public notice that is demanded.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Before what: `before-approval`, `before-payment`, `before-balance`, `after-payment`.
    pub when: String,
    /// How long; absent where the document does not say.
    pub days: Option<i64>,
    /// True for working days.
    pub working: bool,
    /// Who demands it.
    pub basis: String,
}

/// A benefit of a parent document that this one carries out.
#[derive(Debug, Clone, PartialEq)]
pub struct Implements {
    /// The parent's benefit.
    pub id: Located<String>,
    /// For whom, where not for everybody.
    pub circle: Option<Expression>,
}

/// Something a document that is not loaded must say.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// What is open.
    pub what: String,
    /// The document or office that should say it.
    pub set_by: String,
    /// The parameter that will carry it, where there is one: then the parameter keeps the benefit open, until it is set.
    pub parameter: Option<Located<String>>,
}

/// A clause that an officer must judge.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// The clause in our own words.
    pub clause: String,
    /// Why it is not computed.
    pub why: String,
    /// Who decides.
    pub decides: String,
}

/// A benefit as one document has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Benefit {
    /// The pack whose file this is.
    pub pack: String,
    /// The benefit's id.
    pub id: Located<String>,
    /// Its name on screen.
    pub name: String,
    /// What is given.
    pub kind: Kind,
    /// What the verb of the text gives.
    pub right: Right,
    /// The local rule that makes a power a right, where there is one.
    pub local_rule: Option<Citation>,
    /// Whether the text suffices to decide.
    pub status: Status,
    /// What is open, and who should say it.
    pub open: Vec<Open>,
    /// Who is paid or relieved.
    pub payee: String,
    /// By which way.
    pub channel: String,
    /// What one line of a claim is about.
    pub per: String,
    /// Decided one month at a time; the month is `claim.month`.
    pub monthly: bool,
    /// Where it stands.
    pub cite: Citation,
    /// Lower goes first where two compete.
    pub priority: i64,
    /// When it is in force, and which of the case's dates decides.
    pub effective: Option<Window>,
    /// Until when it must be claimed, only where a document says so.
    pub claim_until: Option<Window>,
    /// Only once.
    pub once: Option<Once>,
    /// Only so often, so long or so much.
    pub at_most: Vec<AtMost>,
    /// Not together with others.
    pub not_with: Vec<NotWith>,
    /// The notice demanded.
    pub notice: Option<Notice>,
    /// Readings it rests on.
    pub readings: Vec<Reading>,
    /// Conditions in document order.
    pub conditions: Vec<Condition>,
    /// The amount.
    pub amount: Option<Amount>,
    /// Months: limit, start and deferral.
    pub months: Option<Months>,
    /// The loan.
    pub loan: Option<Loan>,
    /// Tax credits in a fixed order.
    pub credit: Option<Credit>,
    /// Awards by rank.
    pub award: Option<Award>,
    /// Payment in stages.
    pub staging: Option<Staging>,
    /// Shares by level of government.
    pub shares: Vec<Share>,
    /// The fund that pays; `n/s` where the document does not say.
    pub fund: Option<Located<String>>,
    /// The fact that says where a case lies, where it is not the usual one of [`Benefit::place_fact`].
    pub region_fact: Option<Located<String>>,
    /// The parent's benefit it carries out.
    pub implements: Option<Implements>,
    /// The benefit whose text a later document changes: `<pack>/<id>`.
    pub amends: Option<Located<String>>,
    /// Clauses an officer must judge.
    pub untranslated: Vec<Judged>,
}

impl Benefit {
    /// The fact that says where a case lies: a body's own place for what is about employers and their people, else the
    /// place where the claim is received.
    pub fn place_fact(&self) -> Located<String> {
        self.region_fact.clone().unwrap_or_else(|| {
            let usual = match self.per.as_str() {
                "employer" | "employment" | "contribution-month" => "employer.region",
                _ => "claim.region",
            };
            self.id.with(usual.to_owned())
        })
    }

    /// The version: document and window.
    pub fn version(&self) -> String {
        let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
        match &self.effective {
            Some(window) => format!("{}@{}..{}", self.pack, day(window.from), day(window.to)),
            None => self.pack.clone(),
        }
    }
}
