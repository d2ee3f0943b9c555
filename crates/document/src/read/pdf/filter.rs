//! Packed bytes, unpacked within a limit (ISO 32000-1, 7.4).

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::object::{hex_value, is_space};

/// What a filter needs to know besides its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameters {
    pub(super) predictor: usize,
    pub(super) colors: usize,
    pub(super) bits: usize,
    pub(super) columns: usize,
    /// LZW only: codes grow one step early.
    pub(super) early: bool,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            predictor: 1,
            colors: 1,
            bits: 8,
            columns: 1,
            early: true,
        }
    }
}

/// Unpacks bytes, at most `most` of them; what is broken gives what came before. None for a filter that pictures have.
pub(super) fn unpack(name: &[u8], bytes: &[u8], parameters: Parameters, most: usize) -> Option<Vec<u8>> {
    let out = match name {
        b"FlateDecode" | b"Fl" => flate(bytes, most),
        b"LZWDecode" | b"LZW" => lzw(bytes, parameters.early, most),
        b"ASCIIHexDecode" | b"AHx" => return Some(ascii_hex(bytes, most)),
        b"ASCII85Decode" | b"A85" => return Some(ascii_85(bytes, most)),
        b"RunLengthDecode" | b"RL" => return Some(run_length(bytes, most)),
        _ => return None,
    };
    Some(predicted(out, parameters))
}

fn flate(bytes: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    // A broken stream keeps what came out of it before.
    let _ = ZlibDecoder::new(bytes).take(most as u64).read_to_end(&mut out);
    if out.is_empty() && bytes.len() > 2 {
        // Some writers leave the two bytes of the header out or write them wrong.
        let _ = flate2::read::DeflateDecoder::new(&bytes[2..])
            .take(most as u64)
            .read_to_end(&mut out);
    }
    out
}

fn lzw(bytes: &[u8], early: bool, most: usize) -> Vec<u8> {
    const CLEAR: usize = 256;
    const END: usize = 257;
    let mut out: Vec<u8> = Vec::new();
    // Where each code's text lies in the output, and how long it is.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let mut before: Option<(usize, usize)> = None;
    let (mut bits, mut held, mut width) = (0_u32, 0, 9);
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        if held < width {
            continue;
        }
        held -= width;
        let code = (bits >> held) as usize & ((1 << width) - 1);
        match code {
            CLEAR => {
                table.clear();
                before = None;
                width = 9;
                continue;
            }
            END => break,
            _ => {}
        }
        let at = out.len();
        let entry = match code {
            0..CLEAR => {
                out.push(code as u8);
                (at, 1)
            }
            code => match (table.get(code - 258).copied(), before) {
                (Some((start, length)), _) => {
                    out.extend_from_within(start..start + length);
                    (at, length)
                }
                (None, Some((start, length))) if code - 258 == table.len() => {
                    out.extend_from_within(start..start + length);
                    out.push(out[start]);
                    (at, length + 1)
                }
                _ => break,
            },
        };
        if let Some((start, length)) = before
            && table.len() < 4096 - 258
        {
            // The text before and one byte more, which always follows it in the output.
            table.push((start, length + 1));
        }
        before = Some(entry);
        let codes = table.len() + 258 + usize::from(early) + 1;
        width = match codes {
            0..=512 => 9,
            513..=1024 => 10,
            1025..=2048 => 11,
            _ => 12,
        };
        if out.len() >= most {
            out.truncate(most);
            break;
        }
    }
    out
}

fn ascii_hex(bytes: &[u8], most: usize) -> Vec<u8> {
    let digits: Vec<u8> = bytes
        .iter()
        .take_while(|byte| **byte != b'>')
        .filter_map(|byte| hex_value(*byte))
        .take(most * 2)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0))
        .collect()
}

fn ascii_85(bytes: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let (mut group, mut count) = (0_u32, 0);
    let bytes = bytes.strip_prefix(b"<~").unwrap_or(bytes);
    for &byte in bytes {
        if out.len() >= most || byte == b'~' {
            break;
        }
        match byte {
            b'z' if count == 0 => out.extend([0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                count += 1;
                if count == 5 {
                    out.extend(group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            byte if is_space(byte) => {}
            _ => break,
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        out.extend_from_slice(&group.to_be_bytes()[..count - 1]);
    }
    out
}

fn run_length(bytes: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((&length, after)) = rest.split_first() {
        if length == 128 || out.len() >= most {
            break;
        }
        if length < 128 {
            let count = (usize::from(length) + 1).min(after.len());
            out.extend_from_slice(&after[..count]);
            rest = &after[count..];
        } else {
            let Some((&byte, after)) = after.split_first() else {
                break;
            };
            out.extend(std::iter::repeat_n(byte, 257 - usize::from(length)));
            rest = after;
        }
    }
    out
}

/// Undoes the differences that rows were stored as.
fn predicted(bytes: Vec<u8>, parameters: Parameters) -> Vec<u8> {
    let pixel_bits = parameters.colors.clamp(1, 32) * parameters.bits.clamp(1, 16);
    let pixel = pixel_bits.div_ceil(8);
    let row = (pixel_bits * parameters.columns.clamp(1, 1 << 20)).div_ceil(8);
    match parameters.predictor {
        2 if parameters.bits == 8 => {
            let mut bytes = bytes;
            for row in bytes.chunks_mut(row) {
                for at in pixel..row.len() {
                    row[at] = row[at].wrapping_add(row[at - pixel]);
                }
            }
            bytes
        }
        10..=15 => {
            let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
            let mut above = vec![0; row];
            for line in bytes.chunks(row + 1) {
                let mut current = vec![0; row];
                current[..line.len() - 1].copy_from_slice(&line[1..]);
                undo_png(line[0], &mut current, &above, pixel);
                out.extend_from_slice(&current[..line.len() - 1]);
                above = current;
            }
            out
        }
        _ => bytes,
    }
}

fn undo_png(kind: u8, row: &mut [u8], above: &[u8], pixel: usize) {
    for at in 0..row.len() {
        let left = if at >= pixel { row[at - pixel] } else { 0 };
        let corner = if at >= pixel { above[at - pixel] } else { 0 };
        let add = match kind {
            1 => left,
            2 => above[at],
            3 => ((u16::from(left) + u16::from(above[at])) / 2) as u8,
            4 => paeth(left, above[at], corner),
            _ => 0,
        };
        row[at] = row[at].wrapping_add(add);
    }
}

fn paeth(left: u8, above: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(above), i16::from(corner));
    let guess = a + b - c;
    let (to_a, to_b, to_c) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if to_a <= to_b && to_a <= to_c {
        left
    } else if to_b <= to_c {
        above
    } else {
        corner
    }
}
