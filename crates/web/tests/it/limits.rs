//! How much of one peer and how much heavy work is taken at once.

use std::net::IpAddr;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get as route, post as take};
use tower::ServiceExt as _;
use web::limits::{Allowance, Limits};
use web::peers::Peer;

use crate::site::{bare, get, post, send};

fn narrow() -> Limits {
    Limits {
        peer: Allowance {
            at_once: 5,
            each_second: 1,
        },
        peer_forms: Allowance {
            at_once: 2,
            each_second: 1,
        },
        heavy_at_once: 1,
        heavy_waiting: 1,
        peers: 2,
        ..Limits::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_asks_too_often_is_told_when_to_come_again_and_then_answered() {
    let (app, _) = bare(narrow());
    let router = web::guarded(Router::new().route("/", route(|| async { "here" })), app);
    for _ in 0..5 {
        assert_eq!(send(&router, get("/")).await.status, StatusCode::OK);
    }
    let answer = send(&router, get("/")).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.header("retry-after"), "1");
    assert!(answer.text().contains("访问过于频繁"));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(send(&router, get("/")).await.status, StatusCode::OK);
    assert_eq!(send(&router, get("/")).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(start_paused = true)]
async fn forms_have_a_smaller_allowance_and_other_peers_their_own() {
    let (app, _) = bare(narrow());
    let routes = Router::new()
        .route("/", route(|| async { "here" }))
        .route("/form", take(|| async { "taken" }));
    let router = web::guarded(routes, app);
    let form = || post("/form", "").body("".into()).unwrap();
    assert_eq!(send(&router, form()).await.status, StatusCode::OK);
    assert_eq!(send(&router, form()).await.status, StatusCode::OK);
    assert_eq!(send(&router, form()).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(send(&router, get("/")).await.status, StatusCode::OK);
    let mut other = form();
    other
        .extensions_mut()
        .insert(Peer("10.0.0.9".parse::<IpAddr>().unwrap()));
    assert_eq!(router.clone().oneshot(other).await.unwrap().status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn heavy_work_waits_its_turn_and_whoever_comes_after_that_is_told_to_come_again() {
    let (app, _) = bare(narrow());
    let (begun, has_begun) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let first = tokio::spawn({
        let app = Arc::clone(&app);
        async move {
            let work = move || {
                begun.send(()).unwrap();
                may_go.recv().unwrap();
                "first"
            };
            app.heavy.run(work).await
        }
    });
    tokio::task::spawn_blocking(move || has_begun.recv().unwrap())
        .await
        .unwrap();
    let waits = app.heavy.run(|| "second");
    let mut waits = std::pin::pin!(waits);
    // Polled once, so that it stands in the queue.
    assert!(
        tokio::time::timeout(Duration::from_millis(1), &mut waits)
            .await
            .is_err()
    );
    let refused = app.heavy.run(|| "third").await;
    assert_eq!(refused.unwrap_err().status(), StatusCode::SERVICE_UNAVAILABLE);
    go.send(()).unwrap();
    assert_eq!(first.await.unwrap().unwrap(), "first");
    assert_eq!(waits.await.unwrap(), "second");
}

#[tokio::test]
async fn heavy_work_that_breaks_is_an_error_and_gives_its_turn_back() {
    let (app, _) = bare(narrow());
    let broken = app.heavy.run(|| panic!("of itself") as ()).await;
    assert_eq!(broken.unwrap_err().status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(app.heavy.run(|| 7).await.unwrap(), 7);
}
