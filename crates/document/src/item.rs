//! The item tree of running text: markers at the heads of paragraphs, and what belongs to each item.

use crate::fold::{Folded, Script};
use crate::marker::{Marker, MarkerStyle, marker};
use crate::model::Span;

/// A paragraph, folded, with its place.
#[derive(Debug)]
pub(crate) struct Para {
    /// Where it stands.
    pub span: Span,
    /// How it reads.
    pub folded: Folded,
}

/// An item: its marker, its own paragraphs, and the item above it.
#[derive(Debug)]
pub(crate) struct Item {
    /// None for text that stands under no marker.
    pub marker: Option<Marker>,
    /// Index of the item it belongs to.
    pub parent: Option<usize>,
    /// Indices of its own paragraphs; not those of items below it.
    pub paragraphs: Vec<usize>,
    /// Indices of the items right below it.
    pub children: Vec<usize>,
}

/// The items of one part.
#[derive(Debug, Default)]
pub(crate) struct Items {
    /// In document order; an item stands before its children.
    pub items: Vec<Item>,
}

/// Folds the paragraphs of a part.
pub(crate) fn fold_paragraphs(text: &str, spans: impl Iterator<Item = Span>, script: Script) -> Vec<Para> {
    spans
        .map(|span| Para {
            span,
            folded: Folded::new(span.of(text), span.start, script, false),
        })
        .collect()
}

impl Items {
    /// Builds the tree. `paragraphs` are those of one part, from `first` on.
    pub(crate) fn build(paragraphs: &[Para], range: std::ops::Range<usize>) -> Self {
        let mut tree = Self::default();
        let mut stack: Vec<usize> = Vec::new();
        for index in range {
            let text = &paragraphs[index].folded.text;
            let found = match marker(text) {
                Some(found) if is_labelled(&text[found.len..]) => {
                    tree.fold_into_parent(&mut stack, found);
                    None
                }
                found => found,
            };
            let Some(found) = found else {
                tree.continue_item(&stack, index);
                continue;
            };
            while stack
                .last()
                .is_some_and(|top| tree.items[*top].marker.is_none_or(|m| m.style >= found.style))
            {
                stack.pop();
            }
            let parent = stack.last().copied();
            let own = tree.items.len();
            tree.items.push(Item {
                marker: Some(found),
                parent,
                paragraphs: vec![index],
                children: Vec::new(),
            });
            if let Some(parent) = parent {
                tree.items[parent].children.push(own);
            }
            stack.push(own);
        }
        tree
    }

    /// 1．政策内容：… 2．责任单位：…: where a numbered line is a label, the numbered lines before it are lines of the same
    /// item and no items of their own.
    fn fold_into_parent(&mut self, stack: &mut Vec<usize>, label: Marker) {
        let Some(&top) = stack.last() else { return };
        let same = self.items[top].marker.is_some_and(|m| m.style == label.style);
        let Some(parent) = self.items[top].parent.filter(|_| same) else {
            return;
        };
        let lines: Vec<usize> = self.items[parent + 1..]
            .iter()
            .flat_map(|i| i.paragraphs.iter().copied())
            .collect();
        self.items.truncate(parent + 1);
        self.items[parent].children.clear();
        self.items[parent].paragraphs.extend(lines);
        stack.pop();
    }

    fn continue_item(&mut self, stack: &[usize], paragraph: usize) {
        match stack.last() {
            Some(top) => self.items[*top].paragraphs.push(paragraph),
            None => match self.items.last_mut() {
                Some(last) if last.marker.is_none() => last.paragraphs.push(paragraph),
                _ => self.items.push(Item {
                    marker: None,
                    parent: None,
                    paragraphs: vec![paragraph],
                    children: Vec::new(),
                }),
            },
        }
    }

    /// The items above `index`, outermost first.
    pub(crate) fn ancestors(&self, index: usize) -> Vec<usize> {
        let mut chain = Vec::new();
        let mut at = self.items[index].parent;
        while let Some(parent) = at {
            chain.push(parent);
            at = self.items[parent].parent;
        }
        chain.reverse();
        chain
    }

    /// All items below `index`, in order.
    pub(crate) fn descendants(&self, index: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut open: Vec<usize> = self.items[index].children.iter().rev().copied().collect();
        while let Some(next) = open.pop() {
            found.push(next);
            open.extend(self.items[next].children.iter().rev());
        }
        found
    }
}

/// 2.责任单位：市财政局 is no item but the second line of one.
fn is_labelled(text: &str) -> bool {
    let head = text.trim_start_matches(['（', '*', '●', '■', ' ']);
    head.char_indices()
        .take(17)
        .find(|(_, c)| matches!(c, '：' | '）'))
        .is_some_and(|(at, _)| crate::assign::label::label(&head[..at]).is_some_and(|_| !head[..at].contains('、')))
}

/// An item's own heading: its first sentence where that is short and text follows, or a whole line without a stop.
/// Gives the folded range of the heading behind the marker.
pub(crate) fn heading(text: &str, marker: Option<Marker>) -> Option<std::ops::Range<usize>> {
    const LONGEST: usize = 34;
    const SHORT: usize = 22;
    let start = marker.map_or(0, |m| m.len);
    let body = &text[start..];
    let stop = body.find(['。', '：', '；']);
    match stop {
        None => (!body.is_empty() && body.chars().count() <= 60 && !body.contains('，')
            || body.chars().count() <= 30 && !body.is_empty())
        .then_some(start..text.len()),
        Some(at) if body[at..].starts_with('。') => {
            let first = &body[..at];
            let more = body[at + '。'.len_utf8()..].trim();
            // A long first sentence with commas is the measure itself and no heading of it.
            let length = first.chars().count();
            let heads = length <= SHORT || length <= LONGEST && !first.contains(['，', ',']);
            (!first.is_empty() && heads && !more.is_empty() && !first.contains('（')).then_some(start..start + at)
        }
        Some(_) => None,
    }
}

/// True for styles that carry measures inside an item rather than chapters.
pub(crate) fn is_inner(style: MarkerStyle) -> bool {
    style >= MarkerStyle::Arabic
}
