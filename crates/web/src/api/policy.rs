//! `GET /api/v1/policy`: packs, benefits, open readings. `packs` and `benefits` are those of `leye policy status --json`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use rules::registry;
use serde_json::{Value, json};

use crate::app::App;
use crate::error::Error;

pub(super) async fn show(State(app): State<Arc<App>>) -> Result<Response, Error> {
    let mut status = registry::to_json(&app.catalogue, &app.registry());
    let readings: Vec<Value> = app
        .catalogue
        .library
        .packs
        .values()
        .flat_map(|pack| registry::questions(&app.catalogue, pack))
        .map(|question| {
            json!({
                "pack": question.benefit.pack,
                "benefit": question.benefit.id.as_str(),
                "id": question.reading.id.as_str(),
                "item": question.benefit.cite.item.as_str(),
                "text": question.reading.text,
                "alternatives": question.reading.alternatives,
                "status": "open",
            })
        })
        .collect();
    if let Value::Object(status) = &mut status {
        status.insert("readings".to_owned(), Value::Array(readings));
    }
    super::answer(&status)
}
