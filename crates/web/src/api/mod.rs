//! The JSON API under `/api/v1`, and `/health`. Errors have the form that `error` gives them.
//!
//! It knows no cookie: a request that changes something carries `Content-Type: application/json`, which no form of another
//! site can send, and what another site sends is refused at the gate. `extract` takes a file of any kind: it changes
//! nothing and keeps nothing.

mod decide;
mod extract;
mod ledger;
mod policy;
mod runs;

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Serialize;
use serde_json::json;

use crate::app::App;
use crate::error::Error;

/// All routes of the API.
pub(crate) fn routes(app: &App) -> Router<Arc<App>> {
    Router::new()
        .route("/health", get(health))
        .route(
            "/api/v1/extract",
            post(extract::answer).layer(DefaultBodyLimit::max(app.limits.upload_bytes)),
        )
        .route("/api/v1/decide", post(decide::one))
        .route("/api/v1/entitlements", post(decide::all))
        .route("/api/v1/ledger", get(ledger::show))
        .route("/api/v1/policy", get(policy::show))
        .route("/api/v1/runs", get(runs::list))
        .route("/api/v1/runs/{run}", get(runs::one))
        .route("/api/v1/runs/{run}/benefits/{benefit}", get(runs::benefit))
        .layer(DefaultBodyLimit::max(app.limits.body_bytes))
}

/// Live as long as it answers; ready while it takes new work.
async fn health(State(app): State<Arc<App>>) -> Response {
    let ready = app.is_ready();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = json!({"format": 1, "live": true, "ready": ready, "packs": app.catalogue.library.packs.len()});
    (status, Json(body)).into_response()
}

/// JSON as every route answers it: one line, ended by a line feed, as the command line prints it.
///
/// # Errors
/// An inside error where the value cannot be written.
pub(crate) fn answer(value: &impl Serialize) -> Result<Response, Error> {
    let mut text = serde_json::to_string(value).map_err(|error| Error::inside(format!("json: {error}")))?;
    text.push('\n');
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}
