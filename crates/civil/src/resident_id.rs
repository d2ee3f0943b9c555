//! 公民身份号码, GB 11643-1999.

use std::fmt;

use crate::account_number::cover;
use crate::characters::half_width;
use crate::day::Day;
use crate::id_error::IdError;
use crate::term;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [u8; 11] = *b"10X98765432";
/// A resident ID number, always in its 18-character form.
///
/// `Display` and `Debug` print it masked (`**************002X`); the clear text comes only from
/// [`ResidentId::reveal`], so that every place that shows it can be found by that name. It cannot be serialised:
/// ```compile_fail,E0277
/// fn wants<T: serde::Serialize>(_: T) {}
/// wants(civil::ResidentId::parse("11010519491231002X").unwrap());
/// ```
/// nor taken for another code:
/// ```compile_fail,E0308
/// let person = civil::ResidentId::parse("11010519491231002X").unwrap();
/// let _: civil::CreditCode = person;
/// ```
/// ```compile_fail,E0308
/// let _ = civil::ResidentId::parse("11010519491231002X").unwrap() == "11010519491231002X";
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId {
    /// The first seventeen digits as a number.
    body: u64,
    birth: Day,
}

/// 性别, GB/T 2261.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// 男
    Male,
    /// 女
    Female,
}

impl Sex {
    /// 男 or 女.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

impl ResidentId {
    /// Reads an 18-character number, or one of the 15 digits issued before 1999, which is completed. A lower-case x,
    /// full-width digits and white space are accepted. Region codes are not compared with any list: numbers keep
    /// the code of the day they were issued.
    ///
    /// # Errors
    /// Wrong length, a wrong character, a birth date that no calendar has, a check digit that does not follow.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let mut bytes = [0_u8; 18];
        let length = fold_code(text, &mut bytes);
        let digits = match length {
            18 => &bytes[..17],
            15 => &bytes[..15],
            found => {
                return Err(IdError::Length {
                    found,
                    expected: "18位（旧号码15位）",
                });
            }
        };
        let mut body = 0_u64;
        for (index, byte) in digits.iter().enumerate() {
            if !byte.is_ascii_digit() || index == 0 && *byte == b'0' {
                let expected = if index == 0 { "1至9的数字" } else { "数字" };
                return Err(IdError::Character {
                    position: index + 1,
                    expected,
                });
            }
            // The old form leaves out the century, 19, after the six digits of the region.
            if length == 15 && index == 6 {
                body = body * 100 + 19;
            }
            body = body * 10 + u64::from(byte - b'0');
        }
        let birth = birth_of(body).ok_or(IdError::BirthDate)?;
        let id = Self { body, birth };
        if length == 18 {
            let last = bytes[17];
            if !last.is_ascii_digit() && last != b'X' {
                return Err(IdError::Character {
                    position: 18,
                    expected: "数字或X",
                });
            }
            if last != id.check() {
                return Err(IdError::CheckDigit);
            }
        }
        Ok(id)
    }

    /// The clear text, 18 characters. Personal data: for sealing, matching and the person's own eyes.
    pub fn reveal(self) -> String {
        self.reveal_bytes().map(char::from).iter().collect()
    }

    /// The clear text as ASCII, for sealing and key making in bulk; the caller wipes it.
    pub fn reveal_bytes(self) -> [u8; 18] {
        let mut bytes = [self.check(); 18];
        let mut rest = self.body;
        for byte in bytes.iter_mut().take(17).rev() {
            *byte = b'0' + u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
        }
        bytes
    }

    /// The number with all but its last four characters covered.
    pub fn masked(self) -> String {
        cover(&self.reveal())
    }

    /// The date of birth.
    pub fn birth(self) -> Day {
        self.birth
    }

    /// The sex: odd in the seventeenth place is male.
    pub fn sex(self) -> Sex {
        if self.body % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// 周岁 on a day, see [`crate::age`]; nothing before birth.
    pub fn age_on(self, day: Day) -> Option<u16> {
        term::age(self.birth, day)
    }

    /// The six digits of the region that issued the number, current or abolished; not where the person lives.
    pub fn issued_in(self) -> u32 {
        u32::try_from(self.body / 100_000_000_000).unwrap_or_default()
    }

    fn check(self) -> u8 {
        let mut rest = self.body;
        let mut sum = 0;
        for weight in WEIGHTS.iter().rev() {
            sum += u32::try_from(rest % 10).unwrap_or_default() * weight;
            rest /= 10;
        }
        usize::try_from(sum % 11)
            .ok()
            .and_then(|index| CHECKS.get(index))
            .copied()
            .unwrap_or_default()
    }
}

fn birth_of(body: u64) -> Option<Day> {
    let date = body / 1000 % 100_000_000;
    let year = i16::try_from(date / 10_000).ok()?;
    let month = i8::try_from(date / 100 % 100).ok()?;
    let day = i8::try_from(date % 100).ok()?;
    Day::new(year, month, day)
}

/// Copies the characters of a code, white space dropped, full-width forms folded, letters in upper case; what is not
/// ASCII becomes 0. Gives how many there were, which may be more than fitted.
pub(crate) fn fold_code(text: &str, bytes: &mut [u8]) -> usize {
    let mut length = 0;
    for character in text.chars().filter(|character| !character.is_whitespace()) {
        let folded = u8::try_from(half_width(character))
            .ok()
            .filter(u8::is_ascii)
            .unwrap_or(0);
        if let Some(byte) = bytes.get_mut(length) {
            *byte = folded.to_ascii_uppercase();
        }
        length += 1;
    }
    length
}

impl fmt::Display for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.masked())
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({})", self.masked())
    }
}
