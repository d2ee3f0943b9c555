//! One cell of a table.

use std::cmp::Ordering;

use crate::parts::{Light, Tone};

/// A cell: its lines, where it leads, and by what it is sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its lines.
    pub lines: Vec<String>,
    /// Where its first line leads; empty for nowhere.
    pub href: String,
    /// A light in the place of the first line.
    pub light: Option<Light>,
    /// By what the column is sorted.
    pub key: Key,
    /// Values by which it is found where the column may be filtered; its lines where there is none.
    pub choices: Vec<String>,
}

/// By what a column is sorted. What is absent comes last, whichever way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Key {
    /// Nothing is there.
    #[default]
    Absent,
    /// A number, exported as such.
    Number(i64),
    /// Money in fen, exported as yuan.
    Fen(i64),
    /// What a measure stands at (a rate, an amount with its unit), exported in its words.
    Measure(i64),
    /// A text; runs of digits in it count as numbers, so that 2 comes before 10.
    Text(String),
}

impl Cell {
    /// A text; each of its lines is one.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            lines: text.lines().map(str::to_owned).collect(),
            key: if text.is_empty() { Key::Absent } else { Key::Text(text) },
            ..Self::default()
        }
    }

    /// A count.
    pub fn count(count: usize) -> Self {
        Self {
            lines: vec![count.to_string()],
            key: Key::Number(i64::try_from(count).unwrap_or(i64::MAX)),
            ..Self::default()
        }
    }

    /// A text that leads somewhere.
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            ..Self::text(text)
        }
    }

    /// A light, sorted by its urgency.
    pub fn light(tone: Tone, text: impl Into<String>) -> Self {
        let text = text.into();
        let urgency = match tone {
            Tone::Bad => 0,
            Tone::Warn => 1,
            Tone::Good => 2,
            Tone::Plain => 3,
            Tone::Mute => 4,
        };
        Self {
            lines: vec![text.clone()],
            light: Some(Light::new(tone, text)),
            key: Key::Number(urgency),
            ..Self::default()
        }
    }

    /// The same cell sorted by this number; `None` is absent.
    #[must_use]
    pub fn by(mut self, number: Option<i64>) -> Self {
        self.key = number.map_or(Key::Absent, Key::Number);
        self
    }

    /// The same cell as money: sorted by it, exported in yuan; `None` is absent.
    #[must_use]
    pub fn money(mut self, fen: Option<i64>) -> Self {
        self.key = fen.map_or(Key::Absent, Key::Fen);
        self
    }

    /// The same cell sorted by this measure and exported in its words; `None` is absent.
    #[must_use]
    pub fn measured(mut self, measure: Option<i64>) -> Self {
        self.key = measure.map_or(Key::Absent, Key::Measure);
        self
    }

    /// The same cell found by these values.
    #[must_use]
    pub fn found_by(mut self, choices: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.choices = choices.into_iter().map(Into::into).collect();
        self
    }

    /// Values by which it is found.
    pub(super) fn values(&self) -> &[String] {
        if self.choices.is_empty() {
            &self.lines
        } else {
            &self.choices
        }
    }

    /// The cell as one text.
    pub fn whole(&self) -> String {
        self.lines.join("\n")
    }
}

/// The order of two keys, what is absent last in both directions.
pub(super) fn order(a: &Key, b: &Key, descending: bool) -> Ordering {
    let order = match (a, b) {
        (Key::Absent, Key::Absent) => return Ordering::Equal,
        (Key::Absent, _) => return Ordering::Greater,
        (_, Key::Absent) => return Ordering::Less,
        (Key::Text(a), Key::Text(b)) => natural(a, b),
        (Key::Text(_), _) => Ordering::Greater,
        (_, Key::Text(_)) => Ordering::Less,
        (Key::Number(a) | Key::Fen(a) | Key::Measure(a), Key::Number(b) | Key::Fen(b) | Key::Measure(b)) => a.cmp(b),
    };
    if descending { order.reverse() } else { order }
}

/// Text order in which runs of digits count as numbers.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (x, y) = (digits(a), digits(b));
        if !x.is_empty() && !y.is_empty() {
            let (m, n) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
            let order = m.len().cmp(&n.len()).then_with(|| m.cmp(n));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (&a[x.len()..], &b[y.len()..]);
            continue;
        }
        let (mut p, mut q) = (a.chars(), b.chars());
        match (p.next(), q.next()) {
            (None, None) => return Ordering::Equal,
            (x, y) if x != y => return x.cmp(&y),
            _ => (a, b) = (p.as_str(), q.as_str()),
        }
    }
}

fn digits(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    &text[..end]
}
