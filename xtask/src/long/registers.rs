//! Registers at full size, by the released binary: a workbook and a csv checked, a synthetic region written, imported and
//! derived, and the same facts derived by DuckDB where Python has it.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::measured::{Run, run as measured};
use super::region::{self, AS_OF, CODE, RECEIVED};
use super::{cargo_with, institutions};

/// How large, and which program.
#[derive(Debug)]
pub(crate) struct Sizes {
    /// Rows of the workbook.
    pub(crate) sheet_rows: u32,
    /// Rows of the csv.
    pub(crate) csv_rows: u32,
    /// People of the synthetic region; of 1,420,000 between 16 and 69 a million have contributions, 32 million rows.
    pub(crate) people: u32,
    /// The program, if not the released one.
    pub(crate) program: Option<PathBuf>,
}

/// Most seconds for checking the workbook, and MiB.
const SHEET_BOUND: (u128, u64) = (5, 300);
/// Most seconds for importing the csv; memory must not grow with the file.
const CSV_BOUND: (u128, u64) = (8, 600);
/// Most MiB for importing contributions; there is no bound on the time.
const IMPORT_MIB: u64 = 1024;
/// Most seconds for deriving all facts, and MiB.
const DERIVE_BOUND: (u128, u64) = (30, 4096);
/// Most times as long as DuckDB.
const TIMES_DUCKDB: u128 = 5;
/// The flat tables that are derived: those whose rows are no months.
const PER: [&str; 12] = [
    "person", "household", "employer", "employment", "unemployment", "training", "internship", "startup", "loan",
    "post", "placement", "institution",
];

impl Sizes {
    /// What the bounds are about.
    pub(crate) const FULL: Self = Self {
        sheet_rows: 100_000,
        csv_rows: 1_000_000,
        people: 1_420_000,
        program: None,
    };

    /// Reads `--people N` and the like; what is not said is of full size.
    pub(crate) fn of(arguments: &[&str]) -> Option<Self> {
        let mut sizes = Self::FULL;
        for pair in arguments.chunks(2) {
            let [name, value] = pair else { return None };
            match *name {
                "--sheet-rows" => sizes.sheet_rows = value.parse().ok()?,
                "--csv-rows" => sizes.csv_rows = value.parse().ok()?,
                "--people" => sizes.people = value.parse().ok()?,
                "--program" => sizes.program = Some(std::path::absolute(value).ok()?),
                _ => return None,
            }
        }
        Some(sizes)
    }
}

/// A home in a folder of its own, which goes when this goes.
struct World<'s> {
    root: &'s Path,
    folder: PathBuf,
    program: PathBuf,
    good: bool,
}

impl Drop for World<'_> {
    fn drop(&mut self) {
        // Gigabytes; what cannot be removed now is removed by the next run.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Runs it all; true when every bound holds.
pub(super) fn run(root: &Path, sizes: &Sizes) -> Result<bool, Box<dyn Error>> {
    let folder = root.join("target/long/registers");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let program = sizes.program.clone();
    let mut world = World {
        root,
        folder,
        program: program.unwrap_or_else(|| root.join("target/release/leye")),
        good: true,
    };
    world.leye(&["key", "init", "--home", "home"], &[0])?;
    world.workbook(sizes.sheet_rows)?;
    world.csv(sizes.csv_rows)?;
    world.region(sizes.people)?;
    Ok(world.good)
}

impl World<'_> {
    fn leye(&self, arguments: &[&str], known: &[i32]) -> Result<Run, Box<dyn Error>> {
        measured(&self.program, arguments, &self.folder, known)
    }

    fn import(&self, register: &str, file: &str, commit: bool) -> Result<Run, Box<dyn Error>> {
        region::import((&self.program, &self.folder), (register, file), commit)
    }

    /// Prints a line and remembers whether its bound held.
    fn judge(&mut self, what: &str, run: &Run, good: bool, bound: &str) {
        let verdict = if good { "" } else { "  BEYOND THE BOUND" };
        crate::say(&format!("long: {what}: {} (bound: {bound}){verdict}", run.shown()));
        self.good &= good;
    }

    fn workbook(&mut self, rows: u32) -> Result<(), Box<dyn Error>> {
        let path = self.folder.join("institutions.xlsx");
        institutions::xlsx(&path, rows)?;
        let run = self.import("institution", "institutions.xlsx", false)?;
        self.all_taken(&run, rows)?;
        let (seconds, mib) = SHEET_BOUND;
        self.judge(
            &format!("{rows} rows × {} columns of xlsx checked", institutions::COLUMNS),
            &run,
            run.within(seconds, mib),
            &format!("{seconds} s, {mib} MiB"),
        );
        Ok(fs::remove_file(path)?)
    }

    fn csv(&mut self, rows: u32) -> Result<(), Box<dyn Error>> {
        let path = self.folder.join("institutions.csv");
        institutions::csv(&path, rows)?;
        let run = self.import("institution", "institutions.csv", true)?;
        self.all_taken(&run, rows)?;
        let (seconds, mib) = CSV_BOUND;
        self.judge(
            &format!(
                "{rows} rows × {} columns of csv with two sealed columns and keys imported",
                institutions::COLUMNS
            ),
            &run,
            run.within(seconds, mib),
            &format!("{seconds} s, {mib} MiB"),
        );
        fs::remove_file(path)?;
        Ok(fs::remove_dir_all(self.folder.join("home"))?)
    }

    fn all_taken(&self, run: &Run, rows: u32) -> Result<(), Box<dyn Error>> {
        let expected = format!("通过 {rows} 行，未通过 0 行");
        if run.code == 0 && run.output.contains(&expected) {
            return Ok(());
        }
        Err(format!("not every row was taken:\n{}", run.output).into())
    }

    /// Written, held against its targets, imported, derived, derived by DuckDB.
    fn region(&mut self, people: u32) -> Result<(), Box<dyn Error>> {
        let run = region::write(&self.program, &self.folder, people, "1")?;
        let bytes = size_of(&self.folder.join("csv"))?;
        crate::say(&format!(
            "long: leye synth, {people} people: {}, {} MB",
            run.shown(),
            bytes / 1_000_000
        ));
        let csv = self.folder.join("csv");
        let tests = [
            "test", "--workspace", "--test", "it", "--", "synth::every_target", "synth::the_county_city",
        ];
        if let Err(error) = cargo_with(self.root, &tests, &[("LEYE_REGION", &csv.to_string_lossy())]) {
            crate::say(&format!("long: the region misses its targets: {error}"));
            self.good = false;
        }
        self.leye(&["key", "init", "--home", "home"], &[0])?;
        self.import_region()?;
        let flat = self.derive(&["--out", "flat"])?;
        for line in flat.output.lines() {
            crate::say(&format!("long:   {line}"));
        }
        let (seconds, mib) = DERIVE_BOUND;
        let good = flat.within(seconds, mib);
        self.judge("all facts derived", &flat, good, &format!("{seconds} s, {mib} MiB"));
        let verified = self.leye(&["register", "verify", "--home", "home"], &[0])?;
        crate::say(&format!(
            "long: every byte of the registers verified: {}",
            verified.shown()
        ));
        self.duckdb(&flat)
    }

    fn derive(&self, more: &[&str]) -> Result<Run, Box<dyn Error>> {
        let mut arguments = vec![
            "register", "derive", "--home", "home", "--region", CODE, "--as-of", AS_OF, "--known-on", RECEIVED,
        ];
        arguments.extend(PER.iter().flat_map(|per| ["--per", per]));
        arguments.extend(more);
        self.leye(&arguments, &[0])
    }

    fn import_region(&mut self) -> Result<(), Box<dyn Error>> {
        let mut contributions = None;
        region::import_all((&self.program, &self.folder), |register, run| {
            if register == "contribution" {
                contributions = Some(run.clone());
            }
        })?;
        if let Some(run) = contributions {
            let read = run.output.lines().find(|line| line.starts_with("读到"));
            let what = format!("contributions imported, {}", read.unwrap_or_default());
            let good = run.kib < IMPORT_MIB * 1024;
            self.judge(&what, &run, good, &format!("{IMPORT_MIB} MiB"));
        }
        let bytes = size_of(&self.folder.join("home"))?;
        crate::say(&format!("long: the home has {} MB", bytes / 1_000_000));
        Ok(())
    }

    /// The same SQL on the same files in the same run by DuckDB, where `python3` (or `LEYE_PYTHON`) has it.
    fn duckdb(&mut self, ours: &Run) -> Result<(), Box<dyn Error>> {
        let python = std::env::var("LEYE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let there = Command::new(&python)
            .args(["-c", "import duckdb"])
            .output()
            .is_ok_and(|output| output.status.success());
        if !there {
            if std::env::var("LEYE_REQUIRE_ALL").as_deref() == Ok("1") {
                return Err(format!("{python} has no duckdb and LEYE_REQUIRE_ALL=1").into());
            }
            crate::say(&format!(
                "long: SKIPPED: {python} has no duckdb, so nothing is compared with it (bench/peers/README.md)"
            ));
            return Ok(());
        }
        let statements = self.derive(&["--sql"])?;
        fs::write(self.folder.join("statements.sql"), statements.output)?;
        let script = self.root.join("bench/peers/derive.py");
        let run = measured(
            Path::new(&python),
            &[
                &script.to_string_lossy(),
                "--home",
                "home",
                "--known-on",
                RECEIVED,
                "--work",
                ".",
                "--step",
                "duck",
            ],
            &self.folder,
            &[0],
        )?;
        let good = ours.millis <= run.millis * TIMES_DUCKDB;
        let bound = format!("ours at most {TIMES_DUCKDB} times as long");
        self.judge("the same SQL by DuckDB", &run, good, &bound);
        let compared = measured(
            Path::new(&python),
            &[
                &script.to_string_lossy(),
                "--home",
                "home",
                "--work",
                ".",
                "--step",
                "compare",
            ],
            &self.folder,
            &[0],
        )?;
        for line in compared.output.lines() {
            crate::say(&format!("long:   {line}"));
            if !line.ends_with(" 0 only ours, 0 only theirs") {
                self.good = false;
            }
        }
        Ok(())
    }
}

/// Bytes of all files below a folder.
fn size_of(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let mut bytes = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                bytes += entry.metadata()?.len();
            }
        }
    }
    Ok(bytes)
}
