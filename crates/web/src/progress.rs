//! Progress of something that takes time, told to an open page as server-sent events.
//!
//! Whoever works keeps a `watch::Sender<Progress>`; a handler answers with [`events`] of its receiver. The page holds
//! `{{ bar }}` ([`Bar`]) and the script `progress`; without the script it offers a link that shows how far it is.

use std::convert::Infallible;
use std::time::Duration;

use askama::Template;
use askama::filters::HtmlSafe;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream;
use serde::Serialize;
use tokio::sync::watch;

/// How far something is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Units done.
    pub done: u64,
    /// Units in all; zero while that is not known.
    pub total: u64,
    /// What is being done, in Chinese; never personal data.
    pub text: String,
    /// Where the result is, once it is finished.
    pub finished: Option<String>,
    /// Why it stopped without a result, in Chinese.
    pub failed: Option<String>,
}

impl Progress {
    /// True when nothing more will come.
    pub const fn is_over(&self) -> bool {
        self.finished.is_some() || self.failed.is_some()
    }
}

/// A comment this often keeps proxies from closing the line.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The progress as events: the present state at once, then each change, until it is over or the sender is gone.
pub fn events(receiver: watch::Receiver<Progress>) -> impl IntoResponse {
    let states = stream::unfold((receiver, true, false), |(mut receiver, first, over)| async move {
        if over || (!first && receiver.changed().await.is_err()) {
            return None;
        }
        let state = receiver.borrow_and_update().clone();
        let over = state.is_over();
        let event = Event::default().event("progress").json_data(&state).unwrap_or_default();
        Some((Ok::<_, Infallible>(event), (receiver, false, over)))
    });
    Sse::new(states).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// The bar on the page.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/progress.html")]
pub struct Bar {
    /// Address of the events.
    pub events: String,
    /// How far it is as the page is made.
    pub now: Progress,
    /// Address of this very page, to look again without a script.
    pub again: String,
}

impl HtmlSafe for Bar {}
