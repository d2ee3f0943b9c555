//! The synthetic region: registers of people and employers that do not exist, believable in their structure, the same
//! bytes for the same seed on any machine and with any number of threads.
//!
//! Shares are dealt out exactly where a share is what matters ([`people`], [`employers`], [`services`]); single lives
//! are drawn from a stream of their own each ([`career`]). All draws are of whole numbers.

mod career;
mod codes;
mod draw;
mod employer_rows;
mod employers;
mod faults;
mod names;
mod out;
mod people;
mod person_rows;
mod plan;
mod readme;
mod services;
mod tables;
pub mod targets;
mod work_rows;
mod world;

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use policy::register::Registers;

use out::{Files, Rows};
use tables::{TABLES, Table};
use world::World;

pub use codes::PROVINCE;
pub use plan::{FEWEST_PEOPLE, MONTHS, MOST_PEOPLE, Plan};

/// People whose rows are made in one go by one thread.
const STRETCH: usize = 4096;

/// Why a region could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// More or fewer people than a region may have.
    #[error("人数 {0} 不在 {FEWEST_PEOPLE} 至 {MOST_PEOPLE} 之间")]
    People(u32),
    /// A file could not be written.
    #[error("写不进去：{0}")]
    Write(io::Error),
    /// The schema of registers lacks a register or column that is written.
    #[error("数据表登记中没有“{register}”的“{column}”一列")]
    Schema {
        /// The register.
        register: &'static str,
        /// The column; empty where the register itself is missing.
        column: &'static str,
    },
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Rows of each register without the header, by the register's id.
    pub rows: BTreeMap<&'static str, u64>,
    /// Rows that are wrong on purpose, by kind.
    pub planted: BTreeMap<&'static str, u64>,
}

/// Writes a synthetic region into a folder: `<register>.csv` for each register, `truth.jsonl` with what is wrong on
/// purpose, `README.md` with the targets.
///
/// # Errors
/// [`SynthError`].
pub fn write(plan: &Plan, registers: &Registers, folder: &Path) -> Result<Summary, SynthError> {
    if !(FEWEST_PEOPLE..=MOST_PEOPLE).contains(&plan.people) {
        return Err(SynthError::People(plan.people));
    }
    fs::create_dir_all(folder).map_err(SynthError::Write)?;
    let mut files = Files::create(folder, |table| header(registers, table))?;
    let world = World::new(plan.clone());
    let mut headcounts = vec![[0_u32; MONTHS as usize]; world.employers.list.len()];
    let numbers: Vec<usize> = (0..world.people.len()).collect();
    let stretches: Vec<&[usize]> = numbers.chunks(STRETCH).collect();
    for round in stretches.chunks(plan.threads.max(1)) {
        for mut rows in all(&world, round) {
            for (employer, months) in rows.insured.drain(..) {
                if let Some(counts) = headcounts.get_mut(employer as usize) {
                    for (month, count) in counts.iter_mut().enumerate() {
                        *count += u32::from(months >> month & 1 == 1);
                    }
                }
            }
            files.take(&mut rows)?;
        }
    }
    let mut rows = Rows::default();
    employer_rows::write(&world, &headcounts, &mut rows, |rows| files.take(rows))?;
    services::write(&world, &mut rows);
    files.take(&mut rows)?;
    let summary = files.finish()?;
    fs::write(folder.join("README.md"), readme::text(plan, registers, &summary)).map_err(SynthError::Write)?;
    Ok(summary)
}

/// The rows of several stretches of people, each made by a thread of its own, in order.
fn all(world: &World, round: &[&[usize]]) -> Vec<Rows> {
    if let [only] = round {
        return vec![stretch(world, only)];
    }
    std::thread::scope(|scope| {
        let running: Vec<_> = round
            .iter()
            .map(|numbers| scope.spawn(|| stretch(world, numbers)))
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)))
            .collect()
    })
}

fn stretch(world: &World, numbers: &[usize]) -> Rows {
    let mut rows = Rows::default();
    for number in numbers {
        if let Some(person) = world.people.get(*number) {
            let serial = u32::try_from(*number).unwrap_or(0);
            person_rows::write(world, serial, person, &mut rows);
            work_rows::write(world, serial, person, &mut rows);
        }
    }
    rows
}

/// The header line of a register's file: the labels of the columns that are written.
fn header(registers: &Registers, table: Table) -> Result<String, SynthError> {
    let register = table.register();
    let schema = registers
        .get(register)
        .ok_or(SynthError::Schema { register, column: "" })?;
    let labels: Result<Vec<&str>, SynthError> = table
        .columns()
        .iter()
        .map(|column| match schema.column(column) {
            Some(known) => Ok(known.label.as_str()),
            None => Err(SynthError::Schema { register, column }),
        })
        .collect();
    Ok(labels?.join(","))
}

/// Registers that a synthetic region has, by id.
pub fn registers() -> impl Iterator<Item = &'static str> {
    TABLES.iter().map(|table| table.register())
}
