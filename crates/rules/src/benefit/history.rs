//! Counts taken from the benefit history.

use policy::benefit::{HistoryWindow, Subject};

use super::compile::Compile;
use crate::language::{Comparison, Node, parse};
use crate::typed::{Kind, Typed, TypedNode};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Grants.
    Times,
    /// Months paid.
    Months,
    /// Money in fen.
    AmountFen,
}

impl Measure {
    fn word(self) -> &'static str {
        match self {
            Self::Times => "times",
            Self::Months => "months",
            Self::AmountFen => "amount_fen",
        }
    }
}

/// Which grants count, by the case's own dates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Span {
    /// All.
    Ever,
    /// Those of the calendar year of this fact (`None`: of `as_of`).
    YearOf(Option<String>),
    /// Those that run on a day from the first fact to the second.
    During(String, String),
    /// Those of the month of this fact.
    MonthOf(String),
}

/// A fact that the compiler needs and the history gives.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HistoryFact {
    /// Its name in explanations.
    pub name: String,
    /// The benefits that count.
    pub benefits: Vec<String>,
    /// Whose grants.
    pub subject: String,
    /// What is counted.
    pub measure: Measure,
    /// Which grants.
    pub span: Span,
}

impl Compile<'_, '_, '_> {
    /// A history fact as a typed value.
    pub(super) fn history(&mut self, others: &[String], subject: Subject, measure: Measure, span: Span) -> Typed {
        let mut benefits = vec![self.benefit.id.to_string()];
        benefits.extend(others.iter().cloned());
        self.history_of(benefits, subject, measure, span)
    }

    pub(super) fn history_of(
        &mut self,
        benefits: Vec<String>,
        subject: Subject,
        measure: Measure,
        span: Span,
    ) -> Typed {
        let window = match &span {
            Span::Ever => String::new(),
            Span::YearOf(None) => ".year_of(as_of)".to_owned(),
            Span::YearOf(Some(fact)) => format!(".year_of({fact})"),
            Span::During(from, to) => format!(".during({from},{to})"),
            Span::MonthOf(fact) => format!(".month_of({fact})"),
        };
        let name = format!(
            "history.{}.{}.{}{window}",
            benefits.join("+"),
            subject.word(),
            measure.word()
        );
        let fact = HistoryFact {
            name,
            benefits,
            subject: subject.word().to_owned(),
            measure,
            span,
        };
        let index = self.builder.history_fact(fact);
        let kind = if measure == Measure::AmountFen {
            Kind::FEN
        } else {
            Kind::INT
        };
        Typed {
            at: 0,
            kind,
            node: TypedNode::Fact(index),
        }
    }

    /// The window as facts: history is counted by dates of the case, so the expression must be a fact or `as_of`.
    pub(super) fn span(&mut self, window: &HistoryWindow) -> Option<Span> {
        match window {
            HistoryWindow::Ever => Some(Span::Ever),
            HistoryWindow::Year(expression) => Some(Span::YearOf(self.fact_of(expression)?)),
        }
    }

    /// The fact an expression names (`None` for `as_of`); anything else is reported.
    pub(super) fn fact_of(&mut self, expression: &policy::benefit::Expression) -> Option<Option<String>> {
        match parse(expression).map(|syntax| syntax.node) {
            Ok(Node::AsOf) => Some(None),
            Ok(Node::Fact(name)) => {
                let kind = self
                    .builder
                    .vocabulary
                    .dictionary
                    .fact(&name)
                    .map(|fact| fact.kind.clone());
                if matches!(kind, Some(policy::fact::FactType::Date | policy::fact::FactType::Month)) {
                    return Some(Some(name));
                }
                let hint = self.builder.vocabulary.dictionary.meant(&name);
                expression.report(self.diagnostics, format!("“{name}”不是日期类信息项"), hint);
                None
            }
            _ => {
                expression.report(
                    self.diagnostics,
                    "这里只能写一个日期类信息项或 as_of",
                    "如 training.start_date",
                );
                None
            }
        }
    }

    /// `left < right`, and so on, of two typed values of one kind.
    pub(super) fn compared(comparison: Comparison, left: Typed, right: Typed) -> Typed {
        Typed {
            at: 0,
            kind: Kind::Bool,
            node: TypedNode::Compare(comparison, Box::new(left), Box::new(right)),
        }
    }
}
