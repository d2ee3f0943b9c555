//! Encrypted PDFs that open without a password, because only copying or printing is restricted (ISO 32000-2, 7.6).
//!
//! MD5 and RC4 are what old files were encrypted with; nothing is kept secret by them here.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes256, Block};
use md5::{Digest, Md5};
use sha2::{Sha256, Sha384, Sha512};

use super::object::{Dictionary, Object};

const PADDING: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08, 0x2E, 0x2E, 0x00,
    0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];
const BLOCK: usize = 16;

/// How the strings or streams of a file are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Clear,
    Rc4,
    Aes128,
    Aes256,
}

/// The key of a file, found without a password.
#[derive(Debug)]
pub(super) struct Crypt {
    key: Vec<u8>,
    strings: Method,
    streams: Method,
}

impl Crypt {
    /// The key of a file with this encryption dictionary (all values resolved); none where it needs a password, or is
    /// encrypted in a way that is not known.
    pub(super) fn without_password(dictionary: &Dictionary, id: &[u8]) -> Option<Self> {
        if !dictionary.is("Filter", "Standard") {
            return None;
        }
        let version = dictionary.get("V").and_then(Object::index).unwrap_or(0);
        let (strings, streams) = match version {
            1 | 2 => (Method::Rc4, Method::Rc4),
            4 | 5 => (method(dictionary, "StrF"), method(dictionary, "StmF")),
            _ => return None,
        };
        let key = if version == 5 {
            modern_key(dictionary)?
        } else {
            old_key(dictionary, version, id)?
        };
        Some(Self { key, strings, streams })
    }

    /// Decrypts all strings within an object.
    pub(super) fn decrypt_strings(&self, object: &mut Object, id: (u32, u16)) {
        if self.strings == Method::Clear {
            return;
        }
        let mut waiting = vec![object];
        while let Some(object) = waiting.pop() {
            match object {
                Object::String(bytes) => *bytes = self.decrypt(self.strings, bytes, id),
                Object::Array(array) => waiting.extend(array),
                Object::Dictionary(dictionary) | Object::Stream(dictionary, ..) => {
                    waiting.extend(dictionary.0.values_mut())
                }
                _ => {}
            }
        }
    }

    /// Decrypts the bytes of a stream.
    pub(super) fn decrypt_stream(&self, bytes: &[u8], id: (u32, u16)) -> Vec<u8> {
        self.decrypt(self.streams, bytes, id)
    }

    fn decrypt(&self, method: Method, bytes: &[u8], id: (u32, u16)) -> Vec<u8> {
        match method {
            Method::Clear => bytes.to_vec(),
            Method::Rc4 => rc4(&self.object_key(id, b""), bytes),
            Method::Aes128 => decrypt_blocks(&self.object_key(id, b"sAlT"), bytes),
            Method::Aes256 => decrypt_blocks(&self.key, bytes),
        }
    }

    fn object_key(&self, (number, generation): (u32, u16), salt: &[u8]) -> Vec<u8> {
        let mut hash = Md5::new();
        hash.update(&self.key);
        hash.update(&number.to_le_bytes()[..3]);
        hash.update(generation.to_le_bytes());
        hash.update(salt);
        hash.finalize()[..(self.key.len() + 5).min(16)].to_vec()
    }
}

fn method(dictionary: &Dictionary, name: &str) -> Method {
    let filter = dictionary.get(name).and_then(Object::name).unwrap_or(b"Identity");
    let filters = dictionary.get("CF").and_then(Object::dictionary);
    let chosen = filters
        .and_then(|filters| filters.0.get(filter))
        .and_then(Object::dictionary);
    match chosen.and_then(|chosen| chosen.get("CFM")).and_then(Object::name) {
        Some(b"V2") => Method::Rc4,
        Some(b"AESV2") => Method::Aes128,
        Some(b"AESV3") => Method::Aes256,
        _ => Method::Clear,
    }
}

/// Algorithms 2, 4 and 5.
fn old_key(dictionary: &Dictionary, version: usize, id: &[u8]) -> Option<Vec<u8>> {
    let revision = dictionary.get("R")?.index()?;
    let owner = dictionary.get("O")?.string()?.get(..32)?;
    let user = dictionary.get("U")?.string()?;
    let permissions = dictionary.get("P")?.number()?;
    let bits = dictionary
        .get("Length")
        .and_then(Object::index)
        .unwrap_or(if version == 4 { 128 } else { 40 });
    let length = if version == 1 { 5 } else { (bits / 8).clamp(5, 16) };
    let mut hash = Md5::new();
    hash.update(PADDING);
    hash.update(owner);
    // Written as a signed number by most, as an unsigned one by some.
    hash.update((permissions as i64 as u32).to_le_bytes());
    hash.update(id);
    if revision >= 4 && dictionary.get("EncryptMetadata") == Some(&Object::Boolean(false)) {
        hash.update([0xFF; 4]);
    }
    let mut digest = hash.finalize();
    if revision >= 3 {
        for _ in 0..50 {
            digest = Md5::digest(&digest[..length]);
        }
    }
    let key = digest[..length].to_vec();
    let expected = if revision == 2 {
        rc4(&key, &PADDING)
    } else {
        let mut hash = Md5::new();
        hash.update(PADDING);
        hash.update(id);
        (0..20_u8).fold(hash.finalize().to_vec(), |bytes, round| {
            let key: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
            rc4(&key, &bytes)
        })
    };
    let compared = if revision == 2 { 32 } else { 16 };
    (user.get(..compared) == expected.get(..compared)).then_some(key)
}

/// Algorithm 2.A, for an empty user password.
fn modern_key(dictionary: &Dictionary) -> Option<Vec<u8>> {
    let revision = dictionary.get("R")?.index()?;
    let user = dictionary.get("U")?.string()?.get(..48)?;
    let hash = |salt: &[u8]| {
        if revision == 5 {
            Sha256::digest(salt).to_vec()
        } else {
            hardened(salt)
        }
    };
    if hash(&user[32..40]) != user[..32] {
        return None;
    }
    let packed = dictionary.get("UE")?.string()?.get(..32)?;
    let cipher = Aes256::new_from_slice(&hash(&user[40..48])).ok()?;
    Some(chain_back(packed, &[0; BLOCK], |block| cipher.decrypt_block(block)))
}

/// Algorithm 2.B, for an empty user password.
fn hardened(salt: &[u8]) -> Vec<u8> {
    let mut key = Sha256::digest(salt).to_vec();
    let mut round = 0;
    loop {
        let Ok(cipher) = Aes128::new_from_slice(&key[..16]) else {
            return key;
        };
        let mut before: [u8; BLOCK] = key[16..32].try_into().unwrap_or([0; BLOCK]);
        let mut out = Vec::with_capacity(key.len() * 64);
        for chunk in key.repeat(64).chunks_exact(BLOCK) {
            let mut block = Block::default();
            for at in 0..BLOCK {
                block[at] = chunk[at] ^ before[at];
            }
            cipher.encrypt_block(&mut block);
            before.copy_from_slice(&block);
            out.extend_from_slice(&block);
        }
        let choice = out[..BLOCK].iter().map(|byte| u32::from(*byte)).sum::<u32>() % 3;
        key = match choice {
            0 => Sha256::digest(&out).to_vec(),
            1 => Sha384::digest(&out).to_vec(),
            _ => Sha512::digest(&out).to_vec(),
        };
        round += 1;
        let last = out.last().copied().unwrap_or(0);
        if round >= 64 && u32::from(last) <= round - 32 {
            key.truncate(32);
            return key;
        }
    }
}

/// Bytes in cipher block chaining, their first block being the start; the padding at the end is taken off.
fn decrypt_blocks(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let Some((start, body)) = bytes.split_at_checked(BLOCK) else {
        return Vec::new();
    };
    let mut out = if let Ok(cipher) = Aes128::new_from_slice(key) {
        chain_back(body, start, |block| cipher.decrypt_block(block))
    } else if let Ok(cipher) = Aes256::new_from_slice(key) {
        chain_back(body, start, |block| cipher.decrypt_block(block))
    } else {
        return Vec::new();
    };
    let padding = usize::from(out.last().copied().unwrap_or(0));
    if (1..=BLOCK).contains(&padding) && padding <= out.len() {
        out.truncate(out.len() - padding);
    }
    out
}

fn chain_back(body: &[u8], start: &[u8], decrypt: impl Fn(&mut Block)) -> Vec<u8> {
    let mut before = start;
    let mut out = Vec::with_capacity(body.len());
    for chunk in body.chunks_exact(BLOCK) {
        let mut block = Block::default();
        block.copy_from_slice(chunk);
        decrypt(&mut block);
        out.extend(block.iter().zip(before).map(|(a, b)| a ^ b));
        before = chunk;
    }
    out
}

fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut state: [u8; 256] = std::array::from_fn(|at| at as u8);
    let mut j = 0_u8;
    for i in 0..256 {
        j = j.wrapping_add(state[i]).wrapping_add(key[i % key.len()]);
        state.swap(i, usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    bytes
        .iter()
        .map(|byte| {
            i = i.wrapping_add(1);
            j = j.wrapping_add(state[usize::from(i)]);
            state.swap(usize::from(i), usize::from(j));
            byte ^ state[usize::from(state[usize::from(i)].wrapping_add(state[usize::from(j)]))]
        })
        .collect()
}
