//! The whole path: a synthetic region is imported like an office's files, and facts are derived from what was kept.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use civil::{Day, RegionCode};
use policy::file::Tree;
use registers::derive::{Basis, Derivation, REACHES};
use registers::folder::Folder;
use registers::import::{Context, Request, import};
use registers::synth::{self, Plan};
use registers::value::{Benefits, Names};
use seal::{KeyRing, NoRandomness, Randomness};

use crate::tiny::schema;
use crate::world::region_names;

const PEOPLE: u32 = 1_500;
/// Registers that others refer to come first.
const FIRST: [&str; 2] = ["employer", "institution"];
/// Benefits that the region's history names.
const BENEFITS: [&str; 10] = [
    "cx-entrepreneur-si-subsidy", "cx-internship", "cx-job-stabilisation-refund", "cx-sme-graduate-bonus",
    "cx-startup-jobs", "cx-startup-rent", "cx-training", "dz-ui", "ln-flex-si", "ln-temp-public-post",
];

/// Bytes that only count: tests need keys, not secrets.
struct Counting(u8);

impl Randomness for Counting {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(73).wrapping_add(41);
            *byte = self.0;
        }
        Ok(())
    }
}

#[test]
fn a_synthetic_region_is_imported_and_only_what_was_planted_is_refused() {
    let (dictionary, registers) = schema();
    let folder = tempfile::tempdir().expect("a folder");
    let as_of = Day::new(2020, 12, 31).expect("a day");
    let plan = Plan {
        region: RegionCode::parse("330282").expect("a region"),
        people: PEOPLE,
        seed: 11,
        as_of,
        threads: 2,
    };
    let csv = folder.path().join("csv");
    synth::write(&plan, &registers, &csv).expect("a region");
    let home = Folder::of(&folder.path().join("home"));
    let ring = KeyRing::draw(&mut Counting(1)).expect("keys");
    let benefits = Benefits(BENEFITS.iter().map(|id| ((*id).to_owned(), (*id).to_owned())).collect());
    let request = Request {
        region: plan.region,
        received: Day::new(2021, 1, 4).expect("a day"),
        imported: None,
        provider: "测试".to_owned(),
        basis: "测试".to_owned(),
        purpose: "测试".to_owned(),
        retention: "1年".to_owned(),
        replaces: false,
        commit: true,
    };
    let rest = synth::registers().filter(|register| !FIRST.contains(register));
    let mut refused: BTreeMap<&str, u64> = BTreeMap::new();
    for register in FIRST.into_iter().chain(rest) {
        let context = Context {
            registers: &registers,
            names: Names {
                benefits: &benefits,
                regions: region_names(),
            },
            ring: &ring,
            random: &mut Counting(2),
            folder: &home,
            threads: 2,
            progress: &|_| {},
        };
        let schema = registers.get(register).expect("a register");
        let file = csv.join(format!("{register}.csv"));
        if std::fs::read_to_string(&file).expect("a csv").lines().count() < 2 {
            continue;
        }
        let report = import(&file, schema, &request, context).unwrap_or_else(|error| panic!("{register}: {error:?}"));
        if report.rejected > 0 {
            refused.insert(register, report.rejected);
        }
    }
    // Three of each kind of error; one person stands under the old and the new form of one number, which is one key.
    // A row that stands twice may be refused or taken once; both are right.
    let planted = BTreeMap::from([
        ("benefit-history", 3),
        ("employment", 6),
        ("person", 4),
        ("training", 3),
    ]);
    refused.remove("contribution");
    assert_eq!(refused, planted);
    derive_from(&home, &dictionary, &registers, folder.path(), as_of);
}

fn derive_from(
    home: &Folder,
    dictionary: &policy::fact::Dictionary,
    registers: &policy::register::Registers,
    folder: &std::path::Path,
    as_of: Day,
) {
    let manifest = home.manifest().expect("a manifest");
    let regions = policy::Library::load(&Tree::built_in()).regions;
    let region = RegionCode::parse("330282").expect("a region");
    let known_on = Day::new(2021, 1, 4).expect("a day");
    let derivation = Derivation {
        dictionary,
        registers,
        basis: &Basis::of(home, &manifest, &regions, region, known_on),
        as_of,
        known_on,
        reduction: None,
        months: None,
        history: Vec::new(),
        per: REACHES.iter().map(|reach| reach.per).collect(),
        out: folder.join("flat"),
        memory_bytes: 256 << 20,
        rows_at_once: u64::MAX,
        threads: 2,
        told: &|_| {},
        stop: &AtomicBool::new(false),
    };
    let rows: BTreeMap<&str, u64> = derivation
        .run()
        .expect("facts")
        .iter()
        .map(|flat| (flat.per, flat.rows))
        .collect();
    // One person stands under two numbers whose change nobody entered.
    assert_eq!(rows["person"], u64::from(PEOPLE) + 1);
    assert!(
        rows["employment"] > u64::from(PEOPLE) && rows["contribution-month"] > 20 * u64::from(PEOPLE),
        "{rows:?}"
    );
    for per in [
        "household", "employer", "unemployment", "training", "startup", "loan", "placement", "institution",
    ] {
        assert!(rows[per] > 0, "{per} is empty");
    }
}
