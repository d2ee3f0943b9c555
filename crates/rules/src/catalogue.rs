//! Everything loaded from a tree of packs that rules rest on, checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use civil::Day;
use policy::Library;
use policy::benefit::{self, Benefit, Benefits};
use policy::cross_check::{self, CrossChecks};
use policy::file::{Diagnostic, Diagnostics, Severity, SourceFile, Tree};
use policy::fund::{self, Funds};
use policy::reform::{self, Reform};
use policy::register::{self, Registers};
use policy::situation::{self, Situations};
use policy::{fact, parameter};

use crate::engine::Engine;
use crate::replay;
use crate::situation::Placed;
use crate::typed::Vocabulary;

/// Format of packs, decisions and receipts.
pub const FORMAT: i64 = 1;

/// Packs, facts, parameters, funds and benefits.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// Documents, tasks, targets, units, regions.
    pub library: Library,
    /// Facts and parameters.
    pub vocabulary: Vocabulary,
    /// Benefits.
    pub benefits: Benefits,
    /// Funds.
    pub funds: Funds,
    /// Registers, with the column of every fact that is entered.
    pub registers: Registers,
    /// Cross-checks, of `shared` and of the packs.
    pub checks: CrossChecks,
    /// Situations by which benefits are found.
    pub situations: Situations,
    /// Which benefit stands under which of them.
    pub placed: Placed,
    /// SM3 over the canonical bytes of each pack, and of `shared`.
    pub sm3: BTreeMap<String, String>,
    /// Every finding, the library's too.
    pub diagnostics: Vec<Diagnostic>,
}

impl Catalogue {
    /// Loads a tree and compiles every benefit once, so that every mistake of every expression is found.
    pub fn load(tree: &Tree) -> Self {
        Self::build(tree, None).0
    }

    /// Loads a tree with a reform laid over it, checked like the packs themselves; the reform where its file is one.
    pub fn load_reformed(tree: &Tree, file: &Arc<SourceFile>) -> (Self, Option<Reform>) {
        Self::build(tree, Some(file))
    }

    fn build(tree: &Tree, file: Option<&Arc<SourceFile>>) -> (Self, Option<Reform>) {
        let mut library = Library::load(tree);
        let diagnostics = Diagnostics::new();
        let dictionary = fact::load(tree, &diagnostics);
        let registers = register::load(tree, &dictionary, &diagnostics);
        let checks = cross_check::load(tree, &registers, &dictionary, &diagnostics);
        let mut parameters = parameter::load(tree, &dictionary, &diagnostics);
        let funds = fund::load(tree, &diagnostics);
        let mut benefits = benefit::load(tree, &library, &diagnostics);
        let reform = file.and_then(|file| {
            let (parameters, benefits) = (&mut parameters, &mut benefits);
            reform::apply(file, &library, &dictionary, parameters, benefits, &diagnostics)
        });
        check_funds(&benefits, &funds, &diagnostics);
        let ids = benefits.by_id.keys().map(String::as_str);
        let situations = situation::load(tree, &dictionary, ids, &diagnostics);
        let mut found = std::mem::take(&mut library.diagnostics);
        let mut vocabulary = Vocabulary::new(dictionary, parameters);
        vocabulary.benefits = named(&benefits);
        let mut catalogue = Self {
            library,
            vocabulary,
            benefits,
            funds,
            registers,
            checks,
            situations,
            placed: Placed::default(),
            sm3: replay::hashes(tree),
            diagnostics: Vec::new(),
        };
        found.extend(diagnostics.into_sorted());
        let (engine, findings) = Engine::compile(&catalogue, catalogue.latest_known(), None);
        found.extend(findings);
        catalogue.placed = Placed::of(&catalogue, &engine);
        if !catalogue.situations.0.is_empty() {
            found.extend(catalogue.placed.unplaced(&catalogue));
        }
        found.sort();
        found.dedup();
        catalogue.diagnostics = found;
        (catalogue, reform)
    }

    /// The findings that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
    }

    /// What is wrong here and was not there: what a reform that lies over the packs of `before` brought in.
    pub fn errors_since<'c>(&'c self, before: &'c Self) -> impl Iterator<Item = &'c Diagnostic> {
        self.errors().filter(|finding| !before.diagnostics.contains(finding))
    }

    /// The latest day from which anything loaded is known: what `known_on` is where nobody says.
    pub fn latest_known(&self) -> Day {
        let documents = self.library.latest_known_from();
        let parameters = parameter::latest_known(&self.vocabulary.parameters);
        documents.max(parameters).unwrap_or(EARLIEST)
    }

    /// The day from which a pack may be used.
    pub fn known_from(&self, pack: &str) -> Option<Day> {
        self.library
            .packs
            .get(pack)
            .and_then(|pack| pack.policy.known_from.as_ref())
            .map(|known| *known.date)
    }

    /// The benefit's id, or the nearest ones.
    ///
    /// # Errors
    /// A Chinese hint naming the nearest benefits.
    pub fn find(&self, id: &str) -> Result<&[Benefit], String> {
        match self.benefits.versions(id) {
            [] => {
                let ids: Vec<&str> = self.benefits.by_id.keys().map(String::as_str).collect();
                Err(policy::file::meant(id, ids.iter().copied()))
            }
            versions => Ok(versions),
        }
    }
}

/// Where nothing is loaded at all.
const EARLIEST: Day = Day::MIN;

/// The benefits that a history may name: those loaded, and those of other documents that these name.
fn named(benefits: &Benefits) -> BTreeSet<String> {
    let others = benefits.all().flat_map(|benefit| {
        let once = benefit.once.iter().flat_map(|once| &once.among);
        let at_most = benefit.at_most.iter().flat_map(|at_most| &at_most.among);
        let not_with = benefit.not_with.iter().map(|not_with| &not_with.benefit);
        once.chain(at_most).chain(not_with).map(|other| other.to_string())
    });
    benefits.by_id.keys().cloned().chain(others).collect()
}

fn check_funds(benefits: &Benefits, funds: &Funds, diagnostics: &Diagnostics) {
    for benefit in benefits.all() {
        if let Some(fund) = &benefit.fund
            && fund.as_str() != fund::NOT_STATED
            && !funds.0.contains_key(fund.as_str())
        {
            let hint = policy::file::meant(fund, funds.0.keys().map(String::as_str));
            fund.report(
                diagnostics,
                format!("没有资金渠道“{}”", **fund),
                format!("{hint}；原文未载明的写 \"n/s\""),
            );
        }
    }
}
