//! Official documents that visitors uploaded: read, marked, corrected by people, held in memory for a while and never on disk.

mod changes;
pub mod correction;
mod kept;
pub mod marks;
mod pack_file;
mod reading;
mod sample;
mod sentence;
mod shelf;
pub mod shown;
mod text;

pub use changes::{MOST_ADDED, Tally};
pub use kept::{Kept, Row};
pub use pack_file::draft_pack;
pub use reading::{Corrected, NotAdded, Reading};
pub use sample::Samples;
pub use shelf::Shelf;
pub use text::{LEAF_WEIGHT, Leaf, MarkedText, Paragraph};
