//! Planted frauds: a synthetic region is imported like an office's files; the checks must find what was planted, and
//! little else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use civil::{CreditCode, Day, RegionCode, ResidentId};
use policy::file::Tree;
use registers::folder::Folder;
use registers::import::Report;
use registers::synth::{self, Plan};
use rules::catalogue::Catalogue;
use screening::checks::{CheckRun, hits};
use seal::{Indexer, KeyRing};

use crate::region::import_all;
use crate::tiny::Counting;

/// The kind that the truth file names, and the check that finds it.
const FOUND_BY: [(&str, &str); 10] = [
    ("double-insurance", "double-insurance"),
    ("deceased-insured", "deceased"),
    ("owner-draws-benefit", "owner-unemployed"),
    ("shell-firm", "burst-of-hires"),
    ("in-prison", "in-prison"),
    ("pension-drawn", "pension-drawn"),
    ("insured-elsewhere", "insured-while-drawing"),
    ("unlinked-ids", "unlinked-ids"),
    ("shared-account", "shared-account"),
    ("overlap", "overlap"),
];

/// One planted row.
struct Planted {
    kind: String,
    register: String,
    row: u64,
    who: String,
}

fn truth(folder: &Path) -> Vec<Planted> {
    let text = std::fs::read_to_string(folder.join("truth.jsonl")).expect("the truth");
    let lines = text.lines().map(|line| {
        let entry: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |key: &str| entry[key].as_str().expect("text").to_owned();
        Planted {
            kind: text("kind"),
            register: text("register"),
            row: entry["row"].as_u64().expect("a row"),
            who: text("who"),
        }
    });
    lines.collect()
}

fn key_of(indexer: &Indexer, who: &str) -> String {
    match ResidentId::parse(who) {
        Ok(id) => indexer.person(id).to_string(),
        Err(_) => indexer
            .employer(CreditCode::parse(who).expect("an ID or a credit code"))
            .to_string(),
    }
}

/// At least 99 of 100 that were planted are found, at least 95 of 100 that are found were planted; where fewer than twenty
/// are found, one of them may be there by chance.
fn assert_good(kind: &str, planted: &BTreeSet<String>, found: &BTreeSet<String>) {
    let both = planted.intersection(found).count();
    eprintln!(
        "{kind}: planted {}, found {}, of them planted {both}",
        planted.len(),
        found.len()
    );
    assert!(!planted.is_empty(), "{kind} is not planted");
    assert!(
        both * 100 >= planted.len() * 99,
        "{kind}: {both} of {} are found",
        planted.len()
    );
    let strays = found.len() - both;
    assert!(
        strays * 100 <= (found.len() * 5).max(100),
        "{kind}: {both} of {} found are planted",
        found.len()
    );
}

#[test]
fn planted_frauds_are_found_and_little_else() {
    let people = if std::env::var("LEYE_SCALE").is_ok_and(|scale| scale == "long") {
        200_000
    } else {
        20_000
    };
    let catalogue = Catalogue::load(&Tree::built_in());
    let folder = tempfile::tempdir().expect("a folder");
    let as_of = Day::new(2020, 12, 31).expect("a day");
    let plan = Plan {
        region: RegionCode::parse("330282").expect("a region"),
        people,
        seed: 20_201_231,
        as_of,
        threads: 2,
    };
    let csv = folder.path().join("csv");
    synth::write(&plan, &catalogue.registers, &csv).expect("a region");
    let home = Folder::of(&folder.path().join("home"));
    let ring = KeyRing::draw(&mut Counting(1)).expect("keys");
    let reports = import_all(&catalogue, &csv, &home, &ring, "2021-01-04");
    let manifest = home.manifest().expect("a manifest");
    let out = folder.path().join("hits.parquet");
    let run = CheckRun {
        checks: catalogue.checks.of(|_| true),
        registers: &catalogue.registers,
        dictionary: &catalogue.vocabulary.dictionary,
        benefits: &catalogue.benefits,
        manifest: &manifest,
        root: home.root(),
        ring: &ring,
        as_of,
        known_on: as_of.add_days(30).expect("a day"),
        flat: None,
        eligible: None,
        out: &out,
        scratch: folder.path().join("scratch"),
        memory_bytes: 256 << 20,
        threads: 2,
    };
    let summaries = run.run(&|_| true).expect("checks that run");
    eprintln!("{people} people");
    for summary in &summaries {
        assert_eq!(summary.failed, None, "{}", summary.id);
    }
    let truth = truth(&csv);
    let found = hits::read(&out).expect("hits");
    let indexer = ring.indexer();
    for (kind, check) in FOUND_BY {
        let of_kind = truth.iter().filter(|planted| planted.kind == kind);
        let planted: BTreeSet<String> = of_kind.map(|planted| key_of(&indexer, &planted.who)).collect();
        let mut asked: BTreeSet<String> = BTreeSet::new();
        for hit in found.iter().filter(|hit| hit.check == check) {
            let sides: Vec<&str> = hit.sides().collect();
            // Of one person under two numbers either is the planted one.
            let one = sides.iter().find(|key| planted.contains(**key)).unwrap_or(&sides[0]);
            match kind {
                "unlinked-ids" => asked.extend([(*one).to_owned()]),
                _ => asked.extend(sides.iter().map(|key| (*key).to_owned())),
            }
        }
        assert_good(kind, &planted, &asked);
        for hit in found.iter().filter(|hit| hit.check == check) {
            let source = hit.source.as_ref().expect("every hit has a source");
            assert!(!source.provider.is_empty() && source.vintage > 0);
        }
    }
    // No pair stands there twice, once from each side.
    let pairs = found.iter().filter(|hit| hit.check == "unlinked-ids");
    let mut seen: BTreeSet<BTreeSet<&str>> = BTreeSet::new();
    for pair in pairs.map(|hit| hit.sides().collect::<BTreeSet<&str>>()) {
        assert!(pair.len() == 2 && seen.insert(pair.clone()), "{pair:?}");
    }
    two_forms_of_one_number(&truth, &reports);
}

/// The 15 and the 18 digits of one number are one key: the second registration is refused when it is imported, with the
/// row it collides with.
fn two_forms_of_one_number(truth: &[Planted], reports: &BTreeMap<String, Report>) {
    let of_kind = truth
        .iter()
        .filter(|planted| planted.kind == "two-ids" && planted.register == "person");
    let planted: BTreeSet<String> = of_kind.map(|planted| planted.row.to_string()).collect();
    let refused = reports["person"].rejects.iter().filter(|reject| {
        let problems = reject.faults.iter().map(|fault| fault.problem.to_string());
        problems
            .into_iter()
            .any(|problem| problem.contains("主键相同") || problem.contains("完全重复"))
    });
    let found: BTreeSet<String> = refused.map(|reject| reject.row.to_string()).collect();
    assert_good("two-ids", &planted, &found);
}
