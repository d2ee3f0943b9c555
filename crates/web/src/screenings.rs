//! The runs of the home as pages show them: read once, for a run never changes; and simulations, which are kept nowhere
//! but here.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use civil::Day;
use rules::decision::Outcome;
use screening::rows::{Order, Places, Rows};
use screening::simulation::Comparison;
use screening::words::place;
use screening::{Home, Manifest, ScreeningError, Summary};

use crate::app::App;
use crate::error::Error;

/// Runs whose summaries are kept in memory.
const KEPT_RUNS: usize = 16;
/// Simulations that are kept.
const KEPT_SIMULATIONS: usize = 16;
/// Orders of rows that are kept of a run: people turn the pages of a few at a time. One of a million rows takes 8 MB.
const KEPT_ORDERS: usize = 3;

/// What was read of the home's runs, and what was simulated.
pub struct Screenings {
    home: Home,
    lines: Mutex<BTreeMap<String, Arc<Line>>>,
    runs: Mutex<VecDeque<Arc<Run>>>,
    simulations: Mutex<VecDeque<(String, Arc<Comparison>)>>,
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number.
    pub run: String,
    /// Where.
    pub place: String,
    /// The day it is about; none where the run cannot be read.
    pub as_of: Option<Day>,
    /// The day whose documents and data were used.
    pub known_on: Option<Day>,
    /// Benefits.
    pub benefits: usize,
    /// 初步符合.
    pub eligible: u64,
    /// 待核实.
    pub undetermined: u64,
    /// In fen.
    pub amount_fen: i64,
    /// Why it cannot be read; empty where it can.
    pub wrong: String,
}

/// A run that was opened.
pub struct Run {
    /// What it was made of.
    pub manifest: Manifest,
    /// What came of it.
    pub summary: Summary,
    places: Mutex<BTreeMap<String, Arc<Places>>>,
    orders: Mutex<VecDeque<(Asked, Arc<Vec<u64>>)>>,
}

/// A benefit's rows of one outcome, in an order.
type Asked = (String, Outcome, Order);

impl Screenings {
    pub(crate) fn new(home: Home) -> Self {
        Self {
            home,
            lines: Mutex::default(),
            runs: Mutex::default(),
            simulations: Mutex::default(),
        }
    }

    /// The home.
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// All runs, the newest day first. One that cannot be read says so and hides no other.
    ///
    /// # Errors
    /// Where the folder of runs cannot be read.
    pub fn lines(&self) -> Result<Vec<Arc<Line>>, ScreeningError> {
        let runs = self.home.runs();
        let mut lines = Vec::new();
        for name in runs.names()? {
            let known = self
                .lines
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&name)
                .cloned();
            let line = known.unwrap_or_else(|| {
                let read = || -> Result<(Manifest, Summary), ScreeningError> {
                    Ok((runs.manifest(&name)?, runs.summary(&name)?))
                };
                match read() {
                    Ok((manifest, summary)) => {
                        let line = Arc::new(Line::of(&manifest, &summary));
                        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
                        lines.insert(name.clone(), Arc::clone(&line));
                        line
                    }
                    Err(error) => Arc::new(Line::unreadable(&name, &error)),
                }
            });
            lines.push(line);
        }
        lines.sort_by(|a, b| (b.as_of, &b.run).cmp(&(a.as_of, &a.run)));
        Ok(lines)
    }

    /// A run.
    ///
    /// # Errors
    /// [`ScreeningError::NoRun`], or why it cannot be read.
    pub fn run(&self, name: &str) -> Result<Arc<Run>, ScreeningError> {
        let runs = self.home.runs();
        let mut kept = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.iter().find(|run| run.manifest.run == name)
            && runs.folder(name).exists()
        {
            return Ok(Arc::clone(found));
        }
        kept.retain(|run| run.manifest.run != name);
        let run = Arc::new(Run {
            manifest: runs.manifest(name)?,
            summary: runs.summary(name)?,
            places: Mutex::default(),
            orders: Mutex::default(),
        });
        kept.push_front(Arc::clone(&run));
        kept.truncate(KEPT_RUNS);
        Ok(run)
    }

    /// Keeps a simulation; the oldest goes.
    pub(crate) fn keep(&self, id: String, comparison: Comparison) {
        let mut kept = self.simulations.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((id, Arc::new(comparison)));
        kept.truncate(KEPT_SIMULATIONS);
    }

    /// The simulation of this number.
    pub fn simulation(&self, id: &str) -> Option<Arc<Comparison>> {
        let kept = self.simulations.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter()
            .find(|(known, _)| known == id)
            .map(|(_, comparison)| Arc::clone(comparison))
    }

    /// All simulations, the newest first.
    pub fn simulations(&self) -> Vec<(String, Arc<Comparison>)> {
        let kept = self.simulations.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().cloned().collect()
    }
}

impl Run {
    /// Where rows of each outcome stand for a benefit; counted once.
    ///
    /// # Errors
    /// What keeps the file from being read.
    pub fn places(&self, benefit: &str, rows: &Rows) -> Result<Arc<Places>, ScreeningError> {
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = places.get(benefit) {
            return Ok(Arc::clone(known));
        }
        let counted = Arc::new(rows.places()?);
        places.insert(benefit.to_owned(), Arc::clone(&counted));
        Ok(counted)
    }

    /// The numbers of a benefit's rows in an order; found once while somebody turns its pages.
    ///
    /// # Errors
    /// What keeps a file from being read.
    pub fn ordered(
        &self,
        benefit: &str,
        outcome: Outcome,
        order: Order,
        rows: &Rows,
    ) -> Result<Arc<Vec<u64>>, ScreeningError> {
        let asked = (benefit.to_owned(), outcome, order);
        let known = |kept: &VecDeque<(Asked, Arc<Vec<u64>>)>| {
            let found = kept.iter().find(|(known, _)| *known == asked);
            found.map(|(_, numbers)| Arc::clone(numbers))
        };
        let kept = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(numbers) = known(&kept) {
            return Ok(numbers);
        }
        // Others go on while this one reads.
        drop(kept);
        let numbers = Arc::new(rows.ordered(outcome, &order)?);
        let mut kept = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_front((asked, Arc::clone(&numbers)));
        kept.truncate(KEPT_ORDERS);
        Ok(numbers)
    }

    /// Rows of all benefits with an outcome.
    pub fn count(&self, outcome: Outcome) -> u64 {
        let of = self.summary.benefits.iter().map(|benefit| match outcome {
            Outcome::Eligible => benefit.eligible,
            Outcome::Ineligible => benefit.ineligible,
            Outcome::Undetermined => benefit.undetermined,
        });
        of.sum()
    }

    /// Money of all benefits, in fen.
    pub fn amount_fen(&self) -> i64 {
        amount_fen(&self.summary)
    }
}

fn amount_fen(summary: &Summary) -> i64 {
    let amounts = summary.benefits.iter().filter_map(|benefit| benefit.amount_fen);
    amounts.fold(0, i64::saturating_add)
}

impl Line {
    fn of(manifest: &Manifest, summary: &Summary) -> Self {
        Self {
            run: manifest.run.clone(),
            place: place(summary.region, &summary.region_name),
            as_of: Some(manifest.as_of),
            known_on: Some(manifest.known_on),
            benefits: summary.benefits.len(),
            eligible: summary.benefits.iter().map(|benefit| benefit.eligible).sum(),
            undetermined: summary.benefits.iter().map(|benefit| benefit.undetermined).sum(),
            amount_fen: amount_fen(summary),
            wrong: String::new(),
        }
    }

    fn unreadable(name: &str, error: &ScreeningError) -> Self {
        Self {
            run: name.to_owned(),
            place: String::new(),
            as_of: None,
            known_on: None,
            benefits: 0,
            eligible: 0,
            undetermined: 0,
            amount_fen: 0,
            wrong: error.shown().0,
        }
    }
}

/// Why a page of a run cannot be shown. What is wrong inside goes to the log, in full.
pub(crate) fn refused(app: &App, error: &ScreeningError) -> Error {
    let (message, hint) = error.shown();
    match error {
        ScreeningError::NoRun(..) => Error::not_found("没有这次筛查", "请从筛查的列表中选择"),
        ScreeningError::NotInRun { .. } => Error::not_found("这次筛查不含这个补贴项目", "请从该次筛查的项目列表中选择"),
        ScreeningError::NoRow { .. } => Error::not_found("这次筛查没有这一条", "请从名单中选择"),
        ScreeningError::Fault(_) => Error::inside(error.to_string()),
        _ => {
            app.log(&format!("screening: {error}"));
            Error::unprocessable(message, hint)
        }
    }
}
