//! `leye simulate`: the rows of a run by other rules.

mod show;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use policy::file::{MAX_FILE_BYTES, SourceFile};
use rules::catalogue::Catalogue;
use screening::home::Means;
use screening::simulation::{Comparison, Simulation, SimulationError, book, picture};

use crate::dates::day;
use crate::failure::{DONE, Failure, reason};
use crate::home::Home;
use crate::screen::Screen;
use crate::screening::{failure, watched};
use crate::{packs, saving};

pub(crate) const USAGE: &str =
    "leye simulate --run <筛查编号> (--reform <方案文件> | --retro --known-on <日期>) [选项]";
pub(crate) const AFTER_HELP: &str = "\
--reform：按测算方案（TOML，写法见 docs/writing-policy.md）改动政策标准、条件、金额、期限后，对该次筛查的对象逐一重新预审，
列出新增符合、不再符合、金额提高和降低的数量与金额，分项目、资金渠道、负担层级、乡镇、人群。
--retro：以该次筛查之后、指定日期前可知的文件重新预审，列出应补、多付的每一条及前后所用版本。
只作测算，不改动筛查结果，不作出任何补发、退回决定。
退出码：0 已完成；1 不能测算；64 命令写法有误。
";

/// Findings of a reform that are shown.
const SHOWN: usize = 8;

/// Arguments of `leye simulate`.
#[derive(Debug, clap::Args)]
pub(crate) struct Simulate {
    /// 筛查编号，如 2020-12-15-330282-1，见 leye runs
    #[arg(long, value_name = "筛查编号")]
    run: String,
    /// 测算方案文件（TOML）
    #[arg(
        long,
        value_name = "文件",
        required_unless_present = "retro",
        conflicts_with = "retro"
    )]
    reform: Option<PathBuf>,
    /// 以后来可知的文件重新预审，列出应补和多付
    #[arg(long, requires = "known_on")]
    retro: bool,
    /// 与 --retro 同用：用这一天前可知的文件和标准
    #[arg(long, value_name = "日期", requires = "retro")]
    known_on: Option<String>,
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
    /// 结果另存为 Excel 文件
    #[arg(long, value_name = "文件")]
    xlsx: Option<PathBuf>,
    /// 各项目增减图另存为 SVG 文件
    #[arg(long, value_name = "文件")]
    svg: Option<PathBuf>,
    /// 需要补算享受记录时的内存上限（MB）；不写则为 3072
    #[arg(long, value_name = "MB", default_value_t = 3072, hide_default_value = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(64..))]
    memory: u32,
    /// 数据文件夹；不写则用环境变量 LEYE_HOME，再不写则用 ./leye-home
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
    #[command(flatten)]
    packs: packs::Packs,
}

impl Simulate {
    /// Decides the run's rows by other rules and says what changes.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let home = Home::of(self.home.as_deref());
        let tree = self.packs.tree()?;
        let catalogue = Catalogue::load(&tree);
        let comparison = match &self.reform {
            Some(path) => {
                let file = read(path)?;
                let (reformed, reform) = Catalogue::load_reformed(&tree, &file);
                let errors: Vec<String> = reformed.errors_since(&catalogue).map(ToString::to_string).collect();
                let reform = reform
                    .filter(|_| errors.is_empty())
                    .ok_or_else(|| mistaken(path, &errors))?;
                self.simulate(&home, &catalogue, |simulation| simulation.reform(&reformed, &reform))?
            }
            None => {
                let later = day("--known-on", self.known_on.as_deref().unwrap_or_default())?;
                self.simulate(&home, &catalogue, |simulation| simulation.retro(later))?
            }
        };
        if self.json {
            let text = serde_json::to_string(&comparison)
                .map_err(|error| Failure::new(error.to_string(), "请将该情况告知维护人员"))?;
            screen.line(&text)?;
        } else {
            show::comparison(screen, &catalogue, &comparison)?;
        }
        if let Some(path) = &self.xlsx {
            let bytes = report::roster::workbook(&book::roster(&catalogue, &comparison))
                .map_err(|error| Failure::new(format!("测算结果写不成表格：{error}"), "请将该情况告知维护人员"))?;
            self.save(screen, path, &bytes)?;
        }
        if let Some(path) = &self.svg {
            self.save(screen, path, picture::svg(&comparison).as_bytes())?;
        }
        Ok(DONE)
    }

    fn simulate(
        &self,
        home: &Home,
        catalogue: &Catalogue,
        ask: impl FnOnce(&Simulation<'_>) -> Result<Option<Comparison>, SimulationError>,
    ) -> Result<Comparison, Failure> {
        let compared = watched(|progress| {
            let means = Means {
                threads: std::thread::available_parallelism().map_or(1, usize::from),
                memory_bytes: (self.memory as usize) << 20,
                progress,
                stop: &AtomicBool::new(false),
            };
            screening::Home::of(home.folder()).simulate(catalogue, &self.run, means, ask)
        });
        let stopped = || Failure::new("测算已停止", "没有写入任何结果");
        compared.map_err(refused)?.ok_or_else(stopped)
    }

    /// Saves what belongs to the office alone.
    fn save(&self, screen: &mut Screen, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let kept = saving::save(path, bytes)?;
        saving::make_private(path)?;
        if self.json {
            return Ok(());
        }
        screen.line(&format!("已存入 {}", path.display()))?;
        match kept {
            Some(kept) => screen.line(&format!("原有文件改名为 {}", kept.display())),
            None => Ok(()),
        }
    }
}

/// A reform's file.
fn read(path: &Path) -> Result<std::sync::Arc<SourceFile>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::new(
            format!("不能读取测算方案 {}：{}", path.display(), reason(&error)),
            "请核对 --reform 的文件",
        )
    };
    let size = std::fs::metadata(path).map_err(unreadable)?.len();
    if size > MAX_FILE_BYTES {
        return Err(Failure::new(
            format!("{} 有 {size} 字节，不像测算方案", path.display()),
            "请核对 --reform 的文件",
        ));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::new(
            format!("{} 不是 UTF-8 编码的文本", path.display()),
            "请用“另存为”选择 UTF-8 编码后重试",
        )
    })?;
    let name = path.display().to_string();
    Ok(SourceFile::new(name.clone(), name, text))
}

fn mistaken(path: &Path, errors: &[String]) -> Failure {
    let first = errors.get(..SHOWN).unwrap_or(errors).join("\n");
    Failure::new(
        format!("测算方案 {} 有 {} 处错误\n{first}", path.display(), errors.len()),
        "请改正后重试；写法见 docs/writing-policy.md",
    )
}

fn refused(error: SimulationError) -> Failure {
    match error {
        SimulationError::Screening(error) => failure(error),
        error => Failure::new(error.to_string(), error.hint()),
    }
}
