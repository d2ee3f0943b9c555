//! The server on a socket: slow requests, progress, a stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::get as route;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;
use web::limits::Limits;
use web::progress::{Progress, events};

use crate::site::{bare, get, send};

/// A server without packs on a free port, what stops it, and its end.
async fn start(limits: Limits) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<std::io::Result<()>>) {
    let (app, _) = bare(limits);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(web::serve(listener, app, async {
        let _ = stopped.await;
    }));
    (address, stop, server)
}

#[tokio::test]
async fn a_request_whose_head_never_ends_is_cut_off() {
    let limits = Limits {
        head: Duration::from_millis(200),
        ..Limits::default()
    };
    let (address, _stop, _server) = start(limits).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        .await
        .unwrap();
    let mut answer = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
    assert!(end.is_ok(), "the connection is still open");
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
}

#[tokio::test]
async fn a_head_beyond_the_limit_is_refused() {
    let (address, _stop, _server) = start(Limits::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n",
        "x".repeat(web::HEAD_BYTES * 2)
    );
    // The server may close before all of it is written.
    let _ = stream.write_all(head.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer))
        .await
        .unwrap();
    assert!(!String::from_utf8_lossy(&answer).contains("200 OK"));
}

#[tokio::test]
async fn a_stop_lets_the_server_end() {
    let (address, stop, server) = start(Limits::default()).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(
        answer.contains("\"live\":true") && answer.contains("\"ready\":true"),
        "{answer}"
    );
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(10), server)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn health_says_when_the_server_is_about_to_stop() {
    let (app, _) = bare(Limits::default());
    let router = web::router(Arc::clone(&app));
    assert_eq!(send(&router, get("/health")).await.status.as_u16(), 200);
    app.stop();
    let answer = send(&router, get("/health")).await;
    assert_eq!(answer.status.as_u16(), 503);
    assert!(answer.text().contains("\"ready\":false"));
}

#[tokio::test]
async fn progress_comes_as_events_until_it_is_over() {
    let (app, _) = bare(Limits::default());
    let (sender, receiver) = watch::channel(Progress {
        text: "正在比对".to_owned(),
        total: 2,
        ..Progress::default()
    });
    let router = web::guarded(
        Router::new().route("/events", route(move || async move { events(receiver) })),
        app,
    );
    let reader = tokio::spawn(async move { send(&router, get("/events")).await });
    tokio::task::yield_now().await;
    sender.send_modify(|progress| {
        progress.done = 2;
        progress.finished = Some("/runs/1".to_owned());
    });
    let answer = tokio::time::timeout(Duration::from_secs(10), reader)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(answer.header("content-type"), "text/event-stream");
    let text = answer.text();
    assert!(text.contains("event: progress"), "{text}");
    assert!(
        text.trim_end().ends_with("\"finished\":\"/runs/1\",\"failed\":null}"),
        "{text}"
    );
}
