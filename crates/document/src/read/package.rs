//! Open Packaging Conventions: which part of an archive is the main one, and what it refers to.

use std::collections::BTreeMap;

use super::ReadError;
use super::archive::Archive;
use super::xml::{Node, Xml};

/// Most relationships of a part that are taken.
const MAX_RELATIONSHIPS: usize = 50_000;

/// What a part refers to.
#[derive(Debug, Default)]
pub(super) struct Relationships {
    by_kind: BTreeMap<String, Vec<String>>,
    by_id: BTreeMap<String, String>,
}

impl Relationships {
    /// Those of the part of this name; none where it has none. Broken ones are taken as far as they go.
    pub(super) fn of(archive: &mut Archive<'_>, part: &str) -> Result<Self, ReadError> {
        let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
        let path = if folder.is_empty() {
            format!("_rels/{name}.rels")
        } else {
            format!("{folder}/_rels/{name}.rels")
        };
        let mut relationships = Self::default();
        let Some(stream) = archive.part(&path)? else {
            return Ok(relationships);
        };
        let mut xml = Xml::new(stream);
        while let Ok(node) = xml.next() {
            let element = match node {
                Node::Over => break,
                Node::Start(element) if element.name() == "Relationship" => element,
                _ => continue,
            };
            let (Some(kind), Some(target)) = (element.attribute("Type"), element.attribute("Target")) else {
                continue;
            };
            if element.attribute("TargetMode").is_some_and(|mode| mode == "External") {
                continue;
            }
            if relationships.by_id.len() >= MAX_RELATIONSHIPS {
                break;
            }
            let target = resolve(folder, &target);
            // The transitional and the strict kinds differ in all but their last word.
            let kind = kind.rsplit('/').next().unwrap_or(&kind).to_owned();
            if let Some(id) = element.attribute("Id") {
                relationships.by_id.insert(id, target.clone());
            }
            relationships.by_kind.entry(kind).or_default().push(target);
        }
        Ok(relationships)
    }

    /// The first part referred to as this kind (`styles`, `officeDocument`).
    pub(super) fn target(&self, kind: &str) -> Option<&str> {
        self.targets(kind).next()
    }

    /// All parts referred to as this kind.
    pub(super) fn targets(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.by_kind.get(kind).into_iter().flatten().map(String::as_str)
    }

    /// The part with this id.
    pub(super) fn by_id(&self, id: &str) -> Option<&str> {
        self.by_id.get(id).map(String::as_str)
    }
}

/// The main part of a package.
pub(super) fn main_part(archive: &mut Archive<'_>) -> Result<Option<String>, ReadError> {
    let package = Relationships::of(archive, "")?;
    if let Some(target) = package.target("officeDocument").filter(|target| archive.has(target)) {
        return Ok(Some(target.to_owned()));
    }
    Ok(["word/document.xml", "xl/workbook.xml"]
        .into_iter()
        .find(|name| archive.has(name))
        .map(str::to_owned))
}

/// A target, relative to the folder of the part that names it, as a name within the archive.
pub(super) fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}
