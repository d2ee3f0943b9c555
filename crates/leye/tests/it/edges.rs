//! The table of design.md, "Layout": which crate may use which of our crates.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// Each crate and what it may use of ours, in normal and build dependencies alike.
const EDGES: [(&str, &[&str]); 14] = [
    ("civil", &[]),
    ("report", &["civil"]),
    ("ledger", &["civil"]),
    ("seal", &["civil"]),
    ("document", &["civil"]),
    ("policy", &["civil", "document"]),
    ("rules", &["civil", "policy", "ledger"]),
    ("query", &[]),
    ("registers", &["civil", "policy", "query", "report", "seal"]),
    (
        "screening",
        &["civil", "rules", "registers", "policy", "query", "report", "seal"],
    ),
    ("store", &["civil", "ledger", "seal"]),
    (
        "office",
        &[
            "civil", "report", "ledger", "seal", "document", "policy", "rules", "registers", "screening", "store",
        ],
    ),
    (
        "web",
        &["office", "screening", "rules", "policy", "document", "report", "civil"],
    ),
    (
        "leye",
        &[
            "civil", "report", "ledger", "seal", "document", "policy", "rules", "registers", "screening", "store",
            "office", "web",
        ],
    ),
];

/// Members of the workspace that are not part of the product: they use none of our crates and none uses them.
const TOOLS: [&str; 1] = ["xtask"];

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata answers")
}

fn members(metadata: &Metadata) -> BTreeMap<String, &Package> {
    metadata
        .workspace_packages()
        .into_iter()
        .map(|package| (package.name.to_string(), package))
        .collect()
}

/// Our crates among the package's dependencies, under their real names.
fn uses<'a>(package: &'a Package, ours: &BTreeSet<&str>, dev: bool) -> BTreeSet<&'a str> {
    package
        .dependencies
        .iter()
        .filter(|dependency| (dependency.kind == DependencyKind::Development) == dev)
        .map(|dependency| dependency.name.as_str())
        .filter(|name| ours.contains(name))
        .collect()
}

fn known() -> BTreeSet<&'static str> {
    EDGES.iter().map(|(name, _)| *name).chain(TOOLS).collect()
}

#[test]
fn no_crate_uses_one_of_ours_that_the_table_does_not_allow_it() {
    let metadata = metadata();
    let members = members(&metadata);
    let known = known();
    let mut wrong = Vec::new();
    for (name, package) in &members {
        let allowed = EDGES
            .iter()
            .find(|(crate_name, _)| crate_name == name)
            .map_or(&[][..], |(_, allowed)| allowed);
        for dev in [false, true] {
            for used in uses(package, &known, dev) {
                if !allowed.contains(&used) {
                    wrong.push(format!("{name} -> {used}{}", if dev { " (dev)" } else { "" }));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "edges that design.md does not have: {wrong:?}");
}

#[test]
fn every_member_of_the_workspace_is_a_crate_of_the_table() {
    let metadata = metadata();
    let known = known();
    let unknown: Vec<String> = members(&metadata)
        .into_keys()
        .filter(|name| !known.contains(name.as_str()))
        .collect();
    assert!(unknown.is_empty(), "members that design.md does not have: {unknown:?}");
}

#[test]
fn every_crate_of_the_table_that_exists_is_a_member_and_lies_in_a_folder_of_its_name() {
    let metadata = metadata();
    let members = members(&metadata);
    let crates = metadata.workspace_root.join("crates");
    for entry in std::fs::read_dir(&crates).expect("the folder of crates") {
        let path = entry.expect("an entry").path();
        if !path.join("Cargo.toml").is_file() {
            continue;
        }
        let folder = path.file_name().unwrap().to_str().unwrap();
        let package = members
            .get(folder)
            .unwrap_or_else(|| panic!("crates/{folder} is no member of the workspace"));
        assert_eq!(package.manifest_path.as_std_path(), path.join("Cargo.toml"));
    }
    for (name, package) in &members {
        let parent = package.manifest_path.parent().and_then(|folder| folder.file_name());
        assert_eq!(parent, Some(name.as_str()), "folder name and crate name differ");
    }
}

#[test]
fn the_binary_is_what_a_bare_cargo_build_makes() {
    let metadata = metadata();
    let defaults: Vec<&str> = metadata
        .workspace_default_packages()
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    assert_eq!(defaults, ["leye"]);
}

#[test]
fn the_table_itself_has_no_cycle_and_names_only_its_own_crates() {
    let known = known();
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<(&str, &[&str])> = EDGES.to_vec();
    assert!(open.iter().flat_map(|(_, uses)| *uses).all(|name| known.contains(name)));
    while !open.is_empty() {
        let before = open.len();
        open.retain(|(name, uses)| {
            let ready = uses.iter().all(|used| settled.contains(used));
            if ready {
                settled.insert(name);
            }
            !ready
        });
        assert!(open.len() < before, "a cycle among {open:?}");
    }
}
