//! Official documents in, structure and assignments out.
//!
//! [`read`] turns a file's bytes into a [`Source`]; [`extract`] turns that into an [`Extraction`]. This crate knows
//! the forms of official documents and no city, unit or item by name.

mod assign;
mod deadline;
mod fold;
mod marker;
pub mod model;
pub mod read;
pub mod source;

pub use model::*;
pub use read::{ReadError, read};
pub use source::Source;

/// Understands a document: header, parts, tasks, and what was not understood. Never fails whole.
pub fn extract(source: &Source) -> Extraction {
    let _ = source;
    Extraction {
        document: Header::default(),
        parts: Vec::new(),
        lead_rule: LeadRule::None,
        tasks: Vec::new(),
        diagnostics: Vec::new(),
    }
}
