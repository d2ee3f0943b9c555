//! Key material, where it comes from, and how it is told that it is whole.

use std::fmt;
use std::num::NonZeroU16;

use hmac::digest::common::Key;
use hmac::{Hmac, KeyInit, Mac};
use sm3::Sm3;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::base32;

/// Bytes of an SM4 key.
pub(crate) const SEALING_BYTES: usize = 16;
/// Bytes of an index key: as many as HMAC-SM3 gives out.
pub(crate) const INDEX_BYTES: usize = 32;
/// One block of SM3, what an HMAC key is filled up to.
const BLOCK_BYTES: usize = 64;
/// Bytes of a check value: enough that no damage passes by chance, too few to help against the key.
const CHECK_BYTES: usize = 5;

/// A source of bytes that nobody can foresee: the operating system's in the product, a seeded sequence in tests.
///
/// ```
/// use seal::{NoRandomness, Randomness};
/// let mut next = 0_u8;
/// let mut counted = |bytes: &mut [u8]| -> Result<(), NoRandomness> {
///     for byte in bytes {
///         *byte = next;
///         next = next.wrapping_add(1);
///     }
///     Ok(())
/// };
/// let mut drawn = [0; 3];
/// counted.fill(&mut drawn).unwrap();
/// assert_eq!(drawn, [0, 1, 2]);
/// ```
pub trait Randomness {
    /// Fills all of `bytes`.
    ///
    /// # Errors
    /// [`NoRandomness`] where the source gives nothing; what was filled so far must not be used.
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness>;
}

impl<F: FnMut(&mut [u8]) -> Result<(), NoRandomness>> Randomness for F {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        self(bytes)
    }
}

/// The source of random bytes gave none, or always the same byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("取不到随机数")]
pub struct NoRandomness;

/// Bytes that nobody can foresee; a source that gives one byte over and over is broken and refused.
pub(crate) fn draw<const N: usize>(random: &mut dyn Randomness, bytes: &mut [u8; N]) -> Result<(), NoRandomness> {
    random.fill(bytes)?;
    let mut pairs = bytes.iter().zip(bytes.iter().skip(1));
    if pairs.all(|(one, next)| one == next) {
        return Err(NoRandomness);
    }
    Ok(())
}

/// Which key of its kind, counted from 1 in the order in which they were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(NonZeroU16);

impl KeyId {
    /// The first key.
    pub const FIRST: Self = Self(NonZeroU16::MIN);

    /// The key of that number; there is none of number 0.
    pub fn new(number: u16) -> Option<Self> {
        NonZeroU16::new(number).map(Self)
    }

    /// The number.
    pub fn number(self) -> u16 {
        self.0.get()
    }

    /// The key after this one; none after 65,535.
    pub(crate) fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyKind {
    /// 密封密钥
    Sealing,
    /// 索引密钥
    Index,
}

impl KeyKind {
    /// As written in files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sealing => "sealing",
            Self::Index => "index",
        }
    }
}

/// The bytes of a key: wiped when dropped, printed nowhere.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret<const N: usize>(Box<[u8; N]>);

impl<const N: usize> Secret<N> {
    /// A new key.
    pub(crate) fn draw(random: &mut dyn Randomness) -> Result<Self, NoRandomness> {
        let mut secret = Self::blank();
        draw(random, &mut secret.0)?;
        Ok(secret)
    }

    /// A key to be filled in; on the heap from the start, so that no copy stays behind on the stack.
    pub(crate) fn blank() -> Self {
        Self(Box::new([0; N]))
    }

    pub(crate) fn bytes(&self) -> &[u8; N] {
        &self.0
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }

    pub(crate) fn copy(&self) -> Self {
        let mut copy = Self::blank();
        copy.0.copy_from_slice(&*self.0);
        copy
    }

    /// HMAC-SM3 under this key, ready for messages.
    pub(crate) fn mac(&self) -> Hmac<Sm3> {
        const { assert!(N <= BLOCK_BYTES, "a longer key would have to be hashed first") };
        // A key shorter than a block is filled up with zeros: that is how HMAC reads it.
        let mut block = Key::<Hmac<Sm3>>::default();
        for (place, byte) in block.iter_mut().zip(self.0.iter()) {
            *place = *byte;
        }
        let mac = Hmac::new(&block);
        block.as_mut_slice().zeroize();
        mac
    }

    /// What tells that the key is whole and is this one.
    pub(crate) fn check(&self, kind: KeyKind, id: KeyId) -> CheckValue {
        let mut mac = self.mac();
        mac.update(b"leye key check\0");
        mac.update(kind.name().as_bytes());
        mac.update(&id.number().to_be_bytes());
        let whole = mac.finalize().into_bytes();
        let mut check = [0; CHECK_BYTES];
        for (place, byte) in check.iter_mut().zip(whole.iter()) {
            *place = *byte;
        }
        CheckValue(check)
    }
}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({N} bytes)")
    }
}

/// 校验值: the first 5 bytes of an HMAC-SM3 under the key over its kind and number, shown as 8 characters. It tells a
/// damaged key file from a whole one and one key from another, and gives nothing away of the key.
///
/// The usual check value, a block of zeros enciphered, is not taken: in GCM that very block authenticates everything.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CheckValue([u8; CHECK_BYTES]);

impl CheckValue {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        base32::from_bytes(text)?.try_into().ok().map(Self)
    }
}

impl fmt::Display for CheckValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&base32::bytes(&self.0))
    }
}

impl fmt::Debug for CheckValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CheckValue({self})")
    }
}
