//! The folder of registers in the home: one import at a time, whole or not at all.
//!
//! What an import writes lies in a folder of its own until all of it is on disk. Then the files are put in their places,
//! which nobody looks at before the manifest names them, and the manifest is replaced, last. Whatever breaks off
//! before that leaves the earlier state; the next import sweeps up.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::manifest::{self, Import, Manifest, ManifestError};
use crate::source::reason;

/// Where files wait until all are written.
const STAGING: &str = ".staging";
/// Held by the import that is under way.
const LOCK: &str = ".lock";
/// What names of Parquet files end in.
const PARQUET: &str = "parquet";

/// Why the folder cannot be used; printed in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The system refused.
    #[error("{path} {what}失败：{reason}。已有数据未改动")]
    Io {
        /// The file or folder.
        path: String,
        /// What was tried, in Chinese.
        what: &'static str,
        /// In Chinese.
        reason: String,
    },
    /// Another import is under way.
    #[error("{path} 正在被另一个导入使用。请等它结束后再试")]
    Busy {
        /// The folder.
        path: String,
    },
    /// Keys of the registers are made with another index key than the ring's.
    #[error("数据用的是 {found} 号索引密钥，密钥库现用 {expected} 号，两者不配套。请恢复与数据同一时间的 keys 文件夹")]
    Index {
        /// The ring's.
        expected: u16,
        /// The registers'.
        found: u16,
    },
    /// The manifest cannot be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// The folder of registers.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

/// One import's hold on the folder; what it has written goes unless it is finished.
#[derive(Debug)]
pub struct Writing {
    folder: Folder,
    staging: PathBuf,
    _lock: File,
}

impl Folder {
    /// The folder of registers of a home; nothing is made.
    pub fn of(home: &Path) -> Self {
        Self {
            root: home.join("registers"),
        }
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All imports so far; none where there is no manifest yet.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn manifest(&self) -> Result<Manifest, FolderError> {
        Ok(self.read_manifest(manifest::FILE)?.unwrap_or_default())
    }

    /// The manifest of whoever has a ring with the index key of that number.
    ///
    /// # Errors
    /// [`FolderError`]; [`FolderError::Index`] where the registers are made with another.
    pub fn manifest_under(&self, index: u16) -> Result<Manifest, FolderError> {
        // Between the ring's change and the sweeping the manifest that comes is the one that counts.
        if let Some(next) = self
            .read_manifest(manifest::NEXT)?
            .filter(|next| next.index() == Some(index))
        {
            return Ok(next);
        }
        let manifest = self.manifest()?;
        match manifest.index().filter(|found| *found != index) {
            Some(found) => Err(FolderError::Index { expected: index, found }),
            None => Ok(manifest),
        }
    }

    fn read_manifest(&self, name: &str) -> Result<Option<Manifest>, FolderError> {
        let path = self.root.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(Manifest::read(&text, &path.display().to_string())?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path, "读取", &error)),
        }
    }

    /// Takes hold of the folder for somebody whose ring has the index key of that number, and sweeps up what was left by
    /// an import or a change of the index key that broke off.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn begin(&self, index: u16) -> Result<Writing, FolderError> {
        let writing = self.hold()?;
        self.finish_change(index)?;
        self.sweep(&self.manifest_under(index)?)?;
        Ok(writing)
    }

    /// After the ring has changed: what was prepared for its index key takes the place of what there was, which goes.
    ///
    /// # Errors
    /// [`FolderError`]; whoever begins next tries again.
    pub fn settle(&self, index: u16) -> Result<(), FolderError> {
        if self.root.exists() {
            drop(self.begin(index)?);
        }
        Ok(())
    }

    /// The manifest that comes counts if it is of the ring's index key. If not, the change was never finished: it goes.
    fn finish_change(&self, index: u16) -> Result<(), FolderError> {
        let Some(next) = self.read_manifest(manifest::NEXT)? else {
            return Ok(());
        };
        let (from, to) = (self.root.join(manifest::NEXT), self.root.join(manifest::FILE));
        if next.index() == Some(index) {
            fs::rename(&from, &to).map_err(|error| failed(&to, "写入", &error))?;
        } else {
            fs::remove_file(&from).map_err(|error| failed(&from, "清理", &error))?;
        }
        sync_folder(&self.root);
        Ok(())
    }

    fn hold(&self) -> Result<Writing, FolderError> {
        private_folder(&self.root)?;
        let path = self.root.join(LOCK);
        let lock = private_file(&path).map_err(|error| failed(&path, "写入", &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(FolderError::Busy {
                    path: self.root.display().to_string(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(failed(&path, "锁定", &error)),
        }
        let staging = self.root.join(STAGING);
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(|error| failed(&staging, "清理", &error))?;
        }
        private_folder(&staging)?;
        Ok(Writing {
            folder: self.clone(),
            staging,
            _lock: lock,
        })
    }

    /// Removes Parquet files that no line of the manifest names.
    fn sweep(&self, manifest: &Manifest) -> Result<(), FolderError> {
        for path in self.unnamed(manifest)? {
            let path = self.root.join(path);
            fs::remove_file(&path).map_err(|error| failed(&path, "清理", &error))?;
        }
        Ok(())
    }

    /// Paths of Parquet files that no line of the manifest names, sorted; what is being written now is not among them.
    ///
    /// # Errors
    /// [`FolderError`] where a folder cannot be read.
    pub fn unnamed(&self, manifest: &Manifest) -> Result<Vec<String>, FolderError> {
        let named = manifest.paths();
        let mut unnamed = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            let entries = fs::read_dir(&folder).map_err(|error| failed(&folder, "读取", &error))?;
            for entry in entries.flatten() {
                let path = entry.path();
                if path.is_dir() {
                    if path != self.root.join(STAGING) {
                        folders.push(path);
                    }
                } else if path.extension().is_some_and(|extension| extension == PARQUET) {
                    let inside = path.strip_prefix(&self.root).unwrap_or(&path);
                    let inside = inside.to_string_lossy().replace('\\', "/");
                    if !named.contains(inside.as_str()) {
                        unnamed.push(inside);
                    }
                }
            }
        }
        unnamed.sort();
        Ok(unnamed)
    }
}

impl Writing {
    /// The folder that files are written to first.
    pub fn staging(&self) -> &Path {
        &self.staging
    }

    /// Puts files in their places (name in the staging folder, path in the folder of registers) and enters the import.
    ///
    /// # Errors
    /// [`FolderError`]; the earlier state is then as it was.
    pub fn finish(self, files: &[(String, String)], import: &Import) -> Result<(), FolderError> {
        let root = self.folder.root.clone();
        let mut placed: Vec<PathBuf> = Vec::new();
        let entered = self.place(files, &mut placed).and_then(|()| self.enter(import));
        if entered.is_err() {
            for path in &placed {
                // The next import sweeps up what cannot be removed now.
                let _ = fs::remove_file(path);
            }
        }
        entered?;
        sync_folder(&root);
        Ok(())
    }

    /// Puts files in their places and the manifest that comes beside the one that holds.
    ///
    /// # Errors
    /// [`FolderError`]; the earlier state is then as it was.
    pub(crate) fn place_next(self, files: &[(String, String)], next: &Manifest) -> Result<(), FolderError> {
        self.place(files, &mut Vec::new())?;
        let text: String = next.imports.iter().map(Import::line).collect();
        self.put(manifest::NEXT, text.as_bytes())?;
        sync_folder(&self.folder.root);
        Ok(())
    }

    /// Puts files in their places and a manifest in the place of the one there is.
    ///
    /// # Errors
    /// [`FolderError`]; the earlier state is then as it was.
    pub(crate) fn replace(self, files: &[(String, String)], manifest: &Manifest) -> Result<(), FolderError> {
        self.place(files, &mut Vec::new())?;
        let text: String = manifest.imports.iter().map(Import::line).collect();
        self.put(manifest::FILE, text.as_bytes())?;
        sync_folder(&self.folder.root);
        Ok(())
    }

    fn place(&self, files: &[(String, String)], placed: &mut Vec<PathBuf>) -> Result<(), FolderError> {
        for (name, path) in files {
            let (from, to) = (self.staging.join(name), self.folder.root.join(path));
            let parent = to.parent().unwrap_or(&self.folder.root).to_owned();
            private_folder(&parent)?;
            fs::rename(&from, &to).map_err(|error| failed(&to, "写入", &error))?;
            placed.push(to);
            sync_folder(&parent);
        }
        Ok(())
    }

    fn enter(&self, import: &Import) -> Result<(), FolderError> {
        let path = self.folder.root.join(manifest::FILE);
        let mut text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(failed(&path, "读取", &error)),
        };
        text.extend_from_slice(import.line().as_bytes());
        self.put(manifest::FILE, &text)
    }

    /// Writes a file of the folder whole or not at all.
    fn put(&self, name: &str, text: &[u8]) -> Result<(), FolderError> {
        let (part, path) = (self.staging.join("manifest.part"), self.folder.root.join(name));
        let written = private_file(&part).and_then(|mut file| {
            file.write_all(text)?;
            file.sync_all()
        });
        written.map_err(|error| failed(&path, "写入", &error))?;
        fs::rename(&part, &path).map_err(|error| failed(&path, "写入", &error))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        // What is left here is of no use; the next import would remove it too.
        let _ = fs::remove_dir_all(&self.staging);
    }
}

/// A new file that its owner alone can read.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn private_folder(folder: &Path) -> Result<(), FolderError> {
    make_private_folder(folder).map_err(|error| failed(folder, "建立", &error))
}

/// A folder, and those above it that are not there, that its owner alone can enter.
pub(crate) fn make_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// A rename must survive a power cut; where a folder cannot be opened, the system sees to it.
pub(crate) fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

fn failed(path: &Path, what: &'static str, error: &io::Error) -> FolderError {
    FolderError::Io {
        path: path.display().to_string(),
        what,
        reason: reason(error),
    }
}
