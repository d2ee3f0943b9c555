//! The description laid out on pages: where each line of text and each ruled line stands. PDF and OFD draw the same
//! pages.
//!
//! All measures are tenths of a point, counted from the top left corner of the page.

use super::description::{Block, Document, Numbering};
use super::layout_table;

/// A line of text.
pub(super) struct Line {
    /// Left edge of its first character.
    pub(super) x: usize,
    /// Its baseline.
    pub(super) y: usize,
    /// Size of the type; a Chinese character is as wide as this, an ASCII one half as wide.
    pub(super) size: usize,
    /// What it says.
    pub(super) text: String,
}

/// A ruled line from one point to another, always level or upright.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rule {
    /// Upper or left end.
    pub(super) from: (usize, usize),
    /// Lower or right end.
    pub(super) to: (usize, usize),
}

/// A page.
#[derive(Default)]
pub(super) struct Page {
    /// Its lines of text, in reading order.
    pub(super) lines: Vec<Line>,
    /// Its ruled lines.
    pub(super) rules: Vec<Rule>,
}

/// Pages of one size.
pub(super) struct Layout {
    /// Width of each page.
    pub(super) width: usize,
    /// Height of each page.
    pub(super) height: usize,
    /// The pages, in order.
    pub(super) pages: Vec<Page>,
    /// Where the next line begins on the last page.
    pub(super) y: usize,
}

/// Where a line stands between the margins.
#[derive(Clone, Copy)]
enum Place {
    Indented,
    Left,
    Centre,
    Right,
}

/// Long and short side of A4.
const A4: (usize, usize) = (8419, 5953);
/// Left and right margin.
pub(super) const MARGIN_SIDE: usize = 737;
/// Top and bottom margin.
pub(super) const MARGIN_END: usize = 800;
/// Type of the running text, and what a line of it takes.
const TEXT: (usize, usize) = (160, 280);
/// Type of the title, and what a line of it takes.
const TITLE: (usize, usize) = (220, 340);

/// Lays a document out on A4 pages.
pub(super) fn lay_out(document: &Document) -> Layout {
    let (width, height) = if document.landscape { A4 } else { (A4.1, A4.0) };
    let mut layout = Layout {
        width,
        height,
        pages: vec![Page::default()],
        y: MARGIN_END,
    };
    let mut numbering = Numbering::default();
    for block in document.blocks {
        match block {
            Block::Title(text) => layout.paragraph(text, TITLE, Place::Centre),
            Block::Number(text) => layout.paragraph(text, TEXT, Place::Centre),
            Block::Flush(text) => layout.paragraph(text, TEXT, Place::Left),
            Block::Text(text) => layout.paragraph(text, TEXT, Place::Indented),
            Block::Item(level, text) => {
                layout.paragraph(&(numbering.next(*level) + text), TEXT, Place::Indented);
            }
            Block::Label(label, text) => layout.paragraph(&[*label, *text].concat(), TEXT, Place::Indented),
            Block::Signed(text) => layout.paragraph(text, TEXT, Place::Right),
            Block::Table(table) => layout_table::place(&mut layout, table),
        }
    }
    layout.number_pages();
    layout
}

impl Layout {
    /// Width between the margins.
    pub(super) fn text_width(&self) -> usize {
        self.width - 2 * MARGIN_SIDE
    }

    /// How much of the last page is left.
    pub(super) fn room(&self) -> usize {
        (self.height - MARGIN_END).saturating_sub(self.y)
    }

    /// Begins a new page.
    pub(super) fn turn(&mut self) {
        self.pages.push(Page::default());
        self.y = MARGIN_END;
    }

    /// The page that is being filled; there always is one.
    pub(super) fn page(&mut self) -> &mut Page {
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    fn paragraph(&mut self, text: &str, (size, leading): (usize, usize), place: Place) {
        let indent = if matches!(place, Place::Indented) { 2 * size } else { 0 };
        let limit = self.text_width();
        let lines = text.split('\n').flat_map(|line| wrap(line, size, indent, limit));
        for (index, text) in lines.enumerate() {
            if self.room() < leading {
                self.turn();
            }
            let spare = limit.saturating_sub(width(&text, size));
            let offset = match place {
                Place::Indented if index == 0 => indent,
                Place::Indented | Place::Left => 0,
                Place::Centre => spare / 2,
                Place::Right => spare.saturating_sub(4 * size),
            };
            let y = self.y + baseline(leading, size);
            self.page().lines.push(Line {
                x: MARGIN_SIDE + offset,
                y,
                size,
                text,
            });
            self.y += leading;
        }
    }

    /// Puts — 1 — at the foot of each page, right on odd pages and left on even ones, as official documents do.
    fn number_pages(&mut self) {
        const SIZE: usize = 140;
        let (page_width, y) = (self.width, self.height - MARGIN_END / 2);
        for (index, page) in self.pages.iter_mut().enumerate() {
            let text = format!("— {} —", index + 1);
            let x = if index % 2 == 0 {
                page_width - MARGIN_SIDE - SIZE - width(&text, SIZE)
            } else {
                MARGIN_SIDE + SIZE
            };
            page.lines.push(Line { x, y, size: SIZE, text });
        }
    }
}

/// How far below the top of a line of that height its baseline lies.
pub(super) fn baseline(leading: usize, size: usize) -> usize {
    (leading - size) / 2 + size * 86 / 100
}

/// Width of a text in that size.
pub(super) fn width(text: &str, size: usize) -> usize {
    text.chars().map(|c| advance(c, size)).sum()
}

/// Width of one character.
pub(super) fn advance(c: char, size: usize) -> usize {
    if c.is_ascii() { size / 2 } else { size }
}

/// Breaks a text into lines. Figures stay whole, no line begins with a closing mark or ends with an opening one.
pub(super) fn wrap(text: &str, size: usize, indent: usize, limit: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = indent;
    for piece in pieces(text) {
        let wide = width(&piece, size);
        let last = lines.len() - 1;
        if used + wide > limit && !lines[last].is_empty() {
            lines.push(piece);
            used = wide;
        } else {
            lines[last] += &piece;
            used += wide;
        }
    }
    lines
}

/// The pieces of a text between which a line may be broken.
fn pieces(text: &str) -> Vec<String> {
    const CLOSING: &str = "，。、；：！？）》”〕";
    const OPENING: &str = "（《“〔";
    let mut pieces: Vec<String> = Vec::new();
    for c in text.chars() {
        let joins = pieces
            .last()
            .and_then(|piece| piece.chars().last())
            .is_some_and(|before| {
                CLOSING.contains(c) || OPENING.contains(before) || (c.is_ascii_graphic() && before.is_ascii_graphic())
            });
        match pieces.last_mut() {
            Some(piece) if joins => piece.push(c),
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}
