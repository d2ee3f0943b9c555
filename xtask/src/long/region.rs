//! A synthetic region and its import, by the released binary.

use std::error::Error;
use std::fs;
use std::path::Path;

use super::measured::{Run, run as measured};

/// The region.
pub(super) const CODE: &str = "330282";
/// The day the region is about, and the day its registers are received.
pub(super) const AS_OF: &str = "2020-12-31";
pub(super) const RECEIVED: &str = "2021-01-04";
/// Registers that others refer to.
const FIRST: [&str; 2] = ["employer", "institution"];

/// Writes the region of so many people as csv files into `csv` of a folder.
pub(super) fn write(program: &Path, folder: &Path, people: u32, seed: &str) -> Result<Run, Box<dyn Error>> {
    let people = people.to_string();
    let arguments = [
        "synth", "--region", CODE, "--people", &people, "--seed", seed, "--out", "csv",
    ];
    measured(program, &arguments, folder, &[0])
}

/// Imports a file of a folder, or tries to.
pub(super) fn import(
    (program, folder): (&Path, &Path),
    (register, file): (&str, &str),
    commit: bool,
) -> Result<Run, Box<dyn Error>> {
    let mut arguments = vec![
        "register", "import", register, file, "--home", "home", "--region", CODE, "--received", RECEIVED, "--provider",
        "测量", "--basis", "测量", "--purpose", "测量", "--retention", "1年",
    ];
    if commit {
        arguments.push("--commit");
    }
    // 2: some rows were refused, as planted.
    measured(program, &arguments, folder, &[0, 2])
}

/// Imports the files of `csv`, those that others refer to first; each goes as soon as it is in, for disks are small.
/// `told` hears of each.
pub(super) fn import_all(
    (program, folder): (&Path, &Path),
    mut told: impl FnMut(&str, &Run),
) -> Result<(), Box<dyn Error>> {
    let mut registers: Vec<String> = Vec::new();
    for entry in fs::read_dir(folder.join("csv"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            registers.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    registers.sort_by_key(|register| (!FIRST.contains(&register.as_str()), register.clone()));
    for register in registers {
        let file = format!("csv/{register}.csv");
        // Written by the chore itself, so small that a register without rows is told by its first lines.
        let path = folder.join(&file);
        if fs::metadata(&path)?.len() > 4096 || fs::read_to_string(&path)?.lines().count() > 1 {
            told(&register, &import((program, folder), (&register, &file), true)?);
        }
        fs::remove_file(path)?;
    }
    Ok(())
}
