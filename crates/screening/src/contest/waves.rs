//! Which rows of a run touch each other, and in which order they are settled.

use std::collections::{BTreeMap, BTreeSet};

use super::{Candidate, Participant};
use crate::table::subject_of;

/// Candidates that touch others, in waves. Within a wave nobody waits for what comes of another: whoever counts a grant
/// stands in a later wave than the grant, and nobody is granted in an earlier wave than those before him who count it,
/// also where the counting goes one way only. Whoever touches nobody is left out.
pub(super) fn waves(
    participants: &[Participant],
    index: &BTreeMap<&str, usize>,
    candidates: &[Candidate],
) -> Vec<Vec<usize>> {
    let mut rows: BTreeMap<(usize, u32, usize), u32> = BTreeMap::new();
    for candidate in candidates {
        for (subject, key) in candidate.subjects.iter().enumerate().filter(|(_, key)| **key != 0) {
            *rows.entry((subject, *key, candidate.benefit)).or_default() += 1;
        }
    }
    // Which counts a candidate's grant may change: the keys it is found under.
    let asked = |candidate: &Candidate| -> Vec<(usize, u32, usize)> {
        let counts = participants
            .get(candidate.benefit)
            .map_or(&[][..], |one| one.counts.as_slice());
        let keys = counts.iter().flat_map(|counted| {
            let subject = subject_of(&counted.subject);
            let key = subject.and_then(|subject| candidate.subjects.get(subject).copied());
            let ids = counted.benefits.iter().filter_map(|id| index.get(id.as_str()).copied());
            ids.filter_map(move |benefit| Some((subject?, key.filter(|key| *key != 0)?, benefit)))
        });
        let mut keys: Vec<_> = keys.collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    let mut touched: BTreeSet<(usize, u32, usize)> = BTreeSet::new();
    let mut contested = vec![false; candidates.len()];
    for (at, candidate) in candidates.iter().enumerate() {
        for key in asked(candidate) {
            let own = u32::from(key.2 == candidate.benefit);
            if rows.get(&key).is_some_and(|rows| *rows > own) {
                touched.insert(key);
                if let Some(contested) = contested.get_mut(at) {
                    *contested = true;
                }
            }
        }
    }
    // The latest wave in which something was granted under a key, and in which somebody counted it.
    let mut level_of: BTreeMap<(usize, u32, usize), usize> = BTreeMap::new();
    let mut asked_in: BTreeMap<(usize, u32, usize), usize> = BTreeMap::new();
    let mut waves: Vec<Vec<usize>> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let given: Vec<_> = candidate
            .subjects
            .iter()
            .enumerate()
            .map(|(subject, key)| (subject, *key, candidate.benefit))
            .filter(|key| touched.contains(key))
            .collect();
        if given.is_empty() && !contested.get(at).copied().unwrap_or(false) {
            continue;
        }
        let asked = asked(candidate);
        let after = asked.iter().filter_map(|key| level_of.get(key)).map(|level| level + 1);
        let not_before = given.iter().filter_map(|key| asked_in.get(key)).copied();
        let level = after.chain(not_before).max().unwrap_or(0);
        if waves.len() <= level {
            waves.resize(level + 1, Vec::new());
        }
        if let Some(wave) = waves.get_mut(level) {
            wave.push(at);
        }
        for (keys, levels) in [(given, &mut level_of), (asked, &mut asked_in)] {
            for key in keys {
                let known = levels.entry(key).or_default();
                *known = level.max(*known);
            }
        }
    }
    waves
}

#[cfg(test)]
mod tests {
    use rules::benefit::{HistoryFact, Measure, Span};

    use super::*;
    use crate::contest::Grant;

    fn participant(id: &str, counts: &[&str]) -> Participant {
        let counted = |other: &&str| HistoryFact {
            name: format!("history.{other}"),
            benefits: vec![(*other).to_owned()],
            subject: "person".to_owned(),
            measure: Measure::Times,
            span: Span::Ever,
        };
        Participant {
            table: 0,
            place: 0,
            id: id.to_owned(),
            counts: counts.iter().map(counted).collect(),
            monthly: false,
            priority: 0,
        }
    }

    fn candidate(benefit: usize, row: u64) -> Candidate {
        Candidate {
            order: (0, 0),
            benefit,
            row,
            subjects: [1, 0, 0, 0],
            grant: Grant {
                on: 0,
                from: 0,
                to: 0,
                months: None,
                amount_fen: 0,
            },
        }
    }

    /// The waves of one person's rows, in order, of benefits that count others.
    fn of(benefits: &[(&str, &[&str])], rows: &[usize]) -> Vec<Vec<usize>> {
        let participants: Vec<Participant> = benefits.iter().map(|(id, counts)| participant(id, counts)).collect();
        let index = participants
            .iter()
            .enumerate()
            .map(|(at, one)| (one.id.as_str(), at))
            .collect();
        let candidates: Vec<Candidate> = (0..).zip(rows).map(|(row, benefit)| candidate(*benefit, row)).collect();
        waves(&participants, &index, &candidates)
    }

    #[test]
    fn who_counts_a_grant_comes_in_a_later_wave() {
        assert_eq!(of(&[("a", &["a"])], &[0, 0, 0]), [[0], [1], [2]]);
        assert_eq!(of(&[("a", &["a"])], &[0]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn nobody_is_granted_before_an_earlier_one_that_counts_it_and_waits_for_another() {
        // The second counts both others, the third nobody: granted at once it would refuse the second, which comes first.
        let one_way: &[(&str, &[&str])] = &[("a", &[]), ("b", &["a", "c"]), ("c", &[])];
        assert_eq!(of(one_way, &[0, 1, 2]), [vec![0], vec![1, 2]]);
    }
}
