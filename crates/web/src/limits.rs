//! Limits of the server. Tests import the defaults; `leye serve` may set some.

use std::time::Duration;

/// Limits of the server.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Most that a form or a JSON request may be, in bytes.
    pub body_bytes: usize,
    /// Most that an upload may be, in bytes; pages with one say so in their entry.
    pub upload_bytes: usize,
    /// Until a request must have been answered, its body read included.
    pub request: Duration,
    /// Until the head of a request must have been read; also how long an idle connection stays open.
    pub head: Duration,
    /// Most connections at once; more wait in the system's queue.
    pub connections: usize,
    /// Pieces of heavy work (reading a document, screening) at once.
    pub heavy_at_once: usize,
    /// Pieces of heavy work that may wait for one that runs; more are told to come again.
    pub heavy_waiting: usize,
    /// Longest that heavy work waits for its turn.
    pub heavy_wait: Duration,
    /// Screenings and simulations that may wait for the one that runs; more are refused.
    pub screenings_waiting: usize,
    /// Memory that deriving facts for a screening may hold before it spills to disk, in bytes.
    pub screening_bytes: usize,
    /// Requests that one peer may make at once before it is slowed down, and by which its allowance grows each second. An
    /// office often has one address for all its people.
    pub peer: Allowance,
    /// The same for requests that change or compute something (every method but GET and HEAD).
    pub peer_forms: Allowance,
    /// Most peers remembered; the one longest unseen is forgotten.
    pub peers: usize,
    /// Most uploaded documents whose reading is kept in memory; the one longest unopened makes room.
    pub readings: usize,
    /// Most memory that all of them may take, in bytes.
    pub readings_bytes: usize,
    /// How long a reading is kept after it was last opened.
    pub reading_life: Duration,
    /// How long the answers that a browser keeps for us can be opened after the last of them.
    pub answers_life: Duration,
}

/// How often somebody may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// So often at once.
    pub at_once: u32,
    /// So often each second.
    pub each_second: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            upload_bytes: 50 << 20,
            request: Duration::from_secs(60),
            head: Duration::from_secs(10),
            connections: 1_024,
            heavy_at_once: std::thread::available_parallelism().map_or(2, usize::from),
            heavy_waiting: 32,
            heavy_wait: Duration::from_secs(20),
            screenings_waiting: 4,
            screening_bytes: 3_072 << 20,
            peer: Allowance {
                at_once: 4_000,
                each_second: 1_000,
            },
            peer_forms: Allowance {
                at_once: 60,
                each_second: 4,
            },
            peers: 10_000,
            readings: 100,
            readings_bytes: 256 << 20,
            reading_life: Duration::from_secs(2 * 3_600),
            answers_life: Duration::from_secs(3_600),
        }
    }
}
