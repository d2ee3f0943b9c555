//! The zip files that docx, OFD and xlsx are: parts by name, and a bound on everything that comes out of them.
//!
//! A part is read as a stream, so that memory follows the text taken and not what the archive claims to hold.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::ReadError;
use super::limits::{MAX_ENTRIES, MAX_RATIO, MAX_UNPACKED_BYTES, RATIO_FREE_BYTES};

/// An archive whose parts are found by name, whatever their case and slashes.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    names: BTreeMap<String, usize>,
    left: u64,
}

/// A part of an archive, or any other stream of XML, as UTF-8.
pub(super) type Part<'a> = Box<dyn BufRead + 'a>;

impl<'a> Archive<'a> {
    /// Opens an archive and reads its directory.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        // Each entry of the directory costs the zip reader some hundred bytes: count the signatures before it does.
        if memchr::memmem::find_iter(bytes, b"PK\x01\x02")
            .take(MAX_ENTRIES + 1)
            .count()
            > MAX_ENTRIES
        {
            return Err(ReadError::new(
                format!("无法读取：压缩包内的文件超过 {MAX_ENTRIES} 个"),
                "请确认是否选错文件",
            ));
        }
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
        let mut names = BTreeMap::new();
        for index in 0..zip.len() {
            if let Some(Ok(name)) = zip.name_for_index(index) {
                names.entry(normal(&name)).or_insert(index);
            }
        }
        Ok(Self {
            zip,
            names,
            left: MAX_UNPACKED_BYTES,
        })
    }

    /// Whether there is a part of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains_key(&normal(name))
    }

    /// Opens a part as a stream of UTF-8; `None` where there is none of this name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<Part<'_>>, ReadError> {
        let Some(&index) = self.names.get(&normal(name)) else {
            return Ok(None);
        };
        let file = self.zip.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => encrypted(),
            _ => damaged(),
        })?;
        let packed = file.compressed_size().max(1);
        let bounded = Bounded {
            file,
            packed,
            taken: 0,
            left: &mut self.left,
        };
        as_utf8(BufReader::with_capacity(64 << 10, bounded)).map(Some)
    }

    /// A whole part in memory; `None` where there is none of this name.
    pub(super) fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(&index) = self.names.get(&normal(name)) else {
            return Ok(None);
        };
        let file = self.zip.by_index(index).map_err(|_| damaged())?;
        let packed = file.compressed_size().max(1);
        let mut bounded = Bounded {
            file,
            packed,
            taken: 0,
            left: &mut self.left,
        };
        let mut bytes = Vec::new();
        bounded.read_to_end(&mut bytes).map_err(|error| failed(&error))?;
        Ok(Some(bytes))
    }
}

/// The file is a broken archive.
pub(super) fn damaged() -> ReadError {
    ReadError::new(
        "无法读取：文件不完整或已损坏",
        "请重新获取该文件，或用 WPS 打开后另存为 docx 再读取",
    )
}

/// The file needs a password.
pub(super) fn encrypted() -> ReadError {
    ReadError::new(
        "无法读取：文件已加密，需要密码才能打开",
        "请用 WPS 打开并取消密码，另存为 docx 后再读取",
    )
}

/// What stopped the reading of a part: its size, or damage.
pub(super) fn failed(error: &io::Error) -> ReadError {
    if error.kind() == io::ErrorKind::FileTooLarge {
        ReadError::new(too_large(), "请确认是否选错文件")
    } else {
        damaged()
    }
}

fn too_large() -> String {
    format!("无法读取：文件解压后超过 {} MB，或压缩比异常", MAX_UNPACKED_BYTES >> 20)
}

fn normal(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

/// Counts what comes out of a part and stops it at the archive's bound, or where it swells as no document does.
struct Bounded<'a, 'b> {
    file: ZipFile<'b, Cursor<&'a [u8]>>,
    packed: u64,
    taken: u64,
    left: &'b mut u64,
}

impl Read for Bounded<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if *self.left == 0 || (self.taken > RATIO_FREE_BYTES && self.taken / self.packed > MAX_RATIO) {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, too_large()));
        }
        let room = usize::try_from(*self.left).unwrap_or(usize::MAX).min(buffer.len());
        let count = self.file.read(&mut buffer[..room])?;
        self.taken += count as u64;
        *self.left -= count as u64;
        Ok(count)
    }
}

/// XML may come in UTF-16 or, from older programs, in GBK: such a part is taken whole and turned into UTF-8.
fn as_utf8<'a>(mut stream: impl BufRead + 'a) -> Result<Part<'a>, ReadError> {
    let head = stream.fill_buf().map_err(|error| failed(&error))?;
    let encoding = declared_encoding(head);
    if encoding == UTF_8 {
        return Ok(Box::new(stream));
    }
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(|error| failed(&error))?;
    let (text, _, _) = encoding.decode(&bytes);
    Ok(Box::new(Cursor::new(text.into_owned().into_bytes())))
}

/// The encoding an XML stream begins in: by its mark, by the shape of `<?`, or as declared.
pub(super) fn declared_encoding(head: &[u8]) -> &'static Encoding {
    match head {
        [0xFF, 0xFE, ..] | [b'<', 0, b'?', 0, ..] => return UTF_16LE,
        [0xFE, 0xFF, ..] | [0, b'<', 0, b'?', ..] => return UTF_16BE,
        _ => {}
    }
    let line = &head[..head.len().min(200)];
    let Some(end) = memchr::memmem::find(line, b"?>") else {
        return UTF_8;
    };
    let Some(at) = memchr::memmem::find(&line[..end], b"encoding") else {
        return UTF_8;
    };
    let value = &line[at + b"encoding".len()..end];
    let label: Vec<u8> = value
        .iter()
        .copied()
        .skip_while(|b| b.is_ascii_whitespace() || matches!(b, b'=' | b'"' | b'\''))
        .take_while(|b| !matches!(b, b'"' | b'\''))
        .collect();
    match Encoding::for_label(&label) {
        // The stream was read as single bytes so far, so it cannot be UTF-16 whatever it says.
        Some(encoding) if encoding != UTF_16LE && encoding != UTF_16BE => encoding,
        _ => UTF_8,
    }
}
