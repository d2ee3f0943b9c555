//! `leye explain`: one row of a screening, condition by condition.

use std::path::PathBuf;

use rules::catalogue::Catalogue;
use rules::decision;
use screening::{Explainer, Runs, ScreeningError};

use crate::failure::{DONE, Failure};
use crate::home::Home;
use crate::screen::Screen;
use crate::screening::failure;
use crate::{kept_packs, packs};

pub(crate) const USAGE: &str = "leye explain --run <筛查编号> --benefit <编号> --key <标识> [选项]";
pub(crate) const AFTER_HELP: &str = "\
标识是疑似符合名单的末列（列名“标识”），不是人员或单位的索引号：按招用、贷款、培训等逐笔判断的项目，一人可有几笔，各有各的标识。
对象没有进入名单的，也可按标识查询。
说明由同一套规则对该对象单独判断得出，并与筛查结果核对。
退出码：0 已说明；1 没有该对象，或与筛查结果不一致；64 命令写法有误。
";

/// Arguments of `leye explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// 筛查编号，见 leye runs
    #[arg(long, value_name = "筛查编号")]
    run: String,
    /// 补贴项目编号
    #[arg(long, value_name = "编号")]
    benefit: String,
    /// 对象的标识：名单的末列
    #[arg(long, value_name = "标识")]
    key: String,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
    /// 判断所用的信息存成信息文件（JSON），供 leye decide、leye replay 使用
    #[arg(long, value_name = "文件")]
    facts: Option<PathBuf>,
    /// 数据文件夹；不写则用环境变量 LEYE_HOME，再不写则用 ./leye-home
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
    #[command(flatten)]
    packs: packs::Packs,
}

impl Explain {
    /// Explains.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let home = Home::of(self.home.as_deref());
        let tree = self.packs.tree()?;
        let catalogue = Catalogue::load(&tree);
        let runs = Runs::of(home.folder());
        let mut explainer = Explainer::open(&catalogue, &runs, &self.run).map_err(failure)?;
        let explained = explainer.explain(&self.benefit, &self.key).map_err(not_found)?;
        kept_packs::keep(&home, &tree, &explained.decision)?;
        if let Some(path) = &self.facts {
            crate::saving::save(path, format!("{:#}\n", explained.facts).as_bytes())?;
            crate::saving::make_private(path)?;
        }
        if self.json {
            screen.line(&explained.decision.to_json_text())?;
        } else {
            for line in decision::explain(&catalogue, &explained.decision) {
                screen.line(&line)?;
            }
            if let Some(resolved) = &explained.resolved {
                screen.line("同一次筛查中在先的享受：")?;
                for before in &resolved.before {
                    screen.line(&format!("  {}　{}", before.benefit, before.key))?;
                }
            }
        }
        if !explained.agrees {
            return Err(Failure::new(
                "单独判断的结果与筛查结果不一致",
                "请将筛查编号、补贴项目编号和标识告知维护人员",
            ));
        }
        Ok(DONE)
    }
}

/// Where no row has the key, what the key is: people look for a person's.
fn not_found(error: ScreeningError) -> Failure {
    match &error {
        ScreeningError::NoRow { .. } => Failure::new(
            error.told().0,
            "请填疑似符合名单末列“标识”的值；逐笔判断的项目（招用、贷款、培训等）每笔一个标识，不是人员或单位的索引号。名单用 leye runs <筛查编号> --lists 导出",
        ),
        _ => failure(error),
    }
}
