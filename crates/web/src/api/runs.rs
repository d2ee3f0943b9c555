//! `GET /api/v1/runs`, `GET /api/v1/runs/{run}`, `GET /api/v1/runs/{run}/benefits/{benefit}`: what `leye runs --json` prints.

use std::sync::Arc;

use axum::extract::Path;
use axum::response::Response;

use crate::error::Error;
use crate::screenings::refused;
use crate::visit::Visit;

pub(super) async fn list(visit: Visit) -> Result<Response, Error> {
    let app = Arc::clone(&visit.app);
    let list = visit
        .app
        .heavy
        .run(move || app.screenings.home().runs().contract())
        .await?;
    super::answer(&list.map_err(|error| refused(&visit.app, &error))?)
}

pub(super) async fn one(visit: Visit, Path(run): Path<String>) -> Result<Response, Error> {
    let app = Arc::clone(&visit.app);
    let run = visit.app.heavy.run(move || app.screenings.run(&run)).await?;
    super::answer(&run.map_err(|error| refused(&visit.app, &error))?.summary)
}

pub(super) async fn benefit(visit: Visit, Path((run, id)): Path<(String, String)>) -> Result<Response, Error> {
    let app = Arc::clone(&visit.app);
    let run = visit.app.heavy.run(move || app.screenings.run(&run)).await?;
    let run = run.map_err(|error| refused(&visit.app, &error))?;
    let found = run.summary.benefits.iter().find(|benefit| benefit.id == id);
    super::answer(found.ok_or_else(|| Error::not_found("这次筛查不含这个补贴项目", "请从该次筛查的 benefits 中选择"))?)
}
