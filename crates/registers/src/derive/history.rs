//! What was received before: counts, months and money from the benefit history, as columns of the flat tables. Grants
//! count as in the history of one case; see `sql/grants.sql`.

use civil::{Day, Month};
use datafusion::arrow::datatypes::{DataType, Field};

use super::reach::Reach;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Grants.
    Times,
    /// Months paid; unknown where one grant that counts does not say.
    Months,
    /// Money in fen.
    AmountFen,
}

/// Whose grants count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The person's.
    Person,
    /// Those of all members of the person's household.
    Household,
    /// The employer's.
    Employer,
    /// The start-up's.
    Startup,
    /// The institution's.
    Institution,
}

/// A date that a window hangs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Date {
    /// The same for all rows: the day of the run, or of the claim.
    Day(Day),
    /// A date fact of the row's own entity; where it is unknown, so is the count.
    Fact(String),
}

/// Which grants count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Window {
    /// All.
    Ever,
    /// Those granted in the calendar year of a date.
    YearOf(Date),
    /// Those paid for any day from the first date to the second.
    During(Date, Date),
    /// Those paid for any day of the month of a date.
    MonthOf(Date),
}

/// One column that a program asks of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryColumn {
    /// Its name in the flat table.
    pub name: String,
    /// The benefits that count.
    pub benefits: Vec<String>,
    /// Whose grants.
    pub subject: Subject,
    /// What of them.
    pub measure: Measure,
    /// Which of them.
    pub window: Window,
}

impl Date {
    fn sql(&self) -> String {
        match self {
            Self::Day(day) => format!("DATE '{day}'"),
            Self::Fact(name) => format!("b.\"{name}\""),
        }
    }

    fn fact(&self) -> Option<&str> {
        match self {
            Self::Day(_) => None,
            Self::Fact(name) => Some(name),
        }
    }
}

impl HistoryColumn {
    /// Facts of the row that the window hangs on.
    fn facts(&self) -> Vec<&str> {
        let dates = match &self.window {
            Window::Ever => vec![],
            Window::YearOf(date) | Window::MonthOf(date) => vec![date],
            Window::During(from, to) => vec![from, to],
        };
        dates.into_iter().filter_map(Date::fact).collect()
    }

    /// Whether a flat table has the dates that the window hangs on: a count by the days of a training course means
    /// nothing for a loan.
    fn is_for(&self, reach: &Reach) -> bool {
        let of = |fact: &str| fact.split('.').next() == Some(reach.entity);
        self.facts().into_iter().all(of)
    }

    /// Whether a grant `g` counts for a row `b`.
    fn counts(&self) -> String {
        let quoted = self.benefits.iter().map(|id| format!("'{}'", id.replace('\'', "''")));
        let of = format!("g.benefit IN ({})", quoted.collect::<Vec<_>>().join(", "));
        match &self.window {
            Window::Ever => of,
            Window::YearOf(Date::Day(day)) => {
                let (first, last) = (Day::new(day.year(), 1, 1), day.last_of_year());
                let first = first.unwrap_or(last);
                format!("{of} AND g.granted_on BETWEEN DATE '{first}' AND DATE '{last}'")
            }
            Window::YearOf(date) => format!("{of} AND year(g.granted_on) = year({})", date.sql()),
            Window::During(from, to) => format!("{of} AND g.begins <= {} AND {} <= g.ends", to.sql(), from.sql()),
            Window::MonthOf(Date::Day(day)) => {
                let month = Month::of(*day);
                let (first, last) = (month.first_day(), month.last_day());
                format!("{of} AND g.begins <= DATE '{last}' AND DATE '{first}' <= g.ends")
            }
            Window::MonthOf(date) => {
                let month = format!("month_number({})", date.sql());
                format!("{of} AND month_number(g.begins) <= {month} AND {month} <= month_number(g.ends)")
            }
        }
    }

    /// The sum over the grants that count.
    fn sum(&self) -> String {
        let counts = self.counts();
        let name = &self.name;
        let sum = |what: &str| format!("sum(CASE WHEN {counts} THEN {what} ELSE 0 END)");
        match self.measure {
            Measure::Times => format!("{} AS \"{name}\"", sum("1")),
            Measure::AmountFen => format!("{} AS \"{name}\"", sum("g.amount_fen")),
            Measure::Months => format!(
                "CASE WHEN sum(CASE WHEN {counts} AND g.months IS NULL THEN 1 ELSE 0 END) = 0 THEN {} END AS \"{name}\"",
                sum("g.months")
            ),
        }
    }
}

const SUBJECTS: [Subject; 5] = [
    Subject::Person,
    Subject::Household,
    Subject::Employer,
    Subject::Startup,
    Subject::Institution,
];

impl Subject {
    /// The column of the grants that names it.
    fn key(self) -> &'static str {
        match self {
            Self::Person => "person_key",
            Self::Household => "household_no",
            Self::Employer | Self::Startup | Self::Institution => "employer_key",
        }
    }

    /// Its value for a row `b` of a flat table, whose person's household is `h`.
    fn link(self, reach: &Reach) -> Option<String> {
        let column = match self {
            Self::Person => reach.person,
            Self::Household if reach.entity == "household" => Some("household_no"),
            Self::Household => return reach.person.map(|_| "h.household_no".to_owned()),
            Self::Employer => reach.employer,
            Self::Startup => reach.employer.filter(|_| reach.entity == "startup"),
            Self::Institution => reach.institution,
        };
        column.map(|column| format!("b.\"{column}\""))
    }
}

/// One relation to join to a flat table.
pub(super) struct Join {
    pub(super) relation: String,
    pub(super) on: String,
    pub(super) columns: Vec<String>,
}

/// For each subject that a flat table reaches: what is to be joined. Whoever has no grant at all has received nothing,
/// which is 0 and not unknown.
pub(super) fn joins(reach: &Reach, table: &str, columns: &[HistoryColumn]) -> Vec<Join> {
    let mut joins = Vec::new();
    for (place, subject) in SUBJECTS.into_iter().enumerate() {
        let Some(link) = subject.link(reach) else {
            continue;
        };
        let (dated, plain): (Vec<_>, Vec<_>) = columns
            .iter()
            .filter(|column| column.subject == subject && column.is_for(reach))
            .partition(|column| !column.facts().is_empty());
        let key = subject.key();
        if !plain.is_empty() {
            let alias = format!("r{place}");
            let sums = sums(&plain);
            joins.push(Join {
                relation: format!(
                    "(SELECT {key}, {sums} FROM grants g WHERE {key} IS NOT NULL GROUP BY {key}) {alias}"
                ),
                on: format!("{alias}.{key} = {link}"),
                columns: shown(&plain, &link, &format!("{alias}.{key}"), &alias),
            });
        }
        if !dated.is_empty() {
            joins.push(by_row(reach, table, (subject, &link), &dated, &format!("d{place}")));
        }
    }
    joins
}

/// Counts whose window hangs on facts of the row: the rows meet their grants.
fn by_row(
    reach: &Reach,
    table: &str,
    (subject, link): (Subject, &str),
    columns: &[&HistoryColumn],
    alias: &str,
) -> Join {
    let keys: Vec<String> = reach.key.iter().map(|key| format!("b.\"{key}\"")).collect();
    let keys = keys.join(", ");
    let household = match (subject, reach.person) {
        (Subject::Household, Some(person)) if reach.entity != "household" => {
            format!(" JOIN household_of h ON h.person_key = b.\"{person}\"")
        }
        _ => String::new(),
    };
    let on = reach
        .key
        .iter()
        .map(|key| format!("({alias}.\"{key}\" IS NOT DISTINCT FROM b.\"{key}\")"));
    Join {
        relation: format!(
            "(SELECT {keys}, true AS there, {} FROM {table} b{household} JOIN grants g ON g.{} = {link} GROUP BY {keys}) {alias}",
            sums(columns),
            subject.key(),
        ),
        on: on.collect::<Vec<_>>().join(" AND "),
        columns: shown(columns, link, &format!("{alias}.there"), alias),
    }
}

fn sums(columns: &[&HistoryColumn]) -> String {
    columns.iter().map(|column| column.sum()).collect::<Vec<_>>().join(", ")
}

/// The columns as the flat table shows them: unknown without the subject or a date, 0 without a grant.
fn shown(columns: &[&HistoryColumn], link: &str, there: &str, alias: &str) -> Vec<String> {
    columns
        .iter()
        .map(|column| {
            let name = &column.name;
            let mut unknown = format!("{link} IS NULL");
            for fact in column.facts() {
                unknown.push_str(&format!(" OR b.\"{fact}\" IS NULL"));
            }
            format!(
                "CASE WHEN {unknown} THEN NULL WHEN {there} IS NULL THEN 0 ELSE {alias}.\"{name}\" END AS \"{name}\""
            )
        })
        .collect()
}

/// The fields of the columns that a flat table can have.
pub(super) fn fields(reach: &Reach, columns: &[HistoryColumn]) -> Vec<Field> {
    let reached = columns
        .iter()
        .filter(|column| column.subject.link(reach).is_some() && column.is_for(reach));
    reached
        .map(|column| Field::new(column.name.clone(), DataType::Int64, true))
        .collect()
}
