//! Tests of screening, one file a subject.
