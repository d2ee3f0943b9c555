//! A PDF's objects by number: where they lie, as its tables say or, where these are broken, as a search finds them
//! (ISO 32000-1, 7.5).
//!
//! An object is read when it is asked for. All work (bytes read, searched and unpacked) is counted against one
//! budget, so that no arrangement of references makes a small file dear.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use super::crypt::Crypt;
use super::filter::{Parameters, unpack};
use super::object::{Dictionary, Lexer, Object, Token, is_space};
use crate::read::limits::{MAX_PDF_OBJECTS, MAX_PDF_WORK, MAX_STREAM_BYTES};

/// Most filters of a stream.
const MAX_FILTERS: usize = 6;
/// Longest chain of references.
const MAX_REFERENCES: usize = 16;
/// Unpacked object streams that are kept.
const KEPT_STREAMS: usize = 8;

/// A PDF.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    entries: BTreeMap<u32, Entry>,
    pub(super) trailer: Dictionary,
    crypt: Option<Crypt>,
    streams: RefCell<Vec<(u32, Rc<ObjectStream>)>>,
    work: Cell<u64>,
    /// Streams whose objects are being read, against circles.
    opening: RefCell<BTreeSet<u32>>,
}

/// Where an object lies.
#[derive(Debug, Clone, Copy)]
enum Entry {
    At(usize),
    In { stream: u32, index: usize },
    Free,
}

/// An unpacked stream of objects.
#[derive(Debug)]
struct ObjectStream {
    bytes: Vec<u8>,
    /// Number and place of each object.
    objects: Vec<(u32, usize)>,
}

impl<'a> File<'a> {
    /// Reads the tables; where they do not lead to a catalogue, the whole file is searched.
    pub(super) fn open(bytes: &'a [u8]) -> Self {
        let start = memchr::memmem::find(&bytes[..bytes.len().min(1024)], b"%PDF-").unwrap_or(0);
        let mut file = Self {
            bytes: &bytes[start..],
            entries: BTreeMap::new(),
            trailer: Dictionary::default(),
            crypt: None,
            streams: RefCell::default(),
            work: Cell::new(0),
            opening: RefCell::default(),
        };
        file.read_tables();
        if !file.has_pages() {
            file.rebuild();
        }
        file
    }

    /// From now on all objects are decrypted.
    pub(super) fn unlock(&mut self, crypt: Crypt) {
        self.crypt = Some(crypt);
        self.streams.borrow_mut().clear();
        if self.catalogue().is_none() {
            self.rebuild();
        }
    }

    /// Whether more was asked of this file than any document needs.
    pub(super) fn is_exhausted(&self) -> bool {
        self.work.get() > MAX_PDF_WORK
    }

    /// Counts work against the budget.
    pub(super) fn spend(&self, amount: usize) {
        self.work.set(self.work.get().saturating_add(amount as u64));
    }

    /// All object numbers in order.
    pub(super) fn numbers(&self) -> Vec<u32> {
        self.entries.keys().copied().collect()
    }

    /// The catalogue's dictionary.
    pub(super) fn catalogue(&self) -> Option<Dictionary> {
        self.value(&self.trailer, "Root")
            .and_then(|root| root.dictionary().cloned())
    }

    /// Whether the tables lead to pages. An encrypted file may keep its catalogue in a stream that cannot be read yet.
    fn has_pages(&self) -> bool {
        if self.trailer.get("Encrypt").is_some() {
            return self.trailer.get("Root").is_some();
        }
        self.catalogue()
            .is_some_and(|catalogue| self.value(&catalogue, "Pages").is_some())
    }

    /// The object that a value is or refers to.
    pub(super) fn resolve(&self, object: &Object) -> Option<Object> {
        let mut object = object.clone();
        for _ in 0..MAX_REFERENCES {
            match object {
                Object::Reference(number) => object = self.object(number)?,
                Object::Null => return None,
                object => return Some(object),
            }
        }
        None
    }

    /// The value of a name in a dictionary, resolved.
    pub(super) fn value(&self, dictionary: &Dictionary, name: &str) -> Option<Object> {
        self.resolve(dictionary.get(name)?)
    }

    /// The value of a name in a dictionary within a dictionary, as it stands there.
    pub(super) fn entry(&self, outer: &Dictionary, name: &str, inner: &[u8]) -> Option<Object> {
        match outer.get(name)? {
            Object::Dictionary(dictionary) => dictionary.0.get(inner).cloned(),
            reference => self.resolve(reference)?.dictionary()?.0.get(inner).cloned(),
        }
    }

    /// The object of this number.
    pub(super) fn object(&self, number: u32) -> Option<Object> {
        if self.is_exhausted() {
            return None;
        }
        self.spend(100);
        match *self.entries.get(&number)? {
            Entry::At(at) => {
                let (mut object, generation) = self.object_at(at, number)?;
                if let Some(crypt) = &self.crypt {
                    crypt.decrypt_strings(&mut object, (number, generation));
                }
                Some(object)
            }
            Entry::In { stream, index } => self.object_in(stream, index, number),
            Entry::Free => None,
        }
    }

    /// The object whose head `number generation obj` is at this place, and its generation.
    fn object_at(&self, at: usize, number: u32) -> Option<(Object, u16)> {
        let mut lexer = Lexer::new(self.bytes, at);
        let found = lexer.object()?.index()?;
        let generation = u16::try_from(lexer.object()?.index()?).unwrap_or(0);
        if found != number as usize || !lexer.word(b"obj") {
            return None;
        }
        let object = lexer.object()?;
        self.spend(lexer.at.saturating_sub(at));
        let object = match object {
            Object::Dictionary(dictionary) if lexer.word(b"stream") => {
                let range = self.stream_range(&dictionary, lexer.at);
                Object::Stream(dictionary, range, (number, generation))
            }
            object => object,
        };
        Some((object, generation))
    }

    /// Where the bytes of a stream lie whose word `stream` ends at `at`.
    fn stream_range(&self, dictionary: &Dictionary, at: usize) -> Range<usize> {
        let rest = &self.bytes[at..];
        let start = at
            + if rest.starts_with(b"\r\n") {
                2
            } else {
                usize::from(rest.starts_with(b"\n") || rest.starts_with(b"\r"))
            };
        // A length that refers to an object is read without following further references.
        let length = match dictionary.get("Length") {
            Some(Object::Number(length)) => Some(*length as usize),
            Some(Object::Reference(number)) => match self.entries.get(number) {
                Some(Entry::At(at)) => self.plain_number(*at),
                _ => None,
            },
            _ => None,
        };
        if let Some(end) = length
            .and_then(|length| start.checked_add(length))
            .filter(|end| *end <= self.bytes.len())
        {
            let after: &[u8] = &self.bytes[end..];
            let gap = after.iter().take(4).take_while(|byte| is_space(**byte)).count();
            if after[gap..].starts_with(b"endstream") || after[gap..].starts_with(b"endobj") {
                return start..end;
            }
        }
        let start = start.min(self.bytes.len());
        let length = memchr::memmem::find(&self.bytes[start..], b"endstream").unwrap_or(self.bytes.len() - start);
        self.spend(length);
        start..start + length
    }

    fn plain_number(&self, at: usize) -> Option<usize> {
        let mut lexer = Lexer::new(self.bytes, at);
        lexer.object()?;
        lexer.object()?;
        if !lexer.word(b"obj") {
            return None;
        }
        lexer.object()?.index()
    }

    fn object_in(&self, stream: u32, index: usize, number: u32) -> Option<Object> {
        let stream = self.object_stream(stream)?;
        // The table may name a wrong place in the stream; the number tells.
        let found = stream.objects.get(index).filter(|(found, _)| *found == number);
        let (_, at) = found.or_else(|| stream.objects.iter().find(|(found, _)| *found == number))?;
        let mut lexer = Lexer::new(&stream.bytes, *at);
        let object = lexer.object();
        self.spend(lexer.at.saturating_sub(*at));
        object
    }

    fn object_stream(&self, number: u32) -> Option<Rc<ObjectStream>> {
        if let Some((_, stream)) = self.streams.borrow().iter().find(|(kept, _)| *kept == number) {
            return Some(Rc::clone(stream));
        }
        if !self.opening.borrow_mut().insert(number) {
            return None;
        }
        let stream = self.open_object_stream(number).map(Rc::new);
        self.opening.borrow_mut().remove(&number);
        let stream = stream?;
        let mut kept = self.streams.borrow_mut();
        if kept.len() >= KEPT_STREAMS {
            kept.remove(0);
        }
        kept.push((number, Rc::clone(&stream)));
        Some(stream)
    }

    fn open_object_stream(&self, number: u32) -> Option<ObjectStream> {
        // Object streams are never within object streams.
        let Some(Entry::At(at)) = self.entries.get(&number) else {
            return None;
        };
        let (object, _) = self.object_at(*at, number)?;
        let dictionary = object.dictionary()?.clone();
        let bytes = self.stream(&object)?;
        let first = self.value(&dictionary, "First")?.index()?;
        let count = self.value(&dictionary, "N")?.index()?.min(MAX_PDF_OBJECTS);
        let mut lexer = Lexer::new(&bytes, 0);
        let mut objects = Vec::new();
        for _ in 0..count {
            let (Some(number), Some(offset)) = (
                lexer.object().and_then(|o| o.index()),
                lexer.object().and_then(|o| o.index()),
            ) else {
                break;
            };
            objects.push((u32::try_from(number).ok()?, first.checked_add(offset)?));
        }
        self.spend(objects.len() * 10);
        Some(ObjectStream { bytes, objects })
    }

    /// The unpacked bytes of a stream; none for a picture.
    pub(super) fn stream(&self, object: &Object) -> Option<Vec<u8>> {
        let Object::Stream(dictionary, range, id) = object else {
            return None;
        };
        let raw = self.bytes.get(range.clone())?;
        if self.is_exhausted() {
            return None;
        }
        let mut bytes = match &self.crypt {
            Some(crypt) if !dictionary.is("Type", "XRef") => crypt.decrypt_stream(raw, *id),
            _ => raw.to_vec(),
        };
        self.spend(raw.len());
        let list = |name: &str, short: &str| -> Vec<Object> {
            match self.value(dictionary, name).or_else(|| self.value(dictionary, short)) {
                Some(Object::Array(array)) => array
                    .iter()
                    .map(|object| self.resolve(object).unwrap_or(Object::Null))
                    .collect(),
                Some(object) => vec![object],
                None => Vec::new(),
            }
        };
        let (filters, parameters) = (list("Filter", "F"), list("DecodeParms", "DP"));
        for (at, filter) in filters.iter().take(MAX_FILTERS).enumerate() {
            let name = filter.name()?;
            if name == b"Crypt" {
                continue;
            }
            let parameters = parameters
                .get(at)
                .and_then(Object::dictionary)
                .map(|d| self.parameters(d))
                .unwrap_or_default();
            let left = MAX_PDF_WORK.saturating_sub(self.work.get());
            let most = MAX_STREAM_BYTES.min(usize::try_from(left).unwrap_or(usize::MAX));
            bytes = unpack(name, &bytes, parameters, most)?;
            self.spend(bytes.len());
        }
        Some(bytes)
    }

    fn parameters(&self, dictionary: &Dictionary) -> Parameters {
        let number = |name: &str, usual: usize| {
            self.value(dictionary, name)
                .and_then(|value| value.index())
                .unwrap_or(usual)
        };
        Parameters {
            predictor: number("Predictor", 1),
            colors: number("Colors", 1),
            bits: number("BitsPerComponent", 8),
            columns: number("Columns", 1),
            early: number("EarlyChange", 1) == 1,
        }
    }

    /// Follows the tables from the last one back.
    fn read_tables(&mut self) {
        let tail = self.bytes.len().saturating_sub(4096);
        let Some(found) = memchr::memmem::rfind(&self.bytes[tail..], b"startxref") else {
            return;
        };
        let mut lexer = Lexer::new(self.bytes, tail + found + b"startxref".len());
        let mut next = lexer.object().and_then(|object| object.index());
        let mut seen = BTreeSet::new();
        while let Some(at) = next.filter(|at| *at < self.bytes.len() && seen.insert(*at) && seen.len() < 1_000) {
            let Some(trailer) = self.read_table(at) else { return };
            if let Some(hybrid) = trailer
                .get("XRefStm")
                .and_then(Object::index)
                .filter(|at| *at < self.bytes.len() && seen.insert(*at))
            {
                self.read_table(hybrid);
            }
            next = trailer.get("Prev").and_then(Object::index);
            for (name, value) in trailer.0 {
                self.trailer.0.entry(name).or_insert(value);
            }
        }
    }

    /// Reads one table, in either form; what a later table said stays.
    fn read_table(&mut self, at: usize) -> Option<Dictionary> {
        let mut lexer = Lexer::new(self.bytes, at);
        if !lexer.word(b"xref") {
            return self.read_table_stream(at);
        }
        loop {
            if lexer.word(b"trailer") {
                let Some(Object::Dictionary(trailer)) = lexer.object() else {
                    return None;
                };
                return Some(trailer);
            }
            let first = lexer.object()?.index()?;
            let count = lexer.object()?.index()?;
            for number in first..first.saturating_add(count) {
                let offset = lexer.object()?.index()?;
                lexer.object()?.index()?;
                let in_use = match lexer.next()? {
                    Token::Word(word) => word == b"n",
                    Token::Object(_) => return None,
                };
                self.add(number, if in_use { Entry::At(offset) } else { Entry::Free });
                self.spend(20);
            }
        }
    }

    fn read_table_stream(&mut self, at: usize) -> Option<Dictionary> {
        let number = Lexer::new(self.bytes, at).object()?.index()?;
        let (object, _) = self.object_at(at, u32::try_from(number).ok()?)?;
        let dictionary = object.dictionary()?.clone();
        let bytes = self.stream(&object)?;
        let widths: Vec<usize> = dictionary
            .get("W")?
            .array()?
            .iter()
            .map(|width| width.index().unwrap_or(0).min(8))
            .collect();
        let [kind_width, a_width, b_width] = <[usize; 3]>::try_from(widths).ok()?;
        let size = dictionary.get("Size").and_then(Object::index).unwrap_or(0);
        let index: Vec<usize> = match dictionary.get("Index").and_then(Object::array) {
            Some(index) => index.iter().filter_map(Object::index).collect(),
            None => vec![0, size],
        };
        let row = kind_width + a_width + b_width;
        let mut rows = bytes.chunks_exact(row.max(1));
        let field = |bytes: &[u8]| bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        for pair in index.chunks_exact(2) {
            for number in pair[0]..pair[0].saturating_add(pair[1]) {
                let Some(row) = rows.next() else { break };
                let kind = if kind_width == 0 { 1 } else { field(&row[..kind_width]) };
                let a = field(&row[kind_width..kind_width + a_width]);
                let b = field(&row[kind_width + a_width..]);
                let entry = match kind {
                    1 => Entry::At(usize::try_from(a).ok()?),
                    2 => Entry::In {
                        stream: u32::try_from(a).ok()?,
                        index: usize::try_from(b).ok()?,
                    },
                    _ => Entry::Free,
                };
                self.add(number, entry);
            }
        }
        Some(dictionary)
    }

    fn add(&mut self, number: usize, entry: Entry) {
        if let Ok(number) = u32::try_from(number)
            && self.entries.len() < MAX_PDF_OBJECTS
        {
            self.entries.entry(number).or_insert(entry);
        }
    }

    /// Searches the whole file for objects, the later of one number counting, then for what is in object streams.
    fn rebuild(&mut self) {
        self.entries.clear();
        self.streams.borrow_mut().clear();
        let mut packed = Vec::new();
        for found in memchr::memmem::find_iter(self.bytes, b"obj") {
            let Some((number, at)) = object_head(self.bytes, found) else {
                continue;
            };
            if self.entries.len() < MAX_PDF_OBJECTS {
                self.entries.insert(number, Entry::At(at));
            }
            let head = &self.bytes[found..self.bytes.len().min(found + 400)];
            if memchr::memmem::find(head, b"/ObjStm").is_some() {
                packed.push(number);
            }
        }
        for at in memchr::memmem::find_iter(self.bytes, b"trailer").take(1_000) {
            let mut lexer = Lexer::new(self.bytes, at + b"trailer".len());
            if let Some(Object::Dictionary(trailer)) = lexer.object() {
                self.trailer.0.extend(trailer.0);
            }
        }
        for number in packed {
            let Some(stream) = self.object_stream(number) else {
                continue;
            };
            for (index, (inner, _)) in stream.objects.iter().enumerate() {
                self.add(*inner as usize, Entry::In { stream: number, index });
            }
        }
        if self.catalogue().is_none() {
            self.find_catalogue();
        }
    }

    /// Looks through all objects for the catalogue, and for the trailer that a table stream carries.
    fn find_catalogue(&mut self) {
        for number in self.numbers() {
            let Some(object) = self.object(number) else { continue };
            let Some(dictionary) = object.dictionary() else {
                continue;
            };
            if dictionary.is("Type", "XRef") {
                for name in [&b"Encrypt"[..], b"ID", b"Root"] {
                    if let Some(value) = dictionary.0.get(name) {
                        self.trailer.0.insert(name.to_vec(), value.clone());
                    }
                }
            } else if dictionary.is("Type", "Catalog") {
                self.trailer.0.insert(b"Root".to_vec(), Object::Reference(number));
            }
        }
    }
}

/// Number and beginning of the object whose word `obj` is at this place.
fn object_head(bytes: &[u8], obj: usize) -> Option<(u32, usize)> {
    let back = |mut at: usize, keep: fn(u8) -> bool| {
        while at > 0 && keep(bytes[at - 1]) {
            at -= 1;
        }
        at
    };
    let digit = |byte: u8| byte.is_ascii_digit();
    let generation_end = back(obj, is_space);
    let generation = back(generation_end, digit);
    let number_end = back(generation, is_space);
    let number = back(number_end, digit);
    let complete =
        generation_end < obj + 1 && generation < generation_end && number_end < generation && number < number_end;
    if !complete || number_end - number > 10 {
        return None;
    }
    let value = std::str::from_utf8(&bytes[number..number_end]).ok()?.parse().ok()?;
    Some((value, number))
}
