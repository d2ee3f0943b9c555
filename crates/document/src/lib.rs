//! Official documents in, structure and assignments out.
//!
//! [`read`] turns a file's bytes into a [`Source`]; [`extract`] turns that into an [`Extraction`]. This crate knows
//! the forms of official documents and no city, unit or item by name.

mod assign;
mod column;
pub mod comparison;
mod deadline;
mod draft;
mod extract;
mod fold;
mod header;
mod item;
mod marker;
pub mod model;
mod part;
mod pointed;
mod quantity;
mod radical;
pub mod read;
pub mod source;
mod task_table;
mod task_text;

pub use assign::name::is_collective;
pub use deadline::{day_without_year, read_deadline};
pub use extract::extract;
pub use model::*;
pub use pointed::pointed;
pub use quantity::quantities;
pub use read::{ReadError, read};
pub use source::Source;
