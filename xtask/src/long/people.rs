//! A region and one with five times its people screened by the released binary: time that grows with the people, memory
//! that does not.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use super::measured::{Run, run as measured};
use super::region::{self, AS_OF, CODE};

/// How many people, and where.
#[derive(Debug)]
pub(crate) struct Crowd {
    /// People of the smaller region.
    pub(crate) people: u32,
    /// A folder that holds both regions from an earlier run, or is to hold them; else they are made and go.
    pub(crate) keep: Option<PathBuf>,
    /// The program, if not the released one.
    pub(crate) program: Option<PathBuf>,
}

/// How many times the people of the smaller region the larger one has.
const TIMES: u32 = 5;
/// Most that it may take beyond as many times the time, in per cent.
const BEYOND_PER_CENT: u128 = 20;
/// Most memory of either, in KiB: two GB.
const MOST_KIB: u64 = 2_000_000_000 / 1_024;

impl Crowd {
    /// What the bounds are about.
    pub(crate) const FULL: Self = Self {
        people: 1_000_000,
        keep: None,
        program: None,
    };

    /// Reads `--people N` and the like; what is not said is of full size.
    pub(crate) fn of(arguments: &[&str]) -> Option<Self> {
        let mut crowd = Self::FULL;
        for pair in arguments.chunks(2) {
            let [name, value] = pair else { return None };
            match *name {
                "--people" => crowd.people = value.parse().ok()?,
                "--keep" => crowd.keep = Some(std::path::absolute(value).ok()?),
                "--program" => crowd.program = Some(std::path::absolute(value).ok()?),
                _ => return None,
            }
        }
        Some(crowd)
    }
}

/// Makes both regions and screens them in turn: the smaller, the larger, the smaller. True when every bound holds.
pub(super) fn run(root: &Path, crowd: &Crowd) -> Result<bool, Box<dyn Error>> {
    let program = crowd
        .program
        .clone()
        .unwrap_or_else(|| root.join("target/release/leye"));
    let folder = crowd.keep.clone().unwrap_or_else(|| root.join("target/long/people"));
    let (one, many) = (folder.join("1"), folder.join(TIMES.to_string()));
    if crowd.keep.is_none() && folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    make(&program, &one, crowd.people)?;
    make(&program, &many, crowd.people * TIMES)?;
    let (before, larger, after) = (
        screen(&program, &one)?,
        screen(&program, &many)?,
        screen(&program, &one)?,
    );
    if crowd.keep.is_none() {
        fs::remove_dir_all(&folder)?;
    }
    let smaller = u128::midpoint(before.millis, after.millis).max(1);
    let most = smaller * u128::from(TIMES) * (100 + BEYOND_PER_CENT) / 100;
    let is_linear = larger.millis <= most;
    let is_small = [&before, &larger, &after].iter().all(|run| run.kib <= MOST_KIB);
    let verdict = |good: bool| if good { "" } else { "  BEYOND THE BOUND" };
    crate::say(&format!(
        "long: {} people screened: {}, {}; {} people: {}",
        crowd.people,
        before.shown(),
        after.shown(),
        crowd.people * TIMES,
        larger.shown()
    ));
    crate::say(&format!(
        "long: {}.{:02} times the time (bound: {TIMES} and {BEYOND_PER_CENT} % of it){}; memory (bound: {MOST_KIB} KiB){}",
        larger.millis / smaller,
        larger.millis * 100 / smaller % 100,
        verdict(is_linear),
        verdict(is_small)
    ));
    Ok(is_linear && is_small)
}

/// A region in a home, unless it is there.
fn make(program: &Path, folder: &Path, people: u32) -> Result<(), Box<dyn Error>> {
    if folder.join("home/registers").is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    let written = region::write(program, folder, people, "7")?;
    crate::say(&format!("long: leye synth, {people} people: {}", written.shown()));
    measured(program, &["key", "init", "--home", "home"], folder, &[0])?;
    region::import_all((program, folder), |register, run| {
        if register == "contribution" {
            crate::say(&format!("long: contributions imported: {}", run.shown()));
        }
    })
}

/// One screening of a home; what it wrote goes.
fn screen(program: &Path, folder: &Path) -> Result<Run, Box<dyn Error>> {
    let run = measured(
        program,
        &["screen", "--home", "home", "--region", CODE, "--as-of", AS_OF],
        folder,
        &[0],
    )?;
    fs::remove_dir_all(folder.join("home/runs"))?;
    Ok(run)
}
