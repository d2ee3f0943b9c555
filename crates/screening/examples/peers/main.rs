//! Our side of `cargo xtask bench-peers`: makes the people and the SQL, and times the kernel, a hand-written loop and
//! DataFusion on them. See `bench/peers/README.md`.
//!
//! ```text
//! peers make FOLDER ROWS
//! peers totals kernel|loop|datafusion FILE THREADS REPEATS [STATEMENT]
//! peers rows FILE OUT THREADS REPEATS
//! ```
//!
//! Every measurement answers two lines: `totals`, three numbers a benefit (初步符合, 待核实, fen), and `nanos`, one number a
//! repeat. What is read and built once for all repeats is not in the time, and the first repeat is not told.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement stops at the first surprise"
)]

mod data;
#[path = "../../../rules/benches/eight/mod.rs"]
mod eight;
mod rows;
mod totals;

use std::io::Write;
use std::path::Path;

use rules::kernel::Tally;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<usize>().unwrap_or_else(|_| panic!("{text} is no number"));
    match arguments.as_slice() {
        ["make", folder, rows] => data::make(Path::new(folder), number(rows)),
        ["totals", engine, file, threads, repeats, statement @ ..] => {
            let people = data::people(Path::new(file));
            let (threads, repeats) = (number(threads), number(repeats));
            match *engine {
                "kernel" => totals::kernel(&people, threads, repeats),
                "loop" => totals::fused(&people, threads, repeats),
                "datafusion" => {
                    let statement = statement.first().expect("the file of the statement");
                    let statement = std::fs::read_to_string(statement).expect("the statement");
                    totals::datafusion(people, &statement, threads, repeats);
                }
                other => panic!("no engine {other}"),
            }
        }
        ["rows", file, out, threads, repeats] => {
            rows::kernel(Path::new(file), Path::new(out), number(threads), number(repeats));
        }
        _ => panic!("see bench/peers/README.md: {arguments:?}"),
    }
}

/// Times `work` once more than `repeats`, and answers the two lines.
#[expect(clippy::disallowed_methods, reason = "this is a measurement")]
fn measured(repeats: usize, mut work: impl FnMut() -> Vec<Tally>) {
    let mut totals = work();
    let mut nanos = Vec::new();
    for _ in 0..repeats {
        let begun = std::time::Instant::now();
        let again = work();
        nanos.push(begun.elapsed().as_nanos().to_string());
        assert_eq!(again, totals, "the same rows came out differently");
        totals = again;
    }
    let totals: Vec<String> = totals
        .iter()
        .map(|tally| format!("{} {} {}", tally.eligible, tally.undetermined, tally.amount_fen))
        .collect();
    let mut out = std::io::stdout().lock();
    writeln!(out, "totals {}\nnanos {}", totals.join(" "), nanos.join(" ")).expect("somebody reads");
}

/// The tallies of two parts of the rows as one.
fn together(parts: Vec<Vec<Tally>>) -> Vec<Tally> {
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_default();
    for part in parts {
        for (sum, tally) in all.iter_mut().zip(part) {
            sum.eligible += tally.eligible;
            sum.ineligible += tally.ineligible;
            sum.undetermined += tally.undetermined;
            sum.amount_fen += tally.amount_fen;
        }
    }
    all
}
