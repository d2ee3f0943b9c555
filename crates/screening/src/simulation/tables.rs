//! Flat tables derived anew, where other rules ask for more of the history than a run has.

use std::path::PathBuf;

use registers::derive::{Basis, Reach};
use rules::engine::Engine;

use super::error::SimulationError;
use super::{Pair, Simulation};
use crate::error::ScreeningError;
use crate::opened::Opened;
use crate::run::{FACTS, Request, derive};
use crate::runs::Staging;

/// Derives the tables of all pairs from the registers as the run's day saw them. They stand in the folder in which runs
/// are made, and go with what is answered.
pub(super) fn derived(
    simulation: &Simulation<'_>,
    opened: &Opened,
    pairs: &[Pair],
    missing: &str,
) -> Result<(Option<Staging>, Vec<PathBuf>), SimulationError> {
    let run = &opened.manifest;
    let registers = simulation
        .registers
        .manifest()
        .map_err(|error| ScreeningError::Registers(error.to_string()))?;
    let regions = &simulation.catalogue.library.regions;
    let basis = Basis::of(simulation.registers, &registers, regions, run.region, run.known_on);
    let vintages = basis.vintages();
    let same = |id: &str| vintages.get(id) == run.vintages.get(id);
    let mut ids = vintages.keys().copied().chain(run.vintages.keys().map(String::as_str));
    if let Some(changed) = ids.find(|id| !same(id)) {
        let label = simulation.catalogue.registers.get(changed);
        return Err(SimulationError::OtherData {
            run: run.run.clone(),
            missing: missing.to_owned(),
            register: label.map_or_else(|| changed.to_owned(), |register| register.label.clone()),
        });
    }
    let request = Request {
        region: run.region,
        as_of: run.as_of,
        known_on: run.known_on,
        month: opened.claim.month,
        benefits: None,
        without_history: run.without_history,
        threads: simulation.threads,
        memory_bytes: simulation.memory_bytes,
    };
    let staging = simulation.runs.begin(&request)?;
    let engines: Vec<(&'static Reach, Engine)> = pairs.iter().map(|pair| (pair.reach, both(pair))).collect();
    let of = (simulation.catalogue, &request);
    let facts = staging.folder().join(FACTS);
    let paths = derive(
        of,
        (simulation.progress, simulation.stop),
        &engines,
        &opened.claim,
        &basis,
        &facts,
    )?;
    Ok((Some(staging), paths))
}

/// A program that asks of the history what both sides ask.
fn both(pair: &Pair) -> Engine {
    let mut engine = pair.after.clone();
    for fact in &pair.before.history {
        if !engine.history.contains(fact) {
            engine.history.push(fact.clone());
        }
    }
    engine
}
