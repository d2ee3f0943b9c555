//! `word/styles.xml`: what a paragraph takes from its style.

use std::collections::BTreeMap;
use std::io::BufRead;

use crate::read::xml::{Broken, Node, Xml};

/// Longest chain of styles based on one another.
const MAX_BASED_ON: usize = 20;
/// Most styles that are taken.
const MAX_STYLES: usize = 20_000;

/// The styles of a document by their id.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Style>,
    default_paragraph: Option<String>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    number: Option<i64>,
    level: Option<usize>,
}

/// The numbering that a style brings with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StyleNumbering<'a> {
    /// `w:num` it belongs to; 0 takes numbering away.
    pub(super) number: i64,
    /// Its level, where the style says it.
    pub(super) level: Option<usize>,
    /// The style in the chain that says so; a level of the numbering may name it.
    pub(super) style: &'a str,
}

impl Styles {
    /// Reads the part as far as it can be read.
    pub(super) fn read(stream: impl BufRead) -> (Self, Option<Broken>) {
        let mut styles = Self::default();
        let broken = styles.take(&mut Xml::new(stream)).err();
        (styles, broken)
    }

    fn take(&mut self, xml: &mut Xml<impl BufRead>) -> Result<(), Broken> {
        let mut current: Option<String> = None;
        loop {
            let element = match xml.next()? {
                Node::Over => return Ok(()),
                Node::Start(element) => element,
                Node::End(closing) => {
                    if closing.name() == "style" {
                        current = None;
                    }
                    continue;
                }
                Node::Text(_) => continue,
            };
            match element.name() {
                "style" if self.by_id.len() >= MAX_STYLES => xml.skip()?,
                "style" => {
                    let id = element.attribute("styleId").unwrap_or_default();
                    let kind = element.attribute("type").unwrap_or_default();
                    if kind == "paragraph"
                        && matches!(element.attribute("default").as_deref(), Some("1" | "true" | "on"))
                    {
                        self.default_paragraph = Some(id.clone());
                    }
                    self.by_id.insert(id.clone(), Style::default());
                    current = Some(id);
                }
                "pPrChange" | "rPrChange" | "tblStylePr" => xml.skip()?,
                _ => {
                    let Some(style) = current.as_ref().and_then(|id| self.by_id.get_mut(id)) else {
                        continue;
                    };
                    match element.name() {
                        "name" => style.name = element.attribute("val").unwrap_or_default(),
                        "basedOn" => style.based_on = element.attribute("val"),
                        "numId" => style.number = element.number("val"),
                        "ilvl" => style.level = element.number("val").and_then(|n| usize::try_from(n).ok()),
                        _ => {}
                    }
                }
            }
        }
    }

    fn chain<'a>(&'a self, id: Option<&'a str>) -> impl Iterator<Item = (&'a str, &'a Style)> {
        let first = id.or(self.default_paragraph.as_deref());
        let find = |id: &'a str| self.by_id.get_key_value(id).map(|(id, style)| (id.as_str(), style));
        std::iter::successors(first.and_then(find), move |(_, style)| {
            style.based_on.as_deref().and_then(find)
        })
        .take(MAX_BASED_ON)
    }

    /// The numbering of the style with this id, or of the nearest style it is based on that has one.
    pub(super) fn numbering<'a>(&'a self, id: Option<&'a str>) -> Option<StyleNumbering<'a>> {
        let level = self.chain(id).find_map(|(_, style)| style.level);
        self.chain(id).find_map(|(id, style)| {
            Some(StyleNumbering {
                number: style.number?,
                level,
                style: id,
            })
        })
    }

    /// Whether paragraphs of this style are lines of a table of contents, which repeats the headings.
    pub(super) fn is_contents(&self, id: &str) -> bool {
        let name = self
            .by_id
            .get(id)
            .map_or(id, |style| style.name.as_str())
            .to_lowercase();
        let rest = name.strip_prefix("toc").map(str::trim);
        rest.is_some_and(|rest| !rest.is_empty() && rest.len() <= 2 && rest.bytes().all(|b| b.is_ascii_digit()))
    }
}
