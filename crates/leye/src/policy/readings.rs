//! `leye policy readings`: the open readings (口径) as a letter of questions to whoever issued the document.

use std::path::PathBuf;

use policy::Pack;
use rules::catalogue::Catalogue;
use rules::registry::{Question, questions};

use crate::failure::{DONE, Failure};
use crate::packs;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye policy readings [--pack <编号>] [文件夹]";
pub(crate) const AFTER_HELP: &str = "\
每份政策文件一封代拟稿：逐条写明条款、两种以上的理解、目前按哪一种办理，请发文机关答复。
代拟稿不含文号、签发和印章，由本单位审定后发出。
退出码：0 已列出；1 读不出，或没有这份政策文件；64 命令写法有误。
";

/// Arguments of `leye policy readings`.
#[derive(Debug, clap::Args)]
pub(crate) struct Readings {
    /// 只拟这一份政策文件的，如 cixi-2020
    #[arg(long, value_name = "编号")]
    pack: Option<String>,
    /// 政策文件库所在文件夹；不写则用随程序附带的
    #[arg(value_name = "文件夹", help_heading = "参数")]
    folder: Option<PathBuf>,
}

impl Readings {
    /// Prints a letter for each document.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let catalogue = Catalogue::load(&packs::tree(self.folder.as_deref())?);
        if let Some(wanted) = &self.pack {
            packs::find(&catalogue.library, wanted)?;
        }
        let mut letters = 0_usize;
        for pack in catalogue.library.packs.values() {
            let wanted = self.pack.as_deref().is_none_or(|wanted| wanted == pack.id());
            let questions = questions(&catalogue, pack);
            if wanted && !questions.is_empty() {
                if letters > 0 {
                    screen.line("")?;
                }
                letters += 1;
                letter(pack, &questions, screen)?;
            }
        }
        if letters == 0 {
            screen.line("没有待确认的口径。")?;
        }
        Ok(DONE)
    }
}

fn letter(pack: &Pack, questions: &[Question<'_>], screen: &mut Screen) -> Result<(), Failure> {
    let policy = &pack.policy;
    let number = policy.number.as_deref().unwrap_or("文号：原文未载明");
    screen.line(&format!("关于明确{}有关口径的函（代拟稿）", policy.titled()))?;
    screen.line(&format!(
        "致：{}",
        policy.issuer.as_deref().unwrap_or("发文机关（原文未载明）")
    ))?;
    screen.line(&format!(
        "{}（{number}）办理中，以下 {} 处可以有两种以上的理解。在答复之前暂按所列第一种办理，答复后按答复复核已办事项。",
        policy.titled(),
        questions.len()
    ))?;
    for (at, Question { benefit, reading }) in questions.iter().enumerate() {
        screen.line(&format!(
            "{}．{}，{}：",
            at + 1,
            policy::item::words(&benefit.cite.item),
            benefit.name
        ))?;
        screen.line(&format!("    暂按：{}", reading.text))?;
        for alternative in &reading.alternatives {
            screen.line(&format!("    或者：{alternative}"))?;
        }
        screen.line(&format!("    （口径编号：{}/{}）", *benefit.id, *reading.id))?;
    }
    screen.line("请予明确，并告知答复文号和日期，以便登记为已确认口径。")
}
