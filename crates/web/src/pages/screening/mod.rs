//! 筛查: runs of the home, a run with its funnel, lists and questions, one row with its reasons, and what other rules would
//! change. What `leye screen`, `runs`, `explain` and `simulate` do.

mod benefit;
mod job;
mod list;
mod questions;
mod reform;
mod result;
mod row;
mod run;
mod simulate;
mod start;

use std::sync::Arc;

use axum::routing::{get, post};
use civil::Money;
use screening::ScreeningError;

use super::Entry;
use crate::address::encoded;
use crate::app::App;
use crate::error::Error;
use crate::layout::Layout;
use crate::screenings::{Run, refused};
use crate::visit::Visit;

/// What the pages are called in the navigation and above their parts.
const TITLE: &str = "筛查";

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        path: "/screening",
        navigation: Some(TITLE),
        route: || get(list::show).post(start::start),
        uploads: false,
        examples: &["/screening", "/screening?sort=-eligible"],
        forms: true,
    },
    Entry {
        path: "/screening/jobs/{id}",
        navigation: None,
        route: || get(job::show),
        uploads: false,
        examples: &[],
        forms: false,
    },
    Entry {
        path: "/screening/jobs/{id}/events",
        navigation: None,
        route: || get(job::events),
        uploads: false,
        examples: &[],
        forms: false,
    },
    Entry {
        path: "/screening/jobs/{id}/stop",
        navigation: None,
        route: || post(job::stop),
        uploads: false,
        examples: &[],
        forms: true,
    },
    Entry {
        path: "/screening/runs/{run}",
        navigation: None,
        route: || get(run::show),
        uploads: false,
        examples: &[
            "/screening/runs/2020-12-15-330282-1",
            "/screening/runs/2020-12-15-330282-1?sort=-undetermined",
        ],
        forms: false,
    },
    Entry {
        path: "/screening/runs/{run}/questions",
        navigation: None,
        route: || get(questions::show),
        uploads: false,
        examples: &["/screening/runs/2020-12-15-330282-1/questions"],
        forms: false,
    },
    Entry {
        path: "/screening/runs/{run}/questions.xlsx",
        navigation: None,
        route: || get(questions::workbook),
        uploads: false,
        examples: &[],
        forms: false,
    },
    Entry {
        path: "/screening/runs/{run}/benefits/{benefit}",
        navigation: None,
        route: || get(benefit::show),
        uploads: false,
        examples: &[
            "/screening/runs/2020-12-15-330282-1/benefits/cx-jobseek-subsidy",
            "/screening/runs/2020-12-15-330282-1/benefits/cx-jobseek-subsidy?outcome=undetermined&size=20",
        ],
        forms: false,
    },
    Entry {
        path: "/screening/runs/{run}/benefits/{benefit}/list.xlsx",
        navigation: None,
        route: || get(benefit::workbook),
        uploads: false,
        examples: &[],
        forms: false,
    },
    Entry {
        path: "/screening/runs/{run}/benefits/{benefit}/rows",
        navigation: None,
        route: || post(row::find),
        uploads: false,
        examples: &[],
        forms: true,
    },
    Entry {
        path: "/screening/runs/{run}/benefits/{benefit}/rows/{row}",
        navigation: None,
        route: || get(row::show),
        uploads: false,
        examples: &["/screening/runs/2020-12-15-330282-1/benefits/cx-jobseek-subsidy/rows/1"],
        forms: false,
    },
    Entry {
        path: "/screening/simulations",
        navigation: None,
        route: || get(simulate::ask).post(simulate::start),
        uploads: true,
        examples: &[
            "/screening/simulations",
            "/screening/simulations?run=2020-12-15-330282-1",
        ],
        forms: true,
    },
    Entry {
        path: "/screening/simulations/{id}",
        navigation: None,
        route: || get(result::show),
        uploads: false,
        examples: &[],
        forms: false,
    },
    Entry {
        path: "/screening/simulations/{id}/result.xlsx",
        navigation: None,
        route: || get(result::workbook),
        uploads: false,
        examples: &[],
        forms: false,
    },
];

/// Address of a run's page.
fn run_href(run: &str) -> String {
    format!("/screening/runs/{}", encoded(run))
}

/// Address of the page of a benefit in a run.
fn benefit_href(run: &str, benefit: &str) -> String {
    format!("{}/benefits/{}", run_href(run), encoded(benefit))
}

/// Address of the page of a clause.
fn clause_href(document: &str, item: &str) -> String {
    format!("/rules/{}/items/{}", encoded(document), encoded(item))
}

/// Work on the home beside the threads that answer pages; why it could not be done is an error of the page.
async fn at_home<T: Send + 'static>(
    visit: &Visit,
    work: impl FnOnce(&App) -> Result<T, ScreeningError> + Send + 'static,
) -> Result<T, Error> {
    let app = Arc::clone(&visit.app);
    let done = visit.app.heavy.run(move || work(&app)).await?;
    done.map_err(|error| refused(&visit.app, &error))
}

/// A run by its number.
async fn run_of(visit: &Visit, run: String) -> Result<Arc<Run>, Error> {
    at_home(visit, move |app| app.screenings.run(&run)).await
}

/// The frame of a page beneath a run's.
fn beneath_run(visit: &Visit, run: &Run, title: impl Into<String>) -> Layout {
    let number = &run.manifest.run;
    visit
        .layout(title)
        .beneath(TITLE, "/screening")
        .beneath(run_title(run), run_href(number))
}

/// What a run is called.
fn run_title(run: &Run) -> String {
    let summary = &run.summary;
    let name = if summary.region_name.is_empty() {
        summary.region.to_string()
    } else {
        summary.region_name.clone()
    };
    format!("{name} {} 筛查", summary.as_of)
}

/// An amount on screen; a dash where a benefit has none.
fn yuan(fen: Option<i64>) -> String {
    fen.map_or_else(|| "—".to_owned(), |fen| Money::from_fen(fen).to_string())
}

/// A count for a table's cell.
fn count(rows: u64) -> usize {
    usize::try_from(rows).unwrap_or(usize::MAX)
}
