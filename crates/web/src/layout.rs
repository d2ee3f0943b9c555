//! The frame of every page: title, navigation, where one is, the day where it was set.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::assets;
use crate::error::Error;
use crate::pages;

/// What `layout.html` shows around a page. Every page struct has one as its field `layout`.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Title of the page: the browser's, and the heading where the page has no other.
    pub title: String,
    /// Entries of the navigation.
    pub navigation: Vec<Entry>,
    /// The pages above this one, outermost first.
    pub above: Vec<Link>,
    /// The day, where it was set by hand.
    pub set_day: Option<String>,
    /// Names of scripts the page needs: `progress`, `afresh`.
    pub scripts: Vec<&'static str>,
}

/// An entry of the navigation.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where to.
    pub link: Link,
    /// True where the page shown is this one or beneath it.
    pub current: bool,
}

/// A link with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its text.
    pub text: String,
    /// Its address.
    pub href: String,
}

impl Link {
    /// A link.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
        }
    }
}

impl Layout {
    /// The frame of the page at `path`.
    pub fn new(app: &App, path: &str, title: impl Into<String>) -> Self {
        let navigation = pages::entries().filter_map(|entry| {
            let text = entry.navigation?;
            let beneath = path
                .strip_prefix(entry.path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            Some(Entry {
                link: Link::new(text, entry.path),
                current: beneath || path == entry.path,
            })
        });
        Self {
            title: title.into(),
            navigation: navigation.collect(),
            above: Vec::new(),
            set_day: app.day_is_set.then(|| app.today().to_string()),
            scripts: Vec::new(),
        }
    }

    /// With a page above this one; outermost first.
    #[must_use]
    pub fn beneath(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.above.push(Link::new(text, href));
        self
    }

    /// With a script of `assets`.
    #[must_use]
    pub fn with_script(mut self, name: &'static str) -> Self {
        self.scripts.push(name);
        self
    }

    /// Address of a static file, for templates.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }
}

/// A page as a response.
///
/// # Errors
/// An inside error where the template cannot be rendered.
pub fn page(template: &impl Template) -> Result<Response, Error> {
    page_with(StatusCode::OK, template)
}

/// A page with another status: 422 for a form shown again.
///
/// # Errors
/// An inside error where the template cannot be rendered.
pub fn page_with(status: StatusCode, template: &impl Template) -> Result<Response, Error> {
    let html = template
        .render()
        .map_err(|error| Error::inside(format!("template: {error}")))?;
    Ok((status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
}

/// Bytes as a file to keep; `name` may be Chinese.
pub fn download(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let encoded: String = name.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
        text
    });
    let extension = name.rsplit('.').next().unwrap_or("bin").to_owned();
    let plain = format!(
        "leye.{}",
        extension
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect::<String>()
    );
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    (
        [
            (header::CONTENT_TYPE, kind.to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
        ],
        bytes,
    )
        .into_response()
}
