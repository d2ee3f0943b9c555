//! Expressions with their types: what the compiler takes.
//!
//! Numbers are exact integers with a fixed count of digits after the point: a whole number has none, money has two
//! (fen), a decimal fact six. Adding lines the points up, multiplying adds the digits, and only a named rounding takes
//! digits away. So nothing is ever lost silently, and a result that does not fit is a fault of that row.

mod arithmetic;
mod check;
mod functions;
mod literal;

pub(crate) use literal::region_digits;

pub use check::{Vocabulary, check};

use crate::language::Comparison;

/// Most digits after the point of an intermediate result.
pub const MAX_SCALE: u8 = 24;

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A number or an amount of money with `scale` digits after the point (of the yuan, for money).
    Number {
        /// Yuan, not a bare number.
        money: bool,
        /// Digits after the point.
        scale: u8,
    },
    /// Yes or no.
    Bool,
    /// A calendar day, as days since 1970-01-01.
    Date,
    /// A calendar month, as its first day.
    Month,
    /// A word of the list with this index in the vocabulary.
    Code(u16),
    /// A region, as its 12 digits.
    Region,
}

impl Kind {
    /// A whole number.
    pub const INT: Self = Self::Number { money: false, scale: 0 };
    /// Money in fen.
    pub const FEN: Self = Self::Number { money: true, scale: 2 };

    /// True where values fit 64 bits: whole numbers, fen, dates, codes, regions.
    pub fn is_narrow(self) -> bool {
        match self {
            Self::Number { money, scale } => scale == if money { 2 } else { 0 },
            _ => true,
        }
    }

    /// What it is, in Chinese.
    pub fn label(self) -> &'static str {
        match self {
            Self::Number {
                money: true,
                scale: 0..=2,
            } => "金额",
            Self::Number { money: true, .. } => "未取整到分的金额",
            Self::Number { scale: 0, .. } => "整数",
            Self::Number { .. } => "小数",
            Self::Bool => "条件",
            Self::Date => "日期",
            Self::Month => "月份",
            Self::Code(_) => "选项",
            Self::Region => "行政区划代码",
        }
    }
}

/// How a quotient is made whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// 四舍五入.
    HalfUp,
    /// Half to even.
    HalfEven,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
    /// To the next smaller.
    Floor,
    /// To the next larger.
    Ceil,
}

/// A typed node and where it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Byte of the expression's text.
    pub at: usize,
    /// Its type.
    pub kind: Kind,
    /// What it is.
    pub node: TypedNode,
}

/// What a typed node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypedNode {
    /// A value in the node's own scale.
    Literal(i128),
    /// `TRUE`, `FALSE`.
    Flag(bool),
    /// A fact: its index in the vocabulary.
    Fact(u32),
    /// The day the decision is about.
    AsOf,
    /// A parameter (its index) on the day of the argument.
    Parameter(u32, Box<Typed>),
    /// Two values of one kind and one scale.
    Compare(Comparison, Box<Typed>, Box<Typed>),
    /// A value between two others of its kind and scale, both included.
    Within(Box<Typed>, Box<Typed>, Box<Typed>),
    /// A value equal to one of others of its kind and scale.
    OneOf(Box<Typed>, Vec<Typed>),
    /// A region within the one whose 12-digit codes run from the first to the last number.
    InRegion(Box<Typed>, i64, i64, Vec<i64>),
    /// A fact that is known to be absent.
    IsNull(u32),
    /// All.
    And(Vec<Typed>),
    /// Any.
    Or(Vec<Typed>),
    /// Not.
    Not(Box<Typed>),
    /// Sum of two values of one kind and scale.
    Add(Box<Typed>, Box<Typed>),
    /// Difference of two values of one kind and scale.
    Subtract(Box<Typed>, Box<Typed>),
    /// Product; scales add.
    Multiply(Box<Typed>, Box<Typed>),
    /// More digits after the point: the value times ten to this power.
    Rescale(Box<Typed>, u8),
    /// `numerator / denominator` in the node's scale, rounded; any zero among the divisors is a fault.
    Round {
        /// What is divided.
        numerator: Box<Typed>,
        /// The product of all divisors, or one.
        denominator: Box<Typed>,
        /// The quotient is multiplied by ten to this power before it is rounded.
        power: i8,
        /// How.
        mode: Mode,
    },
    /// First branch whose condition holds; an unknown condition before it makes the result unknown.
    Case(Vec<(Typed, Typed)>, Box<Typed>),
    /// The smallest; unknown if any is.
    Least(Vec<Typed>),
    /// The largest; unknown if any is.
    Greatest(Vec<Typed>),
    /// A function of dates.
    Calendar(Calendar, Vec<Typed>),
    /// The value, where at most one of the conditions before it holds. Unknown where two hold, a conflict, and where one
    /// holds while another may. No text writes it; labelled exceptions and tiers come to it.
    Exclusive(Vec<Typed>, Box<Typed>),
    /// The value where it is not below zero, else a fault. No text writes it; every amount comes to it.
    NotNegative(Box<Typed>),
}

/// Functions of dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Calendar {
    /// Full years from the first to the second.
    Age,
    /// Days from the first to the second.
    DaysBetween,
    /// Full months from the first to the second.
    FullMonths,
    /// The first, moved by months.
    AddMonths,
    /// Its year.
    Year,
    /// Its month, 1 to 12.
    Month,
}

impl Typed {
    /// A node that no text wrote: what a file declares comes to it.
    pub(crate) fn declared(kind: Kind, node: TypedNode) -> Self {
        Self { at: 0, kind, node }
    }

    /// The first branch whose condition holds, where at most one does; else `otherwise`.
    pub(crate) fn exclusive(branches: Vec<(Self, Self)>, otherwise: Self) -> Self {
        let kind = otherwise.kind;
        let selectors = branches.iter().map(|(selector, _)| selector.clone()).collect();
        let case = Self::declared(kind, TypedNode::Case(branches, Box::new(otherwise)));
        Self::declared(kind, TypedNode::Exclusive(selectors, Box::new(case)))
    }

    /// How many nodes it has.
    pub fn size(&self) -> usize {
        1 + self.children().into_iter().map(Self::size).sum::<usize>()
    }

    /// The nodes directly below, in the order of the text.
    pub fn children(&self) -> Vec<&Self> {
        match &self.node {
            TypedNode::Literal(_)
            | TypedNode::Flag(_)
            | TypedNode::Fact(_)
            | TypedNode::AsOf
            | TypedNode::IsNull(_) => Vec::new(),
            TypedNode::Parameter(_, inner)
            | TypedNode::Not(inner)
            | TypedNode::InRegion(inner, ..)
            | TypedNode::NotNegative(inner)
            | TypedNode::Rescale(inner, _) => vec![inner],
            TypedNode::Compare(_, a, b)
            | TypedNode::Add(a, b)
            | TypedNode::Subtract(a, b)
            | TypedNode::Multiply(a, b) => {
                vec![a, b]
            }
            TypedNode::Within(a, b, c) => vec![a, b, c],
            TypedNode::OneOf(value, list) => std::iter::once(&**value).chain(list).collect(),
            TypedNode::Exclusive(selectors, value) => selectors.iter().chain([&**value]).collect(),
            TypedNode::And(parts)
            | TypedNode::Or(parts)
            | TypedNode::Least(parts)
            | TypedNode::Greatest(parts)
            | TypedNode::Calendar(_, parts) => parts.iter().collect(),
            TypedNode::Round {
                numerator, denominator, ..
            } => vec![numerator, denominator],
            TypedNode::Case(branches, otherwise) => branches
                .iter()
                .flat_map(|(when, then)| [when, then])
                .chain([&**otherwise])
                .collect(),
        }
    }

    /// The facts it names, in the order of the text, each once.
    pub fn facts(&self) -> Vec<u32> {
        let mut found = Vec::new();
        self.collect_facts(&mut found);
        found
    }

    fn collect_facts(&self, found: &mut Vec<u32>) {
        if let TypedNode::Fact(fact) | TypedNode::IsNull(fact) = &self.node
            && !found.contains(fact)
        {
            found.push(*fact);
        }
        for child in self.children() {
            child.collect_facts(found);
        }
    }
}
