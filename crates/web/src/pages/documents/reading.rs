//! A leaf of the text beside its rows of the ledger, each leading to the other.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use document::{Role, Task};
use report::wrap::{Ambiguous, shorten};

use super::correct::Editing;
use super::{Facts, View, facts, files, find, gone, leaf_href, views};
use crate::documents::correction::Part;
use crate::documents::marks::Kind;
use crate::documents::shown::Block;
use crate::documents::{Leaf, Reading};
use crate::error::Error;
use crate::form::{Field, Summary};
use crate::layout::{Layout, Link, page_with};
use crate::ledger::documents;
use crate::visit::Visit;

/// Columns of 工作内容 that a row shows; the text beside it has all of it.
const SHORT_CONTENT: usize = 76;
/// Checks of the leaf that are listed above it; the view 请核对 has all.
const SHOWN_CHECKS: usize = 12;

#[derive(Template)]
#[template(path = "documents/reading.html")]
struct Page<'r> {
    layout: Layout,
    csrf: String,
    word: &'r str,
    facts: Facts,
    views: Vec<View>,
    summary: Summary,
    downloads: Vec<Link>,
    pack: Field,
    checks: Vec<Check<'r>>,
    more_checks: usize,
    blocks: Vec<Block>,
    rows: Vec<LedgerRow>,
    places: Vec<Option<Place>>,
    places_count: usize,
    leaf: usize,
}

impl Page<'_> {
    fn leaf_link(&self, leaf: usize) -> String {
        leaf_href(self.word, leaf, "")
    }
}

/// A check of this leaf.
struct Check<'r> {
    number: usize,
    place: String,
    message: &'r str,
    hint: &'r str,
}

/// A link to a leaf.
struct Place {
    number: usize,
    href: String,
    current: bool,
}

/// A row of the ledger.
struct LedgerRow {
    /// The task, from 1.
    number: usize,
    no: String,
    project: String,
    content: Value,
    lead: Value,
    support: Value,
    deadline: Value,
    remarks: Vec<String>,
    correct: Option<String>,
    editing: Option<Editing>,
}

/// A cell: what holds, and what was read where a person put something else there.
struct Value {
    lines: Vec<String>,
    was: Option<String>,
}

/// What a page of a document is asked for besides the document.
#[derive(Default)]
pub(super) struct Asked {
    /// The leaf, from 0.
    pub(super) leaf: usize,
    /// The row that is being corrected.
    pub(super) editing: Option<Editing>,
    /// What is wrong with the id of the pack.
    pub(super) pack: Field,
}

pub(super) async fn show(visit: Visit, Path(word): Path<String>) -> Result<Response, Error> {
    let Some(reading) = find(&visit, &word) else {
        return gone(&visit);
    };
    let mut pack = files::pack_field(&reading);
    if let Some(file) = visit.address.get("file") {
        match files::file(&visit, &reading, file).await? {
            Ok(file) => return Ok(file),
            Err(wrong) => pack = *wrong,
        }
    }
    let number = |name: &str| visit.address.get(name).and_then(|text| text.parse::<usize>().ok());
    let task = number("correct").and_then(|task| task.checked_sub(1));
    let task = task.filter(|task| *task < reading.extraction().tasks.len() && !reading.is_sample);
    let leaf = match task {
        Some(task) => reading.text.leaf_at(reading.extraction().tasks[task].span.start),
        None => number("leaf").unwrap_or(1).saturating_sub(1),
    };
    let editing = task.and_then(|task| Editing::of(&reading, task));
    show_leaf(&visit, &word, &reading, Asked { leaf, editing, pack })
}

/// The page; 422 where something that was typed has to be corrected.
pub(super) fn show_leaf(visit: &Visit, word: &str, reading: &Arc<Reading>, asked: Asked) -> Result<Response, Error> {
    let leaves = reading.text.leaves();
    let at = asked.leaf.min(leaves.len().saturating_sub(1));
    let leaf = leaves.get(at).ok_or_else(|| Error::inside("a text without a leaf"))?;
    let fields = asked.editing.iter().flat_map(|editing| &editing.fields);
    let summary = Summary::of(fields.chain([&asked.pack]));
    let status = if summary.lines.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let mut editing = asked.editing;
    let rows = leaf.tasks.iter().filter_map(|task| {
        let own = editing.take_if(|editing| editing.task == *task);
        row(word, reading, *task, own)
    });
    let rows: Vec<LedgerRow> = rows.collect();
    page_with(
        status,
        &Page {
            layout: visit.layout(reading.title()).beneath("文件识别", super::UPLOAD),
            csrf: visit.csrf()?,
            word,
            facts: facts(visit, reading),
            views: views(word, reading, ""),
            summary,
            downloads: files::links(word),
            pack: asked.pack,
            checks: checks(reading, leaf),
            more_checks: reading
                .extraction()
                .diagnostics
                .len()
                .saturating_sub(leaf.checks.len().min(SHOWN_CHECKS)),
            blocks: reading.text.shown(&reading.understood.source, leaf),
            rows,
            places: places(word, at, leaves.len()),
            places_count: leaves.len(),
            leaf: at,
        },
    )
}

fn checks<'r>(reading: &'r Reading, leaf: &Leaf) -> Vec<Check<'r>> {
    let checks = leaf.checks.iter().take(SHOWN_CHECKS);
    let checks = checks.filter_map(|at| Some((*at, reading.extraction().diagnostics.get(*at)?)));
    checks
        .map(|(at, check)| Check {
            number: at + 1,
            place: format!("第 {} 行第 {} 字", check.line, check.column),
            message: &check.message,
            hint: &check.hint,
        })
        .collect()
}

/// The first leaf, the last and those around the present one; `None` is a gap.
fn places(word: &str, now: usize, count: usize) -> Vec<Option<Place>> {
    let mut places: Vec<Option<Place>> = Vec::new();
    for at in (0..count).filter(|_| count > 1) {
        if at == 0 || at + 1 == count || at.abs_diff(now) <= 2 {
            places.push(Some(Place {
                number: at + 1,
                href: leaf_href(word, at, ""),
                current: at == now,
            }));
        } else if !matches!(places.last(), Some(None)) {
            places.push(None);
        }
    }
    places
}

/// 配合单位 as the workbook has it: those who support, then those who are responsible.
pub(super) fn support(task: &Task) -> String {
    let support = documents::units(task, Role::Support);
    let responsible = documents::units(task, Role::Responsible);
    let lines = [
        (!support.is_empty()).then_some(support),
        (!responsible.is_empty()).then(|| format!("责任单位：{responsible}")),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

fn row(word: &str, reading: &Reading, at: usize, editing: Option<Editing>) -> Option<LedgerRow> {
    let original = reading.extraction().tasks.get(at)?;
    let task = reading.task(at)?;
    let correction = reading.correction(at);
    let value = |parts: &[Part], of: &dyn Fn(&Task) -> String| {
        let changed = parts.iter().any(|part| correction.has(*part));
        let was = changed
            .then(|| of(original))
            .map(|was| if was.is_empty() { "无".to_owned() } else { was });
        Value {
            lines: of(&task).lines().map(str::to_owned).collect(),
            was,
        }
    };
    let short = |task: &Task| {
        shorten(
            &documents::content(task).replace('\n', " "),
            SHORT_CONTENT,
            Ambiguous::Narrow,
        )
    };
    let whole = |task: &Task| documents::content(task).replace('\n', " ");
    let content = if correction.has(Part::Content) {
        value(&[Part::Content], &whole)
    } else {
        value(&[], &short)
    };
    let project = documents::project(&task);
    let mut remarks: Vec<String> = documents::without_unit(reading.extraction(), original)
        .into_iter()
        .collect();
    if task.assignments.is_empty() && !original.assignments.is_empty() {
        remarks.push("单位已由人工删去".to_owned());
    }
    if task.assignments.iter().any(|assignment| assignment.inherited) {
        remarks.push("含依原文统一规定列入的单位".to_owned());
    }
    Some(LedgerRow {
        number: at + 1,
        no: documents::number(&task).to_owned(),
        project: project.lines().last().unwrap_or_default().to_owned(),
        content,
        lead: value(&[Part::Lead], &documents::lead),
        support: value(&[Part::Support, Part::Responsible], &support),
        deadline: value(&[Part::Deadline], &|task| documents::deadline(&task.deadline)),
        remarks,
        correct: (!reading.is_sample).then(|| format!("/documents/{word}?correct={0}#row-{0}", at + 1)),
        editing,
    })
}
