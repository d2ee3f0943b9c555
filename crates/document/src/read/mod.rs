//! Files in, [`Source`] out: one reader a format, chosen by what the file holds and not by its name.

mod archive;
mod breaks;
mod docx;
mod flat_table;
mod flow;
mod html;
pub mod limits;
mod numerals;
mod package;
mod txt;
mod xml;

pub use self::txt::is_page_furniture;

use self::archive::Archive;
pub use self::limits::{MAX_FILE_BYTES, MAX_TEXT_BYTES, MAX_UNPACKED_BYTES};
use crate::source::Source;

/// Why a file could not be read at all; printed in Chinese, with what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}{hint}", if hint.is_empty() { "" } else { "。" })]
pub struct ReadError {
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl ReadError {
    /// A reason and what to do about it, both in Chinese.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

/// A format that is not read, or that cannot be: what to do is the same for all.
fn unreadable(reason: impl AsRef<str>) -> ReadError {
    ReadError::new(format!("无法读取：{}", reason.as_ref()), "请用 WPS 另存为 docx 或带文字的 PDF")
}

/// Pictures of pages.
fn unreadable_picture() -> ReadError {
    unreadable("文件中只有图片，没有文字")
}

/// Reads a file's bytes, whatever format they are in.
///
/// # Errors
/// [`ReadError`] where nothing can be understood: too large, empty, broken, encrypted, or a format that has no text.
pub fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ReadError::new(
            format!("无法读取：文件有 {} MB，超过可读取的 {} MB", bytes.len() >> 20, MAX_FILE_BYTES >> 20),
            "请确认是否选错文件，或将文件拆分后再读取",
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return docx::read(&mut Archive::open(bytes)?);
    }
    let text = html::decode(bytes);
    if html::is_page(&text[..text.floor_char_boundary(4096)]) {
        return html::read(&text);
    }
    txt::read(bytes)
}
