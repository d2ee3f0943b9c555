//! All benefits known on a day, compiled into one program.

use std::collections::{BTreeMap, BTreeSet};

use civil::Day;
use policy::benefit::{Benefit, lineage};
use policy::file::{Diagnostic, Diagnostics};

use crate::benefit::{Carried, HistoryFact, Surroundings, Version, compile};
use crate::catalogue::Catalogue;
use crate::program::{Builder, Program};

/// A compiled program with the benefits it decides.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The day whose documents and parameters were used.
    pub known_on: Day,
    /// The operations.
    pub program: Program,
    /// Counts that the history must give, numbered after the facts of the dictionary.
    pub history: Vec<HistoryFact>,
    /// Versions by benefit, the one of the latest document first.
    pub benefits: BTreeMap<String, Vec<Version>>,
}

impl Engine {
    /// Compiles every benefit known on `known_on`. With `as_of` the program is for that day; without, the day is a
    /// column. What is wrong is told; a benefit with a mistake is left out.
    pub fn compile(catalogue: &Catalogue, known_on: Day, as_of: Option<Day>) -> (Self, Vec<Diagnostic>) {
        let ids = catalogue.benefits.by_id.keys().map(String::as_str);
        Self::compile_only(catalogue, known_on, as_of, ids)
    }

    /// Compiles the benefits of some ids; an id that no pack has, or that was not known on `known_on`, is left out.
    pub fn compile_only<'a>(
        catalogue: &Catalogue,
        known_on: Day,
        as_of: Option<Day>,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> (Self, Vec<Diagnostic>) {
        Self::compile_supposing(catalogue, known_on, as_of, ids, BTreeMap::new())
    }

    /// Compiles the benefits of which `wanted` holds for a version known on `known_on`, with all their known versions: those
    /// of one `per` for a screening run, or those of a region and the regions it lies in (see
    /// [`benefits_of`](crate::entitlement::benefits_of)).
    pub fn compile_where(
        catalogue: &Catalogue,
        known_on: Day,
        as_of: Option<Day>,
        wanted: impl Fn(&Benefit) -> bool,
    ) -> (Self, Vec<Diagnostic>) {
        let known = |benefit: &Benefit| {
            let known = catalogue.known_from(&benefit.pack);
            known.is_some_and(|known| known <= known_on)
        };
        let of_it = |versions: &[Benefit]| versions.iter().any(|version| known(version) && wanted(version));
        let by_id = catalogue.benefits.by_id.iter();
        let ids = by_id.filter(|(_, versions)| of_it(versions)).map(|(id, _)| id.as_str());
        Self::compile_only(catalogue, known_on, as_of, ids)
    }

    /// Compiles some benefits with some parameters supposed to have a value.
    pub fn compile_supposing<'a>(
        catalogue: &Catalogue,
        known_on: Day,
        as_of: Option<Day>,
        ids: impl IntoIterator<Item = &'a str>,
        supposed: BTreeMap<String, i128>,
    ) -> (Self, Vec<Diagnostic>) {
        let diagnostics = Diagnostics::new();
        let mut builder = Builder::new(&catalogue.vocabulary, known_on, as_of);
        builder.supposed = supposed;
        let mut benefits: BTreeMap<String, Vec<Version>> = BTreeMap::new();
        for id in ids {
            let mut versions: Vec<&Benefit> = catalogue
                .benefits
                .versions(id)
                .iter()
                .filter(|version| {
                    catalogue
                        .known_from(&version.pack)
                        .is_some_and(|known| known <= known_on)
                })
                .collect();
            versions.sort_by_key(|version| std::cmp::Reverse(catalogue.known_from(&version.pack)));
            for benefit in versions {
                builder.lineage = lineage(&catalogue.library, &benefit.pack);
                let surroundings = surroundings(catalogue, benefit, known_on);
                if let Some(version) = compile(&mut builder, benefit, &surroundings, &diagnostics) {
                    benefits.entry(id.to_owned()).or_default().push(version);
                }
            }
        }
        let (program, history) = builder.finish();
        (
            Self {
                known_on,
                program,
                history,
                benefits,
            },
            diagnostics.into_sorted(),
        )
    }
}

/// What other files say about a benefit.
fn surroundings<'b>(catalogue: &'b Catalogue, benefit: &Benefit, known_on: Day) -> Surroundings<'b> {
    let policy = catalogue.library.packs.get(&benefit.pack).map(|pack| &pack.policy);
    let region = policy.and_then(|policy| policy.region.as_ref()).map(|code| {
        let name = catalogue.library.regions.get(code).map(|region| region.name.clone());
        (code.to_string(), name.unwrap_or_else(|| code.to_string()))
    });
    // The head of the family is the parent's benefit, or this one where it carries out none.
    let head = benefit
        .implements
        .as_ref()
        .map_or(&benefit.id, |implements| &implements.id);
    let family = catalogue.benefits.all().filter(|other| {
        other.id == *head
            || other
                .implements
                .as_ref()
                .is_some_and(|implements| implements.id == *head)
    });
    let kin: BTreeSet<String> = family
        .map(|other| other.id.to_string())
        .filter(|id| *id != *benefit.id)
        .collect();
    Surroundings {
        region,
        carried: carried(catalogue, benefit, known_on),
        kin: kin.into_iter().collect(),
    }
}

/// The benefits of child regions, known on `known_on`, that carry `benefit` out.
fn carried<'b>(catalogue: &'b Catalogue, benefit: &Benefit, known_on: Day) -> Vec<Carried<'b>> {
    let children = catalogue.benefits.all().filter(|child| child.pack != benefit.pack);
    children
        .filter(|child| catalogue.known_from(&child.pack).is_some_and(|known| known <= known_on))
        .filter(|child| lineage(&catalogue.library, &child.pack).contains(&benefit.pack))
        .filter_map(|child| {
            let implements = child
                .implements
                .as_ref()
                .filter(|implements| implements.id == benefit.id)?;
            let region = catalogue
                .library
                .packs
                .get(&child.pack)?
                .policy
                .region
                .as_ref()?
                .to_string();
            Some(Carried {
                child,
                implements,
                region,
                document: crate::decision::document(catalogue, &child.cite.document),
            })
        })
        .collect()
}
