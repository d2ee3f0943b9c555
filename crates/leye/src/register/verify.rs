//! `leye register verify`: every byte of every file against the manifest.

use registers::folder::Folder;
use registers::verify;
use seal::KeyFolder;

use super::{Place, broken, progress_bar};
use crate::failure::{DONE, FAILED, Failure};
use crate::key;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye register verify [选项]";
pub(crate) const AFTER_HELP: &str = "\
逐个核对目录所记的文件：是否都在，大小、行数和校验值（SM3）是否相符；有没有目录不认识的文件。不改动任何数据。
退出码：0 全部相符；1 有缺失、被改动或多出的文件，或不能核对；64 命令写法有误。
";

/// Arguments of `leye register verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    place: Place,
}

impl Verify {
    /// Looks at every file, and lists those that are not as they should be.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let home = self.place.home();
        let folder = Folder::of(home.folder());
        if !home.is_there()? || !folder.root().exists() {
            screen.line("还没有数据。")?;
            return Ok(DONE);
        }
        let ring = KeyFolder::of(home.folder()).load().map_err(key::failure)?;
        let manifest = folder.manifest_under(ring.index().number()).map_err(broken)?;
        let bar = progress_bar("[{bar:30}] {bytes}/{total_bytes}，用时 {elapsed}");
        bar.set_length(manifest.files_named().map(|file| file.bytes).sum());
        let verified = verify::verify(&folder, &manifest, &|bytes| bar.set_position(bytes));
        bar.finish_and_clear();
        let verified = verified.map_err(broken)?;
        for finding in &verified.findings {
            let path = folder.root().join(&finding.path);
            screen.line(&format!("不符：{} {}", path.display(), finding.damage))?;
        }
        for path in &verified.extra {
            screen.line(&format!("多出：{}", folder.root().join(path).display()))?;
        }
        screen.line(&format!(
            "核对 {} 个文件，共 {} 字节：不符 {} 个，多出 {} 个",
            verified.files,
            verified.bytes,
            verified.findings.len(),
            verified.extra.len()
        ))?;
        if !verified.findings.is_empty() {
            screen.line("不符的文件请从备份恢复；没有备份的，请向提供单位重新取得数据后导入。")?;
        }
        if !verified.extra.is_empty() {
            screen.line("多出的文件不会被使用，下次正式导入时自动清理。")?;
        }
        let good = verified.findings.is_empty() && verified.extra.is_empty();
        Ok(if good { DONE } else { FAILED })
    }
}
