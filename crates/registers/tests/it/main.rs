//! Tests of the registers crate: one harness, one module a subject.

mod derive;
mod tiny;
