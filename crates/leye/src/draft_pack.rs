//! `leye extract --pack`: a draft pack for review, never over a file that is there.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use document::Extraction;
use policy::Regions;
use policy::draft::{FILE_NAMES, draft, is_pack_id};

use crate::failure::{Failure, reason};

/// Refuses a folder whose name cannot be a pack's id, or that holds one of the files already.
pub(crate) fn check(folder: &Path) -> Result<(), Failure> {
    id(folder)?;
    match FILE_NAMES
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.exists())
    {
        Some(path) => Err(exists(&path)),
        None => Ok(()),
    }
}

/// Writes the draft; what to do next, in Chinese.
pub(crate) fn write(folder: &Path, extraction: &Extraction, regions: &Regions) -> Result<String, Failure> {
    check(folder)?;
    fs::create_dir_all(folder).map_err(|error| cannot(folder, &error))?;
    for file in draft(id(folder)?, extraction, regions) {
        let path = folder.join(file.name);
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .and_then(|mut new| new.write_all(file.text.as_bytes()));
        match written {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(exists(&path));
            }
            written => written.map_err(|error| cannot(&path, &error))?,
        }
    }
    Ok(format!(
        "已生成政策文件草稿 {}（{}），任务 {} 项。请对照原文核对、拟写摘要，再放入政策文件库运行 leye policy check",
        folder.display(),
        FILE_NAMES.join("、"),
        extraction.tasks.len(),
    ))
}

fn id(folder: &Path) -> Result<&str, Failure> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if is_pack_id(name) {
        return Ok(name);
    }
    Err(Failure::misused(
        format!("文件夹名“{name}”不能作为政策文件编号"),
        "请用小写英文字母、数字和“-”，如 --pack policies/dazu-2020",
    ))
}

fn exists(path: &Path) -> Failure {
    Failure::new(
        format!("{} 已存在，未写入任何内容", path.display()),
        "请换一个文件夹，或先移走原有文件",
    )
}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        format!("{} 写不进去：{}", path.display(), reason(error)),
        "请检查位置和权限",
    )
}
