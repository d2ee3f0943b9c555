//! gzip for pages and JSON, where the browser takes it: a page of 50 rows shrinks to a sixth, which counts on the line of a
//! village. Static files are compressed once, when the server starts. Progress is never compressed: it must come at once.

use std::io::Write as _;

use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Smaller bodies gain nothing.
const LEAST_BYTES: u64 = 1_024;
/// Larger bodies are sent as they are: compressing them would keep a thread from other readers.
const MOST_BYTES: u64 = 4 << 20;

/// Compresses what is worth it.
pub(crate) async fn compress(request: Request, next: Next) -> Response {
    let takes = takes_gzip(request.headers());
    let mut response = next.run(request).await;
    let size = response.body().size_hint().exact().unwrap_or_default();
    let text = is_text(response.headers());
    if text {
        response
            .headers_mut()
            .insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    let done = response.headers().contains_key(header::CONTENT_ENCODING);
    if !takes || done || !text || !(LEAST_BYTES..=MOST_BYTES).contains(&size) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // The size is exact, so the body is in memory already.
    let Ok(bytes) = to_bytes(body, usize::try_from(MOST_BYTES).unwrap_or(usize::MAX)).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let Some(small) = gzip(&bytes, Compression::new(4)) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    parts
        .headers
        .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(small))
}

/// The bytes as gzip; the same bytes give the same result.
pub(crate) fn gzip(bytes: &[u8], level: Compression) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// True where the browser takes gzip.
pub(crate) fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';');
            let name = parts.next().unwrap_or_default().trim();
            let refused = parts.any(|part| matches!(part.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"));
            name.eq_ignore_ascii_case("gzip") && !refused
        })
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
}
