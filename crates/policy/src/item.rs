//! How an item of a document is named on screen.
//!
//! An id is the number that the document prints. Where an item falls into several rows or pieces with units of their
//! own, the second and those behind it have a letter of ours (`3b`, `3c`), which no reader of the document knows.

/// The item as a document's reader knows it: 第3项, and 第3项第2部分 for `3b`.
///
/// ```
/// assert_eq!(policy::item::words("16c"), "第16项第3部分");
/// assert_eq!(policy::item::words("一（二）"), "第一（二）项");
/// ```
pub fn words(id: &str) -> String {
    match split(id) {
        (no, Some(place)) => format!("第{no}项第{place}部分"),
        (no, None) => format!("第{no}项"),
    }
}

/// The same for a column of numbers: 3, and 3（第2部分） for `3b`.
pub fn number(id: &str) -> String {
    match split(id) {
        (no, Some(place)) => format!("{no}（第{place}部分）"),
        (no, None) => no.to_owned(),
    }
}

/// The number as printed, and which part of the item it is where a letter says so.
fn split(id: &str) -> (&str, Option<u8>) {
    let Some((at, letter)) = id.char_indices().next_back() else {
        return (id, None);
    };
    let (no, place) = (id.get(..at).unwrap_or_default(), u32::from(letter).checked_sub(A));
    let place = place.and_then(|place| u8::try_from(place + 1).ok());
    match place {
        Some(place @ 2..=26) if !no.is_empty() && !no.ends_with(|c: char| c.is_ascii_alphabetic()) => (no, Some(place)),
        _ => (id, None),
    }
}

/// `a`, which stands for the first part and is never written.
const A: u32 = 'a' as u32;
