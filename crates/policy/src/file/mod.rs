//! Pack files: TOML with exact places, read strictly and never given up whole.
//!
//! Every file of `policies/` goes through the same four steps, whatever it holds:
//!
//! ```text
//! let diagnostics = Diagnostics::new();
//! let tree = Tree::from_folder(path)?;                       // or Tree::built_in(), Tree::from_files(…)
//! let Some(file) = tree.open("shared/units.toml", &diagnostics) else { return };   // absent: None, nothing reported
//! // Syntax errors are reported and what parsed is kept; a newer `format` is reported and answers None.
//! let Some(mut table) = Table::of_file(&file, &diagnostics) else { return };
//! table.require(&["id", "name"]);                            // one diagnostic for each key that is absent
//! let id = table.text("id");                                 // Option<Located<String>>; a wrong type is reported
//! for mut condition in table.tables("condition") {           // [[condition]]
//!     let when = condition.text("when");
//!     // an error inside the string: when.report_within(&diagnostics, byte_offset, message, hint)
//!     condition.finish();                                    // reports the keys nobody asked for, with the nearest
//! }
//! table.finish();
//! ```
//!
//! - An accessor ([`Table::text`], [`Table::date`], …) answers `None` both for an absent key and for a wrong type;
//!   the second is reported on the spot, the first only through [`Table::require`]. Asking for a key is what makes it
//!   known: [`Table::finish`] refuses the others.
//! - Numbers are never binary floats: [`Table::decimal`] takes a quoted decimal, [`Value::Decimal`] keeps a bare one as
//!   written. Free-form tables (the facts of a case) are read with [`Table::into_entries`].
//! - [`Located`] is a value with its place; it derefs to the value. Keep it wherever a later check may have to point
//!   at the value (a citation, a name to be looked up).
//! - [`nearest()`] finds the name that was probably meant; every "unknown …" message must carry it.

mod diagnostic;
mod leaf;
mod nearest;
mod place;
mod syntax;
mod table;
mod tree;
mod value;
mod written;

pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use leaf::{Leaf, leaves};
pub use nearest::{meant, nearest};
pub use place::{Located, Place, SourceFile};
pub use table::{FORMAT, Table};
pub use tree::{MAX_FILE_BYTES, MAX_FILES, Tree, TreeError};
pub use value::Value;
pub use written::quoted;
