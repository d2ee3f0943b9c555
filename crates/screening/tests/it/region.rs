//! A synthetic region, imported like an office's files: the home that the tests screen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;

use civil::RegionCode;
use policy::file::Tree;
use registers::folder::Folder;
use registers::import::{Context, Report, Request as Import, import};
use registers::synth::{self, Plan};
use registers::value::{Benefits, Names, RegionNames};
use rules::catalogue::Catalogue;
use screening::{Made, Request, Runs, Screening, ScreeningError};
use seal::KeyRing;

use crate::tiny::{Counting, day};

/// Registers that others refer to come first.
const FIRST: [&str; 2] = ["employer", "institution"];

pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::load(&Tree::built_in()))
}

/// The home of a region of so many people on 2020-12-15, made once.
pub(crate) struct Home {
    pub(crate) folder: PathBuf,
    pub(crate) ring: KeyRing,
    _kept: tempfile::TempDir,
}

impl Home {
    pub(crate) fn registers(&self) -> Folder {
        Folder::of(&self.folder)
    }
}

/// People of the region that most tests share.
const PEOPLE: u32 = 4_000;

pub(crate) fn home() -> &'static Home {
    static HOME: OnceLock<Home> = OnceLock::new();
    HOME.get_or_init(|| made(PEOPLE, 7))
}

/// A home of its own.
pub(crate) fn made(people: u32, seed: u64) -> Home {
    let kept = tempfile::tempdir().expect("a folder");
    let csv = kept.path().join("csv");
    write(people, seed, &csv);
    imported(kept, &csv, &order())
}

/// The files of a synthetic region.
pub(crate) fn write(people: u32, seed: u64, csv: &Path) {
    let plan = Plan {
        region: RegionCode::parse("330282").expect("a region"),
        people,
        seed,
        as_of: day("2020-12-15"),
        threads: 2,
    };
    synth::write(&plan, &catalogue().registers, csv).expect("a region");
}

/// A home with these files, taken in in this order.
pub(crate) fn imported(kept: tempfile::TempDir, csv: &Path, order: &[&'static str]) -> Home {
    let folder = kept.path().join("home");
    let ring = KeyRing::draw(&mut Counting(1)).expect("keys");
    import_in(catalogue(), csv, &Folder::of(&folder), &ring, ("2020-12-15", order));
    Home {
        folder,
        ring,
        _kept: kept,
    }
}

/// The registers as an office would take them in: those that others refer to first.
pub(crate) fn order() -> Vec<&'static str> {
    let rest = synth::registers().filter(|register| !FIRST.contains(register));
    FIRST.into_iter().chain(rest).collect()
}

/// Imports every file of a synthetic region as an office would.
pub(crate) fn import_all(
    catalogue: &Catalogue,
    csv: &Path,
    home: &Folder,
    ring: &KeyRing,
    received: &str,
) -> BTreeMap<String, Report> {
    import_in(catalogue, csv, home, ring, (received, &order()))
}

fn import_in(
    catalogue: &Catalogue,
    csv: &Path,
    home: &Folder,
    ring: &KeyRing,
    (received, order): (&str, &[&'static str]),
) -> BTreeMap<String, Report> {
    let ids = catalogue.benefits.all().map(|benefit| benefit.id.to_string());
    let benefits = Benefits(ids.map(|id| (id.clone(), id)).collect());
    let names = Names {
        benefits: &benefits,
        regions: &RegionNames::of(&catalogue.library.regions),
    };
    let request = Import {
        region: RegionCode::parse("330282").expect("a region"),
        received: day(received),
        imported: None,
        provider: "测试".to_owned(),
        basis: "测试".to_owned(),
        purpose: "测试".to_owned(),
        retention: "1年".to_owned(),
        replaces: false,
        commit: true,
    };
    let mut reports = BTreeMap::new();
    for register in order.iter().copied() {
        let file = csv.join(format!("{register}.csv"));
        if std::fs::read_to_string(&file).expect("a csv").lines().nth(1).is_none() {
            continue;
        }
        let context = Context {
            registers: &catalogue.registers,
            names,
            ring,
            random: &mut Counting(2),
            folder: home,
            threads: 2,
            progress: &|_| {},
        };
        let schema = catalogue.registers.get(register).expect("a register");
        let report = import(&file, schema, &request, context).unwrap_or_else(|error| panic!("{register}: {error:?}"));
        reports.insert(register.to_owned(), report);
    }
    reports
}

/// Everything of 慈溪 on 2020-12-15.
pub(crate) fn request() -> Request {
    Request {
        region: RegionCode::parse("330282").expect("a region"),
        as_of: day("2020-12-15"),
        known_on: day("2020-12-31"),
        month: day("2020-12-15").month(),
        benefits: None,
        without_history: false,
        threads: 2,
        memory_bytes: 1 << 30,
    }
}

pub(crate) fn only(ids: &[&str]) -> Option<BTreeSet<String>> {
    Some(ids.iter().map(|id| (*id).to_owned()).collect())
}

/// Screens into a folder of runs of its own.
pub(crate) fn screen(home: &Home, request: &Request, runs: &Path) -> Result<Made, ScreeningError> {
    let runs = Runs::of(runs);
    let screening = Screening {
        catalogue: catalogue(),
        registers: &home.registers(),
        runs: &runs,
        ring: &home.ring,
        request,
        progress: &|_| {},
        stop: &AtomicBool::new(false),
    };
    Ok(screening.make()?.expect("nobody stopped it"))
}
