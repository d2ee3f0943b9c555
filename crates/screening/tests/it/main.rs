//! Tests of screening, one file a subject.

mod order;
mod region;
mod runs;
