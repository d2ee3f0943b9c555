//! OFD (GB/T 33190): a zip of XML that says where every character stands.
//!
//! Taken: the text objects of pages and of the templates they are printed on, with the ruled lines that make tables.
//! Left out: annotations, attachments, signatures. A part that is missing or broken is named, and the rest is read.

mod content;
mod structure;

use self::content::read_content;
use self::structure::{Document, roots};
use super::archive::{Archive, encrypted};
use super::flow::Flow;
use super::layout::{Book, Page};
use super::limits::MAX_PAGES;
use super::page_list::PageList;
use super::{ReadError, unreadable, unreadable_picture};
use crate::source::Source;

const HINT: &str = "请重新获取该文件，或用 OFD 阅读软件另存为带文字的 PDF";
const SCAN_HINT: &str = "如该页是扫描图片，请提供带文字的文件";

/// Reads an archive that holds OFD documents.
pub(super) fn read(archive: &mut Archive<'_>) -> Result<Source, ReadError> {
    if archive.has("Encryptions.xml") {
        return Err(encrypted());
    }
    let mut notes: Vec<(String, &str)> = Vec::new();
    let mut book = Book::default();
    let (mut without_text, mut cut) = (PageList::default(), PageList::default());
    let mut number = 0;
    let roots = roots(archive, &mut notes)?;
    if roots.is_empty() {
        if let Some((message, _)) = notes.first() {
            return Err(unreadable(message));
        }
        return Err(unreadable("OFD 文件缺少文档，OFD.xml 中没有 DocRoot"));
    }
    'all: for root in roots {
        let Some(document) = Document::read(archive, &root, &mut notes)? else {
            continue;
        };
        for part in &document.pages {
            number += 1;
            if number > MAX_PAGES {
                notes.push((
                    format!("文件超过 {MAX_PAGES} 页，其后的页未读取"),
                    "请将文件拆分后分别读取",
                ));
                break 'all;
            }
            let mut page = Page::new(document.width, document.height);
            let noted = notes.len();
            if !read_content(archive, part, &document, &mut page, number, &mut notes)? {
                continue;
            }
            if page.is_cut() {
                cut.add(number);
            }
            if !page.has_text() && notes.len() == noted {
                without_text.add(number);
            }
            if !book.add(page) {
                notes.push((
                    format!("文件内容过多，第{number}页以后未读取"),
                    "请将文件拆分后分别读取",
                ));
                break 'all;
            }
        }
    }
    if number > 0 && without_text.len() == number && notes.is_empty() {
        return Err(unreadable_picture());
    }
    let mut flow = Flow::default();
    book.pour(&mut flow);
    if !without_text.is_empty() {
        flow.diagnostic(format!("{without_text}没有文字，可能是扫描图片，未读取"), SCAN_HINT);
    }
    if !cut.is_empty() {
        flow.diagnostic(format!("{cut}文字过多，其余未读取"), HINT);
    }
    for (message, hint) in notes {
        flow.diagnostic(message, hint);
    }
    Ok(flow.finish())
}
