//! What a derivation stands on: of each register the files that a day sees, for a region and all that lies in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use civil::{Day, RegionCode};
use policy::Regions;

use super::DeriveError;
use crate::folder::Folder;
use crate::manifest::{Manifest, Written};
use crate::verify::{quick, thorough};

/// One file of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it is.
    pub path: PathBuf,
    /// What the manifest says of it; nothing for a file that did not come by an import.
    pub origin: Option<Origin>,
}

/// Where a file comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The region that it covers.
    pub region: RegionCode,
    /// The import that wrote it.
    pub vintage: u64,
    /// Its rows, size and SM3.
    pub written: Written,
}

/// Files by register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Basis {
    /// By the register's id; a register without files is not there.
    pub parts: BTreeMap<String, Vec<Part>>,
    /// Registers that have files of a wider region, by id: they are not used, for they hold other regions' rows too.
    pub wider: BTreeMap<String, BTreeSet<RegionCode>>,
}

impl Basis {
    /// The files that stood for a region and all that lies in it on a day, as the manifest names them. Zones lie where
    /// `regions` says, whatever their codes begin with.
    pub fn of(folder: &Folder, manifest: &Manifest, regions: &Regions, region: RegionCode, known_on: Day) -> Self {
        let mut basis = Self::default();
        let registers: BTreeSet<&str> = manifest.imports.iter().map(|import| import.register.as_str()).collect();
        for register in registers {
            for vintage in manifest.files(register, Some(known_on)) {
                if lies_in(regions, vintage.region, region) {
                    basis.parts.entry(register.to_owned()).or_default().push(Part {
                        path: vintage.path(folder.root()),
                        origin: Some(Origin {
                            region: vintage.region,
                            vintage: vintage.import.vintage,
                            written: vintage.partition.file.clone(),
                        }),
                    });
                } else if lies_in(regions, region, vintage.region) {
                    basis
                        .wider
                        .entry(register.to_owned())
                        .or_default()
                        .insert(vintage.region);
                }
            }
        }
        basis
    }

    /// Files that did not come by an import: of tests and measurements.
    pub fn of_files(files: impl IntoIterator<Item = (String, Vec<PathBuf>)>) -> Self {
        let part = |path| Part { path, origin: None };
        let parts = files
            .into_iter()
            .filter(|(_, paths)| !paths.is_empty())
            .map(|(register, paths)| (register, paths.into_iter().map(part).collect()));
        Self {
            parts: parts.collect(),
            wider: BTreeMap::new(),
        }
    }

    /// Whether a register has anything.
    pub fn has(&self, register: &str) -> bool {
        self.parts.contains_key(register)
    }

    /// How many rows a register's files have.
    pub(super) fn rows(&self, register: &str) -> Result<u64, DeriveError> {
        let mut rows = 0;
        for part in self.parts.get(register).into_iter().flatten() {
            rows += match &part.origin {
                Some(origin) => origin.written.rows,
                None => crate::parquet_file::rows(&part.path)?,
            };
        }
        Ok(rows)
    }

    /// The imports whose files it has, by register: what a receipt of whatever is made of it names.
    pub fn vintages(&self) -> BTreeMap<&str, BTreeSet<u64>> {
        let numbers = |parts: &Vec<Part>| {
            let origins = parts.iter().filter_map(|part| part.origin.as_ref());
            origins.map(|origin| origin.vintage).collect()
        };
        self.parts
            .iter()
            .map(|(register, parts)| (register.as_str(), numbers(parts)))
            .collect()
    }

    /// Files by region, that of the newest import first: where two regions have a row of one key, the first counts.
    pub(super) fn by_region(&self, register: &str) -> Vec<Vec<PathBuf>> {
        let mut regions: BTreeMap<Option<RegionCode>, (u64, Vec<PathBuf>)> = BTreeMap::new();
        for part in self.parts.get(register).into_iter().flatten() {
            let origin = part.origin.as_ref();
            let (newest, paths) = regions.entry(origin.map(|origin| origin.region)).or_default();
            *newest = (*newest).max(origin.map_or(0, |origin| origin.vintage));
            paths.push(part.path.clone());
        }
        let mut sorted: Vec<(u64, Vec<PathBuf>)> = regions.into_values().collect();
        sorted.sort_by_key(|(newest, _)| std::cmp::Reverse(*newest));
        sorted.into_iter().map(|(_, paths)| paths).collect()
    }

    /// Sees that every file is there, whole by its size and readable.
    ///
    /// # Errors
    /// [`DeriveError::Damaged`] with the first that is not.
    pub fn check(&self) -> Result<(), DeriveError> {
        self.each(quick)
    }

    /// Reads every byte: for after something went wrong, to name the file.
    pub(super) fn check_thoroughly(&self) -> Result<(), DeriveError> {
        self.each(thorough)
    }

    fn each(&self, look: fn(&Path, &Written) -> Result<(), crate::verify::Damage>) -> Result<(), DeriveError> {
        for part in self.parts.values().flatten() {
            if let Some(origin) = &part.origin {
                look(&part.path, &origin.written).map_err(|damage| DeriveError::Damaged {
                    path: part.path.display().to_string(),
                    damage,
                })?;
            }
        }
        Ok(())
    }
}

/// Whether a region is another or lies in it.
fn lies_in(regions: &Regions, inner: RegionCode, outer: RegionCode) -> bool {
    if inner.is_within(outer.prefix()) {
        return true;
    }
    let county = inner.at(civil::RegionLevel::County).unwrap_or(inner);
    regions.is_within(&county.to_string(), &outer.to_string())
}
