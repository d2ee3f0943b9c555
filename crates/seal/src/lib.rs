//! Personal data at rest: sealed values, keys of persons and employers, and the key ring both rest on.
//!
//! - A **sealed value** ([`Sealer`], [`Opener`]) is a short text under SM4-GCM. It opens only in the table, the column and
//!   the row it was sealed for.
//! - An **entity key** ([`PersonKey`], [`EmployerKey`]) is made from a resident ID or a credit code by HMAC-SM3
//!   ([`Indexer`]): the same person has the same key in every register, and nobody without the index key finds it.
//! - The **key ring** ([`KeyRing`]) holds sealing keys (one seals, all open) and one index key. [`KeyFolder`] keeps it on
//!   disk, apart from all data. [`Rekeying`] carries rows from one index key to another.
//!
//! Randomness comes from outside ([`Randomness`]): the binary hands in the operating system's, tests a sequence. Key
//! material is wiped when dropped and appears in no `Debug`, no `Display` and no error.

mod base32;
mod folder;
mod index;
mod key;
mod key_file;
mod rekey;
mod ring;
mod sealing;

pub use folder::{FolderError, KeyFolder};
pub use index::{EmployerKey, Indexer, KeyText, NoEntityKey, PersonKey, ValueKey};
pub use key::{CheckValue, KeyId, NoRandomness, Randomness};
pub use key_file::{FORMAT, KeyFileError};
pub use rekey::{RekeyError, Rekeying};
pub use ring::KeyRing;
pub use sealing::{Column, LONGEST_VALUE, OVERHEAD, OpenError, Opener, SealError, Sealed, Sealer, VERSION};
