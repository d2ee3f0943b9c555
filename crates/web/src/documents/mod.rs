//! Official documents that visitors uploaded: read, marked, corrected by people, held in memory for a while and never on disk.

pub mod correction;
pub mod marks;
mod pack_file;
mod reading;
mod sample;
mod shelf;
pub mod shown;
mod text;

pub use pack_file::draft_pack;
pub use reading::Reading;
pub use sample::Samples;
pub use shelf::Shelf;
pub use text::{LEAF_WEIGHT, Leaf, MarkedText};
