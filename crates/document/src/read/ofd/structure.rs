//! `OFD.xml` and `Document.xml`: which documents a file holds, and of which pages and templates they consist.

use std::collections::BTreeMap;

use super::HINT;
use crate::read::ReadError;
use crate::read::archive::Archive;
use crate::read::limits::MAX_PAGES;
use crate::read::measure::numbers;
use crate::read::package::resolve;
use crate::read::xml::{Node, Xml};

/// Most documents of a file and templates of a document.
const MAX_DOCUMENTS: usize = 100;
const MAX_TEMPLATES: usize = 1_000;
/// Pages are listed up to one beyond those that are read, so that it is seen that there are more.
const MAX_LISTED: usize = MAX_PAGES + 1;

/// What is known of a document before its pages are read. Measures are in millimetres times [`super::content::POINTS`].
#[derive(Debug)]
pub(super) struct Document {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The parts that hold the pages.
    pub(super) pages: Vec<String>,
    /// The parts that hold the templates, by their ids.
    pub(super) templates: BTreeMap<String, String>,
}

/// The roots of the documents in a file.
pub(super) fn roots(archive: &mut Archive<'_>, notes: &mut Vec<(String, &str)>) -> Result<Vec<String>, ReadError> {
    let mut roots = Vec::new();
    let Some(stream) = archive.part("OFD.xml")? else {
        return Ok(roots);
    };
    let mut xml = Xml::new(stream);
    let mut in_root = false;
    let mut text = String::new();
    loop {
        match xml.next() {
            Ok(Node::Over) => break,
            Ok(Node::Start(element)) => {
                in_root = element.name() == "DocRoot";
                text.clear();
            }
            Ok(Node::Text(part)) if in_root && text.len() < 1_000 => text.push_str(&part),
            Ok(Node::Text(_)) => {}
            Ok(Node::End(_)) => {
                if std::mem::take(&mut in_root) && roots.len() < MAX_DOCUMENTS {
                    roots.push(resolve("", text.trim()));
                }
            }
            Err(broken) => {
                notes.push((broken.message("入口部件 OFD.xml "), HINT));
                break;
            }
        }
    }
    Ok(roots)
}

impl Document {
    /// Reads a document's root; none where it is missing, which is noted.
    pub(super) fn read(
        archive: &mut Archive<'_>,
        root: &str,
        notes: &mut Vec<(String, &str)>,
    ) -> Result<Option<Self>, ReadError> {
        let folder = root.rsplit_once('/').map_or("", |(folder, _)| folder);
        let Some(stream) = archive.part(root)? else {
            notes.push((format!("OFD 文件缺少文档部件 {root}，未读取"), HINT));
            return Ok(None);
        };
        // A4 where the document says nothing.
        let mut document = Self {
            width: 595.3,
            height: 841.9,
            pages: Vec::new(),
            templates: BTreeMap::new(),
        };
        let mut xml = Xml::new(stream);
        let mut in_box = false;
        loop {
            match xml.next() {
                Ok(Node::Over) => break,
                Ok(Node::Start(element)) => {
                    in_box = element.name() == "PhysicalBox";
                    let location = || {
                        element
                            .attribute("BaseLoc")
                            .map(|location| resolve(folder, location.trim()))
                    };
                    match element.name() {
                        "Page" if document.pages.len() < MAX_LISTED => document.pages.extend(location()),
                        "TemplatePage" if document.templates.len() < MAX_TEMPLATES => {
                            if let (Some(id), Some(part)) = (element.attribute("ID"), location()) {
                                document.templates.insert(id, part);
                            }
                        }
                        _ => {}
                    }
                }
                Ok(Node::Text(text)) if in_box => {
                    if let Some((width, height)) = size_of_box(&text) {
                        (document.width, document.height) = (width, height);
                    }
                }
                Ok(Node::Text(_)) => {}
                Ok(Node::End(_)) => in_box = false,
                Err(broken) => {
                    notes.push((broken.message(&format!("文档部件 {root} ")), HINT));
                    break;
                }
            }
        }
        if document.pages.is_empty() {
            notes.push((format!("文档部件 {root} 中没有页"), HINT));
        }
        Ok(Some(document))
    }
}

/// Width and height of `x y w h`, in points.
pub(super) fn size_of_box(text: &str) -> Option<(f64, f64)> {
    match numbers(text).as_slice() {
        [_, _, width, height, ..] if *width > 0.0 && *height > 0.0 => Some(super::content::in_points(*width, *height)),
        _ => None,
    }
}
