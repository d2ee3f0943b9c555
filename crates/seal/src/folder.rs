//! The key folder, `keys/` of the home, and the order of writing in which no moment loses a key.
//!
//! ```text
//! keys/                 0700
//!   sealing-1.key       0600, written once, never changed, never removed
//!   sealing-2.key
//!   index-1.key
//!   ring.toml           which of them are the ring; put in place by rename
//!   next.toml           only while the index key is being changed: the ring that comes
//! keys.lock             held by whoever changes keys
//! ```
//! A key exists once `ring.toml` names it. A key file that no ring names is left over from a change that broke off: it
//! sealed nothing, and its number is not given out again.
//!
//! **Change of the index key.** 1. [`KeyFolder::stage`] writes the new index key and `next.toml`; `ring.toml` still holds.
//! 2. The job writes every register and table anew beside the old ones with [`crate::Rekeying`] and marks what it wrote
//! with the number of its index key ([`KeyRing::index`]). 3. [`KeyFolder::put_in_place`] renames `next.toml` to
//! `ring.toml`: the one moment of change. 4. What carries the old number is removed. Broken off before 3, the old ring
//! and the old data are untouched, and `stage` gives the same new ring again, so the job goes on where it was or
//! [`KeyFolder::abandon`]s it; broken off after 3, only removing is left. A reader takes the ring first and then only
//! data with its number; a store that can hold but one state (a database) converts in one transaction before 3, and
//! while `next.toml` is there whoever meets its number knows that the job must be finished first.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::key::{CheckValue, KeyId, KeyKind, NoRandomness, Randomness, Secret};
use crate::key_file::{KeyFileError, RingFile, key_text, read_key};
use crate::ring::KeyRing;

const FOLDER: &str = "keys";
/// Where a new folder is written before it gets its name.
const PART: &str = "keys.part";
const LOCK: &str = "keys.lock";
const RING: &str = "ring.toml";
const NEXT: &str = "next.toml";
/// A ring of all 65,535 keys is smaller.
const LARGEST_FILE: u64 = 1 << 22;

/// Why the key folder cannot be read or changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// No keys have been made yet.
    #[error("还没有密钥：{} 不存在", .0.display())]
    Absent(PathBuf),
    /// There are keys already.
    #[error("密钥已经存在：{}", .0.display())]
    Exists(PathBuf),
    /// A folder of keys without its ring file, or without a key that the ring names.
    #[error("密钥文件夹不完整：缺少 {}", .0.display())]
    Incomplete(PathBuf),
    /// A file is damaged, of a newer program, or not the one it should be.
    #[error("密钥文件 {}：{error}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        error: KeyFileError,
    },
    /// Others than its owner may read or change it.
    #[error("{} 的权限为 {mode:03o}，其他用户可以读取或改动", path.display())]
    Exposed {
        /// Which file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Another program is changing keys.
    #[error("另一个程序正在更换密钥")]
    Busy,
    /// The index key is being changed: no other change until that is done.
    #[error("更换索引密钥的工作尚未完成")]
    Staged,
    /// The index key is not being changed.
    #[error("没有待完成的更换索引密钥的工作")]
    NotStaged,
    /// All numbers are given out.
    #[error("密钥编号已用完")]
    NoNumber,
    /// There is no randomness.
    #[error(transparent)]
    Random(#[from] NoRandomness),
    /// The system refused.
    #[error("{} {doing}失败", path.display())]
    Io {
        /// What was to be done, in Chinese.
        doing: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// The system's error.
        #[source]
        error: io::Error,
    },
}

/// The key folder of a home.
#[derive(Debug, Clone)]
pub struct KeyFolder {
    home: PathBuf,
}

impl KeyFolder {
    /// The key folder of that home; nothing is made or looked at.
    pub fn of(home: &Path) -> Self {
        Self { home: home.to_owned() }
    }

    /// Where the keys lie.
    pub fn path(&self) -> PathBuf {
        self.home.join(FOLDER)
    }

    /// Makes the first keys of a home that is there and has none.
    ///
    /// # Errors
    /// [`FolderError::Exists`], [`FolderError::Incomplete`] where there is a folder of that name with anything in it;
    /// nothing is ever overwritten. [`FolderError::Random`], [`FolderError::Io`], [`FolderError::Busy`].
    pub fn create(&self, random: &mut dyn Randomness) -> Result<KeyRing, FolderError> {
        let _lock = self.lock()?;
        let folder = self.path();
        if folder.join(RING).exists() {
            return Err(FolderError::Exists(folder));
        }
        // A folder without anything in it may go, and no other can.
        match fs::remove_dir(&folder) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                return Err(FolderError::Incomplete(folder.join(RING)));
            }
            Err(error) => return Err(io_error("建立", &folder, error)),
        }
        let ring = KeyRing::draw(random)?;
        // What an earlier attempt left behind was never in use.
        let part = self.home.join(PART);
        if part.exists() {
            fs::remove_dir_all(&part).map_err(|error| io_error("删除", &part, error))?;
        }
        create_private(&part).map_err(|error| io_error("建立", &part, error))?;
        for (id, secret) in &ring.sealing {
            write_key(&part, KeyKind::Sealing, *id, secret)?;
        }
        write_key(&part, KeyKind::Index, ring.index_id, &ring.index)?;
        put(&part, RING, RingFile::of(&ring).text().as_bytes())?;
        fs::rename(&part, &folder).map_err(|error| io_error("建立", &folder, error))?;
        sync_folder(&self.home);
        Ok(ring)
    }

    /// Reads the ring: every key file it names, each checked.
    ///
    /// # Errors
    /// [`FolderError::Absent`], [`FolderError::Incomplete`], [`FolderError::File`], [`FolderError::Exposed`],
    /// [`FolderError::Io`].
    pub fn load(&self) -> Result<KeyRing, FolderError> {
        let folder = self.path();
        if !folder.exists() {
            return Err(FolderError::Absent(folder));
        }
        private(&folder)?;
        let path = folder.join(RING);
        if !path.exists() {
            return Err(FolderError::Incomplete(path));
        }
        self.read(&path)
    }

    /// Adds a sealing key that seals from now on; the old ones stay for opening.
    ///
    /// # Errors
    /// As [`KeyFolder::load`]; [`FolderError::Staged`], [`FolderError::Busy`], [`FolderError::Random`].
    pub fn rotate(&self, random: &mut dyn Randomness) -> Result<KeyRing, FolderError> {
        let _lock = self.lock_keys()?;
        let ring = self.load()?;
        if self.path().join(NEXT).exists() {
            return Err(FolderError::Staged);
        }
        let id = self.free_number(KeyKind::Sealing)?;
        let rotated = ring.rotated(id, random)?;
        if let Some(secret) = rotated.sealing.get(&id) {
            write_key(&self.path(), KeyKind::Sealing, id, secret)?;
        }
        put(&self.path(), RING, RingFile::of(&rotated).text().as_bytes())?;
        Ok(rotated)
    }

    /// Begins the change of the index key, or takes up one that broke off: gives the ring that comes. The ring that
    /// holds stays as it is.
    ///
    /// # Errors
    /// As [`KeyFolder::load`]; [`FolderError::Busy`], [`FolderError::Random`].
    pub fn stage(&self, random: &mut dyn Randomness) -> Result<KeyRing, FolderError> {
        let _lock = self.lock_keys()?;
        let ring = self.load()?;
        if let Some(next) = self.staged()? {
            return Ok(next);
        }
        let id = self.free_number(KeyKind::Index)?;
        let next = ring.reindexed(id, random)?;
        write_key(&self.path(), KeyKind::Index, id, &next.index)?;
        put(&self.path(), NEXT, RingFile::of(&next).text().as_bytes())?;
        Ok(next)
    }

    /// The ring that comes, while the index key is being changed.
    ///
    /// # Errors
    /// As [`KeyFolder::load`].
    pub fn staged(&self) -> Result<Option<KeyRing>, FolderError> {
        let path = self.path().join(NEXT);
        if path.exists() {
            self.read(&path).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Ends the change of the index key: the ring that comes is the ring. Both are read once more before.
    ///
    /// # Errors
    /// As [`KeyFolder::load`]; [`FolderError::NotStaged`], [`FolderError::Busy`].
    pub fn put_in_place(&self) -> Result<KeyRing, FolderError> {
        let _lock = self.lock_keys()?;
        self.load()?;
        let next = self.staged()?.ok_or(FolderError::NotStaged)?;
        let folder = self.path();
        fs::rename(folder.join(NEXT), folder.join(RING))
            .map_err(|error| io_error("更换", &folder.join(RING), error))?;
        sync_folder(&folder);
        Ok(next)
    }

    /// Gives up the change of the index key; the ring that holds goes on. The new index key stays as a file that no ring
    /// names.
    ///
    /// # Errors
    /// [`FolderError::NotStaged`], [`FolderError::Busy`], [`FolderError::Io`].
    pub fn abandon(&self) -> Result<(), FolderError> {
        let _lock = self.lock_keys()?;
        let path = self.path().join(NEXT);
        match fs::remove_file(&path) {
            Ok(()) => sync_folder(&self.path()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(FolderError::NotStaged),
            Err(error) => return Err(io_error("删除", &path, error)),
        }
        Ok(())
    }

    fn read(&self, path: &Path) -> Result<KeyRing, FolderError> {
        let file = RingFile::read(&read_private(path)?).map_err(|error| FolderError::File {
            path: path.to_owned(),
            error,
        })?;
        let mut sealing = std::collections::BTreeMap::new();
        for (id, check) in &file.sealing {
            sealing.insert(*id, self.read_key(KeyKind::Sealing, *id, *check)?);
        }
        let (index_id, check) = file.index;
        Ok(KeyRing {
            sealing,
            active: file.active,
            index: self.read_key(KeyKind::Index, index_id, check)?,
            index_id,
        })
    }

    fn read_key<const N: usize>(&self, kind: KeyKind, id: KeyId, check: CheckValue) -> Result<Secret<N>, FolderError> {
        let path = self.path().join(key_name(kind, id));
        if !path.exists() {
            return Err(FolderError::Incomplete(path));
        }
        let bytes = read_private(&path)?;
        read_key(&bytes, kind, id, check).map_err(|error| FolderError::File { path, error })
    }

    /// The number after the highest one any file has, named by a ring or not.
    fn free_number(&self, kind: KeyKind) -> Result<KeyId, FolderError> {
        let folder = self.path();
        let failed = |error| io_error("读取", &folder, error);
        let mut highest = None;
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            let number = name.to_str().and_then(|name| number_of(kind, name));
            highest = highest.max(number);
        }
        match highest {
            Some(highest) => highest.next().ok_or(FolderError::NoNumber),
            None => Ok(KeyId::FIRST),
        }
    }

    /// The lock of a home that has keys.
    fn lock_keys(&self) -> Result<File, FolderError> {
        if self.path().exists() {
            self.lock()
        } else {
            Err(FolderError::Absent(self.path()))
        }
    }

    /// Held until the file is closed; the system lets go of it when the process ends in whatever way.
    fn lock(&self) -> Result<File, FolderError> {
        let path = self.home.join(LOCK);
        let file = private_options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| io_error("建立", &path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(FolderError::Busy),
            Err(TryLockError::Error(error)) => Err(io_error("锁定", &path, error)),
        }
    }
}

fn io_error(doing: &'static str, path: &Path, error: io::Error) -> FolderError {
    FolderError::Io {
        doing,
        path: path.to_owned(),
        error,
    }
}

fn key_name(kind: KeyKind, id: KeyId) -> String {
    format!("{}-{id}.key", kind.name())
}

/// The number in the name of a key file of that kind.
fn number_of(kind: KeyKind, name: &str) -> Option<KeyId> {
    let number = name
        .strip_prefix(kind.name())?
        .strip_prefix('-')?
        .strip_suffix(".key")?;
    number.parse().ok().and_then(KeyId::new)
}

/// A key file under its name at once: a part of one is a file that no ring names.
fn write_key<const N: usize>(folder: &Path, kind: KeyKind, id: KeyId, secret: &Secret<N>) -> Result<(), FolderError> {
    let path = folder.join(key_name(kind, id));
    let text = key_text(kind, id, secret);
    private_options()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(|error| io_error("写入", &path, error))?;
    sync_folder(folder);
    Ok(())
}

/// A file beside the old one, then put in its place.
fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
    let part = folder.join(format!("{name}.part"));
    let path = folder.join(name);
    // A part left behind goes first: written into, it would keep whatever permissions it has.
    match fs::remove_file(&part) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(io_error("删除", &part, error)),
    }
    private_options()
        .write(true)
        .create_new(true)
        .open(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, &path))
        .map_err(|error| io_error("写入", &path, error))?;
    sync_folder(folder);
    Ok(())
}

/// A rename must survive a power cut; where a folder cannot be opened, the system sees to it.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// The bytes of a file that is its owner's alone.
fn read_private(path: &Path) -> Result<Zeroizing<Vec<u8>>, FolderError> {
    let failed = |error| io_error("读取", path, error);
    let file = File::open(path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    private(path)?;
    let too_long = || FolderError::File {
        path: path.to_owned(),
        error: KeyFileError::NotText,
    };
    if length > LARGEST_FILE {
        return Err(too_long());
    }
    // One byte more than the file has, so that reading never moves the buffer.
    let capacity = usize::try_from(length + 1).map_err(|_| too_long())?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    file.take(length).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn private_options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "permission bits are unix's"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options
}

fn create_private(folder: &Path) -> io::Result<()> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "permission bits are unix's"))]
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Refuses what others may read or change.
#[cfg(unix)]
fn private(path: &Path) -> Result<(), FolderError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::metadata(path).map_err(|error| io_error("读取", path, error))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(FolderError::Exposed {
        path: path.to_owned(),
        mode,
    })
}

#[cfg(not(unix))]
fn private(_path: &Path) -> Result<(), FolderError> {
    Ok(())
}
