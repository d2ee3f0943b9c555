//! Our own style sheet and scripts, compiled in. Each has its content's hash in its name, so a browser may keep it for good.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use sm3::{Digest as _, Sm3};

use crate::compression::{gzip, takes_gzip};
use crate::error::Error;

/// The style sheet, in the order in which its parts stand.
const STYLE: [&str; 10] = [
    include_str!("../assets/tokens.css"),
    include_str!("../assets/base.css"),
    include_str!("../assets/parts.css"),
    include_str!("../assets/table.css"),
    include_str!("../assets/form.css"),
    include_str!("../assets/chart.css"),
    include_str!("../assets/screening.css"),
    include_str!("../assets/documents.css"),
    include_str!("../assets/citizen.css"),
    include_str!("../assets/print.css"),
];

/// Scripts: nothing needs one to work but live progress.
const SCRIPTS: [(&str, &str); 2] = [
    ("progress", include_str!("../assets/progress.js")),
    ("afresh", include_str!("../assets/afresh.js")),
];

const ICON: &str = include_str!("../assets/icon.svg");

struct Asset {
    name: String,
    kind: &'static str,
    bytes: Vec<u8>,
    small: Option<Vec<u8>>,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let style = STYLE.concat();
    let scripts = SCRIPTS
        .iter()
        .map(|(name, text)| asset(name, "js", "text/javascript; charset=utf-8", text));
    let mut assets: Vec<Asset> = scripts.collect();
    assets.push(asset("style", "css", "text/css; charset=utf-8", &style));
    assets.push(asset("icon", "svg", "image/svg+xml", ICON));
    assets
});

fn asset(name: &str, extension: &str, kind: &'static str, text: &str) -> Asset {
    let hash = Sm3::digest(text.as_bytes());
    let hash: String = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Asset {
        name: format!("{name}.{hash}.{extension}"),
        kind,
        bytes: text.as_bytes().to_vec(),
        small: gzip(text.as_bytes(), Compression::best()),
    }
}

/// Address of a file: `address("style")`, `address("progress")`, `address("icon")`. Empty for a name that is none; a test
/// asks for each.
pub fn address(name: &str) -> String {
    let found = ASSETS.iter().find(|asset| asset.name.split('.').next() == Some(name));
    found.map_or_else(String::new, |asset| format!("/assets/{}", asset.name))
}

/// Answers with the file of exactly this name.
pub(crate) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Error> {
    let found = ASSETS.iter().find(|asset| asset.name == name);
    let asset = found.ok_or_else(|| Error::not_found("没有这个文件", "请刷新页面后重试"))?;
    let small = asset.small.as_ref().filter(|_| takes_gzip(&headers));
    let mut response = small.unwrap_or(&asset.bytes).clone().into_response();
    let answered = response.headers_mut();
    answered.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind));
    answered.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    answered.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if small.is_some() {
        answered.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(response)
}
