//! Writes compound files and the records of xls, so that tests show what is in them.

const SECTOR: usize = 512;
const END: u32 = 0xFFFF_FFFE;
const TABLE: u32 = 0xFFFF_FFFD;

/// A compound file with these streams, each padded to at least 4,096 bytes so that none is kept in small sectors.
pub(crate) fn compound(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut table: Vec<u32> = Vec::new();
    let mut body: Vec<u8> = Vec::new();
    let mut put = |bytes: &[u8]| -> u32 {
        let first = table.len() as u32;
        let count = bytes.len().div_ceil(SECTOR);
        table.extend((1..=count).map(|at| if at == count { END } else { first + at as u32 }));
        body.extend_from_slice(bytes);
        body.resize(table.len() * SECTOR, 0);
        first
    };
    let entry = |name: &str, kind: u8, start: u32, size: usize| {
        let mut entry = vec![0; 128];
        for (at, unit) in name.encode_utf16().enumerate() {
            entry[at * 2..at * 2 + 2].copy_from_slice(&unit.to_le_bytes());
        }
        entry[64..66].copy_from_slice(&((name.encode_utf16().count() as u16 + 1) * 2).to_le_bytes());
        entry[66] = kind;
        entry[116..120].copy_from_slice(&start.to_le_bytes());
        entry[120..124].copy_from_slice(&(size as u32).to_le_bytes());
        entry
    };
    let mut directory = entry("Root Entry", 5, END, 0);
    for (name, bytes) in streams {
        let mut bytes = bytes.clone();
        bytes.resize(bytes.len().max(4096), 0);
        let start = put(&bytes);
        directory.extend(entry(name, 2, start, bytes.len()));
    }
    let directory_at = put(&directory);
    let table_sectors = (table.len() + 1).div_ceil(SECTOR / 4 - 1).max(1);
    let table_at = table.len() as u32;
    table.extend(std::iter::repeat_n(TABLE, table_sectors));
    table.resize(table_sectors * SECTOR / 4, u32::MAX);
    body.extend(table.iter().flat_map(|number| number.to_le_bytes()));

    let mut header = vec![0; SECTOR];
    header[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    header[24..34].copy_from_slice(&[0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0]);
    header[44..48].copy_from_slice(&(table_sectors as u32).to_le_bytes());
    header[48..52].copy_from_slice(&directory_at.to_le_bytes());
    header[56..60].copy_from_slice(&4096_u32.to_le_bytes());
    header[60..64].copy_from_slice(&END.to_le_bytes());
    header[68..72].copy_from_slice(&END.to_le_bytes());
    header[76..].fill(0xFF);
    for at in 0..table_sectors {
        header[76 + at * 4..80 + at * 4].copy_from_slice(&(table_at + at as u32).to_le_bytes());
    }
    header.extend(body);
    header
}

/// A record of an xls stream.
pub(crate) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut record = kind.to_le_bytes().to_vec();
    record.extend((data.len() as u16).to_le_bytes());
    record.extend_from_slice(data);
    record
}

/// Numbers of 16 bits, one after the other.
pub(crate) fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// Characters of two bytes with their flags, as strings have them behind their length.
pub(crate) fn wide(text: &str) -> Vec<u8> {
    std::iter::once(1)
        .chain(text.encode_utf16().flat_map(u16::to_le_bytes))
        .collect()
}

/// The stream of a workbook with these records among its globals, and sheets of these records.
pub(crate) fn workbook(globals: &[Vec<u8>], sheets: &[(&str, u8, Vec<Vec<u8>>)]) -> Vec<u8> {
    let begin = |kind: u16| record(0x0809, &words(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
    let listed = |at: usize, name: &str, state: u8| {
        let mut data = (at as u32).to_le_bytes().to_vec();
        data.extend([state, 0, name.encode_utf16().count() as u8]);
        data.extend(wide(name));
        record(0x0085, &data)
    };
    let mut stream = begin(5);
    stream.extend(globals.concat());
    let mut at = stream.len()
        + sheets
            .iter()
            .map(|(name, state, _)| listed(0, name, *state).len())
            .sum::<usize>()
        + 4;
    for (name, state, records) in sheets {
        stream.extend(listed(at, name, *state));
        at += begin(16).len() + records.concat().len() + 4;
    }
    stream.extend(record(0x000A, &[]));
    for (_, _, records) in sheets {
        stream.extend(begin(16));
        stream.extend(records.concat());
        stream.extend(record(0x000A, &[]));
    }
    stream
}
