//! Breaking Chinese text into lines of a given width.
//!
//! Widths are columns: a Chinese character takes two, an ASCII letter one. A number or a Latin word stays whole where
//! it fits, no line begins with a closing mark (，。）) and none ends with an opening one (（《).

use unicode_width::UnicodeWidthChar;

/// How wide the characters are that East Asian Width calls ambiguous (“ ” — … ①).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ambiguous {
    /// One column: terminals.
    Narrow,
    /// Two columns: 宋体 and the other fonts of Chinese offices.
    Wide,
}

/// Columns of one character; control characters take none.
pub fn char_width(c: char, ambiguous: Ambiguous) -> usize {
    match ambiguous {
        Ambiguous::Narrow => c.width(),
        Ambiguous::Wide => c.width_cjk(),
    }
    .unwrap_or(0)
}

/// Columns of a text on one line.
pub fn width(text: &str, ambiguous: Ambiguous) -> usize {
    text.chars().map(|c| char_width(c, ambiguous)).sum()
}

/// The beginning of `text` that fits into `columns`, with … at its end where something was left out.
pub fn shorten(text: &str, columns: usize, ambiguous: Ambiguous) -> String {
    if width(text, ambiguous) <= columns {
        return text.to_owned();
    }
    let room = columns.saturating_sub(char_width('…', ambiguous));
    let mut used = 0;
    let mut short: String = text
        .chars()
        .take_while(|&c| {
            used += char_width(c, ambiguous);
            used <= room
        })
        .collect();
    short.push('…');
    short
}

/// Breaks `text` into lines of at most `columns` columns; its own line feeds are kept, and there is always one line.
/// A single character wider than `columns` stands alone on a line that is too wide.
pub fn wrap(text: &str, columns: usize, ambiguous: Ambiguous) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        wrap_paragraph(paragraph, columns.max(1), ambiguous, &mut lines);
    }
    lines
}

fn wrap_paragraph(paragraph: &str, columns: usize, ambiguous: Ambiguous, lines: &mut Vec<String>) {
    let mut line: Vec<&str> = Vec::new();
    let mut used = 0;
    for atom in atoms(paragraph, columns, ambiguous) {
        let wide = width(atom, ambiguous);
        if used + wide > columns && !line.is_empty() {
            let carried = carried_over(&line, atom);
            let rest = line.split_off(line.len() - carried);
            lines.push(line.concat().trim_end().to_owned());
            line = rest;
            used = line.iter().map(|a| width(a, ambiguous)).sum();
        }
        if line.is_empty() && atom == " " && !lines.is_empty() {
            continue;
        }
        line.push(atom);
        used += wide;
    }
    lines.push(line.concat().trim_end().to_owned());
}

/// How many atoms at the end of `line` must move down together with `next`: none, or one or two so that no line
/// begins with a closing mark or ends with an opening one.
fn carried_over(line: &[&str], next: &str) -> usize {
    let mut carried = usize::from(starts_with_closing(next));
    if line.len() > carried && ends_with_opening(line[line.len() - 1 - carried]) {
        carried += 1;
    }
    if carried < line.len() { carried } else { 0 }
}

fn starts_with_closing(atom: &str) -> bool {
    const CLOSING: &str = "，。、；：？！）】》〉」』〕”’…％%,.;:?!)]}";
    atom.chars().next().is_some_and(|c| CLOSING.contains(c))
}

fn ends_with_opening(atom: &str) -> bool {
    const OPENING: &str = "（【《〈「『〔“‘([{";
    atom.chars().next_back().is_some_and(|c| OPENING.contains(c))
}

/// What is not broken: runs of ASCII letters and digits that fit on a line, else single characters.
fn atoms(paragraph: &str, columns: usize, ambiguous: Ambiguous) -> Vec<&str> {
    let mut atoms = Vec::new();
    let mut rest = paragraph;
    while let Some(first) = rest.chars().next() {
        let run = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let end = if run > 0 && width(&rest[..run], ambiguous) <= columns {
            run
        } else {
            first.len_utf8()
        };
        let (atom, after) = rest.split_at(end);
        atoms.push(atom);
        rest = after;
    }
    atoms
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '+')
}
