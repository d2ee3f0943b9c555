//! Any text through the extraction, its lines as paragraphs and, where they have tabs, as rows of tables.
#![no_main]

use document::source::SourceBuilder;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut builder = SourceBuilder::new();
    for line in text.lines() {
        if line.contains('\t') {
            builder.begin_row();
            for (column, cell) in line.split('\t').enumerate() {
                builder.cell(&cell.replace('\u{b}', "\n"), column, 1, cell == "^");
            }
        } else {
            builder.paragraph(line);
        }
    }
    let source = builder.finish();
    let found = document::extract(&source);
    for task in &found.tasks {
        assert!(source.text.get(task.span.start..task.span.end).is_some() && task.part < found.parts.len());
    }
});
