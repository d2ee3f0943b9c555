//! Text with a separator between cells: commas, tabs, semicolons, whatever the head of the file has most of.

use std::io::BufReader;
use std::path::Path;
use std::sync::atomic::AtomicU64;

use csv::{ByteRecord, ReaderBuilder};

use super::cells::Chunks;
use super::encoding::{Encoding, reader};
use super::{CellKind, HEAD_ROWS, Head, MAX_COLUMNS, Merges, SourceError};

/// Bytes of the file by which the separator is chosen.
const SAMPLE: usize = 64 << 10;
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// The first rows.
pub(super) fn head(path: &Path, encoding: Encoding) -> Result<Head, SourceError> {
    let seen = AtomicU64::new(0);
    let mut records = open(path, encoding, &seen)?;
    let mut record = ByteRecord::new();
    let mut head = Head::default();
    let mut row = 0;
    while head.rows.len() < HEAD_ROWS && next(path, &mut records, &mut record)? {
        row += 1;
        let cells = record
            .iter()
            .take(MAX_COLUMNS)
            .map(|cell| plain(&String::from_utf8_lossy(cell)).to_owned())
            .collect();
        head.rows.push((row, cells));
    }
    head.merges = Merges::default();
    Ok(head)
}

/// All rows. Their numbers count records as a spreadsheet would show them, not lines of the file.
pub(super) fn read(
    path: &Path,
    encoding: Encoding,
    seen: &AtomicU64,
    chunks: &mut Chunks<'_>,
) -> Result<(), SourceError> {
    let mut records = open(path, encoding, seen)?;
    let mut record = ByteRecord::new();
    let mut row = 0;
    while !chunks.stopped() && next(path, &mut records, &mut record)? {
        row += 1;
        if !chunks.begin(row) {
            continue;
        }
        for cell in &record {
            match std::str::from_utf8(cell) {
                Ok(text) => chunks.cell(plain(text), CellKind::Text),
                Err(_) => chunks.cell(&String::from_utf8_lossy(cell), CellKind::Text),
            }
        }
        // A separator after the last cell adds an empty one.
        let filled = record.iter().rposition(|cell| !cell.is_empty()).map_or(0, |at| at + 1);
        chunks.end(filled.max(record.len().min(chunks.width())));
    }
    Ok(())
}

type Records<'s> = csv::Reader<BufReader<Box<dyn std::io::Read + 's>>>;

fn open<'s>(path: &Path, encoding: Encoding, seen: &'s AtomicU64) -> Result<Records<'s>, SourceError> {
    Ok(ReaderBuilder::new()
        .delimiter(separator(path, encoding)?)
        .has_headers(false)
        .flexible(true)
        .buffer_capacity(1 << 20)
        .from_reader(BufReader::with_capacity(1 << 20, reader(path, encoding, seen)?)))
}

fn next(path: &Path, records: &mut Records<'_>, record: &mut ByteRecord) -> Result<bool, SourceError> {
    records.read_byte_record(record).map_err(|error| SourceError::Damaged {
        path: path.display().to_string(),
        reason: match error.into_kind() {
            csv::ErrorKind::Io(error) => super::reason(&error),
            _ => "行的写法不合 csv 规则".to_owned(),
        },
    })
}

fn separator(path: &Path, encoding: Encoding) -> Result<u8, SourceError> {
    let mut sample = Vec::with_capacity(SAMPLE);
    let seen = AtomicU64::new(0);
    let read = std::io::Read::take(reader(path, encoding, &seen)?, SAMPLE as u64);
    std::io::Read::read_to_end(&mut { read }, &mut sample).map_err(|error| SourceError::Unreadable {
        path: path.display().to_string(),
        reason: super::reason(&error),
    })?;
    let count = |separator: u8| memchr::memchr_iter(separator, &sample).count();
    Ok(SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b','))
}

/// `="0123"` and `'0123` are how people keep spreadsheets from taking text for a number.
fn plain(text: &str) -> &str {
    let text = text.trim();
    if let Some(inner) = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        return inner;
    }
    text.strip_prefix('\'').unwrap_or(text)
}
