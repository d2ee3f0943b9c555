//! Good rows on their way into the home.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use civil::Month;
use parquet::errors::ParquetError;
use policy::register::Register;
use seal::{KeyRing, Sealer};

use super::{ImportError, Progress, Report, Request, Stage};
use crate::folder::{Folder, Writing};
use crate::identity::{IdentityError, NewIdentities};
use crate::layout::{self, FORMAT, Period};
use crate::manifest::{Import, Manifest, Partition, Rows, Source};
use crate::merge::{Changes, Comparing, Cursor, Twice, merge_period};
use crate::parquet_file::{self, Content, ParquetOut};
use crate::problem::{OtherRow, Problem};
use crate::rows::{Identity, working_schema};
use crate::runs::Runs;

/// The folder of identity files within that of registers.
const IDENTITY: &str = "identity";

/// The new identity file, until it is put in its place.
const IDENTITY_FILE: &str = "identity.parquet";

/// Keys seen first in this file, and where their numbers will be written.
pub(super) struct NumbersToSeal {
    identities: NewIdentities,
    path: PathBuf,
}

impl NumbersToSeal {
    /// Seals and writes them; nothing where every key was known.
    pub(super) fn write(&mut self, sealer: &mut Sealer) -> Result<Option<Content>, ImportError> {
        if self.identities.is_empty() {
            return Ok(None);
        }
        let written = self.identities.write(&self.path, sealer);
        written.map(Some).map_err(|error| match error {
            IdentityError::Parquet(error) => parquet_failed(&error),
            IdentityError::Seal(error) => error.into(),
        })
    }
}

/// Rows that wait to be merged, and the files that come of it.
pub(super) struct Staged<'i> {
    register: Arc<Register>,
    request: &'i Request,
    folder: &'i Folder,
    writing: Option<Writing>,
    /// Where the runs of a trial lie; they are sealed too.
    trial: Option<tempfile::TempDir>,
    runs: Option<Runs>,
    identities: NewIdentities,
    standing: BTreeMap<Period, (String, u64)>,
    vintage: u64,
    index: u16,
    schema: SchemaRef,
    partitions: Vec<Partition>,
    /// Name in the staging folder, path in the folder of registers.
    files: Vec<(String, String)>,
}

impl<'i> Staged<'i> {
    pub(super) fn new(
        register: &Register,
        request: &'i Request,
        ring: &KeyRing,
        manifest: &Manifest,
        folder: &'i Folder,
        writing: Option<Writing>,
    ) -> Result<Self, ImportError> {
        let trial = match writing {
            Some(_) => None,
            None => Some(tempfile::tempdir().map_err(|error| write_failed(&error))?),
        };
        let place = match (&writing, &trial) {
            (Some(writing), _) => writing.staging().to_owned(),
            (None, Some(trial)) => trial.path().to_owned(),
            (None, None) => PathBuf::new(),
        };
        let identities = if writing.is_some() {
            NewIdentities::load(folder.root(), manifest).map_err(|error| ImportError::Standing {
                path: IDENTITY.to_owned(),
                reason: error.to_string(),
            })?
        } else {
            NewIdentities::default()
        };
        let standing = manifest
            .files(&register.id, None)
            .into_iter()
            .filter(|vintage| vintage.region == request.region)
            .map(|vintage| {
                let file = &vintage.partition.file;
                (vintage.period, (file.path.clone(), file.rows))
            })
            .collect();
        Ok(Self {
            register: Arc::new(register.clone()),
            request,
            folder,
            writing,
            trial,
            runs: Some(Runs::new(working_schema(register), &place)),
            identities,
            standing,
            vintage: manifest.next_vintage(),
            index: ring.index().number(),
            schema: layout::schema(register),
            partitions: Vec::new(),
            files: Vec::new(),
        })
    }

    fn place(&self) -> &Path {
        match (&self.writing, &self.trial) {
            (Some(writing), _) => writing.staging(),
            (None, Some(trial)) => trial.path(),
            (None, None) => Path::new(""),
        }
    }

    /// Takes good rows.
    pub(super) fn push(&mut self, batch: RecordBatch, identities: Vec<Identity>) -> Result<(), ImportError> {
        if self.writing.is_some() {
            self.identities.add(identities);
        }
        match &mut self.runs {
            Some(runs) => runs.push(batch).map_err(|error| arrow_failed(&error)),
            None => Ok(()),
        }
    }

    /// The keys seen, once all rows have been taken; nothing in a trial.
    pub(super) fn take_identities(&mut self) -> Option<NumbersToSeal> {
        let writing = self.writing.as_ref()?;
        Some(NumbersToSeal {
            identities: std::mem::take(&mut self.identities),
            path: writing.staging().join(IDENTITY_FILE),
        })
    }

    /// Merges everything, period by period; gives the rows whose key stood twice in the file.
    pub(super) fn merge(
        &mut self,
        ring: &KeyRing,
        report: &mut Report,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<BTreeMap<u64, Problem>, ImportError> {
        let Some(runs) = self.runs.take() else {
            return Ok(BTreeMap::new());
        };
        let mut cursors = runs.finish().map_err(|error| arrow_failed(&error))?;
        let mut comparing = Comparing::new(&self.register, ring.opener());
        let mut refused = BTreeMap::new();
        let standing: u64 = self.standing.values().map(|(_, rows)| rows).sum();
        let (all, mut merged) = (report.accepted() + standing, 0);
        // A file without a good row changes nothing, even one that stands for everything.
        while let Some(number) = cursors.iter().filter_map(Cursor::period).min() {
            let period = self.period(number);
            let told = |rows: u64| {
                // Rows that stood there are merged too: of them the manifest says how many there are.
                progress(Progress {
                    stage: Stage::Merging,
                    rows: merged + rows,
                    part: Some(((merged + rows).min(all), all)),
                });
            };
            let (changes, twice) = self.merge_one(&mut cursors, number, period, &mut comparing, &told)?;
            merged += changes.rows;
            let sheets = &report.sheet_names;
            refused.extend(twice.into_iter().map(|twice| (twice.at, problem(twice, sheets))));
            report.partitions.push((period, changes));
        }
        Ok(refused)
    }

    fn period(&self, number: i32) -> Period {
        if self.register.month_of.is_none() {
            return Period::Snapshot;
        }
        let year = i16::try_from(number.div_euclid(12)).unwrap_or_default();
        let month = i8::try_from(number.rem_euclid(12) + 1).unwrap_or(1);
        Month::new(year, month).map_or(Period::Snapshot, Period::Month)
    }

    fn merge_one(
        &mut self,
        cursors: &mut Vec<Cursor>,
        number: i32,
        period: Period,
        comparing: &mut Comparing,
        told: &dyn Fn(u64),
    ) -> Result<(Changes, Vec<Twice>), ImportError> {
        let standing = match self.standing.get(&period) {
            None => None,
            Some((path, _)) => Some(self.open_standing(path)?),
        };
        let name = format!("{period}.parquet");
        let file = self.place().join(&name);
        let mut out = None;
        if self.writing.is_some() {
            let labels = [
                ("leye.register", self.register.id.as_str()),
                ("leye.region", &self.request.region.to_string()),
                ("leye.period", &period.to_string()),
            ];
            let created = ParquetOut::create(&file, &self.schema, &labels);
            out = Some(created.map_err(|error| parquet_failed(&error))?);
        }
        let mut written = 0;
        let mut write = |batch: RecordBatch| {
            written += batch.num_rows() as u64;
            told(written);
            match &mut out {
                Some(out) => out.write(&batch).map_err(|error| parquet_failed(&error)),
                None => Ok(()),
            }
        };
        let (changes, twice) = merge_period(
            cursors, number, standing, self.request.replaces, comparing, &self.schema, &mut write,
        )?;
        if let Some(out) = out {
            let content = out.finish().map_err(|error| parquet_failed(&error))?;
            if changes.any() {
                let path = format!(
                    "{}/{}/{period}/{:06}.parquet",
                    self.register.id, self.request.region, self.vintage
                );
                self.files.push((name, path.clone()));
                self.partitions.push(Partition {
                    period: period.to_string(),
                    file: content.at(path),
                    added: changes.added,
                    changed: changes.changed,
                    removed: changes.removed,
                });
            } else {
                std::fs::remove_file(&file).map_err(|error| write_failed(&error))?;
            }
        }
        Ok((changes, twice))
    }

    fn open_standing(&self, path: &str) -> Result<Cursor, ImportError> {
        let file = self.folder.root().join(path);
        let unreadable = |reason: String| ImportError::Standing {
            path: file.display().to_string(),
            reason,
        };
        let batches = parquet_file::read(&file, None).map_err(|error| unreadable(error.to_string()))?;
        Cursor::standing(Box::new(batches), Arc::clone(&self.register)).map_err(|error| unreadable(error.to_string()))
    }

    /// Enters the import, if it changed anything.
    pub(super) fn finish(
        mut self,
        source: Source,
        identities: Option<Content>,
        report: &mut Report,
    ) -> Result<(), ImportError> {
        let Some(writing) = self.writing.take() else {
            return Ok(());
        };
        if self.partitions.is_empty() {
            return Ok(());
        }
        let identities = identities.map(|content| {
            let path = format!("{IDENTITY}/{:06}.parquet", self.vintage);
            self.files.push((IDENTITY_FILE.to_owned(), path.clone()));
            content.at(path)
        });
        let import = Import {
            format: FORMAT,
            vintage: self.vintage,
            index: self.index,
            register: self.register.id.clone(),
            region: self.request.region.to_string(),
            received: self.request.received,
            imported: self.request.imported,
            provider: self.request.provider.clone(),
            basis: self.request.basis.clone(),
            purpose: self.request.purpose.clone(),
            retention: self.request.retention.clone(),
            source,
            replaces: self.request.replaces,
            rows: Rows {
                read: report.read,
                accepted: report.accepted(),
                rejected: report.rejected,
            },
            partitions: self.partitions,
            identities,
            removed: None,
        };
        writing.finish(&self.files, &import)?;
        report.vintage = Some(self.vintage);
        Ok(())
    }
}

fn problem(twice: Twice, sheets: &[String]) -> Problem {
    let sheet = |at: u64| usize::try_from(at >> 32).unwrap_or_default();
    let elsewhere = sheet(twice.at) != sheet(twice.other);
    let other = OtherRow {
        sheet: sheets.get(sheet(twice.other)).filter(|_| elsewhere).cloned(),
        row: u32::try_from(twice.other & u64::from(u32::MAX)).unwrap_or_default(),
    };
    if twice.same {
        Problem::Repeated(other)
    } else {
        Problem::DuplicateKey(other)
    }
}

impl From<ArrowError> for ImportError {
    fn from(error: ArrowError) -> Self {
        arrow_failed(&error)
    }
}

fn arrow_failed(error: &ArrowError) -> ImportError {
    match error {
        ArrowError::IoError(_, error) => write_failed(error),
        other => ImportError::Writing {
            reason: other.to_string(),
        },
    }
}

fn parquet_failed(error: &ParquetError) -> ImportError {
    match error {
        ParquetError::External(inner) => match inner.downcast_ref::<std::io::Error>() {
            Some(error) => write_failed(error),
            None => ImportError::Writing {
                reason: inner.to_string(),
            },
        },
        other => ImportError::Writing {
            reason: other.to_string(),
        },
    }
}

fn write_failed(error: &std::io::Error) -> ImportError {
    ImportError::Writing {
        reason: crate::source::reason(error),
    }
}
