//! The whole ledger of a document: sorted, filtered, searched, each row leading to its place in the text.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;
use document::{Role, Task};
use report::ledger::Entry;

use super::listed::Listed;
use super::{facts, files, find, gone, text_href};
use crate::documents::Reading;
use crate::error::Error;
use crate::form::{Field, Input};
use crate::ledger::documents;
use crate::table::{Cell, Column, Listing};
use crate::visit::Visit;

/// The parameter that chooses a unit.
const UNIT: &str = "unit";
/// The parameter that chooses rows by what people did with them.
const BY_HAND: &str = "by-hand";
/// Its values: what was struck out stands in no other list.
const CORRECTED: &str = "corrected";
const ADDED: &str = "added";
const STRUCK: &str = "struck";

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
        let by_hand = address.get(BY_HAND).unwrap_or_default();
        let mut rows = rows(&own, &under, by_hand);
        let fields = vec![
            unit_field(&rows, address.get(UNIT).unwrap_or_default()),
            by_hand_field(by_hand),
        ];
        let unit = &fields[0].value;
        if !unit.is_empty() {
            rows.retain(|row| row.units.contains(unit));
        }
        (fields, Listing::of(&address, "", &columns(), rows))
    };
    let (fields, listing) = visit.app.heavy.run(listing).await?;
    if let Some(file) = listing.export("任务清单", &facts(&visit, &reading).line)? {
        return Ok(file);
    }
    let download = files::links(&word).swap_remove(0);
    let listed = Listed {
        word: &word,
        reading: &reading,
        title: "台账全表",
        path: "/ledger",
        lead: "",
    };
    let table = listing
        .table("台账")
        .with_fields(fields)
        .with_download(download.text, download.href)
        .empty("文件中没有找到任务，或没有符合条件的任务。");
    listed.page(&visit, table)
}

/// A menu of what people did.
fn by_hand_field(chosen: &str) -> Field {
    let menu = [
        ("", "全部任务"),
        (CORRECTED, "人工更正的"),
        (ADDED, "人工增列的"),
        (STRUCK, "人工剔除的（不在台账中）"),
    ];
    let menu = menu.map(|(value, text)| (value.to_owned(), text.to_owned()));
    Field::new(BY_HAND, "人工处理")
        .value(chosen)
        .input(Input::Menu(menu.to_vec()))
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

fn rows(reading: &Reading, word: &str, by_hand: &str) -> Vec<Row> {
    let kept = reading.kept();
    if by_hand == STRUCK {
        let struck = kept.struck.into_iter();
        let rows = struck.filter_map(|struck| {
            let original = reading.original(struck.at)?;
            let mut row = row(text_href(word, reading, struck.at), struck.entry, &original);
            row.remarks = "人工剔除：不是任务，以下按识别结果列出".to_owned();
            Some(row)
        });
        return rows.collect();
    }
    let wanted = |at: &usize| match by_hand {
        CORRECTED => !reading.is_added(*at) && !reading.correction(*at).is_empty(),
        ADDED => reading.is_added(*at),
        _ => true,
    };
    let entries = kept.rows.into_iter().zip(kept.ledger.entries);
    entries
        .filter(|(at, _)| wanted(at))
        .filter_map(|(at, entry)| Some(row(text_href(word, reading, at), entry, &reading.task(at)?)))
        .collect()
}

fn row(href: String, entry: Entry, task: &Task) -> Row {
    let mut units: Vec<String> = Vec::new();
    for role in [Role::Lead, Role::Responsible, Role::Support] {
        for assignment in task.assignments.iter().filter(|assignment| assignment.role == role) {
            if !units.contains(&assignment.unit) {
                units.push(assignment.unit.clone());
            }
        }
    }
    Row {
        no: entry.no,
        href,
        project: entry.project,
        content: entry.content,
        lead: entry.lead,
        support: entry.support,
        responsible: entry.responsible,
        units,
        deadline: documents::deadline(&task.deadline),
        due: task.deadline.due.map(|day| i64::from(day.days_since_epoch())),
        remarks: entry.remarks,
    }
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
