//! Who is to do it: the grammar of assignments.
//!
//! [`label`] knows the words before a list, [`name`] what a unit's name looks like, [`parse`] reads a list,
//! [`find`] finds the lists in running text, [`rule`] the rules a document states once for all.

pub mod find;
pub mod label;
pub mod name;
pub mod parse;
pub mod rule;
