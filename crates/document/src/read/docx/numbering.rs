//! `word/numbering.xml`: automatic numbers, counted through the document as Word counts them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use super::styles::Styles;
use super::symbols::symbol;
use crate::read::numerals::numeral;
use crate::read::xml::{Broken, Element, Node, Xml};

/// Levels of a list.
const LEVELS: usize = 9;
/// Most lists, and most numbers, that are taken; Word itself allows 2,047.
const MAX_LISTS: usize = 20_000;
/// Longest chain of lists that refer to one another through a style.
const MAX_LINKS: usize = 8;

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    lists: BTreeMap<i64, List>,
    numbers: BTreeMap<i64, Number>,
    counters: BTreeMap<i64, [Option<i64>; LEVELS]>,
    /// (number, level) whose own start has been used: it holds once.
    started: BTreeSet<(i64, usize)>,
}

/// `w:abstractNum`.
#[derive(Debug, Default)]
struct List {
    levels: [Level; LEVELS],
    style: Option<String>,
}

/// `w:num`: a list with some levels changed.
#[derive(Debug, Default)]
struct Number {
    list: i64,
    starts: BTreeMap<usize, i64>,
    levels: BTreeMap<usize, Level>,
}

/// `w:lvl`.
#[derive(Debug, Clone)]
struct Level {
    start: i64,
    format: String,
    /// For `custom` formats such as `001, 002, 003`: how many digits.
    digits: usize,
    text: String,
    font: String,
    restart: Option<i64>,
    legal: bool,
    suffix: Suffix,
    style: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suffix {
    Tab,
    Space,
    Nothing,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 1,
            format: "decimal".to_owned(),
            digits: 0,
            text: String::new(),
            font: String::new(),
            restart: None,
            legal: false,
            suffix: Suffix::Tab,
            style: None,
        }
    }
}

/// Which element of the part is being filled.
#[derive(Debug, Default)]
struct Place {
    list: Option<i64>,
    number: Option<i64>,
    overridden: Option<usize>,
    level: Option<usize>,
}

impl Numbering {
    /// Reads the part as far as it can be read.
    pub(super) fn read(stream: impl BufRead) -> (Self, Option<Broken>) {
        let mut numbering = Self::default();
        let broken = numbering.take(&mut Xml::new(stream)).err();
        (numbering, broken)
    }

    fn take(&mut self, xml: &mut Xml<impl BufRead>) -> Result<(), Broken> {
        let mut place = Place::default();
        loop {
            match xml.next()? {
                Node::Over => return Ok(()),
                Node::Text(_) => {}
                // Beside a format of its own a level names a plain one for programs that do not know it.
                Node::Start(element) if element.name() == "Fallback" => xml.skip()?,
                Node::Start(element) => self.start(&element, &mut place),
                Node::End(closing) => match closing.name() {
                    "abstractNum" => place.list = None,
                    "num" => place.number = None,
                    "lvlOverride" => place.overridden = None,
                    "lvl" => place.level = None,
                    _ => {}
                },
            }
        }
    }

    fn start(&mut self, element: &Element<'_>, place: &mut Place) {
        let value = || element.attribute("val");
        match element.name() {
            "abstractNum" => {
                place.list = element.number("abstractNumId").filter(|_| self.lists.len() < MAX_LISTS);
                if let Some(id) = place.list {
                    self.lists.insert(id, List::default());
                }
            }
            "num" => {
                place.number = element.number("numId").filter(|_| self.numbers.len() < MAX_LISTS);
                if let Some(id) = place.number {
                    self.numbers.insert(id, Number::default());
                }
            }
            "abstractNumId" => {
                if let (Some(number), Some(list)) = (self.number_at(place), element.number("val")) {
                    number.list = list;
                }
            }
            "numStyleLink" => {
                if let Some(list) = place.list.and_then(|id| self.lists.get_mut(&id)) {
                    list.style = value();
                }
            }
            "lvlOverride" => place.overridden = level_index(element),
            "startOverride" => {
                if let (Some(level), Some(start)) = (place.overridden, element.number("val"))
                    && let Some(number) = self.number_at(place)
                {
                    number.starts.insert(level, start);
                }
            }
            "lvl" => {
                place.level = level_index(element);
                if let (Some(index), Some(number)) = (place.level, self.number_at(place)) {
                    number.levels.insert(index, Level::default());
                }
            }
            _ => {
                if let Some(level) = self.level_at(place) {
                    level.set(element);
                }
            }
        }
    }

    fn number_at(&mut self, place: &Place) -> Option<&mut Number> {
        self.numbers.get_mut(&place.number?)
    }

    fn level_at(&mut self, place: &Place) -> Option<&mut Level> {
        let index = place.level?;
        match (place.list, place.number) {
            (Some(list), _) => self.lists.get_mut(&list)?.levels.get_mut(index),
            (None, Some(number)) => self.numbers.get_mut(&number)?.levels.get_mut(&index),
            (None, None) => None,
        }
    }

    /// The level of `number` whose paragraphs have the style `style`.
    pub(super) fn level_of_style(&self, number: i64, style: &str, styles: &Styles) -> Option<usize> {
        let list = self.lists.get(&self.list_of(number, styles)?)?;
        list.levels
            .iter()
            .position(|level| level.style.as_deref() == Some(style))
    }

    /// The list a number counts in; a list that only names a style is another list under that style's number.
    fn list_of(&self, number: i64, styles: &Styles) -> Option<i64> {
        let mut list = self.numbers.get(&number)?.list;
        for _ in 0..MAX_LINKS {
            let Some(style) = self.lists.get(&list).and_then(|l| l.style.as_deref()) else {
                break;
            };
            let Some(next) = styles.numbering(Some(style)).and_then(|n| self.numbers.get(&n.number)) else {
                break;
            };
            list = next.list;
        }
        Some(list)
    }

    /// Counts one paragraph of `number` at `level` and gives what is printed before it, with the space between;
    /// `None` where the number is unknown, an empty text where it prints nothing.
    pub(super) fn label(&mut self, number: i64, level: usize, styles: &Styles) -> Option<String> {
        let level = level.min(LEVELS - 1);
        let list = self.list_of(number, styles)?;
        let definition = self.numbers.get(&number)?;
        let base = self.lists.get(&list)?;
        let level_at = |at: usize| definition.levels.get(&at).unwrap_or(&base.levels[at]);
        let start_at = |at: usize| definition.starts.get(&at).copied().unwrap_or(level_at(at).start);

        let counters = self.counters.entry(list).or_default();
        let restarts = definition.starts.contains_key(&level) && self.started.insert((number, level));
        counters[level] = match counters[level] {
            Some(count) if !restarts => Some(count.saturating_add(1)),
            _ => Some(start_at(level)),
        };
        for (deeper, counter) in counters.iter_mut().enumerate().skip(level + 1) {
            let holds = match level_at(deeper).restart {
                None => false,
                Some(0) => true,
                Some(after) => level as i64 >= after,
            };
            if !holds {
                *counter = None;
            }
        }
        let count_at = |at: usize| counters[at].unwrap_or_else(|| start_at(at));
        Some(level_at(level).print(|at| (count_at(at), level_at(at))))
    }
}

impl Level {
    fn set(&mut self, element: &Element<'_>) {
        let value = || element.attribute("val").unwrap_or_default();
        match element.name() {
            "start" => self.start = element.number("val").unwrap_or(1),
            "numFmt" => {
                self.format = value();
                if self.format == "custom" {
                    let pattern = element.attribute("format").unwrap_or_default();
                    self.digits = pattern.split(',').next().unwrap_or_default().trim().len().min(9);
                }
            }
            "lvlText" => self.text = value(),
            "lvlRestart" => self.restart = element.number("val"),
            "isLgl" => self.legal = element.on(),
            "suff" => {
                self.suffix = match value().as_str() {
                    "space" => Suffix::Space,
                    "nothing" => Suffix::Nothing,
                    _ => Suffix::Tab,
                }
            }
            "pStyle" => self.style = Some(value()),
            "rFonts" => {
                self.font = element
                    .attribute("ascii")
                    .or_else(|| element.attribute("hAnsi"))
                    .unwrap_or_default()
            }
            _ => {}
        }
    }

    /// The label, with the numbers of this and higher levels in their places.
    fn print<'a>(&self, number_at: impl Fn(usize) -> (i64, &'a Self)) -> String {
        let mut out = String::new();
        let mut chars = self.text.chars().peekable();
        while let Some(c) = chars.next() {
            let digit = chars
                .peek()
                .and_then(|d| d.to_digit(10))
                .filter(|d| (1..=9).contains(d));
            match (c, digit) {
                ('%', Some(digit)) => {
                    chars.next();
                    let (count, level) = number_at(digit as usize - 1);
                    out.push_str(&level.count(count, self.legal));
                }
                (c, _) if ('\u{E000}'..='\u{F8FF}').contains(&c) => out.extend(symbol(u32::from(c), &self.font)),
                (c, _) => out.push(c),
            }
        }
        let separate = match self.suffix {
            Suffix::Nothing => false,
            Suffix::Space => true,
            // A tab after 一、 or （一） parts nothing that the mark does not part already; after 1 or 第一章 it does.
            Suffix::Tab => out.ends_with(|c: char| c.is_alphabetic() || c.is_ascii_digit() || c == '.'),
        };
        if separate {
            out.push(' ');
        }
        out
    }

    fn count(&self, number: i64, legal: bool) -> String {
        if legal && !matches!(self.format.as_str(), "bullet" | "none") {
            return number.to_string();
        }
        match self.format.as_str() {
            "custom" => format!("{number:0width$}", width = self.digits),
            format => numeral(number, format),
        }
    }
}

fn level_index(element: &Element<'_>) -> Option<usize> {
    element
        .number("ilvl")
        .and_then(|n| usize::try_from(n).ok())
        .filter(|&n| n < LEVELS)
}
