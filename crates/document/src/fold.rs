//! Noise normalised beside the raw text, never over it.
//!
//! A [`Folded`] is what the recognisers read: whitespace that Chinese does not need is gone, digits and letters are
//! half-width, brackets of every shape are `（）`, punctuation is full-width, Traditional script is Simplified, radicals
//! are the characters they stand for, and pronunciation marks that some web pages put behind a character are dropped.
//! Each of its bytes knows the raw byte it came from, so every finding points at the text as printed.

use crate::model::Span;

/// What the whole document tells about how its text must be folded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Script {
    /// The document is in Traditional script.
    traditional: bool,
    /// The document carries pronunciation marks in brackets behind its characters.
    annotated: bool,
}

/// Characters looked at to tell the script; a head of this length tells it of any real document.
const SCRIPT_SAMPLE_CHARS: usize = 40_000;

impl Script {
    /// The whole text in Simplified script, every character at its place; as it is where it needs no change.
    pub(crate) fn simplified(self, text: &str) -> std::borrow::Cow<'_, str> {
        if self.traditional {
            let simple = fast2s::convert(text);
            // Characters of both scripts take three bytes; should one ever not, the places would no longer fit.
            if simple.len() == text.len()
                && simple
                    .char_indices()
                    .zip(text.char_indices())
                    .all(|((a, _), (b, _))| a == b)
            {
                return simple.into();
            }
        }
        text.into()
    }

    /// Looks at a document's text.
    pub(crate) fn of(text: &str) -> Self {
        let sample: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(SCRIPT_SAMPLE_CHARS)
            .collect();
        let converted = fast2s::convert(&sample);
        let (mut han, mut changed) = (0usize, 0usize);
        for (raw, simple) in sample.chars().zip(converted.chars()) {
            han += usize::from(is_han(raw));
            changed += usize::from(raw != simple);
        }
        let marks = sample.chars().filter(|c| is_tone_vowel(*c)).count();
        Self {
            traditional: changed >= 4 && changed * 20 > han,
            annotated: marks >= 3,
        }
    }
}

/// A piece of text as the recognisers read it, with the way back.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folded {
    /// The folded text.
    pub text: String,
    /// For each byte of `text` the raw offset of its character, and one entry more for the end.
    origin: Vec<u32>,
    /// For each byte of `text` the raw offset behind its character.
    behind: Vec<u32>,
    /// Characters printed twice over a page break, with the raw offset of the second.
    pub doubled: Vec<(usize, char)>,
}

impl Folded {
    /// Folds `raw`, which begins at `base` of the document. With `keep_lines`, line feeds stay.
    pub(crate) fn new(raw: &str, base: usize, script: Script, keep_lines: bool) -> Self {
        let unified = crate::radical::unify(raw);
        let raw = unified.as_ref();
        let mut folded = Self {
            text: String::with_capacity(raw.len()),
            ..Self::default()
        };
        folded.origin.reserve(raw.len() + 1);
        folded.behind.reserve(raw.len() + 1);
        let converted;
        let simple: &str = if script.traditional {
            converted = fast2s::convert(raw);
            &converted
        } else {
            raw
        };
        let furniture = if raw.contains('\n') {
            furniture_in(raw)
        } else {
            Vec::new()
        };
        let mut chars = raw
            .char_indices()
            .zip(simple.chars())
            .map(|((at, c), s)| (at, c, s))
            .filter(|(at, _, _)| !furniture.iter().any(|f| f.contains(at)))
            .peekable();
        let mut previous = '\n';
        while let Some((at, c, simple)) = chars.next() {
            if script.annotated
                && (c == '(' || c == '（')
                && is_han(previous)
                && let Some(skip) = annotation_len(&raw[at..])
            {
                let end = at + skip;
                while chars.peek().is_some_and(|(next, _, _)| *next < end) {
                    chars.next();
                }
                continue;
            }
            // A table that came through markdown breaks its lines with a tag.
            let broken = c == '<' && raw[at..].get(..3).is_some_and(|t| t.eq_ignore_ascii_case("<br"));
            if broken {
                let end = at + raw[at..].find('>').unwrap_or(2) + 1;
                while chars.peek().is_some_and(|(next, _, _)| *next < end) {
                    chars.next();
                }
            }
            let c = if broken { '\n' } else { c };
            if is_space(c) {
                if keep_lines && c == '\n' {
                    folded.push('\n', base + at, 1);
                    previous = '\n';
                } else {
                    let mut next = chars.peek().copied();
                    let mut line_feeds = usize::from(c == '\n');
                    while let Some((_, n, _)) = next {
                        if !is_space(n) || (keep_lines && n == '\n') {
                            break;
                        }
                        line_feeds += usize::from(n == '\n');
                        chars.next();
                        next = chars.peek().copied();
                    }
                    // A page break inside a paragraph at times prints the character before it once more.
                    if let Some((again, _, s)) = next.filter(|(_, _, s)| {
                        line_feeds >= 2 && *s == previous && is_han(previous) && !is_reduplicated(previous)
                    }) {
                        chars.next();
                        folded.doubled.push((base + again, s));
                        continue;
                    }
                    if next.is_some_and(|(_, n, _)| needs_space(previous, half_width(n))) {
                        folded.push(' ', base + at, c.len_utf8());
                        previous = ' ';
                    } else if keep_lines && is_han(previous) && next.is_some_and(|(_, n, _)| is_han(n)) {
                        // In a cell a space may part two names, as a line feed may.
                        folded.push('\n', base + at, c.len_utf8());
                        previous = '\n';
                    }
                }
                continue;
            }
            let next = chars.peek().map_or('\n', |(_, n, _)| *n);
            let mapped = fold_char(simple, previous, next);
            folded.push(mapped, base + at, c.len_utf8());
            previous = mapped;
        }
        let end = u32::try_from(base + raw.len()).unwrap_or(u32::MAX);
        folded.origin.push(end);
        folded.behind.push(end);
        folded
    }

    fn push(&mut self, c: char, raw_at: usize, raw_len: usize) {
        self.text.push(c);
        // Documents are bounded far below 4 GiB by the readers, so the offsets fit.
        let at = u32::try_from(raw_at).unwrap_or(u32::MAX);
        let behind = u32::try_from(raw_at + raw_len).unwrap_or(u32::MAX);
        for _ in 0..c.len_utf8() {
            self.origin.push(at);
            self.behind.push(behind);
        }
    }

    /// The raw span of a folded range.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let first = self
            .origin
            .get(start)
            .or(self.origin.last())
            .copied()
            .unwrap_or_default() as usize;
        if end <= start {
            return Span::new(first, first);
        }
        let last = self
            .behind
            .get(end - 1)
            .or(self.behind.last())
            .copied()
            .unwrap_or_default() as usize;
        Span::new(first, last.max(first))
    }
}

/// The folded text alone, for short strings whose place does not matter.
pub(crate) fn fold(raw: &str) -> String {
    Folded::new(raw, 0, Script::default(), false).text
}

/// Text for people: inner whitespace folded as Chinese is set and page numbers left out, nothing else changed.
pub(crate) fn fold_whitespace(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut gap = false;
    let furniture = if raw.contains('\n') {
        furniture_in(raw)
    } else {
        Vec::new()
    };
    for (at, c) in raw.char_indices() {
        if furniture.iter().any(|f| f.contains(&at)) {
            gap = true;
            continue;
        }
        if is_space(c) {
            gap = true;
            continue;
        }
        if gap && out.chars().next_back().is_some_and(|p| needs_space(p, c)) {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// Lines inside a paragraph that belong to the page and not to the text.
fn furniture_in(raw: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in raw.split_inclusive('\n') {
        if crate::read::is_page_furniture(line.trim()) {
            found.push(start..start + line.len());
        }
        start += line.len();
    }
    found
}

/// Characters that Chinese says twice: 人人, 天天, 层层.
fn is_reduplicated(c: char) -> bool {
    "人天家户个层级件处事时年月日点步种样条村镇".contains(c)
}

/// Whitespace of every kind that documents contain, invisible characters included.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{00ad}' | '\u{0007}'
        )
}

/// A Chinese character.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '〇' | '\u{20000}'..='\u{2fa1f}')
}

/// A space means something only between two words of Latin letters, or between two numbers.
fn needs_space(before: char, after: char) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric();
    word(before) && word(after) && !(before.is_ascii_alphabetic() && after.is_ascii_digit())
}

/// Digits and letters alone: signs are folded by what stands around them.
fn half_width(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => civil::half_width(c),
        c => c,
    }
}

fn fold_char(c: char, previous: char, next: char) -> char {
    let numeric = previous.is_ascii_digit() && half_width(next).is_ascii_digit();
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => half_width(c),
        '(' | '[' | '［' | '【' | '〔' | '〖' | '﹝' | '{' | '｛' | '﹙' => '（',
        ')' | ']' | '］' | '】' | '〕' | '〗' | '﹞' | '}' | '｝' | '﹚' => '）',
        ',' | '﹐' if !numeric => '，',
        '，' if numeric && previous.is_ascii_digit() => '，',
        ':' | '﹕' | '︰' if !numeric => '：',
        ';' | '﹔' => '；',
        '!' => '！',
        '?' => '？',
        '％' => '%',
        '．' | '﹒' => '.',
        '､' | '﹑' => '、',
        '—' | '–' | '―' | '－' | '─' => '-',
        '～' | '〜' => '~',
        '／' => '/',
        '｜' => '|',
        '＊' | '﹡' => '*',
        c => c,
    }
}

/// Length of a pronunciation mark in brackets such as `(fā)` at the head of `raw`.
fn annotation_len(raw: &str) -> Option<usize> {
    let mut letters = 0;
    for (at, c) in raw.char_indices().skip(1) {
        match c {
            ')' | '）' if letters > 0 => return Some(at + c.len_utf8()),
            c if (c.is_ascii_lowercase() || is_tone_vowel(c)) && letters < 7 => letters += 1,
            _ => return None,
        }
    }
    None
}

fn is_tone_vowel(c: char) -> bool {
    "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_inside_numbers_and_words_go_but_the_way_back_stays() {
        let raw = "降低0. 5个百分点至2021年4月30 日，市人力资源\n\n社会保障局";
        let folded = Folded::new(raw, 100, Script::default(), false);
        assert_eq!(folded.text, "降低0.5个百分点至2021年4月30日，市人力资源社会保障局");
        let at = folded.text.find("0.5").unwrap();
        let span = folded.span(at, at + 3);
        assert_eq!(&raw[span.start - 100..span.end - 100], "0. 5");
    }

    #[test]
    fn brackets_and_punctuation_have_one_shape() {
        assert_eq!(
            fold("(责任单位:A,B;C)〔2020〕［x］"),
            "（责任单位：A，B；C）（2020）（x）"
        );
        assert_eq!(fold("1,234.5 元"), "1,234.5元");
        assert_eq!(fold("６个月"), "6个月");
    }

    #[test]
    fn traditional_script_is_read_as_simplified() {
        let raw = "市財政局負責落實穩就業資金";
        let script = Script::of(raw);
        assert_eq!(Folded::new(raw, 0, script, false).text, "市财政局负责落实稳就业资金");
        assert_eq!(Script::of("乾县人力资源和社会保障局负责落实"), Script::default());
    }

    #[test]
    fn pronunciation_marks_are_dropped() {
        let raw = "就業(yè)補貼發(fā)放關(guān)于(yú)(市財政局)";
        let script = Script::of(raw);
        assert_eq!(Folded::new(raw, 0, script, false).text, "就业补贴发放关于（市财政局）");
    }

    #[test]
    fn words_in_latin_letters_keep_one_space() {
        assert_eq!(fold_whitespace("使用 APP  Store 办理 2 次"), "使用APP Store办理2次");
    }
}
