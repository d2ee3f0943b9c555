//! The project's own chores: `cargo xtask samples [--check]`, `cargo xtask tidy`, `cargo xtask long [reading | registers | people]`,
//! `cargo xtask bench-peers`, `cargo xtask load`.

mod bench_peers;
mod load;
mod long;
mod samples;
mod tidy;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, error};

const USAGE: &str = "usage: cargo xtask samples [--check] | tidy | long [reading | registers [--sheet-rows N] [--csv-rows N] [--people N] [--program FILE] | people [--people N] [--keep DIR] [--program FILE]] | bench-peers […] | load [--program FILE] [--home DIR] [--readers N] [--seconds N]";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nothing is left to try where even the error stream is closed.
            let _ = writeln!(io::stderr(), "xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the chore that is named; true when it found nothing to complain of.
fn dispatch(arguments: &[&str]) -> Result<bool, Box<dyn error::Error>> {
    match arguments {
        ["samples"] => samples::run(false),
        ["samples", "--check"] => samples::run(true),
        ["tidy"] => tidy::run(&root()),
        ["long"] => long::run(&root()),
        ["long", "reading"] => long::reading(&root()),
        ["long", "people", crowd @ ..] => long::people(&root(), &long::Crowd::of(crowd).ok_or(USAGE)?),
        ["long", "registers", sizes @ ..] => long::registers(&root(), &long::Sizes::of(sizes).ok_or(USAGE)?),
        ["load", options @ ..] => load::run(&root(), &load::Load::of(options).ok_or(USAGE)?),
        ["bench-peers", options @ ..] => bench_peers::run(&root(), options),
        _ => Err(USAGE.into()),
    }
}

/// The workspace's folder.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_path_buf)
}

/// Prints one line; a closed stream is nothing to fail for.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}
