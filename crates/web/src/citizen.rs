//! What the pages for the public stand on and what is made once: the regions of the packs, interviews ready to go on, the
//! benefits as they were compiled.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use rules::benefit::Version;
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use rules::interview::Interview;

/// Most compiled interviews of a region that are kept between requests.
const MOST_READY: usize = 8;

/// Regions for which a document is loaded, with their full names, in the order of their codes.
pub fn regions(catalogue: &Catalogue) -> Vec<(String, String)> {
    let library = &catalogue.library;
    let codes = library.packs.values().filter_map(|pack| pack.policy.region.as_ref());
    let named: BTreeMap<String, String> = codes
        .map(|code| (code.to_string(), library.regions.full_name(code)))
        .collect();
    named.into_iter().collect()
}

/// Interviews, compiled for a region and known on the latest day; nothing of what anybody said is in them.
#[derive(Default)]
pub struct Interviews {
    ready: Mutex<BTreeMap<String, Vec<Interview<Arc<Catalogue>>>>>,
}

impl Interviews {
    /// Goes on with an interview of a region, one of [`regions`].
    pub fn with<T>(
        &self,
        catalogue: &Arc<Catalogue>,
        region: &str,
        work: impl FnOnce(&mut Interview<Arc<Catalogue>>) -> T,
    ) -> T {
        let ready = self
            .ready
            .lock()
            .ok()
            .and_then(|mut ready| ready.get_mut(region)?.pop());
        let mut talk = ready.unwrap_or_else(|| Interview::new(Arc::clone(catalogue), region, catalogue.latest_known()));
        let done = work(&mut talk);
        if let Ok(mut ready) = self.ready.lock() {
            let kept = ready.entry(region.to_owned()).or_default();
            if kept.len() < MOST_READY {
                kept.push(talk);
            }
        }
        done
    }
}

impl fmt::Debug for Interviews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interviews").finish_non_exhaustive()
    }
}

/// All benefits as they compile, made when a page first shows one: the conditions that a file declares (window, once,
/// place) are conditions there like any other.
#[derive(Default)]
pub struct Compiled {
    engine: OnceLock<Engine>,
}

impl Compiled {
    /// The versions of a benefit, that of the latest document first; none where its file has a mistake.
    pub fn versions(&self, catalogue: &Catalogue, benefit: &str) -> &[Version] {
        let engine = self
            .engine
            .get_or_init(|| Engine::compile(catalogue, catalogue.latest_known(), None).0);
        engine.benefits.get(benefit).map(Vec::as_slice).unwrap_or_default()
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compiled").finish_non_exhaustive()
    }
}
