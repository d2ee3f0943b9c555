//! What is marked in a document's text: units with their part, deadlines, figures; and to which task each place belongs.

use std::collections::{BTreeMap, BTreeSet};

use civil::{Day, half_width};
use document::source::Block;
use document::{Extraction, Role, Source, Span, Task, day_without_year, quantities};

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
    /// The day that is meant, where the text leaves out the year and the document tells it.
    pub day: Option<Day>,
}

/// Every mark of a document, in order, none over another: units before deadlines before figures.
pub(super) fn marks(source: &Source, extraction: &Extraction) -> Vec<Mark> {
    let mut found: Vec<Mark> = extraction
        .tasks
        .iter()
        .flat_map(|task| of_task(&source.text, task))
        .collect();
    let year = extraction.year();
    let mut figures_in = |span: Span| {
        let figures = quantities(span.of(&source.text), span.start);
        found.extend(figures.into_iter().map(|figure| Mark {
            span: figure.span,
            kind: Kind::Figure,
            day: day_without_year(&source.text, &figure, year),
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
    apart(found)
}

/// These marks and those of more tasks.
pub(super) fn with_tasks(source: &Source, marks: &[Mark], tasks: &[Task]) -> Vec<Mark> {
    let found = marks.iter().copied();
    let added = tasks.iter().flat_map(|task| of_task(&source.text, task));
    apart(found.chain(added).collect())
}

/// Marks in order, none over another.
fn apart(mut found: Vec<Mark>) -> Vec<Mark> {
    found.retain(|mark| mark.span.start < mark.span.end);
    // Of two marks that overlap the weightier stays: those of one place that many tasks share are one.
    found.sort_unstable_by_key(|mark| (mark.kind, mark.span));
    found.dedup_by_key(|mark| mark.span);
    let mut kept: BTreeMap<(usize, usize, Kind), Option<Day>> = BTreeMap::new();
    for mark in found {
        let Span { start, end } = mark.span;
        let before = kept.range(..(start + 1, 0, Kind::Lead)).next_back();
        let behind = kept.range((start, 0, Kind::Lead)..).next();
        let free =
            before.is_none_or(|((_, end, _), _)| *end <= start) && behind.is_none_or(|((start, ..), _)| *start >= end);
        if free {
            kept.insert((start, end, mark.kind), mark.day);
        }
    }
    kept.into_iter()
        .map(|((start, end, kind), day)| Mark {
            span: Span::new(start, end),
            kind,
            day,
        })
        .collect()
}

fn of_task<'t>(text: &'t str, task: &'t Task) -> impl Iterator<Item = Mark> + 't {
    let units = task.assignments.iter().zip(&task.places.units);
    let units = units.filter_map(|(assignment, place)| {
        Some(Mark {
            span: (*place)?,
            kind: Kind::of(assignment.role),
            day: None,
        })
    });
    units.chain(task.places.deadline.map(|span| Mark {
        span,
        kind: Kind::Deadline,
        day: task.deadline.due.filter(|due| !names_year(span.of(text), *due)),
    }))
}

/// Whether the words of a deadline say the year of the day that they mean.
fn names_year(words: &str, due: Day) -> bool {
    let folded: String = words.chars().filter(|c| !c.is_whitespace()).map(half_width).collect();
    folded.contains(&due.year().to_string()) || folded.contains(&han_year(due.year()))
}

/// 二〇二〇.
fn han_year(year: i16) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digits = year.to_string();
    let digits = digits.chars().filter_map(|digit| digit.to_digit(10));
    digits.filter_map(|digit| DIGITS.get(digit as usize)).collect()
}

/// A stretch of text with the task it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned {
    /// Where.
    pub span: Span,
    /// Index of the task.
    pub task: usize,
}

/// To which task each place belongs, in order and without overlap, from the places of the tasks: where one task stands
/// within another, to the inner.
pub(super) fn owners(spans: &[Span]) -> Vec<Owned> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|at| (spans[*at].start, std::cmp::Reverse(spans[*at].end), *at));
    // Begins and ends, by place; ends first.
    let mut events: Vec<(usize, bool, usize)> = Vec::with_capacity(spans.len() * 2);
    for (rank, at) in order.iter().enumerate() {
        let span = spans[*at];
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
            let places: Vec<Span> = spans.iter().map(|(start, end)| Span::new(*start, *end)).collect();
            let found: Vec<_> = owners(&places)
                .into_iter()
                .map(|owned| (owned.span.start, owned.span.end, owned.task))
                .collect();
            assert_eq!(found, *expected, "{spans:?}");
        }
    }
}
