//! Names of one unit in one region: 市税务局 and 慈溪市税务局 of 慈溪市, 区农业农村委 and 区农业农村委（区扶贫办）. Names of two
//! regions are never one unit.

use std::collections::BTreeMap;

use crate::regions::Region;
use crate::suggest::level_word;
use crate::{Library, Pack};

/// Under which name each unit of each region stands.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Code of the region and name as printed → the name under which the unit stands.
    one: BTreeMap<(String, String), String>,
}

/// The code of a pack's region; empty where it has none.
pub(super) fn code_of(pack: &Pack) -> &str {
    pack.policy.region.as_ref().map_or("", |code| code.as_str())
}

impl Names {
    /// Of all units named in these packs; of several names of a unit the one used most, the first of several.
    pub(super) fn of<'p>(library: &Library, packs: impl Iterator<Item = &'p Pack>) -> Self {
        // By region: each name with its keys and how often it is used, in order of first appearance.
        let mut regions: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
        for pack in packs {
            let uses = regions.entry(code_of(pack).to_owned()).or_default();
            for assignment in pack.tasks.iter().flat_map(|task| &task.assignments) {
                let name = assignment.unit.as_str();
                match uses.iter_mut().find(|(known, _)| known == name) {
                    Some((_, count)) => *count += 1,
                    None => uses.push((name.to_owned(), 1)),
                }
            }
        }
        let mut names = Self::default();
        for (code, uses) in regions {
            let region = library.regions.get(&code);
            // Names that share a plate are one unit, also by way of a third.
            let mut units: Vec<(Vec<String>, Vec<usize>)> = Vec::new();
            for (at, (name, _)) in uses.iter().enumerate() {
                let mut unit = (keys(library, region, name), vec![at]);
                let (same, others): (Vec<_>, Vec<_>) = units
                    .into_iter()
                    .partition(|(keys, _)| keys.iter().any(|key| unit.0.contains(key)));
                for (keys, places) in same {
                    unit.0.extend(keys);
                    unit.1.extend(places);
                }
                units = others;
                units.push(unit);
            }
            for (_, mut places) in units {
                places.sort_unstable();
                let most = places
                    .iter()
                    .filter_map(|at| uses.get(*at))
                    .map(|(_, count)| *count)
                    .max();
                let mut own = places.iter().filter_map(|at| uses.get(*at));
                let Some((shown, _)) = own.clone().find(|(_, count)| Some(*count) == most) else {
                    continue;
                };
                own.by_ref().for_each(|(name, _)| {
                    names.one.insert((code.clone(), name.clone()), shown.clone());
                });
            }
        }
        names
    }

    /// The name under which a unit of a region stands.
    pub(super) fn shown<'n>(&'n self, code: &str, name: &'n str) -> &'n str {
        self.one
            .get(&(code.to_owned(), name.to_owned()))
            .map_or(name, String::as_str)
    }
}

/// The names of a unit without its region and without brackets: its own and that of a second plate.
pub(super) fn keys(library: &Library, region: Option<&Region>, name: &str) -> Vec<String> {
    let (main, second) = library.units.plates(name);
    let mut keys = vec![local(library, region, &main)];
    keys.extend(second.map(|second| local(library, region, &second)));
    keys
}

/// 市税务局 of 慈溪市税务局 and 宁波市慈溪市税务局, in 慈溪市.
fn local(library: &Library, region: Option<&Region>, name: &str) -> String {
    match region.and_then(|region| Some((region, behind_place(library, region, name)?))) {
        Some((region, rest)) => format!("{}{rest}", level_word(&region.name).unwrap_or_default()),
        None => name.to_owned(),
    }
}

/// What stands behind the name of the region, alone or after those it lies in.
pub(super) fn behind_place<'t>(library: &Library, region: &Region, name: &'t str) -> Option<&'t str> {
    let mut rest = name;
    for above in library.regions.chain(&region.code).into_iter().skip(1).rev() {
        rest = rest.strip_prefix(above.name.as_str()).unwrap_or(rest);
    }
    rest.strip_prefix(region.name.as_str()).filter(|rest| !rest.is_empty())
}

/// A name that says its region too, so that it means no other: 慈溪市税务局 of 市税务局.
pub(super) fn with_place(region: &Region, name: &str) -> String {
    if name.starts_with(region.name.as_str()) {
        return name.to_owned();
    }
    let word = level_word(&region.name).unwrap_or_default();
    let rest = name
        .strip_prefix(word)
        .filter(|rest| !word.is_empty() && !rest.is_empty());
    format!("{}{}", region.name, rest.unwrap_or(name))
}
