//! Which files the arguments of a command mean.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::reason;

/// The files meant, in the order in which they are handled.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// A file, or what stands in the way of one.
    pub(crate) files: Vec<Input>,
    /// What was left out and the user should know, in Chinese.
    pub(crate) remarks: Vec<String>,
}

/// One file to be read.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// Its path as the user would write it.
    pub(crate) path: PathBuf,
    /// Why there is nothing to read; absent where it can be tried.
    pub(crate) obstacle: Option<String>,
}

impl Inputs {
    /// A file stands for itself; a folder for the files directly in it, sorted by name, without hidden ones and the
    /// lock files of office programs.
    pub(crate) fn of(arguments: &[PathBuf]) -> Self {
        let mut inputs = Self::default();
        for argument in arguments {
            if argument.is_dir() {
                inputs.add_folder(argument);
            } else {
                inputs.files.push(Input {
                    path: argument.clone(),
                    obstacle: None,
                });
            }
        }
        inputs
    }

    fn add_folder(&mut self, folder: &Path) {
        let obstacle = match files_in(folder) {
            Ok((files, subfolders)) => {
                if subfolders > 0 {
                    let name = folder.display();
                    self.remarks.push(format!(
                        "说明：只读取 {name} 中的文件，其中 {subfolders} 个子文件夹未读取。"
                    ));
                }
                if !files.is_empty() {
                    self.files
                        .extend(files.into_iter().map(|path| Input { path, obstacle: None }));
                    return;
                }
                "文件夹里没有文件。请检查路径，或直接写文件名".to_owned()
            }
            Err(error) => format!("文件夹打不开：{}。请检查路径和权限", reason(&error)),
        };
        self.files.push(Input {
            path: folder.to_owned(),
            obstacle: Some(obstacle),
        });
    }
}

/// The files in a folder, sorted, and how many folders are in it.
fn files_in(folder: &Path) -> io::Result<(Vec<PathBuf>, usize)> {
    let mut files = Vec::new();
    let mut subfolders = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            subfolders += 1;
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok((files, subfolders))
}
