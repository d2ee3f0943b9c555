//! The pages of a PDF, in order, each with what it inherits (ISO 32000-1, 7.7.3).

use std::collections::BTreeSet;
use std::rc::Rc;

use super::file::File;
use super::object::{Dictionary, Object};
use crate::read::limits::MAX_PAGES;

/// A page.
#[derive(Debug)]
pub(super) struct PageNode {
    pub(super) dictionary: Dictionary,
    pub(super) inherited: Rc<Inherited>,
}

/// What nodes of the page tree pass on to those below them; a page's own values are in it.
#[derive(Debug, Default)]
pub(super) struct Inherited {
    pub(super) resources: Option<Object>,
    pub(super) media_box: Option<Object>,
    pub(super) crop_box: Option<Object>,
    pub(super) rotate: Option<Object>,
}

impl Inherited {
    fn with(&self, node: &Dictionary) -> Self {
        let own = |name: &str, above: &Option<Object>| node.get(name).cloned().or_else(|| above.clone());
        Self {
            resources: own("Resources", &self.resources),
            media_box: own("MediaBox", &self.media_box),
            crop_box: own("CropBox", &self.crop_box),
            rotate: own("Rotate", &self.rotate),
        }
    }
}

/// Walks the page tree; each node is visited once, so that a tree that runs in a circle ends.
pub(super) struct Pages<'f, 'a> {
    file: &'f File<'a>,
    waiting: Vec<(Object, Rc<Inherited>)>,
    seen: BTreeSet<u32>,
}

impl<'f, 'a> Pages<'f, 'a> {
    /// The pages that the catalogue leads to; where it leads to none, all page objects of the file.
    pub(super) fn of(file: &'f File<'a>) -> Self {
        let root = file.catalogue().and_then(|catalogue| catalogue.get("Pages").cloned());
        let mut pages = Self {
            file,
            waiting: Vec::new(),
            seen: BTreeSet::new(),
        };
        pages.waiting.extend(root.map(|root| (root, Rc::default())));
        let mut trial = Self {
            file,
            waiting: pages.waiting.clone(),
            seen: BTreeSet::new(),
        };
        if trial.next().is_none() {
            pages.waiting = pages.scattered();
        }
        pages
    }

    fn scattered(&self) -> Vec<(Object, Rc<Inherited>)> {
        let is_page = |number: &u32| {
            let object = self.file.object(*number);
            object
                .as_ref()
                .and_then(Object::dictionary)
                .is_some_and(|dictionary| dictionary.is("Type", "Page"))
        };
        let mut found: Vec<u32> = self
            .file
            .numbers()
            .into_iter()
            .filter(is_page)
            .take(MAX_PAGES + 1)
            .collect();
        found.reverse();
        found
            .into_iter()
            .map(|number| (Object::Reference(number), Rc::default()))
            .collect()
    }
}

impl Iterator for Pages<'_, '_> {
    type Item = PageNode;

    fn next(&mut self) -> Option<PageNode> {
        while let Some((node, inherited)) = self.waiting.pop() {
            if let Object::Reference(number) = node
                && !self.seen.insert(number)
            {
                continue;
            }
            let Some(Object::Dictionary(dictionary)) = self.file.resolve(&node) else {
                continue;
            };
            let inherited = Rc::new(inherited.with(&dictionary));
            let kids = match self.file.value(&dictionary, "Kids") {
                Some(Object::Array(kids)) if !dictionary.is("Type", "Page") => Some(kids),
                _ => None,
            };
            match kids {
                Some(kids) => {
                    // Direct kids could nest without end; only references are followed, and few wait at a time.
                    let kids = kids.into_iter().filter(|kid| matches!(kid, Object::Reference(_)));
                    self.waiting.extend(kids.rev().map(|kid| (kid, Rc::clone(&inherited))));
                    if self.waiting.len() > 2 * MAX_PAGES + 1_000 {
                        self.waiting.drain(..self.waiting.len() - 2 * MAX_PAGES - 1_000);
                    }
                }
                None => return Some(PageNode { dictionary, inherited }),
            }
        }
        None
    }
}
