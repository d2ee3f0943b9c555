//! Fonts: which characters the bytes of a string are, and how wide each is (ISO 32000-1, 9.6 to 9.8).

#![expect(
    clippy::float_arithmetic,
    reason = "places on a page are measured; nothing here is money or a rate"
)]

use std::collections::BTreeMap;

use super::cmap::{CodeMap, big_endian};
use super::encoding::{Base, Predefined, glyph_text, predefined};
use super::file::File;
use super::object::{Dictionary, Object};

/// Most widths of one font.
const MAX_WIDTHS: usize = 70_000;
/// The glyphs of letters and figures in Adobe's collections: in their own width from here, …
const PROPORTIONAL: u32 = 1;
/// … and, for GB1, half as wide as a Chinese character from here.
const HALF_WIDE: u32 = 814;

/// A font.
#[derive(Debug)]
pub(super) struct Font {
    codes: Codes,
    to_unicode: Option<CodeMap>,
    widths: Widths,
    /// It writes downwards.
    pub(super) vertical: bool,
}

#[derive(Debug)]
enum Codes {
    /// One byte a character.
    Single(Vec<Option<String>>),
    Predefined(Predefined),
    /// Two bytes that are a glyph's number.
    Identity,
    /// By a map that the file carries.
    Own(CodeMap),
}

#[derive(Debug, Default)]
struct Widths {
    usual: f64,
    single: BTreeMap<u32, f64>,
    ranges: Vec<(u32, u32, f64)>,
}

/// A character of a string.
#[derive(Debug)]
pub(super) struct Shown {
    /// None where the font does not say which character it is.
    pub(super) text: Option<String>,
    /// In thousandths of the type's size.
    pub(super) width: f64,
    /// The single byte 32, to which word spacing applies.
    pub(super) is_space: bool,
}

impl Font {
    /// Reads a font's dictionary.
    pub(super) fn read(file: &File<'_>, dictionary: &Dictionary) -> Self {
        let to_unicode = file
            .value(dictionary, "ToUnicode")
            .and_then(|object| file.stream(&object))
            .map(|bytes| {
                file.spend(bytes.len() * 4);
                CodeMap::read(&bytes)
            });
        if dictionary.is("Subtype", "Type0") {
            Self::composite(file, dictionary, to_unicode)
        } else {
            Self::simple(file, dictionary, to_unicode)
        }
    }

    fn composite(file: &File<'_>, dictionary: &Dictionary, to_unicode: Option<CodeMap>) -> Self {
        let (codes, vertical) = match file.value(dictionary, "Encoding") {
            Some(Object::Name(name)) => {
                let name = String::from_utf8_lossy(&name).into_owned();
                match predefined(&name) {
                    Some((predefined, vertical)) => (Codes::Predefined(predefined), vertical),
                    None => (Codes::Identity, name.ends_with("-V")),
                }
            }
            Some(stream @ Object::Stream(..)) => {
                let own = stream.dictionary();
                let vertical = own.and_then(|d| d.get("WMode")).and_then(Object::index) == Some(1);
                // A map that only goes on from a predefined one is that one.
                let base = own
                    .and_then(|d| d.get("UseCMap"))
                    .and_then(Object::name)
                    .map(String::from_utf8_lossy);
                match base.and_then(|name| predefined(&name)) {
                    Some((predefined, _)) => (Codes::Predefined(predefined), vertical),
                    None => (
                        file.stream(&stream)
                            .map_or(Codes::Identity, |bytes| Codes::Own(CodeMap::read(&bytes))),
                        vertical,
                    ),
                }
            }
            _ => (Codes::Identity, false),
        };
        let descendants = file.value(dictionary, "DescendantFonts");
        let first = descendants
            .as_ref()
            .and_then(Object::array)
            .and_then(|fonts| fonts.first())
            .and_then(|font| file.resolve(font));
        let mut widths = Widths {
            usual: 1000.0,
            ..Widths::default()
        };
        if let Some(descendant) = first.as_ref().and_then(Object::dictionary) {
            widths.usual = file
                .value(descendant, "DW")
                .and_then(|dw| dw.number())
                .unwrap_or(1000.0);
            if let Some(Object::Array(list)) = file.value(descendant, "W") {
                widths.read_composite(file, &list);
            }
        }
        Self {
            codes,
            to_unicode,
            widths,
            vertical,
        }
    }

    fn simple(file: &File<'_>, dictionary: &Dictionary, to_unicode: Option<CodeMap>) -> Self {
        let descriptor = file.value(dictionary, "FontDescriptor");
        let descriptor = descriptor.as_ref().and_then(Object::dictionary);
        let value = |name: &str| {
            descriptor
                .and_then(|d| file.value(d, name))
                .and_then(|value| value.number())
        };
        let mut widths = Widths {
            usual: value("MissingWidth").filter(|w| *w > 0.0).unwrap_or(0.0),
            ..Widths::default()
        };
        let scale = match file.value(dictionary, "FontMatrix") {
            Some(Object::Array(matrix)) => matrix.first().and_then(Object::number).unwrap_or(0.001) * 1000.0,
            _ => 1.0,
        };
        let first = file
            .value(dictionary, "FirstChar")
            .and_then(|first| first.index())
            .unwrap_or(0);
        if let Some(Object::Array(list)) = file.value(dictionary, "Widths") {
            for (at, width) in list.iter().take(256).enumerate() {
                if let Some(width) = file.resolve(width).and_then(|width| width.number()) {
                    widths.single.insert((first + at) as u32, width * scale);
                }
            }
        } else if widths.usual == 0.0 {
            // One of the fonts every reader has; their letters are about half as wide as high.
            let fixed = dictionary
                .get("BaseFont")
                .and_then(Object::name)
                .is_some_and(|name| name.starts_with(b"Courier"));
            widths.usual = if fixed { 600.0 } else { 520.0 };
        }
        let codes = Codes::Single(single_byte_codes(file, dictionary));
        Self {
            codes,
            to_unicode,
            widths,
            vertical: false,
        }
    }

    /// Takes a string apart.
    pub(super) fn decode(&self, bytes: &[u8], mut shown: impl FnMut(Shown)) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let length = match &self.codes {
                Codes::Single(_) => 1,
                Codes::Predefined(predefined) => predefined.length(rest),
                Codes::Identity => 2,
                Codes::Own(map) => map.code_length(rest),
            };
            let (code, after) = rest.split_at(length.clamp(1, rest.len()));
            rest = after;
            shown(self.character(code));
        }
    }

    fn character(&self, bytes: &[u8]) -> Shown {
        let code = big_endian(bytes);
        let mapped = self.to_unicode.as_ref().and_then(|map| map.text_of(code));
        let (own, width) = match &self.codes {
            Codes::Single(table) => (table.get(code as usize).cloned().flatten(), self.widths.of(code)),
            Codes::Predefined(predefined) => {
                let own = predefined.decode(bytes);
                let ascii = own
                    .as_ref()
                    .and_then(|text| text.bytes().next())
                    .filter(|b| (0x20..0x7F).contains(b));
                let width = ascii.map_or(self.widths.usual, |byte| self.widths.of_letter(u32::from(byte) - 0x20));
                (own, width)
            }
            Codes::Identity => (None, self.widths.of(code)),
            Codes::Own(map) => (None, self.widths.of(map.glyph_of(code).unwrap_or(0))),
        };
        Shown {
            text: mapped.or(own),
            width,
            is_space: bytes == b" ",
        }
    }
}

impl Widths {
    fn of(&self, glyph: u32) -> f64 {
        self.known(glyph).unwrap_or(self.usual)
    }

    fn known(&self, glyph: u32) -> Option<f64> {
        let range = || {
            self.ranges
                .iter()
                .find(|range| (range.0..=range.1).contains(&glyph))
                .map(|range| range.2)
        };
        self.single.get(&glyph).copied().or_else(range)
    }

    /// The width of a letter, counted from the space: fonts whose glyphs are numbered by a collection.
    fn of_letter(&self, letter: u32) -> f64 {
        self.known(PROPORTIONAL + letter)
            .or_else(|| self.known(HALF_WIDE + letter))
            .unwrap_or(500.0)
    }

    /// `c [w1 w2 …]` and `first last w`.
    fn read_composite(&mut self, file: &File<'_>, list: &[Object]) {
        let mut rest = list;
        while let [first, second, after @ ..] = rest {
            let Some(first) = first.index().map(|first| first as u32) else {
                break;
            };
            match file.resolve(second) {
                Some(Object::Array(widths)) => {
                    for (at, width) in widths.iter().enumerate() {
                        if let Some(width) = width.number().filter(|_| self.single.len() < MAX_WIDTHS) {
                            self.single.insert(first.saturating_add(at as u32), width);
                        }
                    }
                    rest = after;
                }
                Some(Object::Number(last)) => {
                    let Some((width, after)) = after.split_first() else {
                        break;
                    };
                    if let Some(width) = width.number().filter(|_| self.ranges.len() < 2_000) {
                        self.ranges.push((first, last.max(0.0) as u32, width));
                    }
                    rest = after;
                }
                _ => break,
            }
        }
    }
}

/// The characters of a font of single bytes: a base encoding and the differences from it.
fn single_byte_codes(file: &File<'_>, dictionary: &Dictionary) -> Vec<Option<String>> {
    let base_of = |name: &[u8]| match name {
        b"WinAnsiEncoding" => Some(Base::WinAnsi),
        b"MacRomanEncoding" => Some(Base::MacRoman),
        b"StandardEncoding" => Some(Base::Standard),
        _ => None,
    };
    let usual = if dictionary.is("Subtype", "TrueType") {
        Base::WinAnsi
    } else {
        Base::Standard
    };
    let encoding = file.value(dictionary, "Encoding");
    let mut differences = Vec::new();
    let base = match &encoding {
        Some(Object::Name(name)) => base_of(name).unwrap_or(usual),
        Some(Object::Dictionary(encoding)) => {
            if let Some(Object::Array(list)) = file.value(encoding, "Differences") {
                differences = list;
            }
            file.value(encoding, "BaseEncoding")
                .and_then(|base| base.name().and_then(base_of))
                .unwrap_or(usual)
        }
        _ => usual,
    };
    // The glyphs of a Type 3 font are drawings: only their names say what they are.
    let is_drawn = dictionary.is("Subtype", "Type3");
    let own = |code: u8| {
        if is_drawn {
            None
        } else {
            base.character(code).map(String::from)
        }
    };
    let mut table: Vec<Option<String>> = (0..=255).map(own).collect();
    let mut code = 0;
    for item in &differences {
        match item {
            Object::Number(_) => code = item.index().unwrap_or(0),
            Object::Name(name) => {
                if let Some(place) = table.get_mut(code) {
                    *place = std::str::from_utf8(name).ok().and_then(glyph_text);
                }
                code += 1;
            }
            _ => {}
        }
    }
    table
}
