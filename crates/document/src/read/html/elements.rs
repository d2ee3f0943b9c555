//! The elements of a page that are open, as far as it matters for text: which end tag closes what, and which of
//! them is not shown.

use std::collections::BTreeMap;

use html5ever::LocalName;
use html5ever::tokenizer::Tag;

use crate::read::limits::MAX_ELEMENT_DEPTH;

/// An open element.
#[derive(Debug, Clone)]
pub(super) struct Open {
    /// Its name.
    pub(super) name: LocalName,
    /// Its place among all start tags of the page.
    pub(super) ordinal: usize,
    /// It, or something around it, is not shown.
    pub(super) silent: bool,
}

/// The stack of open elements. End tags do not reach beyond the table or cell they stand in, and cost the same
/// however deep the stack is.
#[derive(Debug)]
pub(super) struct Elements {
    open: Vec<Open>,
    /// Where each open table, cell and caption lies in `open`, and how many of each name are open within it.
    scopes: Vec<(usize, BTreeMap<LocalName, usize>)>,
    ordinal: usize,
}

impl Elements {
    pub(super) fn new() -> Self {
        Self {
            open: Vec::new(),
            scopes: vec![(0, BTreeMap::new())],
            ordinal: 0,
        }
    }

    /// Whether what stands here is not shown.
    pub(super) fn silent(&self) -> bool {
        self.open.last().is_some_and(|open| open.silent)
    }

    /// The table, cell or caption that text stands in directly.
    pub(super) fn scope(&self) -> Option<&str> {
        let (at, _) = self.scopes.last()?;
        (self.scopes.len() > 1)
            .then(|| self.open.get(*at).map(|open| &*open.name))
            .flatten()
    }

    /// Opens an element and says which one it is; `closed` hears what had to end before it.
    pub(super) fn start(&mut self, tag: &Tag, mut closed: impl FnMut(&Open)) -> Open {
        let name = &*tag.name;
        match name {
            "td" | "th" | "caption" => self.end_cell(&mut closed),
            "tr" | "tbody" | "thead" | "tfoot" | "colgroup" => self.end_cell(&mut closed),
            "p" | "div" | "table" | "ul" | "ol" | "pre" | "section" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end("p", &mut closed);
            }
            _ => {}
        }
        self.ordinal += 1;
        let silent = self.silent() || is_silent(tag);
        let open = Open {
            name: tag.name.clone(),
            ordinal: self.ordinal,
            silent,
        };
        let stray_cell = matches!(name, "td" | "th" | "caption") && self.scope() != Some("table");
        if is_kept(name) && !stray_cell && self.open.len() < MAX_ELEMENT_DEPTH {
            if matches!(name, "table" | "td" | "th" | "caption") {
                self.scopes.push((self.open.len(), BTreeMap::new()));
            } else if let Some((_, counts)) = self.scopes.last_mut() {
                *counts.entry(tag.name.clone()).or_default() += 1;
            }
            self.open.push(open.clone());
        }
        open
    }

    /// Closes what an end tag closes, innermost first.
    pub(super) fn end(&mut self, name: &str, mut closed: impl FnMut(&Open)) {
        match name {
            "td" | "th" | "caption" => self.end_cell(&mut closed),
            "tr" | "tbody" | "thead" | "tfoot" => self.end_cell(&mut closed),
            "table" => {
                self.end_cell(&mut closed);
                if self.scope() == Some("table") {
                    self.pop_scope(&mut closed);
                }
            }
            _ => {
                let within = self
                    .scopes
                    .last()
                    .is_some_and(|(_, counts)| counts.get(&LocalName::from(name)).is_some_and(|&n| n > 0));
                while within && let Some(open) = self.pop(&mut closed) {
                    if *open.name == *name {
                        break;
                    }
                }
            }
        }
    }

    /// Closes everything.
    pub(super) fn finish(&mut self, mut closed: impl FnMut(&Open)) {
        while self.scopes.len() > 1 {
            self.pop_scope(&mut closed);
        }
        while self.pop(&mut closed).is_some() {}
    }

    fn end_cell(&mut self, closed: &mut impl FnMut(&Open)) {
        if matches!(self.scope(), Some("td" | "th" | "caption")) {
            self.pop_scope(closed);
        }
    }

    fn pop_scope(&mut self, closed: &mut impl FnMut(&Open)) {
        let Some((at, _)) = self.scopes.pop() else { return };
        while self.open.len() > at {
            if let Some(open) = self.open.pop() {
                closed(&open);
            }
        }
    }

    fn pop(&mut self, closed: &mut impl FnMut(&Open)) -> Option<Open> {
        let open = self.open.pop()?;
        if let Some((_, counts)) = self.scopes.last_mut()
            && let Some(count) = counts.get_mut(&open.name)
        {
            *count = count.saturating_sub(1);
        }
        closed(&open);
        Some(open)
    }
}

/// Elements that have an end which matters. Rows, items and the like end where the next begins.
fn is_kept(name: &str) -> bool {
    !matches!(
        name,
        "tr" | "tbody"
            | "thead"
            | "tfoot"
            | "colgroup"
            | "col"
            | "li"
            | "dt"
            | "dd"
            | "html"
            | "head"
            | "body"
            | "area"
            | "base"
            | "br"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
            | "option"
            | "frame"
    )
}

/// Elements that carry no text of the page, by name or because they are set not to show.
fn is_silent(tag: &Tag) -> bool {
    if matches!(
        &*tag.name,
        "nav"
            | "noscript"
            | "template"
            | "svg"
            | "select"
            | "button"
            | "canvas"
            | "audio"
            | "video"
            | "object"
            | "map"
            | "datalist"
            | "rt"
            | "rp"
            | "del"
            | "title"
            | "textarea"
            | "iframe"
            | "noframes"
            | "noembed"
            | "script"
            | "style"
    ) {
        return true;
    }
    tag.attrs.iter().any(|attribute| match &*attribute.name.local {
        "hidden" => true,
        // Office programs write the heads and feet of printed pages as blocks with these titles.
        "title" => &*tag.name == "div" && matches!(&*attribute.value, "header" | "footer"),
        "role" => attribute.value.trim().eq_ignore_ascii_case("navigation"),
        "style" => {
            let style: String = attribute
                .value
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect::<String>()
                .to_ascii_lowercase();
            style.contains("display:none") || style.contains("mso-hide:all")
        }
        _ => false,
    })
}
