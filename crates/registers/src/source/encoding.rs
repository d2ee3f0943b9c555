//! Which encoding a text file is in, and a reader that gives UTF-8.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{DecoderResult, GB18030, UTF_16BE, UTF_16LE};

use super::{SourceError, reason};

/// Bytes read at a time.
const BLOCK: usize = 256 << 10;

/// The encodings offices write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Gb18030,
    Utf16Le,
    Utf16Be,
}

/// Finds the encoding by reading the whole file: a mark at the front, else UTF-8 if every byte is, else GB18030 if
/// every byte is. Guessing from the first rows would turn a name on the last page into rubbish.
pub(super) fn detect(path: &Path) -> Result<Encoding, SourceError> {
    let mut first = [0_u8; 3];
    let length = open(path)?.read(&mut first).map_err(|error| unreadable(path, &error))?;
    match first.get(..length).unwrap_or_default() {
        [0xff, 0xfe, ..] => return Ok(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => return Ok(Encoding::Utf16Be),
        _ => {}
    }
    let Some(line) = first_bad_line(path, Encoding::Utf8)? else {
        return Ok(Encoding::Utf8);
    };
    match first_bad_line(path, Encoding::Gb18030)? {
        None => Ok(Encoding::Gb18030),
        Some(other) => Err(SourceError::Encoding {
            path: path.display().to_string(),
            line: line.max(other),
        }),
    }
}

/// The first line with bytes that the encoding does not have; zero bytes are of no text.
fn first_bad_line(path: &Path, encoding: Encoding) -> Result<Option<u64>, SourceError> {
    let mut file = open(path)?;
    let mut block = vec![0_u8; BLOCK];
    let mut decoded = vec![0_u8; BLOCK * 2];
    let mut decoder = GB18030.new_decoder_without_bom_handling();
    let (mut kept, mut line) = (0, 1_u64);
    loop {
        let read = file
            .read(block.get_mut(kept..).unwrap_or_default())
            .map_err(|error| unreadable(path, &error))?;
        let last = read == 0;
        let bytes = block.get(..kept + read).unwrap_or_default();
        if memchr::memchr(0, bytes).is_some() {
            return Ok(Some(line + lines(bytes)));
        }
        let good = if encoding == Encoding::Utf8 {
            encoding_rs::Encoding::utf8_valid_up_to(bytes)
        } else {
            let (result, used, _) = decoder.decode_to_utf8_without_replacement(bytes, &mut decoded, last);
            if matches!(result, DecoderResult::Malformed(..)) {
                return Ok(Some(line + lines(bytes.get(..used).unwrap_or_default())));
            }
            used
        };
        line += lines(bytes.get(..good).unwrap_or_default());
        let rest = bytes.len() - good;
        if encoding == Encoding::Utf8 && (rest > 3 || last && rest > 0) {
            return Ok(Some(line));
        }
        if last && rest == 0 {
            return Ok(None);
        }
        let end = bytes.len();
        block.copy_within(good..end, 0);
        kept = rest;
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// A file that tells how much of it has been read.
struct Counted<'s> {
    file: File,
    seen: &'s AtomicU64,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(into)?;
        self.seen.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// A reader that gives UTF-8 without a mark at the front; `seen` counts the bytes of the file that it has taken.
pub(super) fn reader<'s>(
    path: &Path,
    encoding: Encoding,
    seen: &'s AtomicU64,
) -> Result<Box<dyn Read + 's>, SourceError> {
    let file = open(path)?;
    let mut file = Counted { file, seen };
    if encoding == Encoding::Utf8 {
        let mut first = [0_u8; 3];
        let mut length = 0;
        while length < first.len() {
            let read = file
                .read(first.get_mut(length..).unwrap_or_default())
                .map_err(|error| unreadable(path, &error))?;
            if read == 0 {
                break;
            }
            length += read;
        }
        let begun = first.get(..length).unwrap_or_default();
        let begun = if begun == [0xef, 0xbb, 0xbf] {
            Vec::new()
        } else {
            begun.to_vec()
        };
        return Ok(Box::new(io::Cursor::new(begun).chain(file)));
    }
    let decoder = match encoding {
        Encoding::Utf16Le => UTF_16LE.new_decoder(),
        Encoding::Utf16Be => UTF_16BE.new_decoder(),
        Encoding::Utf8 | Encoding::Gb18030 => GB18030.new_decoder(),
    };
    Ok(Box::new(Decoding {
        file,
        decoder,
        block: vec![0; BLOCK],
        kept: 0,
        decoded: vec![0; BLOCK * 3],
        begin: 0,
        end: 0,
        ended: false,
    }))
}

struct Decoding<'s> {
    file: Counted<'s>,
    decoder: encoding_rs::Decoder,
    block: Vec<u8>,
    /// Bytes at the front of `block` that the decoder has not taken.
    kept: usize,
    decoded: Vec<u8>,
    begin: usize,
    end: usize,
    ended: bool,
}

impl Read for Decoding<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.begin == self.end && !self.ended {
            let read = self.file.read(self.block.get_mut(self.kept..).unwrap_or_default())?;
            let bytes = self.block.get(..self.kept + read).unwrap_or_default();
            let (result, used, written, _) = self.decoder.decode_to_utf8(bytes, &mut self.decoded, read == 0);
            let all = bytes.len();
            self.block.copy_within(used..all, 0);
            self.kept = all - used;
            (self.begin, self.end) = (0, written);
            self.ended = read == 0 && result == encoding_rs::CoderResult::InputEmpty;
        }
        let ready = self.decoded.get(self.begin..self.end).unwrap_or_default();
        let count = ready.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), ready.get(..count)) {
            to.copy_from_slice(from);
        }
        self.begin += count;
        Ok(count)
    }
}

fn open(path: &Path) -> Result<File, SourceError> {
    File::open(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> SourceError {
    SourceError::Unreadable {
        path: path.display().to_string(),
        reason: reason(error),
    }
}
