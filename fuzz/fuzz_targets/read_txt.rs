//! Any bytes as a file of unknown kind, mostly plain text, through the reader and the whole extraction.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| leye_fuzz::read(bytes));
