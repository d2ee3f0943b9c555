//! Where something stands in a pack file.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use super::{Diagnostics, Severity};

/// A pack file in memory.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    shown_path: String,
    text: String,
    line_starts: Vec<usize>,
}

impl SourceFile {
    /// A file: `path` within the tree (`cixi-2020/tasks.toml`), `shown_path` as messages name it.
    pub fn new(path: impl Into<String>, shown_path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let text = text.into();
        let line_starts = std::iter::once(0)
            .chain(
                text.bytes()
                    .enumerate()
                    .filter(|(_, b)| *b == b'\n')
                    .map(|(at, _)| at + 1),
            )
            .collect();
        Arc::new(Self {
            path: path.into(),
            shown_path: shown_path.into(),
            text,
            line_starts,
        })
    }

    /// Its path within the tree, with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its path as messages name it.
    pub fn shown_path(&self) -> &str {
        &self.shown_path
    }

    /// What it holds.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of byte `offset`; an offset beyond the end is the end.
    pub fn place(&self, offset: usize) -> Place {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self
            .line_starts
            .get(line.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        // A byte order mark is no character of the first line.
        let column = before.trim_start_matches('\u{feff}').chars().count() + 1;
        Place {
            file: self.shown_path.clone(),
            line: line.max(1),
            column,
        }
    }
}

/// File, line and column, printed `file:line:column`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as messages name it.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Located<T> {
    value: T,
    span: Range<usize>,
    file: Arc<SourceFile>,
}

impl<T> Located<T> {
    /// `value`, found at the bytes `span` of `file`.
    pub fn new(value: T, span: Range<usize>, file: Arc<SourceFile>) -> Self {
        Self { value, span, file }
    }

    /// The value alone.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Where it begins.
    pub fn place(&self) -> Place {
        self.file.place(self.span.start)
    }

    /// The file it stands in.
    pub fn file(&self) -> &Arc<SourceFile> {
        &self.file
    }

    /// Another value at the same place.
    pub fn with<U>(&self, value: U) -> Located<U> {
        Located {
            value,
            span: self.span.clone(),
            file: Arc::clone(&self.file),
        }
    }

    /// The value changed, the place kept.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Located<U> {
        Located {
            value: change(self.value),
            span: self.span,
            file: self.file,
        }
    }

    /// Reports an error here.
    pub fn report(&self, diagnostics: &Diagnostics, message: impl Into<String>, hint: impl Into<String>) {
        diagnostics.report(Severity::Error, self.place(), message, hint);
    }

    /// Reports a warning here.
    pub fn warn(&self, diagnostics: &Diagnostics, message: impl Into<String>, hint: impl Into<String>) {
        diagnostics.report(Severity::Warning, self.place(), message, hint);
    }
}

impl Located<String> {
    /// The place of byte `offset` of the string's value, through quotes, escapes and line breaks of the literal.
    pub fn place_within(&self, offset: usize) -> Place {
        let literal = self.file.text().get(self.span.clone()).unwrap_or_default();
        self.file.place(self.span.start + literal_offset(literal, offset))
    }

    /// Reports an error at byte `offset` of the string's value.
    pub fn report_within(
        &self,
        diagnostics: &Diagnostics,
        offset: usize,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        diagnostics.report(Severity::Error, self.place_within(offset), message, hint);
    }
}

impl<T> Deref for Located<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Located<T> {
    /// Two values are equal wherever they stand.
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: fmt::Display> fmt::Display for Located<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// The byte of a TOML string literal that holds byte `offset` of its value.
fn literal_offset(literal: &str, offset: usize) -> usize {
    let basic = literal.starts_with('"');
    let opening = if literal.starts_with("\"\"\"") || literal.starts_with("'''") {
        3
    } else {
        1
    };
    let mut at = opening.min(literal.len());
    if opening == 3 {
        // A line break straight after the opening quotes is not part of the value.
        let rest = &literal[at..];
        at += if rest.starts_with("\r\n") {
            2
        } else {
            usize::from(rest.starts_with('\n'))
        };
    }
    let mut left = offset;
    while let Some(c) = literal.get(at..).and_then(|rest| rest.chars().next()) {
        let (source, value) = if basic && c == '\\' {
            escape_length(&literal[at..])
        } else {
            (c.len_utf8(), c.len_utf8())
        };
        if value > 0 && left < value {
            break;
        }
        left -= value.min(left);
        at += source;
    }
    at
}

/// How many bytes an escape takes in the literal and in the value.
fn escape_length(rest: &str) -> (usize, usize) {
    let digits = match rest.as_bytes().get(1) {
        Some(b'x') => 2,
        Some(b'u') => 4,
        Some(b'U') => 8,
        Some(b'\n' | b'\r' | b' ' | b'\t') => {
            // A backslash at the end of a line swallows the white space up to the next word.
            let skipped = rest[1..].len() - rest[1..].trim_start().len();
            return (1 + skipped, 0);
        }
        _ => return (rest.chars().take(2).map(char::len_utf8).sum(), 1),
    };
    let value = rest
        .get(2..2 + digits)
        .and_then(|hex| u32::from_str_radix(hex, 16).ok())
        .and_then(char::from_u32)
        .map_or(1, char::len_utf8);
    ((2 + digits).min(rest.len()), value)
}
