//! Which facts a register vouches for: where the register covers the region, no row means what the dictionary says of
//! the fact (no, nothing, zero); where it does not, no row means that nobody knows.

use std::collections::{BTreeMap, BTreeSet};

use civil::RegionCode;
use policy::fact::WhenAbsent;
use policy::register::Registers;
use registers::derive::{Basis, GROUPS, Group, Part, defined};
use rules::catalogue::Catalogue;

/// How far each register covers the region.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coverage {
    whole: BTreeSet<String>,
    /// Registers with files of parts of the region only.
    pub(crate) partial: BTreeSet<String>,
    /// For each derived fact the tables that its query reads.
    tables: BTreeMap<String, BTreeSet<String>>,
}

impl Coverage {
    /// A file of the whole region covers it; files of its towns alone do not.
    pub(crate) fn of(basis: &Basis, registers: &Registers, region: RegionCode) -> Self {
        let mut coverage = Self::default();
        for (register, parts) in &basis.parts {
            let covers = |part: &Part| {
                part.origin
                    .as_ref()
                    .is_none_or(|of| region.is_within(of.region.prefix()))
            };
            let set = if parts.iter().any(covers) {
                &mut coverage.whole
            } else {
                &mut coverage.partial
            };
            set.insert(register.clone());
        }
        coverage.with_groups(registers)
    }

    /// What a run says of itself.
    pub(crate) fn of_covered(covered: BTreeSet<String>, registers: &Registers) -> Self {
        let coverage = Self {
            whole: covered,
            ..Self::default()
        };
        coverage.with_groups(registers)
    }

    fn with_groups(mut self, registers: &Registers) -> Self {
        for group in GROUPS {
            let tables = tables(group, registers);
            for fact in defined(group) {
                self.tables.insert(fact, tables.clone());
            }
        }
        self
    }

    /// Registers that cover the whole region.
    pub(crate) fn whole(&self) -> &BTreeSet<String> {
        &self.whole
    }

    /// What an empty cell of the fact means in this run.
    pub(crate) fn when_absent(&self, catalogue: &Catalogue, fact: &str) -> WhenAbsent {
        let Some(known) = catalogue.vocabulary.dictionary.fact(fact) else {
            return WhenAbsent::Unknown;
        };
        let covered = match self.tables.get(fact) {
            Some(tables) => !tables.is_empty() && tables.iter().all(|id| self.whole.contains(id)),
            None => catalogue
                .registers
                .holding(fact)
                .is_some_and(|(register, _)| self.whole.contains(&register.id)),
        };
        if covered {
            known.when_absent
        } else {
            WhenAbsent::Unknown
        }
    }
}

/// The registers that a group reads, itself or through others.
fn tables(group: &Group, registers: &Registers) -> BTreeSet<String> {
    let words: BTreeSet<&str> = group
        .sql
        .lines()
        .filter(|line| !line.starts_with("--"))
        .flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        .collect();
    let mut found: BTreeSet<String> = registers
        .all()
        .filter(|register| words.contains(register.id.replace('-', "_").as_str()))
        .map(|register| register.id.clone())
        .collect();
    for other in GROUPS.iter().take_while(|other| other.name != group.name) {
        if words.contains(other.name) {
            found.extend(tables(other, registers));
        }
    }
    found
}
