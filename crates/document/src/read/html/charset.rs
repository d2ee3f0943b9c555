//! In which encoding a web page is: what it says, unless its bytes say otherwise.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// How far into a page its declaration is looked for.
const DECLARATION_WITHIN: usize = 4096;

/// The page as text. A byte order mark decides; then bytes that can only be UTF-8; then the declaration; then GB18030,
/// which holds GBK and GB2312. Pages in GBK are always read as GB18030, for they use its characters.
pub(in crate::read) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    if let Some(encoding) = wide(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let declared = declared(&bytes[..bytes.len().min(DECLARATION_WITHIN)]);
    let encoding = match declared {
        Some(encoding) if encoding == GBK => GB18030,
        Some(encoding) if encoding != UTF_8 => encoding,
        // It says UTF-8 and is not, or says nothing: a few broken characters are likelier than another encoding
        // only where most of it is sound.
        _ if mostly_utf8(bytes) => UTF_8,
        _ => GB18030,
    };
    encoding.decode_without_bom_handling(bytes).0
}

/// UTF-16 without a mark, known by the zero half of `<` and of the letters after it.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, _, 0, ..] => Some(UTF_16LE),
        [0, b'<', 0, _, ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// The `charset` that the head of the page names, or the `encoding` of an XML declaration.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let lower = head.to_ascii_lowercase();
    [&b"charset"[..], &b"encoding"[..]].iter().find_map(|key| {
        memchr::memmem::find_iter(&lower, key).find_map(|at| {
            let rest = &lower[at + key.len()..];
            let label: Vec<u8> = rest
                .iter()
                .copied()
                .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\''))
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
                .take(40)
                .collect();
            // A page found in single bytes is not UTF-16, whatever it says.
            Encoding::for_label(&label).filter(|&encoding| encoding != UTF_16LE && encoding != UTF_16BE)
        })
    })
}

/// Whether at least nine of ten characters beyond ASCII are sound UTF-8.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut sound, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    sound >= broken * 9
}
