//! Sealing: SM4-GCM over short values, bound to the place they stand in.
//!
//! A sealed value is
//!
//! | bytes | what |
//! |---|---|
//! | 0 | version, 1 |
//! | 1–2 | number of the sealing key, most significant byte first |
//! | 3–14 | nonce |
//! | 15 … | body, as long as the clear value |
//! | last 16 | tag |
//!
//! Authenticated with it: the three bytes of version and key, then table and column, each behind its length in eight
//! bytes, then the row key to the end. A value copied to another row, column or table does not open.
//!
//! **Nonces.** A [`Sealer`] draws 96 random bits and counts up from there; no state is kept on disk, because a restored
//! backup or a copied virtual machine would repeat it. With s sealers and v values under one key the chance that any
//! nonce ever repeats is below s·v / 2^96: a million sealers and 2^44 values stay below 2^-32.

use std::fmt;

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U12;
use aes_gcm::aead::inout::InOutBuf;
use aes_gcm::{AeadInOut, KeyInit};
use civil::{AccountNumber, ResidentId};
use sm4::Sm4;
use zeroize::{Zeroize, Zeroizing};

use crate::base32;
use crate::key::{KeyId, NoRandomness, Randomness, SEALING_BYTES, Secret, draw};

/// Version of the sealed form.
pub const VERSION: u8 = 1;
/// Longest clear value, in bytes: numbers, names, addresses, not documents.
pub const LONGEST_VALUE: usize = 4096;
/// Bytes a sealed value is longer than the clear one.
pub const OVERHEAD: usize = HEADER + TAG;

const KEY_ID: usize = 2;
const NONCE: usize = 12;
const TAG: usize = 16;
/// Version and key: authenticated, in clear.
const NAMED: usize = 1 + KEY_ID;
const HEADER: usize = NAMED + NONCE;

type Cipher = AesGcm<Sm4, U12>;

/// The round keys and the hash key are wiped when a cipher is dropped; without these features of the crates it would
/// not compile.
const _: () = {
    const fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    wiped::<Cipher>();
    wiped::<Secret<SEALING_BYTES>>();
};

/// A column that holds sealed values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Table and column as they are authenticated.
    bound: Vec<u8>,
}

impl Column {
    /// The column of a table, by the names they have for good: a renamed column no longer opens.
    pub fn new(table: &str, column: &str) -> Self {
        let mut bound = Vec::with_capacity(2 * size_of::<u64>() + table.len() + column.len());
        for name in [table, column] {
            bound.extend_from_slice(&(name.len() as u64).to_be_bytes());
            bound.extend_from_slice(name.as_bytes());
        }
        Self { bound }
    }
}

/// What is authenticated beside the body, in a buffer used again for every value.
fn bind<'a>(buffer: &'a mut Vec<u8>, named: &[u8], column: &Column, row: &str) -> &'a [u8] {
    buffer.clear();
    buffer.extend_from_slice(named);
    buffer.extend_from_slice(&column.bound);
    buffer.extend_from_slice(row.as_bytes());
    buffer
}

/// Why a value cannot be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// Longer than [`LONGEST_VALUE`].
    #[error("内容长 {0} 字节，超过可密封的 {LONGEST_VALUE} 字节")]
    TooLong(usize),
    /// No row key: the value would open in any row.
    #[error("没有行标识，不能密封")]
    NoRow,
    /// The cipher refused.
    #[error("密封失败")]
    Cipher,
}

/// Why a sealed value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Shorter than any sealed value.
    #[error("密封内容不完整，只有 {0} 字节")]
    TooShort(usize),
    /// Sealed by a newer program, or no sealed value.
    #[error("密封内容的格式为 {0}，本程序只能读取格式 {VERSION}")]
    Version(u8),
    /// The ring does not have the key: it came in by a rotation after the ring was read, or the ring is another's.
    #[error("密钥库中没有密封密钥 {0} 号")]
    UnknownKey(u16),
    /// Changed, moved to another place, or sealed under another key of that number.
    #[error("密封内容与所在位置或密钥不符，可能被改动或移动过")]
    Refused,
    /// It opened, but is not what was asked for.
    #[error("密封内容不是所要的类型")]
    Unexpected,
}

/// Seals values under the active key of a ring. It keeps the key expanded and counts its nonces, so it can be neither
/// copied nor shared:
/// ```compile_fail,E0599
/// fn copied(sealer: &seal::Sealer) -> seal::Sealer { seal::Sealer::clone(sealer) }
/// ```
pub struct Sealer {
    cipher: Cipher,
    /// Version and key.
    named: [u8; NAMED],
    key: KeyId,
    /// The nonce of the next value, in the lower 96 bits.
    next: u128,
    bound: Vec<u8>,
}

impl Sealer {
    pub(crate) fn new(
        key: KeyId,
        secret: &Secret<SEALING_BYTES>,
        random: &mut dyn Randomness,
    ) -> Result<Self, NoRandomness> {
        let mut start = [0; NONCE];
        draw(random, &mut start)?;
        let mut next = [0; size_of::<u128>()];
        for (place, byte) in next.iter_mut().rev().zip(start.iter().rev()) {
            *place = *byte;
        }
        let [high, low] = key.number().to_be_bytes();
        Ok(Self {
            cipher: cipher(secret),
            named: [VERSION, high, low],
            key,
            next: u128::from_be_bytes(next),
            bound: Vec::new(),
        })
    }

    /// The key it seals under.
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// Appends the sealed value to `out`; after an error `out` is as before.
    ///
    /// # Errors
    /// [`SealError`]: the value is too long, or there is no row key.
    pub fn seal(&mut self, column: &Column, row: &str, value: &[u8], out: &mut Vec<u8>) -> Result<(), SealError> {
        if value.len() > LONGEST_VALUE {
            return Err(SealError::TooLong(value.len()));
        }
        if row.is_empty() {
            return Err(SealError::NoRow);
        }
        let nonce = self.nonce();
        let bound = bind(&mut self.bound, &self.named, column, row);
        let start = out.len();
        // Reserved at once, so that no clear byte is left behind where the buffer was before it grew.
        out.reserve(OVERHEAD + value.len());
        out.extend_from_slice(&self.named);
        out.extend_from_slice(&nonce);
        let body = out.len();
        out.extend_from_slice(value);
        let clear = out.get_mut(body..).unwrap_or_default();
        let tag = self
            .cipher
            .encrypt_inout_detached(&nonce.into(), bound, InOutBuf::from(clear));
        match tag {
            Ok(tag) => {
                out.extend_from_slice(&tag);
                Ok(())
            }
            Err(_) => {
                out.get_mut(start..).unwrap_or_default().zeroize();
                out.truncate(start);
                Err(SealError::Cipher)
            }
        }
    }

    /// One value on its own.
    ///
    /// # Errors
    /// As [`Sealer::seal`].
    pub fn seal_one(&mut self, column: &Column, row: &str, value: &[u8]) -> Result<Sealed, SealError> {
        let mut out = Vec::new();
        self.seal(column, row, value, &mut out)?;
        Ok(Sealed(out))
    }

    /// A resident ID, in its 18 characters; see [`Sealer::seal`].
    ///
    /// # Errors
    /// As [`Sealer::seal`].
    pub fn seal_id(&mut self, column: &Column, row: &str, id: ResidentId, out: &mut Vec<u8>) -> Result<(), SealError> {
        let mut clear = id.reveal_bytes();
        let sealed = self.seal(column, row, &clear, out);
        clear.zeroize();
        sealed
    }

    /// The next nonce; it is used up even where sealing then fails.
    fn nonce(&mut self) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        let counted = self.next.to_be_bytes();
        for (place, byte) in nonce.iter_mut().rev().zip(counted.iter().rev()) {
            *place = *byte;
        }
        // Beyond 96 bits it begins again at zero: the bits above never reach a nonce.
        self.next = self.next.wrapping_add(1);
        nonce
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Opens what any key of a ring sealed, into a buffer of its own that is wiped before each use and at the end.
pub struct Opener {
    /// By number of the key.
    ciphers: Vec<(KeyId, Cipher)>,
    bound: Vec<u8>,
    clear: Zeroizing<Vec<u8>>,
}

impl Opener {
    pub(crate) fn new<'a>(keys: impl Iterator<Item = (KeyId, &'a Secret<SEALING_BYTES>)>) -> Self {
        Self {
            ciphers: keys.map(|(id, secret)| (id, cipher(secret))).collect(),
            bound: Vec::new(),
            // As large as it will ever be: growing would leave a copy behind.
            clear: Zeroizing::new(Vec::with_capacity(LONGEST_VALUE)),
        }
    }

    /// The clear value.
    ///
    /// # Errors
    /// [`OpenError`]: damaged, moved, of a newer program, or of a key that is not here.
    pub fn open(&mut self, column: &Column, row: &str, sealed: &[u8]) -> Result<&[u8], OpenError> {
        self.wipe();
        let (named, nonce, body, tag) = parts(sealed)?;
        let key = key_of(named)?;
        let cipher = self
            .ciphers
            .iter()
            .find_map(|(id, cipher)| (id.number() == key).then_some(cipher))
            .ok_or(OpenError::UnknownKey(key))?;
        if body.len() > LONGEST_VALUE {
            return Err(OpenError::Refused);
        }
        let bound = bind(&mut self.bound, named, column, row);
        self.clear.extend_from_slice(body);
        let opened = cipher.decrypt_inout_detached(
            &(*nonce).into(),
            bound,
            InOutBuf::from(self.clear.as_mut_slice()),
            &(*tag).into(),
        );
        if opened.is_err() {
            self.wipe();
            return Err(OpenError::Refused);
        }
        Ok(&self.clear)
    }

    /// Wipes what was opened last; only as far as it was written, which a million times over makes a difference.
    fn wipe(&mut self) {
        self.clear.as_mut_slice().zeroize();
        self.clear.clear();
    }

    /// The clear value as text.
    ///
    /// # Errors
    /// As [`Opener::open`]; [`OpenError::Unexpected`] where it is no UTF-8.
    pub fn open_text(&mut self, column: &Column, row: &str, sealed: &[u8]) -> Result<&str, OpenError> {
        let clear = self.open(column, row, sealed)?;
        std::str::from_utf8(clear).map_err(|_| OpenError::Unexpected)
    }

    /// A resident ID.
    ///
    /// # Errors
    /// As [`Opener::open`]; [`OpenError::Unexpected`] where it is no ID.
    pub fn open_id(&mut self, column: &Column, row: &str, sealed: &[u8]) -> Result<ResidentId, OpenError> {
        let clear = self.open_text(column, row, sealed)?;
        ResidentId::parse(clear).map_err(|_| OpenError::Unexpected)
    }

    /// An account number.
    ///
    /// # Errors
    /// As [`Opener::open`]; [`OpenError::Unexpected`] where it is no account number.
    pub fn open_account(&mut self, column: &Column, row: &str, sealed: &[u8]) -> Result<AccountNumber, OpenError> {
        let clear = self.open_text(column, row, sealed)?;
        AccountNumber::parse(clear).map_err(|_| OpenError::Unexpected)
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<KeyId> = self.ciphers.iter().map(|(id, _)| *id).collect();
        f.debug_struct("Opener").field("keys", &keys).finish_non_exhaustive()
    }
}

fn cipher(secret: &Secret<SEALING_BYTES>) -> Cipher {
    Cipher::from(Sm4::new(secret.bytes().into()))
}

/// Version and key, nonce, body and tag of a sealed value.
type Parts<'a> = (&'a [u8; NAMED], &'a [u8; NONCE], &'a [u8], &'a [u8; TAG]);

fn parts(sealed: &[u8]) -> Result<Parts<'_>, OpenError> {
    let short = || OpenError::TooShort(sealed.len());
    let (named, rest) = sealed.split_first_chunk().ok_or_else(short)?;
    let (nonce, rest) = rest.split_first_chunk().ok_or_else(short)?;
    let (body, tag) = rest.split_last_chunk().ok_or_else(short)?;
    Ok((named, nonce, body, tag))
}

fn key_of([version, high, low]: &[u8; NAMED]) -> Result<u16, OpenError> {
    if *version == VERSION {
        Ok(u16::from_be_bytes([*high, *low]))
    } else {
        Err(OpenError::Version(*version))
    }
}

/// A sealed value on its own: bytes for Parquet, text for the database.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// Takes bytes that have the form of a sealed value; whether they open only [`Opener`] can tell.
    ///
    /// # Errors
    /// [`OpenError::TooShort`], [`OpenError::Version`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, OpenError> {
        let (named, ..) = parts(&bytes)?;
        key_of(named)?;
        Ok(Self(bytes))
    }

    /// Reads the text that [`Sealed::text`] wrote.
    ///
    /// # Errors
    /// As [`Sealed::from_bytes`]; [`OpenError::Refused`] where the text was not written so.
    pub fn from_text(text: &str) -> Result<Self, OpenError> {
        let bytes = base32::from_bytes(text).ok_or(OpenError::Refused)?;
        Self::from_bytes(bytes)
    }

    /// The bytes, as the module describes them.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Crockford's base32, for columns of text.
    pub fn text(&self) -> String {
        base32::bytes(&self.0)
    }

    /// The number of the key it was sealed under.
    pub fn key(&self) -> u16 {
        parts(&self.0).and_then(|(named, ..)| key_of(named)).unwrap_or_default()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes, key {})", self.0.len(), self.key())
    }
}
