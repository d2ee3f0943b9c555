//! `leye ledger`: who must do what by when, out of the packs.

mod show;

use std::collections::BTreeMap;
use std::path::PathBuf;

use civil::Day;
use policy::Library;
use policy::ledger::{AsOf, AsOfBasis, Duty, Refused, Scope, Sources, Wording, contract};
use report::ledger::Sheets;

use crate::attachment::wording;
use crate::failure::{DONE, Failure};
use crate::home::Home;
use crate::packs::Packs;
use crate::saving::save;
use crate::screen::Screen;

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

impl Ledger {
    /// Collects the tasks, prints them by unit, and writes the workbook if one is asked for.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        if let Some(path) = &self.xlsx {
            crate::extract::check_xlsx_name(path)?;
        }
        let asked = self.as_of.as_deref().map(day).transpose()?;
        let library = self.packs.load(screen)?;
        let as_of = match (asked, library.latest_known_from()) {
            (Some(day), _) => AsOf {
                day,
                basis: AsOfBasis::Asked,
            },
            (None, Some(day)) => AsOf {
                day,
                basis: AsOfBasis::LatestKnownFrom,
            },
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
        let (wordings, remarks) = wordings(&library, &Home::of(self.home.as_deref()));
        let sources = Sources {
            wordings: &wordings,
            day: as_of.day,
        };
        for remark in scope.remarks.iter().chain(&remarks) {
            screen.remark(remark)?;
        }
        let duties: Vec<Duty<'_>> = scope.duties(&sources);
        if self.json {
            let text = serde_json::to_string(&contract(&scope, as_of, &duties))
                .map_err(|error| Failure::new(format!("生成 JSON 失败：{error}"), "请将该情况告知维护人员"))?;
            screen.raw(&format!("{text}\n"))?;
        } else {
            show::print(screen, &scope, &sources, as_of, &duties)?;
        }
        if let Some(path) = &self.xlsx {
            let ledger = web::ledger::packs::workbook(&scope, &sources, as_of, &duties);
            let workbook = report::ledger::workbook(&ledger, Sheets::ByUnit)
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

/// The official wording of every pack with an attached document, and what could not be read of the home, in Chinese:
/// there the summaries stand in.
pub(crate) fn wordings(library: &Library, home: &Home) -> (BTreeMap<String, Wording>, Vec<String>) {
    let (mut wordings, mut remarks) = (BTreeMap::new(), Vec::new());
    let mut remark = |what: &str, failure: Failure| {
        if let Failure::Told { message, hint, .. } = failure {
            remarks.push(format!("提示：{what}未能读取，以摘要代替：{message}。{hint}"));
        }
    };
    match home.is_there() {
        Ok(true) => {
            for pack in library.packs.values() {
                match wording(home, pack.id()) {
                    Ok(found) => drop(wordings.insert(pack.id().to_owned(), found)),
                    Err(failure) => remark(&format!("{} 的原文", pack.id()), failure),
                }
            }
        }
        Ok(false) => {}
        Err(failure) => remark("原文", failure),
    }
    (wordings, remarks)
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::new(refused.message, refused.hint)
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
