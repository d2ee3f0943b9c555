//! Which benefit stands under which situation (办事情形), by what it is and which facts it asks.

use std::collections::{BTreeMap, BTreeSet};

use policy::benefit::Benefit;
use policy::file::{Diagnostic, Diagnostics};

use crate::catalogue::Catalogue;
use crate::engine::Engine;

/// The facts that each benefit asks, and the situations it stands under.
#[derive(Debug, Clone, Default)]
pub struct Placed {
    facts: BTreeMap<String, Vec<String>>,
    situations: BTreeMap<String, Vec<String>>,
}

impl Placed {
    /// Places every benefit that compiles.
    pub fn of(catalogue: &Catalogue, engine: &Engine) -> Self {
        let mut placed = Self::default();
        let vocabulary = &catalogue.vocabulary;
        for (id, versions) in &engine.benefits {
            let conditions = versions.iter().flat_map(|version| &version.conditions);
            let asked = conditions.flat_map(|condition| &condition.facts);
            let asked = asked.chain(versions.iter().flat_map(|version| &version.amount_facts));
            let named: BTreeSet<&str> = asked
                .filter(|fact| **fact < vocabulary.fact_count())
                .map(|fact| vocabulary.fact_name(*fact))
                .collect();
            let facts: Vec<&str> = named.into_iter().collect();
            let under: BTreeSet<&str> = versions
                .iter()
                .flat_map(|version| catalogue.situations.of(&version.benefit, &facts))
                .map(|situation| situation.id.as_str())
                .collect();
            placed
                .situations
                .insert(id.clone(), under.into_iter().map(str::to_owned).collect());
            placed
                .facts
                .insert(id.clone(), facts.into_iter().map(str::to_owned).collect());
        }
        placed
    }

    /// The facts that the conditions and the amount of a benefit name, sorted; none for one that does not compile.
    pub fn facts(&self, benefit: &str) -> &[String] {
        self.facts.get(benefit).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a benefit stands under a situation.
    pub fn is_under(&self, benefit: &str, situation: &str) -> bool {
        self.situations(benefit).iter().any(|under| under == situation)
    }

    /// The situations that a benefit stands under, by id.
    pub fn situations(&self, benefit: &str) -> &[String] {
        self.situations.get(benefit).map(Vec::as_slice).unwrap_or_default()
    }

    /// Benefits that nobody would find: they stand under no situation.
    pub(crate) fn unplaced(&self, catalogue: &Catalogue) -> Vec<Diagnostic> {
        let diagnostics = Diagnostics::new();
        let lost = |benefit: &&Benefit| self.situations.get(benefit.id.as_str()).is_some_and(Vec::is_empty);
        for benefit in catalogue.benefits.all().filter(lost) {
            benefit.id.warn(
                &diagnostics,
                format!(
                    "补贴项目“{}”没有归入任何办事情形，群众在办事指南里找不到它",
                    benefit.name
                ),
                "请在 shared/situations.toml 的某个 where 中写上它，或放宽其中的条件",
            );
        }
        diagnostics.into_sorted()
    }
}
