//! 政策测算: the rows of a run decided once more by other rules, and what that changes.
//!
//! A [`Simulation`] reads the flat tables that a run keeps and decides every row twice by the same driver, the resolution
//! pass included: by the rules of the run, and by those of a reform ([`Simulation::reform`]) or of documents that became
//! known later ([`Simulation::retro`]). [`compare`] streams both; [`change`] says what can happen to a row;
//! [`disclosure`] withholds small numbers; [`Comparison`] is what comes of it; [`words`], [`book`] and [`picture`] show it.
//! Nothing is written.

mod assemble;
pub mod book;
mod change;
mod compare;
mod comparison;
mod disclosure;
mod error;
mod group;
pub mod picture;
mod proposal;
mod tables;
pub mod words;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use civil::Day;
use policy::reform::Reform;
use registers::derive::Reach;
use registers::folder::Folder;
use rules::catalogue::Catalogue;
use rules::engine::Engine;

pub use change::{Change, Flow, Sum};
pub use comparison::{
    BenefitChange, Case, Comparison, FundFlow, GroupLine, LevelFlow, Line, Proposal, Question, Retro, Standing,
};
pub use disclosure::LEAST_TOLD;
pub use error::SimulationError;

use crate::contest::Contest;
use crate::error::ScreeningError;
use crate::flat::Flat;
use crate::opened::Opened;
use crate::run::{FACTS, Progress};
use crate::runs::{Runs, Staging};
use crate::table::Table;
use compare::{Compare, Counted, Side};

/// What all documents share: facts, parameters, funds.
const SHARED: &str = "shared";

/// A run to be decided by other rules.
pub struct Simulation<'a> {
    /// The packs of the run.
    pub catalogue: &'a Catalogue,
    /// The home's registers; read only where a question asks for more of the history than the run has.
    pub registers: &'a Folder,
    /// The home's runs.
    pub runs: &'a Runs,
    /// The run.
    pub run: &'a str,
    /// Threads.
    pub threads: usize,
    /// Memory that deriving may hold before it spills.
    pub memory_bytes: usize,
    /// Told how far it is.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Set from outside, ends it.
    pub stop: &'a AtomicBool,
}

/// The programs of both sides over one table.
struct Pair {
    reach: &'static Reach,
    before: Engine,
    after: Engine,
}

/// Both sides and what was counted, table by table.
pub(crate) struct Compared {
    before: Side,
    after: Side,
    counted: Vec<Counted>,
    derived_anew: bool,
}

impl Simulation<'_> {
    /// The run's rules against those of a reform; nothing where it was stopped. `reformed` are the run's packs with the
    /// reform laid over them ([`Catalogue::load_reformed`]).
    ///
    /// # Errors
    /// [`SimulationError`]; above all a benefit of the reform that the run did not decide, and packs that are not the
    /// run's.
    pub fn reform(&self, reformed: &Catalogue, reform: &Reform) -> Result<Option<Comparison>, SimulationError> {
        let opened = Opened::of(self.catalogue, self.runs, self.run, |_| false)?;
        let decided: Vec<&str> = opened
            .manifest
            .benefits
            .values()
            .flatten()
            .map(String::as_str)
            .collect();
        if let Some(absent) = reform.benefits.iter().find(|id| !decided.contains(&id.as_str())) {
            return Err(SimulationError::Screening(ScreeningError::NotInRun {
                run: self.run.to_owned(),
                id: absent.clone(),
                hint: policy::file::meant(absent, decided.iter().copied()),
            }));
        }
        let known_on = opened.manifest.known_on;
        let Some(compared) = self.compare(&opened, (reformed, known_on), false)? else {
            return Ok(None);
        };
        let mut comparison = assemble::comparison(self.catalogue, self.runs, &opened.manifest, &compared)?;
        comparison.reform = Some(proposal::proposal(self.catalogue, reformed, &opened.manifest, reform));
        Ok(Some(comparison))
    }

    /// The documents known when the run was made against those known on a later day, over the facts of the run; nothing
    /// where it was stopped.
    ///
    /// # Errors
    /// [`SimulationError`]; above all a day that is not later.
    pub fn retro(&self, later: Day) -> Result<Option<Comparison>, SimulationError> {
        // What all share grows by itself (a rate of each month), and a later document needs later standards.
        let opened = Opened::of(self.catalogue, self.runs, self.run, |pack| pack == SHARED)?;
        let known_on = opened.manifest.known_on;
        if later <= known_on {
            return Err(SimulationError::NotLater {
                run: self.run.to_owned(),
                known_on,
                later,
            });
        }
        self.check_rows(&opened, later)?;
        let Some(compared) = self.compare(&opened, (self.catalogue, later), true)? else {
            return Ok(None);
        };
        let mut comparison = assemble::comparison(self.catalogue, self.runs, &opened.manifest, &compared)?;
        comparison.question = Question::Retro;
        comparison.later_known_on = Some(later);
        comparison.retro = Some(assemble::retro(
            self.catalogue, &opened.manifest, later, &compared, &comparison.total,
        ));
        Ok(Some(comparison))
    }

    /// A later document must leave each benefit about the rows that the run has.
    fn check_rows(&self, opened: &Opened, later: Day) -> Result<(), SimulationError> {
        for (per, ids) in &opened.manifest.benefits {
            for id in ids {
                let versions = self.catalogue.benefits.versions(id).iter();
                let mut known =
                    versions.filter(|one| self.catalogue.known_from(&one.pack).is_some_and(|day| day <= later));
                if let Some(other) = known.find(|version| version.per != *per) {
                    return Err(SimulationError::OtherRows {
                        run: self.run.to_owned(),
                        benefit: id.clone(),
                        per: other.per.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    /// Decides every row by both sets of rules.
    fn compare(
        &self,
        opened: &Opened,
        (other, known_on): (&Catalogue, Day),
        lists_cases: bool,
    ) -> Result<Option<Compared>, SimulationError> {
        let pairs = self.programs(opened, (other, known_on))?;
        let (staging, flats) = self.tables(opened, &pairs)?;
        (self.progress)(Progress::Resolving);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for (pair, path) in pairs.into_iter().zip(&flats) {
            let flat = Flat::open(path)?;
            let of_run = (self.catalogue, &opened.claim, &opened.coverage);
            before.push(Table::new(pair.reach, flat.clone(), pair.before, of_run));
            after.push(Table::new(
                pair.reach,
                flat,
                pair.after,
                (other, &opened.claim, &opened.coverage),
            ));
        }
        let before = self.side(opened, (self.catalogue, opened.manifest.known_on), before)?;
        let after = self.side(opened, (other, known_on), after)?;
        let counted = self.count(opened, &before, &after, lists_cases)?;
        if self.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        Ok(Some(Compared {
            before,
            after,
            counted,
            derived_anew: staging.is_some(),
        }))
    }

    /// The programs of both sides, by table.
    fn programs(&self, opened: &Opened, after: (&Catalogue, Day)) -> Result<Vec<Pair>, SimulationError> {
        let manifest = &opened.manifest;
        let compile = |(catalogue, known_on): (&Catalogue, Day), ids: &[String]| {
            let ids = ids.iter().map(String::as_str);
            let (engine, findings) = Engine::compile_only(catalogue, known_on, Some(manifest.as_of), ids);
            match findings.first() {
                Some(finding) => Err(ScreeningError::Packs(finding.to_string())),
                None => Ok(engine),
            }
        };
        let mut pairs = Vec::new();
        for (per, ids) in &manifest.benefits {
            let reach = Reach::of(per).ok_or_else(|| ScreeningError::Fault(format!("没有“{per}”这种明细")))?;
            let before = compile((self.catalogue, manifest.known_on), ids)?;
            let after = compile(after, ids)?;
            if !before.benefits.keys().eq(after.benefits.keys()) {
                return Err(ScreeningError::Fault("测算前后的补贴项目不一致".to_owned()).into());
            }
            pairs.push(Pair { reach, before, after });
        }
        Ok(pairs)
    }

    fn side(
        &self,
        opened: &Opened,
        (catalogue, known_on): (&Catalogue, Day),
        tables: Vec<Table>,
    ) -> Result<Side, SimulationError> {
        let contest = Contest {
            catalogue,
            claim: &opened.claim,
            coverage: &opened.coverage,
            known_on,
            tables: &tables,
            threads: self.threads,
            stop: self.stop,
        };
        let resolution = contest.resolve()?;
        Ok(Side { tables, resolution })
    }

    fn count(
        &self,
        opened: &Opened,
        before: &Side,
        after: &Side,
        lists_cases: bool,
    ) -> Result<Vec<Counted>, SimulationError> {
        let of: u64 = before.tables.iter().map(|table| table.flat.rows()).sum();
        let done = AtomicU64::new(0);
        // One line at a time: whoever shows it need not know of threads.
        let telling = Mutex::new(());
        let told = || {
            let _one = telling.lock();
            (self.progress)(Progress::Deciding {
                done: done.load(Ordering::Relaxed),
                of,
            });
        };
        let compare = Compare {
            before,
            after,
            as_of: opened.manifest.as_of,
            threads: self.threads,
            stop: self.stop,
            lists_cases,
            done: &done,
            progress: &told,
        };
        let tables = before.tables.iter().zip(&after.tables).enumerate();
        let counted: Result<Vec<Counted>, ScreeningError> = tables
            .map(|(number, (before, after))| compare.table(number, before, after))
            .collect();
        Ok(counted?)
    }

    /// The flat tables by pair: the run's own, or others derived from the same registers where the run's lack something.
    fn tables(&self, opened: &Opened, pairs: &[Pair]) -> Result<(Option<Staging>, Vec<PathBuf>), SimulationError> {
        let folder = self.runs.folder(self.run).join(FACTS);
        let paths: Vec<PathBuf> = pairs
            .iter()
            .map(|pair| folder.join(format!("{}.parquet", pair.reach.per)))
            .collect();
        let mut lacking = None;
        for (pair, path) in pairs.iter().zip(&paths) {
            let flat = Flat::open(path)?;
            let mut asked = pair.before.history.iter().chain(&pair.after.history);
            lacking = lacking.or_else(|| {
                asked
                    .find(|fact| flat.schema().field_with_name(&fact.name).is_err())
                    .cloned()
            });
        }
        match lacking {
            None => Ok((None, paths)),
            Some(missing) => tables::derived(self, opened, pairs, &missing.name),
        }
    }
}
