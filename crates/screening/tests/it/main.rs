//! Tests of screening, one file a subject.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops at the first surprise")]

mod language;
mod oracle;
mod population;
