//! Errors as pages and as JSON.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get as route;
use web::error::Error;
use web::limits::Limits;

use crate::site::{bare, full, get, post, send};

#[tokio::test]
async fn an_unknown_address_gets_a_page_with_a_way_out() {
    let answer = send(&web::router(full()), get("/no-such-page")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let text = answer.text();
    assert!(text.contains("没有这一页") && text.contains("href=\"/\""), "{text}");
}

#[tokio::test]
async fn an_unknown_pack_is_named_as_what_is_missing() {
    let answer = send(&web::router(full()), get("/rules/atlantis-1999")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text().contains("政策文件库中没有这份文件"));
}

#[tokio::test]
async fn a_wrong_method_says_which_are_right() {
    let answer = send(&web::router(full()), post("/rules", "").body("".into()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET,HEAD");
    assert!(answer.text().contains("不能这样访问"));
}

#[tokio::test]
async fn the_api_answers_errors_as_json() {
    let router = web::router(full());
    for (address, status) in [("/api/v1/nothing", 404), ("/api/v1/ledger?region=999999", 422)] {
        let answer = send(&router, get(address)).await;
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.header("content-type"), "application/json");
        let value: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
        assert_eq!(value["format"], 1);
        assert_eq!(value["error"]["status"], status);
        assert!(!value["error"]["message"].as_str().unwrap().is_empty());
        assert!(!value["error"]["hint"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn what_went_wrong_inside_stands_in_the_log_and_not_on_the_page() {
    let (app, log) = bare(Limits::default());
    let routes = Router::new()
        .route(
            "/broken/typed-by-somebody",
            route(|| async { Err::<(), _>(Error::inside("disk on fire")) }),
        )
        .route("/panics", route(|| async { panic!("of itself") as () }));
    let router = web::guarded(routes, app);
    let answer = send(&router, get("/broken/typed-by-somebody")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let text = answer.text();
    assert!(text.contains("系统出错") && text.contains("错误编号") && !text.contains("disk on fire"));
    let lines = log.lock().unwrap().clone();
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("disk on fire") && !lines[0].contains("typed-by-somebody"),
        "{lines:?}"
    );
    let number = text.split("<strong>").nth(1).unwrap().split('<').next().unwrap();
    assert!(lines[0].contains(number));
    let answer = send(&router, get("/panics")).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.text().contains("of itself"));
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_stopped() {
    let (app, _) = bare(Limits::default());
    let slow = route(|| async { tokio::time::sleep(Duration::from_secs(3_600)).await });
    let answer = send(&web::guarded(Router::new().route("/slow", slow), app), get("/slow")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text().contains("处理时间过长"));
}
