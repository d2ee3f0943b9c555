//! Heavy work (reading a document, deciding a roster, screening) beside the threads that answer pages: so many pieces at
//! once, so many waiting, and whoever comes after that is told to come again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::error::Error;
use crate::limits::Limits;

/// The bound on concurrent heavy work.
pub struct Heavy {
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
    wait: Duration,
}

/// Counts one that waits, for as long as it lives: a request may be dropped at any time.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Heavy {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(limits.heavy_at_once.max(1))),
            waiting: AtomicUsize::new(0),
            most_waiting: limits.heavy_waiting,
            wait: limits.heavy_wait,
        }
    }

    /// Does the work on a thread of its own. It keeps its turn until it is done, even where nobody waits for it any more.
    ///
    /// # Errors
    /// [`Error::busy`] where too much is waiting already or no turn comes in time; an inside error where the work panicked.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        let waiting = Waiting(&self.waiting);
        if before >= self.most_waiting && self.turns.available_permits() == 0 {
            return Err(Error::busy());
        }
        let turn = tokio::time::timeout(self.wait, Arc::clone(&self.turns).acquire_owned()).await;
        drop(waiting);
        let turn = match turn {
            Ok(Ok(turn)) => turn,
            Ok(Err(_)) | Err(_) => return Err(Error::busy()),
        };
        let work = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        work.await
            .map_err(|error| Error::inside(format!("heavy work ended early: {error}")))
    }
}
