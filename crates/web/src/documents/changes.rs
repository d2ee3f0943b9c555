//! What people changed of a reading: rows corrected, added, struck out. What was read stays beside all of it.
//!
//! A row is known by a number that never changes: those that were read first, as read, then those added, as they were
//! added. Where a row stands in the ledger is another thing: see [`Changes::order`].

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use document::{Extraction, Places, Source, Span, Task};

use super::correction::Correction;
use super::reading::bytes_of_task;

/// Most memory that the changes of one document may take.
pub(super) const MOST_BYTES: usize = 1 << 20;
/// Most rows that may be added to one document.
pub const MOST_ADDED: usize = 500;

/// How many rows there are, and how many of them are people's doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tasks that were read.
    pub read: usize,
    /// Tasks that stand: read and not struck out, or added.
    pub tasks: usize,
    /// Read, standing, and corrected.
    pub corrected: usize,
    /// Added and standing.
    pub added: usize,
    /// Read and struck out.
    pub struck: usize,
}

impl Tally {
    /// What is people's doing: 人工更正 1 项, 人工增列 2 项.
    pub fn by_hand(&self) -> Vec<String> {
        let counts = [
            ("人工更正", self.corrected),
            ("人工增列", self.added),
            ("人工剔除", self.struck),
        ];
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        counts.map(|(word, count)| format!("{word} {count} 项")).collect()
    }

    /// The tasks that stand; where these are others than were read, also how many were.
    pub fn standing(&self) -> String {
        if self.added + self.struck == 0 {
            format!("任务 {} 项", self.tasks)
        } else {
            format!("任务 {} 项（识别 {} 项）", self.tasks, self.read)
        }
    }
}

/// What people changed.
#[derive(Debug, Default)]
pub(super) struct Changes {
    corrections: BTreeMap<usize, Correction>,
    struck: BTreeSet<usize>,
    /// As the text says them; what a person typed of them is their correction.
    added: Vec<Task>,
}

impl Changes {
    /// Rows in all, struck out or not.
    pub(super) fn rows(&self, read: &[Task]) -> usize {
        read.len() + self.added.len()
    }

    /// A row as it was read, or as the text says it where it was added.
    pub(super) fn original<'t>(&'t self, read: &'t [Task], at: usize) -> Option<&'t Task> {
        read.get(at).or_else(|| self.added.get(at.checked_sub(read.len())?))
    }

    /// A row as it is now.
    pub(super) fn task<'t>(&'t self, read: &'t [Task], at: usize, year: Option<i16>) -> Option<Cow<'t, Task>> {
        let task = self.original(read, at)?;
        Some(match self.corrections.get(&at) {
            Some(correction) => Cow::Owned(correction.applied(task, year)),
            None => Cow::Borrowed(task),
        })
    }

    /// What was corrected of a row, where something was.
    pub(super) fn correction(&self, at: usize) -> Option<&Correction> {
        self.corrections.get(&at)
    }

    /// True where the row was struck out.
    pub(super) fn is_struck(&self, at: usize) -> bool {
        self.struck.contains(&at)
    }

    /// The added row of just these words at just this place.
    pub(super) fn same(&self, read: &[Task], task: &Task) -> Option<usize> {
        let same = |added: &Task| added.span == task.span && added.text == task.text;
        self.added.iter().position(same).map(|at| read.len() + at)
    }

    /// All rows in the order of the document: each that was added behind those that were read and begin no later.
    pub(super) fn order(&self, read: &[Task]) -> Vec<usize> {
        let place = |task: &Task| (task.part, task.span.start);
        let mut added: Vec<(usize, (usize, usize), usize)> = self
            .added
            .iter()
            .enumerate()
            .map(|(at, task)| {
                let behind = read.partition_point(|other| place(other) <= place(task));
                (behind, place(task), read.len() + at)
            })
            .collect();
        added.sort_unstable();
        let mut order = Vec::with_capacity(self.rows(read));
        let mut added = added.into_iter().peekable();
        for at in 0..=read.len() {
            while let Some((_, _, row)) = added.next_if(|(behind, ..)| *behind == at) {
                order.push(row);
            }
            if at < read.len() {
                order.push(at);
            }
        }
        order
    }

    /// The rows that were added, as they are now, with the places of what a person typed and the words have.
    pub(super) fn added_in(&self, source: &Source, read: &[Task], year: Option<i16>) -> Vec<Task> {
        let rows = read.len()..self.rows(read);
        let tasks = rows.filter_map(|at| self.task(read, at, year)).map(Cow::into_owned);
        tasks
            .map(|mut task| {
                let find = |words: &str| {
                    let at = task.span.start + task.span.of(&source.text).find(words)?;
                    Some(Span::new(at, at + words.len()))
                };
                task.places = Places {
                    units: task.assignments.iter().map(|unit| find(&unit.unit)).collect(),
                    deadline: task.deadline.raw.as_deref().and_then(find),
                };
                task
            })
            .collect()
    }

    /// How many of what there is.
    pub(super) fn tally(&self, read: &[Task]) -> Tally {
        let is_read = |at: &&usize| **at < read.len();
        let struck = self.struck.iter().filter(is_read).count();
        let added = self.added.len() - (self.struck.len() - struck);
        let corrected = self.corrections.keys().filter(is_read);
        Tally {
            read: read.len(),
            tasks: read.len() - struck + added,
            corrected: corrected.filter(|at| !self.struck.contains(at)).count(),
            added,
            struck,
        }
    }

    /// Puts a correction in the place of the one before; an empty one takes it away. False where there is no room for it.
    pub(super) fn correct(&mut self, at: usize, correction: Correction) -> bool {
        if correction.is_empty() {
            self.corrections.remove(&at);
            return true;
        }
        let own = self.corrections.get(&at).map_or(0, Correction::bytes);
        if self.bytes() - own + correction.bytes() > MOST_BYTES {
            return false;
        }
        self.corrections.insert(at, correction);
        true
    }

    /// Adds a row; its number. `None` where there is no room for it.
    pub(super) fn add(&mut self, read: &[Task], task: Task, typed: Correction) -> Option<usize> {
        let room = self.bytes() + bytes_of_task(&task) + typed.bytes() <= MOST_BYTES;
        if !room || self.added.len() >= MOST_ADDED {
            return None;
        }
        let at = self.rows(read);
        self.added.push(task);
        if !typed.is_empty() {
            self.corrections.insert(at, typed);
        }
        Some(at)
    }

    /// Strikes a row out, or takes that back.
    pub(super) fn strike(&mut self, at: usize, is_struck: bool) {
        if is_struck {
            self.struck.insert(at);
        } else {
            self.struck.remove(&at);
        }
    }

    /// What was read as it is now, in the order of the document; and the row of each of its tasks.
    pub(super) fn laid_over(&self, extraction: &Extraction) -> (Extraction, Vec<usize>) {
        let read = &extraction.tasks;
        let year = extraction.year();
        let mut rows = self.order(read);
        rows.retain(|at| !self.is_struck(*at));
        let tasks = rows.iter().filter_map(|at| self.task(read, *at, year));
        let tasks = tasks.map(Cow::into_owned).collect();
        let changed = Extraction {
            document: extraction.document.clone(),
            parts: extraction.parts.clone(),
            lead_rule: extraction.lead_rule,
            tasks,
            diagnostics: extraction.diagnostics.clone(),
        };
        (changed, rows)
    }

    fn bytes(&self) -> usize {
        let corrections: usize = self.corrections.values().map(Correction::bytes).sum();
        let added: usize = self.added.iter().map(bytes_of_task).sum();
        corrections + added
    }
}

#[cfg(test)]
mod tests {
    use document::Deadline;

    use super::*;

    fn task(part: usize, start: usize) -> Task {
        Task {
            no: String::new(),
            part,
            path: Vec::new(),
            title: None,
            text: String::new(),
            assignments: Vec::new(),
            deadline: Deadline::NONE,
            quantities: Vec::new(),
            span: Span::new(start, start + 5),
            places: Places::default(),
        }
    }

    #[test]
    fn added_rows_stand_where_the_text_has_them_and_keep_their_numbers() {
        let read = [task(0, 10), task(0, 30), task(1, 50)];
        let mut changes = Changes::default();
        for (at, (part, start)) in [(1, 70), (0, 20), (0, 0), (0, 10)].into_iter().enumerate() {
            assert_eq!(
                changes.add(&read, task(part, start), Correction::default()),
                Some(3 + at)
            );
        }
        assert_eq!(changes.order(&read), [5, 0, 6, 4, 1, 2, 3]);
        changes.strike(4, true);
        changes.strike(1, true);
        let tally = changes.tally(&read);
        assert_eq!((tally.read, tally.tasks, tally.added, tally.struck), (3, 5, 3, 1));
        changes.strike(1, false);
        assert_eq!(changes.tally(&read).tasks, 6);
    }

    #[test]
    fn so_many_rows_may_be_added_and_no_more() {
        let mut changes = Changes::default();
        for start in 0..MOST_ADDED {
            assert!(changes.add(&[], task(0, start), Correction::default()).is_some());
        }
        assert!(changes.add(&[], task(0, 0), Correction::default()).is_none());
    }
}
