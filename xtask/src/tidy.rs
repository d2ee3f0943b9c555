//! `cargo xtask tidy`: what no compiler checks. The map names the crates there are, files stay readable, no marker is
//! left over, the README's commands exist, and nothing names a machine or a host.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Past this a file is two things.
const MAX_LINES: usize = 800;
/// The two commands a newcomer types.
const README_COMMANDS: &[&str] = &["cargo run --release -- demo", "cargo test --workspace"];

/// Checks the tree; true when nothing is found.
pub(crate) fn run(root: &Path) -> Result<bool, Box<dyn Error>> {
    let files = tracked(root)?;
    let mut found = Vec::new();
    found.extend(map(root)?);
    found.extend(readme(root)?);
    for file in &files {
        let Ok(text) = fs::read_to_string(root.join(file)) else {
            continue;
        };
        found.extend(size(file, &text));
        found.extend(markers(file, &text));
        found.extend(places(file, &text));
    }
    for line in &found {
        crate::say(line);
    }
    crate::say(&format!("tidy: {} files, {} findings", files.len(), found.len()));
    Ok(found.is_empty())
}

/// Files that git knows, and new ones it does not ignore.
fn tracked(root: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()?;
    if !output.status.success() {
        return Err("git ls-files failed".into());
    }
    let names: BTreeSet<String> = String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect();
    Ok(names.into_iter().filter(|n| root.join(n).is_file()).collect())
}

/// docs/ARCHITECTURE.md names each crate under a heading of its own, and no crate that is not there.
fn map(root: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let map = fs::read_to_string(root.join("docs/ARCHITECTURE.md"))?;
    let named: BTreeSet<&str> = map
        .lines()
        .filter_map(|l| l.strip_prefix("### `crates/"))
        .filter_map(|l| l.split('`').next())
        .collect();
    let mut there = BTreeSet::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            there.insert(entry.file_name().to_string_lossy().into_owned());
        }
    }
    let missing = there
        .iter()
        .filter(|c| !named.contains(c.as_str()))
        .map(|c| format!("docs/ARCHITECTURE.md: crate {c} is not on the map"));
    let gone = named
        .iter()
        .filter(|c| !there.contains(**c))
        .map(|c| format!("docs/ARCHITECTURE.md: there is no crate {c}"));
    Ok(missing.chain(gone).collect())
}

/// Both READMEs give the two commands, and each `leye` subcommand they name is one.
fn readme(root: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let arguments = fs::read_to_string(root.join("crates/leye/src/arguments.rs"))?.to_lowercase();
    let mut found = Vec::new();
    for name in ["README.md", "README.zh-CN.md"] {
        let text = fs::read_to_string(root.join(name))?;
        for command in README_COMMANDS {
            if !text.lines().any(|l| l.trim() == *command) {
                found.push(format!("{name}: the command `{command}` is missing"));
            }
        }
        for subcommand in fenced(&text).filter_map(subcommand) {
            if !arguments.contains(&format!("{subcommand}(")) {
                found.push(format!("{name}: leye has no command `{subcommand}`"));
            }
        }
    }
    Ok(found)
}

/// Lines inside fenced blocks.
fn fenced(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().filter(move |line| {
        if line.trim_start().starts_with("```") {
            inside = !inside;
            return false;
        }
        inside
    })
}

/// The subcommand that a line of a README calls.
fn subcommand(line: &str) -> Option<&str> {
    let line = line.trim().trim_start_matches("$ ");
    let rest = line
        .strip_prefix("leye ")
        .or_else(|| line.strip_prefix("cargo run --release -- "))
        .or_else(|| line.strip_prefix("cargo run -- "))?;
    rest.split_whitespace()
        .next()
        .filter(|w| w.chars().all(|c| c.is_ascii_lowercase()))
}

fn size(file: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (file.ends_with(".rs") && lines > MAX_LINES)
        .then(|| format!("{file}: {lines} lines; past {MAX_LINES} a file is two things"))
}

/// Words that say something is not done. Spelled in halves so that this file does not find itself.
fn markers(file: &str, text: &str) -> Vec<String> {
    let words = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("HA", "CK"),
        concat!("dbg", "!("),
        concat!("todo", "!("),
        concat!("unimpl", "emented!("),
    ];
    if !file.ends_with(".rs") && !file.ends_with(".md") && !file.ends_with(".toml") && file != ".ci/run" {
        return Vec::new();
    }
    lines_with(file, text, &words, "a marker is left over")
}

/// Hosts of registries and folders of a machine have no place in the project.
fn places(file: &str, text: &str) -> Vec<String> {
    let words = [
        concat!("crates", ".io/"),
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/ho", "me/"),
        concat!("registry.np", "mjs"),
        concat!("py", "pi.org"),
    ];
    if file == "Cargo.lock" || file.starts_with("samples/") {
        return Vec::new();
    }
    lines_with(file, text, &words, "names a host or a folder of a machine")
}

fn lines_with(file: &str, text: &str, words: &[&str], what: &str) -> Vec<String> {
    text.lines()
        .enumerate()
        .filter_map(|(index, line)| {
            words
                .iter()
                .find(|w| line.contains(**w))
                .map(|w| format!("{file}:{}: `{w}`: {what}", index + 1))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_a_marker_and_a_machine_are_found() {
        assert!(size("a.rs", &"x\n".repeat(801)).is_some());
        assert!(size("a.rs", &"x\n".repeat(800)).is_none());
        assert_eq!(markers("a.rs", concat!("ok\n// TO", "DO later\n")).len(), 1);
        assert_eq!(places("a.md", concat!("see /wo", "rk/main")).len(), 1);
        assert!(markers("a.rs", "fn done() {}").is_empty());
    }

    #[test]
    fn commands_are_read_out_of_fenced_blocks() {
        let text = "leye no\n```sh\ncargo run --release -- demo\nleye extract a.docx --json\n```\nleye no\n";
        assert_eq!(
            fenced(text).filter_map(subcommand).collect::<Vec<_>>(),
            ["demo", "extract"]
        );
    }
}
