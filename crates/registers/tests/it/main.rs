//! Tests of the registers crate: one harness, one module a subject.

mod derive;
mod synth;
mod tiny;
