//! A server, chromedriver and Chromium for the length of one test.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use futures_util::FutureExt as _;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use web::App;

use super::axe;
use super::session::Browser;
use crate::site::full;

/// Longest that a journey may take.
const LONGEST: Duration = Duration::from_secs(300);

/// The program of this name on the path.
pub(super) fn found(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Says that a test is skipped; fails where nothing may be skipped.
pub(super) fn skip(why: &str) {
    assert!(
        std::env::var_os("LEYE_REQUIRE_ALL").is_none_or(|value| value != "1"),
        "not to be skipped: {why}"
    );
    eprintln!("skipped: {why}");
}

/// Runs a journey in a browser of its own against a server of its own; says so where there is no browser.
pub(crate) async fn in_browser(journey: impl AsyncFnOnce(&Browser)) {
    in_browser_at(full, journey).await;
}

/// The same against a server of an application of its own.
pub(crate) async fn in_browser_at(app: impl FnOnce() -> Arc<App>, journey: impl AsyncFnOnce(&Browser)) {
    let (Some(chromium), Some(chromedriver)) = (found("chromium"), found("chromedriver")) else {
        return skip("chromium or chromedriver is not installed (apt: chromium chromium-driver)");
    };
    let Some(axe) = axe::source() else {
        return skip("axe-core is not there and npm cannot fetch it (npm install --prefix target/axe axe-core)");
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(web::serve(listener, app(), std::future::pending()));
    let (driver, port) = start(&chromedriver).await;
    let profile = std::env::temp_dir().join(format!("leye-browser-{}-{port}", std::process::id()));
    let client = connect(port, &chromium, &profile).await;
    let browser = Browser::new(client.clone(), format!("http://{address}"), axe);
    let journey = std::panic::AssertUnwindSafe(journey(&browser)).catch_unwind();
    let ended = tokio::time::timeout(LONGEST, journey).await;
    // Ends Chromium; the driver ends when it is dropped.
    let _ = client.close().await;
    drop(driver);
    let _ = std::fs::remove_dir_all(profile);
    server.abort();
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(_) => panic!("the journey took longer than {LONGEST:?}"),
    }
}

/// Chromedriver on a port of its own choice.
async fn start(program: &Path) -> (Child, u16) {
    let mut driver = Command::new(program)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("chromedriver starts");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                return port.trim_end_matches('.').parse().unwrap();
            }
        }
        panic!("chromedriver ended before it said its port");
    };
    let port = tokio::time::timeout(Duration::from_secs(30), port)
        .await
        .expect("chromedriver says its port");
    // Its further words are read and forgotten, so that its pipe never fills.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (driver, port)
}

async fn connect(port: u16, chromium: &Path, profile: &Path) -> Client {
    let options = json!({
        "binary": chromium,
        "args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--lang=zh-CN", format!("--user-data-dir={}", profile.display())],
    });
    let capabilities = json!({"browserName": "chrome", "goog:chromeOptions": options});
    let serde_json::Value::Object(capabilities) = capabilities else {
        panic!("capabilities are an object")
    };
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    builder
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .expect("Chromium opens")
}
