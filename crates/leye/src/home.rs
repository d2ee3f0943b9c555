//! The home: the one folder that holds all state of an installation.
//!
//! `--home DIR`, else `LEYE_HOME`, else `./leye-home`. It is created when something is first kept, readable by its
//! owner alone, and carries `home.json`, so that no other folder is ever taken for one. Files are written whole or not
//! at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, reason};

/// Version of every JSON file in the home.
pub(crate) const FORMAT: u32 = 1;
/// Where the home is looked for when nothing else is said.
const DEFAULT_FOLDER: &str = "leye-home";
/// The variable that names the home.
const VARIABLE: &str = "LEYE_HOME";
/// The file that makes a folder a home.
const MARKER: &str = "home.json";

/// The folder of one installation's state.
#[derive(Debug)]
pub(crate) struct Home {
    folder: PathBuf,
}

#[derive(Debug, Serialize, Deserialize)]
struct Marker {
    format: u32,
}

impl Home {
    /// The home that the command line, the environment or the default names; nothing is created.
    pub(crate) fn of(argument: Option<&Path>) -> Self {
        let folder = match argument {
            Some(folder) => folder.to_owned(),
            None => std::env::var_os(VARIABLE)
                .filter(|value| !value.is_empty())
                .map_or_else(|| Path::new(".").join(DEFAULT_FOLDER), PathBuf::from),
        };
        Self { folder }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is a home that this program can read; `false` where there is none yet.
    ///
    /// # Errors
    /// [`Failure`] where the home is of a newer program, or cannot be read.
    pub(crate) fn is_there(&self) -> Result<bool, Failure> {
        Ok(self.folder.exists() && self.is_marked()?)
    }

    /// The bytes of a file of the home; `None` where there is no such file, or no home yet.
    ///
    /// # Errors
    /// [`Failure`] where the folder is not a home, or of a newer program, or the file cannot be read.
    pub(crate) fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Failure> {
        if !self.is_there()? {
            return Ok(None);
        }
        let path = self.folder.join(path);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot("读取", &path, &error)),
        }
    }

    /// Writes a file of the home, and the home itself if it is not there yet. Whoever reads meanwhile sees the old
    /// file or the new one, never a part.
    ///
    /// # Errors
    /// [`Failure`] where the folder is not a home, or the file cannot be written.
    pub(crate) fn write(&self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.create()?;
        let path = self.folder.join(path);
        if let Some(folder) = path.parent() {
            create_private(folder).map_err(|error| cannot("建立", folder, &error))?;
        }
        write_whole(&path, bytes).map_err(|error| cannot("写入", &path, &error))
    }

    /// Makes the home if it is not there yet; what is in it stays.
    ///
    /// # Errors
    /// [`Failure`] where the folder is not a home and not empty, of a newer program, or cannot be made.
    pub(crate) fn create(&self) -> Result<(), Failure> {
        if self.folder.exists() {
            if !self.is_marked()? {
                // What a program killed while it made the home left behind is nobody's file.
                let ours = |name: &str| name.starts_with(&format!(".{MARKER}.")) && name.ends_with(".part");
                let empty = fs::read_dir(&self.folder).is_ok_and(|mut entries| {
                    entries.all(|entry| entry.is_ok_and(|entry| entry.file_name().to_str().is_some_and(ours)))
                });
                if !empty {
                    return Err(Failure::new(
                        format!("{} 不是乐业的数据文件夹，且里面已有其他文件", self.folder.display()),
                        "请用 --home 指定一个新文件夹或原有的数据文件夹",
                    ));
                }
            }
        } else {
            create_private(&self.folder).map_err(|error| cannot("建立", &self.folder, &error))?;
        }
        make_private(&self.folder).map_err(|error| cannot("设置权限", &self.folder, &error))?;
        let marker = self.folder.join(MARKER);
        if marker.exists() {
            return Ok(());
        }
        let text = to_json(&Marker { format: FORMAT })?;
        write_whole(&marker, &text).map_err(|error| cannot("写入", &marker, &error))
    }

    /// Whether the folder is a home; one of a newer program is refused.
    fn is_marked(&self) -> Result<bool, Failure> {
        let path = self.folder.join(MARKER);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(cannot("读取", &path, &error)),
        };
        from_json::<Marker>(&bytes, &path.display().to_string()).map(|_| true)
    }
}

/// JSON as the home keeps it: indented, ended by a line feed.
pub(crate) fn to_json(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| Failure::new(format!("生成 JSON 失败：{error}"), "请将该情况告知维护人员"))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads JSON of the home; a newer format is refused by name.
pub(crate) fn from_json<T: for<'a> Deserialize<'a>>(bytes: &[u8], name: &str) -> Result<T, Failure> {
    let damaged = |_| Failure::new(format!("{name} 内容已损坏，读不出"), "请从备份恢复该文件，或重新生成");
    let marker: Marker = serde_json::from_slice(bytes).map_err(damaged)?;
    if marker.format > FORMAT {
        return Err(Failure::new(
            format!(
                "{name} 的格式为 format = {}，本程序只能读取 format = {FORMAT}",
                marker.format
            ),
            "请升级 leye",
        ));
    }
    serde_json::from_slice(bytes).map_err(damaged)
}

/// A file or folder of the home that the system refused.
pub(crate) fn cannot(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        format!("{} {what}失败：{}", path.display(), reason(error)),
        "请检查数据文件夹的位置和权限，或用 --home 另行指定",
    )
}

/// A new file beside the old one, then put in its place.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = write_new(&part, bytes).and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        let _ = fs::remove_file(&part);
    }
    written?;
    // The rename itself must survive a power cut; where a folder cannot be opened, the system sees to it.
    if let Some(folder) = path.parent().and_then(|folder| File::open(folder).ok()) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// A folder, and those above it, that its owner alone can enter.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(unix)]
fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let permissions = fs::metadata(folder)?.permissions();
    if permissions.mode() & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(_folder: &Path) -> io::Result<()> {
    Ok(())
}
