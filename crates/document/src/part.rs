//! The documents within a document: a cover and the text it forwards, a notice and its annexes.

use std::ops::Range;

use crate::header::{HeadLine, date_behind_body, date_line, header, is_annex_word, is_title, publicity};
use crate::item::Para;
use crate::model::{Header, PartRole};

/// One part: its role, its header, its paragraphs.
#[derive(Debug)]
pub(crate) struct PartDraft {
    /// What it is to the whole.
    pub role: PartRole,
    /// Its own data.
    pub header: Header,
    /// Its paragraphs.
    pub paragraphs: Range<usize>,
}

/// An imprint (copies, print date) stands within this many lines of the end.
const IMPRINT_LINES: usize = 12;

/// Splits the paragraphs of a document into its parts; there is always at least one.
pub(crate) fn parts(paragraphs: &[Para]) -> Vec<PartDraft> {
    let starts = starts(paragraphs);
    let end = imprint_begins(paragraphs, starts.last().copied().unwrap_or(0));
    let several = starts.len() > 1;
    let mut found: Vec<PartDraft> = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let stop = starts.get(index + 1).copied().unwrap_or(paragraphs.len());
        let mut lines: Vec<HeadLine<'_>> = paragraphs[*start..if several { stop.min(end.max(*start)) } else { stop }]
            .iter()
            .map(|p| HeadLine { text: &p.folded.text })
            .collect();
        if several && index == 0 {
            // The imprint at the very end is that of the document as issued.
            lines.extend(paragraphs[end..].iter().map(|p| HeadLine { text: &p.folded.text }));
        }
        found.push(PartDraft {
            role: PartRole::Body,
            header: header(&lines),
            paragraphs: *start..stop,
        });
    }
    if found.is_empty() {
        found.push(PartDraft {
            role: PartRole::Body,
            header: Header::default(),
            paragraphs: 0..paragraphs.len(),
        });
    }
    give_roles(&mut found, paragraphs);
    found
}

/// Indices of the paragraphs at which a part begins.
fn starts(paragraphs: &[Para]) -> Vec<usize> {
    let mut starts = vec![0];
    if paragraphs.is_empty() {
        return Vec::new();
    }
    let first: Vec<HeadLine<'_>> = paragraphs
        .iter()
        .take(40)
        .map(|p| HeadLine { text: &p.folded.text })
        .collect();
    let issued = header(&first).title.and_then(|t| issued_title(&t));
    let mut body_seen = false;
    let mut closed = false;
    for (index, paragraph) in paragraphs.iter().enumerate().skip(1) {
        let text = paragraph.folded.text.as_str();
        let length = text.chars().count();
        let begins = if is_annex_word(text) {
            !lists_annexes(paragraphs, index) && body_seen || closed
        } else if issued
            .as_deref()
            .is_some_and(|title| body_seen && begins_title(paragraphs, index, title))
        {
            true
        } else {
            closed && is_title(text)
        };
        let just_began = starts.last().is_some_and(|s| index - s <= 3 && *s > 0);
        if begins && !just_began {
            starts.push(index);
            closed = false;
            body_seen = false;
            continue;
        }
        body_seen |= length > 40 || text.ends_with('：') || crate::marker::marker(text).is_some();
        let closes = date_line(text).is_some()
            || date_behind_body(text).is_some()
            || text.chars().count() < 40 && publicity(text).is_some();
        closed =
            body_seen && (closes || closed && (length < 40 && !text.ends_with('。') || text.starts_with("（联系")));
    }
    starts
}

/// The title of the text that a notice issues or forwards: what 《》 holds, or stands between 印发 and 的通知.
pub(crate) fn issued_title(title: &str) -> Option<String> {
    let verb = ["印发", "转发", "下发", "公布"]
        .iter()
        .filter_map(|w| title.find(w).map(|at| at + w.len()))
        .min()?;
    let rest = &title[verb..];
    let inner = match (rest.find('《'), rest.rfind('》')) {
        (Some(open), Some(close)) if open < close => &rest[open + '《'.len_utf8()..close],
        _ => rest.strip_suffix("的通知")?,
    };
    (inner.chars().count() >= 4).then(|| bare(inner))
}

/// A title without quotes, spaces and edition marks.
fn bare(title: &str) -> String {
    title
        .chars()
        .filter(|c| !matches!(c, '《' | '》' | '〈' | '〉' | '<' | '>' | '“' | '”' | '（' | '）' | ' '))
        .collect()
}

/// True where the lines from `index` on spell `title`, with a place before it at most.
fn begins_title(paragraphs: &[Para], index: usize, title: &str) -> bool {
    let mut joined = String::new();
    for paragraph in paragraphs.iter().skip(index).take(3) {
        let text = &paragraph.folded.text;
        if date_line(text).is_some() || date_behind_body(text).is_some() || text.starts_with("附件") {
            return false;
        }
        joined.push_str(&bare(&paragraph.folded.text));
        if joined.ends_with(title) && joined.len() <= title.len() + 60 {
            return true;
        }
        if joined.len() > title.len() + 60 {
            return false;
        }
    }
    false
}

/// 附件： above a list of annexes is no annex.
fn lists_annexes(paragraphs: &[Para], index: usize) -> bool {
    paragraphs.get(index + 1).is_some_and(|next| {
        let text = &next.folded.text;
        crate::marker::marker(text).is_some()
            && text.chars().count() < 60
            && paragraphs[index].folded.text.ends_with('：')
    })
}

/// Where the imprint of the whole begins: subject words, copies, print date, number of copies.
fn imprint_begins(paragraphs: &[Para], from: usize) -> usize {
    let first = paragraphs.len().saturating_sub(IMPRINT_LINES).max(from + 1);
    let mark = |text: &str| {
        text.starts_with("主题词")
            || text.starts_with("抄送")
            || text.starts_with("共印")
            || text.chars().count() < 60 && text.ends_with("印发")
            || text.starts_with("（共印")
    };
    let Some(mut at) = (first..paragraphs.len()).find(|i| mark(&paragraphs[*i].folded.text)) else {
        return paragraphs.len();
    };
    // The printing body stands above its date.
    if at > from + 1
        && paragraphs[at].folded.text.ends_with("印发")
        && date_line(&paragraphs[at].folded.text).is_some()
        && paragraphs[at - 1].folded.text.chars().count() < 30
    {
        at -= 1;
    }
    at
}

fn give_roles(parts: &mut [PartDraft], paragraphs: &[Para]) {
    let annexed = |part: &PartDraft| {
        paragraphs
            .get(part.paragraphs.start)
            .is_some_and(|p| is_annex_word(&p.folded.text))
    };
    if let [only] = parts {
        if annexed(only) {
            only.role = PartRole::Annex;
        }
        return;
    }
    let title = parts[0].header.title.clone().unwrap_or_default();
    let forwards = title.contains("转发");
    let (first_role, other_role) = if forwards {
        (PartRole::Cover, PartRole::Forwarded)
    } else {
        (PartRole::Notice, PartRole::Annex)
    };
    let cited = forwards.then(|| cited_document(parts, paragraphs)).flatten();
    for (index, part) in parts.iter_mut().enumerate() {
        part.role = match index {
            0 if annexed(part) => PartRole::Annex,
            0 => first_role,
            _ if annexed(part) => PartRole::Annex,
            _ => other_role,
        };
        if part.role == PartRole::Forwarded
            && let Some((issuer, number)) = &cited
        {
            part.header.issuer = part.header.issuer.take().or_else(|| issuer.clone());
            part.header.number = part.header.number.take().or_else(|| Some(number.clone()));
            part.header.region = part
                .header
                .region
                .take()
                .or_else(|| part.header.issuer.as_deref().and_then(crate::header::region_of));
        }
    }
}

/// The forwarded document as the cover cites it: 《某省关于印发…的通知》（某政发（2020）25号).
fn cited_document(parts: &[PartDraft], paragraphs: &[Para]) -> Option<(Option<String>, String)> {
    let title = bare(parts.get(1)?.header.title.as_deref()?);
    for paragraph in &paragraphs[parts[0].paragraphs.clone()] {
        let text = &paragraph.folded.text;
        for (open, _) in text.match_indices('《') {
            let Some(close) = text[open..].find("》（").map(|at| open + at) else {
                continue;
            };
            let name = &text[open + '《'.len_utf8()..close];
            let Some(number) =
                crate::header::number_in(&text[close + '》'.len_utf8()..]).filter(|n| n.start <= '（'.len_utf8())
            else {
                continue;
            };
            let plain = |t: &str| bare(t).replace('的', "");
            if !plain(name).contains(&plain(&title)) && !plain(&title).contains(&plain(name)) {
                continue;
            }
            let from = close + '》'.len_utf8();
            let issuer = name.find("关于").filter(|at| *at > 0).map(|at| name[..at].to_owned());
            return Some((
                issuer,
                crate::header::print_number(&text[from + number.start..from + number.end]),
            ));
        }
    }
    None
}
