//! `leye register import`: tried first, written when asked.

use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use policy::Regions;
use policy::register::{Register, Registers};
use registers::folder::Folder;
use registers::import::{self, Context, MAX_REJECTS, Progress, Report, Request, Stage};
use registers::problem::Problem;
use registers::retention::Term;
use registers::value::{Names, RegionNames, holds_resident_id};
use registers::workbook;
use seal::{KeyFolder, KeyRing};

use super::{Place, broken, find, period_in_words, progress_bar};
use crate::dates::day;
use crate::failure::{DONE, Failure, SOME_UNREADABLE};
use crate::home::Home;
use crate::screen::Screen;
use crate::{key, region, saving, serve};

pub(crate) const USAGE: &str = "leye register import <数据表> <文件> --region <地区> --received <日期> --provider … --basis … --purpose … --retention … [--commit]";
pub(crate) const AFTER_HELP: &str = "\
不写 --commit 只试导入：逐行检查，说明会新增、变更多少，不写入任何数据。
未通过的行另存为工作簿：“问题清单”列明原因和处理办法，“待修改”是原行，改好后可直接再次导入。
“待修改”中有完整的证件号码等信息，请与原文件同等保管。
再次导入时，主键相同的行由后导入的文件代替先导入的；文件中没有的行保留，写 --replace 则移除。同一文件再次导入不产生变化。
同一文件内主键相同而内容不同的行一律不导入，须先核对以哪一行为准；内容也相同的只取一行。
退出码：0 全部行可以导入或已导入；1 没有导入，已有数据未改动；2 有未通过的行，其余已办理；64 命令写法有误。
";
/// The bar on a terminal.
const BAR: &str = "[{bar:30}] {percent}% {msg}，用时 {elapsed}，还需 {eta}";
/// Kinds of problems named on the screen; the workbook has all.
const SHOWN_PROBLEMS: usize = 8;

/// Arguments of `leye register import`.
#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// 文件所覆盖的地区，写代码或全称，如 330282 或 慈溪市
    #[arg(long, value_name = "地区")]
    region: String,
    /// 收到日期，如 2020-12-01
    #[arg(long, value_name = "日期")]
    received: String,
    /// 提供单位
    #[arg(long, value_name = "单位")]
    provider: String,
    /// 依据（文件、协议或法条）
    #[arg(long, value_name = "依据")]
    basis: String,
    /// 用途
    #[arg(long, value_name = "用途")]
    purpose: String,
    /// 保存期限，自收到之日起算，如 5年、18个月、至2025-12-31、长期
    #[arg(long, value_name = "期限")]
    retention: String,
    /// 整份替换：所涉月份（或现状）中文件没有的行一并移除
    #[arg(long)]
    replace: bool,
    /// 正式导入；不写则只试导入
    #[arg(long)]
    commit: bool,
    /// 把这一天当作今天，如 2020-12-15；不写则取本机日期
    #[arg(long, value_name = "日期")]
    today: Option<String>,
    /// 未通过的行另存到这个文件；不写则存为当前文件夹下的“<原文件名>-未导入.xlsx”
    #[arg(long, value_name = "文件")]
    rejects: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    /// 数据表，如 employment 或 劳动用工备案
    #[arg(value_name = "数据表", help_heading = "参数")]
    name: String,
    /// 要导入的文件
    #[arg(value_name = "文件", help_heading = "参数")]
    file: PathBuf,
}

impl Import {
    /// Imports or tries to, and tells what came of it.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let registers = self.place.registers()?;
        let (benefits, regions) = self.place.benefits_and_regions()?;
        let request = self.request(&regions)?;
        let names = RegionNames::of(&regions);
        let register = find(&registers, &self.name)?;
        let home = self.place.home();
        let rejects_file = self.rejects_file(&home)?;
        let ring = self.ring(&home)?;
        let folder = Folder::of(home.folder());
        let bar = progress_bar(BAR);
        let context = Context {
            registers: &registers,
            names: Names {
                benefits: &benefits,
                regions: &names,
            },
            ring: &ring,
            random: &mut key::system_randomness,
            folder: &folder,
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            progress: &|progress| show(&bar, progress),
        };
        let imported = import::import(&self.file, register, &request, context);
        bar.finish_and_clear();
        let report = imported.map_err(broken)?;
        self.tell(screen, register, &request, &report)?;
        if report.rejects.is_empty() {
            return Ok(DONE);
        }
        self.save_rejects(screen, register, &registers, &report, &rejects_file)?;
        Ok(SOME_UNREADABLE)
    }

    fn request(&self, regions: &Regions) -> Result<Request, Failure> {
        let named = [
            ("--provider", &self.provider),
            ("--basis", &self.basis),
            ("--purpose", &self.purpose),
            ("--retention", &self.retention),
        ];
        for (option, text) in named {
            if text.trim().is_empty() {
                return Err(Failure::misused(
                    format!("{option} 后面是空的"),
                    "每次导入须写明提供单位、依据、用途、保存期限",
                ));
            }
            if text.contains("统计调查") {
                return Err(Failure::misused(
                    format!("{option} 表明数据来自统计调查"),
                    "统计调查取得的个体资料不得用于政策预审（统计法），请改用行政记录",
                ));
            }
        }
        for (option, text) in named {
            if holds_resident_id(text) {
                return Err(Failure::misused(
                    format!("{option} 中含有公民身份号码"),
                    "这些说明以明文保存，请删去号码",
                ));
            }
        }
        let Some(term) = Term::parse(&self.retention) else {
            return Err(Failure::misused(
                format!("--retention 的内容“{}”算不出到期日", self.retention),
                "请写成 5年、18个月、至2025-12-31 或 长期",
            ));
        };
        let region = region::read(&self.region, regions)?;
        let received = day("--received", &self.received)?;
        let today = self.today.as_deref().map(|text| day("--today", text)).transpose()?;
        let today = today.unwrap_or_else(serve::system_day);
        if received > today {
            return Err(Failure::misused(
                format!("--received 的内容 {received} 在今天（{today}）之后"),
                "请写文件实际收到的日期；本机日期不对的，用 --today 写明今天是哪一天",
            ));
        }
        if let Some(last) = term.last_day(received).filter(|last| *last < received) {
            return Err(Failure::misused(
                format!("--retention 的到期日 {last} 早于收到日期 {received}"),
                "收到时已过保存期限的数据不得导入，请核对保存期限和收到日期",
            ));
        }
        Ok(Request {
            region,
            received,
            imported: Some(today),
            provider: self.provider.trim().to_owned(),
            basis: self.basis.trim().to_owned(),
            purpose: self.purpose.trim().to_owned(),
            retention: self.retention.trim().to_owned(),
            replaces: self.replace,
            commit: self.commit,
        })
    }

    /// The home's keys; a trial in a home without any uses fresh ones that nobody keeps.
    fn ring(&self, home: &Home) -> Result<KeyRing, Failure> {
        let keys = KeyFolder::of(home.folder());
        let there = home.is_there()?;
        if !self.commit && (!there || !keys.path().exists()) {
            return KeyRing::draw(&mut key::system_randomness)
                .map_err(|error| Failure::new(error.to_string(), "请将该情况告知维护人员"));
        }
        keys.load().map_err(key::failure)
    }

    /// Where the refused rows go: never into the home, for they are in clear.
    fn rejects_file(&self, home: &Home) -> Result<PathBuf, Failure> {
        let path = match &self.rejects {
            Some(path) => path.clone(),
            None => {
                let stem = self.file.file_stem().unwrap_or_default().to_string_lossy();
                PathBuf::from(format!("{stem}-未导入.xlsx"))
            }
        };
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new(".")).canonicalize().ok();
        let inside = parent
            .zip(home.folder().canonicalize().ok())
            .is_some_and(|(parent, home)| parent.starts_with(home));
        if inside {
            return Err(Failure::misused(
                format!("{} 在数据文件夹内", path.display()),
                "未通过的行含有明文证件号码，请用 --rejects 存到数据文件夹以外",
            ));
        }
        Ok(path)
    }

    fn tell(
        &self,
        screen: &mut Screen,
        register: &Register,
        request: &Request,
        report: &Report,
    ) -> Result<(), Failure> {
        let what = if request.commit { "导入" } else { "试导入" };
        screen.line(&format!(
            "{what}：{}（{}），地区 {}，收到日期 {}",
            register.label, register.id, request.region, request.received
        ))?;
        let sheets: Vec<&str> = report
            .sheets
            .iter()
            .map(String::as_str)
            .filter(|s| !s.is_empty())
            .collect();
        let sheets = if sheets.is_empty() {
            String::new()
        } else {
            format!("，工作表 {}", sheets.join("、"))
        };
        screen.line(&format!("文件：{}{sheets}", self.file.display()))?;
        for (sheet, why) in &report.passed_over {
            screen.line(&format!("工作表 {sheet} 未读：{why}"))?;
        }
        for notice in &report.notices {
            screen.line(&format!("提示：{notice}"))?;
        }
        let remarks = match report.remarks {
            0 => String::new(),
            count => format!("；另有合计、备注 {count} 行未计"),
        };
        screen.line(&format!(
            "读到 {} 行：通过 {} 行，未通过 {} 行{remarks}",
            report.read,
            report.accepted(),
            report.rejected
        ))?;
        for (period, changes) in &report.partitions {
            screen.line(&format!(
                "  {}：新增 {}，变更 {}，未变 {}，移除 {}，共 {} 行",
                period_in_words(&period.to_string()),
                changes.added,
                changes.changed,
                changes.unchanged,
                changes.removed,
                changes.rows
            ))?;
        }
        problems(screen, register, report)?;
        match report.vintage {
            Some(vintage) => screen.line(&format!("已导入，批次 {vintage}。")),
            None if report.accepted() == 0 => screen.line("没有可以导入的行。"),
            None if !report.changes_anything() => screen.line("与已有数据相同，没有需要写入的变化。"),
            None => screen.line("尚未写入。核对无误后加 --commit 正式导入。"),
        }
    }

    fn save_rejects(
        &self,
        screen: &mut Screen,
        register: &Register,
        registers: &Registers,
        report: &Report,
        path: &Path,
    ) -> Result<(), Failure> {
        let bytes = workbook::rejects(register, registers, report)
            .map_err(|error| Failure::new(error, "请先按屏幕上的原因修改原文件"))?;
        let kept = saving::save(path, &bytes)?;
        saving::make_private(path)?;
        if let Some(kept) = kept {
            screen.line(&format!("原有的 {} 已改名为 {}", path.display(), kept.display()))?;
        }
        screen.line(&format!(
            "未通过的行已存入 {}，改好“待修改”后可直接再次导入",
            path.display()
        ))?;
        screen.line("其中有完整的证件号码等信息，请与原文件同等保管，用后删除。")?;
        if report.rejected > MAX_REJECTS as u64 {
            screen.line(&format!("只存了前 {MAX_REJECTS} 行，其余请在原文件中修改"))?;
        }
        Ok(())
    }
}

/// How far it is: of the file where that is known, else the rows alone.
fn show(bar: &ProgressBar, progress: Progress) {
    let what = match progress.stage {
        Stage::Checking => "已检查",
        Stage::Merging => "已合并",
    };
    bar.set_message(format!("{what} {} 行", progress.rows));
    match progress.part {
        Some((done, all)) => {
            bar.set_length(all);
            bar.set_position(done);
        }
        None => bar.unset_length(),
    }
}

/// One kind of problem, told by the first row that has it.
struct Kind<'r> {
    column: Option<usize>,
    problem: &'r Problem,
    /// Sheet and row.
    first: (usize, u32),
    count: usize,
}

/// The most frequent kinds of problems, each with the words of its first row; the workbook has every row.
fn problems(screen: &mut Screen, register: &Register, report: &Report) -> Result<(), Failure> {
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    for (reject, fault) in report
        .rejects
        .iter()
        .flat_map(|r| r.faults.iter().map(move |fault| (r, fault)))
    {
        let known = kinds
            .iter_mut()
            .find(|kind| kind.column == fault.column && kind.problem.is_like(&fault.problem));
        match known {
            Some(kind) => kind.count += 1,
            None => kinds.push(Kind {
                column: fault.column,
                problem: &fault.problem,
                first: (reject.sheet, reject.row),
                count: 1,
            }),
        }
    }
    // In the order of the file where they are as frequent.
    kinds.sort_by_key(|kind| std::cmp::Reverse(kind.count));
    for kind in kinds.iter().take(SHOWN_PROBLEMS) {
        let column = kind.column.and_then(|index| register.columns.get(index));
        let label = column.map_or("整行", |column| column.label.as_str());
        let (sheet, row) = kind.first;
        let sheet = match report.sheet_names.get(sheet) {
            Some(name) if report.sheets.len() > 1 => format!("工作表“{name}”"),
            _ => String::new(),
        };
        let such = if kind.count > 1 { "如" } else { "" };
        screen.line(&format!(
            "  未通过：{label} {}，{} 处（{such}{sheet}第{row}行）",
            kind.problem, kind.count
        ))?;
    }
    let more = kinds.get(SHOWN_PROBLEMS..).unwrap_or_default();
    if !more.is_empty() {
        let count: usize = more.iter().map(|kind| kind.count).sum();
        screen.line(&format!(
            "  另有 {} 类问题共 {count} 处，逐行列在下述工作簿的“{}”中",
            more.len(),
            workbook::PROBLEMS
        ))?;
    }
    Ok(())
}
