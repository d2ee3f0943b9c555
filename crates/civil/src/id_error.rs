//! Why a person's or an organisation's code was refused.

use std::fmt;

/// What is wrong with a code. Neither its `Display` nor its `Debug` repeats the code: it may be a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdError {
    /// Not so many characters as there must be.
    Length {
        /// How many there are, white space aside.
        found: usize,
        /// How many there must be, in Chinese.
        expected: &'static str,
    },
    /// A character that cannot stand at this 1-based place.
    Character {
        /// Which character of the code, white space aside, counted from 1.
        position: usize,
        /// What may stand there, in Chinese.
        expected: &'static str,
    },
    /// The part that is a birth date is no day of the calendar.
    BirthDate,
    /// The last character does not follow from the others: most often a typing error.
    CheckDigit,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { found, expected } => {
                write!(f, "位数不对：应为{expected}，实有{found}位")
            }
            Self::Character { position, expected } => {
                write!(f, "第{position}位有误：应为{expected}")
            }
            Self::BirthDate => f.write_str("其中的出生日期不存在，请核对第7位起的年月日"),
            Self::CheckDigit => f.write_str("校验位不符，请对照证件逐位核对"),
        }
    }
}

impl std::error::Error for IdError {}
