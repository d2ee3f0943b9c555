//! The policy pack: model, loader, checker, citations.
//!
//! [`Library::load`] reads a [`file::Tree`] of packs and says everything that is wrong with it. [`Units`] turns a unit's
//! printed name into its function in government.

pub mod benefit;
mod check;
mod coverage_file;
pub mod cross_check;
pub mod draft;
pub mod due;
pub mod fact;
pub mod file;
pub mod fund;
pub mod item;
pub mod ledger;
mod library;
pub mod matching;
pub mod pack;
pub mod parameter;
mod policy_file;
pub mod reading;
pub mod reform;
pub mod regions;
pub mod register;
pub mod situation;
pub mod suggest;
mod targets_file;
mod tasks_file;
pub mod units;
mod units_file;

pub use library::Library;
pub use pack::Pack;
pub use regions::Regions;
pub use targets_file::SOFT_WORDS;
pub use tasks_file::MAX_TITLE_CHARACTERS;
pub use units::Units;
