//! A paragraph of a docx while it is being read.

use crate::read::flow::Aside;

/// What is known of a paragraph so far.
#[derive(Debug, Default)]
pub(super) struct OpenParagraph {
    /// Its text.
    pub(super) text: String,
    /// Its style, by id.
    pub(super) style: Option<String>,
    /// `w:numId` of its own.
    pub(super) number: Option<i64>,
    /// `w:ilvl` of its own.
    pub(super) level: Option<usize>,
    /// Its mark was deleted: the next paragraph carries it on.
    pub(super) runs_on: bool,
    /// What is wrong with the run being read: hidden text is not printed.
    pub(super) hidden: bool,
    /// How many fields were open when it began.
    pub(super) fields_before: usize,
    /// Text boxes anchored in it.
    pub(super) asides: Vec<Aside>,
}

/// A field between its begin and its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// Its instruction, which is not printed.
    Instruction,
    /// Its result.
    Result,
}

/// One of several forms of the same content (`mc:AlternateContent`): the first that carries text is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alternatives {
    /// Characters of the document when it began.
    pub(super) characters: usize,
}
