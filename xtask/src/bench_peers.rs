//! `cargo xtask bench-peers`: the same people through our kernel, a loop written by hand, DataFusion, DuckDB and
//! OpenFisca-core, in one run. Every engine must give the same totals before its time counts for anything.
//!
//! Rounds are interleaved: in each, every engine runs once in a process of its own, loads the people, computes them once
//! untimed and then a few times on the clock. Medians over all rounds are told, as a table for `docs/performance.md`.

mod table;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use table::{Measured, Task};

/// People where nobody says otherwise; a multiple of 64.
const PEOPLE: usize = 1_000_000;
const ROUNDS: usize = 5;
/// Times that a process measures in a round.
const REPEATS: usize = 5;
const THREADS: [usize; 2] = [1, 2];

pub(crate) const USAGE: &str = "bench-peers [--people N] [--rounds N] [--dev] [-- ARGUMENTS OF leye screen]";

/// What is asked for.
struct Options {
    people: usize,
    rounds: usize,
    /// Unoptimised, to try the chore itself out: its times mean nothing.
    dev: bool,
    /// Arguments of `leye screen`, where the whole screening is to be timed as well.
    screen: Vec<String>,
}

impl Options {
    fn read(arguments: &[&str]) -> Result<Self, Box<dyn Error>> {
        let mut options = Self {
            people: PEOPLE,
            rounds: ROUNDS,
            dev: false,
            screen: Vec::new(),
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut number = || {
                rest.next()
                    .and_then(|text| text.parse().ok())
                    .filter(|number| *number > 0)
            };
            match *argument {
                "--people" => options.people = number().ok_or("--people takes a number")?,
                "--rounds" => options.rounds = number().ok_or("--rounds takes a number")?,
                "--dev" => options.dev = true,
                "--" => options.screen = rest.by_ref().map(|text| (*text).to_owned()).collect(),
                _ => return Err(format!("usage: cargo xtask {USAGE}").into()),
            }
        }
        if !options.people.is_multiple_of(64) {
            return Err("--people takes a multiple of 64".into());
        }
        Ok(options)
    }
}

/// An engine's way to run: a name in the table, a program and the arguments that come before the numbers.
struct Engine {
    name: &'static str,
    program: PathBuf,
    before: Vec<String>,
    after: Vec<String>,
}

/// Runs it all; true when every engine agrees and every bound holds.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Result<bool, Box<dyn Error>> {
    let options = Options::read(arguments)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let built = target.join(if options.dev { "debug" } else { "release" });
    // One build of both, so that both use the same build of what they share.
    let mut build = vec![
        "build", "-p", "leye", "--bin", "leye", "-p", "screening", "--example", "peers",
    ];
    build.extend((!options.dev).then_some("--release"));
    succeed(Command::new(env!("CARGO")).args(&build).current_dir(root))?;
    let work = target.join("peers");
    fs::create_dir_all(&work)?;
    let python = python(root, &work)?;
    let peers = built.join("examples/peers");
    succeed(
        Command::new(&peers)
            .arg("make")
            .arg(&work)
            .arg(options.people.to_string()),
    )?;
    let bench = Bench {
        ours: peers,
        python,
        script: root.join("bench/peers/engines.py"),
        by_hand: root.join("bench/peers/by_hand.sql"),
        printed: work.join("printed.sql"),
        rounds: options.rounds,
        work,
    };
    let mut good = true;
    let mut measured = Vec::new();
    for task in [Task::Complete, Task::WithNulls, Task::Rows] {
        measured.push((task, bench.task(task)?));
    }
    good &= bench.rows_agree()?;
    let text = table::text(&measured, options.people, options.rounds * REPEATS);
    crate::say(&text);
    fs::write(bench.work.join("result.md"), &text)?;
    if options.screen.is_empty() {
        crate::say("whole screening: not timed; its arguments come after --, as --home DIR --region CODE --as-of DATE");
    } else {
        whole_screening(&built.join("leye"), &options.screen, options.rounds)?;
    }
    if options.dev {
        crate::say("built without optimising: the times mean nothing, no bound is checked");
    } else {
        for broken in table::broken_bounds(&measured) {
            crate::say(&broken);
            good = false;
        }
    }
    Ok(good)
}

/// Where everything is.
struct Bench {
    ours: PathBuf,
    python: PathBuf,
    script: PathBuf,
    by_hand: PathBuf,
    printed: PathBuf,
    rounds: usize,
    work: PathBuf,
}

impl Bench {
    /// Every engine and number of threads, in rounds; an error where totals differ.
    fn task(&self, task: Task) -> Result<Vec<Measured>, Box<dyn Error>> {
        let engines = self.engines(task);
        let mut nanos: BTreeMap<(usize, usize), Vec<u128>> = BTreeMap::new();
        let mut agreed: Option<(String, &str)> = None;
        for round in 1..=self.rounds {
            for threads in THREADS {
                for (at, engine) in engines.iter().enumerate() {
                    crate::say(&format!("{task:?}, round {round}, {threads} threads: {}", engine.name));
                    let (totals, times) = engine.measure(threads)?;
                    match &agreed {
                        Some((known, first)) if *known != totals => {
                            let message = format!("{} and {first} differ:\n{totals}\n{known}", engine.name);
                            return Err(message.into());
                        }
                        Some(_) => {}
                        None => agreed = Some((totals, engine.name)),
                    }
                    nanos.entry((at, threads)).or_default().extend(times);
                }
            }
        }
        let measured = nanos.into_iter().filter_map(|((at, threads), nanos)| {
            let engine = engines.get(at)?;
            Some(Measured::new(engine.name, threads, nanos))
        });
        Ok(measured.collect())
    }

    fn engines(&self, task: Task) -> Vec<Engine> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let file = text(&self.work.join(task.file()));
        let (printed, by_hand) = (text(&self.printed), text(&self.by_hand));
        let ours = |name, before: Vec<&str>, after: &[&String]| Engine {
            name,
            program: self.ours.clone(),
            before: before.into_iter().map(str::to_owned).collect(),
            after: after.iter().map(|text| (*text).clone()).collect(),
        };
        let theirs = |name, before: Vec<&str>, after: &[&String]| {
            let script = text(&self.script);
            let mut engine = ours(name, before, after);
            engine.program = self.python.clone();
            engine.before.insert(0, script);
            engine
        };
        if task == Task::Rows {
            let (our_rows, duck) = (text(&self.work.join("rows")), text(&self.work.join("duckdb.parquet")));
            return vec![
                ours(table::KERNEL, vec!["rows", &file, &our_rows], &[]),
                theirs(table::DUCKDB, vec!["rows", &file, &duck], &[&printed]),
                theirs(table::DUCKDB_BY_HAND, vec!["rows", &file, &duck], &[&by_hand]),
            ];
        }
        let mut engines = vec![
            ours(table::KERNEL, vec!["totals", "kernel", &file], &[]),
            ours(table::LOOP, vec!["totals", "loop", &file], &[]),
            ours(table::DATAFUSION, vec!["totals", "datafusion", &file], &[&printed]),
            ours(
                table::DATAFUSION_BY_HAND,
                vec!["totals", "datafusion", &file],
                &[&by_hand],
            ),
            theirs(table::DUCKDB, vec!["totals", "duckdb", &file], &[&printed]),
            theirs(table::DUCKDB_BY_HAND, vec!["totals", "duckdb", &file], &[&by_hand]),
        ];
        if task == Task::Complete {
            engines.push(theirs(table::OPENFISCA, vec!["totals", "openfisca", &file], &[]));
        }
        engines
    }

    /// The rows that we wrote last and those that DuckDB wrote last, one by one.
    fn rows_agree(&self) -> Result<bool, Box<dyn Error>> {
        let (ours, theirs) = (self.work.join("rows"), self.work.join("duckdb.parquet"));
        let output = answer(
            Command::new(&self.python)
                .arg(&self.script)
                .arg("compare")
                .arg(ours)
                .arg(theirs),
        )?;
        let numbers = numbers(&output, "compared")?;
        let [rows, different] = numbers.as_slice() else {
            return Err(format!("nothing was compared: {output}").into());
        };
        crate::say(&format!(
            "rows written by us and by DuckDB: {rows} compared, {different} different"
        ));
        Ok(*different == 0 && *rows > 0)
    }
}

impl Engine {
    /// Totals and times of one process.
    fn measure(&self, threads: usize) -> Result<(String, Vec<u128>), Box<dyn Error>> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.before)
            .arg(threads.to_string())
            .arg(REPEATS.to_string())
            .args(&self.after);
        let output = answer(&mut command)?;
        let totals = numbers(&output, "totals")?;
        let totals: Vec<String> = totals.iter().map(i128::to_string).collect();
        let nanos = numbers(&output, "nanos")?;
        let nanos = nanos.into_iter().map(u128::try_from).collect::<Result<Vec<_>, _>>()?;
        if totals.len() != 24 || nanos.len() != REPEATS {
            return Err(format!("{} answered {output}", self.name).into());
        }
        Ok((totals.join(" "), nanos))
    }
}

/// The numbers of the line that begins with `word`.
fn numbers(output: &str, word: &str) -> Result<Vec<i128>, Box<dyn Error>> {
    let line = output.lines().find_map(|line| line.strip_prefix(word));
    let line = line.ok_or_else(|| format!("no line of {word} in: {output}"))?;
    Ok(line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
}

/// The Python of a virtual environment with the peers, made where it is not there or not as asked.
fn python(root: &Path, work: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let (folder, wanted) = (work.join("venv"), root.join("bench/peers/requirements.txt"));
    let (python, installed) = (folder.join("bin/python"), folder.join("installed.txt"));
    let requirements = fs::read_to_string(&wanted)?;
    if fs::read_to_string(&installed).is_ok_and(|text| text == requirements) {
        return Ok(python);
    }
    crate::say("making the virtual environment of the peers");
    succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    succeed(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(&wanted),
    )?;
    fs::write(installed, requirements)?;
    Ok(python)
}

/// `leye screen` from start to end, with a home that already holds registers.
#[expect(clippy::disallowed_methods, reason = "this chore measures")]
fn whole_screening(leye: &Path, arguments: &[String], rounds: usize) -> Result<(), Box<dyn Error>> {
    let mut nanos = Vec::new();
    for _ in 0..rounds {
        let begun = std::time::Instant::now();
        answer(Command::new(leye).arg("screen").args(arguments).arg("--json"))?;
        nanos.push(begun.elapsed().as_nanos());
    }
    let median = table::milliseconds(table::median(&mut nanos));
    crate::say(&format!(
        "whole screening, from registers to lists: median {median} of {rounds} runs"
    ));
    Ok(())
}

fn succeed(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{command:?}: {status}").into())
    }
}

/// What a command prints.
fn answer(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
