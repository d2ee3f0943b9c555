//! Which packs a command works with: those compiled in, or a folder's.

use std::path::{Path, PathBuf};

use policy::file::{Tree, meant};
use policy::{Library, Pack, Regions, Units};

use crate::failure::Failure;
use crate::screen::Screen;

/// The packs of a folder, or those compiled in.
#[derive(Debug, clap::Args)]
pub(crate) struct Packs {
    /// 政策文件库所在文件夹；不写则用随程序附带的
    #[arg(long, value_name = "文件夹")]
    policies: Option<PathBuf>,
}

impl Packs {
    /// Their files.
    pub(crate) fn tree(&self) -> Result<Tree, Failure> {
        tree(self.policies.as_deref())
    }

    /// Loads them. What is wrong with them is said in one line; what could be understood is used.
    pub(crate) fn load(&self, screen: &mut Screen) -> Result<Library, Failure> {
        let library = Library::load(&tree(self.policies.as_deref())?);
        let errors = library.errors().count();
        if errors > 0 {
            let folder = self
                .policies
                .as_ref()
                .map(|path| format!(" {}", path.display()))
                .unwrap_or_default();
            screen.remark(&format!(
                "提示：政策文件库有 {errors} 处错误，有错误的内容未使用。请运行 leye policy check{folder} 查看"
            ))?;
        }
        Ok(library)
    }
}

/// The unit table of a folder, or the one compiled in.
///
/// # Errors
/// [`Failure`] where it is absent or anything in it is wrong: with half a table units would lose their function and
/// nobody would notice.
pub(crate) fn units(folder: Option<&Path>) -> Result<Units, Failure> {
    const TABLE: &str = "shared/units.toml";
    const SHOWN: usize = 5;
    let tree = tree(folder)?;
    let table = tree.shown_path(TABLE);
    if tree.bytes(TABLE).is_none() {
        return Err(Failure::new(
            format!("政策文件库里没有单位名称表 {table}"),
            "请用 --policies 指定含有 shared 文件夹的政策文件库",
        ));
    }
    let library = Library::load(&tree);
    let findings: Vec<String> = library
        .errors()
        .filter(|finding| finding.place.file == table)
        .map(ToString::to_string)
        .collect();
    if findings.is_empty() {
        return Ok(library.units);
    }
    let first = findings.get(..SHOWN).unwrap_or(&findings).join("\n");
    Err(Failure::new(
        format!("单位名称表有 {} 处错误\n{first}", findings.len()),
        "请改正后重试，或不写 --policies，使用程序自带的政策文件库",
    ))
}

/// The regions of a folder, or those compiled in.
pub(crate) fn regions(folder: Option<&Path>) -> Result<Regions, Failure> {
    Ok(Library::load(&tree(folder)?).regions)
}

/// The files of a folder, or those compiled in.
pub(crate) fn tree(folder: Option<&Path>) -> Result<Tree, Failure> {
    match folder {
        Some(folder) => {
            Tree::from_folder(folder).map_err(|error| Failure::new(error.to_string(), "用 --policies 指定其他文件夹"))
        }
        None => Ok(Tree::built_in()),
    }
}

/// The pack with this id.
///
/// # Errors
/// [`Failure`] with the nearest ids.
pub(crate) fn find<'a>(library: &'a Library, id: &str) -> Result<&'a Pack, Failure> {
    library.packs.get(id).ok_or_else(|| {
        let ids = library.packs.keys().map(String::as_str);
        let hint = if library.packs.is_empty() {
            "政策文件库是空的，请用 --policies 指定".to_owned()
        } else {
            meant(id, ids)
        };
        Failure::new(format!("政策文件库中没有“{id}”"), hint)
    })
}
