//! What the benefits ask of the history, as columns of the flat tables.

use civil::{Day, Month, RegionCode};
use registers::derive::{Date, HistoryColumn, Measure, Subject, Window};
use rules::benefit::{HistoryFact, Measure as Counted, Span};

use crate::error::ScreeningError;

/// The claim that a run supposes: everyone claims on the day of the run, for one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The day.
    pub(crate) date: Day,
    /// The month that benefits by the month are decided for.
    pub(crate) month: Month,
    /// Twelve digits of the region in which it is made.
    pub(crate) region: i64,
}

impl Claim {
    /// Of a run.
    pub(crate) fn of(region: RegionCode, date: Day, month: Month) -> Self {
        let digits = format!("{:0<12}", region.to_string());
        Self {
            date,
            month,
            // A region has at most twelve digits.
            region: digits.parse().unwrap_or(0),
        }
    }

    /// A fact of the claim as a number of the kernel; nothing for what only a claimant could say.
    pub(crate) fn value(&self, fact: &str) -> Option<i128> {
        match fact {
            "claim.date" => Some(i128::from(self.date.days_since_epoch())),
            "claim.month" => Some(i128::from(self.month.first_day().days_since_epoch())),
            "claim.region" => Some(i128::from(self.region)),
            _ => None,
        }
    }

    fn date(&self, fact: &str) -> Date {
        match fact {
            "claim.date" => Date::Day(self.date),
            "claim.month" => Date::Day(self.month.first_day()),
            _ => Date::Fact(fact.to_owned()),
        }
    }
}

/// The column of a count.
pub(crate) fn column(fact: &HistoryFact, claim: &Claim) -> Result<HistoryColumn, ScreeningError> {
    let subject = match fact.subject.as_str() {
        "person" => Subject::Person,
        "household" => Subject::Household,
        "employer" => Subject::Employer,
        "startup" => Subject::Startup,
        "institution" => Subject::Institution,
        other => return Err(ScreeningError::Fault(format!("不认识的对象“{other}”"))),
    };
    let measure = match fact.measure {
        Counted::Times => Measure::Times,
        Counted::Months => Measure::Months,
        Counted::AmountFen => Measure::AmountFen,
    };
    let window = match &fact.span {
        Span::Ever => Window::Ever,
        Span::YearOf(None) => Window::YearOf(Date::Day(claim.date)),
        Span::YearOf(Some(of)) => Window::YearOf(claim.date(of)),
        Span::During(from, to) => Window::During(claim.date(from), claim.date(to)),
        Span::MonthOf(of) => Window::MonthOf(claim.date(of)),
    };
    Ok(HistoryColumn {
        name: fact.name.clone(),
        benefits: fact.benefits.clone(),
        subject,
        measure,
        window,
    })
}
