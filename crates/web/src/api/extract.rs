//! `POST /api/v1/extract`: a document in, what `leye extract --json` prints of it out. Nothing is kept.
//!
//! The body is the file itself (`curl --data-binary @文件 …?file=名称`), or a form with one file (`curl -F file=@文件`).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use policy::reading::{Extracted, understand};

use crate::address::Address;
use crate::app::App;
use crate::error::Error;

pub(super) async fn answer(State(app): State<Arc<App>>, request: Request) -> Result<Response, Error> {
    let address = Address::of(request.uri().path(), request.uri().query().unwrap_or_default());
    let named = address.get("file").unwrap_or_default().to_owned();
    let (file, bytes) = if is_form(request.headers()) {
        from_form(request, &app).await?
    } else {
        let bytes = Bytes::from_request(request, &app).await;
        (named, bytes.map_err(|error| of_body(error.status()))?)
    };
    if bytes.is_empty() {
        return Err(Error::unprocessable("没有收到文件", "请把文件作为请求的内容发送"));
    }
    let inside = Arc::clone(&app);
    let work = move || understand(&bytes, &inside.catalogue.library.units);
    let understood = app.heavy.run(work).await?;
    let understood = understood.map_err(|wrong| {
        // The reader's own advice stands behind its last full stop.
        let (message, hint) = wrong.rsplit_once('。').unwrap_or((&wrong, ""));
        Error::unprocessable(message, hint)
    })?;
    super::answer(&Extracted::new(&file, &understood.extraction))
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| {
        kind.trim_start()
            .to_ascii_lowercase()
            .starts_with("multipart/form-data")
    })
}

/// The only file of a form.
async fn from_form(request: Request, app: &Arc<App>) -> Result<(String, Bytes), Error> {
    let parts = Multipart::from_request(request, app).await;
    let mut parts = parts.map_err(|error| of_body(error.status()))?;
    let mut found: Option<(String, Bytes)> = None;
    while let Some(part) = parts.next_field().await.map_err(|error| of_body(error.status()))? {
        let Some(name) = part.file_name().map(str::to_owned) else {
            continue;
        };
        let bytes = part.bytes().await.map_err(|error| of_body(error.status()))?;
        if found.is_some() {
            return Err(Error::unprocessable("一次只能识别一份文件", "请逐份发送"));
        }
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        found = Some((name, bytes));
    }
    found.ok_or_else(|| Error::unprocessable("没有收到文件", "请在表单中放一份文件"))
}

fn of_body(status: StatusCode) -> Error {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        Error::too_large("", "")
    } else {
        Error::unprocessable("提交的内容不完整或无法识别", "请检查网络后重新提交")
    }
}
