//! What the reader did not understand or was not sure of, each with its place.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::{Facts, View, facts, find, gone, leaf_href, views};
use crate::error::Error;
use crate::layout::{Layout, page};
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "documents/checks.html")]
struct Page {
    layout: Layout,
    facts: Facts,
    views: Vec<View>,
    table: Table,
}

struct Row {
    line: usize,
    column: usize,
    href: String,
    message: String,
    hint: String,
}

pub(super) async fn show(visit: Visit, Path(word): Path<String>) -> Result<Response, Error> {
    let Some(reading) = find(&visit, &word) else {
        return gone(&visit);
    };
    let checks = reading.extraction().diagnostics.iter().enumerate();
    let rows = checks.map(|(at, check)| Row {
        line: check.line,
        column: check.column,
        href: leaf_href(&word, reading.text.leaf_of_check(at), &format!("check-{}", at + 1)),
        message: check.message.clone(),
        hint: check.hint.clone(),
    });
    let columns = [
        Column::new("line", "位置", |row: &Row| {
            let text = format!("第 {} 行第 {} 字", row.line, row.column);
            Cell::link(text, &*row.href).by(i64::try_from(row.line).ok())
        })
        .sorted()
        .names_row(),
        Column::new("message", "需核对的内容", |row: &Row| Cell::text(&*row.message)).long(),
        Column::new("hint", "怎么办", |row: &Row| Cell::text(&*row.hint)).long(),
    ];
    let listing = Listing::of(&visit.address, "", &columns, rows);
    let facts = facts(&visit, &reading);
    if let Some(file) = listing.export("请核对", &facts.line)? {
        return Ok(file);
    }
    page(&Page {
        layout: visit
            .layout("请核对")
            .beneath("文件识别", super::UPLOAD)
            .beneath(reading.title(), format!("/documents/{word}")),
        facts,
        views: views(&word, &reading, "/checks"),
        table: listing.table("请核对").empty("没有需要核对的地方。"),
    })
}
