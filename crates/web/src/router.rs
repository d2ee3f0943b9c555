//! All routes with everything they pass through. The layers stand outermost first, as a request meets them.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;

use crate::app::App;
use crate::{api, assets, compression, error, gate, pages, visit};

/// The whole site.
pub fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for entry in pages::entries() {
        let most = if entry.uploads {
            app.limits.upload_bytes
        } else {
            app.limits.body_bytes
        };
        router = router.route(entry.path, (entry.route)().layer(DefaultBodyLimit::max(most)));
    }
    let router = router
        .merge(api::routes(&app))
        .route("/assets/{name}", get(assets::serve));
    guarded(router, app)
}

/// Routes with everything that a request passes on its way in and an answer on its way out.
pub fn guarded(routes: Router<Arc<App>>, app: Arc<App>) -> Router {
    routes
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(from_fn_with_state(Arc::clone(&app), visit::remember))
        .layer(from_fn_with_state(Arc::clone(&app), gate::admit))
        .layer(from_fn_with_state(Arc::clone(&app), error::answer))
        .layer(from_fn(compression::compress))
        .layer(from_fn(gate::headers))
        .with_state(app)
}
