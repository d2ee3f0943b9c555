//! Changing the index key: from the sealed IDs of the old ring to keys and seals of the new one.
//!
//! Every entity key changes with the index key, and a sealed value is bound to its row key, so each row is taken over:
//! its ID is opened, the new key made from it, the value sealed again for the new key. This is the work on one row; the
//! walk over files and tables belongs to whoever keeps them. The order that leaves one usable ring whenever it breaks
//! off is told at [`crate::KeyFolder`].

use civil::CreditCode;

use crate::index::{EmployerKey, Indexer, PersonKey};
use crate::key::{NoRandomness, Randomness};
use crate::ring::KeyRing;
use crate::sealing::{Column, OpenError, Opener, SealError, Sealer};

/// Why a row cannot be taken over. The old row is untouched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RekeyError {
    /// The old value does not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The new value cannot be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The key of the row was not made of the ID sealed in it, or not under the old index key.
    #[error("本行的索引号与其中的号码不符")]
    Mismatch,
}

/// Takes rows from an old ring to a new one. Each thread takes its own.
#[derive(Debug)]
pub struct Rekeying {
    opener: Opener,
    old: Indexer,
    new: Indexer,
    sealer: Sealer,
}

impl Rekeying {
    /// From one ring to the other.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn new(old: &KeyRing, new: &KeyRing, random: &mut dyn Randomness) -> Result<Self, NoRandomness> {
        Ok(Self {
            opener: old.opener(),
            old: old.indexer(),
            new: new.indexer(),
            sealer: new.sealer(random)?,
        })
    }

    /// The new key of the person whose ID stands sealed in a row.
    ///
    /// # Errors
    /// [`RekeyError`].
    pub fn person_key(
        &mut self,
        column: &Column,
        row: &str,
        sealed: &[u8],
        old: PersonKey,
    ) -> Result<PersonKey, RekeyError> {
        let id = self.opener.open_id(column, row, sealed)?;
        if self.old.person(id) == old {
            Ok(self.new.person(id))
        } else {
            Err(RekeyError::Mismatch)
        }
    }

    /// A row of persons, whose row key is the person's key: gives the new key and appends the ID, sealed for it, to
    /// `out`.
    ///
    /// # Errors
    /// [`RekeyError`]; `out` is then as before.
    pub fn person(
        &mut self,
        column: &Column,
        old: PersonKey,
        sealed: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<PersonKey, RekeyError> {
        let id = self.opener.open_id(column, &old.text(), sealed)?;
        if self.old.person(id) != old {
            return Err(RekeyError::Mismatch);
        }
        let new = self.new.person(id);
        self.sealer.seal_id(column, &new.text(), id, out)?;
        Ok(new)
    }

    /// The new key of an employer, whose code stands in clear.
    ///
    /// # Errors
    /// [`RekeyError::Mismatch`].
    pub fn employer(&self, old: EmployerKey, code: CreditCode) -> Result<EmployerKey, RekeyError> {
        if self.old.employer(code) == old {
            Ok(self.new.employer(code))
        } else {
            Err(RekeyError::Mismatch)
        }
    }

    /// Any other sealed value of a row whose key changes: appended to `out`, sealed for the new row key.
    ///
    /// # Errors
    /// [`RekeyError`]; `out` is then as before.
    pub fn value(
        &mut self,
        column: &Column,
        old_row: &str,
        new_row: &str,
        sealed: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), RekeyError> {
        let clear = self.opener.open(column, old_row, sealed)?;
        Ok(self.sealer.seal(column, new_row, clear, out)?)
    }
}
