//! Web pages, and files that are web pages under another name, as office systems hand them out.
//!
//! Pages are tokenised by `html5ever`; its tree builder is not used, for its time grows with the square of the depth
//! and text needs no tree. Scripts, styles, navigation, forms' controls and what is set not to show are left out. Where
//! one element clearly holds the article, the rest of the page is left out too, and that is reported.

mod article;
mod charset;
mod elements;
mod page;
mod tokens;

use self::article::find_article;
use self::page::Page;
use super::ReadError;
use super::flow::Flow;
use crate::source::Source;

pub(super) use self::charset::decode;

/// Tags by which a file is known as a web page.
const KNOWN_TAGS: [&str; 14] = [
    "html", "head", "body", "table", "div", "p", "meta", "span", "title", "style", "br", "td", "h1", "font",
];

/// Whether the head of a file is that of a web page: it opens with a tag, and one that pages have is near.
pub(super) fn is_page(head: &str) -> bool {
    let head = head.trim_start_matches(['\u{FEFF}', ' ', '\t', '\r', '\n']);
    let opens =
        head.starts_with('<') && head[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '!' | '?'));
    if !opens {
        return false;
    }
    head.match_indices('<').take(200).any(|(at, _)| {
        let name: String = head[at + 1..].chars().take_while(char::is_ascii_alphanumeric).collect();
        KNOWN_TAGS.contains(&name.to_ascii_lowercase().as_str())
    })
}

/// Reads a page that is already text.
pub(super) fn read(text: &str) -> Result<Source, ReadError> {
    if tokens::has_endless_tag(text) {
        return Err(ReadError::new(
            "无法读取：网页中有标签的属性过多，文件可能已损坏",
            "请用浏览器打开后另存为 docx 或带文字的 PDF",
        ));
    }
    let article = find_article(text);
    let mut flow = Flow::default();
    if let Some(title) = article.as_ref().and_then(|article| article.title.as_deref()) {
        flow.paragraph(title);
    }
    let mut page = Page::new(flow, article.as_ref().map(|article| article.element));
    tokens::tokenise(text, &mut page);
    let (mut flow, left_out) = page.finish();
    if article.is_some() || left_out {
        flow.diagnostic(
            "只读取了网页的正文部分，栏目、导航和页脚未读取",
            "如正文不全，请将网页另存为 docx 后再读取",
        );
    }
    Ok(flow.finish())
}
