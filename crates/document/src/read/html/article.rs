//! Which element of a page holds the article: by the names that the sites of offices give it, if it also holds most
//! of the page's text.

use html5ever::tokenizer::Tag;

use super::elements::{Elements, Open};
use super::tokens::{Listener, tokenise};

/// Classes and ids of the element that holds the article.
const ARTICLE_NAMES: [&str; 30] = [
    "trs_editor", "trs_ueditor", "trs_web", "trs_word", "ucap-content", "ucapcontent", "zoom", "zoomcon", "article",
    "article-content", "article_content", "articlecontent", "article-body", "article_body", "articlebody",
    "article-con", "article_con", "articlecon", "content", "contentbox", "content-article", "news_content",
    "newscontent", "news-content", "pages_content", "con_text", "detail-content", "xxgk_content", "maintext",
    "main-content",
];
/// Most elements that may be the article on one page.
const MAX_CANDIDATES: usize = 10_000;
/// Characters of a candidate's beginning that are kept to see whether its title is in it.
const HEAD_CHARACTERS: usize = 400;

/// Where the article is.
#[derive(Debug)]
pub(super) struct Article {
    /// The start tag of its element, counted from the page's beginning.
    pub(super) element: usize,
    /// The title that the page gives, where the element itself does not open with it.
    pub(super) title: Option<String>,
}

/// Looks for the element; none where no element has such a name, or none of them holds at least half of the text.
pub(super) fn find_article(text: &str) -> Option<Article> {
    let mut search = Search::new();
    tokenise(text, &mut search);
    search.finish()
}

/// An element that may be the article.
#[derive(Debug)]
struct Candidate {
    element: usize,
    /// Characters of the page before it; once it is closed, characters in it. Links do not count.
    characters: usize,
    /// Its first characters, without spaces.
    head: String,
    head_characters: usize,
}

struct Search {
    elements: Elements,
    found: Found,
    /// In an `a`.
    in_link: bool,
    heading: Heading,
    title: Option<String>,
}

#[derive(Default)]
struct Found {
    open: Vec<Candidate>,
    closed: Vec<Candidate>,
    characters: usize,
}

/// The first `h1` of the page.
enum Heading {
    NotYet,
    In(String),
    Past(String),
}

impl Found {
    fn close(&mut self, element: &Open) {
        if self
            .open
            .last()
            .is_some_and(|candidate| candidate.element == element.ordinal)
            && let Some(mut candidate) = self.open.pop()
        {
            candidate.characters = self.characters - candidate.characters;
            self.closed.push(candidate);
        }
    }
}

impl Search {
    fn new() -> Self {
        let elements = Elements::new();
        Self {
            elements,
            found: Found::default(),
            in_link: false,
            heading: Heading::NotYet,
            title: None,
        }
    }

    fn finish(mut self) -> Option<Article> {
        let found = &mut self.found;
        self.elements.finish(|element| found.close(element));
        let most = found.closed.iter().map(|candidate| candidate.characters).max()?;
        // The innermost that has nearly all of it: what lies around it are the page's buttons and links.
        let nearly = |candidate: &&Candidate| candidate.characters * 10 >= most * 9;
        let best = found
            .closed
            .iter()
            .filter(nearly)
            .max_by_key(|candidate| candidate.element)?;
        if best.characters == 0 || best.characters * 2 < found.characters {
            return None;
        }
        let heading = match self.heading {
            Heading::Past(text) | Heading::In(text) => Some(text),
            Heading::NotYet => None,
        };
        let title = self
            .title
            .or(heading)
            .map(|title| title.trim().to_owned())
            .filter(|title| {
                let folded: String = title.chars().filter(|c| !c.is_whitespace()).collect();
                !folded.is_empty() && !best.head.contains(&folded)
            });
        Some(Article {
            element: best.element,
            title,
        })
    }

    /// The sites of offices must name an article's title in this `meta`.
    fn meta(&mut self, tag: &Tag) {
        let value = |name: &str| {
            tag.attrs
                .iter()
                .find(|a| *a.name.local == *name)
                .map(|a| a.value.trim())
        };
        if value("name").is_some_and(|name| name.eq_ignore_ascii_case("ArticleTitle")) {
            self.title = value("content").map(str::to_owned);
        }
    }
}

impl Listener for Search {
    fn start(&mut self, tag: &Tag) {
        let found = &mut self.found;
        let element = self.elements.start(tag, |closed| found.close(closed));
        match &*tag.name {
            "a" => self.in_link = true,
            "meta" => self.meta(tag),
            "h1" if matches!(self.heading, Heading::NotYet) && !element.silent => {
                self.heading = Heading::In(String::new())
            }
            _ => {}
        }
        let found = &mut self.found;
        if !element.silent && is_named_article(tag) && found.open.len() + found.closed.len() < MAX_CANDIDATES {
            let (head, head_characters) = (String::new(), 0);
            found.open.push(Candidate {
                element: element.ordinal,
                characters: found.characters,
                head,
                head_characters,
            });
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "a" => self.in_link = false,
            "h1" => {
                if let Heading::In(text) = &mut self.heading {
                    self.heading = Heading::Past(std::mem::take(text));
                }
            }
            _ => {}
        }
        let found = &mut self.found;
        self.elements.end(name, |closed| found.close(closed));
    }

    fn text(&mut self, text: &str) {
        if self.elements.silent() {
            return;
        }
        if let Heading::In(heading) = &mut self.heading
            && heading.len() < HEAD_CHARACTERS
        {
            heading.push_str(text);
        }
        let visible = || text.chars().filter(|c| !c.is_whitespace());
        // Those that opened earlier have more text: the first that is full ends the row.
        for candidate in self
            .found
            .open
            .iter_mut()
            .rev()
            .take_while(|c| c.head_characters < HEAD_CHARACTERS)
        {
            let room = HEAD_CHARACTERS - candidate.head_characters;
            candidate.head.extend(visible().take(room));
            candidate.head_characters += visible().take(room).count();
        }
        if !self.in_link {
            self.found.characters += visible().count();
        }
    }
}

fn is_named_article(tag: &Tag) -> bool {
    matches!(&*tag.name, "article" | "main")
        || tag.attrs.iter().any(|attribute| match &*attribute.name.local {
            "id" | "class" => attribute
                .value
                .split_ascii_whitespace()
                .any(|word| ARTICLE_NAMES.iter().any(|name| word.eq_ignore_ascii_case(name))),
            "role" => attribute.value.trim().eq_ignore_ascii_case("main"),
            _ => false,
        })
}
