//! The objects a PDF is made of, and how they are spelt (ISO 32000-1, 7.2 and 7.3).

use std::collections::BTreeMap;
use std::ops::Range;

/// Deepest nesting of arrays and dictionaries.
const MAX_DEPTH: usize = 50;
/// Most items of one object, those within it included.
const MAX_ITEMS: usize = 500_000;
/// Longest string and name.
const MAX_STRING: usize = 1 << 20;

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    Null,
    Boolean(bool),
    Number(f64),
    String(Vec<u8>),
    Name(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Dictionary),
    /// An object elsewhere, by its number.
    Reference(u32),
    /// A dictionary, where its bytes lie in the file, and the number and generation it is encrypted for.
    Stream(Dictionary, Range<usize>, (u32, u16)),
}

/// A dictionary by its names, without the slash.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Dictionary(pub(super) BTreeMap<Vec<u8>, Object>);

impl Dictionary {
    /// The value of a name; null counts as none.
    pub(super) fn get(&self, name: &str) -> Option<&Object> {
        self.0.get(name.as_bytes()).filter(|object| **object != Object::Null)
    }

    /// Whether the value is this name.
    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name)
            .and_then(Object::name)
            .is_some_and(|name| name == value.as_bytes())
    }
}

impl Object {
    pub(super) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self {
            Some(*number)
        } else {
            None
        }
    }

    /// A whole number that is not negative.
    pub(super) fn index(&self) -> Option<usize> {
        self.number().filter(|n| *n >= 0.0 && *n <= 9e15).map(|n| n as usize)
    }

    pub(super) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub(super) fn string(&self) -> Option<&[u8]> {
        if let Self::String(string) = self {
            Some(string)
        } else {
            None
        }
    }

    pub(super) fn array(&self) -> Option<&[Object]> {
        if let Self::Array(array) = self {
            Some(array)
        } else {
            None
        }
    }

    /// A dictionary, or that of a stream.
    pub(super) fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) | Self::Stream(dictionary, ..) => Some(dictionary),
            _ => None,
        }
    }
}

/// What stands next in a run of bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Object(Object),
    /// A word that is no object: `obj`, `stream`, an operator of a page's content.
    Word(Vec<u8>),
}

/// Reads objects and words.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    items: usize,
    /// `12 0 R` is a reference in a file, three things in a page's content.
    references: bool,
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

impl<'a> Lexer<'a> {
    /// Over a file or the inside of an object stream.
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            items: 0,
            references: true,
        }
    }

    /// Over a page's content.
    pub(super) fn of_content(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            items: 0,
            references: false,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes over white space and comments.
    pub(super) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let rest = &self.bytes[self.at..];
                self.at += memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// The next object or word; none at the end. What cannot be read is passed over.
    pub(super) fn next(&mut self) -> Option<Token> {
        self.items = 0;
        self.token(0)
    }

    /// The next object; none at the end or before a word.
    pub(super) fn object(&mut self) -> Option<Object> {
        match self.next()? {
            Token::Object(object) => Some(object),
            Token::Word(_) => None,
        }
    }

    /// Takes this word if it is next.
    pub(super) fn word(&mut self, word: &[u8]) -> bool {
        let before = self.at;
        self.skip_space();
        let rest = &self.bytes[self.at.min(self.bytes.len())..];
        let found = rest.starts_with(word) && rest.get(word.len()).is_none_or(|byte| !is_regular(*byte));
        self.at = if found { self.at + word.len() } else { before };
        found
    }

    fn token(&mut self, depth: usize) -> Option<Token> {
        self.skip_space();
        self.items += 1;
        let byte = self.peek()?;
        Some(match byte {
            b'/' => {
                self.at += 1;
                Token::Object(Object::Name(self.name()))
            }
            b'(' => Token::Object(Object::String(self.literal())),
            b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                Token::Object(Object::Dictionary(self.dictionary(depth)))
            }
            b'<' => Token::Object(Object::String(self.hexadecimal())),
            b'[' => {
                self.at += 1;
                Token::Object(Object::Array(self.array(depth)))
            }
            b'+' | b'-' | b'.' | b'0'..=b'9' => self.number_or_reference(),
            byte if is_delimiter(byte) => {
                self.at += 1;
                Token::Word(vec![byte])
            }
            _ => {
                let rest = &self.bytes[self.at..];
                let length = rest.iter().take_while(|byte| is_regular(**byte)).count();
                self.at += length;
                match &rest[..length] {
                    b"true" => Token::Object(Object::Boolean(true)),
                    b"false" => Token::Object(Object::Boolean(false)),
                    b"null" => Token::Object(Object::Null),
                    word => Token::Word(word[..length.min(100)].to_vec()),
                }
            }
        })
    }

    fn number(&mut self) -> f64 {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take_while(|byte| is_regular(**byte)).count();
        let word = &rest[..length];
        // `1-2` and `--3` come from broken writers; readers take what stands before the second sign.
        let signs = word.iter().take_while(|byte| matches!(byte, b'+' | b'-')).count();
        let digits = word[signs..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit() || **byte == b'.')
            .count();
        self.at += length.max(1);
        let text = std::str::from_utf8(&word[signs..signs + digits.min(300)]).unwrap_or_default();
        let value: f64 = text.parse().unwrap_or(0.0);
        value.copysign(if word.first() == Some(&b'-') { -1.0 } else { 1.0 })
    }

    fn number_or_reference(&mut self) -> Token {
        let start = self.at;
        let value = self.number();
        let whole = self.bytes[start..self.at].iter().all(u8::is_ascii_digit);
        if self.references && whole && value <= f64::from(u32::MAX) {
            let after = self.at;
            self.skip_space();
            let generation = self.bytes[self.at..]
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if (1..=5).contains(&generation) {
                self.at += generation;
                if self.word(b"R") {
                    return Token::Object(Object::Reference(value as u32));
                }
            }
            self.at = after;
        }
        Token::Object(Object::Number(value))
    }

    fn name(&mut self) -> Vec<u8> {
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| is_regular(*byte)) {
            self.at += 1;
            let code = (byte == b'#').then(|| self.bytes.get(self.at..self.at + 2)).flatten();
            match code.and_then(|pair| Some(hex_value(pair[0])? << 4 | hex_value(pair[1])?)) {
                Some(decoded) => {
                    self.at += 2;
                    name.push(decoded);
                }
                None => name.push(byte),
            }
            if name.len() >= MAX_STRING {
                break;
            }
        }
        name
    }

    fn literal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut open = 1_usize;
        let mut out = Vec::new();
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                b'\\' => {
                    out.extend(self.escape());
                    continue;
                }
                _ => {}
            }
            if out.len() < MAX_STRING {
                out.push(byte);
            }
        }
        out
    }

    fn escape(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 0x0C,
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
                return None;
            }
            b'\n' => return None,
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit) = self.peek().filter(|byte| (b'0'..=b'7').contains(byte)) else {
                        break;
                    };
                    value = value * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                (value & 0xFF) as u8
            }
            byte => byte,
        })
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut out = Vec::new();
        let mut half: Option<u8> = None;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(digit) = hex_value(byte) else { continue };
            match half.take() {
                Some(high) if out.len() < MAX_STRING => out.push(high << 4 | digit),
                Some(_) => {}
                None => half = Some(digit),
            }
        }
        out.extend(half.map(|high| high << 4));
        out
    }

    fn array(&mut self, depth: usize) -> Vec<Object> {
        let mut array = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                None => break,
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(_) if depth >= MAX_DEPTH || self.items > MAX_ITEMS => {
                    self.at = self.bytes.len();
                    break;
                }
                Some(_) => match self.token(depth + 1) {
                    Some(Token::Object(object)) => array.push(object),
                    // `endobj` in an array: its end is missing.
                    Some(Token::Word(word)) if word.starts_with(b"end") => break,
                    Some(Token::Word(_)) => {}
                    None => break,
                },
            }
        }
        array
    }

    fn dictionary(&mut self, depth: usize) -> Dictionary {
        let mut dictionary = Dictionary::default();
        loop {
            self.skip_space();
            let rest = &self.bytes[self.at..];
            if rest.is_empty() {
                break;
            }
            if rest.starts_with(b">>") {
                self.at += 2;
                break;
            }
            if depth >= MAX_DEPTH || self.items > MAX_ITEMS {
                self.at = self.bytes.len();
                break;
            }
            match self.token(depth + 1) {
                Some(Token::Object(Object::Name(name))) => {
                    self.skip_space();
                    if self.bytes[self.at..].starts_with(b">>") {
                        continue;
                    }
                    if let Some(Token::Object(object)) = self.token(depth + 1) {
                        dictionary.0.insert(name, object);
                    }
                }
                Some(Token::Word(word)) if word.starts_with(b"end") || word == b"stream" => {
                    self.at -= word.len();
                    break;
                }
                Some(_) => {}
                None => break,
            }
        }
        dictionary
    }
}

pub(super) fn hex_value(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}
