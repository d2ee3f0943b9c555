//! The files of `policies/`, from a folder or compiled into the program.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::{Diagnostics, Place, SourceFile};

include!(concat!(env!("OUT_DIR"), "/built_in.rs"));

/// Largest pack file that is read.
pub const MAX_FILE_BYTES: u64 = 8 << 20;
/// Most files a pack folder may hold.
pub const MAX_FILES: usize = 20_000;
/// Deepest folder below `policies/` that is looked into.
const MAX_DEPTH: usize = 6;

/// Pack files by their path within `policies/`, with `/` as separator.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    shown_root: String,
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

/// Why a folder of packs could not be read at all, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The folder is not there or not readable.
    #[error("不能读取政策文件库 {path}：{reason}。请确认路径是政策文件库所在文件夹，且有读取权限")]
    Unreadable {
        /// What was opened.
        path: String,
        /// The system's reason.
        reason: String,
    },
    /// A file is larger than [`MAX_FILE_BYTES`].
    #[error("{path} 有 {bytes} 字节，超过政策文件上限 {MAX_FILE_BYTES} 字节。请确认是否放错文件")]
    TooLarge {
        /// The file.
        path: String,
        /// Its size.
        bytes: u64,
    },
    /// More than [`MAX_FILES`] files: hardly a folder of packs.
    #[error("{path} 下的文件超过 {MAX_FILES} 个，不像政策文件库。请确认路径")]
    TooMany {
        /// The folder.
        path: String,
    },
}

impl Tree {
    /// The packs compiled into the program.
    pub fn built_in() -> Self {
        let files = BUILT_IN
            .iter()
            .map(|(path, bytes)| ((*path).to_owned(), Cow::Borrowed(*bytes)))
            .collect();
        Self {
            shown_root: "policies/".to_owned(),
            files,
        }
    }

    /// The `.toml` files below a folder. Hidden files and folders are left out.
    ///
    /// # Errors
    /// [`TreeError`] where the folder or one of its files cannot be read, or is too large.
    pub fn from_folder(folder: &Path) -> Result<Self, TreeError> {
        let mut tree = Self {
            shown_root: format!("{}/", folder.display()),
            files: BTreeMap::new(),
        };
        tree.add_folder(folder, "", 0)?;
        Ok(tree)
    }

    /// Files given one by one: for tests and for packs that arrive otherwise.
    pub fn from_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files
            .into_iter()
            .map(|(path, text)| (path.to_owned(), Cow::Owned(text.as_bytes().to_vec())))
            .collect();
        Self {
            shown_root: String::new(),
            files,
        }
    }

    /// The files whose path `wanted` says so, with one text in the place of the file's own.
    #[must_use]
    pub fn with(&self, path: &str, text: &str, wanted: impl Fn(&str) -> bool) -> Self {
        let kept = self.files.iter().filter(|(path, _)| wanted(path));
        let mut files: BTreeMap<_, _> = kept.map(|(path, bytes)| (path.clone(), bytes.clone())).collect();
        files.insert(path.to_owned(), Cow::Owned(text.as_bytes().to_vec()));
        Self {
            shown_root: self.shown_root.clone(),
            files,
        }
    }

    /// Paths within the tree, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The files of one folder (`cixi-2020/`, `shared/parameters/`), sorted, with their whole path.
    pub fn paths_below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        self.files
            .range(folder.to_owned()..)
            .map(|(path, _)| path.as_str())
            .take_while(move |path| path.starts_with(folder))
    }

    /// The bytes of a file.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|bytes| &**bytes)
    }

    /// How messages name `path`.
    pub fn shown_path(&self, path: &str) -> String {
        format!("{}{path}", self.shown_root)
    }

    /// Opens a file. Absent: `None`, and nothing is reported. Not UTF-8: reported with its place, and `None`.
    pub fn open(&self, path: &str, diagnostics: &Diagnostics) -> Option<Arc<SourceFile>> {
        let bytes = self.bytes(path)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(SourceFile::new(path, self.shown_path(path), text)),
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let line = good.iter().filter(|b| **b == b'\n').count() + 1;
                let place = Place {
                    file: self.shown_path(path),
                    line,
                    column: 1,
                };
                diagnostics.error(place, "文件不是 UTF-8 编码", "请用“另存为”选择 UTF-8 编码后重试");
                None
            }
        }
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), TreeError> {
        let unreadable = |path: &Path, error: &std::io::Error| TreeError::Unreadable {
            path: path.display().to_string(),
            reason: reason(error).to_owned(),
        };
        for entry in fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
            let entry = entry.map_err(|error| unreadable(folder, &error))?;
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if name.starts_with('.') {
                continue;
            }
            let metadata = fs::metadata(&path).map_err(|error| unreadable(&path, &error))?;
            if metadata.is_dir() {
                if depth < MAX_DEPTH {
                    self.add_folder(&path, &format!("{prefix}{name}/"), depth + 1)?;
                }
            } else if name.ends_with(".toml") {
                if metadata.len() > MAX_FILE_BYTES {
                    return Err(TreeError::TooLarge {
                        path: path.display().to_string(),
                        bytes: metadata.len(),
                    });
                }
                let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error))?;
                self.files.insert(format!("{prefix}{name}"), Cow::Owned(bytes));
                if self.files.len() > MAX_FILES {
                    return Err(TreeError::TooMany {
                        path: self.shown_root.clone(),
                    });
                }
            }
        }
        Ok(())
    }
}

/// The system's reason in Chinese, where it is one of the usual ones.
fn reason(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::NotFound => "没有这个文件或文件夹",
        std::io::ErrorKind::PermissionDenied => "没有权限",
        std::io::ErrorKind::NotADirectory => "不是文件夹",
        _ => "读取出错",
    }
}
