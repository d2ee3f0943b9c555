//! The folder of a derivation: whole or not at all.
//!
//! Everything is written to a folder beside it, whose name begins with a dot; at the end that folder takes the name.
//! What a derivation that broke off has left is swept up by the next one to the same place.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::{DeriveError, Flat};
use crate::folder::{make_private_folder, private_file, sync_folder};
use crate::layout::FORMAT;

/// The file that says what the tables were derived from; it makes the folder one of ours.
pub const MARKER: &str = "derived.json";
/// Held while somebody derives to this place.
const LOCK: &str = ".lock";

/// A folder on its way.
#[derive(Debug)]
pub(super) struct Out {
    /// Where it will be.
    place: PathBuf,
    /// Where it is until then.
    staging: PathBuf,
    _lock: File,
}

/// What [`MARKER`] says.
#[derive(Debug, Serialize)]
pub(super) struct Marker<'m> {
    pub(super) format: u32,
    pub(super) as_of: civil::Day,
    pub(super) known_on: civil::Day,
    /// Imports by register.
    pub(super) vintages: std::collections::BTreeMap<&'m str, std::collections::BTreeSet<u64>>,
    pub(super) tables: Vec<Table>,
}

/// One flat table.
#[derive(Debug, Serialize)]
pub(super) struct Table {
    per: &'static str,
    rows: u64,
}

impl<'m> Marker<'m> {
    pub(super) fn of(derivation: &'m super::Derivation<'_>, flats: &[Flat]) -> Self {
        Self {
            format: FORMAT,
            as_of: derivation.as_of,
            known_on: derivation.known_on,
            vintages: derivation.basis.vintages(),
            tables: flats
                .iter()
                .map(|flat| Table {
                    per: flat.per,
                    rows: flat.rows,
                })
                .collect(),
        }
    }
}

impl Out {
    /// Takes hold of a place. A folder that stands there is replaced at the end, if it is a derivation's or empty.
    pub(super) fn begin(place: &Path) -> Result<Self, DeriveError> {
        let place = std::path::absolute(place)?;
        let (staging, former) = (beside(&place, "deriving")?, beside(&place, "former")?);
        make_private_folder(&staging)?;
        let lock = private_file(&staging.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DeriveError::Busy(place)),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        // Broke off between the two renames of `finish`: what stood before is put back.
        if former.exists() {
            if place.exists() {
                fs::remove_dir_all(&former)?;
            } else {
                fs::rename(&former, &place)?;
            }
        }
        if !is_ours(&place)? {
            // Nothing of ours was there, so nothing of ours stays.
            let _ = fs::remove_dir_all(&staging);
            return Err(DeriveError::Occupied(place));
        }
        clear(&staging)?;
        Ok(Self {
            place,
            staging,
            _lock: lock,
        })
    }

    /// Where flat tables are written.
    pub(super) fn folder(&self) -> &Path {
        &self.staging
    }

    /// Where results in between go, and what does not fit into memory.
    pub(super) fn scratch(&self) -> Result<PathBuf, DeriveError> {
        let scratch = self.staging.join("scratch");
        make_private_folder(&scratch)?;
        Ok(scratch)
    }

    /// Gives the folder its name.
    pub(super) fn finish(self, marker: &Marker<'_>) -> Result<PathBuf, DeriveError> {
        fs::remove_dir_all(self.staging.join("scratch"))?;
        let text = serde_json::to_vec_pretty(marker).map_err(io::Error::from)?;
        let mut file = private_file(&self.staging.join(MARKER))?;
        io::Write::write_all(&mut file, &text)?;
        io::Write::write_all(&mut file, b"\n")?;
        file.sync_all()?;
        for entry in fs::read_dir(&self.staging)? {
            File::open(entry?.path())?.sync_all()?;
        }
        fs::remove_file(self.staging.join(LOCK))?;
        sync_folder(&self.staging);
        let former = beside(&self.place, "former")?;
        let replaces = self.place.exists();
        if replaces {
            fs::rename(&self.place, &former)?;
        }
        if let Err(error) = fs::rename(&self.staging, &self.place) {
            if replaces {
                fs::rename(&former, &self.place)?;
            }
            return Err(error.into());
        }
        if let Some(parent) = self.place.parent() {
            sync_folder(parent);
        }
        if replaces {
            // The next derivation would remove it too.
            let _ = fs::remove_dir_all(&former);
        }
        Ok(self.place.clone())
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        // After `finish` it is not there; what a failure left is of no use.
        let _ = fs::remove_dir_all(&self.staging);
    }
}

/// `.name.suffix` in the same folder.
fn beside(place: &Path, suffix: &str) -> Result<PathBuf, DeriveError> {
    let name = place
        .file_name()
        .ok_or_else(|| DeriveError::Occupied(place.to_owned()))?;
    Ok(place.with_file_name(format!(".{}.{suffix}", name.to_string_lossy())))
}

/// Whether there is nothing, an empty folder, or the result of a derivation.
fn is_ours(place: &Path) -> Result<bool, DeriveError> {
    let mut entries = match fs::read_dir(place) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    Ok(place.join(MARKER).is_file() || entries.next().is_none())
}

/// Removes everything but the lock.
fn clear(staging: &Path) -> io::Result<()> {
    for entry in fs::read_dir(staging)? {
        let path = entry?.path();
        if path.is_dir() {
            fs::remove_dir_all(&path)?;
        } else if path.file_name().is_some_and(|name| name != LOCK) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}
