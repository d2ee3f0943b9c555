//! What earlier grants forbid: declared here, turned into conditions by the compiler.

use super::Expression;
use super::load::Reader;
use crate::file::{Located, Table, Value};

/// Whose history counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The person's.
    Person,
    /// The household's.
    Household,
    /// The employer's.
    Employer,
    /// The start-up's.
    Startup,
    /// The institution's.
    Institution,
}

pub(super) const SUBJECTS: &[(&str, Subject)] = &[
    ("person", Subject::Person),
    ("household", Subject::Household),
    ("employer", Subject::Employer),
    ("startup", Subject::Startup),
    ("institution", Subject::Institution),
];

impl Subject {
    /// The words of all kinds, as files and histories write them.
    pub fn words() -> impl Iterator<Item = &'static str> + Clone {
        SUBJECTS.iter().map(|(word, _)| *word)
    }

    /// Its word in files.
    pub fn word(self) -> &'static str {
        SUBJECTS
            .iter()
            .find(|(_, subject)| *subject == self)
            .map_or("", |(word, _)| word)
    }

    /// On screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Person => "每人",
            Self::Household => "每户",
            Self::Employer => "每个单位",
            Self::Startup => "每个创业主体",
            Self::Institution => "每个机构",
        }
    }
}

/// Which part of the history counts.
#[derive(Debug, Clone, PartialEq)]
pub enum HistoryWindow {
    /// All of it.
    Ever,
    /// The calendar year of a date.
    Year(Expression),
}

/// Only once.
#[derive(Debug, Clone, PartialEq)]
pub struct Once {
    /// Whose.
    pub subject: Subject,
    /// Within what.
    pub window: HistoryWindow,
    /// Other benefits that count as this one.
    pub among: Vec<Located<String>>,
}

/// What is limited.
#[derive(Debug, Clone, PartialEq)]
pub enum Limit {
    /// Grants.
    Times(i64),
    /// Months paid.
    Months(i64),
    /// Money: an expression.
    Amount(Expression),
}

/// Only so often, so long or so much.
#[derive(Debug, Clone, PartialEq)]
pub struct AtMost {
    /// What is limited, and to how much.
    pub limit: Limit,
    /// What this claim adds, for months: an expression. Without it a claim by the month adds one, any other the months of
    /// its amount.
    pub this: Option<Expression>,
    /// Whose.
    pub subject: Subject,
    /// Within what.
    pub window: HistoryWindow,
    /// Other benefits that count as this one.
    pub among: Vec<Located<String>>,
}

/// Not together with another.
#[derive(Debug, Clone, PartialEq)]
pub struct NotWith {
    /// The other benefit.
    pub benefit: Located<String>,
    /// Its name on screen.
    pub name: String,
    /// Whose.
    pub subject: Subject,
    /// First and last day on which both may not run; absent: never both.
    pub during: Option<(Expression, Expression)>,
}

pub(super) fn once(reader: &Reader<'_>, table: &mut Table<'_>) -> Option<Once> {
    match table.take("once")? {
        Value::Text(word) => {
            let subject = reader.one_of(&word, SUBJECTS)?;
            Some(Once {
                subject,
                window: HistoryWindow::Ever,
                among: Vec::new(),
            })
        }
        Value::Table(mut inner) => {
            let once = subject(reader, &mut inner).map(|subject| Once {
                subject,
                window: window(&mut inner),
                among: inner.texts("among"),
            });
            inner.finish();
            once
        }
        other => {
            other.located().report(
                reader.diagnostics,
                "once 应写明对象",
                "如 once = \"person\"，或 once = { subject = \"person\", year_of = \"training.start_date\" }",
            );
            None
        }
    }
}

pub(super) fn at_most(reader: &Reader<'_>, mut table: Table<'_>) -> Option<AtMost> {
    let here = table.here();
    let subject = subject(reader, &mut table);
    let window = window(&mut table);
    let among = table.texts("among");
    let limits = [
        table.integer("times").map(|times| Limit::Times(reader.count(&times))),
        table
            .integer("months")
            .map(|months| Limit::Months(reader.count(&months))),
        table.text("amount").map(Limit::Amount),
    ];
    let this = table.text("this");
    table.finish();
    let mut limits = limits.into_iter().flatten();
    let (Some(limit), None) = (limits.next(), limits.next()) else {
        here.report(
            reader.diagnostics,
            "at_most 应写明且只写一种上限",
            "times（次数）、months（月数）、amount（金额）三者取一",
        );
        return None;
    };
    if let Some(this) = &this
        && !matches!(limit, Limit::Months(_))
    {
        this.report(
            reader.diagnostics,
            "只有限定月数时才写 this",
            "次数每次加1，金额按本次金额",
        );
    }
    Some(AtMost {
        limit,
        this,
        subject: subject?,
        window,
        among,
    })
}

pub(super) fn not_with(reader: &Reader<'_>, mut table: Table<'_>) -> Option<NotWith> {
    table.require(&["benefit", "name", "subject"]);
    let benefit = table.text("benefit");
    let name = table.text("name").map(Located::into_value);
    let subject = subject(reader, &mut table);
    let (from, to) = (table.text("from"), table.text("to"));
    let here = table.here();
    table.finish();
    if from.is_some() != to.is_some() {
        here.report(
            reader.diagnostics,
            "not_with 的 from 和 to 应同时写明",
            "如 from = \"training.start_date\"，to = \"training.end_date\"",
        );
    }
    Some(NotWith {
        benefit: benefit?,
        name: name?,
        subject: subject?,
        during: from.zip(to),
    })
}

fn subject(reader: &Reader<'_>, table: &mut Table<'_>) -> Option<Subject> {
    table.require(&["subject"]);
    let word = table.text("subject")?;
    reader.one_of(&word, SUBJECTS)
}

fn window(table: &mut Table<'_>) -> HistoryWindow {
    table.text("year_of").map_or(HistoryWindow::Ever, HistoryWindow::Year)
}
