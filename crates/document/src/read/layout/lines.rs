//! Glyphs that stand on one baseline, as a line of text.

#![expect(
    clippy::float_arithmetic,
    reason = "places on a page are measured; nothing here is money or a rate"
)]

use super::Glyph;
use crate::read::breaks::join;

/// A line of text.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) left: f64,
    pub(super) right: f64,
    /// Its baseline.
    pub(super) y: f64,
    /// The size of most of its type.
    pub(super) size: f64,
    pub(super) text: String,
    /// How wide its beginning is that may not be parted: a figure, or a character with the marks that stick to it.
    pub(super) first_piece: f64,
    /// Its parts, where wide gaps part it; at least one.
    pub(super) segments: Vec<Segment>,
}

/// Text between wide gaps.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) text: String,
}

/// Marks that may not begin a line, and so stick to what is before them.
pub(super) const CLOSING: &str = "，。、；：！？）》」』”’〕】％%,.;:!?)]}";
/// Marks that end a sentence or a part of a list.
const ENDING: [char; 7] = ['。', '；', '：', '！', '？', '、', '，'];
/// Marks that may not end one.
const OPENING: &str = "（《「『“‘〔【([{";

/// The lines that glyphs form, from top to bottom.
pub(super) fn lines_of(mut glyphs: Vec<Glyph>) -> Vec<Line> {
    /// Baselines that differ by less than this part of the type's size are one.
    const SAME_BASELINE: f64 = 0.35;
    glyphs.retain(|glyph| !glyph.text.is_empty());
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut lines = Vec::new();
    let mut rest = glyphs.into_iter().peekable();
    while let Some(first) = rest.next() {
        let (mut y, mut size) = (first.y, first.size);
        let mut row = vec![first];
        while let Some(glyph) = rest.next_if(|glyph| glyph.y - y <= SAME_BASELINE * size.max(glyph.size)) {
            // Type that is much smaller does not carry the line on downwards.
            if glyph.size >= size * 0.8 {
                y = glyph.y;
                size = size.max(glyph.size);
            }
            row.push(glyph);
        }
        lines.extend(line_of(row));
    }
    lines
}

/// One line of glyphs that share a baseline; none where they are only spaces.
fn line_of(mut glyphs: Vec<Glyph>) -> Option<Line> {
    glyphs.sort_by(|a, b| a.left.total_cmp(&b.left));
    // Type is made bold by printing it twice, a hair apart.
    glyphs.dedup_by(|later, kept| later.text == kept.text && (later.left - kept.left).abs() < 0.25 * kept.size);
    let is_space = |glyph: &Glyph| glyph.text.chars().all(char::is_whitespace);
    let first = glyphs.iter().position(|glyph| !is_space(glyph))?;
    let last = glyphs.iter().rposition(|glyph| !is_space(glyph))?;
    let glyphs = &glyphs[first..=last];

    let size = usual_size(glyphs);
    let y = glyphs
        .iter()
        .find(|glyph| glyph.size >= size * 0.9)
        .map_or(glyphs[0].y, |glyph| glyph.y);
    let mut segments: Vec<Segment> = Vec::new();
    let mut text = String::new();
    let mut right = glyphs[0].left;
    for glyph in glyphs {
        let gap = glyph.left - right;
        if is_space(glyph) {
            // Spaces are measured, not copied: what they part is seen from the gap they leave.
            continue;
        }
        let parted = gap > size * 1.5;
        match segments.last_mut() {
            Some(segment) if !parted => {
                if needs_space(&segment.text, glyph, gap, size) {
                    segment.text.push(' ');
                    text.push(' ');
                }
                segment.text.push_str(&glyph.text);
                segment.right = segment.right.max(glyph.right);
            }
            _ => {
                if !segments.is_empty() {
                    text.push(' ');
                }
                segments.push(Segment {
                    left: glyph.left,
                    right: glyph.right,
                    text: glyph.text.clone(),
                });
            }
        }
        text.push_str(&glyph.text);
        right = right.max(glyph.right);
    }
    Some(Line {
        left: glyphs[0].left,
        right,
        y,
        size,
        text,
        first_piece: first_piece(glyphs),
        segments,
    })
}

/// Whether a gap before a glyph is a space: between letters and figures a small one, between Chinese a wide one.
fn needs_space(before: &str, glyph: &Glyph, gap: f64, size: f64) -> bool {
    let is_latin = |c: char| c.is_ascii_alphanumeric();
    let latin = before.ends_with(is_latin) && glyph.text.starts_with(is_latin);
    gap > size * if latin { 0.2 } else { 0.6 }
}

/// The size that most characters have.
fn usual_size(glyphs: &[Glyph]) -> f64 {
    let mut sizes: Vec<f64> = glyphs.iter().map(|glyph| glyph.size).collect();
    sizes.sort_by(f64::total_cmp);
    sizes[sizes.len() / 2]
}

fn first_piece(glyphs: &[Glyph]) -> f64 {
    let mut end = 1;
    while let (Some(before), Some(next)) = (glyphs.get(end - 1), glyphs.get(end)) {
        let (Some(a), Some(b)) = (before.text.chars().next_back(), next.text.chars().next()) else {
            break;
        };
        // Letters of any alphabet, figures and straight quotes are not parted from one another.
        let is_narrow = |c: char| c < '\u{2E80}' && !c.is_whitespace();
        let quotes = |c: char| matches!(c, '"' | '\'');
        let sticks =
            OPENING.contains(a) || CLOSING.contains(b) || (is_narrow(a) && is_narrow(b)) || quotes(a) || quotes(b);
        if !sticks || end > 60 {
            break;
        }
        end += 1;
    }
    glyphs[end - 1].right - glyphs[0].left
}

/// What `line` leaves free at the right of a column `room` points wide, where another line goes on with it if its beginning
/// is wider than that.
pub(super) fn spare(line: &Line, room: f64) -> f64 {
    // Lines of running text in a wide column may end a little early; in a narrow one lists have short lines.
    let is_wide = room > 15.0 * line.size && !line.text.ends_with(ENDING);
    let slack = if is_wide { 1.2 } else { 0.2 } * line.size;
    room - (line.right - line.left) - slack
}

/// The text of a cell or any column of lines `room` points wide: a line goes on in the next one where that one's
/// beginning would not have fitted.
pub(super) fn text_in_column(lines: &[Line], room: f64) -> String {
    let mut text = String::new();
    let mut before: Option<&Line> = None;
    let is_character = |line: &Line| line.text.chars().count() == 1;
    for line in lines {
        match before {
            Some(before) if line.first_piece > spare(before, room) => {
                join(&mut text, &line.text);
            }
            // No writer begins a line with such a mark.
            Some(_) if line.text.starts_with(['、', '，', '。', '；', '）', '》', '”']) => {
                join(&mut text, &line.text)
            }
            // Narrow columns have their words one character below the other.
            Some(before) if is_character(before) && is_character(line) => join(&mut text, &line.text),
            Some(_) => {
                text.push('\n');
                text.push_str(&line.text);
            }
            None => text.push_str(&line.text),
        }
        before = Some(line);
    }
    text
}
