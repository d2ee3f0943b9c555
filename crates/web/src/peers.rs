//! How often each peer may ask: a bucket that fills by the second, one for all requests and one for those that change or
//! compute something.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use crate::limits::{Allowance, Limits};

/// Whoever sent a request; the server puts it into every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Peer(pub IpAddr);

/// The buckets of all peers.
pub(crate) struct Peers {
    all: Allowance,
    forms: Allowance,
    most: usize,
    buckets: Mutex<BTreeMap<Peer, Buckets>>,
}

struct Buckets {
    seen: Instant,
    all: Bucket,
    forms: Bucket,
}

/// Thousandths of requests that are left.
struct Bucket {
    thousandths: u64,
}

impl Bucket {
    const fn full(allowance: Allowance) -> Self {
        Self {
            thousandths: allowance.at_once as u64 * 1_000,
        }
    }

    /// Fills for `passed_millis` and takes one request; else seconds to wait.
    fn take(&mut self, allowance: Allowance, passed_millis: u64) -> Result<(), u64> {
        let most = u64::from(allowance.at_once) * 1_000;
        let grown = passed_millis.saturating_mul(u64::from(allowance.each_second));
        self.thousandths = self.thousandths.saturating_add(grown).min(most);
        if self.thousandths >= 1_000 {
            self.thousandths -= 1_000;
            return Ok(());
        }
        let missing = 1_000 - self.thousandths;
        Err(missing.div_ceil(u64::from(allowance.each_second.max(1)) * 1_000).max(1))
    }
}

impl Peers {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            all: limits.peer,
            forms: limits.peer_forms,
            most: limits.peers.max(1),
            buckets: Mutex::new(BTreeMap::new()),
        }
    }

    /// Counts a request of the peer; `Err` says after how many seconds the next may come.
    pub(crate) fn take(&self, peer: Peer, is_form: bool, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= self.most && !buckets.contains_key(&peer) {
            let oldest = buckets
                .iter()
                .min_by_key(|(_, bucket)| bucket.seen)
                .map(|(peer, _)| *peer);
            oldest.and_then(|oldest| buckets.remove(&oldest));
        }
        let own = buckets.entry(peer).or_insert_with(|| Buckets {
            seen: now,
            all: Bucket::full(self.all),
            forms: Bucket::full(self.forms),
        });
        let passed = now.saturating_duration_since(own.seen).as_millis();
        let passed = u64::try_from(passed).unwrap_or(u64::MAX);
        // Only whole milliseconds are counted, so the moment moves by what was counted.
        own.seen += std::time::Duration::from_millis(passed);
        let forms = if is_form {
            own.forms.take(self.forms, passed)
        } else {
            own.forms
                .take(self.forms, passed)
                .map(|()| own.forms.thousandths += 1_000)
                .or(Ok(()))
        };
        own.all.take(self.all, passed).and(forms)
    }
}
