//! The draft of a pack as one file: what `leye extract --pack` writes into a folder, zipped.

use std::io::{Cursor, Write as _};

use document::Extraction;
use policy::Regions;
use policy::draft::draft;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// The files of a draft pack `id` in a folder of that name. The same document gives the same bytes.
///
/// # Errors
/// That of the writer, in English, for the log.
pub fn draft_pack(id: &str, extraction: &Extraction, regions: &Regions) -> Result<Vec<u8>, String> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut write = || -> zip::result::ZipResult<()> {
        for file in draft(id, extraction, regions) {
            archive.start_file(format!("{id}/{}", file.name), options)?;
            archive.write_all(file.text.as_bytes())?;
        }
        Ok(())
    };
    write().map_err(|error| format!("draft pack: {error}"))?;
    let bytes = archive.finish().map_err(|error| format!("draft pack: {error}"))?;
    Ok(bytes.into_inner())
}
