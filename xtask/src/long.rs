//! `cargo xtask long`: everything at full size. The tests with `LEYE_SCALE=long`, the benches, and what the released binary
//! does with large texts and large registers, with its speed and its greatest memory.

mod institutions;
mod measured;
mod people;
mod reading;
mod region;
mod registers;

use std::error::Error;
use std::path::Path;
use std::process::Command;

pub(crate) use people::Crowd;
pub(crate) use registers::Sizes;

/// Runs it all; true when every bound holds.
pub(crate) fn run(root: &Path) -> Result<bool, Box<dyn Error>> {
    cargo(root, &["test", "--workspace"])?;
    cargo(root, &["bench", "--workspace"])?;
    let good = reading(root)?;
    let good = registers(root, &Sizes::FULL)? && good;
    Ok(people(root, &Crowd::FULL)? && good)
}

/// Large texts alone.
pub(crate) fn reading(root: &Path) -> Result<bool, Box<dyn Error>> {
    cargo(root, &["build", "--release", "--bin", "leye"])?;
    reading::run(root)
}

/// Large registers alone, of these sizes.
pub(crate) fn registers(root: &Path, sizes: &Sizes) -> Result<bool, Box<dyn Error>> {
    if sizes.program.is_none() {
        cargo(root, &["build", "--release", "--bin", "leye"])?;
    }
    registers::run(root, sizes)
}

/// A region and one of five times its people alone.
pub(crate) fn people(root: &Path, crowd: &Crowd) -> Result<bool, Box<dyn Error>> {
    if crowd.program.is_none() {
        cargo(root, &["build", "--release", "--bin", "leye"])?;
    }
    people::run(root, crowd)
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    cargo_with(root, arguments, &[("LEYE_SCALE", "long")])
}

fn cargo_with(root: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Result<(), Box<dyn Error>> {
    crate::say(&format!("long: cargo {}", arguments.join(" ")));
    let status = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root)
        .envs(variables.iter().copied())
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("cargo {} failed", arguments.join(" ")).into())
    }
}
