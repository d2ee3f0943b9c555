//! The server: connections in, each with a bound on its head and on its rest; a stop that lets what was begun be finished.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::app::App;
use crate::peers::Peer;
use crate::router::router;

/// Longest that a stop waits for what was begun.
pub const STOP_WAIT: Duration = Duration::from_secs(20);
/// Most that the head of a request may be, in bytes.
pub const HEAD_BYTES: usize = 32 << 10;
/// Most headers of a request.
pub const HEADERS: usize = 64;

/// Answers requests until `stop` is over, then finishes what was begun.
///
/// # Errors
/// The system's, where the listener breaks for good.
pub async fn serve(listener: TcpListener, app: Arc<App>, stop: impl Future<Output = ()>) -> io::Result<()> {
    let router = router(Arc::clone(&app));
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(app.limits.connections.max(1)));
    let mut stop = std::pin::pin!(stop);
    loop {
        let place = tokio::select! {
            () = &mut stop => break,
            place = Arc::clone(&places).acquire_owned() => place.map_err(io::Error::other)?,
        };
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, address) = match accepted {
            Ok(accepted) => accepted,
            // A peer that left while it was let in, or no file handle left just now: the next may fare better.
            Err(error) => {
                app.log(&format!("accept: {}", error.kind()));
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Small answers go out at once; where the system refuses, they go out a little later.
        let _ = stream.set_nodelay(true);
        let service = service(router.clone(), Peer(address.ip()));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(app.limits.head)
            .max_buf_size(HEAD_BYTES)
            .max_headers(HEADERS)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A peer that breaks off is nobody's error.
            let _ = connection.await;
            drop(place);
        });
    }
    app.stop();
    drop(listener);
    let _ = tokio::time::timeout(STOP_WAIT, graceful.shutdown()).await;
    // A screening that was told to stop takes away what it had written.
    app.jobs.rest(STOP_WAIT).await;
    Ok(())
}

fn service(
    router: Router,
    peer: Peer,
) -> impl hyper::service::Service<
    hyper::Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> {
    hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request.map(axum::body::Body::new))
    })
}
