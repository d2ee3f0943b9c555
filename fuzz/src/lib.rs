//! What the targets share: files around the part that is fuzzed, and what must hold of everything that is read.

use document::source::Block;

/// Reads a file; whatever comes out hangs together, and the extraction takes it.
pub fn read(bytes: &[u8]) {
    let Ok(source) = document::read(bytes) else { return };
    let text = source.text.as_str();
    let mut end = 0;
    for block in &source.blocks {
        let span = match block {
            Block::Paragraph(paragraph) => paragraph.span,
            Block::Table(table) => {
                assert!(!table.rows.is_empty());
                let mut above: Vec<usize> = Vec::new();
                for row in &table.rows {
                    let mut column = 0;
                    assert!(!row.cells.is_empty());
                    for cell in &row.cells {
                        assert!(text.get(cell.span.start..cell.span.end).is_some());
                        assert!(cell.columns > 0 && cell.column >= column);
                        assert!(!cell.continues || above.contains(&cell.column));
                        assert!(row.span.start <= cell.span.start && cell.span.end <= row.span.end);
                        column = cell.column + cell.columns;
                    }
                    above = row.cells.iter().map(|cell| cell.column).collect();
                }
                table.span
            }
        };
        assert!(span.start >= end && text.get(span.start..span.end).is_some());
        end = span.end;
    }
    for diagnostic in &source.diagnostics {
        assert!(diagnostic.line >= 1 && diagnostic.column >= 1 && !diagnostic.message.is_empty());
    }
    // The extraction has a target of its own; here it only has to take what readers make.
    if text.len() > 2_000 {
        return;
    }
    let found = document::extract(&source);
    for task in &found.tasks {
        assert!(text.get(task.span.start..task.span.end).is_some() && task.part < found.parts.len());
        for quantity in &task.quantities {
            assert!(text.get(quantity.span.start..quantity.span.end).is_some());
        }
    }
}

/// The parts that a fuzzed input is cut into, at bytes no text has; missing ones are empty.
pub fn parts<const N: usize>(bytes: &[u8]) -> [&[u8]; N] {
    let mut parts = bytes.splitn(N, |byte| *byte == 1);
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// A zip whose entries are stored and not compressed, so that the fuzzer reaches what is in them.
pub fn stored_zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = Vec::new();
    let mut directory = Vec::new();
    for (name, body) in entries {
        let at = zip.len() as u32;
        let mut common = Vec::new();
        common.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
        common.extend(crc32(body).to_le_bytes());
        common.extend((body.len() as u32).to_le_bytes());
        common.extend((body.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        zip.extend(b"PK\x03\x04");
        zip.extend(&common);
        zip.extend(name.as_bytes());
        zip.extend(*body);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = zip.len() as u32;
    zip.extend(&directory);
    zip.extend(b"PK\x05\x06\0\0\0\0");
    zip.extend((entries.len() as u16).to_le_bytes());
    zip.extend((entries.len() as u16).to_le_bytes());
    zip.extend((directory.len() as u32).to_le_bytes());
    zip.extend(start.to_le_bytes());
    zip.extend([0, 0]);
    zip
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes
        .iter()
        .fold(!0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
