//! The ledger as JSON (format 1): what `leye ledger --json` prints and `/api/v1/ledger` answers.

use document::{DeadlineClass, Role};
use serde::Serialize;

use super::AsOf;
use super::duty::Duty;
use super::obligation;
use super::scope::{Scope, Wanted, suggested_name};
use crate::due::Light;
use crate::pack;
use crate::suggest::Suggestion;

/// The ledger as JSON.
///
/// `tasks` are who must do what by when; `obligations` are what the documents ask for beside them, reports first:
///
/// | key | meaning |
/// |---|---|
/// | `pack`, `id` | the document and the duty in it |
/// | `kind` | `report`, `publicity`, `supervision`, `assessment`, `drafting`, `referral`, `registration`, `training` |
/// | `region`, `from_above` | the document's region; true where it lies above the one asked for |
/// | `by`, `by_function` | names as printed, and ids of functions where only the function is clear |
/// | `to` | names as printed; empty where the document names nobody |
/// | `when` | the words of the document; `null` where it has none |
/// | `months` | the months that `when` names: `month` (`2021-01`, `null` where the year is not stated), `number`, `words` |
/// | `summary` | in our own words, never the document's |
/// | `soft` | the word that makes it soft, else `null` |
/// | `item` | the task's id or the number of a heading; `null` for the document as a whole |
///
/// A key may be added to a format; none changes its meaning or goes.
#[derive(Debug, Serialize)]
pub struct Contract<'a> {
    format: u32,
    as_of: String,
    as_of_basis: &'static str,
    region: Option<&'a str>,
    unit: Option<&'a str>,
    function: Option<&'a str>,
    tasks: Vec<Task<'a>>,
    obligations: Vec<Obligation<'a>>,
}

#[derive(Debug, Serialize)]
struct Task<'a> {
    pack: &'a str,
    id: &'a str,
    no: &'a str,
    region: Option<&'a str>,
    from_above: bool,
    section: &'a [String],
    summary: &'a str,
    text: Option<&'a str>,
    wording: &'static str,
    differs_from_pack: bool,
    assignments: Vec<Assignment<'a>>,
    deadline: Deadline<'a>,
    light: Option<&'static str>,
    days_left: Option<i32>,
}

/// What a document asks for beside its tasks.
#[derive(Debug, Serialize)]
struct Obligation<'a> {
    pack: &'a str,
    id: &'a str,
    kind: &'static str,
    region: Option<&'a str>,
    from_above: bool,
    by: Vec<&'a str>,
    by_function: Vec<&'a str>,
    to: Vec<&'a str>,
    when: Option<&'a str>,
    months: Vec<Falls>,
    summary: &'a str,
    soft: Option<&'a str>,
    item: Option<&'a str>,
}

/// A month that the words of `when` name.
#[derive(Debug, Serialize)]
struct Falls {
    month: Option<String>,
    number: i8,
    words: String,
}

#[derive(Debug, Serialize)]
struct Assignment<'a> {
    unit: &'a str,
    role: Role,
    collective: bool,
    open_ended: bool,
    inherited: bool,
    function: Option<&'a str>,
    suggestion: Option<Suggested<'a>>,
}

/// Who might take it up; never an assignment.
#[derive(Debug, Serialize)]
struct Suggested<'a> {
    unit: Option<&'a str>,
    basis: &'static str,
}

#[derive(Debug, Serialize)]
struct Deadline<'a> {
    raw: Option<&'a str>,
    class: DeadlineClass,
    due: Option<String>,
    reading: Option<&'a str>,
}

/// What `leye ledger --json` prints and `/api/v1/ledger` answers.
pub fn contract<'a>(scope: &'a Scope<'a>, as_of: AsOf, duties: &'a [Duty<'a>]) -> Contract<'a> {
    Contract {
        format: 1,
        as_of: as_of.day.to_string(),
        as_of_basis: as_of.basis.id(),
        region: scope.region.map(|region| region.code.as_str()),
        unit: match &scope.wanted {
            Wanted::Unit { asked, .. } => Some(asked),
            _ => None,
        },
        function: match &scope.wanted {
            Wanted::Function(function) => Some(&function.id),
            _ => None,
        },
        tasks: duties.iter().map(|duty| task(scope, duty)).collect(),
        obligations: scope.obligations().iter().map(obligation).collect(),
    }
}

fn obligation<'a>(one: &obligation::Obligation<'a>) -> Obligation<'a> {
    let duty = one.duty;
    let months = one.falls().into_iter().map(|falls| Falls {
        month: falls.month.map(|month| month.to_string()),
        number: falls.number,
        words: falls.words,
    });
    Obligation {
        pack: one.pack.id(),
        id: &duty.id,
        kind: duty.kind.id(),
        region: one.pack.policy.region.as_ref().map(|code| code.as_str()),
        from_above: one.above,
        by: duty.by.iter().map(|name| name.as_str()).collect(),
        by_function: duty.by_function.iter().map(|id| id.as_str()).collect(),
        to: duty.to.iter().map(|name| name.as_str()).collect(),
        when: duty.when.as_deref(),
        months: months.collect(),
        summary: &duty.text,
        soft: duty.soft.as_deref(),
        item: duty
            .cite
            .as_ref()
            .and_then(|cite| cite.item.as_ref())
            .map(|item| item.as_str()),
    }
}

fn task<'a>(scope: &Scope<'a>, duty: &'a Duty<'a>) -> Task<'a> {
    let deadline = &duty.task.deadline;
    Task {
        pack: duty.pack.id(),
        id: &duty.task.id,
        no: &duty.task.no,
        region: duty.pack.policy.region.as_ref().map(|code| code.as_str()),
        from_above: duty.above,
        section: &duty.task.section,
        summary: &duty.task.title,
        text: duty.official.as_deref(),
        wording: if duty.official.is_some() { "attached" } else { "summary" },
        differs_from_pack: duty.differs,
        assignments: duty
            .units
            .iter()
            .map(|(unit, suggestion)| assignment(scope, unit, suggestion.as_ref()))
            .collect(),
        deadline: Deadline {
            raw: deadline.raw.as_deref(),
            class: deadline.class,
            due: deadline.due.map(|due| due.to_string()),
            reading: deadline.reading.as_deref(),
        },
        light: duty.light.map(|light| match light {
            Light::Green => "green",
            Light::Yellow => "yellow",
            Light::Red => "red",
        }),
        days_left: duty.days_left,
    }
}

fn assignment<'a>(scope: &Scope<'a>, unit: &'a pack::Assignment, suggestion: Option<&'a Suggestion>) -> Assignment<'a> {
    Assignment {
        unit: &unit.unit,
        role: unit.role,
        collective: unit.collective,
        open_ended: unit.open_ended,
        inherited: unit.inherited,
        function: scope
            .library
            .units
            .function_of(&unit.unit)
            .map(|function| function.id.as_str()),
        suggestion: suggestion.map(|suggestion| Suggested {
            unit: suggested_name(Some(suggestion)),
            basis: match suggestion {
                Suggestion::Unit { attested: true, .. } => "function-attested",
                Suggestion::Unit { attested: false, .. } => "function-formed",
                Suggestion::Government { .. } => "level",
                Suggestion::Vertical => "vertical",
                Suggestion::Open => "open",
            },
        }),
    }
}
