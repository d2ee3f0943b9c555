//! `leye policy mutate`: which numbers of the packs no case proves.

use std::path::PathBuf;

use rules::catalogue::Catalogue;
use rules::{mutation, trial};

use crate::failure::{DONE, FAILED, Failure};
use crate::packs;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye policy mutate [--benefit <编号>] [文件夹]";
pub(crate) const AFTER_HELP: &str = "\
把补贴项目和政策标准中的每个数字、日期、金额、比率逐个按末位加减一，看测试案例能否发现；列出没有案例能发现的。
退出码：0 全部能被发现；1 有不能被发现的，或政策文件库、案例有错误；64 命令写法有误。
";

/// Arguments of `leye policy mutate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Mutate {
    /// 只查这一个补贴项目
    #[arg(long, value_name = "编号")]
    benefit: Option<String>,
    /// 政策文件库所在文件夹；不写则查随程序附带的
    #[arg(value_name = "文件夹", help_heading = "参数")]
    folder: Option<PathBuf>,
}

impl Mutate {
    /// Tries every mutant and lists those that no case notices.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let tree = packs::tree(self.folder.as_deref())?;
        let mut catalogue = Catalogue::load(&tree);
        if let Some(wanted) = &self.benefit
            && let Err(hint) = catalogue.find(wanted)
        {
            return Err(Failure::new(format!("没有补贴项目“{wanted}”"), hint));
        }
        let wanted = |benefit: &str| self.benefit.as_deref().is_none_or(|wanted| wanted == benefit);
        let (trials, _) = trial::load(&catalogue, &tree);
        let mut failed = 0_usize;
        trial::run(
            &catalogue,
            trials.iter().filter(|trial| wanted(&trial.benefit)),
            |verdict| {
                failed += usize::from(!verdict.differences.is_empty());
                true
            },
        );
        if failed > 0 {
            return Err(Failure::new(
                format!("有 {failed} 个测试案例与预期不符，不能据以检验数字"),
                "请先运行 leye policy test 改正",
            ));
        }
        let report = mutation::run(&mut catalogue, &tree, &trials, wanted);
        for survivor in &report.survivors {
            screen.line(&format!(
                "{} {}：{} 改为 {}，没有案例能发现",
                survivor.place, survivor.of, survivor.was, survivor.now
            ))?;
        }
        screen.line(&format!(
            "改动 {} 处，没有案例能发现的 {} 处。",
            report.tried,
            report.survivors.len()
        ))?;
        Ok(if report.survivors.is_empty() { DONE } else { FAILED })
    }
}
