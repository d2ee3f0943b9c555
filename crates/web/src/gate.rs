//! What every request passes on its way in and every answer on its way out: allowance of the peer, time allowed, requests
//! from other sites, security headers, compression.

use std::net::{IpAddr, Ipv4Addr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use tokio::time::Instant;

use crate::app::App;
use crate::error::Error;
use crate::peers::Peer;

/// The policy of every page: nothing but our own files; no script or style in the page itself.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; \
connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers of every answer. `Referrer-Policy` is `same-origin` and not `no-referrer`: with the latter a browser sends
/// `Origin: null` with our own forms.
const HEADERS: [(&str, &str); 8] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-robots-tag", "noindex"),
];

/// Adds the headers. What no handler gave leave to keep is kept nowhere: pages show what was typed.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Counts the request against its peer's allowance, refuses what another site sent, and stops what takes too long.
pub(crate) async fn admit(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if let Err(seconds) = app.peers.take(peer(&app, &request), !safe, Instant::now()) {
        return Error::too_many(seconds).into_response();
    }
    if !safe && is_from_elsewhere(request.headers()) {
        return Error::stale_form().into_response();
    }
    // A handler that panics is an error like others; the message of a panic may hold what was typed and is not kept.
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(app.limits.request, answered).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => Error::inside("a handler panicked").into_response(),
        Err(_) => Error::too_slow().into_response(),
    }
}

fn peer(app: &App, request: &Request) -> Peer {
    let direct = request.extensions().get::<Peer>().copied();
    let direct = direct.unwrap_or(Peer(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    if !app.behind_proxy {
        return direct;
    }
    // Only the last address is the proxy's own word; those before it are whatever the client wrote.
    let forwarded = request.headers().get_all("x-forwarded-for").iter().next_back();
    let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.map_or(direct, Peer)
}

/// True where the browser says that another site made it send this. A browser too old to say it is stopped by the token.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, origin)| origin != host),
        _ => false,
    }
}
