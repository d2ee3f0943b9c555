//! Tests of the registers crate: one harness, one module a subject.
