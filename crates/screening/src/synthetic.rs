//! A home with a region that does not exist: its registers made, keys drawn, every file imported as an office would. For
//! demonstrations and tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use civil::{Day, RegionCode};
use registers::folder::Folder;
use registers::import::{Context, ImportError, Request as Import, import};
use registers::synth::{self, Plan, SynthError};
use registers::value::{Benefits, Names, RegionNames};
use rules::catalogue::Catalogue;
use seal::{FolderError, KeyFolder};
pub use seal::{NoRandomness, Randomness};

/// Registers that others refer to come first.
const FIRST: [&str; 2] = ["employer", "institution"];

/// A region to be made up.
pub struct Region<'a> {
    /// Packs and registers.
    pub catalogue: &'a Catalogue,
    /// The county whose code it borrows.
    pub code: RegionCode,
    /// People between 16 and 69.
    pub people: u32,
    /// Where its randomness starts: the same people for the same number.
    pub seed: u64,
    /// The day the picture is taken; the files are received on it.
    pub as_of: Day,
    /// Threads.
    pub threads: usize,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// Registers.
    pub registers: usize,
    /// Rows of all registers.
    pub rows: u64,
    /// Rows that are wrong on purpose.
    pub planted: u64,
    /// Rows that the import refused.
    pub refused: u64,
}

/// Why it could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SyntheticError {
    /// The files.
    #[error(transparent)]
    Synth(#[from] SynthError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] FolderError),
    /// A file cannot be read again.
    #[error("{file} 读不出来：{error}")]
    Read {
        /// The file.
        file: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// An import.
    #[error("{file}：{error}")]
    Import {
        /// The file.
        file: String,
        /// Why.
        error: Box<ImportError>,
    },
}

impl Region<'_> {
    /// Writes the registers into `csv`, draws keys for the home, which must have none, and imports them.
    ///
    /// # Errors
    /// [`SyntheticError`].
    pub fn fill(&self, home: &Path, csv: &Path, random: &mut dyn Randomness) -> Result<Filled, SyntheticError> {
        let plan = Plan {
            region: self.code,
            people: self.people,
            seed: self.seed,
            as_of: self.as_of,
            threads: self.threads,
        };
        let made = synth::write(&plan, &self.catalogue.registers, csv)?;
        let refused = self.import_all(home, csv, random)?;
        Ok(Filled {
            registers: made.rows.len(),
            rows: made.rows.values().sum(),
            planted: made.planted.values().sum(),
            refused,
        })
    }

    /// Imports every file of the region as an office would; the rows that were refused.
    fn import_all(&self, home: &Path, csv: &Path, random: &mut dyn Randomness) -> Result<u64, SyntheticError> {
        let ring = KeyFolder::of(home).create(random)?;
        let (catalogue, folder) = (self.catalogue, Folder::of(home));
        let names: BTreeMap<String, String> = catalogue
            .benefits
            .all()
            .flat_map(|benefit| {
                [benefit.id.to_string(), benefit.name.clone()].map(|name| (name, benefit.id.to_string()))
            })
            .collect();
        let (benefits, regions) = (Benefits(names), RegionNames::of(&catalogue.library.regions));
        let request = Import {
            region: self.code,
            received: self.as_of,
            imported: Some(self.as_of),
            provider: "演示".to_owned(),
            basis: "演示".to_owned(),
            purpose: "演示".to_owned(),
            retention: "1年".to_owned(),
            replaces: false,
            commit: true,
        };
        let rest = synth::registers().filter(|register| !FIRST.contains(register));
        let mut refused = 0;
        for register in FIRST.into_iter().chain(rest) {
            let Some(schema) = catalogue.registers.get(register) else {
                continue;
            };
            let file = csv.join(format!("{register}.csv"));
            let shown = file.display().to_string();
            let text = fs::read(&file).map_err(|error| SyntheticError::Read {
                file: shown.clone(),
                error,
            })?;
            // A small region has nobody in some registers.
            if text.iter().filter(|byte| **byte == b'\n').count() < 2 {
                continue;
            }
            let context = Context {
                registers: &catalogue.registers,
                names: Names {
                    benefits: &benefits,
                    regions: &regions,
                },
                ring: &ring,
                random: &mut *random,
                folder: &folder,
                threads: self.threads,
                progress: &|_| {},
            };
            let report = import(&file, schema, &request, context).map_err(|error| SyntheticError::Import {
                file: shown,
                error: Box::new(error),
            })?;
            refused += report.rejected;
        }
        Ok(refused)
    }
}
