//! `Content.xml`: the text and the ruled lines of a page, and of the template it is printed on.

#![expect(
    clippy::float_arithmetic,
    reason = "places on a page are measured; nothing here is money or a rate"
)]

use std::io::BufRead;

use super::HINT;
use super::structure::{Document, size_of_box};
use crate::read::ReadError;
use crate::read::archive::Archive;
use crate::read::layout::{Glyph, Page};
use crate::read::limits::MAX_PAGE_RULES;
use crate::read::measure::{Matrix, numbers};
use crate::read::xml::{Broken, Element, Node, Xml};

/// Points to a millimetre.
const POINTS: f64 = 72.0 / 25.4;
/// Most numbers of a list of advances, written out.
const MAX_ADVANCES: usize = 100_000;

/// Millimetres in points.
pub(super) fn in_points(x: f64, y: f64) -> (f64, f64) {
    (x * POINTS, y * POINTS)
}

/// Reads the part of a page; false where it is missing, which is noted.
pub(super) fn read_content(
    archive: &mut Archive<'_>,
    part: &str,
    document: &Document,
    page: &mut Page,
    number: usize,
    notes: &mut Vec<(String, &str)>,
) -> Result<bool, ReadError> {
    let mut note = |message: String| {
        // A file of nothing but missing parts says so a few times, not ten thousand.
        if notes.len() < 20 {
            notes.push((message, HINT));
        }
    };
    let Some(stream) = archive.part(part)? else {
        note(format!("OFD 文件缺少第{number}页的内容部件 {part}，该页未读取"));
        return Ok(false);
    };
    let mut reader = ContentReader::new(page);
    if let Err(broken) = reader.read(stream) {
        note(broken.message(&format!("第{number}页的内容部件 {part} ")));
    }
    for id in std::mem::take(&mut reader.templates) {
        let stream = match document.templates.get(&id) {
            Some(template) => archive.part(template)?,
            None => None,
        };
        match stream {
            Some(stream) => {
                let mut template = ContentReader::new(page);
                template.is_template = true;
                if let Err(broken) = template.read(stream) {
                    note(broken.message(&format!("第{number}页的模板部件 ")));
                }
            }
            None => note(format!(
                "OFD 文件缺少第{number}页的模板（编号 {id}），模板上的文字未读取"
            )),
        }
    }
    Ok(true)
}

/// Reads one content part onto a page.
struct ContentReader<'a> {
    page: &'a mut Page,
    is_template: bool,
    templates: Vec<String>,
    /// The object being read: where it stands, and how its own measures lie in the page.
    object: Object,
    code: TextCode,
    collecting: Collecting,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Collecting {
    Nothing,
    Text,
    Path,
    Box,
}

/// A text or path object.
#[derive(Debug, Clone, Copy)]
struct Object {
    place: Matrix,
    size: f64,
    strokes: bool,
    fills: bool,
}

/// Where the characters of a `TextCode` stand.
#[derive(Debug, Default)]
struct TextCode {
    x: f64,
    y: f64,
    across: Vec<f64>,
    down: Vec<f64>,
}

impl<'a> ContentReader<'a> {
    fn new(page: &'a mut Page) -> Self {
        Self {
            page,
            is_template: false,
            templates: Vec::new(),
            object: Object {
                place: Matrix::IDENTITY,
                size: 0.0,
                strokes: true,
                fills: false,
            },
            code: TextCode::default(),
            collecting: Collecting::Nothing,
            text: String::new(),
        }
    }

    fn read(&mut self, stream: impl BufRead) -> Result<(), Broken> {
        let mut xml = Xml::new(stream);
        loop {
            match xml.next()? {
                Node::Over => return Ok(()),
                Node::Start(element) => {
                    if element
                        .attribute("Visible")
                        .is_some_and(|visible| visible.trim() == "false")
                    {
                        xml.skip()?;
                    } else {
                        self.start(&element);
                    }
                }
                Node::Text(text) if self.collecting != Collecting::Nothing => self.text.push_str(&text),
                Node::Text(_) => {}
                Node::End(_) => self.end(),
            }
            if self.page.is_cut() {
                return Ok(());
            }
        }
    }

    fn start(&mut self, element: &Element<'_>) {
        self.text.clear();
        self.collecting = Collecting::Nothing;
        match element.name() {
            "PhysicalBox" if !self.is_template => self.collecting = Collecting::Box,
            "AbbreviatedData" => self.collecting = Collecting::Path,
            "TextCode" => {
                // What is not said stays as it was in the code before.
                let number = |name: &str| {
                    element
                        .attribute(name)
                        .and_then(|value| value.trim().parse::<f64>().ok())
                };
                self.code.x = number("X").unwrap_or(self.code.x);
                self.code.y = number("Y").unwrap_or(self.code.y);
                self.code.across = advances(&element.attribute("DeltaX").unwrap_or_default());
                self.code.down = advances(&element.attribute("DeltaY").unwrap_or_default());
                self.collecting = Collecting::Text;
            }
            "TextObject" | "PathObject" => {
                self.object = Object::new(element);
                self.code = TextCode::default();
            }
            "Template" => self
                .templates
                .extend(element.attribute("TemplateID").filter(|_| self.templates.len() < 10)),
            _ => {}
        }
    }

    fn end(&mut self) {
        let text = std::mem::take(&mut self.text);
        match std::mem::replace(&mut self.collecting, Collecting::Nothing) {
            Collecting::Text => self.show(text.trim_matches(['\r', '\n'])),
            Collecting::Path => self.draw(&text),
            Collecting::Box => {
                if let Some((width, height)) = size_of_box(&text) {
                    (self.page.width, self.page.height) = (width, height);
                }
            }
            Collecting::Nothing => {}
        }
    }

    fn show(&mut self, text: &str) {
        let place = self.object.place;
        let (across, tilt) = place.across();
        // Text that leans is a watermark.
        if across <= 0.0 || tilt.abs() > across.abs() * 0.3 {
            return;
        }
        let (mut x, mut y) = (self.code.x, self.code.y);
        let size = self.object.size * place.height();
        for (at, c) in text.chars().enumerate() {
            let usual = if c.is_ascii() {
                self.object.size / 2.0
            } else {
                self.object.size
            };
            let advance = self.code.across.get(at).copied();
            let (left, base) = place.apply((x, y));
            // The gap behind a character is no part of it.
            let wide = advance
                .filter(|advance| *advance > 0.0)
                .map_or(usual, |advance| advance.min(self.object.size * 1.05));
            self.page.glyph(Glyph {
                left,
                right: left + wide * across,
                y: base,
                size,
                text: c.to_string(),
            });
            let stays = !self.code.down.is_empty() && self.code.across.is_empty();
            x += advance.unwrap_or(if stays { 0.0 } else { usual });
            y += self.code.down.get(at).copied().unwrap_or(0.0);
        }
    }

    fn draw(&mut self, data: &str) {
        let lines = straight_lines(data);
        let place = self.object.place;
        let points = || {
            lines
                .iter()
                .flat_map(|(from, to)| [place.apply(*from), place.apply(*to)])
        };
        if self.object.strokes {
            for (from, to) in &lines {
                self.page.line(place.apply(*from), place.apply(*to));
            }
        } else if self.object.fills && !lines.is_empty() {
            let least = points().fold((f64::INFINITY, f64::INFINITY), |a, p| (a.0.min(p.0), a.1.min(p.1)));
            let most = points().fold((f64::NEG_INFINITY, f64::NEG_INFINITY), |a, p| {
                (a.0.max(p.0), a.1.max(p.1))
            });
            self.page.rectangle(least, most, false);
        }
    }
}

impl Object {
    fn new(element: &Element<'_>) -> Self {
        let list = |name: &str| element.attribute(name).map(|text| numbers(&text)).unwrap_or_default();
        let own = <[f64; 6]>::try_from(list("CTM")).map_or(Matrix::IDENTITY, Matrix);
        let (x, y) = match list("Boundary").as_slice() {
            [x, y, ..] => (*x, *y),
            _ => (0.0, 0.0),
        };
        let says = |name: &str| element.attribute(name).map(|value| value.trim() == "true");
        Self {
            place: own.then(Matrix::shift(x, y)).then(Matrix::scale(POINTS, POINTS)),
            size: element
                .attribute("Size")
                .and_then(|size| size.trim().parse().ok())
                .unwrap_or(0.0),
            strokes: says("Stroke").unwrap_or(true),
            fills: says("Fill").unwrap_or(false),
        }
    }
}

/// A list of advances, in which `g n d` stands for n times d.
fn advances(text: &str) -> Vec<f64> {
    let mut out = Vec::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if word == "g" {
            let count = words.next().and_then(|count| count.parse::<usize>().ok()).unwrap_or(0);
            let advance = words.next().and_then(|advance| advance.parse().ok()).unwrap_or(0.0);
            out.extend(std::iter::repeat_n(
                advance,
                count.min(MAX_ADVANCES.saturating_sub(out.len())),
            ));
        } else if out.len() < MAX_ADVANCES {
            out.push(word.parse().unwrap_or(0.0));
        }
    }
    out
}

type Point = (f64, f64);

/// The straight lines of a path. Curves are passed over.
fn straight_lines(data: &str) -> Vec<(Point, Point)> {
    let mut lines = Vec::new();
    let (mut start, mut at) = ((0.0, 0.0), (0.0, 0.0));
    let mut words = data.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let mut point = || {
            let mut number = || words.next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0);
            (number(), number())
        };
        match word {
            "S" | "M" => {
                at = point();
                start = at;
            }
            "L" => {
                let to = point();
                lines.push((at, to));
                at = to;
            }
            "Q" => {
                point();
                at = point();
            }
            "B" => {
                point();
                point();
                at = point();
            }
            "A" => {
                point();
                // Radii, angle and two switches, then the end.
                words.next();
                words.next();
                words.next();
                let mut number = || words.next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0);
                at = (number(), number());
            }
            "C" => {
                lines.push((at, start));
                at = start;
            }
            _ => {}
        }
        if lines.len() > MAX_PAGE_RULES {
            break;
        }
    }
    lines
}
