//! One request as a page's handler sees it: its address, the frame of the page, the token of its forms.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::address::Address;
use crate::app::App;
use crate::csrf::COOKIE;
use crate::error::Error;
use crate::layout::Layout;

/// The random word that the browser holds in a cookie; it is set only where a page needs it.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    text: Arc<str>,
    /// A page was given a token for it.
    needed: Arc<AtomicBool>,
}

impl Word {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// One request. Every handler of a page takes it first.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The application.
    pub app: Arc<App>,
    /// Path and parameters.
    pub address: Address,
    word: Option<Word>,
}

impl Visit {
    /// The frame of the page.
    pub fn layout(&self, title: impl Into<String>) -> Layout {
        Layout::new(&self.app, self.address.path(), title)
    }

    /// A token for the forms of this page. Put it into each with `{% include "parts/csrf.html" %}`, under the name `csrf`.
    ///
    /// # Errors
    /// An inside error where no randomness is to be had.
    pub fn csrf(&self) -> Result<String, Error> {
        let word = self
            .word
            .as_ref()
            .ok_or_else(|| Error::inside("no word for this visit"))?;
        let nonce = self
            .app
            .random_word()
            .map_err(|error| Error::inside(format!("randomness: {error}")))?;
        word.needed.store(true, Ordering::Release);
        let token = self.app.key.token(&word.text, &nonce);
        token.ok_or_else(|| Error::inside("token key refused"))
    }

    /// The word that the browser holds; empty where there is none.
    pub(crate) fn word(&self) -> &str {
        self.word.as_ref().map_or("", Word::text)
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(Self {
            app: Arc::clone(app),
            address: Address::of(parts.uri.path(), parts.uri.query().unwrap_or_default()),
            word: parts.extensions.get::<Word>().cloned(),
        })
    }
}

/// Gives every request its word, and the browser the cookie where a page needs it and there is none.
pub(crate) async fn remember(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let sent = word_of(request.headers()).map(str::to_owned);
    let fresh = sent.is_none();
    // Without randomness there is no word, and a page with a form says that something is wrong inside.
    let text = sent.or_else(|| app.random_word().ok());
    let word = text.map(|text| Word {
        text: text.into(),
        needed: Arc::new(AtomicBool::new(false)),
    });
    if let Some(word) = &word {
        request.extensions_mut().insert(word.clone());
    }
    let mut response = next.run(request).await;
    if let Some(word) = word.filter(|word| fresh && word.needed.load(Ordering::Acquire)) {
        let secure = if app.behind_proxy { "; Secure" } else { "" };
        let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Strict{secure}", word.text);
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// The word of the cookie: 32 hexadecimal digits, or it is none of ours.
fn word_of(headers: &HeaderMap) -> Option<&str> {
    let word = cookie(headers, COOKIE)?;
    (word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(word)
}

/// The cookie of this name; of several the first, which is the one for the path that fits best.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}
