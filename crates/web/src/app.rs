//! What every page stands on: packs, the day, randomness, limits. All of it comes in from whoever starts the server.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fmt, io};

use civil::Day;
use policy::Library;
use policy::file::Tree;
use policy::ledger::Wording;
use rules::catalogue::Catalogue;
use rules::registry::{self, Count, Entry};
use tokio::time::Instant;

use crate::citizen::{Compiled, Interviews};
use crate::csrf::Key;
use crate::documents::{Samples, Shelf};
use crate::heavy::Heavy;
use crate::jobs::Jobs;
use crate::limits::Limits;
use crate::peers::Peers;
use crate::screenings::Screenings;
use crate::sealed::Seal;

/// Reads the official wording that the home keeps, by pack.
pub type Wordings = Box<dyn Fn(&Library) -> BTreeMap<String, Wording> + Send + Sync>;
/// Fills bytes with randomness of the system.
pub type Randomness = Box<dyn Fn(&mut [u8]) -> io::Result<()> + Send + Sync>;

/// What whoever starts the server hands in.
pub struct Outside {
    /// The packs' files.
    pub tree: Tree,
    /// The day it is, in Asia/Shanghai; asked at every request.
    pub today: Box<dyn Fn() -> Day + Send + Sync>,
    /// True where the day was set by hand: every page then says so.
    pub day_is_set: bool,
    /// The folder of the installation's state; it need not be there.
    pub home: PathBuf,
    /// The official wording that the home keeps, by pack; asked when a page shows it.
    pub wordings: Wordings,
    /// Fills the bytes with randomness of the system.
    pub random: Randomness,
    /// Takes a line that only whoever runs the server sees. It never holds what a user typed.
    pub log: Box<dyn Fn(&str) + Send + Sync>,
    /// Limits of the server.
    pub limits: Limits,
    /// True where a proxy stands before the server: the last address of `X-Forwarded-For` is the peer, and cookies are for
    /// https alone.
    pub behind_proxy: bool,
}

/// Everything a handler may use. Handlers get it as `State<Arc<App>>`.
pub struct App {
    /// Packs, facts, parameters, benefits: loaded and compiled once.
    pub catalogue: Arc<Catalogue>,
    /// The files it was loaded from.
    pub tree: Tree,
    /// Folder of the installation's state.
    pub home: PathBuf,
    /// Limits of the server.
    pub limits: Limits,
    /// Bound on concurrent heavy work.
    pub heavy: Heavy,
    /// Screenings and simulations under way.
    pub jobs: Jobs,
    /// The runs of the home.
    pub screenings: Screenings,
    /// Documents that visitors uploaded, read, for a while.
    pub shelf: Shelf,
    /// Documents of our own writing, read.
    pub samples: Samples,
    /// True where the day was set by hand.
    pub day_is_set: bool,
    /// Interviews of the public page.
    pub interviews: Interviews,
    /// Benefits as they compile.
    pub compiled: Compiled,
    pub(crate) behind_proxy: bool,
    pub(crate) peers: Peers,
    pub(crate) key: Key,
    seal: Seal,
    counts: Vec<Count>,
    today: Box<dyn Fn() -> Day + Send + Sync>,
    wordings: Wordings,
    random: Randomness,
    log: Box<dyn Fn(&str) + Send + Sync>,
    stopping: AtomicBool,
}

impl App {
    /// Loads the packs and draws the keys of this run.
    ///
    /// # Errors
    /// That of the source of randomness.
    pub fn new(outside: Outside) -> io::Result<Self> {
        let catalogue = Arc::new(Catalogue::load(&outside.tree));
        let counts = registry::count(&catalogue, &outside.tree);
        let mut key = [0_u8; Key::BYTES];
        (outside.random)(&mut key)?;
        let mut sealing = [0_u8; Seal::KEY_BYTES];
        (outside.random)(&mut sealing)?;
        Ok(Self {
            catalogue,
            counts,
            tree: outside.tree,
            screenings: Screenings::new(screening::Home::of(&outside.home)),
            home: outside.home,
            heavy: Heavy::new(&outside.limits),
            jobs: Jobs::new(outside.limits.screenings_waiting),
            peers: Peers::new(&outside.limits),
            seal: Seal::new(sealing, Instant::now(), outside.limits.answers_life),
            shelf: Shelf::new(&outside.limits),
            samples: Samples::default(),
            limits: outside.limits,
            interviews: Interviews::default(),
            compiled: Compiled::default(),
            day_is_set: outside.day_is_set,
            behind_proxy: outside.behind_proxy,
            key: Key::new(key),
            today: outside.today,
            wordings: outside.wordings,
            random: outside.random,
            log: outside.log,
            stopping: AtomicBool::new(false),
        })
    }

    /// The day it is.
    pub fn today(&self) -> Day {
        (self.today)()
    }

    /// The official wording that the home keeps, by pack. It reads files: call it in [`Heavy::run`] or where that is cheap.
    pub fn wordings(&self) -> BTreeMap<String, Wording> {
        (self.wordings)(&self.catalogue.library)
    }

    /// Every benefit of the packs with its counts.
    pub fn registry(&self) -> Vec<Entry<'_>> {
        registry::entries(&self.catalogue, &self.counts)
    }

    /// Sixteen random bytes, as hexadecimal.
    ///
    /// # Errors
    /// That of the source of randomness.
    pub fn random_word(&self) -> io::Result<String> {
        let mut bytes = [0_u8; 16];
        (self.random)(&mut bytes)?;
        Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Seals what a browser is to keep for a place; nothing where a cookie cannot hold it.
    ///
    /// # Errors
    /// That of the source of randomness.
    pub fn seal(&self, place: &str, clear: &[u8]) -> io::Result<Option<String>> {
        let mut nonce = [0_u8; Seal::NONCE_BYTES];
        (self.random)(&mut nonce)?;
        Ok(self.seal.close(place, clear, nonce, Instant::now()))
    }

    /// What a browser kept for a place, where it can still be opened.
    pub fn unseal(&self, place: &str, sealed: &str) -> Option<Vec<u8>> {
        self.seal.open(place, sealed, Instant::now())
    }

    /// Tells whoever runs the server; never what a user typed.
    pub fn log(&self, line: &str) {
        (self.log)(line);
    }

    /// From now on the server says that it is not ready; requests that were begun are finished, screenings are stopped.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.jobs.stop_all();
    }

    /// False once the server is about to stop.
    pub fn is_ready(&self) -> bool {
        !self.stopping.load(Ordering::Acquire)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("home", &self.home).finish_non_exhaustive()
    }
}
