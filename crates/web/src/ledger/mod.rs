//! Ledgers in the words of an office, as rows of the workbook that `report` writes: of documents just read
//! ([`documents`]) and of the packs ([`packs`]). The command line shows the same.

pub mod documents;
pub mod packs;
