//! The text of key files and of the ring file: TOML of the plainest kind, read strictly and without a parser that would
//! keep copies of a key.
//!
//! A key file is written once and never changed:
//! ```toml
//! format = 1
//! kind = "sealing"        # or "index"
//! id = 2
//! key = "…"               # 16 or 32 bytes in Crockford's base32
//! check = "…"             # 8 characters
//! ```
//! The ring file holds no secret: which keys there are, with their check values, and which one seals.
//! ```toml
//! format = 1
//! active = 2
//! index.1 = "…"
//! sealing.1 = "…"
//! sealing.2 = "…"
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;

use zeroize::Zeroizing;

use crate::base32;
use crate::key::{CheckValue, KeyId, KeyKind, Secret};
use crate::ring::KeyRing;

/// Version of key files and of the ring file.
pub const FORMAT: u64 = 1;

const KEY_HEAD: &str = "# 乐业密钥文件：请勿改动、转发，不得与数据库放在一起备份\n";
const RING_HEAD: &str = "# 乐业密钥目录：只列编号和校验值；密钥在同一文件夹的 .key 文件中\n";
/// More than any key file has, so that its text never moves while it is written.
const KEY_FILE_BYTES: usize = 512;

/// Why a file of the key folder is refused. It never repeats what the file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// Not UTF-8, or far too long.
    #[error("不是密钥文件")]
    NotText,
    /// Written by a newer program.
    #[error("格式为 format = {0}，本程序只能读取 format = {FORMAT}")]
    Newer(u64),
    /// A line that no such file has.
    #[error("第{0}行有误")]
    Line(usize),
    /// A line that every such file has is not there.
    #[error("缺少 {0}")]
    Missing(&'static str),
    /// The check value does not follow from the key.
    #[error("校验值与密钥不符，文件已损坏")]
    Damaged,
    /// Whole, but not the key that the ring names.
    #[error("这不是密钥目录所列的那个密钥")]
    AnotherKey,
}

/// The lines of a file: number, name, value with its quotes.
struct Lines<'a>(Vec<(usize, &'a str, &'a str)>);

impl<'a> Lines<'a> {
    /// Splits the text; a newer format is refused before anything else is looked at.
    fn of(bytes: &'a [u8]) -> Result<Self, KeyFileError> {
        let text = std::str::from_utf8(bytes).map_err(|_| KeyFileError::NotText)?;
        let mut lines = Vec::new();
        let mut wrong = None;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once('=') {
                Some((name, value)) => lines.push((index + 1, name.trim(), value.trim())),
                None => wrong = wrong.or(Some(index + 1)),
            }
        }
        let mut lines = Self(lines);
        let (line, format) = lines.take("format")?;
        match format.parse::<u64>() {
            Ok(FORMAT) => {}
            Ok(newer) if newer > FORMAT => return Err(KeyFileError::Newer(newer)),
            _ => return Err(KeyFileError::Line(line)),
        }
        wrong.map_or(Ok(lines), |line| Err(KeyFileError::Line(line)))
    }

    /// The one line of that name.
    fn take(&mut self, name: &'static str) -> Result<(usize, &'a str), KeyFileError> {
        let index = self.0.iter().position(|(_, found, _)| *found == name);
        let (line, _, value) = index
            .map(|index| self.0.remove(index))
            .ok_or(KeyFileError::Missing(name))?;
        Ok((line, value))
    }

    fn take_text(&mut self, name: &'static str) -> Result<(usize, &'a str), KeyFileError> {
        let (line, value) = self.take(name)?;
        Ok((line, unquoted(value).ok_or(KeyFileError::Line(line))?))
    }

    fn take_id(&mut self, name: &'static str) -> Result<KeyId, KeyFileError> {
        let (line, value) = self.take(name)?;
        id(value).ok_or(KeyFileError::Line(line))
    }

    /// Nothing may be left over: an unknown line is an error, as is a second one of a name.
    fn end(self) -> Result<(), KeyFileError> {
        self.0
            .first()
            .map_or(Ok(()), |(line, ..)| Err(KeyFileError::Line(*line)))
    }
}

fn unquoted(value: &str) -> Option<&str> {
    value.strip_prefix('"')?.strip_suffix('"')
}

fn id(value: &str) -> Option<KeyId> {
    let number: u16 = value.parse().ok()?;
    // One spelling for one number: no sign, no leading zero.
    (number.to_string() == value).then(|| KeyId::new(number)).flatten()
}

/// The text of a key file.
pub(crate) fn key_text<const N: usize>(kind: KeyKind, id: KeyId, secret: &Secret<N>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(KEY_FILE_BYTES));
    let key = Zeroizing::new(base32::bytes(secret.bytes()));
    text.push_str(KEY_HEAD);
    // Writing to a string cannot fail.
    let _ = writeln!(text, "format = {FORMAT}\nkind = \"{}\"\nid = {id}", kind.name());
    for part in ["key = \"", key.as_str(), "\"\n"] {
        text.push_str(part);
    }
    let _ = writeln!(text, "check = \"{}\"", secret.check(kind, id));
    text
}

/// Reads a key file: the key of that kind and number, with that check value, or none.
pub(crate) fn read_key<const N: usize>(
    bytes: &[u8],
    kind: KeyKind,
    id: KeyId,
    check: CheckValue,
) -> Result<Secret<N>, KeyFileError> {
    let mut lines = Lines::of(bytes)?;
    let (_, found_kind) = lines.take_text("kind")?;
    let found_id = lines.take_id("id")?;
    let (key_line, key) = lines.take_text("key")?;
    let (check_line, found_check) = lines.take_text("check")?;
    lines.end()?;
    let found_check = CheckValue::parse(found_check).ok_or(KeyFileError::Line(check_line))?;
    if found_kind != kind.name() || found_id != id {
        return Err(KeyFileError::AnotherKey);
    }
    let key = base32::from_bytes(key).map(Zeroizing::new);
    let key = key.ok_or(KeyFileError::Line(key_line))?;
    if key.len() != N {
        return Err(KeyFileError::Line(key_line));
    }
    let mut secret = Secret::blank();
    secret.bytes_mut().copy_from_slice(&key);
    if secret.check(kind, id) != found_check {
        return Err(KeyFileError::Damaged);
    }
    if found_check != check {
        return Err(KeyFileError::AnotherKey);
    }
    Ok(secret)
}

/// What a ring file says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RingFile {
    pub(crate) active: KeyId,
    pub(crate) index: (KeyId, CheckValue),
    pub(crate) sealing: BTreeMap<KeyId, CheckValue>,
}

impl RingFile {
    /// What the ring file of this ring says.
    pub(crate) fn of(ring: &KeyRing) -> Self {
        let sealing = ring.sealing.iter();
        Self {
            active: ring.active,
            index: (ring.index_id, ring.index_check()),
            sealing: sealing
                .map(|(id, secret)| (*id, secret.check(KeyKind::Sealing, *id)))
                .collect(),
        }
    }

    /// Its text.
    pub(crate) fn text(&self) -> String {
        let (index, index_check) = &self.index;
        let mut text = format!(
            "{RING_HEAD}format = {FORMAT}\nactive = {}\n{}.{index} = \"{index_check}\"\n",
            self.active,
            KeyKind::Index.name(),
        );
        for (id, check) in &self.sealing {
            let _ = writeln!(text, "{}.{id} = \"{check}\"", KeyKind::Sealing.name());
        }
        text
    }

    /// Reads it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, KeyFileError> {
        let mut lines = Lines::of(bytes)?;
        let (active_line, active) = lines.take("active")?;
        let active = id(active).ok_or(KeyFileError::Line(active_line))?;
        let mut index = None;
        let mut sealing = BTreeMap::new();
        for (line, name, value) in lines.0 {
            let wrong = KeyFileError::Line(line);
            let (kind, number) = name.split_once('.').ok_or(wrong)?;
            let number = id(number).ok_or(wrong)?;
            let check = unquoted(value).and_then(CheckValue::parse).ok_or(wrong)?;
            let twice = if kind == KeyKind::Index.name() {
                index.replace((number, check)).is_some()
            } else if kind == KeyKind::Sealing.name() {
                sealing.insert(number, check).is_some()
            } else {
                true
            };
            if twice {
                return Err(wrong);
            }
        }
        if !sealing.contains_key(&active) {
            return Err(KeyFileError::Line(active_line));
        }
        Ok(Self {
            active,
            index: index.ok_or(KeyFileError::Missing("index"))?,
            sealing,
        })
    }
}
