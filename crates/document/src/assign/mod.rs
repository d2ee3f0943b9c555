//! Who is to do it: the grammar of assignments.
//!
//! [`label`] knows the words before a list, [`name`] what a unit's name looks like, [`parse`] reads a list
//! ([`split`] takes it apart, [`verb`] knows the words behind names),
//! [`find`] finds the lists in running text, [`rule`] the rules a document states once for all.

pub(crate) mod find;
pub(crate) mod label;
pub(crate) mod name;
pub(crate) mod parse;
pub(crate) mod rule;
mod split;
mod verb;
