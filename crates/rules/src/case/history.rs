//! Earlier grants, and the counts that conditions take from them.

use super::{Case, Known};
use crate::benefit::{HistoryFact, Measure, Span};
use crate::calendar::{civil_of, month_start};
use crate::typed::Vocabulary;

/// One earlier grant to one of the case's own subjects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The benefit.
    pub benefit: String,
    /// Whose grant it was; absent: any subject's of the case.
    pub subject: Option<String>,
    /// The day it was granted or, for a monthly one, the first day of the month.
    pub on: Option<i64>,
    /// First and last day of what was paid for.
    pub from: Option<i64>,
    /// Last day.
    pub to: Option<i64>,
    /// Months paid; `None` where the entry does not say and its days hold no whole month.
    pub months: Option<i64>,
    /// Money paid, in fen; `None` where the entry does not say.
    pub amount_fen: Option<i64>,
}

impl Case {
    /// A count from the history; `None` where a date it needs is unknown, where a grant that counts does
    /// not say what is counted, or where it does not fit.
    pub fn count(&self, fact: &HistoryFact, vocabulary: &Vocabulary, as_of: i64) -> Option<i64> {
        let date = |name: &str| match vocabulary.fact_index(name).and_then(|fact| self.facts.get(&fact)) {
            Some(Known::Value(day)) => i64::try_from(*day).ok(),
            Some(Known::Absent) | None => None,
        };
        let grants = self.history.as_deref().unwrap_or_default().iter().filter(|grant| {
            fact.benefits.contains(&grant.benefit)
                && grant.subject.as_ref().is_none_or(|subject| *subject == fact.subject)
        });
        let mut total: i64 = 0;
        for grant in grants {
            let counts = match &fact.span {
                Span::Ever => true,
                Span::YearOf(of) => {
                    let day = match of {
                        Some(name) => date(name)?,
                        None => as_of,
                    };
                    civil_of(grant.on.or(grant.from)?).0 == civil_of(day).0
                }
                Span::During(from, to) => {
                    let (from, to) = (date(from)?, date(to)?);
                    let (begins, ends) = (grant.from.or(grant.on)?, grant.to.or(grant.on)?);
                    begins <= to && from <= ends
                }
                // A grant that names only its day is one of that day's month.
                Span::MonthOf(of) => {
                    let month = month_start(date(of)?);
                    let (begins, ends) = (grant.from.or(grant.on)?, grant.to.or(grant.on).or(grant.from)?);
                    month_start(begins) <= month && month <= month_start(ends)
                }
            };
            if counts {
                total = total.checked_add(match fact.measure {
                    Measure::Times => 1,
                    Measure::Months => grant.months?,
                    Measure::AmountFen => grant.amount_fen?,
                })?;
            }
        }
        // Without a date of the case nothing can be said of a window, even with an empty history.
        match &fact.span {
            Span::YearOf(Some(name)) | Span::MonthOf(name) => date(name).map(|_| total),
            Span::During(from, to) => date(from).and(date(to)).map(|_| total),
            Span::Ever | Span::YearOf(None) => Some(total),
        }
    }
}
