//! The key ring: sealing keys, one of which seals, and one index key.

use std::collections::BTreeMap;

use crate::index::Indexer;
use crate::key::{CheckValue, INDEX_BYTES, KeyId, KeyKind, NoRandomness, Randomness, SEALING_BYTES, Secret};
use crate::sealing::{Opener, Sealer};

/// All keys of one installation.
///
/// A ring never loses a sealing key: what was sealed long ago must open. `Debug` shows numbers and no key, and it
/// cannot be copied about:
/// ```compile_fail,E0599
/// fn copied(ring: &seal::KeyRing) -> seal::KeyRing { seal::KeyRing::clone(ring) }
/// ```
#[derive(Debug)]
pub struct KeyRing {
    pub(crate) sealing: BTreeMap<KeyId, Secret<SEALING_BYTES>>,
    /// One of `sealing`.
    pub(crate) active: KeyId,
    pub(crate) index: Secret<INDEX_BYTES>,
    pub(crate) index_id: KeyId,
}

impl KeyRing {
    /// A new ring: one sealing key, one index key.
    ///
    /// # Errors
    /// [`NoRandomness`].
    pub fn draw(random: &mut dyn Randomness) -> Result<Self, NoRandomness> {
        Ok(Self {
            sealing: BTreeMap::from([(KeyId::FIRST, Secret::draw(random)?)]),
            active: KeyId::FIRST,
            index: Secret::draw(random)?,
            index_id: KeyId::FIRST,
        })
    }

    /// This ring with one more sealing key, `id`, that seals from now on.
    pub(crate) fn rotated(&self, id: KeyId, random: &mut dyn Randomness) -> Result<Self, NoRandomness> {
        let mut sealing = self.sealing();
        sealing.insert(id, Secret::draw(random)?);
        Ok(Self {
            sealing,
            active: id,
            index: self.index.copy(),
            index_id: self.index_id,
        })
    }

    /// This ring with another index key, `id`.
    pub(crate) fn reindexed(&self, id: KeyId, random: &mut dyn Randomness) -> Result<Self, NoRandomness> {
        Ok(Self {
            sealing: self.sealing(),
            active: self.active,
            index: Secret::draw(random)?,
            index_id: id,
        })
    }

    fn sealing(&self) -> BTreeMap<KeyId, Secret<SEALING_BYTES>> {
        self.sealing.iter().map(|(id, secret)| (*id, secret.copy())).collect()
    }

    /// The key that seals.
    pub fn active(&self) -> KeyId {
        self.active
    }

    /// The index key. What is made of entity keys (a manifest, a database) carries this number, so that a store and a
    /// ring that do not belong together are told apart.
    pub fn index(&self) -> KeyId {
        self.index_id
    }

    /// All sealing keys, oldest first.
    pub fn sealing_keys(&self) -> impl Iterator<Item = KeyId> {
        self.sealing.keys().copied()
    }

    /// The check value of a sealing key.
    pub fn sealing_check(&self, id: KeyId) -> Option<CheckValue> {
        self.sealing.get(&id).map(|secret| secret.check(KeyKind::Sealing, id))
    }

    /// The check value of the index key.
    pub fn index_check(&self) -> CheckValue {
        self.index.check(KeyKind::Index, self.index_id)
    }

    /// Seals under the active key. Each thread takes its own.
    ///
    /// # Errors
    /// [`NoRandomness`]: there is no start for the nonces.
    pub fn sealer(&self, random: &mut dyn Randomness) -> Result<Sealer, NoRandomness> {
        // `active` is one of `sealing`; a ring for which that does not hold gives no sealer.
        let secret = self.sealing.get(&self.active).ok_or(NoRandomness)?;
        Sealer::new(self.active, secret, random)
    }

    /// Opens what any key of the ring sealed. Each thread takes its own.
    pub fn opener(&self) -> Opener {
        Opener::new(self.sealing.iter().map(|(id, secret)| (*id, secret)))
    }

    /// Makes entity keys; threads may share one.
    pub fn indexer(&self) -> Indexer {
        Indexer::new(&self.index.mac())
    }
}
