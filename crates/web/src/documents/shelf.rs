//! Readings on a shelf in memory: so many, so many bytes, for so long, each under a random word that is its only address.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::Reading;
use crate::limits::Limits;

/// The readings that are kept. What was not opened for its time is gone; where there is no room, the one longest unopened
/// makes it.
pub struct Shelf {
    most: usize,
    most_bytes: usize,
    life: Duration,
    kept: Mutex<BTreeMap<String, Kept>>,
}

struct Kept {
    reading: Arc<Reading>,
    opened: Instant,
}

impl Shelf {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            most: limits.readings.max(1),
            most_bytes: limits.readings_bytes,
            life: limits.reading_life,
            kept: Mutex::default(),
        }
    }

    /// How long a reading is kept after it was last opened.
    pub const fn life(&self) -> Duration {
        self.life
    }

    /// Keeps a reading under `word`. False where it alone is larger than all that may be kept: it is then not kept.
    pub fn put(&self, word: String, reading: Arc<Reading>, now: Instant) -> bool {
        let bytes = reading.bytes();
        if bytes > self.most_bytes {
            return false;
        }
        let mut kept = self.lock(now);
        loop {
            let total: usize = kept.values().map(|kept| kept.reading.bytes()).sum();
            if kept.len() < self.most && total + bytes <= self.most_bytes {
                break;
            }
            let longest = kept.iter().min_by_key(|(_, kept)| kept.opened);
            let Some(word) = longest.map(|(word, _)| word.clone()) else {
                break;
            };
            kept.remove(&word);
        }
        kept.insert(word, Kept { reading, opened: now });
        true
    }

    /// The reading under `word`, opened now.
    pub fn get(&self, word: &str, now: Instant) -> Option<Arc<Reading>> {
        let mut kept = self.lock(now);
        let found = kept.get_mut(word)?;
        found.opened = now;
        Some(Arc::clone(&found.reading))
    }

    /// Takes a reading off.
    pub fn remove(&self, word: &str, now: Instant) {
        self.lock(now).remove(word);
    }

    /// How many are kept.
    pub fn len(&self, now: Instant) -> usize {
        self.lock(now).len()
    }

    /// True where none is kept.
    pub fn is_empty(&self, now: Instant) -> bool {
        self.len(now) == 0
    }

    /// The readings without those whose time is over.
    fn lock(&self, now: Instant) -> MutexGuard<'_, BTreeMap<String, Kept>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| now.saturating_duration_since(kept.opened) < self.life);
        kept
    }
}
