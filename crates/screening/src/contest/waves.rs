//! Which rows of a run touch each other, and in which order they are settled.

use std::collections::{BTreeMap, BTreeSet};

use super::{Candidate, Participant};
use crate::table::subject_of;

/// Candidates that touch others, in waves: those of one wave do not touch each other. Whoever touches nobody is left out.
pub(super) fn waves(participants: &[Participant], candidates: &[Candidate]) -> Vec<Vec<usize>> {
    let index: BTreeMap<&str, usize> = participants
        .iter()
        .enumerate()
        .map(|(at, one)| (one.id.as_str(), at))
        .collect();
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
    let mut level_of: BTreeMap<(usize, u32, usize), usize> = BTreeMap::new();
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
        let level = asked
            .iter()
            .filter_map(|key| level_of.get(key))
            .map(|level| level + 1)
            .max()
            .unwrap_or(0);
        if waves.len() <= level {
            waves.resize(level + 1, Vec::new());
        }
        if let Some(wave) = waves.get_mut(level) {
            wave.push(at);
        }
        for key in given {
            let known = level_of.entry(key).or_default();
            *known = level.max(*known);
        }
    }
    waves
}
