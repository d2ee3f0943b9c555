//! `leye screen`: every benefit of a region over everyone in its registers.

mod saved;
mod show;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};

use civil::{Day, Month};
use rules::catalogue::Catalogue;
use screening::home::{Means, latest_known};
use screening::{Made, Progress, Request, ScreeningError};

use crate::dates::Dates;
use crate::failure::{DONE, Failure};
use crate::home::Home;
use crate::register::{progress_bar, standing};
use crate::screen::Screen;
use crate::{key, packs, region};

pub(crate) use saved::save_lists;
pub(crate) use show::{funnel, overview};

pub(crate) const USAGE: &str = "leye screen --region <地区> --as-of <日期> [选项]";
pub(crate) const AFTER_HELP: &str = "\
由数据表推算信息项，对该地区适用的全部补贴项目逐人（户、单位）预审，列出疑似符合、待核实、暂不符合的数量和金额。
结果存在数据文件夹的 runs 下，写完才出现；中途按 Ctrl-C 或断电，不留下半份结果，原有筛查不受影响。
系统只作预审，是否发放由工作人员核实后决定。
查看和说明：leye runs、leye explain。
退出码：0 已完成；1 没有完成，原有数据和结果未改动；64 命令写法有误。
";

/// Arguments of `leye screen`.
#[derive(Debug, clap::Args)]
pub(crate) struct Screening {
    /// 地区的代码或名称，如 330282 或 慈溪市；下属地区的数据一并筛查
    #[arg(long, value_name = "地区")]
    region: String,
    #[command(flatten)]
    dates: Dates,
    /// 只筛查这个补贴项目，可写多次；不写则筛查该地区及其上级的全部项目
    #[arg(long, value_name = "编号")]
    benefit: Vec<String>,
    /// 按月享受的项目所判断的月份，如 2020-11；不写则为判断日所在月
    #[arg(long, value_name = "月份")]
    month: Option<String>,
    /// 没有“补贴发放”数据时仍然筛查，按此前均未享受处理
    #[arg(long)]
    without_history: bool,
    /// 各项目的疑似符合名单（xlsx）存到这个文件夹
    #[arg(long, value_name = "文件夹")]
    lists: Option<PathBuf>,
    /// 推算时的内存上限（MB）；不写则为 3072
    #[arg(long, value_name = "MB", default_value_t = 3072, hide_default_value = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(64..))]
    memory: u32,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
    /// 数据文件夹；不写则用环境变量 LEYE_HOME，再不写则用 ./leye-home
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
    #[command(flatten)]
    packs: packs::Packs,
}

impl Screening {
    /// Screens, and says what came of it.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let (as_of, known_on) = self.dates.read()?;
        let home = Home::of(self.home.as_deref());
        let catalogue = Catalogue::load(&self.packs.tree()?);
        let region = region::read(&self.region, &catalogue.library.regions)?;
        let (_, imports) = standing(&home)?;
        let request = Request {
            region,
            as_of,
            known_on: known_on.unwrap_or_else(|| latest_known(&catalogue, &imports)),
            month: self.month(as_of)?,
            benefits: (!self.benefit.is_empty()).then(|| self.benefit.iter().cloned().collect::<BTreeSet<_>>()),
            without_history: self.without_history,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            memory_bytes: (self.memory as usize) << 20,
        };
        let made = make(&screening::Home::of(home.folder()), &catalogue, &request)?;
        if self.json {
            let text = serde_json::to_string(&made.summary)
                .map_err(|error| Failure::new(error.to_string(), "请将该情况告知维护人员"))?;
            screen.line(&text)?;
        } else {
            overview(screen, &catalogue, &made.summary)?;
            if !self.benefit.is_empty() {
                for benefit in &made.summary.benefits {
                    funnel(screen, &catalogue, benefit)?;
                }
            }
            screen.line(&format!("筛查编号：{}", made.run))?;
            if let Some(line) = on_known(as_of, known_on, request.known_on) {
                screen.line(&line)?;
            }
        }
        if let Some(to) = &self.lists {
            save_lists(screen, &home, &catalogue, &made.summary, to, self.json)?;
        }
        Ok(DONE)
    }

    fn month(&self, as_of: Day) -> Result<Month, Failure> {
        let Some(text) = &self.month else {
            return Ok(as_of.month());
        };
        Month::parse(text)
            .map_err(|_| Failure::misused(format!("--month 的内容“{text}”不是有效月份"), "请写成 2020-11"))
    }
}

/// What must be known of the day whose documents and data were used, where nobody said it or it lies behind the day decided.
fn on_known(as_of: Day, said: Option<Day>, used: Day) -> Option<String> {
    let how = match said {
        Some(_) if used <= as_of => return None,
        Some(_) => format!("所用文件和数据截至 {used}"),
        None => format!("没有写 --known-on，已用全部收录的文件、标准和数据（截至 {used}）"),
    };
    let later = if used > as_of {
        format!("，其中有判断日之后才可知的；只用判断日当天可知的，请加 --known-on {as_of}")
    } else {
        String::new()
    };
    Some(format!("{how}{later}。"))
}

/// Makes a run and shows how far it is.
pub(crate) fn make(home: &screening::Home, catalogue: &Catalogue, request: &Request) -> Result<Made, Failure> {
    let made = watched(|progress| {
        let means = Means {
            threads: request.threads,
            memory_bytes: request.memory_bytes,
            progress,
            stop: &AtomicBool::new(false),
        };
        home.screen(catalogue, request, means)
    });
    let stopped = || Failure::new("筛查已停止", "没有写入任何结果");
    made.map_err(failure)?.ok_or_else(stopped)
}

/// Does work on rows and shows how far it is.
pub(crate) fn watched<T>(work: impl FnOnce(&(dyn Fn(Progress) + Sync)) -> T) -> T {
    let bar = Mutex::new((progress_bar("[{bar:30}] {pos}/{len} {msg}，用时 {elapsed}"), false));
    let progress = |progress: Progress| {
        let mut bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
        bar.0.set_message(progress.words());
        match progress {
            Progress::Deriving { done, of } => {
                bar.0.set_length(of as u64);
                bar.0.set_position(done as u64);
            }
            Progress::Resolving => {}
            Progress::Checking { done, of } => {
                if done == 0 {
                    bar.0.finish_and_clear();
                    bar.0 = progress_bar("[{bar:30}] {pos}/{len} {msg}，用时 {elapsed}");
                    bar.0.set_message(progress.words());
                }
                bar.0.set_length(of as u64);
                bar.0.set_position(done as u64);
            }
            Progress::Deciding { done, of } => {
                if !bar.1 {
                    bar.0.finish_and_clear();
                    *bar = (
                        progress_bar("[{bar:30}] {pos}/{len} 行，每秒 {per_sec}，约剩 {eta}"),
                        true,
                    );
                }
                bar.0.set_length(of);
                bar.0.set_position(done);
            }
        }
    };
    let done = work(&progress);
    let bar = bar.into_inner().unwrap_or_else(PoisonError::into_inner);
    bar.0.finish_and_clear();
    done
}

/// Why there is no run, with what to do.
pub(crate) fn failure(error: ScreeningError) -> Failure {
    match error {
        ScreeningError::Keys(error) => key::failure(error),
        error => {
            let (message, hint) = error.told();
            Failure::new(message, hint)
        }
    }
}
