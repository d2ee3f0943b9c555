//! Errors of a request and the one place that turns them into pages and JSON.
//!
//! A handler returns [`Error`]; limits, extractors and the router answer with a bare status. [`answer`] stands outside all
//! of them and renders each as a page with a way out, or as JSON under `/api/`. What went wrong inside goes to the log
//! under a number that the page shows.

use std::sync::Arc;

use askama::Template;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::App;
use crate::layout::{Layout, Link};

/// Why a request was not answered as asked.
#[derive(Debug, Clone)]
pub struct Error {
    status: StatusCode,
    /// What is wrong, in Chinese; empty for what is always said of the status.
    message: String,
    /// What to do, in Chinese; empty for what is always said of the status.
    hint: String,
    retry_after_seconds: Option<u64>,
    /// For the log alone.
    inside: Option<String>,
}

impl Error {
    fn new(status: StatusCode, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            hint: hint.into(),
            retry_after_seconds: None,
            inside: None,
        }
    }

    /// 404: what was asked for is not there.
    pub fn not_found(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message, hint)
    }

    /// 422: what was sent is understood and cannot be used. For forms show the form again instead, with an error summary.
    pub fn unprocessable(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message, hint)
    }

    /// 415: a file or body of a kind that cannot be read.
    pub fn unsupported(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message, hint)
    }

    /// 413: more than is taken.
    pub fn too_large(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, message, hint)
    }

    /// 403: the form does not come from a page of this visit.
    pub fn stale_form() -> Self {
        Self::new(StatusCode::FORBIDDEN, "", "")
    }

    /// 429: this peer asks too often.
    pub fn too_many(retry_after_seconds: u64) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, "", "");
        error.retry_after_seconds = Some(retry_after_seconds);
        error
    }

    /// 503: too much heavy work at once.
    pub fn busy() -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "", "");
        error.retry_after_seconds = Some(10);
        error
    }

    /// 503: what would have to wait too long, in its own words.
    pub fn busy_with(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::SERVICE_UNAVAILABLE, message, hint);
        error.retry_after_seconds = Some(30);
        error
    }

    /// 503: the time allowed is over.
    pub fn too_slow() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "处理时间过长，已停止",
            "请减少一次提交的内容后重试；上传较慢时请检查网络",
        )
    }

    /// 500: something that should not be. `inside` goes to the log and nowhere else; it must not hold what a user typed.
    pub fn inside(inside: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::INTERNAL_SERVER_ERROR, "", "");
        error.inside = Some(inside.into());
        error
    }

    /// The status it is answered with.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// What is always said of a status: title, message, what to do.
    fn usual(status: StatusCode) -> (&'static str, &'static str, &'static str) {
        match status {
            StatusCode::NOT_FOUND => ("没有这一页", "这个网址没有对应的内容", "请核对网址，或从首页进入"),
            StatusCode::METHOD_NOT_ALLOWED => (
                "不能这样访问",
                "这个网址不接受这种访问方式",
                "请从页面上的链接或按钮操作",
            ),
            StatusCode::FORBIDDEN => (
                "表单已失效",
                "提交的表单不是从本次打开的页面发出的，或页面打开时间过长，未作任何处理",
                "请返回上一页刷新后重新提交；浏览器需允许本网站使用 Cookie",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => ("内容过大", "提交的内容超过上限，未作处理", "请缩小文件或分几次提交"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (
                "无法读取这种格式",
                "提交的内容不是所要求的格式",
                "请用 WPS 另存为 docx 或带文字的 PDF",
            ),
            StatusCode::UNPROCESSABLE_ENTITY => ("内容需要更正", "提交的内容无法使用", "请按提示更正后重新提交"),
            StatusCode::TOO_MANY_REQUESTS => ("访问过于频繁", "短时间内的请求太多，本次未作处理", "请稍候再试"),
            StatusCode::SERVICE_UNAVAILABLE => ("系统繁忙", "正在处理的任务较多，本次未作处理", "请稍候再试"),
            status if status.is_server_error() => (
                "系统出错",
                "系统内部出错，本次未作处理",
                "请稍后再试；仍然出错时，请将错误编号告知维护人员",
            ),
            _ => ("请求有误", "无法理解这一请求", "请从页面上的链接或按钮操作"),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct Page {
    layout: Layout,
    message: String,
    hint: String,
    number: Option<String>,
    ways: Vec<Link>,
}

/// The error form of `/api/`.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    format: i64,
    error: Body<'a>,
}

#[derive(Debug, Serialize)]
struct Body<'a> {
    status: u16,
    message: &'a str,
    hint: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u64>,
}

/// Renders every error that comes out of the router.
pub(crate) async fn answer(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let head = request.method() == Method::HEAD;
    let mut response = next.run(request).await;
    let status = response.status();
    let error = response.extensions_mut().remove::<Error>();
    let error = match error {
        Some(error) => error,
        None if (status.is_client_error() || status.is_server_error()) && !is_rendered(&response) => {
            Error::new(rendered_status(status), "", "")
        }
        None => return response,
    };
    let mut rendered = render(&app, &path, &error);
    // 405 must say what is allowed.
    if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
        rendered.headers_mut().insert(header::ALLOW, allow);
    }
    if head {
        *rendered.body_mut() = axum::body::Body::empty();
    }
    rendered
}

/// A body that cannot be understood as a form is the same to a user as a form that cannot be used.
fn rendered_status(status: StatusCode) -> StatusCode {
    match status {
        StatusCode::REQUEST_TIMEOUT => StatusCode::SERVICE_UNAVAILABLE,
        status => status,
    }
}

/// True where a handler already answered with a page or JSON of its own.
fn is_rendered(response: &Response) -> bool {
    let kind = response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html") || kind.starts_with("application/json"))
}

fn render(app: &App, path: &str, error: &Error) -> Response {
    let (title, message, hint) = Error::usual(error.status);
    let or = |own: &str, usual: &str| {
        if own.is_empty() {
            usual.to_owned()
        } else {
            own.to_owned()
        }
    };
    let (message, hint) = (or(&error.message, message), or(&error.hint, hint));
    let number = error.status.is_server_error() && error.retry_after_seconds.is_none();
    let number = number.then(|| {
        app.random_word()
            .unwrap_or_default()
            .chars()
            .take(8)
            .collect::<String>()
    });
    if let (Some(number), Some(inside)) = (&number, &error.inside) {
        app.log(&format!("error {number} at {}: {inside}", kept_path(path)));
    }
    let mut response = if path.starts_with("/api/") || path == "/health" {
        let body = Answer {
            format: 1,
            error: Body {
                status: error.status.as_u16(),
                message: &message,
                hint: &hint,
                number: number.as_deref(),
                retry_after_seconds: error.retry_after_seconds,
            },
        };
        (error.status, Json(body)).into_response()
    } else {
        let page = Page {
            layout: Layout::new(app, path, title),
            message,
            hint,
            number,
            ways: vec![Link::new("回到首页", "/")],
        };
        match page.render() {
            Ok(html) => (error.status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
            Err(_) => (error.status, title).into_response(),
        }
    };
    if let Some(seconds) = error.retry_after_seconds {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The part of a path that no user typed: its first segment.
fn kept_path(path: &str) -> &str {
    let rest = path.strip_prefix('/').unwrap_or(path);
    let end = rest.find('/').map_or(path.len(), |at| at + 1);
    path.get(..end).unwrap_or("/")
}
