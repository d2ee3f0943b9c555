//! `leye ledger`: who must do what by when, out of the packs.

mod duty;
mod json;
mod scope;
mod show;

use std::path::PathBuf;

use civil::Day;
use report::ledger::Sheets;

use crate::failure::{DONE, Failure};
use crate::home::Home;
use crate::packs::Packs;
use crate::saving::save;
use crate::screen::Screen;
use duty::{Duty, Sources};
use scope::Scope;

pub(crate) const USAGE: &str = "leye ledger [选项]";
pub(crate) const AFTER_HELP: &str = "\
到期灯只用于载明日期的任务：绿（剩余30天以上）、黄（30天以内）、红（已过期）；其余任务没有到期灯。
指定地区时，上级文件的任务一并列出，并按职能给出建议承接单位；建议仅供参考，不作指派。
退出码：0 已列出；1 未列出；64 命令写法有误。
";

/// Arguments of `leye ledger`.
#[derive(Debug, clap::Args)]
pub(crate) struct Ledger {
    /// 只列该地区的任务，并列上级文件的任务（区划代码或全称）
    #[arg(long, value_name = "地区")]
    region: Option<String>,
    /// 只列该单位的任务（牵头、配合、责任均列）
    #[arg(long, value_name = "单位", conflicts_with = "function")]
    unit: Option<String>,
    /// 只列具有该职能的单位的任务（职能编号或中文名称）
    #[arg(long, value_name = "职能")]
    function: Option<String>,
    /// 到期灯以哪一天为准，如 2020-12-31；不写则取所载文件最晚的知悉日
    #[arg(long, value_name = "日期")]
    as_of: Option<String>,
    /// 另存为 Excel 责任台账，并按单位分表
    #[arg(long, value_name = "输出文件")]
    xlsx: Option<PathBuf>,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
    /// 数据文件夹；不写则用环境变量 LEYE_HOME，再不写则用 ./leye-home
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
    #[command(flatten)]
    packs: Packs,
}

/// The day the lights are about.
#[derive(Debug, Clone, Copy)]
struct AsOf {
    day: Day,
    /// False where nobody said it and the latest `known_from` stands in.
    asked: bool,
}

impl Ledger {
    /// Collects the tasks, prints them by unit, and writes the workbook if one is asked for.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        if let Some(path) = &self.xlsx {
            crate::extract::check_xlsx_name(path)?;
        }
        let asked = self.as_of.as_deref().map(day).transpose()?;
        let library = self.packs.load(screen)?;
        let as_of = match (asked, library.latest_known_from()) {
            (Some(day), _) => AsOf { day, asked: true },
            (None, Some(day)) => AsOf { day, asked: false },
            (None, None) => {
                return Err(Failure::new(
                    "政策文件库中没有可用的文件，无从确定基准日",
                    "请用 --policies 指定政策文件库",
                ));
            }
        };
        let scope = Scope::of(
            &library,
            self.region.as_deref(),
            self.unit.as_deref(),
            self.function.as_deref(),
        )?;
        let sources = Sources::of(&library, &Home::of(self.home.as_deref()), as_of.day);
        for remark in scope.remarks.iter().chain(&sources.remarks) {
            screen.remark(remark)?;
        }
        let duties: Vec<Duty<'_>> = scope.duties(&sources);
        if self.json {
            screen.raw(&json::render(&scope, as_of, &duties)?)?;
        } else {
            show::print(screen, &scope, &sources, as_of, &duties)?;
        }
        if let Some(path) = &self.xlsx {
            let workbook = report::ledger::workbook(&show::workbook(&scope, &sources, as_of, &duties), Sheets::ByUnit)
                .map_err(|error| Failure::new(error.to_string(), "请用 --region、--unit 或 --function 缩小范围"))?;
            let kept = save(path, &workbook)?;
            if let Some(kept) = kept {
                screen.remark(&format!("原有的同名文件已改名为 {}", kept.display()))?;
            }
            screen.remark(&format!("已写出台账 {}，共 {} 项", path.display(), duties.len()))?;
        }
        Ok(DONE)
    }
}

fn day(text: &str) -> Result<Day, Failure> {
    Day::parse(text).map_err(|error| {
        Failure::misused(
            format!("--as-of 的日期“{text}”不正确：{error}"),
            "请写成如 2020-12-31 的日期",
        )
    })
}
