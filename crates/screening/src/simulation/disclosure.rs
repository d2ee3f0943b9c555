//! Small numbers: what would let somebody recognise a single person in a table by town or by group is left out.
//!
//! The Personal Information Protection Law lets an office tell no more than a task needs (arts 6, 33, 34), and a table of
//! a small town that says how many disabled persons lose a benefit tells who. What leaves the office (workbook, JSON,
//! what a command prints) leaves it already protected. The office's own page shows all: it shows the rows themselves.

use super::change::Change;

/// The least number of rows that is told; one to one less is withheld.
pub const LEAST_TOLD: u64 = 5;

/// Which lines of a table are withheld. In a `partition` (all lines add up to a total that is told elsewhere) a single
/// withheld line could be found by subtraction: then the smallest other one goes with it.
pub(crate) fn withheld(lines: &[Change], partition: bool) -> Vec<bool> {
    let small = |change: &Change| change.counts().iter().any(|count| (1..LEAST_TOLD).contains(count));
    let mut out: Vec<bool> = lines.iter().map(small).collect();
    if partition && out.iter().filter(|withheld| **withheld).count() == 1 {
        let size = |change: &Change| {
            change
                .counts()
                .iter()
                .fold(0_u64, |sum, count| sum.saturating_add(*count))
        };
        let others = lines.iter().enumerate().filter(|(at, _)| out.get(*at) == Some(&false));
        let smallest = others
            .map(|(at, change)| (size(change), at))
            .filter(|(size, _)| *size > 0)
            .min();
        if let Some(withheld) = smallest.and_then(|(_, at)| out.get_mut(at)) {
            *withheld = true;
        }
    }
    out
}
