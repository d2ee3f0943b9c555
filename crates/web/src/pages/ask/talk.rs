//! Where an interview stands between two pages, so that the browser's own back key works.
//!
//! After each answer the browser is sent on to `/ask/<word>/<number>`: a word drawn for this interview and the number of the
//! question, 0 for the page on which it begins. What was said stands in none of them; it is in a cookie for the addresses of
//! this interview alone, sealed, and bound to it and to the visit. A page that is opened again shows its question with the
//! answer given. Elsewhere, later, or after 清除回答, the address opens nothing.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::said::Said;
use crate::error::Error;
use crate::visit::{Visit, cookie};

/// Name of the cookie.
const COOKIE: &str = "leye-ask";

/// An interview, by its word.
pub(super) struct Talk(String);

impl Talk {
    /// The one that a form goes on with; a new one where it names none.
    pub(super) fn of(visit: &Visit, word: &str) -> Result<Self, Error> {
        if let Some(talk) = Self::named(word) {
            return Ok(talk);
        }
        let word = visit.app.random_word();
        word.map(Self)
            .map_err(|error| Error::inside(format!("randomness: {error}")))
    }

    /// The one of this word, where it can be one.
    pub(super) fn named(word: &str) -> Option<Self> {
        let is_word = word.len() == 32 && word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_word.then(|| Self(word.to_owned()))
    }

    /// Its word.
    pub(super) fn word(&self) -> &str {
        &self.0
    }

    /// Sends the browser on to a question, with what was said; nothing where that is more than a cookie holds.
    pub(super) fn go_on(&self, visit: &Visit, said: &Said, number: usize) -> Result<Option<Response>, Error> {
        let kept = said.kept(&visit.app.catalogue.vocabulary.dictionary);
        let sealed = visit.app.seal(&self.place(visit), &kept);
        let sealed = sealed.map_err(|error| Error::inside(format!("randomness: {error}")))?;
        let Some(sealed) = sealed else {
            return Ok(None);
        };
        let address = format!("/ask/{}/{number}", self.0);
        self.sent(visit, &address, &sealed, "").map(Some)
    }

    /// What was said, as the browser kept it.
    pub(super) fn said(&self, visit: &Visit, headers: &HeaderMap) -> Option<Said> {
        let sealed = cookie(headers, COOKIE)?;
        let kept = visit.app.unseal(&self.place(visit), sealed)?;
        Said::of_kept(&kept, &visit.app.catalogue.vocabulary.dictionary)
    }

    /// Has the browser forget what was said, and begins anew. Browsers keep whole pages in memory for their back key, also
    /// such as may be stored nowhere: those go with the cache.
    pub(super) fn forget(&self, visit: &Visit) -> Result<Response, Error> {
        let mut response = self.sent(visit, "/ask", "", "; Max-Age=0")?;
        let headers = response.headers_mut();
        headers.insert("clear-site-data", HeaderValue::from_static("\"cache\""));
        Ok(response)
    }

    /// What the cookie is bound to: this interview in this visit.
    fn place(&self, visit: &Visit) -> String {
        format!("{COOKIE}|{}|{}", self.0, visit.word())
    }

    fn sent(&self, visit: &Visit, address: &str, kept: &str, life: &str) -> Result<Response, Error> {
        let secure = if visit.app.behind_proxy { "; Secure" } else { "" };
        let cookie = format!(
            "{COOKIE}={kept}; Path=/ask/{}; HttpOnly; SameSite=Strict{secure}{life}",
            self.0
        );
        let cookie = HeaderValue::from_str(&cookie).map_err(|_| Error::inside("a cookie is no header"))?;
        let mut response = Redirect::to(address).into_response();
        response.headers_mut().append(header::SET_COOKIE, cookie);
        Ok(response)
    }
}
