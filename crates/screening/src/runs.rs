//! The folder of runs in a home: one folder a run, there only when it is whole.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use civil::{Day, RegionCode};
use registers::derive::Basis;
use rules::catalogue::Catalogue;
use seal::KeyRing;
use serde::{Deserialize, Serialize};
use sm3::{Digest as _, Sm3};

use crate::coverage::Coverage;
use crate::error::ScreeningError;
use crate::flat::in_order;
use crate::run::Request;
use crate::summary::{Summary, month_text};
use crate::table::Table;

/// Version of the manifest and of the files beside it. Since 2 a question names all whom it concerns, and their towns; runs
/// of format 1, which knew one side of it, can still be read.
pub(crate) const FORMAT: u32 = 2;
/// Version of the list of runs as JSON.
const LIST_FORMAT: u32 = 1;
/// The file without which a folder is no run.
const MANIFEST: &str = "manifest.json";
/// The summary in a run's folder.
const SUMMARY: &str = "summary.json";
/// Where a run is made.
const UNFINISHED: &str = ".unfinished";
/// Held while a run is made.
const LOCK: &str = ".lock";

/// The runs of a home.
#[derive(Debug, Clone)]
pub struct Runs {
    root: PathBuf,
}

/// What a run was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this file.
    pub format: u32,
    /// The run's number.
    pub run: String,
    /// The program.
    pub engine: String,
    /// The region.
    pub region: RegionCode,
    /// The day the decisions are about.
    pub as_of: Day,
    /// The day whose documents, parameters and vintages were used.
    pub known_on: Day,
    /// The month of benefits by the month.
    pub month: String,
    /// Benefits by `per`, in the order of the columns.
    pub benefits: BTreeMap<String, Vec<String>>,
    /// Packs with the SM3 of their canonical bytes.
    pub packs: BTreeMap<String, String>,
    /// The imports whose files were read, by register.
    pub vintages: BTreeMap<String, BTreeSet<u64>>,
    /// Registers that cover the whole region: where they have no row, the dictionary says what that means.
    pub covered: BTreeSet<String>,
    /// Whether it was taken that nobody had received anything.
    pub without_history: bool,
    /// The index key that keys of the run were made with. A home's first is 1.
    #[serde(default = "first_index")]
    pub index: u16,
    /// The run's files with their SM3.
    pub files: BTreeMap<String, String>,
}

const fn first_index() -> u16 {
    1
}

impl Manifest {
    pub(crate) fn of(
        catalogue: &Catalogue,
        (request, index): (&Request, u16),
        tables: &[Table],
        basis: &Basis,
        coverage: &Coverage,
    ) -> Self {
        let mut packs: BTreeSet<String> = BTreeSet::from(["shared".to_owned()]);
        for version in tables.iter().flat_map(|table| table.engine.benefits.values()).flatten() {
            packs.extend(policy::benefit::lineage(&catalogue.library, &version.benefit.pack));
        }
        let sm3 = |pack: String| Some((pack.clone(), catalogue.sm3.get(&pack)?.clone()));
        let vintages = basis.vintages().into_iter();
        Self {
            format: FORMAT,
            run: String::new(),
            engine: format!("leye {}", env!("CARGO_PKG_VERSION")),
            region: request.region,
            as_of: request.as_of,
            known_on: request.known_on,
            month: month_text(request.month),
            benefits: tables
                .iter()
                .map(|table| (table.reach.per.to_owned(), table.benefits.clone()))
                .collect(),
            packs: packs.into_iter().filter_map(sm3).collect(),
            vintages: vintages
                .map(|(register, numbers)| (register.to_owned(), numbers))
                .collect(),
            covered: coverage.whole().clone(),
            without_history: request.without_history,
            index,
            files: BTreeMap::new(),
        }
    }

    /// That the run's keys are those of the registers as they are now, so that names can be found by them.
    ///
    /// # Errors
    /// [`ScreeningError::OtherKeys`] where the registers were keyed anew since.
    pub fn joins(&self, ring: &KeyRing) -> Result<(), ScreeningError> {
        if self.index == ring.index().number() {
            Ok(())
        } else {
            Err(ScreeningError::OtherKeys(self.run.clone()))
        }
    }

    /// The `per` of a benefit of the run.
    pub fn per_of(&self, benefit: &str) -> Option<&str> {
        let (per, _) = self
            .benefits
            .iter()
            .find(|(_, ids)| ids.iter().any(|id| id == benefit))?;
        Some(per)
    }
}

/// A run being made; what was written goes unless it is finished.
#[derive(Debug)]
pub(crate) struct Staging {
    runs: Runs,
    name: String,
    folder: PathBuf,
    threads: usize,
    _lock: File,
}

impl Runs {
    /// The runs of a home; nothing is made.
    pub fn of(home: &Path) -> Self {
        Self {
            root: home.join("runs"),
        }
    }

    /// The folder of a run.
    pub fn folder(&self, run: &str) -> PathBuf {
        self.root.join(run)
    }

    /// Takes hold of the folder and sweeps up what a broken run left.
    pub(crate) fn begin(&self, request: &Request) -> Result<Staging, ScreeningError> {
        make_private(&self.root)?;
        let lock = self.lock()?;
        let folder = self.root.join(UNFINISHED);
        sweep(&folder)?;
        make_private(&folder)?;
        let stem = format!("{}-{}", request.as_of, request.region);
        let taken = self.names()?;
        let number = (1_u32..).find(|number| !taken.contains(&format!("{stem}-{number}")));
        Ok(Staging {
            runs: self.clone(),
            name: format!("{stem}-{}", number.unwrap_or(1)),
            folder,
            threads: request.threads,
            _lock: lock,
        })
    }

    /// Removes a run for good.
    ///
    /// # Errors
    /// [`ScreeningError::NoRun`] with what there is; [`ScreeningError::Busy`] while a run is being made.
    pub fn remove(&self, run: &str) -> Result<(), ScreeningError> {
        self.manifest(run)?;
        let _lock = self.lock()?;
        // First out of sight at one stroke: what a crash leaves behind is no run, and the next one sweeps it up.
        let gone = self.root.join(UNFINISHED);
        sweep(&gone)?;
        let folder = self.folder(run);
        fs::rename(&folder, &gone).map_err(ScreeningError::file(&folder, "不能删除"))?;
        sync(&self.root)?;
        sweep(&gone)
    }

    fn lock(&self) -> Result<File, ScreeningError> {
        let path = self.root.join(LOCK);
        let lock = File::create(&path).map_err(ScreeningError::file(&path, "不能写入"))?;
        match lock.try_lock() {
            Ok(()) => Ok(lock),
            Err(TryLockError::WouldBlock) => Err(ScreeningError::Busy(self.root.clone())),
            Err(TryLockError::Error(error)) => Err(ScreeningError::file(&path, "不能锁定")(error)),
        }
    }

    /// The numbers of all runs.
    ///
    /// # Errors
    /// [`ScreeningError`] where the folder cannot be read.
    pub fn names(&self) -> Result<BTreeSet<String>, ScreeningError> {
        let mut names = BTreeSet::new();
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(names),
            Err(error) => return Err(ScreeningError::file(&self.root, "不能读取")(error)),
        };
        for entry in entries {
            let entry = entry.map_err(ScreeningError::file(&self.root, "不能读取"))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with('.') && entry.path().join(MANIFEST).is_file() {
                names.insert(name);
            }
        }
        Ok(names)
    }

    /// All runs, by number.
    ///
    /// # Errors
    /// [`ScreeningError`] where one cannot be read.
    pub fn all(&self) -> Result<Vec<(Manifest, Summary)>, ScreeningError> {
        self.names()?
            .iter()
            .map(|name| Ok((self.manifest(name)?, self.summary(name)?)))
            .collect()
    }

    /// All runs as JSON: what the command line and the API answer with.
    ///
    /// # Errors
    /// [`ScreeningError`] where one cannot be read.
    pub fn contract(&self) -> Result<serde_json::Value, ScreeningError> {
        let manifests: Result<Vec<Manifest>, ScreeningError> =
            self.names()?.iter().map(|name| self.manifest(name)).collect();
        Ok(serde_json::json!({"format": LIST_FORMAT, "runs": manifests?}))
    }

    /// What a run was made of.
    ///
    /// # Errors
    /// [`ScreeningError::NoRun`] with what there is, or [`ScreeningError::Newer`].
    pub fn manifest(&self, run: &str) -> Result<Manifest, ScreeningError> {
        let names = self.names()?;
        if !names.contains(run) {
            let hint = match names.last() {
                Some(_) => policy::file::meant(run, names.iter().map(String::as_str)),
                None => "还没有做过筛查，请先运行 leye screen".to_owned(),
            };
            return Err(ScreeningError::NoRun(run.to_owned(), hint));
        }
        let value: serde_json::Value = self.json(run, MANIFEST)?;
        let format = value.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if format > u64::from(FORMAT) {
            return Err(ScreeningError::Newer {
                run: run.to_owned(),
                format,
            });
        }
        let path = self.folder(run).join(MANIFEST);
        serde_json::from_value(value).map_err(ScreeningError::damaged(&path))
    }

    /// What came of a run.
    ///
    /// # Errors
    /// [`ScreeningError`] where its file cannot be read.
    pub fn summary(&self, run: &str) -> Result<Summary, ScreeningError> {
        self.json(run, SUMMARY)
    }

    fn json<T: for<'a> Deserialize<'a>>(&self, run: &str, file: &str) -> Result<T, ScreeningError> {
        let path = self.folder(run).join(file);
        let bytes = fs::read(&path).map_err(ScreeningError::file(&path, "不能读取"))?;
        serde_json::from_slice(&bytes).map_err(ScreeningError::damaged(&path))
    }
}

impl Staging {
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts the run in its place: the summary, the manifest with every file's SM3, then one rename.
    pub(crate) fn finish(self, manifest: &Manifest, summary: &Summary) -> Result<(String, PathBuf), ScreeningError> {
        let summary = Summary {
            run: self.name.clone(),
            ..summary.clone()
        };
        write_json(&self.folder.join(SUMMARY), &summary)?;
        let files = hashes(&self.folder, self.threads)?;
        let manifest = Manifest {
            run: self.name.clone(),
            files,
            ..manifest.clone()
        };
        write_json(&self.folder.join(MANIFEST), &manifest)?;
        let place = self.runs.folder(&self.name);
        fs::rename(&self.folder, &place).map_err(ScreeningError::file(&place, "不能放入"))?;
        sync(&self.runs.root)?;
        Ok((self.name.clone(), place))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // After a finished run there is nothing; what cannot be removed now is swept up by the next run.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Removes what a broken run, or one taken away, left.
fn sweep(folder: &Path) -> Result<(), ScreeningError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(ScreeningError::file(
            folder, "不能清除上次未完成的筛查",
        )(error)),
        _ => Ok(()),
    }
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), ScreeningError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|error| ScreeningError::Fault(error.to_string()))?;
    bytes.push(b'\n');
    fs::write(path, bytes).map_err(ScreeningError::file(path, "不能写入"))
}

/// SM3 of every file below a folder, by its path; each is on disk afterwards.
fn hashes(root: &Path, threads: usize) -> Result<BTreeMap<String, String>, ScreeningError> {
    let (mut paths, mut folders) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(ScreeningError::file(&folder, "不能读取"))? {
            let path = entry.map_err(ScreeningError::file(&folder, "不能读取"))?.path();
            if path.is_dir() {
                folders.push(path)
            } else {
                paths.push(path)
            }
        }
        sync(&folder)?;
    }
    // The largest first: no thread is left with one at the end.
    let size = |path: &PathBuf| fs::metadata(path).map_or(0, |metadata| metadata.len());
    paths.sort_by_cached_key(|path| (std::cmp::Reverse(size(path)), path.clone()));
    let mut files = BTreeMap::new();
    in_order(
        paths.len(),
        threads,
        &AtomicBool::new(false),
        |at| {
            let path = paths.get(at).map_or(root, PathBuf::as_path);
            let name = path
                .strip_prefix(root)
                .unwrap_or(path)
                .to_string_lossy()
                .replace('\\', "/");
            Ok((name, sm3_of(path)?))
        },
        |(name, sm3)| {
            files.insert(name, sm3);
            Ok(())
        },
    )?;
    Ok(files)
}

/// SM3 of a file, which is on disk afterwards.
fn sm3_of(path: &Path) -> Result<String, ScreeningError> {
    use std::io::Read as _;

    let mut file = File::open(path).map_err(ScreeningError::file(path, "不能读取"))?;
    file.sync_all().map_err(ScreeningError::file(path, "不能写入磁盘"))?;
    let (mut sm3, mut buffer) = (Sm3::new(), vec![0; 1 << 20]);
    loop {
        let read = file.read(&mut buffer).map_err(ScreeningError::file(path, "不能读取"))?;
        if read == 0 {
            break;
        }
        sm3.update(buffer.get(..read).unwrap_or_default());
    }
    let digest = sm3.finalize();
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn sync(folder: &Path) -> Result<(), ScreeningError> {
    let file = File::open(folder).map_err(ScreeningError::file(folder, "不能打开"))?;
    file.sync_all().map_err(ScreeningError::file(folder, "不能写入磁盘"))
}

/// A folder that its owner alone can enter: a run names who has which difficulty.
fn make_private(folder: &Path) -> Result<(), ScreeningError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(ScreeningError::file(folder, "不能建立"))
}
