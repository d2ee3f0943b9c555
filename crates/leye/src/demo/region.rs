//! The second half of the demo: a region that does not exist is made, imported like an office's files, and screened.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use civil::{Day, RegionCode, RegionLevel};
use policy::file::Tree;
use registers::folder::Folder;
use registers::import::{Context, Request as Import, import};
use registers::synth::{self, FEWEST_PEOPLE, MOST_PEOPLE, Plan};
use registers::value::{Benefits, Names, RegionNames};
use rules::catalogue::Catalogue;
use screening::{Request, Runs};
use seal::KeyFolder;

use crate::failure::{Failure, reason};
use crate::home::{Home, cannot};
use crate::screen::Screen;
use crate::screening::{funnel, make, overview, save_lists};
use crate::{key, region};

/// The day of the demo.
const TODAY: (i16, i8, i8) = (2020, 12, 15);
/// Where its randomness starts: the demo shows the same people to everybody.
const SEED: u64 = 20_201_215;
/// Registers that others refer to come first.
const FIRST: [&str; 2] = ["employer", "institution"];
/// Benefits whose funnel is printed: those with most eligible rows.
const FUNNELS: usize = 2;

/// Makes the region below `folder`, screens it, and says what came of it.
pub(super) fn show(screen: &mut Screen, folder: &Path, wanted: &str, people: u32) -> Result<(), Failure> {
    let catalogue = Catalogue::load(&Tree::built_in());
    let code = region::read(wanted, &catalogue.library.regions)?;
    if !(FEWEST_PEOPLE..=MOST_PEOPLE).contains(&people) {
        return Err(Failure::misused(
            format!("--people 的内容“{people}”不在 {FEWEST_PEOPLE} 至 {MOST_PEOPLE} 之间"),
            "请改写人数",
        ));
    }
    let county = code.at(RegionLevel::County).unwrap_or(code);
    let (year, month, day) = TODAY;
    let today = Day::new(year, month, day).unwrap_or(Day::MIN);
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
    let plan = Plan {
        region: county,
        people,
        seed: SEED,
        as_of: today,
        threads: threads(),
    };
    let made = synth::write(&plan, &catalogue.registers, &csv)
        .map_err(|error| Failure::new(error.to_string(), "请检查磁盘空间和权限"))?;
    let home = Home::of(Some(&place));
    home.create()?;
    let ring = KeyFolder::of(home.folder())
        .create(&mut key::system_randomness)
        .map_err(key::failure)?;
    let registers = Folder::of(home.folder());
    let refused = fill(&catalogue, &registers, &ring, &csv, county, today)?;
    let rows: u64 = made.rows.values().sum();
    let planted: u64 = made.planted.values().sum();
    screen.line(&format!(
        "数据表 {} 张、{rows} 行已生成并导入（有意埋设的问题 {planted} 处，导入时查出 {refused} 行，见 {}）。",
        made.rows.len(),
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
    let runs = Runs::of(home.folder());
    let run = make(&catalogue, &registers, &runs, &request)?;
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
        funnel(screen, benefit)?;
    }
    screen.line("")?;
    let lists = folder.join("疑似符合名单");
    if lists.exists() {
        fs::remove_dir_all(&lists).map_err(|error| cannot("清理", &lists, &error))?;
    }
    save_lists(screen, &home, &catalogue, &runs, &run.summary, &lists, false)?;
    screen.line(&format!(
        "名单末列是对象的标识，看某一个对象为何符合：leye explain --home {} --run {} --benefit <编号> --key <标识>",
        place.display(),
        run.run
    ))
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Imports every file of the region as an office would; the rows that were refused.
fn fill(
    catalogue: &Catalogue,
    folder: &Folder,
    ring: &seal::KeyRing,
    csv: &Path,
    region: RegionCode,
    today: Day,
) -> Result<u64, Failure> {
    let names: BTreeMap<String, String> = catalogue
        .benefits
        .all()
        .flat_map(|benefit| [benefit.id.to_string(), benefit.name.clone()].map(|name| (name, benefit.id.to_string())))
        .collect();
    let (benefits, regions) = (Benefits(names), RegionNames::of(&catalogue.library.regions));
    let request = Import {
        region,
        received: today,
        provider: "演示".to_owned(),
        basis: "演示".to_owned(),
        purpose: "演示".to_owned(),
        retention: "1年".to_owned(),
        replaces: false,
        commit: true,
    };
    let rest = synth::registers().filter(|register| !FIRST.contains(register));
    let mut refused = 0;
    for register in FIRST.into_iter().chain(rest) {
        let Some(schema) = catalogue.registers.get(register) else {
            continue;
        };
        let file = csv.join(format!("{register}.csv"));
        let text = fs::read(&file).map_err(|error| {
            Failure::new(
                format!("{} 读不出来：{}", file.display(), reason(&error)),
                "请重新运行演示",
            )
        })?;
        // A small region has nobody in some registers.
        if text.iter().filter(|byte| **byte == b'\n').count() < 2 {
            continue;
        }
        let context = Context {
            registers: &catalogue.registers,
            names: Names {
                benefits: &benefits,
                regions: &regions,
            },
            ring,
            random: &mut key::system_randomness,
            folder,
            threads: threads(),
            progress: &|_| {},
        };
        let report = import(&file, schema, &request, context)
            .map_err(|error| Failure::new(format!("{}：{error}", file.display()), "请将该情况告知维护人员"))?;
        refused += report.rejected;
    }
    Ok(refused)
}
