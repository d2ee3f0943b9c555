//! `leye policy test`: runs the cases of the packs.

use std::path::PathBuf;

use policy::file::Severity;
use rules::catalogue::Catalogue;
use rules::trial;

use crate::failure::{DONE, FAILED, Failure};
use crate::packs;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye policy test [--benefit <编号>] [文件夹]";
pub(crate) const AFTER_HELP: &str = "\
逐个运行政策文件库中 cases 文件夹的测试案例，列出与预期不同之处。
退出码：0 全部相符；1 有不符或案例文件有错误；64 命令写法有误。
";

/// Arguments of `leye policy test`.
#[derive(Debug, clap::Args)]
pub(crate) struct Test {
    /// 只测试这一个补贴项目
    #[arg(long, value_name = "编号")]
    benefit: Option<String>,
    /// 政策文件库所在文件夹；不写则测试随程序附带的
    #[arg(value_name = "文件夹", help_heading = "参数")]
    folder: Option<PathBuf>,
}

impl Test {
    /// Runs the cases and says what differs.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let tree = packs::tree(self.folder.as_deref())?;
        let catalogue = Catalogue::load(&tree);
        let (trials, findings) = trial::load(&catalogue, &tree);
        for finding in catalogue.diagnostics.iter().chain(&findings) {
            screen.line(&finding.to_string())?;
        }
        let errors = catalogue.errors().count()
            + findings
                .iter()
                .filter(|finding| finding.severity == Severity::Error)
                .count();
        if let Some(wanted) = &self.benefit
            && let Err(hint) = catalogue.find(wanted)
        {
            return Err(Failure::new(format!("没有补贴项目“{wanted}”"), hint));
        }
        let wanted = |benefit: &str| self.benefit.as_deref().is_none_or(|wanted| wanted == benefit);
        let (mut passed, mut failed) = (0_usize, 0_usize);
        for trial in trials.iter().filter(|trial| wanted(&trial.benefit)) {
            let verdict = trial.run(&catalogue);
            if verdict.differences.is_empty() {
                passed += 1;
                continue;
            }
            failed += 1;
            screen.line(&format!(
                "{} 不符：{}（{}）",
                verdict.place, verdict.name, verdict.benefit
            ))?;
            for difference in &verdict.differences {
                screen.line(&format!("    {difference}"))?;
            }
        }
        for id in catalogue.benefits.by_id.keys().filter(|id| wanted(id)) {
            if trials.iter().all(|trial| trial.benefit.as_str() != id) {
                screen.line(&format!("提示：补贴项目 {id} 没有测试案例"))?;
            }
        }
        screen.line(&format!(
            "测试案例 {} 个：相符 {passed} 个，不符 {failed} 个；文件错误 {errors} 处。",
            passed + failed
        ))?;
        Ok(if failed == 0 && errors == 0 { DONE } else { FAILED })
    }
}
