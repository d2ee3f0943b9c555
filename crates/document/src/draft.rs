//! A task on its way: what an item or a row says, before the rules of the whole document are applied.

use crate::assign::parse::{Listed, Said};
use crate::fold::Folded;
use crate::model::Span;

/// A task as its item or row states it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    /// The number in Arabic digits, or empty.
    pub no: String,
    /// Headings above, outermost first.
    pub path: Vec<String>,
    /// The item's own heading.
    pub title: Option<String>,
    /// The pieces of the measure, in order.
    pub pieces: Vec<Span>,
    /// The units named.
    pub named: Vec<Named>,
    /// The deadline's words.
    pub deadline: Option<Span>,
    /// The whole item.
    pub span: Span,
    /// Units are listed, even if none could be read.
    pub assigned: bool,
    /// A label or a column says 责任单位 beside others (see [`crate::assign::parse::Said`]).
    pub complaints: Vec<(usize, Complaint)>,
}

/// A unit named, with its place in the document.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// The name, completed.
    pub name: String,
    /// Where it is printed.
    pub span: Span,
    /// What the words say of its part.
    pub said: Said,
    /// 等 stands behind it.
    pub open_ended: bool,
    /// It bears a mark.
    pub starred: bool,
    /// The heading above names it, not the item's own text.
    pub from_heading: bool,
}

/// Something to tell the reader about an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Complaint {
    /// A bracket that is never closed.
    Unclosed,
    /// A list that begins with a separator.
    EmptyFirst,
    /// Words in a list that are no unit.
    Strange(String),
}

impl Draft {
    /// Takes in what a list holds; `folded` knows the places.
    pub(crate) fn take(&mut self, listed: Listed, folded: &Folded) {
        self.assigned = true;
        if listed.empty_first {
            let at = listed
                .mentions
                .first()
                .map_or(self.span.start, |m| folded.span(m.range.start, m.range.end).start);
            self.complaints.push((at, Complaint::EmptyFirst));
        }
        for range in listed.strange {
            let words = folded.text[range.clone()].to_owned();
            self.complaints
                .push((folded.span(range.start, range.end).start, Complaint::Strange(words)));
        }
        if let Some(range) = listed.deadline {
            self.deadline.get_or_insert(folded.span(range.start, range.end));
        }
        for m in listed.mentions {
            self.named.push(Named {
                name: m.name,
                span: folded.span(m.range.start, m.range.end),
                said: m.said,
                open_ended: m.open_ended,
                starred: m.starred,
                from_heading: false,
            });
        }
    }
}
