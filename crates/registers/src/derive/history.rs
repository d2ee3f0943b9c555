//! What was received before: counts, months and money from the benefit history, as columns of the flat tables.

use datafusion::arrow::datatypes::{DataType, Field};

use super::reach::Reach;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Grants.
    Times,
    /// Months paid; unknown where one grant does not say.
    Months,
    /// Money in fen.
    AmountFen,
}

/// Whose grants count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The person's.
    Person,
    /// The employer's.
    Employer,
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
    /// Only those of the calendar year of `as_of`.
    pub in_year: bool,
}

impl HistoryColumn {
    fn column(&self) -> &'static str {
        match (self.measure, self.in_year) {
            (Measure::Times, false) => "times",
            (Measure::Times, true) => "times_in_year",
            (Measure::Months, false) => "months",
            (Measure::Months, true) => "months_in_year",
            (Measure::AmountFen, false) => "amount_fen",
            (Measure::AmountFen, true) => "amount_in_year_fen",
        }
    }

    /// The sum over the benefits; unknown where one of them is.
    fn sum(&self) -> String {
        let quoted = self.benefits.iter().map(|id| format!("'{}'", id.replace('\'', "''")));
        let counts = format!("benefit IN ({})", quoted.collect::<Vec<_>>().join(", "));
        let column = self.column();
        format!(
            "CASE WHEN sum(CASE WHEN {counts} AND {column} IS NULL THEN 1 ELSE 0 END) = 0 \
             THEN sum(CASE WHEN {counts} THEN {column} ELSE 0 END) END AS \"{}\"",
            self.name
        )
    }
}

const SUBJECTS: [(Subject, &str); 2] = [(Subject::Person, "person_key"), (Subject::Employer, "employer_key")];

/// The column of a flat table's rows that names a subject.
fn link(reach: &Reach, subject: Subject) -> Option<&'static str> {
    match subject {
        Subject::Person => reach.person,
        Subject::Employer => reach.employer,
    }
}

/// For each subject that a flat table reaches: the relation to join, on what, and the columns. Whoever has no grant at
/// all has received nothing, which is 0 and not unknown.
pub(super) fn joins(reach: &Reach, columns: &[HistoryColumn]) -> Vec<(String, String, Vec<String>)> {
    let mut joins = Vec::new();
    for (subject, key) in SUBJECTS {
        let wanted: Vec<&HistoryColumn> = columns.iter().filter(|column| column.subject == subject).collect();
        let Some(link) = link(reach, subject).filter(|_| !wanted.is_empty()) else {
            continue;
        };
        let sums = wanted.iter().map(|column| column.sum()).collect::<Vec<_>>().join(", ");
        let relation = format!("(SELECT {key}, {sums} FROM received WHERE {key} IS NOT NULL GROUP BY {key}) r_{key}");
        let on = format!("r_{key}.{key} = b.\"{link}\"");
        let shown = wanted.iter().map(|column| {
            let name = &column.name;
            format!("CASE WHEN b.\"{link}\" IS NOT NULL AND r_{key}.{key} IS NULL THEN 0 ELSE r_{key}.\"{name}\" END AS \"{name}\"")
        });
        joins.push((relation, on, shown.collect()));
    }
    joins
}

/// The fields of those columns.
pub(super) fn fields(reach: &Reach, columns: &[HistoryColumn]) -> Vec<Field> {
    let reached = columns.iter().filter(|column| link(reach, column.subject).is_some());
    reached
        .map(|column| Field::new(column.name.clone(), DataType::Int64, true))
        .collect()
}
