//! Tests of screening, one file a subject.

mod region;
mod runs;
