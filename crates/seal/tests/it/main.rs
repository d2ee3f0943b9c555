//! Tests of sealing, of entity keys, and of the folder that keeps the keys.

#![expect(clippy::expect_used, reason = "a test stops at the first surprise")]

mod drawn;
mod folder;
mod index;
mod key_file;
mod rekey;
mod sealing;
mod secrecy;
mod vectors;
