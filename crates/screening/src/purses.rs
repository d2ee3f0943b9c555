//! Who pays: money of eligible rows by version of a benefit, and by the levels of government that its document shares it
//! among.

use std::collections::BTreeMap;

use policy::benefit::{Share, SharePart};
use policy::fund::NOT_STATED;
use rules::benefit::Version;
use rules::decision::split;

use crate::table::Table;
use crate::tally::Paid;

/// A benefit and a document's version of it, as places.
pub(crate) type Versioned = (usize, u8);

/// The shares by level of each version that has one set for all days. Shares with days of their own are in none: which
/// set holds is decided when money is paid, and until then their money stands under no level.
pub(crate) struct Shares(BTreeMap<Versioned, Share>);

impl Shares {
    /// Of all benefits of a table.
    pub(crate) fn of(table: &Table) -> Self {
        let mut shares = BTreeMap::new();
        for benefit in 0..table.benefits.len() {
            for (number, version) in table.versions(benefit).iter().enumerate() {
                if let ([share], Ok(number)) = (version.benefit.shares.as_slice(), u8::try_from(number))
                    && share.from.is_none()
                    && share.to.is_none()
                {
                    shares.insert((benefit, number), share.clone());
                }
            }
        }
        Self(shares)
    }
}

/// What rows of a table are paid, by version and by the version's share of a level.
#[derive(Debug, Clone, Default)]
pub(crate) struct Purses {
    pub(crate) versions: BTreeMap<Versioned, Paid>,
    levels: BTreeMap<(Versioned, usize), Paid>,
}

impl Purses {
    /// Adds an eligible row; its money is split as a payment would be, so that the levels add up to it.
    pub(crate) fn add(&mut self, of: Versioned, amount_fen: i64, shares: &Shares) {
        self.versions.entry(of).or_default().add(amount_fen);
        if let Some(share) = shares.0.get(&of) {
            for (part, money) in split(share, amount_fen).iter().enumerate() {
                self.levels.entry((of, part)).or_default().add(money.amount_fen);
            }
        }
    }

    /// Adds the money of other rows of the same table.
    pub(crate) fn merge(&mut self, other: &Self) {
        for (version, paid) in &other.versions {
            self.versions.entry(*version).or_default().merge(paid);
        }
        for (level, paid) in &other.levels {
            self.levels.entry(*level).or_default().merge(paid);
        }
    }

    /// The money of each version by level, as its document shares it; nothing for a version that it does not share.
    pub(crate) fn by_level<'t>(&self, table: &'t Table) -> Vec<(&'t Version, Option<&'t SharePart>, Paid)> {
        let mut found = Vec::new();
        for (of, paid) in &self.versions {
            let Some(version) = version(table, *of) else { continue };
            let parts = self.levels.range((*of, 0)..=(*of, usize::MAX));
            let of_part = |part: usize| version.benefit.shares.first()?.parts.get(part);
            let before = found.len();
            found.extend(parts.map(|((_, part), paid)| (version, of_part(*part), *paid)));
            if found.len() == before {
                found.push((version, None, *paid));
            }
        }
        found
    }
}

/// A version of a table's benefit.
pub(crate) fn version(table: &Table, (benefit, number): Versioned) -> Option<&Version> {
    table.versions(benefit).get(usize::from(number))
}

/// The fund of a benefit.
pub(crate) fn fund(version: &Version) -> String {
    let fund = version.benefit.fund.as_ref();
    fund.map_or_else(|| NOT_STATED.to_owned(), ToString::to_string)
}
