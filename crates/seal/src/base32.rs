//! Crockford's base32: digits and capital letters without I, L, O, U, in the order of the bytes they stand for.

const ALPHABET: [u8; 32] = *b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bits of one character.
const BITS: u32 = 5;
/// Characters of 128 bits; the first stands for three bits only, so it is at most 7.
pub(crate) const KEY_CHARACTERS: usize = 26;

/// 16 bytes as a number of 26 characters.
pub(crate) fn number(bytes: [u8; 16]) -> [u8; KEY_CHARACTERS] {
    let mut rest = u128::from_be_bytes(bytes);
    let mut text = [0; KEY_CHARACTERS];
    for character in text.iter_mut().rev() {
        *character = letter(u8::try_from(rest & 31).unwrap_or_default());
        rest >>= BITS;
    }
    text
}

/// The bytes of a number as [`number`] writes it, and only as it does.
pub(crate) fn from_number(text: &str) -> Option<[u8; 16]> {
    if text.len() != KEY_CHARACTERS {
        return None;
    }
    let mut number = 0_u128;
    for (index, character) in text.bytes().enumerate() {
        let value = value(character)?;
        if index == 0 && value > 7 {
            return None;
        }
        number = number << BITS | u128::from(value);
    }
    Some(number.to_be_bytes())
}

/// Any bytes, in order; the last character is filled up with zero bits.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let mut held = 0_u32;
    let mut bits = 0;
    for byte in bytes {
        held = (held << 8 | u32::from(*byte)) & 0xfff;
        bits += 8;
        while bits >= BITS {
            bits -= BITS;
            text.push(char::from(letter(u8::try_from(held >> bits & 31).unwrap_or_default())));
        }
    }
    if bits > 0 {
        text.push(char::from(letter(
            u8::try_from(held << (BITS - bits) & 31).unwrap_or_default(),
        )));
    }
    text
}

/// The bytes that [`bytes`] wrote, and only as it does.
pub(crate) fn from_bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let mut held = 0_u32;
    let mut bits = 0;
    for character in text.bytes() {
        held = (held << BITS | u32::from(value(character)?)) & 0xfff;
        bits += BITS;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap_or_default());
        }
    }
    let filling = held & ((1 << bits) - 1);
    (bits < BITS && filling == 0).then_some(bytes)
}

fn letter(value: u8) -> u8 {
    ALPHABET.get(usize::from(value)).copied().unwrap_or_default()
}

fn value(character: u8) -> Option<u8> {
    let index = ALPHABET.iter().position(|letter| *letter == character)?;
    u8::try_from(index).ok()
}
