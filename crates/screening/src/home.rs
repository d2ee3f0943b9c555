//! What screening needs of a home: its registers, its keys, its runs. The terminal and the pages open them here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use civil::{Day, RegionCode};
use registers::folder::Folder;
use registers::manifest::Manifest as Imports;
use registers::view;
use rules::catalogue::Catalogue;
use seal::{KeyFolder, KeyRing};

use crate::error::ScreeningError;
pub use crate::run::HISTORY;
use crate::run::{Made, Progress, Request, Screening};
use crate::runs::Runs;
use crate::simulation::{Comparison, Simulation, SimulationError};

/// The folder of an installation's state, as far as screening goes.
#[derive(Debug, Clone)]
pub struct Home {
    root: PathBuf,
}

/// What a home has to be screened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Regions that some register has data of.
    pub regions: BTreeSet<RegionCode>,
    /// The day on which the newest data was received.
    pub received: Option<Day>,
    /// Whether it is known of anybody what was received before.
    pub has_history: bool,
}

/// Who wants to be told, and how much may be used.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// Threads.
    pub threads: usize,
    /// Memory that deriving may hold before it spills.
    pub memory_bytes: usize,
    /// Told how far it is.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Set from outside, ends it; nothing is kept.
    pub stop: &'a AtomicBool,
}

impl Home {
    /// The home in this folder; nothing is made.
    pub fn of(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Its runs.
    pub fn runs(&self) -> Runs {
        Runs::of(&self.root)
    }

    /// Its registers.
    pub fn registers(&self) -> Folder {
        Folder::of(&self.root)
    }

    /// What was imported.
    ///
    /// # Errors
    /// [`ScreeningError::NoData`] where nothing was; what keeps the manifest or the keys from being read.
    pub fn imports(&self) -> Result<Imports, ScreeningError> {
        let folder = self.registers();
        // While the index key is being changed two manifests may stand there: the ring says which counts.
        let keys = KeyFolder::of(&self.root);
        let imports = if keys.path().exists() {
            folder.manifest_under(keys.load()?.index().number())
        } else {
            folder.manifest()
        };
        let imports = imports.map_err(|error| ScreeningError::Registers(error.to_string()))?;
        if imports.imports.is_empty() {
            return Err(ScreeningError::NoData(self.root.clone()));
        }
        Ok(imports)
    }

    /// Its keys.
    ///
    /// # Errors
    /// [`ScreeningError::Keys`].
    pub fn ring(&self) -> Result<KeyRing, ScreeningError> {
        Ok(KeyFolder::of(&self.root).load()?)
    }

    /// What can be screened; also that it could be opened, with its keys.
    ///
    /// # Errors
    /// As [`Self::imports`] and [`Self::ring`].
    pub fn standing(&self) -> Result<Standing, ScreeningError> {
        let imports = self.imports()?;
        self.ring()?;
        Ok(Standing {
            regions: imports
                .imports
                .iter()
                .filter_map(|import| RegionCode::parse(&import.region).ok())
                .collect(),
            received: imports.imports.iter().map(|import| import.received).max(),
            has_history: imports.imports.iter().any(|import| import.register == HISTORY),
        })
    }

    /// Keys of a run as an officer knows those behind them: persons by their covered number, employers by their name. A key
    /// that no import brought is left out.
    ///
    /// # Errors
    /// [`ScreeningError::OtherKeys`] where the registers were keyed anew since the run; what keeps a file or the keys from
    /// being read.
    pub fn known_as<'k>(
        &self,
        run: &str,
        keys: impl IntoIterator<Item = &'k str>,
    ) -> Result<BTreeMap<String, String>, ScreeningError> {
        let (imports, ring) = (self.imports()?, self.ring()?);
        self.runs().manifest(run)?.joins(&ring)?;
        Ok(view::known_as(&self.registers(), &imports, keys, &mut ring.opener())?)
    }

    /// Whether a run can begin.
    ///
    /// # Errors
    /// As [`Self::screen`], before anything is written.
    pub fn check(&self, catalogue: &Catalogue, request: &Request) -> Result<(), ScreeningError> {
        let means = Means {
            threads: request.threads,
            memory_bytes: request.memory_bytes,
            progress: &|_| {},
            stop: &AtomicBool::new(false),
        };
        self.with(catalogue, request, means, |screening| screening.check_request())
    }

    /// Makes a run; nothing where it was stopped.
    ///
    /// # Errors
    /// [`ScreeningError`]; no run is there then, and no earlier one is touched.
    pub fn screen(
        &self,
        catalogue: &Catalogue,
        request: &Request,
        means: Means<'_>,
    ) -> Result<Option<Made>, ScreeningError> {
        self.with(catalogue, request, means, |screening| screening.make())
    }

    fn with<T>(
        &self,
        catalogue: &Catalogue,
        request: &Request,
        means: Means<'_>,
        work: impl FnOnce(&Screening<'_>) -> Result<T, ScreeningError>,
    ) -> Result<T, ScreeningError> {
        self.imports()?;
        work(&Screening {
            catalogue,
            registers: &self.registers(),
            runs: &self.runs(),
            ring: &self.ring()?,
            request,
            progress: means.progress,
            stop: means.stop,
        })
    }

    /// Asks a question of a run by other rules; nothing where it was stopped.
    ///
    /// # Errors
    /// [`SimulationError`].
    pub fn simulate(
        &self,
        catalogue: &Catalogue,
        run: &str,
        means: Means<'_>,
        ask: impl FnOnce(&Simulation<'_>) -> Result<Option<Comparison>, SimulationError>,
    ) -> Result<Option<Comparison>, SimulationError> {
        ask(&Simulation {
            catalogue,
            registers: &self.registers(),
            runs: &self.runs(),
            run,
            threads: means.threads,
            memory_bytes: means.memory_bytes,
            progress: means.progress,
            stop: means.stop,
        })
    }
}

/// Without a day that is said: everything that is loaded may be used.
pub fn latest_known(catalogue: &Catalogue, imports: &Imports) -> Day {
    let received = imports.imports.iter().map(|import| import.received).max();
    received.map_or_else(|| catalogue.latest_known(), |day| day.max(catalogue.latest_known()))
}
