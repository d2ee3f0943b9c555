//! What is marked in a document's text: units with their part, deadlines, figures; and to which task each place belongs.

use std::collections::BTreeSet;

use document::source::Block;
use document::{Extraction, Role, Source, Span, Task, quantities};

/// What a mark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A unit that leads.
    Lead,
    /// A unit that supports.
    Support,
    /// A unit that is responsible, where nothing says who leads.
    Responsible,
    /// By when.
    Deadline,
    /// A figure: money, rate, count, age, time, day.
    Figure,
}

impl Kind {
    /// All, in the order of the legend.
    pub const ALL: [Self; 5] = [
        Self::Lead,
        Self::Support,
        Self::Responsible,
        Self::Deadline,
        Self::Figure,
    ];

    /// On screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lead => "牵头单位",
            Self::Support => "配合单位",
            Self::Responsible => "责任单位",
            Self::Deadline => "完成时限",
            Self::Figure => "数字",
        }
    }

    /// Its class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Lead => "mark-lead",
            Self::Support => "mark-support",
            Self::Responsible => "mark-responsible",
            Self::Deadline => "mark-deadline",
            Self::Figure => "mark-figure",
        }
    }

    const fn of(role: Role) -> Self {
        match role {
            Role::Lead => Self::Lead,
            Role::Support => Self::Support,
            Role::Responsible => Self::Responsible,
        }
    }
}

/// A marked place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Where.
    pub span: Span,
    /// What.
    pub kind: Kind,
}

/// Every mark of a document, in order, none over another: units before deadlines before figures.
pub(super) fn marks(source: &Source, extraction: &Extraction) -> Vec<Mark> {
    let mut found: Vec<Mark> = extraction.tasks.iter().flat_map(of_task).collect();
    let mut figures_in = |span: Span| {
        let figures = quantities(span.of(&source.text), span.start);
        found.extend(figures.into_iter().map(|figure| Mark {
            span: figure.span,
            kind: Kind::Figure,
        }));
    };
    for block in &source.blocks {
        match block {
            Block::Paragraph(paragraph) => figures_in(paragraph.span),
            Block::Table(table) => {
                for cell in table.rows.iter().flat_map(|row| &row.cells) {
                    figures_in(cell.span);
                }
            }
        }
    }
    found.retain(|mark| mark.span.start < mark.span.end);
    // Of two marks that overlap the weightier stays: those of one place that many tasks share are one.
    found.sort_unstable_by_key(|mark| (mark.kind, mark.span));
    found.dedup_by_key(|mark| mark.span);
    let mut kept: BTreeSet<(usize, usize, Kind)> = BTreeSet::new();
    for mark in found {
        let Span { start, end } = mark.span;
        let before = kept.range(..(start + 1, 0, Kind::Lead)).next_back();
        let behind = kept.range((start, 0, Kind::Lead)..).next();
        let free = before.is_none_or(|(_, end, _)| *end <= start) && behind.is_none_or(|(start, ..)| *start >= end);
        if free {
            kept.insert((start, end, mark.kind));
        }
    }
    kept.into_iter()
        .map(|(start, end, kind)| Mark {
            span: Span::new(start, end),
            kind,
        })
        .collect()
}

fn of_task(task: &Task) -> impl Iterator<Item = Mark> {
    let units = task.assignments.iter().zip(&task.places.units);
    let units = units.filter_map(|(assignment, place)| {
        Some(Mark {
            span: (*place)?,
            kind: Kind::of(assignment.role),
        })
    });
    units.chain(task.places.deadline.map(|span| Mark {
        span,
        kind: Kind::Deadline,
    }))
}

/// A stretch of text with the task it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned {
    /// Where.
    pub span: Span,
    /// Index of the task.
    pub task: usize,
}

/// To which task each place belongs, in order and without overlap: where one task stands within another, to the inner.
pub(super) fn owners(tasks: &[Task]) -> Vec<Owned> {
    let mut order: Vec<usize> = (0..tasks.len()).collect();
    order.sort_by_key(|at| (tasks[*at].span.start, std::cmp::Reverse(tasks[*at].span.end), *at));
    // Begins and ends, by place; ends first.
    let mut events: Vec<(usize, bool, usize)> = Vec::with_capacity(tasks.len() * 2);
    for (rank, at) in order.iter().enumerate() {
        let span = tasks[*at].span;
        if span.start < span.end {
            events.push((span.start, true, rank));
            events.push((span.end, false, rank));
        }
    }
    events.sort_unstable();
    let mut owned: Vec<Owned> = Vec::new();
    let mut open: BTreeSet<usize> = BTreeSet::new();
    let mut from = 0;
    for (at, begins, rank) in events {
        if let Some(inner) = open.last().filter(|_| from < at) {
            owned.push(Owned {
                span: Span::new(from, at),
                task: order[*inner],
            });
        }
        from = at;
        if begins {
            open.insert(rank);
        } else {
            open.remove(&rank);
        }
    }
    owned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(start: usize, end: usize) -> Task {
        Task {
            no: String::new(),
            part: 0,
            path: Vec::new(),
            title: None,
            text: String::new(),
            assignments: Vec::new(),
            deadline: document::Deadline::NONE,
            quantities: Vec::new(),
            span: Span::new(start, end),
            places: document::Places::default(),
        }
    }

    /// Spans of tasks; the stretches that come of them, each with its task.
    type Case = (&'static [(usize, usize)], &'static [(usize, usize, usize)]);

    #[test]
    fn a_place_belongs_to_the_innermost_task_over_it() {
        let cases: &[Case] = &[
            (&[(0, 10), (10, 20)], &[(0, 10, 0), (10, 20, 1)]),
            (&[(0, 20), (5, 10)], &[(0, 5, 0), (5, 10, 1), (10, 20, 0)]),
            (&[(0, 20), (0, 8)], &[(0, 8, 1), (8, 20, 0)]),
            (&[(0, 10), (5, 15)], &[(0, 5, 0), (5, 10, 1), (10, 15, 1)]),
            (&[(3, 3)], &[]),
            (&[(4, 8), (0, 2)], &[(0, 2, 1), (4, 8, 0)]),
        ];
        for (spans, expected) in cases {
            let tasks: Vec<Task> = spans.iter().map(|(start, end)| task(*start, *end)).collect();
            let found: Vec<_> = owners(&tasks)
                .into_iter()
                .map(|owned| (owned.span.start, owned.span.end, owned.task))
                .collect();
            assert_eq!(found, *expected, "{spans:?}");
        }
    }
}
