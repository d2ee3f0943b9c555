//! A duty that a person points at in a document: what the text says of it, as the reader says it of duties it found itself.

use crate::fold::{Script, fold_whitespace};
use crate::item::{Items, fold_paragraphs};
use crate::model::{Deadline, Extraction, Places, Span, Task};
use crate::quantity::quantities;
use crate::source::{Block, Source};
use crate::task_text::draft_of;

/// The task that these pieces of the text state, in their order. Number, headings, words and figures are the text's; units
/// and deadline are left to whoever points. A piece at the head of an item is taken without the item's number.
pub fn pointed(source: &Source, extraction: &Extraction, pieces: &[Span]) -> Task {
    let text = &source.text;
    let span = pieces.iter().copied().reduce(Span::cover).unwrap_or_default();
    let part = extraction.parts.iter().rposition(|part| part.span.start <= span.start);
    let part = part.unwrap_or_default();
    let within = extraction
        .parts
        .get(part)
        .map_or(Span::new(0, text.len()), |part| part.span);
    let spans = source.blocks.iter().filter_map(|block| match block {
        Block::Paragraph(paragraph) => Some(paragraph.span),
        Block::Table(_) => None,
    });
    let spans = spans.filter(|own| within.start <= own.start && own.start < within.end);
    let paragraphs = fold_paragraphs(text, spans, Script::of(text));
    let items = Items::build(&paragraphs, 0..paragraphs.len());
    let paragraph = paragraphs
        .iter()
        .position(|own| own.span.start <= span.start && span.start < own.span.end);
    let item = paragraph.and_then(|paragraph| {
        let of = |item: &crate::item::Item| item.paragraphs.contains(&paragraph);
        items.items.iter().position(of).map(|item| (item, paragraph))
    });
    let mut taken = pieces.to_vec();
    let (mut no, mut path, mut title) = (String::new(), Vec::new(), None);
    if let Some((item, paragraph)) = item {
        let own = &items.items[item];
        let is_head = own.paragraphs.first() == Some(&paragraph);
        // What stands behind the head of the last item may as well be the document's closing words.
        if is_head || item + 1 < items.items.len() {
            let draft = draft_of(&items, item, &paragraphs, text);
            (no, path, title) = (draft.no, draft.path, draft.title);
        }
        if let (Some(marker), Some(first)) = (own.marker.filter(|_| is_head), taken.first_mut()) {
            let folded = &paragraphs[paragraph].folded;
            let behind = folded.span(marker.len, folded.text.len()).start;
            if first.start < behind && behind < first.end {
                first.start = behind;
            }
        }
    }
    let words = taken.iter().map(|piece| fold_whitespace(piece.of(text)));
    let words: Vec<String> = words.filter(|words| !words.is_empty()).collect();
    Task {
        no,
        part,
        path,
        title,
        text: words.join(" "),
        assignments: Vec::new(),
        deadline: Deadline::NONE,
        quantities: taken
            .iter()
            .flat_map(|piece| quantities(piece.of(text), piece.start))
            .collect(),
        span,
        places: Places::default(),
    }
}
