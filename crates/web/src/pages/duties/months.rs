//! 按月份: the tasks due in each month, as a chart and as a table.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use policy::ledger::{MonthTally, by_month, note};
use report::chart::{Bar, Bars};

use super::{Asked, View, asked_at, obligations, views};
use crate::error::Error;
use crate::form::Summary;
use crate::layout::{Layout, Link, page_with};
use crate::parts::{Chart, Tone};
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "duties/months.html")]
struct Months {
    layout: Layout,
    views: Vec<View>,
    summary: Summary,
    instead: Vec<Link>,
    note: String,
    table: Table,
    undated: usize,
    reports: Option<Table>,
}

/// A month with the address of its tasks.
struct Row {
    tally: MonthTally,
    href: String,
}

pub(super) async fn show(visit: Visit) -> Result<Response, Error> {
    let asked = Asked::of(&visit.app, &visit.address);
    let duties = asked.duties();
    let line = asked
        .scope
        .as_ref()
        .map(|scope| note(scope, asked.as_of, duties.len()))
        .unwrap_or_default();
    let tallies = by_month(&duties);
    let dated: usize = tallies.iter().map(|tally| tally.count.all).sum();
    let chart = chart(&tallies);
    let rows = tallies.into_iter().map(|tally| Row {
        href: asked_at(&visit.address, "/duties")
            .with("deadline", &tally.month.to_string())
            .href(),
        tally,
    });
    let columns = [
        Column::new("month", "到期月份", |row: &Row| {
            Cell::link(row.tally.month.to_string(), &*row.href)
        })
        .sorted()
        .names_row(),
        Column::new("all", "任务", |row: &Row| Cell::count(row.tally.count.all))
            .sorted()
            .number(),
        Column::new("red", "红灯", |row: &Row| Cell::count(row.tally.count.red))
            .sorted()
            .number(),
        Column::new("yellow", "黄灯", |row: &Row| Cell::count(row.tally.count.yellow))
            .sorted()
            .number(),
        Column::new("green", "绿灯", |row: &Row| Cell::count(row.tally.count.green))
            .sorted()
            .number(),
    ];
    let listing = Listing::of(&visit.address, "", &columns, rows);
    if let Some(file) = listing.export("各月到期任务数", &line)? {
        return Ok(file);
    }
    let reports = obligations::by_month(&asked, &visit.address);
    let status = if asked.is_wrong() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page_with(
        status,
        &Months {
            layout: visit.layout("责任台账：按月份").beneath("责任台账", "/duties"),
            views: views(&visit),
            summary: asked.summary(),
            instead: asked.instead.clone(),
            note: line,
            table: listing
                .table("各月到期任务数")
                .with_fields(asked.fields)
                .with_chart(chart),
            undated: duties.len() - dated,
            reports,
        },
    )
}

/// One bar a month, coloured by its most urgent light; nothing where no task has a day.
fn chart(tallies: &[MonthTally]) -> Option<Chart> {
    let (first, last) = (tallies.first()?, tallies.last()?);
    let bars = tallies.iter().map(|tally| {
        let count = tally.count;
        let (tone, word) = match (count.red, count.yellow) {
            (1.., _) => (Tone::Bad, "红灯"),
            (0, 1..) => (Tone::Warn, "黄灯"),
            (0, 0) => (Tone::Good, "绿灯"),
        };
        Bar {
            label: tally.month.to_string(),
            value: i64::try_from(count.all).unwrap_or(i64::MAX),
            shown: format!("{} 项，{word}", count.all),
            tone,
        }
    });
    let title = "各月到期任务数".to_owned();
    let description = format!("{} 至 {}，按到期月份列出任务数，数字见下表。", first.month, last.month);
    let svg = Bars {
        id: "months-chart".to_owned(),
        title: title.clone(),
        description,
        bars: bars.collect(),
    };
    Some(Chart { title, svg: svg.svg() })
}
