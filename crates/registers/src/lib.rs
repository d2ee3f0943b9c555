//! Registers: the facts a decision stands on.
//!
//! An office's file goes through [`import`]: its header is recognised, every cell read, every row checked; what is good
//! becomes a vintage (Parquet by region and month or snapshot, see [`layout`]) and is entered in the [`manifest`], what is
//! not comes back as a workbook that can be mended. Names, telephone and account numbers are kept sealed, persons and
//! employers only as keys.
//!
//! [`derive`] makes of the registers the facts that stand in none of them, and one flat table for each thing a benefit
//! may be about. [`synth`] writes registers of a region that does not exist.

pub mod derive;
pub mod layout;
pub mod manifest;
pub mod synth;
