//! Keys of persons and employers: HMAC-SM3 of their official number under the index key. And keys of names, telephone
//! and account numbers, which only tell whether two sealed values are the same.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use civil::{AccountNumber, CreditCode, ResidentId};
use hmac::{Hmac, Mac};
use sm3::Sm3;
use zeroize::Zeroize;

use crate::base32::{self, KEY_CHARACTERS};

/// Bytes of an entity key.
const KEY_BYTES: usize = 16;

/// An expanded key is two states of SM3, wiped when dropped; without that feature of the crate this would not compile.
const _: () = {
    const fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    wiped::<sm3::Sm3Core>();
};

/// Makes entity keys. It holds the index key expanded: making one costs two blocks of SM3.
///
/// It is immutable, so threads may share one.
pub struct Indexer {
    /// Under the index key, the kind already read.
    persons: Hmac<Sm3>,
    employers: Hmac<Sm3>,
    accounts: Hmac<Sm3>,
    names: Hmac<Sm3>,
    phones: Hmac<Sm3>,
}

impl Indexer {
    pub(crate) fn new(mac: &Hmac<Sm3>) -> Self {
        // No kind is the beginning of another, so no number of one kind can be read as one of another.
        let of = |kind: &[u8]| {
            let mut mac = mac.clone();
            mac.update(kind);
            mac
        };
        Self {
            persons: of(b"person\0"),
            employers: of(b"employer\0"),
            accounts: of(b"account\0"),
            names: of(b"name\0"),
            phones: of(b"phone\0"),
        }
    }

    /// The key of a person. [`ResidentId`] is one form for all spellings: 15 digits are completed, a small x is folded.
    pub fn person(&self, id: ResidentId) -> PersonKey {
        let mut clear = id.reveal_bytes();
        let key = PersonKey(first_bytes(self.persons.clone(), &clear));
        clear.zeroize();
        key
    }

    /// The key of an employer.
    pub fn employer(&self, code: CreditCode) -> EmployerKey {
        EmployerKey(first_bytes(self.employers.clone(), code.as_str().as_bytes()))
    }

    /// What tells whether two accounts are the same.
    pub fn account(&self, account: &AccountNumber) -> ValueKey {
        ValueKey(first_bytes(self.accounts.clone(), account.reveal().as_bytes()))
    }

    /// What tells whether two names are the same; white space does not count.
    pub fn name(&self, name: &str) -> ValueKey {
        ValueKey(of_characters(self.names.clone(), name, |c| !c.is_whitespace()))
    }

    /// What tells whether two telephone numbers are the same; only digits count.
    pub fn phone(&self, phone: &str) -> ValueKey {
        ValueKey(of_characters(self.phones.clone(), phone, |c| c.is_ascii_digit()))
    }
}

impl fmt::Debug for Indexer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Indexer").finish_non_exhaustive()
    }
}

fn first_bytes(mut mac: Hmac<Sm3>, message: &[u8]) -> [u8; KEY_BYTES] {
    mac.update(message);
    first_of(mac)
}

/// Over the characters that count, one by one: no copy of the clear text is made.
fn of_characters(mut mac: Hmac<Sm3>, text: &str, counts: impl Fn(char) -> bool) -> [u8; KEY_BYTES] {
    let mut bytes = [0; 4];
    for character in text.chars().filter(|c| counts(*c)) {
        mac.update(character.encode_utf8(&mut bytes).as_bytes());
    }
    bytes.zeroize();
    first_of(mac)
}

fn first_of(mac: Hmac<Sm3>) -> [u8; KEY_BYTES] {
    let whole = mac.finalize().into_bytes();
    let mut first = [0; KEY_BYTES];
    for (place, byte) in first.iter_mut().zip(whole.iter()) {
        *place = *byte;
    }
    first
}

/// An entity key as text, 26 characters, without the heap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyText([u8; KEY_CHARACTERS]);

impl Deref for KeyText {
    type Target = str;

    fn deref(&self) -> &str {
        // Only letters of the ASCII alphabet get in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl AsRef<str> for KeyText {
    fn as_ref(&self) -> &str {
        self
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

/// A text that is no entity key: not 26 characters of Crockford's base32 in capital letters, or more than 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("索引号应为26位数字和大写字母（不用I、L、O、U）")]
pub struct NoEntityKey;

/// One kind of key; every kind is a type of its own.
macro_rules! entity_key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; KEY_BYTES]);

        impl $name {
            /// Its 26 characters; they sort as the key does.
            pub fn text(&self) -> KeyText {
                KeyText(base32::number(self.0))
            }
        }

        impl FromStr for $name {
            type Err = NoEntityKey;

            /// Reads the 26 characters, exactly as they are written: two texts are never the same key.
            fn from_str(text: &str) -> Result<Self, NoEntityKey> {
                base32::from_number(text).map(Self).ok_or(NoEntityKey)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.text())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

entity_key! {
    /// Who a row is about: the first 16 bytes of HMAC-SM3 over the kind and the 18 characters of the resident ID.
    ///
    /// It is no employer's key and no text:
    /// ```compile_fail,E0308
    /// fn of(key: seal::PersonKey) -> seal::EmployerKey { key }
    /// ```
    /// ```compile_fail,E0308
    /// fn same(one: seal::PersonKey, other: seal::EmployerKey) -> bool { one == other }
    /// ```
    /// ```compile_fail,E0308
    /// fn same(one: seal::PersonKey) -> bool { one == "00000000000000000000000000" }
    /// ```
    /// and an employer is never made a person:
    /// ```compile_fail,E0308
    /// fn of(indexer: &seal::Indexer, code: civil::CreditCode) -> seal::PersonKey { indexer.person(code) }
    /// ```
    PersonKey
}

entity_key! {
    /// Which employer a row is about: as [`PersonKey`], over the unified social credit code.
    /// ```compile_fail,E0308
    /// fn of(key: seal::EmployerKey) -> seal::PersonKey { key }
    /// ```
    EmployerKey
}

entity_key! {
    /// What only tells whether two sealed names, telephone or account numbers are the same. It is nobody's key:
    /// ```compile_fail,E0308
    /// fn of(key: seal::ValueKey) -> seal::PersonKey { key }
    /// ```
    ValueKey
}
