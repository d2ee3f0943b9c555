//! The tests of `registers`.
