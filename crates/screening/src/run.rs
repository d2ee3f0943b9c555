//! One run: facts derived, rows compared, every row decided and written, the manifest last.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use civil::{Day, Month, RegionCode};
use policy::benefit::Benefit;
use registers::derive::{Basis, Derivation, HistoryColumn, Reach};
use registers::folder::Folder;
use registers::manifest::Manifest as Imports;
use rules::benefit::HistoryFact;
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use rules::entitlement::benefits_of;
use seal::KeyRing;

use crate::checks::CheckRun;
use crate::contest::{Contest, Resolution};
use crate::coverage::Coverage;
use crate::error::ScreeningError;
use crate::flat::Flat;
use crate::pass::{Counted, Eligible, Pass};
use crate::question::{Claim, column};
use crate::resolved;
use crate::runs::{Manifest, Runs, Staging};
use crate::summary::{self, CheckCount, Summary};
use crate::table::Table;

/// The register without which nobody knows what was received before.
pub const HISTORY: &str = "benefit-history";
/// The folder of the flat tables in a run.
pub(crate) const FACTS: &str = "facts";
/// The folder of the wide decisions in a run.
pub(crate) const DECISIONS: &str = "decisions";
/// The file of all eligible rows.
pub(crate) const ELIGIBLE_ROWS: &str = "eligible.parquet";

/// The file of what cross-checks found.
pub(crate) const HITS: &str = "hits.parquet";

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The region whose registers are screened, with all that lies in it.
    pub region: RegionCode,
    /// The day the decisions are about.
    pub as_of: Day,
    /// The day whose documents, parameters and vintages may be used.
    pub known_on: Day,
    /// The month that benefits by the month are decided for.
    pub month: Month,
    /// Only these benefits; all of the region and of those it lies in where nothing is said.
    pub benefits: Option<BTreeSet<String>>,
    /// Screen although nothing is known of what was received before, taking it that nothing was.
    pub without_history: bool,
    /// Threads.
    pub threads: usize,
    /// Memory that deriving may hold before it spills.
    pub memory_bytes: usize,
}

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// A step of deriving facts is done.
    Deriving {
        /// Steps done.
        done: usize,
        /// Steps there are.
        of: usize,
    },
    /// Rows of one run are compared.
    Resolving,
    /// Cross-checks are asked.
    Checking {
        /// Checks done.
        done: usize,
        /// Checks there are.
        of: usize,
    },
    /// Rows are decided.
    Deciding {
        /// Rows done.
        done: u64,
        /// Rows there are.
        of: u64,
    },
}

/// A run and where it is made.
pub struct Screening<'a> {
    /// Packs, dictionary, registers.
    pub catalogue: &'a Catalogue,
    /// The home's registers.
    pub registers: &'a Folder,
    /// The home's runs.
    pub runs: &'a Runs,
    /// Opens what cross-checks compare: names, telephone and account numbers.
    pub ring: &'a KeyRing,
    /// What is asked for.
    pub request: &'a Request,
    /// Told how far it is.
    pub progress: &'a (dyn Fn(Progress) + Sync),
    /// Set from outside, ends it; nothing is kept.
    pub stop: &'a AtomicBool,
}

/// A run that was made.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its number.
    pub run: String,
    /// Its folder.
    pub folder: PathBuf,
    /// What came out.
    pub summary: Summary,
}

impl Screening<'_> {
    /// Whether a run can begin: what is asked for is there, and the registers without which it would say wrong things.
    ///
    /// # Errors
    /// As [`Self::make`], before anything is written.
    pub fn check_request(&self) -> Result<(), ScreeningError> {
        self.benefits()?;
        self.check(&self.basis()?.0)
    }

    fn basis(&self) -> Result<(Basis, Imports), ScreeningError> {
        let manifest = self
            .registers
            .manifest()
            .map_err(|error| ScreeningError::Registers(error.to_string()))?;
        let regions = &self.catalogue.library.regions;
        let request = self.request;
        let basis = Basis::of(self.registers, &manifest, regions, request.region, request.known_on);
        Ok((basis, manifest))
    }

    /// Makes the run; nothing where it was stopped.
    ///
    /// # Errors
    /// [`ScreeningError`]; no run is there then, and no earlier one is touched.
    pub fn make(&self) -> Result<Option<Made>, ScreeningError> {
        let ids = self.benefits()?;
        let (basis, manifest) = self.basis()?;
        self.check(&basis)?;
        let staging = self.runs.begin(self.request)?;
        let made = self.stage(&ids, &basis, &manifest, &staging);
        // Where it was stopped, whatever came of the rest is no error of anybody's.
        if self.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let (summary, manifest) = made?;
        let (run, folder) = staging.finish(&manifest, &summary)?;
        Ok(Some(Made {
            summary: Summary {
                run: run.clone(),
                ..summary
            },
            run,
            folder,
        }))
    }

    /// The benefits to be screened.
    fn benefits(&self) -> Result<BTreeSet<String>, ScreeningError> {
        let region = self.request.region.to_string();
        if let Some(error) = self.catalogue.errors().next() {
            return Err(ScreeningError::Packs(error.to_string()));
        }
        let known = |id: &&str| {
            let versions = self.catalogue.benefits.versions(id).iter();
            let mut from = versions.filter_map(|version| self.catalogue.known_from(&version.pack));
            from.any(|from| from <= self.request.known_on)
        };
        let here: BTreeSet<&str> = benefits_of(self.catalogue, &region).into_iter().filter(known).collect();
        let Some(wanted) = &self.request.benefits else {
            if here.is_empty() {
                let packs = self.catalogue.library.packs.values();
                let covered: Vec<String> = packs
                    .filter_map(|pack| Some(pack.policy.region.as_ref()?.to_string()))
                    .collect();
                return Err(ScreeningError::NothingToScreen {
                    region,
                    hint: format!("{} 以前已收录文件的地区：{}", self.request.known_on, covered.join("、")),
                });
            }
            return Ok(here.into_iter().map(str::to_owned).collect());
        };
        for id in wanted {
            if !here.contains(id.as_str()) {
                return Err(ScreeningError::NoBenefit {
                    id: id.clone(),
                    region,
                    hint: policy::file::meant(id, here.iter().copied()),
                });
            }
        }
        Ok(wanted.clone())
    }

    /// A run without these would refuse or grant wrongly.
    fn check(&self, basis: &Basis) -> Result<(), ScreeningError> {
        let missing = |id: &str, why| {
            let label = self
                .catalogue
                .registers
                .get(id)
                .map_or(id, |register| register.label.as_str());
            ScreeningError::NoRegister {
                register: id.to_owned(),
                label: label.to_owned(),
                why,
            }
        };
        if !basis.has("person") && !basis.has("employer") {
            return Err(missing("person", "没有人员也没有单位，无从筛查"));
        }
        if !basis.has(HISTORY) && !self.request.without_history {
            return Err(missing(
                HISTORY,
                "不知道谁已经享受过什么，会重复发放。确认此前都未享受过的，加 --without-history",
            ));
        }
        Ok(())
    }

    fn claim(&self) -> Claim {
        Claim::of(self.request.region, self.request.as_of, self.request.month)
    }

    /// Writes everything of the run into the staging folder.
    fn stage(
        &self,
        ids: &BTreeSet<String>,
        basis: &Basis,
        imports: &Imports,
        staging: &Staging,
    ) -> Result<(Summary, Manifest), ScreeningError> {
        let (claim, request) = (self.claim(), self.request);
        let engines = self.engines(ids)?;
        let facts = staging.folder().join(FACTS);
        let flats = derive(
            (self.catalogue, request),
            (self.progress, self.stop),
            &engines,
            &claim,
            basis,
            &facts,
        )?;
        let coverage = Coverage::of(basis, &self.catalogue.registers, request.region);
        let mut tables = Vec::new();
        for ((reach, engine), flat) in engines.into_iter().zip(&flats) {
            let flat = Flat::open(flat)?;
            tables.push(Table::new(reach, flat, engine, (self.catalogue, &claim, &coverage)));
        }
        (self.progress)(Progress::Resolving);
        let contest = Contest {
            catalogue: self.catalogue,
            claim: &claim,
            coverage: &coverage,
            known_on: request.known_on,
            tables: &tables,
            threads: request.threads,
            stop: self.stop,
        };
        let resolution = contest.resolve()?;
        let counted = self.decide(&tables, &resolution, staging.folder())?;
        resolved::write(&staging.folder().join(resolved::FILE), &tables, &resolution)?;
        let manifest = Manifest::of(
            self.catalogue,
            (request, self.ring.index().number()),
            &tables,
            basis,
            &coverage,
        );
        let checks = self.check_rows(&manifest, imports, staging.folder())?;
        let summary = summary::of(
            self.catalogue, request, &tables, &counted, &resolution, &coverage, basis,
        );
        Ok((Summary { checks, ..summary }, manifest))
    }

    /// A program for each flat table that some benefit is about.
    fn engines(&self, ids: &BTreeSet<String>) -> Result<Vec<(&'static Reach, Engine)>, ScreeningError> {
        let mut by_per: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for id in ids {
            if let Some(benefit) = self.latest(id) {
                by_per.entry(benefit.per.as_str()).or_default().push(id);
            }
        }
        let mut engines = Vec::new();
        for (per, ids) in by_per {
            let reach = Reach::of(per).ok_or_else(|| ScreeningError::Fault(format!("没有“{per}”这种明细")))?;
            let (engine, findings) =
                Engine::compile_only(self.catalogue, self.request.known_on, Some(self.request.as_of), ids);
            if let Some(finding) = findings.first() {
                return Err(ScreeningError::Packs(finding.to_string()));
            }
            engines.push((reach, engine));
        }
        Ok(engines)
    }

    fn latest(&self, id: &str) -> Option<&Benefit> {
        latest(self.catalogue, self.request.known_on, id)
    }

    /// Asks the cross-checks of the run's packs over the registers and the eligible rows.
    fn check_rows(
        &self,
        manifest: &Manifest,
        imports: &Imports,
        folder: &Path,
    ) -> Result<Vec<CheckCount>, ScreeningError> {
        let checks = self.catalogue.checks.of(|pack| manifest.packs.contains_key(pack));
        let run = CheckRun {
            checks: checks.clone(),
            registers: &self.catalogue.registers,
            dictionary: &self.catalogue.vocabulary.dictionary,
            benefits: &self.catalogue.benefits,
            manifest: imports,
            root: self.registers.root(),
            ring: self.ring,
            as_of: self.request.as_of,
            known_on: self.request.known_on,
            flat: Some(&folder.join(FACTS)),
            eligible: Some(&folder.join(ELIGIBLE_ROWS)),
            out: &folder.join(HITS),
            scratch: folder.join(".checks"),
            memory_bytes: self.request.memory_bytes,
            threads: self.request.threads,
        };
        let summaries = run.run(&|done| {
            (self.progress)(Progress::Checking { done, of: checks.len() });
            !self.stop.load(Ordering::Relaxed)
        })?;
        let counts = checks.iter().zip(summaries);
        Ok(counts.map(|(check, summary)| CheckCount::of(check, summary)).collect())
    }

    /// Decides all rows of all tables; what was counted, by table.
    fn decide(&self, tables: &[Table], resolution: &Resolution, folder: &Path) -> Result<Vec<Counted>, ScreeningError> {
        let decisions = folder.join(DECISIONS);
        std::fs::create_dir(&decisions).map_err(ScreeningError::file(&decisions, "不能建立"))?;
        let of: u64 = tables.iter().map(|table| table.flat.rows()).sum();
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
        let mut eligible = Eligible::create(&folder.join(ELIGIBLE_ROWS))?;
        let mut counted = Vec::new();
        for (number, table) in tables.iter().enumerate() {
            let pass = Pass {
                table,
                number,
                resolution,
                as_of: self.request.as_of,
                threads: self.request.threads,
                stop: self.stop,
                done: &done,
                progress: &told,
            };
            counted.push(pass.run(&decisions.join(format!("{}.parquet", table.reach.per)), &mut eligible)?);
        }
        eligible.close()?;
        Ok(counted)
    }
}

/// The latest version of a benefit that was known on a day.
pub(crate) fn latest<'c>(catalogue: &'c Catalogue, known_on: Day, id: &str) -> Option<&'c Benefit> {
    let known = |benefit: &&Benefit| {
        let from = catalogue.known_from(&benefit.pack);
        from.is_some_and(|from| from <= known_on)
    };
    let versions = catalogue.benefits.versions(id).iter().filter(known);
    versions.max_by_key(|benefit| catalogue.known_from(&benefit.pack))
}

/// The flat tables, in the order of the programs.
pub(crate) fn derive(
    (catalogue, request): (&Catalogue, &Request),
    (progress, stop): (&(dyn Fn(Progress) + Sync), &AtomicBool),
    engines: &[(&'static Reach, Engine)],
    claim: &Claim,
    basis: &Basis,
    out: &Path,
) -> Result<Vec<PathBuf>, ScreeningError> {
    let asked: BTreeSet<&HistoryFact> = engines.iter().flat_map(|(_, engine)| &engine.history).collect();
    let history: Result<Vec<HistoryColumn>, ScreeningError> =
        asked.into_iter().map(|fact| column(fact, claim)).collect();
    let derivation = Derivation {
        dictionary: &catalogue.vocabulary.dictionary,
        registers: &catalogue.registers,
        basis,
        as_of: request.as_of,
        known_on: request.known_on,
        reduction: None,
        months: civil::MonthWindow::new(request.month, request.month),
        history: history?,
        per: engines.iter().map(|(reach, _)| reach.per).collect(),
        out: out.to_owned(),
        memory_bytes: request.memory_bytes,
        rows_at_once: registers::derive::rows_within(request.memory_bytes),
        threads: request.threads,
        told: &|step| {
            (progress)(Progress::Deriving {
                done: step.done,
                of: step.of,
            });
        },
        stop,
    };
    let flats = derivation.run()?;
    let path_of = |per: &str| flats.iter().find(|flat| flat.per == per).map(|flat| flat.path.clone());
    let paths: Option<Vec<PathBuf>> = engines.iter().map(|(reach, _)| path_of(reach.per)).collect();
    paths.ok_or_else(|| ScreeningError::Fault("有明细表没有生成".to_owned()))
}
