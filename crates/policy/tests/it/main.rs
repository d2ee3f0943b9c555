//! Tests of the policy crate: one harness, one module a subject.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop at the first surprise, and says when it is skipped"
)]

mod broken;
mod draft;
mod due;
mod founding;
mod ledger;
mod library;
mod matching;
mod packs;
mod regions;
mod registers;
mod shared;
mod suggest;
mod table;
mod tree;
mod units;
