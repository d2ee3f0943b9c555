//! Zip packages and compressed streams that come out the same, byte for byte, on every machine.

use std::io::{Cursor, Read, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Levels from 10 up are Zopfli's, whose output does not depend on what the processor can do.
const LEVEL: i64 = 10;

/// A zip of these members, in this order, all of them dated 1980-01-01.
///
/// # Errors
/// What the zip writer refuses; names and sizes of samples give it no reason to.
pub(super) fn zip(members: &[(&str, Vec<u8>)]) -> ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(LEVEL))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// A zlib stream (RFC 1950), as `FlateDecode` reads it: the deflated body is taken out of a zip of one member.
///
/// # Errors
/// As [`zip`].
pub(super) fn zlib(bytes: &[u8]) -> ZipResult<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(zip(&[("stream", bytes.to_vec())])?))?;
    let mut stream = vec![0x78, 0xDA];
    archive.by_index_raw(0)?.read_to_end(&mut stream)?;
    stream.extend(adler32(bytes).to_be_bytes());
    Ok(stream)
}

/// The checksum at the end of a zlib stream.
fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (low, high) = bytes.iter().fold((1u32, 0u32), |(low, high), &byte| {
        let low = (low + u32::from(byte)) % MODULUS;
        (low, (high + low) % MODULUS)
    });
    high << 16 | low
}
