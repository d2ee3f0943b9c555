//! 统一社会信用代码, GB 32100-2015.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id_error::IdError;
use crate::resident_id::fold_code;

/// The alphabet: digits and capital letters without I, O, S, V, Z.
const ALPHABET: [u8; 31] = *b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const LENGTH: usize = 18;

/// A unified social credit code of an organisation, 18 characters in upper case; serialised as text.
///
/// The first eight characters may be letters (the registrar of some kinds of bodies is one). The check digit that
/// the organisation code within (characters 9 to 17) has of its own is not enforced: codes in use break it.
/// ```compile_fail,E0308
/// let employer = civil::CreditCode::parse("91110000600037341L").unwrap();
/// let _: civil::ResidentId = employer;
/// ```
/// ```compile_fail,E0308
/// let _ = civil::CreditCode::parse("91110000600037341L").unwrap() == "91110000600037341L";
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditCode([u8; LENGTH]);

impl CreditCode {
    /// Reads a code; lower case, full-width characters and white space are accepted.
    ///
    /// # Errors
    /// Wrong length, a character outside the alphabet (O for 0, I for 1), a check character that does not follow.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let mut bytes = [0_u8; LENGTH];
        let found = fold_code(text, &mut bytes);
        if found != LENGTH {
            return Err(IdError::Length {
                found,
                expected: "18位",
            });
        }
        let mut sum = 0;
        let mut weight = 1;
        let mut last = 0;
        for (index, byte) in bytes.iter().enumerate() {
            let value = ALPHABET.iter().position(|letter| letter == byte);
            let expected = "数字或大写字母（不用I、O、S、V、Z）";
            let value = value.ok_or(IdError::Character {
                position: index + 1,
                expected,
            })?;
            if index + 1 < LENGTH {
                sum += value * weight;
                weight = weight * 3 % 31;
            }
            last = value;
        }
        if last == (31 - sum % 31) % 31 {
            Ok(Self(bytes))
        } else {
            Err(IdError::CheckDigit)
        }
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        // Only letters of the ASCII alphabet get in.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// 组织机构代码: characters 9 to 17.
    pub fn organisation(&self) -> &str {
        self.as_str().get(8..17).unwrap_or_default()
    }
}

impl std::str::FromStr for CreditCode {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse(text)
    }
}

impl fmt::Display for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CreditCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CreditCode({})", self.as_str())
    }
}

impl Serialize for CreditCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for CreditCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| serde::de::Error::custom(format!("统一社会信用代码{error}")))
    }
}
