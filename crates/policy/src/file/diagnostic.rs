//! What is wrong with a pack, where, and what to do about it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;

use super::Place;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The pack says something that cannot be used.
    Error,
    /// The pack can be used, but somebody should look.
    Warning,
}

/// One finding, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// Where.
    pub place: Place,
    /// How much it weighs.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What was expected, or what to do; may be empty.
    pub hint: String,
}

impl fmt::Display for Diagnostic {
    /// 「文件:行:列 错误：什么。怎么办」
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Error => "错误",
            Severity::Warning => "提示",
        };
        write!(f, "{} {word}：{}", self.place, self.message)?;
        if !self.hint.is_empty() {
            write!(f, "。{}", self.hint)?;
        }
        Ok(())
    }
}

/// Collects findings while files are read; shared by all readers of one load.
#[derive(Debug, Default)]
pub struct Diagnostics {
    findings: RefCell<Vec<Diagnostic>>,
    /// Lines with a syntax error: what else is found there only follows from it.
    broken_lines: RefCell<BTreeSet<(String, usize)>>,
}

impl Diagnostics {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding, unless its line has a syntax error.
    pub fn report(&self, severity: Severity, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        if !self.broken_lines.borrow().contains(&(place.file.clone(), place.line)) {
            self.push(severity, place, message.into(), hint.into());
        }
    }

    /// Adds a syntax error.
    pub(super) fn syntax_error(&self, place: Place, message: &str, hint: &str) {
        self.broken_lines.borrow_mut().insert((place.file.clone(), place.line));
        self.push(Severity::Error, place, message.to_owned(), hint.to_owned());
    }

    /// Adds an error.
    pub fn error(&self, place: Place, message: impl Into<String>, hint: impl Into<String>) {
        self.report(Severity::Error, place, message, hint);
    }

    /// The findings by file, line and column, each once.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut findings = self.findings.into_inner();
        findings.sort();
        findings.dedup();
        findings
    }

    fn push(&self, severity: Severity, place: Place, message: String, hint: String) {
        self.findings.borrow_mut().push(Diagnostic {
            place,
            severity,
            message,
            hint,
        });
    }
}
