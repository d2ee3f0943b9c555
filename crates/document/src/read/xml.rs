//! XML as a stream of elements and text, by local name, without recursion and without expanding entities.

use std::borrow::Cow;
use std::io::{self, BufRead};

use quick_xml::XmlVersion;
use quick_xml::events::{BytesEnd, BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use super::limits::MAX_ELEMENT_DEPTH;

/// What stands next in the stream.
pub(super) enum Node<'a> {
    /// An element begins.
    Start(Element<'a>),
    /// An element ends.
    End(Closing<'a>),
    /// Character data, entities of XML itself and character references resolved.
    Text(Cow<'a, str>),
    /// The stream is over.
    Over,
}

/// The start of an element.
pub(super) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// Its name without a prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The value of the first attribute of this local name, whatever its prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.0
            .attributes()
            .with_checks(false)
            .flatten()
            .find(|a| a.key.local_name().into_inner() == name)
            .map(|a| {
                a.normalized_value(XmlVersion::Implicit1_0)
                    .map_or_else(|_| a.value.to_string(), Cow::into_owned)
            })
    }

    /// The same as a whole number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// A switch of OOXML: on where the element stands without `val`.
    pub(super) fn on(&self) -> bool {
        !matches!(self.attribute("val").as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// The end of an element.
pub(super) struct Closing<'a>(BytesEnd<'a>);

impl Closing<'_> {
    /// The element's name without a prefix.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }
}

/// Why a stream of XML ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// The archive gave too much.
    TooLarge,
    /// Elements within elements beyond [`MAX_ELEMENT_DEPTH`].
    TooDeep,
    /// Not XML, cut off, or in an unknown encoding.
    Malformed,
}

impl Broken {
    /// The words for a diagnostic; `part` names what was being read.
    pub(super) fn message(self, part: &str) -> String {
        match self {
            Self::TooLarge => format!("{part}解压后过大，其后的内容未读取"),
            Self::TooDeep => format!("{part}嵌套超过 {MAX_ELEMENT_DEPTH} 层，其后的内容未读取"),
            Self::Malformed => format!("{part}不完整或已损坏，其后的内容未读取"),
        }
    }
}

/// A stream of XML.
pub(super) struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    depth: usize,
}

impl<R: BufRead> Xml<R> {
    pub(super) fn new(stream: R) -> Self {
        let mut reader = Reader::from_reader(stream);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.allow_dangling_amp = true;
        Self {
            reader,
            buffer: Vec::new(),
            depth: 0,
        }
    }

    /// The next element or text.
    pub(super) fn next(&mut self) -> Result<Node<'_>, Broken> {
        self.buffer.clear();
        let event = self
            .reader
            .read_event_into(&mut self.buffer)
            .map_err(|error| broken(&error))?;
        Ok(match event {
            Event::Start(start) => {
                self.depth += 1;
                if self.depth > MAX_ELEMENT_DEPTH {
                    return Err(Broken::TooDeep);
                }
                Node::Start(Element(start))
            }
            Event::Empty(start) => Node::Start(Element(start)),
            Event::End(end) => {
                self.depth = self.depth.saturating_sub(1);
                Node::End(Closing(end))
            }
            Event::Text(text) => Node::Text(text.into_inner()),
            Event::CData(text) => Node::Text(text.into_inner()),
            Event::GeneralRef(reference) => Node::Text(Cow::Owned(resolve(&reference))),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => Node::Text(Cow::Borrowed("")),
            Event::Eof if self.depth > 0 => return Err(Broken::Malformed),
            Event::Eof => Node::Over,
        })
    }

    /// Passes over the rest of the element that has just begun.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        let depth = self.depth;
        while self.depth >= depth {
            if matches!(self.next()?, Node::Over) {
                break;
            }
        }
        Ok(())
    }
}

fn broken(error: &quick_xml::Error) -> Broken {
    match error {
        quick_xml::Error::Io(error) if error.kind() == io::ErrorKind::FileTooLarge => Broken::TooLarge,
        _ => Broken::Malformed,
    }
}

/// The character a reference stands for. Entities that a document declares itself are never expanded: they stay as
/// written, so that no few bytes can become many.
fn resolve(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => return c.to_string(),
        Ok(None) => {}
        Err(_) => return String::new(),
    }
    match reference.as_ref() {
        "amp" => "&".to_owned(),
        "lt" => "<".to_owned(),
        "gt" => ">".to_owned(),
        "quot" => "\"".to_owned(),
        "apos" => "'".to_owned(),
        other => format!("&{other};"),
    }
}
