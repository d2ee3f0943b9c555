//! 按单位: how many tasks each unit has, and how they stand.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use policy::ledger::{UnitTally, by_unit, note};

use super::{Asked, View, asked_at, views};
use crate::error::Error;
use crate::form::Summary;
use crate::layout::{Layout, Link, page_with};
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "duties/units.html")]
struct Units {
    layout: Layout,
    views: Vec<View>,
    summary: Summary,
    instead: Vec<Link>,
    note: String,
    table: Table,
}

/// A unit with the address of its tasks.
struct Row {
    tally: UnitTally,
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
    let tallies = asked
        .scope
        .as_ref()
        .map(|scope| by_unit(scope, &duties))
        .unwrap_or_default();
    let rows = tallies.into_iter().map(|tally| Row {
        href: asked_at(&visit.address, "/duties").with("unit", &tally.asked_by).href(),
        tally,
    });
    let columns = [
        Column::new("name", "单位", |row: &Row| {
            let mark = if row.tally.suggested {
                "\n（建议承接，未指派）"
            } else {
                ""
            };
            Cell::link(format!("{}{mark}", row.tally.unit), &*row.href)
        })
        .sorted()
        .names_row(),
        Column::new("place", "地区", |row: &Row| Cell::text(&*row.tally.region)).sorted(),
        Column::new("all", "任务", |row: &Row| Cell::count(row.tally.count.all))
            .sorted()
            .number(),
        Column::new("lead", "牵头", |row: &Row| Cell::count(row.tally.lead))
            .sorted()
            .number(),
        Column::new("responsible", "责任", |row: &Row| Cell::count(row.tally.responsible))
            .sorted()
            .number(),
        Column::new("support", "配合", |row: &Row| Cell::count(row.tally.support))
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
    if let Some(file) = listing.export("单位任务数", &line)? {
        return Ok(file);
    }
    let status = if asked.is_wrong() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    page_with(
        status,
        &Units {
            layout: visit.layout("责任台账：按单位").beneath("责任台账", "/duties"),
            views: views(&visit),
            summary: asked.summary(),
            instead: asked.instead.clone(),
            note: line,
            table: listing.table("单位任务数").with_fields(asked.fields),
        },
    )
}
