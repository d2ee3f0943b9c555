//! Decides one case with every condition's value kept.

use std::collections::BTreeMap;

use civil::Day;
use serde_json::Value;

use super::account::{Row, packs};
use super::{Decision, Missing, Outcome, Reason, later, rows};
use crate::benefit::Version;
use crate::case::{Case, CaseError, read};
use crate::catalogue::Catalogue;
use crate::day_number;
use crate::engine::Engine;
use crate::kernel::{CaseSpace, Columns};

/// Why no decision was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    /// No such benefit.
    #[error("没有补贴项目“{id}”。{hint}")]
    NoBenefit {
        /// What was asked for.
        id: String,
        /// The nearest.
        hint: String,
    },
    /// The benefit has a mistake in its pack.
    #[error("补贴项目“{id}”的政策文件有错误，不能判断。请运行 leye policy check 查看并改正")]
    Broken {
        /// The benefit.
        id: String,
    },
    /// The facts are not usable.
    #[error(transparent)]
    Facts(#[from] CaseError),
}

/// Decides cases of a catalogue; keeps one compiled engine per `known_on`.
#[derive(Debug)]
pub struct Decider<'c> {
    pub(super) catalogue: &'c Catalogue,
    engines: BTreeMap<(Day, String), (Engine, CaseSpace)>,
    supposed: BTreeMap<String, i128>,
    looks_ahead: bool,
}

impl<'c> Decider<'c> {
    /// A decider with nothing compiled yet.
    pub fn new(catalogue: &'c Catalogue) -> Self {
        Self {
            catalogue,
            engines: BTreeMap::new(),
            supposed: BTreeMap::new(),
            looks_ahead: true,
        }
    }

    /// The same with parameters supposed to have one value on all days: for trying a standard out.
    #[must_use]
    pub fn supposing(mut self, supposed: BTreeMap<String, i128>) -> Self {
        self.supposed = supposed;
        self
    }

    /// The same without looking for a later day on which a case would turn eligible: for many cases at once.
    #[must_use]
    pub fn without_later_days(mut self) -> Self {
        self.looks_ahead = false;
        self
    }

    /// Decides a case. Without `known_on` it is the latest day from which anything loaded, the facts included, is known.
    ///
    /// # Errors
    /// [`DecideError`] for an unknown benefit, a benefit with mistakes, or facts that do not fit the dictionary.
    pub fn decide(
        &mut self,
        benefit: &str,
        facts: &Value,
        as_of: Day,
        known_on: Option<Day>,
    ) -> Result<Decision, DecideError> {
        let versions = self.catalogue.find(benefit).map_err(|hint| DecideError::NoBenefit {
            id: benefit.to_owned(),
            hint,
        })?;
        let case = read(&self.catalogue.vocabulary, facts, known_on)?;
        let latest = Some(self.catalogue.latest_known()).max(case.latest_known);
        let known_on = known_on.or(latest).unwrap_or(as_of);
        let first = versions
            .iter()
            .filter_map(|version| self.catalogue.known_from(&version.pack))
            .min();
        if let (Some(first), Some(version)) = (first.filter(|first| *first > known_on), versions.first()) {
            return Ok(self.not_yet_known(version, &case, as_of, known_on, first));
        }
        let key = (known_on, benefit.to_owned());
        if !self.engines.contains_key(&key) {
            let (engine, _) =
                Engine::compile_supposing(self.catalogue, known_on, None, [benefit], self.supposed.clone());
            let workspace = CaseSpace::new(&engine.program);
            self.engines.insert(key.clone(), (engine, workspace));
        }
        let catalogue = self.catalogue;
        let broken = || DecideError::Broken { id: benefit.to_owned() };
        let (engine, workspace) = self.engines.get_mut(&key).ok_or_else(broken)?;
        let versions = engine
            .benefits
            .get(benefit)
            .filter(|versions| !versions.is_empty())
            .ok_or_else(broken)?;
        let columns = rows::columns(engine, &catalogue.vocabulary, &case, &[day_number(as_of)]).ok_or_else(broken)?;
        workspace.begin(&columns, 0);
        let version = chosen(engine, versions, workspace, &columns).ok_or_else(broken)?;
        for list in [&version.condition_ops, &version.amount_ops, &version.other_ops] {
            workspace.run(&engine.program, &columns, list);
        }
        let row = Row {
            engine,
            workspace,
            catalogue,
            case: &case,
            day: day_number(as_of),
        };
        let mut decision = row.decision(version, as_of, known_on);
        if self.looks_ahead {
            decision.eligible_from =
                later::eligible_from(engine, &catalogue.vocabulary, workspace, &case, version, &decision);
        }
        Ok(decision)
    }

    /// The document was not known yet: nothing can be said from it.
    fn not_yet_known(
        &self,
        version: &policy::benefit::Benefit,
        case: &Case,
        as_of: Day,
        known_on: Day,
        first: Day,
    ) -> Decision {
        Decision {
            benefit: version.id.to_string(),
            name: version.name.clone(),
            version: String::new(),
            as_of,
            known_on,
            outcome: Outcome::Undetermined,
            reason: Some(Reason::Document),
            places: Vec::new(),
            amount_fen: None,
            months: None,
            monthly_fen: None,
            payee: version.payee.clone(),
            channel: version.channel.clone(),
            loan: None,
            breakdown: Vec::new(),
            stages: Vec::new(),
            shares: Vec::new(),
            conditions: Vec::new(),
            decided_by: None,
            missing: vec![Missing::Document(version.pack.clone(), first)],
            assumed: Vec::new(),
            readings: Vec::new(),
            eligible_from: None,
            packs: packs(self.catalogue, [version.pack.as_str()]),
            facts_sm3: case.sm3.clone(),
        }
    }
}

/// The version in whose window the case lies; the latest document's where it lies in none.
pub(super) fn chosen<'v>(
    engine: &Engine,
    versions: &'v [Version],
    workspace: &mut CaseSpace,
    columns: &Columns,
) -> Option<&'v Version> {
    for version in versions {
        let Some(window) = version.window else {
            return Some(version);
        };
        workspace.run(&engine.program, columns, &version.window_ops);
        if workspace.truth(window, 0) == Some(true) {
            return Some(version);
        }
    }
    versions.first()
}
