//! `leye register derive`: the facts that stand in no register, as flat tables.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use civil::{Day, RegionCode};
use policy::Library;
use policy::fact::Dictionary;
use policy::file::Diagnostics;
use policy::register::Registers;
use registers::derive::{Basis, Derivation, REACHES, Reach, Step};
use registers::folder::Folder;
use registers::manifest::Manifest;
use screening::ScreeningError;

use super::{Place, broken, progress_bar, schemas};
use crate::dates::Dates;
use crate::failure::{DONE, Failure};
use crate::home::{Home, cannot};
use crate::region;
use crate::screen::Screen;
use crate::screening::failure;

pub(crate) const USAGE: &str =
    "leye register derive --region <地区> --as-of <日期> [--known-on <日期>] [--out <文件夹>] [选项]";
pub(crate) const AFTER_HELP: &str = "\
由该地区及其下属地区的数据表推算缴费月数、裁员率等信息项，按对象各存一张明细（parquet），供批量预审使用。
明细中只有索引号，没有证件号码。各信息项的定义见“leye policy template”和 crates/registers/sql。
全部明细写完才放到指定的文件夹，中途断开不留下半份结果；原有的推算结果由新的代替，其他文件夹不会被覆盖。
退出码：0 已推算；1 没有推算，原有数据和结果未改动；64 命令写法有误。
";
/// Whoever waits at the terminal stops the whole program.
static NEVER: AtomicBool = AtomicBool::new(false);
/// Where results lie within the home when nothing else is said.
const FOLDER: &str = "derived";

/// A row for each month of each person, with all facts of both: asked for only by name.
const BY_MONTH: &str = "contribution-month";

/// Arguments of `leye register derive`.
#[derive(Debug, clap::Args)]
pub(crate) struct Derive {
    /// 地区的代码或名称，如 330282 或 慈溪市；下属地区的数据一并使用
    #[arg(long, value_name = "地区")]
    region: String,
    #[command(flatten)]
    dates: Dates,
    /// 结果存到这个文件夹；不写则为数据文件夹下的 derived/<地区>-<判断日>
    #[arg(long, value_name = "文件夹")]
    out: Option<PathBuf>,
    /// 只推算这种明细，可写多次；不写则推算全部（缴费月 contribution-month 行数多，须写明）
    #[arg(long, value_name = "明细")]
    per: Vec<String>,
    /// 内存上限（MB），超出的部分暂存磁盘；不写则为 3072
    #[arg(long, value_name = "MB", default_value_t = 3072, hide_default_value = true)]
    #[arg(value_parser = clap::value_parser!(u32).range(64..))]
    memory: u32,
    /// 不推算，只列出推算所用的 SQL 语句，供核查
    #[arg(long)]
    sql: bool,
    #[command(flatten)]
    place: Place,
}

/// What the packs say.
struct Rules {
    dictionary: Dictionary,
    registers: Registers,
    library: Library,
}

impl Derive {
    /// Derives, and says what came of each table.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let (as_of, known_on) = self.dates.read()?;
        let tree = self.place.packs.tree()?;
        let rules = Rules {
            dictionary: policy::fact::load(&tree, &Diagnostics::new()),
            registers: schemas(&tree)?,
            library: Library::load(&tree),
        };
        let per = self.per()?;
        let region = region::read(&self.region, &rules.library.regions)?;
        let home = self.place.home();
        let (folder, manifest) = standing(&home)?;
        let last = manifest.imports.iter().map(|import| import.received).max();
        let known_on = known_on.unwrap_or_else(|| last.map_or(as_of, |last| last.max(as_of)));
        let basis = Basis::of(&folder, &manifest, &rules.library.regions, region, known_on);
        refuse_without_data(&basis, &manifest, region, known_on, &rules.library)?;
        let out = self.out(&home, region, as_of)?;
        if self.sql {
            return self.print_sql(screen, &rules, &basis, as_of, known_on, per);
        }
        screen.line(&format!(
            "推算：{}，判断日 {as_of}，所用数据截至 {known_on}",
            region::named(region, &rules.library.regions)
        ))?;
        screen.flush()?;
        let bar = progress_bar("[{bar:30}] {pos}/{len} {msg}，用时 {elapsed}");
        let taken = Mutex::new((Duration::ZERO, Vec::new()));
        let told = |step: &Step<'_>| {
            bar.set_length(step.of as u64);
            bar.set_position(step.done as u64);
            bar.set_message(step.name.to_owned());
            if let Ok(mut taken) = taken.lock() {
                let now = bar.elapsed();
                let took = now.saturating_sub(taken.0);
                taken.0 = now;
                taken.1.push((step.per, step.rows, took));
            }
        };
        let derived = self
            .derivation(&rules, &basis, as_of, known_on, per.clone(), out.clone(), &told)
            .run();
        let whole = bar.elapsed();
        bar.finish_and_clear();
        derived.map_err(broken)?;
        let (_, steps) = taken.into_inner().unwrap_or_default();
        tell(screen, &rules.registers, &steps, whole)?;
        remarks(screen, &rules, &basis, &per)?;
        screen.line(&format!("结果已存入 {}", out.display()))?;
        Ok(DONE)
    }

    /// The queries in the order in which they run, each behind a line `--- name`.
    fn print_sql(
        &self,
        screen: &mut Screen,
        rules: &Rules,
        basis: &Basis,
        as_of: Day,
        known_on: Day,
        per: Vec<&'static str>,
    ) -> Result<u8, Failure> {
        let derivation = self.derivation(rules, basis, as_of, known_on, per, PathBuf::new(), &|_| {});
        let arrived = registers::derive::arrived(as_of);
        screen.raw(&format!("--- {}\n{arrived}\n", registers::derive::ARRIVED))?;
        for statement in derivation.statements().map_err(broken)? {
            screen.raw(&format!("--- {}\n{}\n", statement.name, statement.sql.trim_end()))?;
        }
        Ok(DONE)
    }

    #[expect(clippy::too_many_arguments, reason = "what a derivation is made of")]
    fn derivation<'r>(
        &self,
        rules: &'r Rules,
        basis: &'r Basis,
        as_of: Day,
        known_on: Day,
        per: Vec<&'static str>,
        out: PathBuf,
        told: &'r (dyn Fn(&Step<'_>) + Sync),
    ) -> Derivation<'r> {
        Derivation {
            dictionary: &rules.dictionary,
            registers: &rules.registers,
            basis,
            as_of,
            known_on,
            reduction: None,
            months: None,
            history: Vec::new(),
            per,
            out,
            memory_bytes: (self.memory as usize) << 20,
            rows_at_once: registers::derive::rows_within((self.memory as usize) << 20),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            told,
            stop: &NEVER,
        }
    }

    fn per(&self) -> Result<Vec<&'static str>, Failure> {
        let known = || REACHES.iter().map(|reach| reach.per);
        if self.per.is_empty() {
            return Ok(known().filter(|per| *per != BY_MONTH).collect());
        }
        let mut wanted = Vec::new();
        for word in &self.per {
            let reach = Reach::of(word).ok_or_else(|| {
                let hint = format!("可用的有：{}", known().collect::<Vec<_>>().join("、"));
                Failure::misused(format!("没有“{word}”这种明细"), hint)
            })?;
            if !wanted.contains(&reach.per) {
                wanted.push(reach.per);
            }
        }
        Ok(wanted)
    }

    /// A folder of its own: never the home or what else is in it.
    fn out(&self, home: &Home, region: RegionCode, as_of: Day) -> Result<PathBuf, Failure> {
        let own = home.folder().join(FOLDER);
        let Some(out) = &self.out else {
            return Ok(own.join(format!("{region}-{as_of}")));
        };
        let inside = |folder: &Path| {
            let above = out.ancestors().find_map(|above| above.canonicalize().ok());
            let out = std::path::absolute(out).ok();
            let folder = folder.canonicalize().ok();
            folder.is_some_and(|folder| {
                above.is_some_and(|above| above.starts_with(&folder)) || out.is_some_and(|out| out.starts_with(&folder))
            })
        };
        if inside(home.folder()) && !inside(&own) {
            return Err(Failure::misused(
                format!("{} 在数据文件夹内", out.display()),
                format!("请存到数据文件夹以外，或 {} 下", own.display()),
            ));
        }
        Ok(out.clone())
    }
}

/// The folder of registers and what it holds.
pub(crate) fn standing(home: &Home) -> Result<(Folder, Manifest), Failure> {
    let absent = || {
        Failure::new(
            format!("{} 中还没有数据", home.folder().display()),
            "请先用 leye register import 导入数据，或用 --home 指定数据文件夹",
        )
    };
    if !home.is_there()? {
        return Err(absent());
    }
    let imports = screening::Home::of(home.folder())
        .imports()
        .map_err(|error| match error {
            ScreeningError::NoData(_) => absent(),
            ScreeningError::Registers(text) => broken(text),
            error => failure(error),
        })?;
    Ok((Folder::of(home.folder()), imports))
}

fn refuse_without_data(
    basis: &Basis,
    manifest: &Manifest,
    region: RegionCode,
    known_on: Day,
    library: &Library,
) -> Result<(), Failure> {
    if !basis.parts.is_empty() {
        return Ok(());
    }
    let there: BTreeSet<RegionCode> = manifest
        .imports
        .iter()
        .filter_map(|import| RegionCode::parse(&import.region).ok())
        .collect();
    let there: Vec<String> = there
        .iter()
        .map(|code| region::named(*code, &library.regions))
        .collect();
    let first = manifest.imports.iter().map(|import| import.received).min();
    let first = first.map_or_else(String::new, |first| format!("，最早于 {first} 收到"));
    Err(Failure::new(
        format!(
            "到 {known_on} 为止没有 {} 的数据",
            region::named(region, &library.regions)
        ),
        format!("已有数据的地区：{}{first}", there.join("、")),
    ))
}

fn tell(
    screen: &mut Screen,
    registers: &Registers,
    steps: &[(Option<&'static str>, u64, Duration)],
    whole: Duration,
) -> Result<(), Failure> {
    use report::table::{Column, Table};

    let mut table = Table::new(vec![
        Column::new("明细", 8, 22),
        Column::new("一行是什么", 10, 60),
        Column::new("行数", 4, 12),
        Column::new("用时（秒）", 8, 10),
    ]);
    let mut between = Duration::ZERO;
    for (per, rows, took) in steps {
        match per {
            None => between += *took,
            Some(per) => {
                let register = Reach::of(per).and_then(|reach| registers.get(reach.register));
                table.rows.push(vec![
                    (*per).to_owned(),
                    register.map_or_else(String::new, |register| register.about.clone()),
                    rows.to_string(),
                    seconds(*took),
                ]);
            }
        }
    }
    screen.raw(&table.render(screen.width()))?;
    screen.line(&format!(
        "中间结果用时 {} 秒，共用时 {} 秒",
        seconds(between),
        seconds(whole)
    ))
}

fn seconds(took: Duration) -> String {
    format!("{}.{:02}", took.as_secs(), took.subsec_millis() / 10)
}

/// What whoever uses the tables must know: facts that cannot be known.
fn remarks(screen: &mut Screen, rules: &Rules, basis: &Basis, per: &[&str]) -> Result<(), Failure> {
    let entities: BTreeSet<&str> = per
        .iter()
        .filter_map(|per| Reach::of(per))
        .flat_map(Reach::entities)
        .collect();
    let absent: Vec<&str> = rules
        .registers
        .all()
        .filter(|register| entities.contains(register.entity.as_str()) && !basis.has(&register.id))
        .filter(|register| register.columns.iter().any(|column| column.fact.is_some()))
        .map(|register| register.label.as_str())
        .collect();
    if !absent.is_empty() {
        screen.line(&format!(
            "以下数据表没有该地区的数据，有关信息项一律为未知：{}",
            absent.join("、")
        ))?;
    }
    for (register, wider) in &basis.wider {
        let label = rules
            .registers
            .get(register)
            .map_or(register, |register| &register.label);
        let wider = wider.iter().map(|code| region::named(*code, &rules.library.regions));
        screen.line(&format!(
            "“{label}”另有范围更大的数据（{}），没有使用：请按本地区导入，或对上级地区推算",
            wider.collect::<Vec<_>>().join("、")
        ))?;
    }
    Ok(())
}

/// Removes what was derived in the home: after a change of the index key nobody knows its keys, and after data was removed
/// it would outlive it.
pub(crate) fn forget(home: &Home, screen: &mut Screen) -> Result<(), Failure> {
    let derived = home.folder().join(FOLDER);
    if !derived.exists() {
        return Ok(());
    }
    std::fs::remove_dir_all(&derived).map_err(|error| cannot("清理", &derived, &error))?;
    screen.line(&format!(
        "由原有数据推算的结果 {} 已一并删除，请重新推算。",
        derived.display()
    ))
}
