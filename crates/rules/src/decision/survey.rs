//! One case against many benefits at once, with one compiled program.

use std::collections::BTreeMap;
use std::ops::Deref;

use civil::Day;
use serde_json::Value;

use super::account::Row;
use super::decide::chosen;
use super::{Decision, later, rows};
use crate::case::{Case, CaseError, read};
use crate::catalogue::Catalogue;
use crate::day_number;
use crate::engine::Engine;
use crate::kernel::CaseSpace;

/// Many benefits, compiled together for one day known; decides any number of cases. `C` is the catalogue, borrowed or shared
/// (`&Catalogue`, `Arc<Catalogue>`).
#[derive(Debug)]
pub struct Survey<C> {
    pub(super) catalogue: C,
    pub(super) known_on: Day,
    pub(super) engine: Engine,
    pub(super) workspace: CaseSpace,
    /// For looking ahead a benefit is compiled alone: a later day is a row, and few columns are better than all.
    alone: BTreeMap<String, (Engine, CaseSpace)>,
}

impl<C: Deref<Target = Catalogue>> Survey<C> {
    /// Compiles the benefits as they were known on `known_on`; one whose document was not known then, or that has a
    /// mistake, is left out.
    pub fn new<'a>(catalogue: C, known_on: Day, benefits: impl IntoIterator<Item = &'a str>) -> Self {
        let (engine, _) = Engine::compile_only(&catalogue, known_on, None, benefits);
        let workspace = CaseSpace::new(&engine.program);
        Self {
            catalogue,
            known_on,
            engine,
            workspace,
            alone: BTreeMap::new(),
        }
    }

    /// Decides a case against every benefit, in the order of their ids.
    ///
    /// # Errors
    /// [`CaseError`] where the facts do not fit the dictionary.
    pub fn decide(&mut self, facts: &Value, as_of: Day) -> Result<Vec<Decision>, CaseError> {
        let vocabulary = &self.catalogue.vocabulary;
        let case = read(vocabulary, facts, Some(self.known_on))?;
        let (engine, workspace) = (&self.engine, &mut self.workspace);
        let Some(columns) = rows::columns(engine, vocabulary, &case, &[day_number(as_of)]) else {
            return Ok(Vec::new());
        };
        workspace.begin(&columns, 0);
        let mut decisions = Vec::with_capacity(engine.benefits.len());
        for versions in engine.benefits.values() {
            let Some(version) = chosen(engine, versions, workspace, &columns) else {
                continue;
            };
            for list in [&version.condition_ops, &version.amount_ops, &version.other_ops] {
                workspace.run(&engine.program, &columns, list);
            }
            let row = Row {
                engine,
                workspace,
                catalogue: &self.catalogue,
                case: &case,
                day: day_number(as_of),
            };
            let mut decision = row.decision(version, as_of, self.known_on);
            if later::time_can_help(version, &decision) {
                decision.eligible_from = look_ahead(&self.catalogue, &mut self.alone, &case, &decision);
            }
            decisions.push(decision);
        }
        Ok(decisions)
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }
}

/// The first later day on which time alone would make the case eligible for the decision's benefit.
fn look_ahead(
    catalogue: &Catalogue,
    alone: &mut BTreeMap<String, (Engine, CaseSpace)>,
    case: &Case,
    decision: &Decision,
) -> Option<Day> {
    let vocabulary = &catalogue.vocabulary;
    if !alone.contains_key(&decision.benefit) {
        let (engine, _) = Engine::compile_only(catalogue, decision.known_on, None, [decision.benefit.as_str()]);
        let workspace = CaseSpace::new(&engine.program);
        alone.insert(decision.benefit.clone(), (engine, workspace));
    }
    let (engine, workspace) = alone.get_mut(&decision.benefit)?;
    let versions = engine.benefits.get(&decision.benefit)?;
    let columns = rows::columns(engine, vocabulary, case, &[day_number(decision.as_of)])?;
    workspace.begin(&columns, 0);
    let version = chosen(engine, versions, workspace, &columns)?;
    later::eligible_from(engine, vocabulary, workspace, case, version, decision)
}
