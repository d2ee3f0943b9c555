//! The address of a page: what was filtered, sorted and paged stands in it, so that it can be kept and passed on.

use std::fmt::Write as _;

/// Path and parameters, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

/// Most parameters that are read; more are nobody's filter.
const MOST_PAIRS: usize = 500;

impl Address {
    /// From the path and the query of a request. Empty parameters are left out: a form sends every field.
    pub fn of(path: &str, query: &str) -> Self {
        let pairs = pairs_of(query).map(|(name, value)| (name, value.trim().to_owned()));
        Self {
            path: path.to_owned(),
            pairs: pairs.filter(|(_, value)| !value.is_empty()).collect(),
        }
    }

    /// The path.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The parameter of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// All parameters.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The same address with the parameter set; an empty value takes it out.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut pairs: Vec<_> = self.pairs.iter().filter(|(known, _)| known != name).cloned().collect();
        if !value.is_empty() {
            pairs.push((name.to_owned(), value.to_owned()));
        }
        Self {
            path: self.path.clone(),
            pairs,
        }
    }

    /// The same address without these parameters.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        Self {
            path: self.path.clone(),
            pairs: self
                .pairs
                .iter()
                .filter(|(name, _)| !names.contains(&name.as_str()))
                .cloned()
                .collect(),
        }
    }

    /// As it stands in a link.
    pub fn href(&self) -> String {
        let mut href = self.path.clone();
        for (index, (name, value)) in self.pairs.iter().enumerate() {
            href.push(if index == 0 { '?' } else { '&' });
            href.push_str(&encoded(name));
            href.push('=');
            href.push_str(&encoded(value));
        }
        href
    }
}

/// The parameters of a query, or the fields of a form, in clear.
pub(crate) fn pairs_of(query: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty()).take(MOST_PAIRS);
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

/// A word as it stands in a query or as one segment of a path.
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A word of a query in clear; what is not UTF-8 becomes a replacement character.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hexadecimal = bytes.get(at + 1..at + 3).and_then(|pair| str::from_utf8(pair).ok());
        let coded = hexadecimal
            .filter(|_| byte == b'%')
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (byte, coded) {
            (_, Some(coded)) => {
                out.push(coded);
                at += 2;
            }
            (b'+', None) => out.push(b' '),
            (byte, None) => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}
