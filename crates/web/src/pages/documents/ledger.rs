//! The whole ledger of a document: sorted, filtered, searched, each row leading to its place in the text.

use std::collections::BTreeSet;
use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use document::Role;

use super::{Facts, View, facts, files, find, gone, text_href, views};
use crate::documents::Reading;
use crate::error::Error;
use crate::form::{Field, Input};
use crate::layout::{Layout, page};
use crate::ledger::documents;
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

/// The parameter that chooses a unit.
const UNIT: &str = "unit";

#[derive(Template)]
#[template(path = "documents/ledger.html")]
struct Page {
    layout: Layout,
    facts: Facts,
    views: Vec<View>,
    table: Table,
}

struct Row {
    no: String,
    href: String,
    project: String,
    content: String,
    lead: String,
    support: String,
    responsible: String,
    units: Vec<String>,
    deadline: String,
    due: Option<i64>,
    remarks: String,
}

pub(super) async fn show(visit: Visit, Path(word): Path<String>) -> Result<Response, Error> {
    let Some(reading) = find(&visit, &word) else {
        return gone(&visit);
    };
    let (address, own, under) = (visit.address.clone(), Arc::clone(&reading), word.clone());
    let listing = move || {
        let mut rows = rows(&own, &under);
        let field = unit_field(&rows, address.get(UNIT).unwrap_or_default());
        if !field.value.is_empty() {
            rows.retain(|row| row.units.contains(&field.value));
        }
        (field, Listing::of(&address, "", &columns(), rows))
    };
    let (field, listing) = visit.app.heavy.run(listing).await?;
    let facts = facts(&visit, &reading);
    if let Some(file) = listing.export("任务清单", &facts.line)? {
        return Ok(file);
    }
    let download = files::links(&word).swap_remove(0);
    page(&Page {
        layout: visit
            .layout("台账全表")
            .beneath("文件识别", super::UPLOAD)
            .beneath(reading.title(), format!("/documents/{word}")),
        facts,
        views: views(&word, &reading, "/ledger"),
        table: listing
            .table("台账")
            .with_fields(vec![field])
            .with_download(download.text, download.href)
            .empty("文件中没有找到任务，或没有符合条件的任务。"),
    })
}

/// A menu of all units, whatever their part, in the order in which they first appear.
fn unit_field(rows: &[Row], chosen: &str) -> Field {
    let mut seen = BTreeSet::new();
    let units = rows
        .iter()
        .flat_map(|row| &row.units)
        .filter(|unit| seen.insert(unit.as_str()));
    let mut menu = vec![(String::new(), "全部".to_owned())];
    menu.extend(units.map(|unit| (unit.clone(), unit.clone())));
    if !chosen.is_empty() && !seen.contains(chosen) {
        menu.push((chosen.to_owned(), format!("{chosen}（无此项）")));
    }
    Field::new(UNIT, "单位").value(chosen).input(Input::Menu(menu))
}

fn rows(reading: &Reading, word: &str) -> Vec<Row> {
    let ledger = reading.ledger();
    let tasks = ledger.entries.into_iter().enumerate();
    tasks
        .filter_map(|(at, entry)| {
            let task = reading.task(at)?;
            let mut units: Vec<String> = Vec::new();
            for role in [Role::Lead, Role::Responsible, Role::Support] {
                for assignment in task.assignments.iter().filter(|assignment| assignment.role == role) {
                    if !units.contains(&assignment.unit) {
                        units.push(assignment.unit.clone());
                    }
                }
            }
            Some(Row {
                no: entry.no,
                href: text_href(word, reading, at),
                project: entry.project,
                content: entry.content,
                lead: entry.lead,
                support: entry.support,
                responsible: entry.responsible,
                units,
                deadline: documents::deadline(&task.deadline),
                due: task.deadline.due.map(|day| i64::from(day.days_since_epoch())),
                remarks: entry.remarks,
            })
        })
        .collect()
}

fn columns() -> Vec<Column<Row>> {
    vec![
        Column::new("no", "序号", |row: &Row| Cell::link(&*row.no, &*row.href))
            .sorted()
            .names_row(),
        Column::new("project", "项目", |row: &Row| Cell::text(&*row.project)),
        Column::new("content", "工作内容", |row: &Row| Cell::text(&*row.content)).long(),
        Column::new("lead", "牵头单位", |row: &Row| Cell::text(&*row.lead)).sorted(),
        Column::new("support", "配合单位", |row: &Row| Cell::text(&*row.support)),
        Column::new("responsible", "责任单位", |row: &Row| Cell::text(&*row.responsible)),
        Column::new("deadline", "完成时限", |row: &Row| {
            Cell::text(&*row.deadline).by(row.due)
        })
        .sorted(),
        Column::new("remarks", "备注", |row: &Row| Cell::text(&*row.remarks)),
    ]
}
