//! The rule language as text: what may be written, and what it says.
//!
//! A rule is one SQL scalar expression. [`parse`] reads it with `sqlparser` and takes the tree over into [`Syntax`] by
//! an exhaustive match: what is not listed is refused by name, so nothing the parser happens to know can slip into a
//! decision. After the expression the text must end; the parser itself stops quietly at the first token it does not
//! want.

mod accept;
mod function;
mod parse;
mod syntax;

pub use function::Function;
pub use parse::{MAX_DEPTH, MAX_EXPRESSION_BYTES, MAX_TOKENS, parse};
pub use syntax::{Comparison, Node, Operator, Syntax};

/// What is wrong with an expression, in Chinese, and at which byte of its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}。{hint}")]
pub struct ExpressionError {
    /// Byte of the expression's text.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
    /// What was expected, or what to do.
    pub hint: String,
}

impl ExpressionError {
    /// An error at a byte of the text.
    pub fn new(offset: usize, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            offset,
            message: message.into(),
            hint: hint.into(),
        }
    }
}
