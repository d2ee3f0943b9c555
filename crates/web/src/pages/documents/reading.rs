//! A leaf of the text beside its rows of the ledger, each leading to the other.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use document::{Role, Task};
use report::wrap::{Ambiguous, shorten};

use super::add::Adding;
use super::correct::Editing;
use super::{Facts, View, facts, files, find, gone, leaf_href, leaf_of, views};
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
    adding: Option<Box<Adding>>,
    places: Vec<Option<Place>>,
    places_count: usize,
    leaf: usize,
}

impl Page<'_> {
    fn leaf_link(&self, leaf: usize) -> String {
        leaf_href(self.word, leaf, "")
    }

    /// Where a row is added, its paragraph to be chosen among those of this leaf.
    fn add_link(&self) -> String {
        format!("/documents/{}?leaf={}&add=0#adding", self.word, self.leaf + 1)
    }

    /// What people did with the row of this number, for its link in the text; empty for nothing.
    fn by_hand(&self, number: &usize) -> &'static str {
        let row = self.rows.iter().find(|row| row.number == *number);
        row.map_or("", LedgerRow::by_hand)
    }

    /// Paragraphs show their numbers: one is being chosen.
    fn is_numbered(&self) -> bool {
        self.adding.is_some()
    }

    /// Their numbers are links: nothing was typed yet that a link would lose.
    fn is_choosing(&self) -> bool {
        self.adding.as_ref().is_some_and(|adding| adding.chosen.is_none())
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
    is_added: bool,
    is_struck: bool,
}

impl LedgerRow {
    /// What people did with the row as a whole; empty for nothing.
    const fn by_hand(&self) -> &'static str {
        match (self.is_added, self.is_struck) {
            (false, false) => "",
            (true, false) => "人工增列",
            (false, true) => "人工剔除",
            (true, true) => "增列已撤销",
        }
    }

    /// What takes it out of the ledger.
    const fn strike(&self) -> &'static str {
        if self.is_added { "撤销增列" } else { "不是任务" }
    }
}

/// A cell: what holds, and what was there where a person put something else.
struct Value {
    lines: Vec<String>,
    was: Option<String>,
    /// What it was: read, or the words of the text.
    word: &'static str,
}

/// What a person does with the ledger of a leaf.
#[derive(Default)]
pub(super) enum Doing {
    /// Looks at it.
    #[default]
    Reading,
    /// Corrects a row of it.
    Correcting(Editing),
    /// Adds a row.
    Adding(Box<Adding>),
}

/// What a page of a document is asked for besides the document.
#[derive(Default)]
pub(super) struct Asked {
    /// The leaf, from 0.
    pub(super) leaf: usize,
    /// What a person does there.
    pub(super) doing: Doing,
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
    let task = task.filter(|task| !reading.is_sample && !reading.is_struck(*task));
    let editing = task.and_then(|task| Editing::of(&reading, &word, task));
    let add = visit.address.get("add").filter(|_| !reading.is_sample);
    let asked = number("leaf").unwrap_or(1).saturating_sub(1);
    let (leaf, doing) = match (editing, add) {
        (Some(editing), _) => (leaf_of(&reading, editing.task), Doing::Correcting(editing)),
        (None, Some(add)) => {
            let adding = Adding::of(&reading, &word, add, asked);
            (adding.leaf, Doing::Adding(Box::new(adding)))
        }
        (None, None) => (asked, Doing::Reading),
    };
    show_leaf(&visit, &word, &reading, Asked { leaf, doing, pack })
}

/// The page; 422 where something that was typed has to be corrected.
pub(super) fn show_leaf(visit: &Visit, word: &str, reading: &Arc<Reading>, asked: Asked) -> Result<Response, Error> {
    let text = reading.text();
    let leaves = text.leaves();
    let at = asked.leaf.min(leaves.len().saturating_sub(1));
    let leaf = leaves.get(at).ok_or_else(|| Error::inside("a text without a leaf"))?;
    let (mut editing, adding) = match asked.doing {
        Doing::Reading => (None, None),
        Doing::Correcting(editing) => (Some(editing), None),
        Doing::Adding(adding) => (None, Some(adding)),
    };
    let of_row = editing.iter().flat_map(|editing| &editing.fields);
    let fields = of_row.chain(adding.iter().flat_map(|adding| adding.fields()));
    let summary = Summary::of(fields.chain([&asked.pack]));
    let status = if summary.lines.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
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
            blocks: text.shown(&reading.understood.source, leaf),
            rows,
            adding,
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
    let original = reading.original(at)?;
    let task = reading.task(at)?;
    let correction = reading.correction(at);
    let is_added = reading.is_added(at);
    let value = |parts: &[Part], of: &dyn Fn(&Task) -> String| {
        // Of a row that a person added only the words were there before.
        let has_before = !is_added || parts.contains(&Part::Content);
        let changed = has_before && parts.iter().any(|part| correction.has(*part));
        let was = changed
            .then(|| of(&original))
            .map(|was| if was.is_empty() { "无".to_owned() } else { was });
        Value {
            lines: of(&task).lines().map(str::to_owned).collect(),
            was,
            word: if is_added { "原文为" } else { "识别为" },
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
    let without_unit = documents::without_unit(reading.extraction(), &original);
    let mut remarks: Vec<String> = without_unit.filter(|_| !is_added).into_iter().collect();
    if task.assignments.is_empty() && is_added {
        remarks.push("增列时没有填写单位".to_owned());
    } else if task.assignments.is_empty() && !original.assignments.is_empty() {
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
        is_added,
        is_struck: reading.is_struck(at),
    })
}
