//! Whether the files of the home are still what the manifest says they are.
//!
//! Two looks: a quick one before files are used (there, of the right size, their rows counted by their own footer), and a
//! thorough one over every byte.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use sm3::{Digest as _, Sm3};

use crate::folder::{Folder, FolderError};
use crate::manifest::{Manifest, Written};
use crate::parquet_file::hex;
use crate::source::reason;

/// Bytes read at a time.
const BLOCK: usize = 1 << 20;

/// What is wrong with a file; printed in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// It is not there.
    #[error("不存在")]
    Missing,
    /// It was cut short, or something was added.
    #[error("应为 {expected} 字节，实有 {found} 字节")]
    Size {
        /// By the manifest.
        expected: u64,
        /// On disk.
        found: u64,
    },
    /// Its bytes are others.
    #[error("内容与目录所记校验值不符")]
    Changed,
    /// It cannot be read.
    #[error("读不出：{0}")]
    Unreadable(String),
    /// It says it has another number of rows.
    #[error("应为 {expected} 行，实有 {found} 行")]
    Rows {
        /// By the manifest.
        expected: u64,
        /// In its footer.
        found: u64,
    },
}

/// A file that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its path in the folder of registers.
    pub path: String,
    /// What is wrong.
    pub damage: Damage,
}

/// What a thorough look found.
#[derive(Debug, Default)]
pub struct Verified {
    /// Files that the manifest names and that are not gone for good.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those that are not as they should be, in the order of the manifest.
    pub findings: Vec<Finding>,
    /// Files that nobody knows, by path in the folder of registers.
    pub extra: Vec<String>,
}

/// Looks at every byte of every file that the manifest names, and for files that it does not name.
///
/// # Errors
/// [`FolderError`] where the folder itself cannot be read.
pub fn verify(folder: &Folder, manifest: &Manifest, progress: &dyn Fn(u64)) -> Result<Verified, FolderError> {
    let mut verified = Verified::default();
    for written in manifest.files_named() {
        verified.files += 1;
        verified.bytes += written.bytes;
        if let Err(damage) = thorough(&folder.root().join(&written.path), written) {
            verified.findings.push(Finding {
                path: written.path.clone(),
                damage,
            });
        }
        progress(verified.bytes);
    }
    verified.extra = folder.unnamed(manifest)?;
    Ok(verified)
}

/// A quick look.
///
/// # Errors
/// [`Damage`].
pub(crate) fn quick(path: &Path, written: &Written) -> Result<(), Damage> {
    sized(path, written)?;
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let reader = SerializedFileReader::new(file).map_err(|error| Damage::Unreadable(error.to_string()))?;
    let found = u64::try_from(reader.metadata().file_metadata().num_rows()).unwrap_or_default();
    if found == written.rows {
        Ok(())
    } else {
        Err(Damage::Rows {
            expected: written.rows,
            found,
        })
    }
}

/// A look at every byte.
///
/// # Errors
/// [`Damage`].
pub(crate) fn thorough(path: &Path, written: &Written) -> Result<(), Damage> {
    sized(path, written)?;
    let mut file = File::open(path).map_err(|error| unreadable(&error))?;
    let (mut block, mut sm3) = (vec![0_u8; BLOCK], Sm3::new());
    loop {
        let read = file.read(&mut block).map_err(|error| unreadable(&error))?;
        if read == 0 {
            break;
        }
        sm3.update(block.get(..read).unwrap_or_default());
    }
    if hex(&sm3.finalize()) == written.sm3 {
        Ok(())
    } else {
        Err(Damage::Changed)
    }
}

fn sized(path: &Path, written: &Written) -> Result<(), Damage> {
    let found = match fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Damage::Missing),
        Err(error) => return Err(unreadable(&error)),
    };
    if found == written.bytes {
        Ok(())
    } else {
        Err(Damage::Size {
            expected: written.bytes,
            found,
        })
    }
}

fn unreadable(error: &io::Error) -> Damage {
    Damage::Unreadable(reason(error))
}
