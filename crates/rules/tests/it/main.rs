//! The rule language, the kernel, the packs' benefits.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at the first surprise")]

mod agreement;
mod calendar;
mod difference;
mod entitlements;
mod formula;
mod history;
mod hostile;
mod interview;
mod known_on;
mod language;
mod model;
mod mutants;
mod packs;
mod receipts;
mod reference;
mod reform;
mod sql;
mod staging;
mod sums;
mod support;
mod time;
mod whole;
mod wide;
mod words;
