//! Tokens that prove that a form came from a page of ours.
//!
//! The browser holds a random word in a cookie (`SameSite=Strict`, `HttpOnly`, gone with the browser); the form holds
//! HMAC-SM3 over that word under a key that the server draws when it starts. A fresh nonce in each token makes every token
//! look different, so that a compressed page gives nothing away. Nothing is stored on the server.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sm3::Sm3;

/// Name of the cookie.
pub const COOKIE: &str = "leye-visit";
/// Name of the hidden field.
pub const FIELD: &str = "csrf";
const NONCE: usize = 32;

/// The key of this run's tokens.
pub(crate) struct Key([u8; Self::BYTES]);

impl Key {
    pub(crate) const BYTES: usize = 32;

    pub(crate) const fn new(bytes: [u8; Self::BYTES]) -> Self {
        Self(bytes)
    }

    /// The token for a visitor's word; `nonce` is 32 hexadecimal digits, fresh.
    pub(crate) fn token(&self, word: &str, nonce: &str) -> Option<String> {
        let code = self.code(word, nonce)?.finalize().into_bytes();
        let code: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(format!("{nonce}{code}"))
    }

    /// True where the token is one for this word.
    pub(crate) fn accepts(&self, word: &str, token: &str) -> bool {
        let Some((nonce, code)) = token.split_at_checked(NONCE) else {
            return false;
        };
        let Some(code) = bytes_of(code) else {
            return false;
        };
        !word.is_empty()
            && self
                .code(word, nonce)
                .is_some_and(|mac| mac.verify_slice(&code).is_ok())
    }

    fn code(&self, word: &str, nonce: &str) -> Option<Hmac<Sm3>> {
        let mut mac = Hmac::<Sm3>::new_from_slice(&self.0).ok()?;
        mac.update(nonce.as_bytes());
        mac.update(b"|");
        mac.update(word.as_bytes());
        Some(mac)
    }
}

/// The bytes of hexadecimal digits.
pub(crate) fn bytes_of(hexadecimal: &str) -> Option<Vec<u8>> {
    let pairs = hexadecimal.as_bytes().chunks(2);
    pairs
        .map(|pair| {
            let pair = str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect()
}
