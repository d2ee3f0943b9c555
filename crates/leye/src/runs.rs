//! `leye runs`: the screenings that were made, and one of them in full.

use std::path::PathBuf;

use policy::file::meant;
use report::table::{Column, Table};
use rules::catalogue::Catalogue;
use screening::Runs as Kept;
use screening::words::place;

use crate::failure::{DONE, Failure};
use crate::home::Home;
use crate::packs;
use crate::screen::Screen;
use crate::screening::{failure, funnel, overview, save_lists};

pub(crate) const USAGE: &str = "leye runs [筛查编号] [选项]";
pub(crate) const AFTER_HELP: &str = "\
不写筛查编号，列出全部筛查；写编号，显示该次筛查的结果；加 --benefit，显示该项目逐条筛选的情况。
退出码：0 已列出；1 没有该次筛查或文件不能读取；64 命令写法有误。
";

/// Arguments of `leye runs`.
#[derive(Debug, clap::Args)]
pub(crate) struct Runs {
    /// 筛查编号，如 2020-12-15-330282-1
    #[arg(value_name = "筛查编号", help_heading = "参数")]
    run: Option<String>,
    /// 显示这个补贴项目逐条筛选的情况
    #[arg(long, value_name = "编号", requires = "run")]
    benefit: Option<String>,
    /// 各项目的疑似符合名单（xlsx）存到这个文件夹
    #[arg(long, value_name = "文件夹", requires = "run")]
    lists: Option<PathBuf>,
    /// 删除该次筛查的全部文件；不能恢复
    #[arg(long, requires = "run", conflicts_with_all = ["benefit", "lists", "json"])]
    remove: bool,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
    /// 数据文件夹；不写则用环境变量 LEYE_HOME，再不写则用 ./leye-home
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
    #[command(flatten)]
    packs: packs::Packs,
}

impl Runs {
    /// Lists, or shows one.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let home = Home::of(self.home.as_deref());
        let kept = Kept::of(home.folder());
        let Some(run) = &self.run else {
            return self.list(screen, &kept);
        };
        if self.remove {
            kept.remove(run).map_err(failure)?;
            screen.line(&format!("已删除筛查 {run}。另行导出的名单请一并处理。"))?;
            return Ok(DONE);
        }
        kept.manifest(run).map_err(failure)?;
        let summary = kept.summary(run).map_err(failure)?;
        let catalogue = Catalogue::load(&self.packs.tree()?);
        if let Some(id) = &self.benefit {
            let benefit = summary
                .benefits
                .iter()
                .find(|benefit| benefit.id == *id)
                .ok_or_else(|| {
                    let ids = summary.benefits.iter().map(|benefit| benefit.id.as_str());
                    Failure::new(format!("筛查 {run} 不含补贴项目“{id}”"), meant(id, ids))
                })?;
            if self.json {
                screen.line(&json(benefit)?)?;
            } else {
                funnel(screen, &catalogue, benefit)?;
            }
        } else if self.json {
            screen.line(&json(&summary)?)?;
        } else {
            overview(screen, &catalogue, &summary)?;
        }
        if let Some(to) = &self.lists {
            save_lists(screen, &home, &catalogue, &summary, to, self.json)?;
        }
        Ok(DONE)
    }

    fn list(&self, screen: &mut Screen, kept: &Kept) -> Result<u8, Failure> {
        if self.json {
            screen.line(&json(&kept.contract().map_err(failure)?)?)?;
            return Ok(DONE);
        }
        let all = kept.all().map_err(failure)?;
        if all.is_empty() {
            screen.line("还没有做过筛查。用 leye screen 开始。")?;
            return Ok(DONE);
        }
        let mut table = Table::new(vec![
            Column::new("筛查编号", 12, 32),
            Column::new("地区", 8, 28),
            Column::new("判断日", 10, 10),
            Column::new("数据截至", 10, 10),
            Column::new("项目", 4, 6),
            Column::new("初步符合", 8, 12),
            Column::new("待核实", 6, 12),
        ]);
        for (manifest, summary) in &all {
            table.rows.push(vec![
                manifest.run.clone(),
                place(summary.region, &summary.region_name),
                manifest.as_of.to_string(),
                manifest.known_on.to_string(),
                summary.benefits.len().to_string(),
                summary
                    .benefits
                    .iter()
                    .map(|benefit| benefit.eligible)
                    .sum::<u64>()
                    .to_string(),
                summary
                    .benefits
                    .iter()
                    .map(|benefit| benefit.undetermined)
                    .sum::<u64>()
                    .to_string(),
            ]);
        }
        screen.raw(&table.render(screen.width()))?;
        Ok(DONE)
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::new(error.to_string(), "请将该情况告知维护人员"))
}
