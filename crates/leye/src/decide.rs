//! `leye decide`: one case against one benefit.

use std::path::PathBuf;

use rules::catalogue::Catalogue;
use rules::decision::{Decider, explain};

use crate::dates::Dates;
use crate::failure::{DONE, Failure};
use crate::home::Home;
use crate::screen::Screen;
use crate::{facts, kept_packs, packs};

pub(crate) const USAGE: &str = "leye decide --benefit <编号> --as-of <日期> [选项] <信息文件>";
pub(crate) const AFTER_HELP: &str = "\
信息文件为 JSON：{\"person\": {…}, \"employer\": {…}, \"employment\": {…}, \"claim\": {…}, \"history\": […]}
金额以分为单位，日期如 \"2020-12-31\"，小数加引号。未写的信息项视为未知；写 null 表示已查询、登记中没有。
信息项和空白文件见 leye policy template <编号>。
退出码：0 已作出预审结果；1 不能判断；64 命令写法有误。
";

/// Arguments of `leye decide`.
#[derive(Debug, clap::Args)]
pub(crate) struct Decide {
    /// 补贴项目编号，如 cx-sme-graduate-bonus
    #[arg(long, value_name = "编号")]
    benefit: String,
    #[command(flatten)]
    dates: Dates,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
    /// 数据文件夹，留存所用的政策文件供重放；不写则为环境变量 LEYE_HOME 或 ./leye-home（没有则不留存）
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
    #[command(flatten)]
    packs: packs::Packs,
    /// 信息文件（JSON）
    #[arg(value_name = "信息文件", help_heading = "参数")]
    facts: PathBuf,
}

impl Decide {
    /// Decides and prints.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let (as_of, known_on) = self.dates.read()?;
        let facts = facts::read(&self.facts)?;
        let tree = self.packs.tree()?;
        let catalogue = Catalogue::load(&tree);
        let decision = Decider::new(&catalogue)
            .decide(&self.benefit, &facts, as_of, known_on)
            .map_err(|error| {
                Failure::new(
                    error.to_string(),
                    "用 leye policy template <编号> 查看该项目所需的信息项",
                )
            })?;
        let home = Home::of(self.home.as_deref());
        if self.home.is_some() || home.is_there()? {
            kept_packs::keep(&home, &tree, &decision)?;
        }
        if self.json {
            screen.line(&decision.to_json_text())?;
        } else {
            for line in explain(&catalogue, &decision) {
                screen.line(&line)?;
            }
        }
        Ok(DONE)
    }
}
