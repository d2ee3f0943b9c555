//! Registers: the facts a decision stands on.
//!
//! An office's file goes through [`import`]: its header is recognised, every cell read, every row checked; what is good
//! becomes a vintage (Parquet by region and month or snapshot, see [`layout`]) and is entered in the [`manifest`], what is
//! not comes back as a workbook that can be mended. Names, telephone and account numbers are kept sealed; persons and
//! employers stand in registers as keys alone, and the number behind each key is kept sealed once ([`identity`]).
//!
//! [`derive`] makes of the registers the facts that stand in none of them, and one flat table for each thing a benefit
//! may be about. [`inquiry`] answers read-only queries over them. [`synth`] writes registers of a region that does not exist.

mod columns;
pub mod derive;
pub mod folder;
pub mod header;
pub mod identity;
pub mod import;
pub mod inquiry;
pub mod layout;
pub mod manifest;
pub mod merge;
mod parquet_file;
pub mod problem;
pub mod rekey;
pub mod retention;
pub mod row_key;
pub mod rows;
mod runs;
pub mod source;
pub mod synth;
pub mod value;
pub mod verify;
pub mod view;
pub mod workbook;
