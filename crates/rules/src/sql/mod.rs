//! Typed expressions printed as SQL for another engine: the oracle that the kernel is tested against.
//!
//! What is printed says the same as the expression, in another way: truth is SQL's own three-valued logic, numbers of 64
//! bits are `BIGINT` in their own unit (fen for money), all others are decimals of their true value, in yuan for money. So
//! no scale is counted by hand where the kernel counts it. Where the kernel calls a row a fault (overflow, a division by
//! zero, a date beyond the calendar, two exceptions at once), SQL gives `NULL`: `TRY_CAST` to `BIGINT`, and two functions
//! of ours, which are none of SQL's:
//!
//! | function | gives |
//! |---|---|
//! | `fits_128(x)` | the decimal, where its digits fit 128 bits; the kernel keeps numbers so |
//! | `round_div(a, b, digits, mode)` | `a / b` with so many digits, rounded by name; nothing for a zero divisor |
//!
//! Functions of dates keep their names (`age`, `days_between`, `full_months`, `add_months`, `year`, `month`); `age` has
//! always two arguments.
//!
//! Columns bear the names of facts, `"employer.size"`, in the types of the flat tables: `BIGINT`, `DECIMAL(18, 6)`,
//! `BOOLEAN`, `DATE`, and `SMALLINT` for codes. A fact of which a register says that there is none is null, and a column
//! of truth values beside it ([`none_column`]) is true there. Counts from the history are columns too; `as_of` is one
//! where it is not the same for all rows.

mod number;
mod parameter;

use std::collections::BTreeMap;

use civil::Day;

use crate::benefit::HistoryFact;
use crate::typed::{Kind, Typed, TypedNode, Vocabulary};

/// The column of the day that a decision is about.
pub const AS_OF: &str = "as_of";

/// Outcomes as [`Printer::decision`] numbers them: as [`crate::kernel::outcome_of`] does.
const INELIGIBLE: u8 = 0;
const ELIGIBLE: u8 = 1;
const UNDETERMINED: u8 = 2;

/// The column beside a fact's that is true where a register says that there is none.
pub fn none_column(fact: &str) -> String {
    format!("{fact}.none")
}

/// Prints expressions.
#[derive(Debug, Clone, Copy)]
pub struct Printer<'a> {
    /// What expressions name.
    pub vocabulary: &'a Vocabulary,
    /// Counts from the history, numbered after the facts of the dictionary.
    pub history: &'a [HistoryFact],
    /// The day whose parameters may be used.
    pub known_on: Day,
    /// The day decisions are about, where it is the same for all rows.
    pub as_of: Option<Day>,
    /// The pack whose expressions are printed, its parent, and so on: for parameters.
    pub lineage: &'a [String],
    /// Parameters supposed to have one value on all days, in the kernel's unit, whatever documents say.
    pub supposed: &'a BTreeMap<String, i128>,
}

/// A whole decision as two columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// 0 暂不符合, 1 初步符合, 2 待核实.
    pub outcome: String,
    /// The amount in fen, where the outcome is 1.
    pub amount_fen: String,
}

impl Printer<'_> {
    /// An expression: `BOOLEAN`, `BIGINT`, `DATE`, or a decimal with the digits of its type. It can stand anywhere, as it
    /// is in brackets where it needs to be.
    pub fn print(&self, typed: &Typed) -> String {
        match typed.kind {
            Kind::Bool => self.condition(typed),
            kind if kind.is_narrow() => self.narrow(typed),
            _ => self.wide(typed),
        }
    }

    /// The name of a fact's column; of `as_of` for none.
    pub fn column_name(&self, fact: Option<u32>) -> String {
        let Some(fact) = fact else {
            return AS_OF.to_owned();
        };
        let counted = fact
            .checked_sub(self.vocabulary.fact_count())
            .and_then(|at| self.history.get(usize::try_from(at).ok()?));
        counted.map_or_else(
            || self.vocabulary.fact_name(fact).to_owned(),
            |counted| counted.name.clone(),
        )
    }

    /// What comes of a benefit with these conditions and this amount.
    pub fn decision(&self, conditions: &[Typed], amount: Option<&Typed>) -> Decision {
        let all = self.joined(conditions, " AND ", "TRUE");
        let Some(amount) = amount else {
            return Decision {
                outcome: format!(
                    "CASE {all} WHEN FALSE THEN {INELIGIBLE} WHEN TRUE THEN {ELIGIBLE} ELSE {UNDETERMINED} END"
                ),
                amount_fen: "CAST(NULL AS BIGINT)".to_owned(),
            };
        };
        let amount = self.narrow(amount);
        Decision {
            outcome: format!(
                "CASE {all} WHEN FALSE THEN {INELIGIBLE} WHEN TRUE THEN CASE WHEN {amount} IS NULL THEN {UNDETERMINED} \
                 ELSE {ELIGIBLE} END ELSE {UNDETERMINED} END"
            ),
            amount_fen: format!("CASE WHEN {all} THEN {amount} END"),
        }
    }

    fn condition(&self, typed: &Typed) -> String {
        match &typed.node {
            TypedNode::Flag(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
            TypedNode::Fact(fact) => self.column(*fact),
            TypedNode::IsNull(fact) => {
                let column = self.column(*fact);
                let none = quoted(&none_column(&self.column_name(Some(*fact))));
                format!("(CASE WHEN {column} IS NOT NULL THEN FALSE WHEN {none} THEN TRUE END)")
            }
            TypedNode::Parameter(parameter, day) => self.parameter(*parameter, day, typed.kind),
            TypedNode::Compare(comparison, left, right) => {
                format!("({} {} {})", self.print(left), comparison.sign(), self.print(right))
            }
            TypedNode::Within(value, low, high) => {
                let (value, low, high) = (self.print(value), self.print(low), self.print(high));
                format!("({value} BETWEEN {low} AND {high})")
            }
            TypedNode::OneOf(value, list) => {
                let list: Vec<String> = list.iter().map(|item| self.print(item)).collect();
                format!("({} IN ({}))", self.print(value), list.join(", "))
            }
            TypedNode::InRegion(region, low, high, above) => self.in_region(region, (*low, *high), above),
            TypedNode::And(parts) => self.joined(parts, " AND ", "TRUE"),
            TypedNode::Or(parts) => self.joined(parts, " OR ", "FALSE"),
            TypedNode::Not(inner) => format!("(NOT {})", self.condition(inner)),
            TypedNode::Case(branches, otherwise) => self.case(branches, otherwise, Self::condition),
            TypedNode::Exclusive(selectors, value) => self.exclusive(selectors, &self.condition(value)),
            // Nothing else is a condition.
            _ => "CAST(NULL AS BOOLEAN)".to_owned(),
        }
    }

    /// A region known only by a larger one may or may not lie inside the smaller.
    fn in_region(&self, region: &Typed, (low, high): (i64, i64), above: &[i64]) -> String {
        let region = self.narrow(region);
        let inside = format!("{region} BETWEEN {low} AND {high}");
        if above.is_empty() {
            return format!("({inside})");
        }
        let above: Vec<String> = above.iter().map(i64::to_string).collect();
        format!(
            "(CASE WHEN {region} IN ({}) THEN NULL ELSE {inside} END)",
            above.join(", ")
        )
    }

    fn joined(&self, parts: &[Typed], by: &str, of_none: &str) -> String {
        if parts.is_empty() {
            return of_none.to_owned();
        }
        let parts: Vec<String> = parts.iter().map(|part| self.condition(part)).collect();
        format!("({})", parts.join(by))
    }

    /// A searched `CASE` of SQL passes an unknown condition over; this one ends there, for null is neither true nor
    /// false.
    fn case(&self, branches: &[(Typed, Typed)], otherwise: &Typed, print: impl Fn(&Self, &Typed) -> String) -> String {
        branches
            .iter()
            .rev()
            .fold(print(self, otherwise), |rest, (when, then)| {
                let (when, then) = (self.condition(when), print(self, then));
                format!("(CASE {when} WHEN TRUE THEN {then} WHEN FALSE THEN {rest} END)")
            })
    }

    /// Counts those that hold and those that may hold.
    fn exclusive(&self, selectors: &[Typed], value: &str) -> String {
        if selectors.len() < 2 {
            return value.to_owned();
        }
        let selectors: Vec<String> = selectors.iter().map(|selector| self.condition(selector)).collect();
        let count = |wanted: &str| {
            let ones = selectors
                .iter()
                .map(|selector| format!("CASE WHEN {selector} {wanted} THEN 1 ELSE 0 END"));
            ones.collect::<Vec<_>>().join(" + ")
        };
        let (hold, may_hold) = (count("IS TRUE"), count("IS NOT FALSE"));
        format!("(CASE WHEN {hold} = 0 OR {may_hold} < 2 THEN {value} END)")
    }

    fn column(&self, fact: u32) -> String {
        quoted(&self.column_name(Some(fact)))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn date(day: i128) -> String {
    let day = i32::try_from(day).ok().and_then(Day::from_days_since_epoch);
    day.map_or_else(|| "CAST(NULL AS DATE)".to_owned(), |day| format!("DATE '{day}'"))
}
