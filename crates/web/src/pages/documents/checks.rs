//! What the reader did not understand or was not sure of, each with its place.

use axum::extract::Path;
use axum::response::Response;

use super::listed::Listed;
use super::{facts, find, gone, leaf_href};
use crate::error::Error;
use crate::table::{Cell, Column, Listing};
use crate::visit::Visit;

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
    let text = reading.text();
    let checks = reading.extraction().diagnostics.iter().enumerate();
    let rows = checks.map(|(at, check)| Row {
        line: check.line,
        column: check.column,
        href: leaf_href(&word, text.leaf_of_check(at), &format!("check-{}", at + 1)),
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
    if let Some(file) = listing.export("请核对", &facts(&visit, &reading).line)? {
        return Ok(file);
    }
    let listed = Listed {
        word: &word,
        reading: &reading,
        title: "请核对",
        path: "/checks",
        lead: "识别时没有读懂、或者拿不准的地方，请对照原文核对；需要改、补、删的，在“原文与台账”中更正、增列、剔除。",
    };
    listed.page(&visit, listing.table("请核对").empty("没有需要核对的地方。"))
}
