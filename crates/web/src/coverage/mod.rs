//! What each clause of a document became in its pack, and which figures of the user's copy nothing cites: what
//! `leye policy coverage` prints and the page 条款对应情况 shows.
//!
//! It stands here because it reads packs, compiled rules and documents alike, which no crate beneath does.

mod figure;
mod item;

use document::Extraction;
use policy::Pack;
use policy::matching::{Matching, WrongDocument};
use policy::reading::Understood;
use rules::catalogue::Catalogue;

pub use self::figure::Loose;
pub use self::item::Item;

/// How a pack carries its document.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// Every task of the pack, then every heading that something cites.
    pub items: Vec<Item>,
    /// Clauses that nothing carries, on screen.
    pub nowhere: Vec<String>,
    /// The figures of the copy; `None` where there was no copy.
    pub figures: Option<Figures>,
}

/// The figures of a copy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many there are in the parts that the pack covers.
    pub count: usize,
    /// Those that nothing cites.
    pub loose: Vec<Loose>,
}

impl Coverage {
    /// Of a pack, with the user's copy of its document where there is one.
    pub fn of(catalogue: &Catalogue, pack: &Pack, copy: Option<&Understood>) -> Self {
        let items = item::items(catalogue, pack);
        let mut nowhere: Vec<String> = items
            .iter()
            .filter(|item| item.is_nowhere())
            .map(|item| item.label.clone())
            .collect();
        let figures = copy.map(|copy| {
            let (extraction, text) = (&copy.extraction, copy.source.text.as_str());
            nowhere.extend(item::uncited_clauses(pack, &items, extraction, text));
            let (count, loose) = figure::loose_figures(catalogue, pack, extraction, text);
            Figures { count, loose }
        });
        Self {
            items,
            nowhere,
            figures,
        }
    }

    /// Clauses that a person must judge, of benefits and others.
    pub fn judged(&self) -> usize {
        self.items.iter().map(|item| item.untranslated).sum()
    }

    /// Clauses and figures that are nowhere.
    pub fn gaps(&self) -> usize {
        let loose = self.figures.as_ref().map_or(0, |figures| figures.loose.len());
        self.nowhere.len() + loose
    }
}

/// Says whether a copy can be that of the pack's document.
///
/// # Errors
/// [`WrongDocument`], with both sides.
pub fn identify(pack: &Pack, copy: &Extraction) -> Result<(), WrongDocument> {
    Matching::of(pack, copy).identify(pack, copy)
}
