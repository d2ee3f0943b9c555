//! Why a check asks: a sentence with the evidence of the hit in it.

use crate::file::{Diagnostics, Located};

/// A part of a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As it stands.
    Text(String),
    /// The value of a column of the check's result.
    Column(String),
}

/// A sentence with columns in braces: 登记死亡日期为{since}.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reason(pub Vec<Piece>);

impl Reason {
    /// The columns it names.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Column(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// Reads a sentence; what is wrong with its braces is reported where it stands, and `None`.
    pub(super) fn read(text: &Located<String>, diagnostics: &Diagnostics) -> Option<Self> {
        const HINT: &str = "查询结果的列名写在半角大括号里，用小写英文、数字和下划线，如 {months}";
        let mut pieces = Vec::new();
        let mut rest = text.as_str();
        while let Some(open) = rest.find(['{', '}']) {
            let at = text.len() - rest.len() + open;
            let (before, inside) = rest.split_at(open);
            let Some((name, after)) = inside.strip_prefix('{').and_then(|inside| inside.split_once('}')) else {
                text.report_within(diagnostics, at, "大括号不成对", HINT);
                return None;
            };
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            if name.is_empty() || !name.bytes().all(plain) {
                text.report_within(diagnostics, at, format!("大括号里的“{name}”不是列名"), HINT);
                return None;
            }
            if !before.is_empty() {
                pieces.push(Piece::Text(before.to_owned()));
            }
            pieces.push(Piece::Column(name.to_owned()));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Some(Self(pieces))
    }
}
