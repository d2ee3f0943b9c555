//! CMaps that a file carries: which codes are characters, and which character or glyph each is (ISO 32000-1, 9.7.5 and
//! 9.10.3).

use std::collections::BTreeMap;

use super::object::{Lexer, Object, Token};

/// Most single codes and most ranges of one map.
const MAX_ENTRIES: usize = 100_000;
/// Longest text of one code, in UTF-16 units.
const MAX_UNITS: usize = 32;

/// A map from codes.
#[derive(Debug, Default)]
pub(super) struct CodeMap {
    /// Length in bytes, first and last code.
    spaces: Vec<(usize, u32, u32)>,
    texts: BTreeMap<u32, String>,
    /// First and last code, and the text of the first, whose last unit counts up.
    text_ranges: Vec<(u32, u32, Vec<u16>)>,
    /// First and last code, and the glyph of the first.
    glyphs: Vec<(u32, u32, u32)>,
}

impl CodeMap {
    /// Reads the stream of a map.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut lexer = Lexer::of_content(bytes);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(token) = lexer.next() {
            match token {
                Token::Object(object) if operands.len() < MAX_ENTRIES => operands.push(object),
                Token::Object(_) => {}
                Token::Word(word) => {
                    map.take(&word, &operands);
                    operands.clear();
                }
            }
        }
        map.text_ranges.sort_by_key(|range| range.0);
        map.glyphs.sort_unstable();
        map
    }

    fn take(&mut self, word: &[u8], operands: &[Object]) {
        let code = |object: &Object| object.string().map(big_endian);
        match word {
            b"endcodespacerange" => {
                for pair in operands.chunks_exact(2) {
                    if let (Some(low), Some(high)) = (pair[0].string(), pair[1].string())
                        && self.spaces.len() < 1_000
                    {
                        self.spaces
                            .push((low.len().clamp(1, 4), big_endian(low), big_endian(high)));
                    }
                }
            }
            b"endbfchar" => {
                for pair in operands.chunks_exact(2) {
                    if let (Some(code), Some(text)) = (code(&pair[0]), pair[1].string()) {
                        self.text(code, units(text));
                    }
                }
            }
            b"endbfrange" => {
                for triple in operands.chunks_exact(3) {
                    let (Some(low), Some(high)) = (code(&triple[0]), code(&triple[1])) else {
                        continue;
                    };
                    match &triple[2] {
                        Object::String(text) if self.text_ranges.len() < MAX_ENTRIES => {
                            self.text_ranges.push((low, high, units(text)));
                        }
                        Object::Array(texts) => {
                            for (code, text) in (low..=high).zip(texts) {
                                self.text(code, units(text.string().unwrap_or_default()));
                            }
                        }
                        _ => {}
                    }
                }
            }
            b"endcidrange" => {
                for triple in operands.chunks_exact(3) {
                    if let (Some(low), Some(high), Some(glyph)) =
                        (code(&triple[0]), code(&triple[1]), triple[2].index())
                    {
                        self.glyph(low, high, glyph);
                    }
                }
            }
            b"endcidchar" => {
                for pair in operands.chunks_exact(2) {
                    if let (Some(code), Some(glyph)) = (code(&pair[0]), pair[1].index()) {
                        self.glyph(code, code, glyph);
                    }
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, code: u32, units: Vec<u16>) {
        if self.texts.len() < MAX_ENTRIES {
            self.texts.insert(code, String::from_utf16_lossy(&units));
        }
    }

    fn glyph(&mut self, low: u32, high: u32, glyph: usize) {
        if let Ok(glyph) = u32::try_from(glyph)
            && self.glyphs.len() < MAX_ENTRIES
        {
            self.glyphs.push((low, high, glyph));
        }
    }

    /// How many bytes the code at the front has: that of the narrowest space it lies in, else that of all spaces.
    pub(super) fn code_length(&self, bytes: &[u8]) -> usize {
        let fits = |&&(length, low, high): &&(usize, u32, u32)| {
            bytes.get(..length).is_some_and(|code| {
                // Each byte has to lie between those of the bounds.
                code.iter().enumerate().all(|(at, byte)| {
                    let shift = 8 * (length - at - 1) as u32;
                    ((low >> shift & 0xFF)..=(high >> shift & 0xFF)).contains(&u32::from(*byte))
                })
            })
        };
        let found = self.spaces.iter().filter(fits).map(|space| space.0).min();
        found
            .or_else(|| self.spaces.iter().map(|space| space.0).min())
            .unwrap_or(2)
    }

    /// The text of a code; none where the map does not say it, or says that it is no character.
    pub(super) fn text_of(&self, code: u32) -> Option<String> {
        let text = match self.texts.get(&code) {
            Some(text) => text.clone(),
            None => {
                let at = self
                    .text_ranges
                    .partition_point(|range| range.0 <= code)
                    .checked_sub(1)?;
                let (low, _, units) = self.text_ranges.get(at).filter(|range| range.1 >= code)?;
                let mut units = units.clone();
                let last = units.last_mut()?;
                *last = last.wrapping_add((code - low) as u16);
                String::from_utf16_lossy(&units)
            }
        };
        text.chars().any(|c| !matches!(c, '\0' | '\u{FFFD}')).then_some(text)
    }

    /// The glyph of a code.
    pub(super) fn glyph_of(&self, code: u32) -> Option<u32> {
        let at = self.glyphs.partition_point(|range| range.0 <= code).checked_sub(1)?;
        let (low, _, glyph) = self.glyphs.get(at).filter(|range| range.1 >= code)?;
        glyph.checked_add(code - low)
    }
}

/// The number that bytes stand for, the first four of them.
pub(super) fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn units(bytes: &[u8]) -> Vec<u16> {
    match bytes {
        // One byte where two belong comes from careless writers.
        [byte] => vec![u16::from(*byte)],
        bytes => bytes
            .chunks_exact(2)
            .take(MAX_UNITS)
            .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
            .collect(),
    }
}
