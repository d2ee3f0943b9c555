//! Plain text: its encoding, its broken lines, and the tables that were flattened into it.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::flat_table::{FlatTable, find_tables};
use super::{MAX_TEXT_BYTES, ReadError};
use crate::fold::{Folded, Script, fold};
use crate::marker::{MarkerStyle, marker};
use crate::model::Span;
use crate::source::{Block, Paragraph, Source};

/// A line longer than this, with several item markers inside, has lost its line breaks.
const FUSED_LINE_BYTES: usize = 1_800;
/// From this length on a line without a stop at its end may be a paragraph broken by a page.
const BODY_LINE_CHARS: usize = 24;

/// Reads plain text in UTF-8, UTF-16 with a mark, or GB 18030.
pub(super) fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    let text = decode(bytes)?;
    if text.len() > MAX_TEXT_BYTES {
        return Err(ReadError::new(
            format!(
                "文字有 {} MB，超过可读取的 {} MB",
                text.len() >> 20,
                MAX_TEXT_BYTES >> 20
            ),
            "请确认是否选错文件，或将文件拆分后再读取",
        ));
    }
    Ok(source_of(text))
}

fn decode(bytes: &[u8]) -> Result<String, ReadError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::new("文件是空的", "请确认文件已保存完整"));
    }
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest)?,
        [0xFF, 0xFE, ..] => UTF_16LE.decode(bytes).0.into_owned(),
        [0xFE, 0xFF, ..] => UTF_16BE.decode(bytes).0.into_owned(),
        _ => utf8(bytes)?,
    };
    let sample = text.chars().take(100_000);
    let (all, control) = sample.fold((0usize, 0usize), |(n, c), ch| {
        (
            n + 1,
            c + usize::from(
                ch == '\u{fffd}' || ch.is_control() && !matches!(ch, '\n' | '\r' | '\t' | '\u{c}' | '\u{7}' | '\u{b}'),
            ),
        )
    });
    if control * 20 > all {
        return Err(ReadError::new(
            "无法识别的文件格式，不是文字文件",
            "请用 WPS 另存为 docx 或带文字的 PDF",
        ));
    }
    let text = match crate::radical::unify(&text) {
        Cow::Owned(unified) => unified,
        Cow::Borrowed(_) => text,
    };
    Ok(if text.contains(['\r', '\u{c}', '\u{b}', '\0']) {
        text.replace("\r\n", "\n")
            .replace(['\r', '\u{c}', '\u{b}'], "\n")
            .replace('\0', "")
    } else {
        text
    })
}

fn utf8(bytes: &[u8]) -> Result<String, ReadError> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, _, broken) = GB18030.decode(bytes);
    if broken && text.chars().take(100_000).filter(|c| *c == '\u{fffd}').count() > 20 {
        return Err(ReadError::new(
            "无法识别文字编码",
            "请用 WPS 或记事本另存为 UTF-8 编码的文本",
        ));
    }
    Ok(text.into_owned())
}

/// The blocks of a text.
fn source_of(text: String) -> Source {
    let text = super::box_table::unboxed(&text).unwrap_or(text);
    let script = Script::of(&text);
    let tables = find_tables(&script.simplified(&text));
    let mut blocks = Vec::new();
    let mut at = 0;
    for FlatTable { table } in tables {
        paragraphs(&text, Span::new(at, table.span.start), &mut blocks);
        at = table.span.end;
        blocks.push(Block::Table(table));
    }
    paragraphs(&text, Span::new(at, text.len()), &mut blocks);
    Source {
        text,
        blocks,
        diagnostics: Vec::new(),
    }
}

/// One printed line: where its characters lie, and whether an empty line stands before it.
#[derive(Debug, Clone, Copy)]
struct Line {
    span: Span,
    chars: usize,
}

fn paragraphs(text: &str, within: Span, blocks: &mut Vec<Block>) {
    let lines = lines(text, within);
    let width = wrap_width(&lines);
    let mut open: Option<Span> = None;
    for line in lines {
        let printed = line.span.of(text);
        if is_page_furniture(printed) {
            continue;
        }
        open = Some(match open {
            Some(so_far) if continues(text, so_far, printed, width) => so_far.cover(line.span),
            previous => {
                if let Some(span) = previous {
                    push_paragraph(text, span, blocks);
                }
                line.span
            }
        });
    }
    if let Some(span) = open {
        push_paragraph(text, span, blocks);
    }
}

fn push_paragraph(text: &str, span: Span, blocks: &mut Vec<Block>) {
    if span.end - span.start <= FUSED_LINE_BYTES {
        blocks.push(Block::Paragraph(Paragraph { span }));
        return;
    }
    for span in split_fused(text, span) {
        blocks.push(Block::Paragraph(Paragraph { span }));
    }
}

fn lines(text: &str, within: Span) -> Vec<Line> {
    let mut found = Vec::new();
    let mut start = within.start;
    for line in within.of(text).split_inclusive('\n') {
        let trimmed_start = line.trim_start_matches(crate::fold::is_space);
        let trimmed = trimmed_start.trim_end_matches(crate::fold::is_space);
        if !trimmed.is_empty() {
            let first = start + line.len() - trimmed_start.len();
            found.push(Line {
                span: Span::new(first, first + trimmed.len()),
                chars: trimmed.chars().take(200).count(),
            });
        }
        start += line.len();
    }
    found
}

/// The width at which a text is hard-wrapped, in characters, if it is.
fn wrap_width(lines: &[Line]) -> Option<usize> {
    const NARROWEST: usize = 16;
    const WIDEST: usize = 64;
    let mut counts = [0usize; WIDEST + 2];
    let mut longer = 0;
    for line in lines {
        if line.chars > WIDEST {
            longer += 1;
        } else {
            counts[line.chars] += 1;
        }
    }
    let full = |width: usize| counts[width.saturating_sub(3)..=width].iter().sum::<usize>();
    let width = (NARROWEST..=WIDEST).max_by_key(|w| (full(*w), usize::MAX - *w))?;
    let beyond = longer + counts[width + 1..].iter().sum::<usize>();
    (lines.len() >= 8 && full(width) * 3 >= lines.len() && beyond * 20 <= lines.len()).then_some(width)
}

/// True where `line` carries on the paragraph `so_far`.
fn continues(text: &str, so_far: Span, line: &str, width: Option<usize>) -> bool {
    let paragraph = so_far.of(text);
    let last_line = paragraph.rsplit('\n').next().unwrap_or(paragraph);
    let head: String = fold(&line.chars().take(24).collect::<String>());
    let Some(last) = paragraph.chars().next_back() else {
        return false;
    };
    if marker(&head).is_some() || begins_with_label(&head) || head.starts_with("附件") || head.starts_with("抄送") {
        return false;
    }
    // A page may end between a label and its colon.
    if head.starts_with(['：', '，', '、', '。', '；', '）']) {
        return true;
    }
    if matches!(last, '、' | '，' | ',' | '（' | '(' | '《' | '〔' | '—' | '“') {
        return true;
    }
    if has_open_assignment(paragraph) && so_far.end - so_far.start < 8_000 {
        return true;
    }
    if matches!(
        last,
        '。' | '！' | '？' | '；' | '：' | '”' | '）' | ')' | '》' | ';' | ':' | '】' | '〕' | ']'
    ) {
        return false;
    }
    match width {
        Some(width) => {
            last_line.chars().count() + 3 >= width && line.chars().count() > 1
                || head.chars().next().is_some_and(|c| "，。；、）：".contains(c))
        }
        None => {
            last_line.chars().count() >= BODY_LINE_CHARS && paragraph.contains(['。', '，', ','])
                || head.chars().next().is_some_and(|c| "，。；、）".contains(c))
        }
    }
}

fn begins_with_label(head: &str) -> bool {
    let head = head.trim_start_matches('（');
    head.char_indices()
        .take(16)
        .find(|(_, c)| matches!(c, '：' | '）'))
        .is_some_and(|(at, _)| crate::assign::label::label(&head[..at]).is_some())
}

/// True while a bracket that assigns units is still open at the end of `paragraph`.
fn has_open_assignment(paragraph: &str) -> bool {
    const OPEN: [char; 4] = ['（', '(', '〔', '【'];
    const CLOSE: [char; 4] = ['）', ')', '〕', '】'];
    let tail: Vec<char> = paragraph.chars().rev().take(1_200).collect();
    let mut closed = 0usize;
    for (index, c) in tail.iter().enumerate() {
        if CLOSE.contains(c) {
            closed += 1;
        } else if OPEN.contains(c) {
            if closed == 0 {
                let head: String = tail[..index].iter().rev().take(12).collect();
                let head = fold(&head);
                return head
                    .split('：')
                    .next()
                    .is_some_and(|l| l.len() < head.len() && crate::assign::label::label(l).is_some());
            }
            closed -= 1;
        }
    }
    false
}

/// Page numbers and the like: — 3 —, -3-, 第3页, 第3页共10页, 3/10.
pub fn is_page_furniture(line: &str) -> bool {
    if line.len() > 48 {
        return false;
    }
    let text = fold(line);
    let inner = text.trim_matches(['-', '·', ' ', '_', '~']);
    if inner.is_empty() {
        return text.chars().count() >= 2;
    }
    let digits = |t: &str| !t.is_empty() && t.len() <= 4 && t.bytes().all(|b| b.is_ascii_digit());
    let dashed = text.starts_with('-') && text.ends_with('-') && digits(inner);
    let page = inner
        .strip_prefix('第')
        .and_then(|t| t.split_once('页'))
        .is_some_and(|(n, rest)| {
            digits(n.trim())
                && (rest.is_empty()
                    || rest
                        .trim_start_matches(['，', '/', ' '])
                        .strip_prefix('共')
                        .and_then(|r| r.strip_suffix('页'))
                        .is_some_and(|n| digits(n.trim())))
        });
    let of_pages = inner.split_once('/').is_some_and(|(n, m)| digits(n) && digits(m)) && !text.contains('.');
    dashed || page || of_pages
}

/// Splits a text that lost its line breaks before its item markers, and its head into the lines it was.
fn split_fused(text: &str, span: Span) -> Vec<Span> {
    let raw = span.of(text);
    let folded = Folded::new(raw, span.start, Script::default(), false);
    let mut cuts = marker_cuts(&folded.text);
    if cuts.len() < 3 {
        return vec![span];
    }
    let first = cuts[0];
    cuts.extend(head_cuts(&folded.text[..first]));
    cuts.extend(tail_cuts(&folded.text, cuts.iter().copied().max().unwrap_or(first)));
    cuts.sort_unstable();
    cuts.dedup();
    let mut spans = Vec::with_capacity(cuts.len() + 1);
    let mut start = 0;
    for cut in cuts.into_iter().chain([folded.text.len()]) {
        if cut > start {
            spans.push(folded.span(start, cut));
        }
        start = cut;
    }
    spans
}

/// Byte offsets of the markers that carry on the numbering.
fn marker_cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut last = [0u32; 6];
    let mut last_cut = 0usize;
    let mut previous = '。';
    for (at, c) in text.char_indices() {
        let before = previous;
        previous = c;
        if !(c.is_ascii_digit()
            || c == '（'
            || c == '第'
            || ('①'..='⑳').contains(&c)
            || crate::marker::han_digit(c).is_some())
        {
            continue;
        }
        if before.is_ascii_digit() || before == '第' || before == '.' || crate::marker::han_digit(before).is_some() {
            continue;
        }
        let Some(found) = marker(&text[at..]) else { continue };
        let style = found.style as usize;
        let follows = found.number == last[style] + 1;
        let restarts = found.number == 1;
        let after_stop = matches!(before, '。' | '；' | '）' | '！' | '？' | '：' | '”' | '\n') || at == 0;
        let behind_heading = at - last_cut < 120 && !text[last_cut..at].contains(['。', '；', '，']);
        let plausible = match found.style {
            MarkerStyle::Chapter | MarkerStyle::Han | MarkerStyle::HanBracket => {
                (follows || restarts)
                    && (after_stop
                        || behind_heading
                        || follows
                        || restarts && style == MarkerStyle::Han as usize && last[style] > 0)
            }
            MarkerStyle::Arabic => {
                (follows || restarts) && (matches!(before, '。' | '）' | '！' | '”') || behind_heading)
            }
            MarkerStyle::ArabicBracket | MarkerStyle::Circled => false,
        };
        let list = marker(&text[at + found.len..]).is_some_and(|next| next.style == found.style);
        if !plausible || list {
            continue;
        }
        // Outer numbering begun anew restarts the inner one.
        for inner in &mut last[style + 1..] {
            if found.style == MarkerStyle::Han && restarts {
                *inner = 0;
            }
        }
        if restarts && last[style] > 0 {
            cuts.extend(annex_cut(text, last_cut, at));
        }
        last[style] = found.number;
        last_cut = at;
        cuts.push(at);
    }
    cuts
}

/// Where numbering begins anew: the word 附件 before it, and the end of that word, are lines of their own.
fn annex_cut(text: &str, from: usize, to: usize) -> Vec<usize> {
    let between = &text[from..to];
    let Some(at) = between.rfind("附件").filter(|at| between.len() - at < 300) else {
        return Vec::new();
    };
    let behind = at
        + "附件".len()
        + between[at + "附件".len()..]
            .chars()
            .take_while(|c| c.is_ascii_digit() || *c == '：')
            .map(char::len_utf8)
            .sum::<usize>();
    vec![from + at, from + behind]
}

/// Cuts in the head of a fused text: behind the document number, the title and the recipients.
fn head_cuts(head: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    let mut from = 0;
    if let Some(number) = crate::header::number_in(head) {
        cuts.push(number.start);
        cuts.push(number.end);
        from = number.end;
    }
    let title_end = ["的通知", "的意见", "的实施意见", "的方案", "的批复", "的函", "的决定"]
        .iter()
        .filter_map(|w| head[from..].find(w).map(|at| from + at + w.len()))
        .min();
    if let Some(end) = title_end.filter(|end| !head[*end..].starts_with(['》', '（', '精', '要'])) {
        cuts.push(end);
        from = end;
    }
    if let Some(colon) = head[from..].find('：') {
        let end = from + colon + '：'.len_utf8();
        if !head[from..end].contains('。') {
            cuts.push(end);
            from = end;
        }
    }
    cuts.extend(signature_cuts(&head[from..]).into_iter().map(|at| from + at));
    if let Some(title) = title_end.and_then(|end| crate::part::issued_title(&head[..end])) {
        // The text that the notice issues begins with its title, which stands there without its quotes.
        for (at, _) in head[from..].match_indices(title.as_str()) {
            let (start, end) = (from + at, from + at + title.len());
            if !head[end..].starts_with(['》', '”']) && !head[..start].ends_with(['《', '“']) {
                cuts.extend([start, end]);
            }
        }
    }
    cuts
}

/// Cuts around a signature and its date: behind the sentence before them, and behind the date.
fn signature_cuts(text: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    for (at, _) in text.match_indices('日') {
        let end = at + '日'.len_utf8();
        let start = text[..at]
            .rfind(['。', '；', '：', '！'])
            .map_or(0, |i| i + '。'.len_utf8());
        let line = &text[start..end];
        if line.chars().count() <= 45 && crate::header::date_behind_body(line).is_some() {
            cuts.extend([start, end]);
        }
    }
    cuts
}

/// Cuts behind the last marker: copies and imprint.
fn tail_cuts(text: &str, from: usize) -> Vec<usize> {
    ["抄送：", "主题词：", "附件：", "（此件公开发布）", "（此件主动公开）"]
        .iter()
        .filter_map(|w| text[from..].find(w).map(|at| from + at))
        .collect()
}
