//! Compound files (the container of doc, xls, ppt, wps, et and of encrypted office files): streams by name.

use super::ReadError;
use super::archive::damaged;

/// The first bytes of every compound file.
pub(super) const SIGNATURE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const ENTRY_BYTES: usize = 128;
const DIFAT_IN_HEADER: usize = 109;

/// A compound file.
#[derive(Debug)]
pub(super) struct CompoundFile<'a> {
    bytes: &'a [u8],
    sector: usize,
    mini_sector: usize,
    mini_cutoff: u64,
    table: Vec<u32>,
    mini_table: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    is_stream: bool,
    start: u32,
    size: u64,
}

impl<'a> CompoundFile<'a> {
    /// Reads the header, the sector tables and the directory.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let header = bytes.get(..512).ok_or_else(damaged)?;
        let (sector_shift, mini_shift) = (word(header, 30), word(header, 32));
        if !matches!(sector_shift, 9 | 12) || mini_shift != 6 {
            return Err(damaged());
        }
        let mut file = Self {
            bytes,
            sector: 1 << sector_shift,
            mini_sector: 1 << mini_shift,
            mini_cutoff: u64::from(long(header, 56)),
            table: Vec::new(),
            mini_table: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        file.read_table(header);
        file.mini_table = longs(&file.chain(long(header, 60), u64::MAX));
        file.read_directory(long(header, 48));
        if let Some(root) = file.entries.first() {
            file.mini_stream = file.chain(root.start, root.size);
        }
        Ok(file)
    }

    /// Whether there is a stream or folder of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// The stream of this name; shorter than it says where the file is cut off.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self
            .entries
            .iter()
            .find(|entry| entry.is_stream && entry.name == name)?;
        if entry.size >= self.mini_cutoff {
            return Some(self.chain(entry.start, entry.size));
        }
        let mut out = Vec::new();
        let mut at = entry.start;
        // A chain that runs in a circle ends when every sector could have been seen once.
        for _ in 0..=self.mini_table.len() {
            let start = at as usize * self.mini_sector;
            let Some(part) = self
                .mini_stream
                .get(start..(start + self.mini_sector).min(self.mini_stream.len()))
            else {
                break;
            };
            out.extend_from_slice(part);
            match self.mini_table.get(at as usize) {
                Some(&next) if next < END_OF_CHAIN => at = next,
                _ => break,
            }
        }
        out.truncate(usize::try_from(entry.size).unwrap_or(usize::MAX));
        Some(out)
    }

    fn sector_at(&self, number: u32) -> Option<&'a [u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let bytes = self.bytes.get(start..)?;
        (!bytes.is_empty()).then(|| &bytes[..bytes.len().min(self.sector)])
    }

    fn read_table(&mut self, header: &[u8]) {
        let most = self.bytes.len() / self.sector + 1;
        let mut sectors: Vec<u32> = (0..DIFAT_IN_HEADER).map(|at| long(header, 76 + at * 4)).collect();
        let mut next = long(header, 68);
        for _ in 0..most {
            let Some(sector) = self.sector_at(next).filter(|sector| sector.len() == self.sector) else {
                break;
            };
            let numbers = longs(sector);
            let (last, numbers) = numbers.split_last().unwrap_or((&END_OF_CHAIN, &[]));
            sectors.extend_from_slice(numbers);
            next = *last;
            if sectors.len() > most {
                break;
            }
        }
        for number in sectors.into_iter().filter(|&number| number < END_OF_CHAIN).take(most) {
            let Some(sector) = self.sector_at(number) else { continue };
            self.table.extend(longs(sector));
            if self.table.len() > most {
                break;
            }
        }
    }

    fn chain(&self, start: u32, size: u64) -> Vec<u8> {
        let mut out = Vec::new();
        let mut at = start;
        for _ in 0..=self.table.len() {
            let Some(sector) = self.sector_at(at) else { break };
            out.extend_from_slice(sector);
            if out.len() as u64 >= size || out.len() > self.bytes.len() {
                break;
            }
            match self.table.get(at as usize) {
                Some(&next) if next < END_OF_CHAIN => at = next,
                _ => break,
            }
        }
        out.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        out
    }

    fn read_directory(&mut self, start: u32) {
        for entry in self.chain(start, u64::MAX).chunks_exact(ENTRY_BYTES) {
            let length = usize::from(word(entry, 64)).saturating_sub(2).min(64);
            let units: Vec<u16> = entry[..length]
                .chunks_exact(2)
                .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
                .collect();
            self.entries.push(Entry {
                name: String::from_utf16_lossy(&units),
                is_stream: entry[66] == 2,
                start: long(entry, 116),
                // Files of small sectors leave the upper half of the size undefined.
                size: u64::from(long(entry, 120)),
            });
        }
    }
}

/// The unsigned 16 bits at `at`; zero beyond the end.
pub(super) fn word(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

/// The unsigned 32 bits at `at`; zero beyond the end.
pub(super) fn long(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at + 4)
        .map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn longs(bytes: &[u8]) -> Vec<u32> {
    bytes
        .chunks_exact(4)
        .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        .collect()
}
