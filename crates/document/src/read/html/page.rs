//! A page's text as a browser shows it, block by block.

use html5ever::tokenizer::Tag;

use super::elements::{Elements, Open};
use super::tokens::Listener;
use crate::read::flow::{Flow, Vertical};
use crate::read::numerals::numeral;

/// Takes a page's tokens and fills a [`Flow`].
pub(super) struct Page {
    flow: Flow,
    elements: Elements,
    /// Only what is in this element is taken.
    article: Option<usize>,
    in_article: bool,
    text: String,
    /// White space that shows only if more text follows in the block.
    space: Option<Space>,
    lists: Vec<List>,
    /// The number of a list item whose text has not come yet.
    label: String,
    /// How many `pre` are open.
    preformatted: usize,
    links: Links,
    /// Something was left out as the page's own furniture.
    left_out: bool,
}

/// What of the block being read is links.
#[derive(Debug, Default)]
struct Links {
    open: bool,
    count: usize,
    /// Characters that are in no link, marks between links not counted.
    outside: usize,
}

/// White space between words, or merely where the page's source turns a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Space {
    Word,
    LineEnd,
}

/// An `ol` or `ul`.
#[derive(Debug)]
struct List {
    next: i64,
    /// How its numbers print; none for bullets.
    format: Option<&'static str>,
}

impl Page {
    /// Only the text in the element with this ordinal is taken, where there is one.
    pub(super) fn new(flow: Flow, article: Option<usize>) -> Self {
        Self {
            flow,
            elements: Elements::new(),
            article,
            in_article: article.is_none(),
            text: String::new(),
            space: None,
            lists: Vec::new(),
            label: String::new(),
            preformatted: 0,
            links: Links::default(),
            left_out: false,
        }
    }

    /// What was taken; whatever is still open ends.
    pub(super) fn finish(mut self) -> (Flow, bool) {
        self.flush();
        let flow = &mut self.flow;
        let in_article = self.in_article;
        self.elements.finish(|closed| {
            if in_article {
                close(flow, closed);
            }
        });
        (self.flow, self.left_out)
    }

    /// Ends the block of text.
    fn flush(&mut self) {
        self.space = None;
        let still = Links {
            open: self.links.open,
            ..Links::default()
        };
        let links = std::mem::replace(&mut self.links, still);
        if self.text.trim().is_empty() {
            self.text.clear();
            return;
        }
        // A row of links and nothing else is the way about the site, not part of the document.
        if (links.count > 1 && links.outside == 0) || is_foot(&self.text) {
            self.left_out = true;
            self.text.clear();
            return;
        }
        let label = std::mem::take(&mut self.label);
        let text = std::mem::take(&mut self.text);
        self.flow.paragraph(&format!("{label}{}", text.trim_end()));
    }

    fn push(&mut self, c: char) {
        if !self.links.open && !"|｜>＞»·•/\u{a0}\u{3000}".contains(c) {
            self.links.outside += 1;
        }
        if let Some(space) = self.space.take()
            && let Some(before) = self.text.chars().next_back().filter(|&before| before != '\n')
            // A line of Chinese that turns in the source has no space in it.
            && (space == Space::Word || (before.is_ascii() && c.is_ascii()))
        {
            self.text.push(' ');
        }
        self.text.push(c);
    }

    fn begin(&mut self, tag: &Tag, silent: bool) {
        let name = &*tag.name;
        if silent {
            return;
        }
        match name {
            "br" => {
                self.space = None;
                self.text.push('\n');
            }
            "ol" | "ul" if self.lists.len() < 100 => self.lists.push(List::new(tag)),
            "li" => self.label = self.lists.last_mut().map(|list| list.label(tag)).unwrap_or_default(),
            "pre" => self.preformatted += 1,
            "a" => {
                self.links.open = true;
                self.links.count += 1;
            }
            "table" => self.flow.begin_table(),
            "tr" if self.elements.scope() == Some("table") => self.flow.begin_row(),
            "td" | "th" if matches!(self.elements.scope(), Some("td" | "th")) => {
                self.flow.begin_cell();
                let number = |name: &str| attribute(tag, name).and_then(|value| value.trim().parse::<usize>().ok());
                // Zero rows are all rows that are left.
                let rows = number("rowspan").map_or(1, |rows| if rows == 0 { usize::MAX } else { rows });
                self.flow.shape_cell(number("colspan"), Some(Vertical::Rows(rows)));
            }
            _ => {}
        }
    }
}

impl Listener for Page {
    fn start(&mut self, tag: &Tag) {
        if is_block(&tag.name) {
            self.flush();
        }
        let (flow, in_article) = (&mut self.flow, self.in_article);
        let element = self.elements.start(tag, |closed| {
            if in_article {
                close(flow, closed);
            }
        });
        if Some(element.ordinal) == self.article {
            self.in_article = true;
            self.text.clear();
        }
        if self.in_article {
            self.begin(tag, element.silent);
        }
    }

    fn end(&mut self, name: &str) {
        if name == "a" {
            self.links.open = false;
        }
        if is_block(name) {
            self.flush();
        }
        if self.in_article && !self.elements.silent() {
            match name {
                "ol" | "ul" => {
                    self.lists.pop();
                    self.label.clear();
                }
                "pre" => self.preformatted = self.preformatted.saturating_sub(1),
                _ => {}
            }
        }
        let (flow, article, in_article) = (&mut self.flow, self.article, &mut self.in_article);
        self.elements.end(name, |closed| {
            if *in_article {
                close(flow, closed);
            }
            if Some(closed.ordinal) == article {
                *in_article = false;
            }
        });
        if name == "tr" && self.in_article && self.elements.scope() == Some("table") && !self.elements.silent() {
            self.flow.end_row();
        }
    }

    fn text(&mut self, text: &str) {
        if !self.in_article || self.elements.silent() {
            return;
        }
        for c in text.chars() {
            match c {
                '\n' | '\r' if self.preformatted > 0 => self.text.push('\n'),
                ' ' | '\t' if self.preformatted > 0 => self.text.push(' '),
                '\n' | '\r' if self.space.is_none() => self.space = Some(Space::LineEnd),
                '\n' | '\r' => {}
                ' ' | '\t' | '\x0C' => {
                    if self.space.is_none() {
                        self.space = Some(Space::Word);
                    }
                }
                '\u{200B}' | '\u{FEFF}' | '\u{AD}' => {}
                c => self.push(c),
            }
        }
    }

    fn is_full(&self) -> bool {
        self.flow.is_full()
    }
}

/// What the end of an element means for the flow.
fn close(flow: &mut Flow, closed: &Open) {
    if closed.silent {
        return;
    }
    match &*closed.name {
        "table" => flow.end_table(),
        "td" | "th" => flow.end_cell(),
        _ => {}
    }
}

impl List {
    fn new(tag: &Tag) -> Self {
        let style = attribute(tag, "style").unwrap_or_default().to_ascii_lowercase();
        let kind = attribute(tag, "type").unwrap_or_default();
        let format = if &*tag.name == "ul" || style.contains("none") {
            None
        } else if style.contains("cjk-ideographic") || style.contains("chinese") {
            Some("chineseCounting")
        } else {
            Some(match kind {
                "a" => "lowerLetter",
                "A" => "upperLetter",
                "i" => "lowerRoman",
                "I" => "upperRoman",
                _ => "decimal",
            })
        };
        Self {
            next: attribute(tag, "start")
                .and_then(|value| value.trim().parse().ok())
                .unwrap_or(1),
            format,
        }
    }

    fn label(&mut self, item: &Tag) -> String {
        if let Some(value) = attribute(item, "value").and_then(|value| value.trim().parse().ok()) {
            self.next = value;
        }
        let number = self.next;
        self.next = self.next.saturating_add(1);
        match self.format {
            None => String::new(),
            Some("chineseCounting") => format!("{}、", numeral(number, "chineseCounting")),
            Some(format) => format!("{}. ", numeral(number, format)),
        }
    }
}

fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs
        .iter()
        .find(|attribute| *attribute.name.local == *name)
        .map(|attribute| &*attribute.value)
}

/// What stands at the foot of every page of a site: who owns and registers it.
fn is_foot(text: &str) -> bool {
    text.len() < 600
        && ["版权所有", "ICP备", "公网安备", "网站标识码"]
            .iter()
            .any(|words| text.contains(words))
}

/// Elements that begin and end a line of their own.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}
