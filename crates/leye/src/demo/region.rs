//! The second half of the demo: a region that does not exist is made, imported like an office's files, and screened.

use std::fs;
use std::path::{Path, PathBuf};

use civil::{Day, RegionCode, RegionLevel};
use policy::file::Tree;
use registers::synth::{FEWEST_PEOPLE, MOST_PEOPLE};
use rules::catalogue::Catalogue;
use screening::Request;
use screening::synthetic::{Region, SyntheticError};

use crate::failure::Failure;
use crate::home::{Home, cannot};
use crate::screen::Screen;
use crate::screening::{funnel, make, overview, save_lists};
use crate::{key, region};

/// The day of the demo.
const TODAY: (i16, i8, i8) = (2020, 12, 15);
/// Where its randomness starts: the demo shows the same people to everybody.
const SEED: u64 = 20_201_215;
/// Benefits whose funnel is printed: those with most eligible rows.
const FUNNELS: usize = 2;

/// The day of the demo.
pub(super) fn today() -> Day {
    let (year, month, day) = TODAY;
    Day::new(year, month, day).unwrap_or(Day::MIN)
}

/// The region that is wanted, with the packs that know it.
pub(super) struct Wanted {
    catalogue: Catalogue,
    code: RegionCode,
    people: u32,
}

impl Wanted {
    /// Reads the arguments; nothing is made.
    ///
    /// # Errors
    /// [`Failure`] where there is no such region, or nobody can make so many people.
    pub(super) fn read(wanted: &str, people: u32) -> Result<Self, Failure> {
        let catalogue = Catalogue::load(&Tree::built_in());
        let code = region::read(wanted, &catalogue.library.regions)?;
        if !(FEWEST_PEOPLE..=MOST_PEOPLE).contains(&people) {
            return Err(Failure::misused(
                format!("--people 的内容“{people}”不在 {FEWEST_PEOPLE} 至 {MOST_PEOPLE} 之间"),
                "请改写人数",
            ));
        }
        Ok(Self {
            catalogue,
            code,
            people,
        })
    }
}

/// Makes the region below `folder`, screens it, and says what came of it; the home it stands in.
pub(super) fn show(screen: &mut Screen, folder: &Path, wanted: Wanted) -> Result<PathBuf, Failure> {
    let Wanted {
        catalogue,
        code,
        people,
    } = wanted;
    let county = code.at(RegionLevel::County).unwrap_or(code);
    let today = today();
    screen.line(&format!(
        "演示二：生成一个不存在的地区（代码借用{}，{people} 人），导入数据表，于 {today} 筛查全部补贴项目。",
        region::named(county, &catalogue.library.regions)
    ))?;
    screen.flush()?;
    let (csv, place) = (folder.join("数据表"), folder.join("home"));
    // Both are the demo's own; an earlier demo's give way.
    for old in [&csv, &place] {
        if old.exists() {
            fs::remove_dir_all(old).map_err(|error| cannot("清理", old, &error))?;
        }
    }
    let home = Home::of(Some(&place));
    home.create()?;
    let region = Region {
        catalogue: &catalogue,
        code: county,
        people,
        seed: SEED,
        as_of: today,
        threads: threads(),
    };
    let filled = region
        .fill(home.folder(), &csv, &mut key::system_randomness)
        .map_err(|error| match error {
            SyntheticError::Keys(error) => key::failure(error),
            error => Failure::new(error.to_string(), "请检查磁盘空间和权限后重新运行演示"),
        })?;
    screen.line(&format!(
        "数据表 {} 张、{} 行已生成并导入（有意埋设的问题 {} 处，导入时查出 {} 行，见 {}）。",
        filled.registers,
        filled.rows,
        filled.planted,
        filled.refused,
        csv.join("truth.jsonl").display()
    ))?;
    screen.flush()?;
    let request = Request {
        region: county,
        as_of: today,
        known_on: today,
        month: today.month(),
        benefits: None,
        without_history: false,
        threads: threads(),
        memory_bytes: 2 << 30,
    };
    let run = make(&screening::Home::of(home.folder()), &catalogue, &request)?;
    screen.line("")?;
    overview(screen, &catalogue, &run.summary)?;
    let mut most: Vec<_> = run
        .summary
        .benefits
        .iter()
        .filter(|benefit| benefit.amount_fen.is_some())
        .collect();
    most.sort_by_key(|benefit| std::cmp::Reverse(benefit.eligible));
    for benefit in most.into_iter().take(FUNNELS).filter(|benefit| benefit.eligible > 0) {
        funnel(screen, &catalogue, benefit)?;
    }
    screen.line("")?;
    let lists = folder.join("疑似符合名单");
    keep(screen, &lists)?;
    save_lists(screen, &home, &catalogue, &run.summary, &lists, false)?;
    screen.line(&format!(
        "名单末列是对象的标识，看某一个对象为何符合：leye explain --home {} --run {} --benefit <编号> --key <标识>",
        place.display(),
        run.run
    ))?;
    Ok(place)
}

/// Puts lists of an earlier demo aside: somebody may have written into them what was verified.
fn keep(screen: &mut Screen, lists: &Path) -> Result<(), Failure> {
    if !lists.exists() {
        return Ok(());
    }
    let mut aside = lists.to_owned();
    let mut number = 0_u32;
    while aside.exists() {
        number += 1;
        aside.set_file_name(format!("疑似符合名单（原{number}）"));
    }
    fs::rename(lists, &aside).map_err(|error| cannot("改名", lists, &error))?;
    screen.line(&format!(
        "原有的疑似符合名单改名为 {}；重新生成的地区标识不同，两次的名单不能对照。",
        aside.display()
    ))
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
