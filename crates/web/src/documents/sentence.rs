//! A paragraph or a row of a text in sentences, of which a person chooses those that lay a duty on somebody.

use document::Span;

/// Most sentences of one paragraph; what is behind them belongs to the last.
pub(super) const MOST_SENTENCES: usize = 100;

/// The sentences of a stretch of text, each with the stop behind it; they fall apart outside brackets and quotes alone.
/// Together they are the whole stretch.
pub(super) fn sentences(text: &str, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut from, mut depth, mut stopped) = (span.start, 0_u32, false);
    for (at, c) in span.of(text).char_indices() {
        let at = span.start + at;
        let closes = matches!(c, '）' | ')' | '”' | '》' | '〕' | '】');
        let stops = matches!(c, '。' | '；' | '！' | '？' | '\n');
        if stopped && !closes && !stops && !c.is_whitespace() {
            if depth == 0 && found.len() + 1 < MOST_SENTENCES {
                found.push(Span::new(from, at));
                from = at;
            }
            stopped = false;
        }
        match c {
            '（' | '(' | '“' | '《' | '〔' | '【' => depth += 1,
            _ if closes => depth = depth.saturating_sub(1),
            _ => {}
        }
        stopped |= stops && depth == 0;
    }
    if from < span.end {
        found.push(Span::new(from, span.end));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_behind_their_stops_and_outside_brackets() {
        let cases: &[(&str, &[&str])] = &[
            (
                "做好服务。建立台账；每年核对。",
                &["做好服务。", "建立台账；", "每年核对。"],
            ),
            (
                "办好夜校（地点另定。费用自理），按季公布。其余照旧",
                &["办好夜校（地点另定。费用自理），按季公布。", "其余照旧"],
            ),
            ("上门“送岗。”再回访。", &["上门“送岗。”再回访。"]),
            ("只有一句", &["只有一句"]),
            ("一行\n二行", &["一行\n", "二行"]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let found = sentences(text, Span::new(0, text.len()));
            let found: Vec<&str> = found.iter().map(|span| span.of(text)).collect();
            assert_eq!(found, *expected, "{text}");
            assert_eq!(found.concat(), *text);
        }
        let long = "句。".repeat(MOST_SENTENCES * 2);
        let found = sentences(&long, Span::new(0, long.len()));
        assert_eq!(found.len(), MOST_SENTENCES);
        assert_eq!(found.last().map(|last| last.end), Some(long.len()));
    }
}
