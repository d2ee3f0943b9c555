//! All packs of a tree, loaded together.

use std::collections::BTreeMap;

use civil::Day;

use crate::check;
use crate::file::{Diagnostic, Diagnostics, Severity, Table, Tree};
use crate::pack::Pack;
use crate::policy_file::{self, PolicyFile};
use crate::regions::Regions;
use crate::units::Units;
use crate::{coverage_file, targets_file, tasks_file, units_file};

/// What a tree of packs holds. Loading never fails whole: what was understood is there, and so is every finding.
#[derive(Debug, Default)]
pub struct Library {
    /// Packs by id.
    pub packs: BTreeMap<String, Pack>,
    /// The unit table.
    pub units: Units,
    /// The regions.
    pub regions: Regions,
    /// Every finding, by file, line and column.
    pub diagnostics: Vec<Diagnostic>,
}

impl Library {
    /// Loads and checks a tree.
    pub fn load(tree: &Tree) -> Self {
        let diagnostics = Diagnostics::new();
        let open = |path: &str| {
            tree.open(path, &diagnostics)
                .and_then(|file| Table::of_file(&file, &diagnostics))
        };
        check::paths(tree, &diagnostics);
        let regions = open("shared/regions.toml").map(Regions::read).unwrap_or_default();
        let units = open("shared/units.toml")
            .map(|table| units_file::read(table, &regions))
            .unwrap_or_default();
        let mut packs = BTreeMap::new();
        for folder in check::pack_folders(tree) {
            // Without a readable policy.toml nothing says what the tasks belong to; that has been reported.
            let Some(table) = open(&format!("{folder}/policy.toml")) else {
                continue;
            };
            let PolicyFile {
                policy,
                parts,
                windows,
                untranslated,
            } = policy_file::read(table, &folder);
            let tasks = open(&format!("{folder}/tasks.toml"))
                .map(tasks_file::read)
                .unwrap_or_default();
            let (targets, duties) = open(&format!("{folder}/targets.toml"))
                .map(targets_file::read)
                .unwrap_or_default();
            let (no_duty, plain) = open(&format!("{folder}/coverage.toml"))
                .map(coverage_file::read)
                .unwrap_or_default();
            packs.insert(
                folder,
                Pack {
                    policy,
                    parts,
                    windows,
                    untranslated,
                    tasks,
                    targets,
                    duties,
                    no_duty,
                    plain,
                },
            );
        }
        check::packs(&packs, &units, &regions, &diagnostics);
        Self {
            packs,
            units,
            regions,
            diagnostics: diagnostics.into_sorted(),
        }
    }

    /// The findings that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
    }

    /// The packs whose document is for this very region, by id.
    pub fn packs_of<'a>(&'a self, region: &'a str) -> impl Iterator<Item = &'a Pack> {
        self.packs
            .values()
            .filter(move |pack| pack.policy.region.as_ref().is_some_and(|code| **code == region))
    }

    /// The latest day from which one of the documents is known; `None` where no pack says it.
    pub fn latest_known_from(&self) -> Option<Day> {
        self.packs
            .values()
            .filter_map(|pack| pack.policy.known_from.as_ref())
            .map(|known| *known.date)
            .max()
    }
}
