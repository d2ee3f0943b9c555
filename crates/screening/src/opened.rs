//! A run that is there, opened to be read again with the rules it was made with.

use civil::Month;
use rules::catalogue::Catalogue;

use crate::coverage::Coverage;
use crate::error::ScreeningError;
use crate::question::Claim;
use crate::runs::{Manifest, Runs};

/// A run's manifest and what follows from it.
pub(crate) struct Opened {
    pub(crate) manifest: Manifest,
    pub(crate) claim: Claim,
    pub(crate) coverage: Coverage,
}

impl Opened {
    /// Opens a run whose packs, but for those that `may_differ`, are those that are loaded.
    pub(crate) fn of(
        catalogue: &Catalogue,
        runs: &Runs,
        run: &str,
        may_differ: impl Fn(&str) -> bool,
    ) -> Result<Self, ScreeningError> {
        let manifest = runs.manifest(run)?;
        for (pack, sm3) in manifest.packs.iter().filter(|(pack, _)| !may_differ(pack)) {
            if catalogue.sm3.get(pack) != Some(sm3) {
                return Err(ScreeningError::OtherPacks {
                    run: run.to_owned(),
                    pack: pack.clone(),
                });
            }
        }
        let damaged = ScreeningError::damaged::<&str>(&runs.folder(run));
        let month = Month::parse(&manifest.month).map_err(|_| damaged("月份不对"))?;
        Ok(Self {
            coverage: Coverage::of_covered(manifest.covered.clone(), &catalogue.registers),
            claim: Claim::of(manifest.region, manifest.as_of, month),
            manifest,
        })
    }
}
