//! docx, and whatever else keeps a WordprocessingML part: text with its automatic numbers, and real tables.
//!
//! Taken: the body, in the state with all changes accepted; text boxes, once; results of fields; content controls.
//! Left out: headers and footers, notes, comments, hidden text, tables of contents. Pictures and embedded objects
//! are reported, for text in them is not seen.

mod body;
mod numbering;
mod paragraph;
mod styles;
mod symbols;

use self::body::Body;
use self::numbering::Numbering;
use self::styles::Styles;
use super::archive::Archive;
use super::package::{Relationships, main_part};
use super::secrecy::{mark_in_margin, refusal};
use super::{ReadError, unreadable};
use crate::source::Source;

/// Most headers that are looked at.
const MAX_HEADERS: usize = 100;

/// Reads an archive that holds a Word document.
pub(super) fn read(archive: &mut Archive<'_>) -> Result<Source, ReadError> {
    let Some(part) = main_part(archive)? else {
        return Err(unreadable("docx 文件缺少正文部件 word/document.xml"));
    };
    let relationships = Relationships::of(archive, &part)?;
    let mut notes: Vec<String> = Vec::new();

    let mut styles = Styles::default();
    if let Some(stream) = relationships
        .target("styles")
        .map_or(Ok(None), |name| archive.part(name))?
    {
        let (read, broken) = Styles::read(stream);
        styles = read;
        notes.extend(broken.map(|b| b.message("样式部件 styles.xml ")));
    }
    let mut numbering = Numbering::default();
    if let Some(stream) = relationships
        .target("numbering")
        .map_or(Ok(None), |name| archive.part(name))?
    {
        let (read, broken) = Numbering::read(stream);
        numbering = read;
        notes.extend(broken.map(|b| b.message("自动编号部件 numbering.xml ")));
    }

    refuse_marked_headers(archive, &relationships)?;
    let Some(stream) = archive.part(&part)? else {
        return Err(unreadable(format!("docx 文件缺少正文部件 {part}")));
    };
    let mut body = Body::new(styles, numbering);
    for note in notes {
        body.diagnostic(note, "自动编号可能不全，请用 WPS 打开后另存为 docx 再读取");
    }
    body.read(stream);
    body.finish()
}

/// Headers are not read, but a secrecy mark in one counts.
fn refuse_marked_headers(archive: &mut Archive<'_>, relationships: &Relationships) -> Result<(), ReadError> {
    for name in relationships.targets("header").take(MAX_HEADERS) {
        let Some(stream) = archive.part(name)? else { continue };
        let mut header = Body::new(Styles::default(), Numbering::default());
        header.read(stream);
        if header
            .finish()
            .is_ok_and(|source| mark_in_margin(&source.text).is_some())
        {
            return Err(refusal());
        }
    }
    Ok(())
}
