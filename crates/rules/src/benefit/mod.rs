//! Benefits compiled: everything that can refuse a case is a condition, visible as one.
//!
//! Written conditions come first, in document order; then what the file declares: exactly one tier, the loan's limit and
//! rate, the award's rank, months, the window, the claim date, once, at most, not with others, a child region's own
//! benefit, and last what keeps a benefit from being decided at all (a power without a local rule, an order, a part that
//! another document must set).

mod compile;
mod declared;
mod history;
mod money;

use policy::benefit::{Benefit, Citation};

pub(crate) use compile::selector_names;
pub use compile::{Carried, Surroundings, compile};
pub use history::{HistoryFact, Measure, Span};

use crate::decision::Reason;
use crate::kernel::Sum;
use crate::program::{Mask, Narrow, Register};

/// Most conditions of a benefit: one bit each in a decision's masks.
pub const MAX_CONDITIONS: usize = 64;

/// Most taxes that a credit is taken from, one after another: what is left for each says all that was taken before, so
/// that its expression doubles with every tax.
pub const MAX_TAXES: usize = 8;

/// The id of the condition that a benefit's window makes.
pub const EFFECTIVE: &str = "effective";

/// The id of the condition that its claim date makes.
pub const CLAIM_UNTIL: &str = "claim-until";

/// What the id of a condition begins with that keeps out whom a child region's own benefit covers; its id follows.
pub const OUTSIDE: &str = "outside-";

/// Where a condition comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Written in the file.
    Written,
    /// Declared in the file and turned into a condition.
    Declared,
    /// The window of `effective`.
    Window,
    /// Always unknown: a power without a local rule, an order, a delegated part.
    Open,
}

/// On which days the passing of time alone may change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moves {
    /// On none.
    Never,
    /// On the first of a month: a count of months goes up.
    Monthly,
    /// On any day.
    Daily,
}

/// A compiled condition.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Its id.
    pub id: String,
    /// It in short, in Chinese.
    pub text: String,
    /// Where it stands.
    pub cite: Citation,
    /// Where it comes from.
    pub origin: Origin,
    /// Its truth.
    pub mask: Mask,
    /// The facts it names, in the order of the text.
    pub facts: Vec<u32>,
    /// Its labelled exceptions: id, text, selector.
    pub exceptions: Vec<(String, String, Mask)>,
    /// Where its expression stands, for messages.
    pub place: String,
    /// How the passing of time alone may change it.
    pub moves: Moves,
}

/// A condition's turn where each is asked only what the ones before have left open.
#[derive(Debug, Clone)]
pub struct Step {
    /// Which condition.
    pub condition: usize,
    /// Operations that it needs and no step before does.
    pub ops: Vec<u32>,
}

/// A named amount beside the total.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its id: a tax, a tier.
    pub id: String,
    /// Its name on screen.
    pub name: String,
    /// The amount in fen, or the truth of a tier.
    pub register: Register,
}

/// The loan's registers.
#[derive(Debug, Clone, Default)]
pub struct Loan {
    /// Limit in fen.
    pub limit: Option<Narrow>,
    /// Rates, with their digits after the point.
    pub rate_ceiling: Option<(Register, u8)>,
    /// The borrower's part.
    pub borrower_rate: Option<(Register, u8)>,
    /// The part finance pays.
    pub subsidy_rate: Option<(Register, u8)>,
    /// Months.
    pub term_months: Option<Narrow>,
}

/// One document's version of a benefit, compiled.
#[derive(Debug, Clone)]
pub struct Version {
    /// What the file says.
    pub benefit: Benefit,
    /// Document and window.
    pub version: String,
    /// Benefits that count as this one where a month must not be paid twice.
    pub kin: Vec<String>,
    /// The conditions, at most [`MAX_CONDITIONS`].
    pub conditions: Vec<Condition>,
    /// Which of them says that the case lies in the document's region.
    pub place: Option<usize>,
    /// The truth of its window, where it has one.
    pub window: Option<Mask>,
    /// The truth of the date lying after the window's last day.
    pub window_over: Option<Mask>,
    /// The amount in fen.
    pub amount: Option<Narrow>,
    /// The facts the amount rests on.
    pub amount_facts: Vec<u32>,
    /// Conflicts of the amount: id, text, selector.
    pub amount_exceptions: Vec<(String, String, Mask)>,
    /// Per month, in fen.
    pub monthly: Option<Narrow>,
    /// Months.
    pub months: Option<Narrow>,
    /// Named parts of the amount.
    pub breakdown: Vec<Part>,
    /// The loan.
    pub loan: Option<Loan>,
    /// Estimate and actual sum of a staged payment, in fen.
    pub staging: Option<(Narrow, Narrow)>,
    /// When prepaid money is taken back, and how much.
    pub recovery: Option<(Mask, Narrow)>,
    /// For each window of shares, its truth.
    pub shares: Vec<Option<Mask>>,
    /// Operations that the conditions need.
    pub condition_ops: Vec<u32>,
    /// Operations that the place needs.
    pub place_ops: Vec<u32>,
    /// Operations that the window needs.
    pub window_ops: Vec<u32>,
    /// The conditions beside the place, from cheap to dear.
    pub steps: Vec<Step>,
    /// How the amount is summed without being computed row by row, where that can be.
    pub(crate) sum: Option<Sum>,
    /// Operations that the amount and the months need.
    pub amount_ops: Vec<u32>,
    /// Operations that the conditions and the amount alone need: where an undetermined row has its cause.
    pub cause_ops: Vec<u32>,
    /// Those of them that take a parameter which may have no value.
    pub parameter_ops: Vec<u32>,
    /// What keeps the benefit from being decided at all.
    pub open: Option<Reason>,
    /// Operations that everything else needs.
    pub other_ops: Vec<u32>,
    /// How the passing of time alone may change the amount.
    pub amount_moves: Moves,
}

impl Version {
    /// The condition that the case lies in the document's region.
    pub fn place(&self) -> Option<&Condition> {
        self.place.and_then(|place| self.conditions.get(place))
    }

    /// The registers of the conditions.
    pub fn condition_registers(&self) -> Vec<Register> {
        self.conditions
            .iter()
            .map(|condition| Register::Mask(condition.mask))
            .chain(self.window.map(Register::Mask))
            .collect()
    }
}
