//! PDF with a text layer: pages, fonts and content, read object by object.
//!
//! The file is parsed here and not by a library: the libraries at hand build all objects of a file at once, which
//! hostile files make dear, and know no predefined Chinese CMaps. Pictures of pages are not read but named.

mod canvas;
mod cmap;
mod content;
mod crypt;
mod encoding;
mod file;
mod filter;
mod font;
mod object;
mod pages;

use self::canvas::{Canvas, Finished};
use self::content::{Fonts, Interpreter};
use self::crypt::Crypt;
use self::file::File;
use self::object::{Dictionary, Object};
use self::pages::{PageNode, Pages};
use super::archive::{damaged, encrypted};
use super::flow::Flow;
use super::layout::Book;
use super::limits::{MAX_PAGES, MAX_STREAM_BYTES};
use super::measure::Matrix;
use super::page_list::PageList;
use super::{ReadError, unreadable, unreadable_picture};
use crate::source::Source;

const SPLIT_HINT: &str = "请将文件拆分后分别读取";
const SCAN_HINT: &str = "如该页是扫描图片，请提供带文字的文件";
const FONT_HINT: &str = "请用 WPS 打开原稿，另存为 docx 或重新输出为带文字的 PDF";

/// Reads a PDF.
pub(super) fn read(bytes: &[u8]) -> Result<Source, ReadError> {
    let mut file = File::open(bytes);
    unlock(&mut file)?;
    let mut fonts = Fonts::new();
    let mut book = Book::default();
    let mut seen = Seen::default();
    let mut stopped: Option<String> = None;
    for (index, node) in Pages::of(&file).enumerate() {
        let number = index + 1;
        if number > MAX_PAGES {
            stopped = Some(format!("文件超过 {MAX_PAGES} 页，其后的页未读取"));
            break;
        }
        let finished = draw(&file, &node, &mut fonts);
        seen.take(number, &finished);
        if !book.add(finished.page) || file.is_exhausted() {
            stopped = Some(format!("文件内容过多，第{number}页以后未读取"));
            break;
        }
    }
    if seen.pages == 0 {
        return Err(damaged());
    }
    let mut flow = Flow::default();
    book.pour(&mut flow);
    seen.report(&mut flow)?;
    if let Some(message) = stopped {
        flow.diagnostic(message, SPLIT_HINT);
    }
    Ok(flow.finish())
}

/// Finds the key of an encrypted file that needs no password.
fn unlock(file: &mut File<'_>) -> Result<(), ReadError> {
    let Some(encryption) = file.trailer.get("Encrypt").cloned() else {
        return Ok(());
    };
    let Some(Object::Dictionary(dictionary)) = file.resolve(&encryption) else {
        return Err(encrypted());
    };
    let resolved = resolve_all(file, &dictionary, 0);
    let id = match file.value(&file.trailer, "ID") {
        Some(Object::Array(ids)) => ids
            .first()
            .and_then(|id| file.resolve(id))
            .and_then(|id| id.string().map(<[u8]>::to_vec)),
        _ => None,
    };
    let crypt = Crypt::without_password(&resolved, &id.unwrap_or_default()).ok_or_else(encrypted)?;
    file.unlock(crypt);
    Ok(())
}

/// A dictionary with its references followed, as deep as encryption dictionaries go.
fn resolve_all(file: &File<'_>, dictionary: &Dictionary, depth: usize) -> Dictionary {
    let values = dictionary.0.iter().filter_map(|(name, value)| {
        let value = match file.resolve(value)? {
            Object::Dictionary(inner) if depth < 3 => Object::Dictionary(resolve_all(file, &inner, depth + 1)),
            value => value,
        };
        Some((name.clone(), value))
    });
    Dictionary(values.collect())
}

/// Which pages could not be read well.
#[derive(Debug, Default)]
struct Seen {
    pages: usize,
    with_text: usize,
    without_text: PageList,
    illegible: PageList,
    with_unknown: PageList,
    cut: PageList,
}

impl Seen {
    fn take(&mut self, number: usize, finished: &Finished) {
        self.pages += 1;
        if finished.is_illegible {
            self.illegible.add(number);
        } else if finished.page.has_text() {
            self.with_text += 1;
        } else if finished.has_drawing {
            self.without_text.add(number);
        }
        if finished.has_unknown {
            self.with_unknown.add(number);
        }
        if finished.page.is_cut() {
            self.cut.add(number);
        }
    }

    fn report(&self, flow: &mut Flow) -> Result<(), ReadError> {
        if self.with_text == 0 && !self.illegible.is_empty() {
            return Err(unreadable(format!(
                "{}的字体没有说明文字编码，无法识别",
                self.illegible
            )));
        }
        if self.with_text == 0 && !self.without_text.is_empty() {
            return Err(unreadable_picture());
        }
        let cases = [
            (&self.without_text, "没有文字，可能是扫描图片，未读取", SCAN_HINT),
            (&self.illegible, "的字体没有说明文字编码，无法识别，未读取", FONT_HINT),
            (&self.with_unknown, "有个别字无法识别，以“\u{FFFD}”代替", FONT_HINT),
            (&self.cut, "文字过多，其余未读取", SPLIT_HINT),
        ];
        for (pages, message, hint) in cases {
            if !pages.is_empty() {
                flow.diagnostic(format!("{pages}{message}"), hint);
            }
        }
        Ok(())
    }
}

/// Draws one page.
fn draw(file: &File<'_>, node: &PageNode, fonts: &mut Fonts) -> Finished {
    let (place, width, height) = frame(file, node);
    let mut canvas = Canvas::new(width, height);
    let resources = node
        .inherited
        .resources
        .as_ref()
        .and_then(|resources| file.resolve(resources));
    let empty = Dictionary::default();
    let resources = resources.as_ref().and_then(Object::dictionary).unwrap_or(&empty);
    let content = content_of(file, node);
    Interpreter::new(file, fonts, &mut canvas).draw(&content, resources, place);
    canvas.finish()
}

/// The content of a page: its streams, one after the other.
fn content_of(file: &File<'_>, node: &PageNode) -> Vec<u8> {
    let streams = match node
        .dictionary
        .get("Contents")
        .and_then(|contents| file.resolve(contents))
    {
        Some(Object::Array(streams)) => streams,
        Some(stream @ Object::Stream(..)) => vec![stream],
        _ => Vec::new(),
    };
    let mut content = Vec::new();
    for stream in &streams {
        if let Some(bytes) = file.resolve(stream).and_then(|stream| file.stream(&stream)) {
            content.extend(bytes);
            content.push(b'\n');
        }
        if content.len() > MAX_STREAM_BYTES || file.is_exhausted() {
            break;
        }
    }
    content
}

/// How a page's own measures lie in points from its upper left corner as it is shown, and how large it is.
#[expect(
    clippy::float_arithmetic,
    reason = "places on a page are measured; nothing here is money or a rate"
)]
fn frame(file: &File<'_>, node: &PageNode) -> (Matrix, f64, f64) {
    const A4: [f64; 4] = [0.0, 0.0, 595.3, 841.9];
    let corners = |object: &Option<Object>| -> Option<[f64; 4]> {
        let Some(Object::Array(numbers)) = file.resolve(object.as_ref()?) else {
            return None;
        };
        let numbers: Vec<f64> = numbers
            .iter()
            .filter_map(|number| file.resolve(number)?.number())
            .collect();
        let [a, b, c, d] = <[f64; 4]>::try_from(numbers).ok()?;
        let corners = [a.min(c), b.min(d), a.max(c), b.max(d)];
        let usable = corners[2] - corners[0] > 1.0
            && corners[3] - corners[1] > 1.0
            && corners.iter().all(|n| n.abs() < 50_000.0);
        usable.then_some(corners)
    };
    let inherited = &node.inherited;
    let [left, bottom, right, top] = corners(&inherited.crop_box)
        .or_else(|| corners(&inherited.media_box))
        .unwrap_or(A4);
    let (width, height) = (right - left, top - bottom);
    let quarter = inherited
        .rotate
        .as_ref()
        .and_then(|rotate| file.resolve(rotate))
        .and_then(|rotate| rotate.number())
        .unwrap_or(0.0);
    let turns = (quarter / 90.0).round().rem_euclid(4.0) as i64;
    let upright = Matrix([1.0, 0.0, 0.0, -1.0, -left, top]);
    match turns {
        1 => (upright.then(Matrix([0.0, 1.0, -1.0, 0.0, height, 0.0])), height, width),
        2 => (
            upright.then(Matrix([-1.0, 0.0, 0.0, -1.0, width, height])),
            width,
            height,
        ),
        3 => (upright.then(Matrix([0.0, -1.0, 1.0, 0.0, 0.0, width])), height, width),
        _ => (upright, width, height),
    }
}
