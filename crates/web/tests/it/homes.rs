//! Homes for tests: a small region that does not exist, screened once; copies of it to be written to.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use civil::{Day, RegionCode};
use policy::file::Tree;
use rules::catalogue::Catalogue;
use screening::home::Means;
use screening::synthetic::{NoRandomness, Region};
use screening::{Home, Request};

use crate::site::TODAY;

/// The one run of the home.
pub(crate) const RUN: &str = "2020-12-15-330282-1";
/// A benefit of it with eligible, undetermined and ineligible rows.
pub(crate) const BENEFIT: &str = "cx-jobseek-subsidy";
/// People of the region.
const PEOPLE: u32 = 800;

/// Deriving starts a runtime of its own, which must not stand within that of a test.
static SCREENED: LazyLock<PathBuf> = LazyLock::new(|| std::thread::spawn(made).join().unwrap());

fn made() -> PathBuf {
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("web-homes");
    sweep(&all);
    let own = all.join(std::process::id().to_string());
    let home = own.join("home");
    std::fs::create_dir_all(&home).unwrap();
    let catalogue = Catalogue::load(&Tree::built_in());
    let today = Day::parse(TODAY).unwrap();
    let region = Region {
        catalogue: &catalogue,
        code: RegionCode::parse("330282").unwrap(),
        people: PEOPLE,
        seed: 7,
        as_of: today,
        threads: 2,
    };
    // Tests need keys, not secrets.
    let mut byte = 7_u8;
    let mut random = move |bytes: &mut [u8]| -> Result<(), NoRandomness> {
        for one in bytes {
            byte = byte.wrapping_mul(73).wrapping_add(41);
            *one = byte;
        }
        Ok(())
    };
    region.fill(&home, &own.join("csv"), &mut random).unwrap();
    let request = Request {
        region: region.code,
        as_of: today,
        known_on: today,
        month: today.month(),
        benefits: None,
        without_history: false,
        threads: 2,
        memory_bytes: 512 << 20,
    };
    let means = Means {
        threads: 2,
        memory_bytes: 512 << 20,
        progress: &|_| {},
        stop: &AtomicBool::new(false),
    };
    let made = Home::of(&home).screen(&catalogue, &request, means).unwrap().unwrap();
    assert_eq!(made.run, RUN);
    home
}

/// Removes what tests that are over left behind.
fn sweep(all: &Path) {
    let Ok(entries) = std::fs::read_dir(all) else { return };
    for entry in entries.flatten() {
        if !Path::new("/proc").join(entry.file_name()).exists() {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// A home with one screening. Nobody writes to it.
pub(crate) fn screened() -> &'static Path {
    &SCREENED
}

/// A copy of it without its run, to be written to.
pub(crate) fn unscreened() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new("cp")
        .arg("-a")
        .arg(screened().join("registers"))
        .arg(screened().join("keys"))
        .arg(folder.path())
        .status();
    assert!(status.unwrap().success());
    folder
}

/// The names of the runs of a home, and of whatever else lies in its folder of runs but the lock.
pub(crate) fn runs(home: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(home.join("runs")) else {
        return Vec::new();
    };
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name != ".lock").collect();
    names.sort();
    names
}
