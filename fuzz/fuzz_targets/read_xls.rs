//! Any bytes as a compound file, and as the workbook within a sound one.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/document/tests/it/compound.rs"]
#[allow(dead_code)]
mod compound;

fuzz_target!(|bytes: &[u8]| {
    leye_fuzz::read(&[&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], bytes].concat());
    if bytes.len() < 50_000 {
        leye_fuzz::read(&compound::compound(&[("Workbook", bytes.to_vec())]));
    }
});
