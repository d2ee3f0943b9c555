//! Writing a file for the user: whole or not at all, and never over what somebody may have filled in.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, reason};

/// Writes `bytes` to `path`. A file that is there with other content is kept beside it under another name (a clerk
/// may have written into the ledger by hand); that name is returned.
///
/// # Errors
/// [`Failure`] that names the file and the reason.
pub(crate) fn save(path: &Path, bytes: &[u8]) -> Result<Option<PathBuf>, Failure> {
    let failed = |error: std::io::Error| {
        let message = format!("文件 {} 写不进去：{}", path.display(), reason(&error));
        Failure::new(
            message,
            "请检查文件夹是否存在、是否有写入权限、文件是否正被其他程序打开",
        )
    };
    if path.is_dir() {
        return Err(Failure::new(
            format!("{} 是文件夹，不能作为输出文件", path.display()),
            "请写出文件名，例如“台账.xlsx”",
        ));
    }
    let part = with_suffix(path, ".part");
    fs::write(&part, bytes).map_err(failed)?;
    let kept = match fs::read(path) {
        Ok(old) if old != bytes => {
            let kept = free_name(path);
            fs::rename(path, &kept).map_err(failed)?;
            Some(kept)
        }
        _ => None,
    };
    fs::rename(&part, path).map_err(failed)?;
    Ok(kept)
}

/// Lets nobody but the owner read a file that holds personal data.
///
/// # Errors
/// [`Failure`] where the system refuses.
pub(crate) fn make_private(path: &Path) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(|error| {
            let message = format!("文件 {} 不能设为仅本人可读：{}", path.display(), reason(&error));
            Failure::new(message, "请检查文件所在的磁盘，或用 --rejects 另存到别处")
        })?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

/// 台账.xlsx → 台账（原1）.xlsx, with the first number that is free.
fn free_name(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path
        .extension()
        .map(|e| format!(".{}", e.to_string_lossy()))
        .unwrap_or_default();
    let mut number = 1_u32;
    loop {
        let candidate = path.with_file_name(format!("{stem}（原{number}）{extension}"));
        if !candidate.exists() {
            return candidate;
        }
        number += 1;
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(suffix);
    path.with_file_name(name)
}
