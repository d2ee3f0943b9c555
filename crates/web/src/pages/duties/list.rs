//! 任务列表: one row a task, with its light.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use document::DeadlineClass;
use policy::due::{Light, class_label};
use policy::ledger::{Count, Duty, note, pack_remarks, region_name};
use report::ledger::Sheets;

use super::{Asked, View, asked_at, obligations, views};
use crate::error::Error;
use crate::form::Summary;
use crate::layout::{Layout, Link, download, page_with};
use crate::parts::{Figure, Figures, Light as Lamp, Tone};
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "duties/list.html")]
struct Duties {
    layout: Layout,
    views: Vec<View>,
    summary: Summary,
    instead: Vec<Link>,
    note: String,
    remarks: Vec<String>,
    figures: Option<Figures>,
    table: Table,
    reports: Option<Table>,
}

/// A task with what only the scope knows of it.
struct Row<'a> {
    duty: Duty<'a>,
    region: String,
}

pub(super) async fn show(visit: Visit) -> Result<Response, Error> {
    let asked = Asked::of(&visit.app, &visit.address);
    let duties = asked.duties();
    let (mut line, mut remarks) = (String::new(), Vec::new());
    if let Some(scope) = &asked.scope {
        line = note(scope, asked.as_of, duties.len());
        remarks.extend(scope.remarks.iter().cloned());
        remarks.extend(pack_remarks(scope, &asked.sources(), asked.as_of, &duties));
    }
    // Of what was not understood nothing is counted.
    let figures = (!asked.is_wrong()).then(|| figures(&visit, Count::of(&duties)));
    let rows = duties.into_iter().map(|duty| Row {
        region: asked
            .scope
            .as_ref()
            .map(|scope| region_name(scope, duty.pack))
            .unwrap_or_default(),
        duty,
    });
    let listing = Listing::of(&visit.address, "", &columns(), rows);
    if let Some(file) = listing.export("任务列表", &line)? {
        return Ok(file);
    }
    let status = if asked.is_wrong() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let reports = obligations::all(&asked, &visit.address);
    let ledger = asked_at(&visit.address, "/duties/ledger.xlsx").href();
    page_with(
        status,
        &Duties {
            layout: visit.layout("责任台账"),
            views: views(&visit),
            summary: asked.summary(),
            instead: asked.instead.clone(),
            note: line,
            remarks,
            figures,
            reports,
            table: listing
                .table("任务列表")
                .with_fields(asked.fields)
                .with_download("责任台账（按单位分表）", ledger),
        },
    )
}

fn columns<'a>() -> Vec<Column<Row<'a>>> {
    vec![
        Column::new("item", "编号", |row: &Row<'_>| Cell::text(row.duty.item_number()))
            .sorted()
            .names_row(),
        Column::new("place", "地区", |row: &Row<'_>| Cell::text(&*row.region)).sorted(),
        Column::new("content", "工作内容", |row: &Row<'_>| {
            Cell::text(row.duty.content())
        })
        .long(),
        Column::new("units", "责任单位", |row: &Row<'_>| {
            let (units, suggestions) = (row.duty.units_text(), row.duty.suggestions_text());
            Cell::text(format!("{units}\n{suggestions}").trim_end())
        })
        .long(),
        Column::new("deadline", "完成时限", |row: &Row<'_>| {
            let deadline = &row.duty.task.deadline;
            let due = deadline.due.filter(|_| deadline.class == DeadlineClass::Date);
            let found = due.map_or_else(|| class_label(deadline.class).to_owned(), |due| due.month().to_string());
            let number = due.map(|due| i64::from(due.days_since_epoch()));
            Cell::text(row.duty.deadline()).by(number).found_by([found])
        })
        .sorted()
        .chosen(),
        Column::new("light", "到期灯", |row: &Row<'_>| {
            let lamp = Lamp::due(row.duty.light, row.duty.light_text());
            let word = row
                .duty
                .light
                .map_or_else(|| class_label(row.duty.task.deadline.class), Light::word);
            Cell::light(lamp.tone, lamp.text).found_by([word])
        })
        .sorted()
        .chosen(),
        Column::new("basis", "文件依据", |row: &Row<'_>| Cell::text(row.duty.basis())).sorted(),
    ]
}

fn figures(visit: &Visit, count: Count) -> Figures {
    let figure = |label: &str, value: usize, light: &str, tone| Figure {
        label: label.to_owned(),
        value: format!("{value} 项"),
        href: asked_at(&visit.address, "/duties").with("light", light).href(),
        tone,
    };
    let without = count.all - count.red - count.yellow - count.green;
    Figures {
        figures: vec![
            figure("全部任务", count.all, "", Tone::Plain),
            figure("红灯：已过期", count.red, "红", Tone::Bad),
            figure("黄灯：30天以内到期", count.yellow, "黄", Tone::Warn),
            figure("绿灯：剩30天以上", count.green, "绿", Tone::Good),
            Figure {
                label: "灰：没有载明日期，不设灯".to_owned(),
                value: format!("{without} 项"),
                href: String::new(),
                tone: Tone::Mute,
            },
        ],
    }
}

/// The workbook of `leye ledger --xlsx`: the whole ledger, then a sheet for each unit.
pub(super) async fn workbook(visit: Visit) -> Result<Response, Error> {
    let app = visit.app.clone();
    let address = visit.address.clone();
    let made = visit.app.heavy.run(move || {
        let asked = Asked::of(&app, &address);
        let wrong = asked
            .summary()
            .lines
            .into_iter()
            .map(|(_, text)| text)
            .collect::<Vec<_>>()
            .join("；");
        let Some(scope) = asked.scope.as_ref().filter(|_| wrong.is_empty()) else {
            return Err(Error::unprocessable(wrong, "请返回责任台账更正筛选条件后再导出"));
        };
        let duties = asked.duties();
        let ledger = crate::ledger::packs::workbook(scope, &asked.sources(), asked.as_of, &duties);
        report::ledger::workbook(&ledger, Sheets::ByUnit)
            .map_err(|error| Error::unprocessable(error.to_string(), "请按地区、单位或职能缩小范围后再导出"))
    });
    Ok(download("责任台账.xlsx", crate::table::XLSX, made.await??))
}
