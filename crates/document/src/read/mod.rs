//! Files in, [`Source`] out: one reader a format, chosen by what the file holds and not by its name.

mod archive;
mod bare_table;
mod box_table;
mod breaks;
mod docx;
mod flat_table;
mod flow;
mod html;
mod kind;
mod layout;
pub mod limits;
mod measure;
mod numerals;
mod ofd;
mod ole;
mod package;
mod page_list;
mod pdf;
pub mod secrecy;
mod sheet;
mod txt;
mod xml;

pub use self::txt::is_page_furniture;

use self::kind::{Kind, kind_of};
pub use self::limits::{MAX_FILE_BYTES, MAX_TEXT_BYTES, MAX_UNPACKED_BYTES};
pub use self::secrecy::{Secrecy, secrecy_mark};
use crate::source::Source;

/// So much of a file's head tells whether it is a web page.
const PAGE_HEAD_BYTES: usize = 4096;

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
        Self {
            message: message.into(),
            hint: hint.into(),
        }
    }
}

/// A format that is not read, or that cannot be: what to do is the same for all.
fn unreadable(reason: impl AsRef<str>) -> ReadError {
    ReadError::new(
        format!("无法读取：{}", reason.as_ref()),
        "请用 WPS 另存为 docx 或带文字的 PDF",
    )
}

/// Pictures of pages.
fn unreadable_picture() -> ReadError {
    unreadable("文件中只有图片，没有文字")
}

/// Reads a file's bytes, whatever format they are in.
///
/// # Errors
/// [`ReadError`] where nothing can be understood: too large, empty, broken, encrypted, a format that has no text, or a
/// file that bears a secrecy mark.
pub fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ReadError::new(
            format!(
                "无法读取：文件有 {} MB，超过可读取的 {} MB",
                bytes.len() >> 20,
                MAX_FILE_BYTES >> 20
            ),
            "请确认是否选错文件，或将文件拆分后再读取",
        ));
    }
    let source = match kind_of(bytes)? {
        Kind::Docx(mut archive) => docx::read(&mut archive)?,
        Kind::Xlsx(mut archive) => sheet::read_xlsx(&mut archive)?,
        Kind::Xls(stream) => sheet::read_xls(&stream)?,
        Kind::Ofd(mut archive) => ofd::read(&mut archive)?,
        Kind::Pdf => pdf::read(bytes)?,
        Kind::Text => read_text(bytes)?,
    };
    if secrecy_mark(&source).is_some() {
        return Err(secrecy::refusal());
    }
    if source.blocks.is_empty() {
        let reason = source
            .diagnostics
            .first()
            .map_or("文件中没有文字", |diagnostic| diagnostic.message.as_str());
        return Err(unreadable(reason));
    }
    Ok(source)
}

/// Plain text, or a page of the web under whatever name.
fn read_text(bytes: &[u8]) -> Result<Source, ReadError> {
    let head = &bytes[..bytes.len().min(PAGE_HEAD_BYTES)];
    if html::is_page(&html::decode(head)) {
        html::read(&html::decode(bytes))
    } else {
        txt::read(bytes)
    }
}
