//! What a visitor's own browser keeps for us between two pages: sealed, for a while, and bound to the place it is for.
//!
//! The key is drawn when the server starts and stands in memory alone. Whoever finds the text in a browser, in a file of it or
//! in the log of a proxy cannot read it; the server can, until its time is over or the server has ended. Nothing of it is
//! kept on the server.
//!
//! Sealed is SM4-GCM with a fresh random nonce: nonce, body, tag, as hexadecimal digits. The body begins with the second in
//! which it was sealed, counted from the start of the server. The place is authenticated with it.

use std::time::Duration;

use aes_gcm::aead::consts::U12;
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut as _, AesGcm, KeyInit as _};
use sm4::Sm4;
use tokio::time::Instant;

use crate::csrf::bytes_of;

/// Longest sealed text, in characters: a browser keeps 4,096 bytes of a cookie, its name included.
pub const MOST_CHARACTERS: usize = 3_900;

const NONCE: usize = 12;
const TAG: usize = 16;
/// Bytes of the second.
const SECOND: usize = 8;

/// Seals and opens.
pub struct Seal {
    cipher: AesGcm<Sm4, U12>,
    begun: Instant,
    life: Duration,
}

impl Seal {
    /// Bytes of the key.
    pub const KEY_BYTES: usize = 16;
    /// Bytes of a nonce.
    pub const NONCE_BYTES: usize = NONCE;

    /// With a key drawn for this run of the server; what is sealed opens for `life`.
    pub fn new(key: [u8; Self::KEY_BYTES], begun: Instant, life: Duration) -> Self {
        Self {
            cipher: AesGcm::from(Sm4::new(&key.into())),
            begun,
            life,
        }
    }

    /// The sealed text; nothing where it would be longer than [`MOST_CHARACTERS`]. `nonce` is fresh randomness.
    pub fn close(&self, place: &str, clear: &[u8], nonce: [u8; NONCE], now: Instant) -> Option<String> {
        if (NONCE + SECOND + clear.len() + TAG) * 2 > MOST_CHARACTERS {
            return None;
        }
        let second = now.saturating_duration_since(self.begun).as_secs();
        let mut body = second.to_be_bytes().to_vec();
        body.extend_from_slice(clear);
        let buffer = InOutBuf::from(body.as_mut_slice());
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce.into(), place.as_bytes(), buffer)
            .ok()?;
        let bytes = nonce.iter().chain(&body).chain(&tag);
        Some(bytes.map(|byte| format!("{byte:02x}")).collect())
    }

    /// What was sealed for this place; nothing where it was changed, is for another place or its time is over.
    pub fn open(&self, place: &str, sealed: &str, now: Instant) -> Option<Vec<u8>> {
        if sealed.len() > MOST_CHARACTERS {
            return None;
        }
        let bytes = bytes_of(sealed)?;
        let (nonce, rest) = bytes.split_first_chunk::<NONCE>()?;
        let (body, tag) = rest.split_last_chunk::<TAG>()?;
        let mut body = body.to_vec();
        let buffer = InOutBuf::from(body.as_mut_slice());
        let opened = self
            .cipher
            .decrypt_inout_detached(&(*nonce).into(), place.as_bytes(), buffer, &(*tag).into());
        opened.ok()?;
        let (second, clear) = body.split_first_chunk::<SECOND>()?;
        let sealed_on = Duration::from_secs(u64::from_be_bytes(*second));
        let age = now.saturating_duration_since(self.begun).saturating_sub(sealed_on);
        (age < self.life).then(|| clear.to_vec())
    }
}
