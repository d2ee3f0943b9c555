//! Any bytes as a web page.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| leye_fuzz::read(&[b"<html>", bytes].concat()));
