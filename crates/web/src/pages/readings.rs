//! 口径: where a text admits two readings, which is used, and which others there are.

use askama::Template;
use axum::response::Response;
use axum::routing::get;
use policy::benefit::{Benefit, Reading};

use super::Entry;
use super::rules::item_href;
use crate::address::encoded;
use crate::error::Error;
use crate::layout::{Layout, page};
use crate::parts::Tone;
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

pub(super) const ENTRIES: &[Entry] = &[Entry {
    path: "/rules/readings",
    navigation: None,
    route: || get(show),
    uploads: false,
    examples: &["/rules/readings"],
    forms: false,
}];

#[derive(Template)]
#[template(path = "rules/readings.html")]
struct Readings {
    layout: Layout,
    table: Table,
}

struct Row<'a> {
    benefit: &'a Benefit,
    reading: &'a Reading,
}

async fn show(visit: Visit) -> Result<Response, Error> {
    let benefits = visit.app.catalogue.benefits.all();
    let rows = benefits.flat_map(|benefit| benefit.readings.iter().map(move |reading| Row { benefit, reading }));
    let columns = [
        Column::new("benefit", "扶持政策", |row: &Row<'_>| {
            let href = format!("/catalogue/{}", encoded(&row.benefit.id));
            Cell::link(&*row.benefit.name, href)
        })
        .sorted()
        .names_row(),
        Column::new("pack", "政策文件", |row: &Row<'_>| {
            Cell::link(&*row.benefit.pack, format!("/rules/{}", encoded(&row.benefit.pack)))
        })
        .sorted()
        .chosen(),
        Column::new("item", "条款", |row: &Row<'_>| {
            let cite = &row.benefit.cite;
            Cell::link(policy::item::number(&cite.item), item_href(&cite.document, &cite.item))
        })
        .sorted(),
        Column::new("text", "目前按", |row: &Row<'_>| Cell::text(&*row.reading.text)).long(),
        Column::new("others", "也可以理解为", |row: &Row<'_>| {
            Cell::text(row.reading.alternatives.join("\n"))
        })
        .long(),
        Column::new("status", "状态", |row: &Row<'_>| match &row.reading.confirmed {
            Some(by) => Cell::light(Tone::Good, format!("已确认：{by}")).found_by(["已确认"]),
            None => Cell::light(Tone::Warn, "待确认").found_by(["待确认"]),
        })
        .sorted()
        .chosen(),
        Column::new("id", "口径编号", |row: &Row<'_>| {
            Cell::text(format!("{}/{}", *row.benefit.id, *row.reading.id))
        }),
    ];
    let listing = Listing::of(&visit.address, "", &columns, rows);
    if let Some(file) = listing.export("口径清单", "目前按所列第一种理解办理，答复后复核已办事项。")?
    {
        return Ok(file);
    }
    page(&Readings {
        layout: visit.layout("口径").beneath("政策文件库", "/rules"),
        table: listing.table("口径"),
    })
}
