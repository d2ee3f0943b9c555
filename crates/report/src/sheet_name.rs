//! Names for worksheets that Excel, WPS and LibreOffice all accept.

use std::collections::BTreeSet;

/// Longest name of a worksheet, in UTF-16 units.
const MAX_UNITS: usize = 31;

/// Hands out names: legal, and different from each other without regard to case.
#[derive(Debug, Default)]
pub(crate) struct SheetNames {
    taken: BTreeSet<String>,
}

impl SheetNames {
    /// A legal name as close to `wanted` as can be; a second one like it gets （2）.
    pub(crate) fn name(&mut self, wanted: &str) -> String {
        let base = legal(wanted);
        let mut name = cut(&base, MAX_UNITS).to_owned();
        let mut count = 1;
        // Excel keeps "History" for itself.
        while name.eq_ignore_ascii_case("history") || self.taken.contains(&name.to_lowercase()) {
            count += 1;
            let suffix = format!("（{count}）");
            name = format!("{}{suffix}", cut(&base, MAX_UNITS - units(&suffix)));
        }
        self.taken.insert(name.to_lowercase());
        name
    }
}

/// Forbidden characters as their full-width likenesses; never blank, never with an apostrophe at either end.
fn legal(wanted: &str) -> String {
    let replaced: String = wanted
        .chars()
        .filter(|c| !c.is_control())
        .map(|c| match c {
            '[' => '［',
            ']' => '］',
            ':' => '：',
            '*' => '＊',
            '?' => '？',
            '/' => '／',
            '\\' => '＼',
            '\'' => '’',
            c => c,
        })
        .collect();
    let trimmed = replaced.trim();
    if trimmed.is_empty() {
        "未命名".to_owned()
    } else {
        trimmed.to_owned()
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The longest beginning of `text` within `max` UTF-16 units.
fn cut(text: &str, max: usize) -> &str {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.len_utf16();
        if used > max {
            return text[..at].trim_end();
        }
    }
    text
}
