//! Line breaks that a person set by hand inside a paragraph (Shift+Enter in Word, `<br>` on a page).
//!
//! They mean two things: a paragraph of its own that was typed without the proper key, as texts pasted from the web
//! have, or merely where a line, mostly of a title, should turn. The first is told by what stands around the break.

/// Splits a paragraph at the breaks that part paragraphs and takes the others out. An empty line always parts.
/// There is always at least one part.
pub(super) fn split_soft_breaks(text: &str) -> Vec<String> {
    if !text.contains(['\n', '\r']) {
        return vec![text.to_owned()];
    }
    let mut parts: Vec<String> = Vec::new();
    let mut fresh = true;
    for line in text.split(['\n', '\r']) {
        if line.trim().is_empty() {
            fresh = true;
            continue;
        }
        match parts.last_mut() {
            Some(part) if !fresh && !parts_at(part, line) => join(part, line),
            _ => parts.push(line.to_owned()),
        }
        fresh = false;
    }
    if parts.is_empty() {
        parts.push(String::new());
    }
    parts
}

/// Joins two halves of a line; a space only between words of letters and digits.
pub(super) fn join(first: &mut String, second: &str) {
    let second = second.trim_start();
    let kept = first.trim_end().len();
    first.truncate(kept);
    if first.ends_with(|c: char| c.is_ascii_alphabetic()) && second.starts_with(|c: char| c.is_ascii_alphabetic()) {
        first.push(' ');
    }
    first.push_str(second);
}

/// Whether a new paragraph begins with `next`, where `before` stands on the line above.
fn parts_at(before: &str, next: &str) -> bool {
    let indented = next.starts_with("\u{3000}\u{3000}") || next.starts_with("    ") || next.starts_with("\u{a0}\u{a0}");
    indented
        || before
            .trim_end()
            .ends_with(['。', '！', '？', '；', '：', ';', ':', '】', ']', '〕', '）', ')'])
        || begins_item(next)
        || is_reference_line(next)
        || is_reference_line(before)
}

/// Whether a line opens with the number of an item or a chapter: 一、 （一） 1． 1、 （1） ① 第一条.
pub(super) fn begins_item(line: &str) -> bool {
    let line = line.trim_start();
    let mut chars = line.chars();
    let Some(first) = chars.next() else { return false };
    if ('①'..='⒛').contains(&first) || ('㈠'..='㈩').contains(&first) {
        return true;
    }
    let chinese = |c: char| "一二三四五六七八九十百零〇○".contains(c);
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let numbered = |rest: &str, numeral: &dyn Fn(char) -> bool, most: usize| -> Option<char> {
        let count = rest.chars().take_while(|&c| numeral(c)).count();
        ((1..=most).contains(&count)).then(|| rest.chars().nth(count)).flatten()
    };
    match first {
        '（' | '(' => {
            let rest = chars.as_str();
            [numbered(rest, &chinese, 4), numbered(rest, &digit, 3)]
                .into_iter()
                .flatten()
                .any(|c| matches!(c, '）' | ')'))
        }
        '第' => numbered(chars.as_str(), &chinese, 5).is_some_and(|c| matches!(c, '章' | '节' | '条' | '部')),
        _ => numbered(line, &chinese, 4).is_some_and(|c| matches!(c, '、' | '．' | '.' | '，')) || begins_decimal(line),
    }
}

/// 1、 1． 1. and 1） but not the 1.5 of an amount.
fn begins_decimal(line: &str) -> bool {
    let digits = line
        .chars()
        .take_while(|c| c.is_ascii_digit() || ('０'..='９').contains(c))
        .count();
    if !(1..=3).contains(&digits) {
        return false;
    }
    let mut rest = line.chars().skip(digits);
    match rest.next() {
        Some('、' | '．' | '）' | ')') => true,
        Some('.') => !rest.next().is_some_and(|c| c.is_ascii_digit()),
        _ => false,
    }
}

/// A document number or a date that has the line to itself.
pub(super) fn is_reference_line(line: &str) -> bool {
    let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    let count = line.chars().count();
    if count > 30 {
        return false;
    }
    let number = line.ends_with('号')
        && line.contains(['〔', '[', '［', '【', '（', '('])
        && line.chars().any(|c| c.is_ascii_digit());
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c) || "〇○零一二三四五六七八九十O".contains(c);
    let date = line.ends_with('日')
        && line.contains('年')
        && line.contains('月')
        && line.chars().all(|c| digit(c) || matches!(c, '年' | '月' | '日'));
    number || date
}
