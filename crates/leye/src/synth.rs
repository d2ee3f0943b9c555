//! `leye synth`: registers of a region that does not exist, for trying out and for tests.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use civil::{Day, RegionCode, RegionLevel};
use policy::Regions;
use policy::file::Diagnostics;
use registers::synth::{self, FEWEST_PEOPLE, MOST_PEOPLE, Plan, SynthError};

use crate::dates::day;
use crate::failure::{DONE, Failure, reason};
use crate::packs;
use crate::region;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye synth --region <地区> --people <人数> --seed <种子> --out <文件夹> [选项]";
pub(crate) const AFTER_HELP: &str = "\
生成的人员、单位和账号都不存在：公民身份号码使用未启用的省级代码99。
每张数据表一个 csv 文件，表头为数据表登记中的名称；truth.jsonl 列出有意埋设的问题，README.md 列出各项目标。
地区、人数、种子和截止日相同，生成的文件逐字节相同。
";

/// Arguments of `leye synth`.
#[derive(Debug, clap::Args)]
pub(crate) struct Synth {
    /// 县（市、区）的六位代码或全称，如 330282 或 慈溪市
    #[arg(long, value_name = "地区")]
    region: String,
    /// 16至69岁的人数
    #[arg(long, value_name = "人数")]
    people: u32,
    /// 种子：任意整数
    #[arg(long, value_name = "种子")]
    seed: u64,
    /// 写到哪个文件夹（应为空）
    #[arg(long, value_name = "文件夹")]
    out: PathBuf,
    /// 截止日；不写则为 2020-12-31
    #[arg(long, value_name = "日期", default_value = "2020-12-31", hide_default_value = true)]
    as_of: String,
    #[command(flatten)]
    packs: packs::Packs,
}

impl Synth {
    /// Writes the region and says how many rows each register has.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let as_of = day("--as-of", &self.as_of)?;
        if !(Day::new(2000, 1, 1)..=Day::new(2099, 12, 31)).contains(&Some(as_of)) {
            let message = format!("--as-of 的内容“{}”不在2000年至2099年之间", self.as_of);
            return Err(Failure::misused(message, "请写成 2020-12-31"));
        }
        let tree = self.packs.tree()?;
        let plan = Plan {
            region: self.region(&policy::Library::load(&tree).regions)?,
            people: self.people,
            seed: self.seed,
            as_of,
            threads: std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
        };
        let diagnostics = Diagnostics::new();
        let dictionary = policy::fact::load(&tree, &diagnostics);
        let registers = policy::register::load(&tree, &dictionary, &diagnostics);
        self.refuse_used_folder()?;
        let summary = synth::write(&plan, &registers, &self.out).map_err(|error| self.failure(error))?;
        for (register, rows) in &summary.rows {
            let label = registers.get(register).map_or("", |register| register.label.as_str());
            screen.line(&format!("{register}.csv  {label}  {rows} 行"))?;
        }
        let planted: u64 = summary.planted.values().sum();
        screen.line(&format!(
            "有意埋设的问题 {planted} 处，见 truth.jsonl；各项目标见 README.md"
        ))?;
        Ok(DONE)
    }

    fn region(&self, regions: &Regions) -> Result<RegionCode, Failure> {
        let code = region::read(&self.region, regions)?;
        if code.level() == RegionLevel::County {
            return Ok(code);
        }
        Err(Failure::misused(
            format!("--region 的内容“{}”不是县（市、区）", self.region),
            "请写六位代码或全称，如 330282 或 慈溪市",
        ))
    }

    /// What stands in the folder may be somebody's; a mixture of two regions would be no region.
    fn refuse_used_folder(&self) -> Result<(), Failure> {
        let used = std::fs::read_dir(&self.out).is_ok_and(|mut entries| entries.next().is_some());
        if used || self.out.is_file() {
            let message = format!("{} 已有内容", self.out.display());
            return Err(Failure::new(message, "请另写一个空文件夹"));
        }
        Ok(())
    }

    fn failure(&self, error: SynthError) -> Failure {
        match error {
            SynthError::Write(error) => Failure::new(
                format!("文件夹 {} 写不进去：{}", self.out.display(), reason(&error)),
                "请检查磁盘空间和写入权限",
            ),
            SynthError::People(_) => Failure::misused(
                format!(
                    "--people 的内容“{}”不在 {FEWEST_PEOPLE} 至 {MOST_PEOPLE} 之间",
                    self.people
                ),
                "请改写人数",
            ),
            SynthError::Schema { .. } => Failure::new(error.to_string(), "请使用随程序附带的数据表登记"),
        }
    }
}
