//! The site under test: the compiled-in packs, a set day, randomness that is none, no network.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use civil::Day;
use http_body_util::BodyExt as _;
use policy::file::Tree;
use tower::ServiceExt as _;
use web::limits::Limits;
use web::peers::Peer;
use web::{App, Outside};

/// The day of all tests.
pub(crate) const TODAY: &str = "2020-12-15";

/// What the server told whoever runs it.
pub(crate) type Log = Arc<Mutex<Vec<String>>>;

/// What comes in from outside, with these limits and packs.
pub(crate) fn outside(tree: Tree, limits: Limits, log: &Log) -> Outside {
    let drawn = AtomicU64::new(0);
    let log = Arc::clone(log);
    Outside {
        tree,
        today: Box::new(|| Day::parse(TODAY).unwrap()),
        day_is_set: true,
        home: PathBuf::from("no-home"),
        wordings: Box::new(|_| BTreeMap::new()),
        random: Box::new(move |bytes| {
            for byte in bytes {
                let next = drawn
                    .fetch_add(1, Ordering::Relaxed)
                    .wrapping_mul(0x9e37_79b9_7f4a_7c15);
                *byte = next.to_be_bytes()[0];
            }
            Ok(())
        }),
        log: Box::new(move |line| log.lock().unwrap().push(line.to_owned())),
        limits,
        behind_proxy: false,
    }
}

/// Limits under which tests of many requests from one peer are not slowed down.
pub(crate) fn wide_limits() -> Limits {
    let mut limits = Limits::default();
    limits.peer.at_once = 1_000_000;
    limits.peer_forms.at_once = 1_000_000;
    limits
}

static FULL: LazyLock<Arc<App>> = LazyLock::new(|| over(crate::homes::screened(), wide_limits()));

/// An application with the compiled-in packs over a home.
pub(crate) fn over(home: &Path, limits: Limits) -> Arc<App> {
    let outside = Outside {
        home: home.to_owned(),
        ..outside(Tree::built_in(), limits, &Log::default())
    };
    Arc::new(App::new(outside).unwrap())
}

/// The application with the compiled-in packs over a home with one screening, loaded once for all tests.
pub(crate) fn full() -> Arc<App> {
    Arc::clone(&FULL)
}

/// An application without packs, for tests of the frame alone.
pub(crate) fn bare(limits: Limits) -> (Arc<App>, Log) {
    let log = Log::default();
    let tree = Tree::from_files([]);
    (Arc::new(App::new(outside(tree, limits, &log)).unwrap()), log)
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Sends a request through the router.
pub(crate) async fn send(router: &Router, mut request: Request<Body>) -> Answer {
    request.extensions_mut().insert(Peer(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    let response: Response<Body> = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Answer {
        status: parts.status,
        headers: parts.headers,
        bytes: body.collect().await.unwrap().to_bytes().to_vec(),
    }
}

/// A request for a page.
pub(crate) fn get(address: &str) -> Request<Body> {
    Request::builder().uri(in_uri(address)).body(Body::empty()).unwrap()
}

/// A form.
pub(crate) fn post(address: &str, body: &str) -> axum::http::request::Builder {
    let length = body.len();
    Request::builder()
        .method("POST")
        .uri(in_uri(address))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_LENGTH, length)
}

/// An address as a browser writes it: what is not ASCII is encoded.
pub(crate) fn in_uri(address: &str) -> String {
    address.bytes().fold(String::new(), |mut uri, byte| {
        if byte.is_ascii() {
            uri.push(char::from(byte))
        } else {
            uri.push_str(&format!("%{byte:02X}"))
        }
        uri
    })
}
