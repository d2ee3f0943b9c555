//! Two versions of a document: which tasks are new, which were left out, and what changed in those that stayed.
//!
//! Tasks are paired by what they say, not by their numbers: one item more at the beginning moves every number behind it.
//! What a pair shows is a proposal to a reader, who sees both texts.

mod wording;

use std::collections::{BTreeMap, VecDeque};

use crate::fold::fold;
use crate::model::{Bound, Deadline, Extraction, QuantityKind, Role, Task};

pub use self::wording::{Run, Wording, wording};

/// Most pairs of tasks whose texts are compared; of longer documents each task is compared with those near its place.
pub const MAX_COMPARISONS: usize = 1_000_000;
/// Characters of a task that are looked at to find the same task in the other version.
const LOOKED_AT: usize = 1_000;
/// From so many points two tasks count as the same: 1,000 are those of equal texts.
const SAME_TASK: usize = 500;
/// Least points that the text itself must give, whatever else agrees.
const LEAST_OF_TEXT: usize = 200;
/// Points for the same heading, for the same units, for the same number.
const SAME_TITLE: usize = 100;
const SAME_UNITS: usize = 100;
const SAME_NUMBER: usize = 50;

/// How two versions compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// In the order of the new version; what was left out stands behind what it followed in the old one.
    pub pairs: Vec<Pair>,
}

/// A task in both versions, or in one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Index into the old version's tasks; `None` for a new one.
    pub old: Option<usize>,
    /// Index into the new version's tasks; `None` for one that was left out.
    pub new: Option<usize>,
    /// What differs, where it is in both.
    pub changes: Vec<Change>,
}

/// Something that differs between two versions of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A unit that the old version does not name.
    UnitAdded(String, Role),
    /// A unit that the new version does not name.
    UnitLeftOut(String, Role),
    /// A unit with another part: the old one, the new one.
    UnitRole(String, Role, Role),
    /// Another deadline.
    Deadline,
    /// Figures, as printed, that only one version has.
    Figures {
        /// Of the old version alone.
        old: Vec<String>,
        /// Of the new version alone.
        new: Vec<String>,
    },
    /// Other words.
    Wording,
}

/// What has become of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    LeftOut,
    /// Both have it, and something differs.
    Changed,
    /// Both have it, and nothing differs but perhaps its number.
    Kept,
}

impl Pair {
    /// What has become of it.
    pub fn fate(&self) -> Fate {
        match (self.old, self.new) {
            (None, _) => Fate::Added,
            (Some(_), None) => Fate::LeftOut,
            (Some(_), Some(_)) if self.changes.is_empty() => Fate::Kept,
            (Some(_), Some(_)) => Fate::Changed,
        }
    }
}

impl Comparison {
    /// Compares two versions.
    pub fn of(old: &Extraction, new: &Extraction) -> Self {
        let olds: Vec<Looked> = old.tasks.iter().map(Looked::at).collect();
        let news: Vec<Looked> = new.tasks.iter().map(Looked::at).collect();
        let mut partner: Vec<Option<usize>> = vec![None; news.len()];
        let mut taken = vec![false; olds.len()];
        pair_equal(&olds, &news, &mut partner, &mut taken);
        pair_alike(&olds, &news, &mut partner, &mut taken);
        // What was left out, by the old task that it follows.
        let mut behind: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        let mut follows = None;
        for (at, taken) in taken.iter().enumerate() {
            if *taken {
                follows = Some(at);
            } else {
                behind.entry(follows).or_default().push(at);
            }
        }
        let left_out = |at: usize| Pair {
            old: Some(at),
            new: None,
            changes: Vec::new(),
        };
        let first = behind.remove(&None).unwrap_or_default();
        let mut pairs: Vec<Pair> = first.into_iter().map(left_out).collect();
        for (at, old_at) in partner.into_iter().enumerate() {
            let changes = old_at
                .and_then(|old_at| Some(changes(old.tasks.get(old_at)?, new.tasks.get(at)?)))
                .unwrap_or_default();
            pairs.push(Pair {
                old: old_at,
                new: Some(at),
                changes,
            });
            if let Some(old_at) = old_at {
                pairs.extend(
                    behind
                        .remove(&Some(old_at))
                        .unwrap_or_default()
                        .into_iter()
                        .map(left_out),
                );
            }
        }
        Self { pairs }
    }

    /// How many tasks have this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.pairs.iter().filter(|pair| pair.fate() == fate).count()
    }
}

/// What is to be done, as one text: the measure, or the heading where there is nothing else.
pub fn said(task: &Task) -> &str {
    if task.text.is_empty() {
        task.title.as_deref().unwrap_or_default()
    } else {
        &task.text
    }
}

/// A task as it is looked for.
struct Looked<'t> {
    task: &'t Task,
    text: String,
    /// Pairs of neighbouring characters, sorted.
    neighbours: Vec<(char, char)>,
}

impl<'t> Looked<'t> {
    fn at(task: &'t Task) -> Self {
        let text = fold(said(task));
        let looked = text.chars().take(LOOKED_AT);
        let mut neighbours: Vec<_> = looked.clone().zip(looked.skip(1)).collect();
        neighbours.sort_unstable();
        Self { task, text, neighbours }
    }

    /// Points for being the same task; `None` where the texts have too little in common.
    fn points(&self, other: &Self) -> Option<usize> {
        let (a, b) = (&self.neighbours, &other.neighbours);
        let total = a.len() + b.len();
        let most = a.len().min(b.len()) * 2_000 / total.max(1);
        if most < LEAST_OF_TEXT {
            return None;
        }
        let of_text = common(a, b) * 2_000 / total.max(1);
        let same_title = self.task.title.is_some() && self.task.title == other.task.title;
        let same_units = !self.task.assignments.is_empty() && units(self.task) == units(other.task);
        let same_number = !self.task.no.is_empty() && self.task.no == other.task.no;
        let points = of_text
            + SAME_TITLE * usize::from(same_title)
            + SAME_UNITS * usize::from(same_units)
            + SAME_NUMBER * usize::from(same_number);
        (of_text >= LEAST_OF_TEXT && points >= SAME_TASK).then_some(points)
    }
}

fn units(task: &Task) -> Vec<(&str, Role)> {
    let mut units: Vec<_> = task
        .assignments
        .iter()
        .map(|assignment| (assignment.unit.as_str(), assignment.role))
        .collect();
    units.sort_unstable();
    units
}

/// Entries of two sorted lists that both have.
fn common<T: Ord>(a: &[T], b: &[T]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, count) = (i + 1, j + 1, count + 1),
        }
    }
    count
}

/// Pairs tasks of equal texts; where a text stands several times, those of the same number first, the others in order.
fn pair_equal(olds: &[Looked<'_>], news: &[Looked<'_>], partner: &mut [Option<usize>], taken: &mut [bool]) {
    for same_number in [true, false] {
        let key = |looked: &Looked<'_>| {
            let number = if same_number {
                looked.task.no.clone()
            } else {
                String::new()
            };
            (looked.text.clone(), number)
        };
        let mut by_text: BTreeMap<(String, String), VecDeque<usize>> = BTreeMap::new();
        for (at, old) in olds.iter().enumerate().filter(|(at, _)| !taken[*at]) {
            by_text.entry(key(old)).or_default().push_back(at);
        }
        for (at, new) in news.iter().enumerate().filter(|(_, new)| !new.text.is_empty()) {
            if partner[at].is_some() {
                continue;
            }
            if let Some(old) = by_text.get_mut(&key(new)).and_then(VecDeque::pop_front) {
                partner[at] = Some(old);
                taken[old] = true;
            }
        }
    }
}

/// Pairs what is left by likeness, the most alike first.
fn pair_alike(olds: &[Looked<'_>], news: &[Looked<'_>], partner: &mut [Option<usize>], taken: &mut [bool]) {
    let free_old: Vec<usize> = (0..olds.len()).filter(|at| !taken[*at]).collect();
    let free_new: Vec<usize> = (0..news.len()).filter(|at| partner[*at].is_none()).collect();
    if free_old.is_empty() || free_new.is_empty() {
        return;
    }
    let window = (MAX_COMPARISONS / free_new.len()).max(1);
    let mut found = Vec::new();
    for (place, &at) in free_new.iter().enumerate() {
        let middle = place * free_old.len() / free_new.len();
        let from = middle
            .saturating_sub(window / 2)
            .min(free_old.len().saturating_sub(window));
        for &old in free_old.iter().skip(from).take(window) {
            if let Some(points) = news[at].points(&olds[old]) {
                found.push((std::cmp::Reverse(points), at.abs_diff(old), at, old));
            }
        }
    }
    found.sort_unstable();
    for (_, _, at, old) in found {
        if partner[at].is_none() && !taken[old] {
            partner[at] = Some(old);
            taken[old] = true;
        }
    }
}

fn changes(old: &Task, new: &Task) -> Vec<Change> {
    let mut changes = unit_changes(old, new);
    if deadline_of(&old.deadline) != deadline_of(&new.deadline) {
        changes.push(Change::Deadline);
    }
    changes.extend(figure_change(old, new));
    if fold(said(old)) != fold(said(new)) {
        changes.push(Change::Wording);
    }
    changes
}

fn unit_changes(old: &Task, new: &Task) -> Vec<Change> {
    let mut left: Vec<(&str, Role)> = units(new);
    let mut unpaired = Vec::new();
    for unit in units(old) {
        match left.iter().position(|other| *other == unit) {
            Some(at) => drop(left.remove(at)),
            None => unpaired.push(unit),
        }
    }
    let mut changes = Vec::new();
    for (name, role) in unpaired {
        let other = left.iter().position(|(other, _)| *other == name);
        changes.push(match other.map(|at| left.remove(at)) {
            Some((_, now)) => Change::UnitRole(name.to_owned(), role, now),
            None => Change::UnitLeftOut(name.to_owned(), role),
        });
    }
    let added = left
        .into_iter()
        .map(|(name, role)| Change::UnitAdded(name.to_owned(), role));
    changes.extend(added);
    changes
}

/// A deadline as far as it matters: the day where there is one, else its words.
fn deadline_of(deadline: &Deadline) -> (crate::model::DeadlineClass, Option<civil::Day>, String) {
    let words = match deadline.due {
        Some(_) => String::new(),
        None => fold(deadline.raw.as_deref().unwrap_or_default()),
    };
    (deadline.class, deadline.due, words)
}

fn figure_change(old: &Task, new: &Task) -> Option<Change> {
    type Measured<'q> = (QuantityKind, &'q str, &'q str, Option<&'static str>);
    fn measured(task: &Task) -> Vec<(Measured<'_>, &str)> {
        task.quantities
            .iter()
            .map(|figure| {
                let measured = (
                    figure.kind,
                    figure.measure.as_str(),
                    figure.value.as_str(),
                    figure.bound.map(bound_word),
                );
                (measured, figure.raw.as_str())
            })
            .collect()
    }
    let (olds, mut news) = (measured(old), measured(new));
    let mut only_old = Vec::new();
    for (figure, raw) in olds {
        match news.iter().position(|(other, _)| *other == figure) {
            Some(at) => drop(news.remove(at)),
            None => only_old.push(raw.to_owned()),
        }
    }
    let only_new: Vec<String> = news.into_iter().map(|(_, raw)| raw.to_owned()).collect();
    (!only_old.is_empty() || !only_new.is_empty()).then_some(Change::Figures {
        old: only_old,
        new: only_new,
    })
}

const fn bound_word(bound: Bound) -> &'static str {
    match bound {
        Bound::AtLeast => "at-least",
        Bound::Above => "above",
        Bound::AtMost => "at-most",
        Bound::Below => "below",
        Bound::Nearly => "nearly",
        Bound::AndMore => "and-more",
        Bound::About => "about",
    }
}
