//! Reads `shared/units.toml`.

use std::collections::BTreeSet;

use crate::check::kebab_case;
use crate::file::{Diagnostics, Located, Table, meant};
use crate::regions::Regions;
use crate::units::{Function, NamedUnit, Successor, Units, add_place};

/// Levels a group may mean.
const COLLECTIVE_LEVELS: [&str; 7] = [
    "province", "prefecture", "county", "zone", "township", "department", "any",
];

/// Reads the file; the names of regions count as places.
pub(crate) fn read(mut table: Table<'_>, regions: &Regions) -> Units {
    let diagnostics = table.diagnostics();
    let mut units = Units::default();
    for region in regions.iter() {
        add_place(&region.name, &mut units.places);
    }
    for entry in table.tables("function") {
        read_function(entry, &mut units);
    }
    for entry in table.tables("unit") {
        read_unit(entry, &mut units);
    }
    for mut entry in table.tables("successor") {
        entry.require(&["from", "to", "since"]);
        let (from, to, since) = (entry.text("from"), entry.text("to"), entry.date("since"));
        entry.finish();
        if let (Some(from), Some(to), Some(since)) = (from, to, since) {
            units.successors.push(Successor {
                from,
                to,
                since: since.into_value(),
            });
        }
    }
    for mut entry in table.tables("collective") {
        entry.require(&["pattern", "level"]);
        let pattern = entry.text("pattern");
        let level = entry.word("level", &COLLECTIVE_LEVELS.map(|level| (level, level)));
        entry.finish();
        let (Some(pattern), Some(level)) = (pattern, level) else {
            continue;
        };
        if units
            .collectives
            .insert(pattern.to_string(), (*level).to_owned())
            .is_some()
        {
            pattern.report(diagnostics, format!("集合名称“{}”重复", *pattern), "请删去一处");
        }
    }
    table.finish();
    check(&units, diagnostics);
    units
}

fn read_function(mut table: Table<'_>, units: &mut Units) {
    table.require(&["id", "name", "stems"]);
    let diagnostics = table.diagnostics();
    let (id, name, stems) = (table.text("id"), table.text("name"), table.texts("stems"));
    table.finish();
    let (Some(id), Some(name)) = (id, name) else {
        return;
    };
    kebab_case(&id, "id", diagnostics);
    if let Some(first) = units.functions.get(id.as_str()) {
        id.report(
            diagnostics,
            format!("职能“{}”重复", *id),
            format!("第一次出现在 {}", first.id.place()),
        );
        return;
    }
    for stem in &stems {
        let claims = units.stems.entry(stem.to_string()).or_default();
        if claims.contains(id.as_str()) {
            stem.report(diagnostics, format!("“{}”在本职能中重复列出", **stem), "请删去一处");
        } else if let Some(other) = claims.first() {
            let message = format!("“{}”已列入职能“{other}”，按两个职能都不能确定", **stem);
            stem.report(diagnostics, message, "请只在一个职能中保留");
        }
        claims.insert(id.to_string());
    }
    let stems = stems.into_iter().map(Located::into_value).collect();
    units.functions.insert(
        id.to_string(),
        Function {
            id,
            name: name.into_value(),
            stems,
        },
    );
}

fn read_unit(mut table: Table<'_>, units: &mut Units) {
    table.require(&["name", "function"]);
    let diagnostics = table.diagnostics();
    let (name, function) = (table.text("name"), table.text("function"));
    let vertical = table.flag("vertical").is_some_and(Located::into_value);
    table.finish();
    let (Some(name), Some(function)) = (name, function) else {
        return;
    };
    if let Some(first) = units.named.get(name.as_str()) {
        name.report(
            diagnostics,
            format!("单位“{}”重复", *name),
            format!("第一次出现在 {}", first.name.place()),
        );
        return;
    }
    units.named.insert(
        name.to_string(),
        NamedUnit {
            name,
            function,
            vertical,
        },
    );
}

fn check(units: &Units, diagnostics: &Diagnostics) {
    for unit in units.named.values() {
        if !units.functions.contains_key(unit.function.as_str()) {
            let hint = meant(&unit.function, units.functions.keys().map(String::as_str));
            unit.function
                .report(diagnostics, format!("没有职能“{}”", *unit.function), hint);
        }
    }
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for successor in &units.successors {
        if *successor.from == *successor.to {
            successor
                .to
                .report(diagnostics, "承继前后的名称相同", "请核对 from 和 to");
        }
        if !seen.insert((&successor.from, &successor.to)) {
            successor
                .from
                .report(diagnostics, format!("承继关系“{}”重复", *successor.from), "请删去一处");
        }
        let known = |name: &str| units.stems.contains_key(name) || units.named.contains_key(name);
        for name in [&successor.from, &successor.to] {
            if !known(name) {
                let hint = meant(name, units.stems.keys().map(String::as_str));
                name.report(diagnostics, format!("“{}”不在任何职能的名称中", **name), hint);
            }
        }
    }
}
