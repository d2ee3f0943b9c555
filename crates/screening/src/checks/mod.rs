//! Cross-checks (疑点): the queries of the packs over the registers as a day sees them. A hit is a question to a person,
//! never a finding: it refuses nobody and changes no decision.
//!
//! [`CheckRun::run`] asks them all and writes [`hits`]; [`examine`] finds what is wrong with a query without any data.

mod evidence;
mod examine;
mod found;
mod given;
pub mod hits;
mod towns;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use civil::Day;
use policy::benefit::Benefits;
use policy::cross_check::{self, CrossCheck};
use policy::fact::Dictionary;
use policy::register::Registers;
use registers::inquiry::{Asked, Inquiry, InquiryError};
use registers::manifest::Manifest;
use seal::KeyRing;

pub use examine::examine;
pub use given::exclusions;

use found::Found;
use hits::Writer;
use towns::Towns;

/// More hits of one check say that its query is too wide: they are no longer questions that somebody could look into.
pub const MOST_HITS: u64 = 1_000_000;

/// Why checks could not be run at all; printed in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The registers could not be opened.
    #[error("疑点核对打不开数据表：{0}")]
    Registers(#[from] InquiryError),
    /// The file of hits could not be written, or another file read.
    #[error("疑点核对读写文件失败：{0}")]
    File(#[from] std::io::Error),
    /// As above, in Parquet.
    #[error("疑点核对读写文件失败：{0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// As above, in Arrow.
    #[error("疑点核对读写文件失败：{0}")]
    Arrow(#[from] arrow_schema::ArrowError),
    /// It was told to stop.
    #[error("疑点核对已停止。没有写入任何结果")]
    Stopped,
}

/// What is checked, over what.
#[derive(Debug)]
pub struct CheckRun<'a> {
    /// The checks, in the order of lists ([`policy::cross_check::CrossChecks::of`]).
    pub checks: Vec<&'a CrossCheck>,
    /// What registers hold.
    pub registers: &'a Registers,
    /// The facts there are: the types of flat tables that are absent.
    pub dictionary: &'a Dictionary,
    /// The benefits of the packs: their names, and which of them a rule keeps apart.
    pub benefits: &'a Benefits,
    /// Which files there are, from whom.
    pub manifest: &'a Manifest,
    /// The folder of registers.
    pub root: &'a Path,
    /// Opens names, telephone and account numbers, to compare them.
    pub ring: &'a KeyRing,
    /// The day the questions are about.
    pub as_of: Day,
    /// The day whose registers count.
    pub known_on: Day,
    /// The folder of flat tables (`<per>.parquet`), where there is one.
    pub flat: Option<&'a Path>,
    /// The run's rows that are 初步符合, as Parquet with the columns of [`hits::eligible_schema`]; without it nobody is.
    pub eligible: Option<&'a Path>,
    /// The file of hits; it is there only when it is whole.
    pub out: &'a Path,
    /// A folder of this run's own for what is in between: removed at the end, also where something fails.
    pub scratch: PathBuf,
    /// Memory that the engine may hold before it spills.
    pub memory_bytes: usize,
    /// Threads.
    pub threads: usize,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSummary {
    /// The check.
    pub id: String,
    /// 疑点名称.
    pub label: String,
    /// Rows in the file of hits.
    pub hits: u64,
    /// Different persons, bodies or households that they concern.
    pub subjects: u64,
    /// Hits by town, nine digits, 0 for those of no town; one that concerns two towns counts in both.
    pub towns: BTreeMap<i64, u64>,
    /// What it reads and there is no data of, by its name on screen: without it a check finds less than there may be.
    pub missing: Vec<String>,
    /// Why it could not be run, in Chinese; no hits of it are in the file then.
    pub failed: Option<String>,
}

impl CheckRun<'_> {
    /// Asks every check and writes the hits: by check in the order of lists, then by subject, rows, parties,
    /// others, month and evidence. A check that cannot be run says so in its summary and stops no other. `go_on` is told
    /// before each how many are done; where it says no, that was all.
    ///
    /// # Errors
    /// [`CheckError`]; there is no file of hits then.
    pub fn run(&self, go_on: &dyn Fn(usize) -> bool) -> Result<Vec<CheckSummary>, CheckError> {
        let part = self.out.with_extension("part");
        let outcome = self.ask_all(&part, go_on);
        if outcome.is_err() {
            // It may never have been there.
            let _ = fs::remove_file(&part);
        }
        match fs::remove_dir_all(&self.scratch) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound && outcome.is_ok() => Err(error.into()),
            _ => outcome,
        }
    }

    fn ask_all(&self, part: &Path, go_on: &dyn Fn(usize) -> bool) -> Result<Vec<CheckSummary>, CheckError> {
        let parts = registers::inquiry::parts(self.registers, self.manifest, self.root, self.known_on);
        let empty: BTreeSet<String> = parts
            .iter()
            .filter(|(_, parts)| parts.is_empty())
            .map(|(register, _)| register.clone())
            .collect();
        let asked = Asked {
            registers: self.registers,
            parts,
            marked: marked(&self.checks, self.registers),
            as_of: self.as_of,
            known_on: self.known_on,
            scratch: self.scratch.clone(),
            memory_bytes: self.memory_bytes,
            threads: self.threads,
        };
        let inquiry = Inquiry::open(&asked, Some(self.ring))?;
        given::benefits(&inquiry, self.benefits)?;
        given::eligible(&inquiry, self.eligible)?;
        let absent = given::flat(&inquiry, &self.checks, self.dictionary, self.flat)?;
        let mut writer = Writer::create(part, self.manifest, self.registers)?;
        let mut summaries = Vec::with_capacity(self.checks.len());
        for (number, check) in self.checks.iter().enumerate() {
            if !go_on(number) {
                return Err(CheckError::Stopped);
            }
            let mut summary = CheckSummary {
                id: check.id.to_string(),
                label: check.label.clone(),
                hits: 0,
                subjects: 0,
                towns: BTreeMap::new(),
                missing: self.missing(check, &empty, &absent),
                failed: None,
            };
            match ask(&inquiry, check) {
                Ok(found) => {
                    let towns = Towns::find(&inquiry, check.about, number, &found)?;
                    summary.hits = found.rows().len() as u64;
                    summary.subjects = found.sides().len() as u64;
                    summary.towns = towns.count(&found);
                    writer.write(check, found.rows(), &towns)?;
                }
                Err(Refused(reason)) => summary.failed = Some(reason),
            }
            summaries.push(summary);
        }
        writer.finish()?;
        fs::rename(part, self.out)?;
        Ok(summaries)
    }

    /// Names on screen of what a check reads and of which there is nothing.
    fn missing(&self, check: &CrossCheck, empty: &BTreeSet<String>, absent: &BTreeSet<String>) -> Vec<String> {
        let name = |table: &String| match self.registers.get(table) {
            Some(register) => empty.contains(table).then(|| register.label.clone()),
            None if table == cross_check::ELIGIBLE => self.eligible.is_none().then(|| "本次疑似符合名单".to_owned()),
            None => absent.contains(table).then(|| table.clone()),
        };
        check.reads.keys().filter_map(name).collect()
    }
}

/// Sealed columns that checks read, by register.
fn marked(checks: &[&CrossCheck], registers: &Registers) -> BTreeMap<String, BTreeSet<String>> {
    let mut marked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, columns) in checks.iter().flat_map(|check| &check.reads) {
        let Some(register) = registers.get(table) else { continue };
        for column in columns {
            if register.column(column).is_some_and(|column| column.kind.is_sealed()) {
                marked.entry(table.clone()).or_default().insert(column.clone());
            }
        }
    }
    marked
}

/// Why one check could not be run, in Chinese.
struct Refused(String);

impl From<InquiryError> for Refused {
    fn from(error: InquiryError) -> Self {
        Self(error.to_string())
    }
}

/// All hits of one check, each once, sorted by all they say.
fn ask(inquiry: &Inquiry, check: &CrossCheck) -> Result<Found, Refused> {
    let outline = inquiry.outline(&check.sql)?;
    if let Some(wrong) = examine::result(check, &outline).into_iter().next() {
        return Err(Refused(wrong));
    }
    let mut found = Found::default();
    inquiry.each(&check.sql, |batch| {
        if found.add(check, batch) {
            Ok(())
        } else {
            Err(Refused(format!("疑点超过 {MOST_HITS} 条，查询条件过宽")))
        }
    })?;
    found.settle();
    Ok(found)
}
