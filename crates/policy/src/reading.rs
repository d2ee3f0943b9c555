//! A document read and understood, with the function of each unit that the unit table knows; and the JSON of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use document::{Extraction, Source};
use serde::Serialize;

use crate::units::Units;

/// Version of the JSON contract of `leye extract --json`.
pub const FORMAT: u32 = 1;

/// A document that was read.
#[derive(Debug, Clone)]
pub struct Understood {
    /// Its text, paragraphs and tables; all spans refer to `source.text`.
    pub source: Source,
    /// Who must do what by when.
    pub extraction: Extraction,
}

/// Reads and understands a document from its bytes, whatever format they are in.
///
/// # Errors
/// Why nothing was understood and what to do, in Chinese. It repeats nothing of the file.
pub fn understand(bytes: &[u8], units: &Units) -> Result<Understood, String> {
    // The readers are built not to panic, and fuzzed; if one does, the other files of the folder must not suffer.
    let understood = catch_unwind(AssertUnwindSafe(|| {
        let source = document::read(bytes).map_err(|error| error.to_string())?;
        let mut extraction = document::extract(&source);
        units.resolve(&mut extraction);
        Ok(Understood { source, extraction })
    }));
    understood.unwrap_or_else(|_| Err("识别时程序内部出错。请将该文件交维护人员排查".to_owned()))
}

/// What `leye extract --json` prints of a document, in one line.
#[derive(Debug, Serialize)]
pub struct Extracted<'a> {
    format: u32,
    file: &'a str,
    #[serde(flatten)]
    extraction: &'a Extraction,
}

impl<'a> Extracted<'a> {
    /// Of what was understood of a file.
    pub const fn new(file: &'a str, extraction: &'a Extraction) -> Self {
        Self {
            format: FORMAT,
            file,
            extraction,
        }
    }
}
