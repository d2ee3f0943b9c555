//! One file a page: page struct, template name, handler, and its [`Entry`].
//!
//! The entries are the only list of pages: the router, the navigation and the tests that every page must pass (headers,
//! tokens, axe, keyboard, pictures) all read it.

mod ask;
mod catalogue;
mod clause;
mod coverage;
mod documents;
mod duties;
mod employer;
mod home;
mod parameters;
mod readings;
mod rules;
mod screening;

use std::sync::Arc;

use axum::routing::MethodRouter;

use crate::app::App;

/// A page.
pub struct Entry {
    /// Its path, as the router writes it: `/rules/{pack}`.
    pub path: &'static str,
    /// Its text in the navigation, where it stands there.
    pub navigation: Option<&'static str>,
    /// Its handlers: `get(show)`, `get(ask).post(answer)`.
    pub route: fn() -> MethodRouter<Arc<App>>,
    /// True where it takes files: its body may be as large as an upload.
    pub uploads: bool,
    /// Addresses that tests open: the page as it is first seen, and with something filtered or chosen. None only for what is
    /// no page (a file, events) or stands under a number that is drawn.
    pub examples: &'static [&'static str],
    /// True where it takes forms: tests send one without a token and must be refused.
    pub forms: bool,
}

/// The entries of all pages, in the order of the navigation. One line a page file.
const ALL: &[&[Entry]] = &[
    home::ENTRIES,
    ask::ENTRIES,
    catalogue::ENTRIES,
    employer::ENTRIES,
    duties::ENTRIES,
    documents::ENTRIES,
    rules::ENTRIES,
    coverage::ENTRIES,
    readings::ENTRIES,
    parameters::ENTRIES,
    clause::ENTRIES,
    screening::ENTRIES,
];

/// All pages.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    ALL.iter().copied().flatten()
}
