//! `leye policy diff`: what another version of the packs changes.

use std::path::{Path, PathBuf};

use rules::catalogue::Catalogue;
use rules::difference::{Change, Owner, What, changes, turned};
use rules::trial;

use crate::failure::{DONE, Failure};
use crate::packs;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye policy diff <旧文件夹> <新文件夹>";
pub(crate) const AFTER_HELP: &str = "\
逐项说明新版政策文件库改了什么：文件、任务、补贴项目的条件、金额、期限、口径，政策标准，信息项；
再用两版的测试案例各判断一遍，列出结果不同的案例。写“-”表示随程序附带的政策文件库。
退出码：0 已列出；1 读不出；64 命令写法有误。
";

/// Arguments of `leye policy diff`.
#[derive(Debug, clap::Args)]
pub(crate) struct Diff {
    /// 旧版政策文件库所在文件夹，或“-”
    #[arg(value_name = "旧文件夹", help_heading = "参数")]
    old: PathBuf,
    /// 新版政策文件库所在文件夹，或“-”
    #[arg(value_name = "新文件夹", help_heading = "参数")]
    new: PathBuf,
}

impl Diff {
    /// Compares and says what differs.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let folder = |path: &Path| (path != Path::new("-")).then(|| path.to_owned());
        let (old_tree, new_tree) = (
            packs::tree(folder(&self.old).as_deref())?,
            packs::tree(folder(&self.new).as_deref())?,
        );
        let (old, new) = (Catalogue::load(&old_tree), Catalogue::load(&new_tree));
        for (which, catalogue) in [("旧版", &old), ("新版", &new)] {
            let errors = catalogue.errors().count();
            if errors > 0 {
                screen.remark(&format!(
                    "提示：{which}有 {errors} 处错误，有错误的内容未参加比较。请运行 leye policy check 查看"
                ))?;
            }
        }
        let changes = changes(&old, &new);
        let mut before: Option<&Owner> = None;
        for change in &changes {
            let is_part = matches!(change.what, What::Altered(_));
            if is_part && before != Some(&change.of) {
                screen.line(&change.heading())?;
            }
            before = Some(&change.of);
            screen.line(&words(change))?;
        }
        let mut cases = trial::load(&old, &old_tree).0;
        cases.extend(trial::load(&new, &new_tree).0);
        let turned = turned(&old, &new, &cases);
        for case in &turned {
            screen.line(&format!(
                "案例“{}”（{}）：由 {} 变为 {}",
                case.case, case.benefit, case.was, case.now
            ))?;
        }
        screen.line(&format!(
            "改动 {} 处；测试案例中结果不同的 {} 个。",
            changes.len(),
            turned.len()
        ))?;
        Ok(DONE)
    }
}

fn words(change: &Change) -> String {
    let altered = match &change.what {
        What::New => return format!("新增：{}", change.heading()),
        What::Gone => return format!("删去：{}", change.heading()),
        What::Altered(altered) => altered,
    };
    let part = altered.part.label();
    match (&altered.was, &altered.now) {
        (None, Some(now)) => format!("    新增{part}：{now}"),
        (Some(was), None) => format!("    删去{part}：{was}"),
        (Some(was), Some(now)) => {
            let direction = altered.direction();
            let direction = direction.map_or_else(String::new, |direction| format!("（{}）", direction.label()));
            format!("    {part}：由“{was}”改为“{now}”{direction}")
        }
        (None, None) => String::new(),
    }
}
