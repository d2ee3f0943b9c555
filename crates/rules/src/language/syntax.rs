//! The tree of an expression before types are known.

use super::Function;

/// A node and where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syntax {
    /// Byte of the expression's text.
    pub at: usize,
    /// What stands there.
    pub node: Node,
}

/// Everything the language has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// `12`, `0.5`: digits, with at most one point.
    Number(String),
    /// `'small'`, `'2020-01-01'`, `'330282'`: what it is, is decided by what it stands beside.
    Text(String),
    /// `DATE '2020-01-01'`.
    Date(String),
    /// `TRUE`, `FALSE`.
    Flag(bool),
    /// `employer.size`.
    Fact(String),
    /// `$lpr_1y`, without the sign.
    Parameter(String),
    /// `as_of`.
    AsOf,
    /// `a < b`.
    Compare(Comparison, Box<Syntax>, Box<Syntax>),
    /// `a BETWEEN b AND c`, both ends included.
    Between(Box<Syntax>, Box<Syntax>, Box<Syntax>),
    /// `a IN (b, c)`.
    In(Box<Syntax>, Vec<Syntax>),
    /// `a IS NULL`.
    IsNull(Box<Syntax>),
    /// `a AND b AND …`, flat.
    And(Vec<Syntax>),
    /// `a OR b OR …`, flat.
    Or(Vec<Syntax>),
    /// `NOT a`.
    Not(Box<Syntax>),
    /// `a + b`.
    Arithmetic(Operator, Box<Syntax>, Box<Syntax>),
    /// `-a`.
    Negate(Box<Syntax>),
    /// `CASE WHEN a THEN b … ELSE c END`.
    Case(Vec<(Syntax, Syntax)>, Box<Syntax>),
    /// `least(a, b)`.
    Call(Function, Vec<Syntax>),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// The comparison with its sides exchanged: `a < b` is `b > a`.
    pub fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }

    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 6] = [
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
    ];

    /// Whether it holds. The kernel asks in what it builds for each processor.
    #[inline(always)]
    pub fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }

    /// True for `=` and `<>`, which need no order.
    pub fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// The four operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`, only inside `round`, `floor` and `ceil`.
    Divide,
}
