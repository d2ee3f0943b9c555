//! 银行账号: the account a subsidy is paid into.

use std::fmt;

use crate::id_error::IdError;
use crate::resident_id::fold_code;

/// How many characters a masked number still shows, and those the last: no more may be published.
const SHOWN: usize = 4;
/// Fewer than this no bank gives out.
const SHORTEST: usize = 8;
/// As long as the account field of payment files.
const LONGEST: usize = 32;

/// The number of a bank account or card, as its bank writes it without spaces.
///
/// Banks agree on no length and on no check digit for accounts (only for cards), so neither is enforced; what a
/// spreadsheet makes of a long number (`6.22848E+18`) is refused. `Display` and `Debug` print it masked; the clear text
/// comes only from [`AccountNumber::reveal`]. It cannot be serialised:
/// ```compile_fail,E0277
/// fn wants<T: serde::Serialize>(_: T) {}
/// wants(civil::AccountNumber::parse("9900000000000001234").unwrap());
/// ```
/// nor taken for another number:
/// ```compile_fail,E0308
/// let account = civil::AccountNumber::parse("9900000000000001234").unwrap();
/// let _: civil::ResidentId = account;
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountNumber {
    /// Left-aligned, padded with zero bytes.
    bytes: [u8; LONGEST],
    length: usize,
}

impl AccountNumber {
    /// Reads a number of 8 to 32 digits, letters and hyphens; white space is dropped, full-width characters and small
    /// letters are folded.
    ///
    /// # Errors
    /// Wrong length, or a character that stands in no account number.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let mut bytes = [0_u8; LONGEST];
        let length = fold_code(text, &mut bytes);
        if !(SHORTEST..=LONGEST).contains(&length) {
            return Err(IdError::Length {
                found: length,
                expected: "8至32位",
            });
        }
        let stands = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || *byte == b'-';
        match bytes.iter().take(length).position(|byte| !stands(byte)) {
            Some(index) => Err(IdError::Character {
                position: index + 1,
                expected: "数字、字母或“-”",
            }),
            None => Ok(Self { bytes, length }),
        }
    }

    /// The clear text. Personal data: for sealing and for the bank.
    pub fn reveal(&self) -> &str {
        // Only ASCII gets in.
        let bytes = self.bytes.get(..self.length).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// The number with all but its last four characters covered.
    pub fn masked(&self) -> String {
        cover(self.reveal())
    }
}

/// ASCII text with all but its last [`SHOWN`] characters covered.
pub(crate) fn cover(clear: &str) -> String {
    let hidden = clear.len().saturating_sub(SHOWN);
    format!("{}{}", "*".repeat(hidden), clear.get(hidden..).unwrap_or_default())
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.masked())
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountNumber({})", self.masked())
    }
}
