//! What several pages of a document are: its facts, its views, and one table.

use askama::Template;
use axum::response::Response;

use super::{Facts, View, facts, views};
use crate::documents::Reading;
use crate::error::Error;
use crate::layout::{Layout, page};
use crate::table::Table;
use crate::visit::Visit;

/// A page of a document that is one table.
#[derive(Template)]
#[template(path = "documents/listed.html")]
struct Page {
    layout: Layout,
    facts: Facts,
    views: Vec<View>,
    lead: &'static str,
    table: Table,
}

/// A view of a document.
pub(super) struct Listed<'r> {
    pub(super) word: &'r str,
    pub(super) reading: &'r Reading,
    /// Its heading.
    pub(super) title: &'static str,
    /// Its path beneath that of the document.
    pub(super) path: &'static str,
    /// What stands above the table; empty for nothing.
    pub(super) lead: &'static str,
}

impl Listed<'_> {
    /// Its page.
    pub(super) fn page(&self, visit: &Visit, table: Table) -> Result<Response, Error> {
        page(&Page {
            layout: visit
                .layout(self.title)
                .beneath("文件识别", super::UPLOAD)
                .beneath(self.reading.title(), format!("/documents/{}", self.word)),
            facts: facts(visit, self.reading),
            views: views(self.word, self.reading, self.path),
            lead: self.lead,
            table,
        })
    }
}
