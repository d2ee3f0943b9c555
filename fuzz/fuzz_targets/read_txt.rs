//! Any bytes as plain text, through the reader and the whole extraction.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(source) = document::read(bytes) {
        let found = document::extract(&source);
        for task in &found.tasks {
            assert!(source.text.get(task.span.start..task.span.end).is_some());
            assert!(task.part < found.parts.len());
            for quantity in &task.quantities {
                assert!(source.text.get(quantity.span.start..quantity.span.end).is_some());
            }
        }
    }
});
