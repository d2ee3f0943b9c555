//! 行政区划代码, GB/T 2260 and the statistical codes of townships and villages.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::characters::Characters;
use crate::parse_error::{ParseError, Problem};

const WHAT: &str = "行政区划代码";

/// The level of a region, from the wide to the narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegionLevel {
    /// 省级: two digits and zeros.
    Province,
    /// 地级: four digits and two zeros.
    Prefecture,
    /// 县级: six digits.
    County,
    /// 乡级: nine digits.
    Township,
    /// 村级: twelve digits.
    Village,
}

impl RegionLevel {
    /// How many digits of a code stand for a region of this level: 2, 4, 6, 9 or 12.
    pub fn digits(self) -> usize {
        match self {
            Self::Province => 2,
            Self::Prefecture => 4,
            Self::County => 6,
            Self::Township => 9,
            Self::Village => 12,
        }
    }

    /// 省级 to 村级.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Province => "省级",
            Self::Prefecture => "地级",
            Self::County => "县级",
            Self::Township => "乡级",
            Self::Village => "村级",
        }
    }
}

/// A region's code of 6, 9 or 12 digits; serialised as that text.
///
/// The level follows from the digits: a city is four digits and 00. The same region is the same value however many
/// zeros were written after it (`330282` and `330282000000`). No list of regions is known here: codes change every
/// year, and `policies/shared/regions.toml` holds what a pack needs.
/// ```compile_fail,E0308
/// let _ = civil::RegionCode::parse("330282").unwrap() == 330_282;
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(RegionPrefix);

/// The digits that all codes within a region begin with: 2, 4, 6, 9 or 12 of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionPrefix {
    /// Right-filled with zeros to twelve digits, so that the derived order is that of the codes.
    digits: u64,
    level: RegionLevel,
}

impl RegionCode {
    /// Reads 6, 9 or 12 digits, in full-width digits and with inner spaces too.
    ///
    /// # Errors
    /// Another number of digits, another character, or a code that begins with 0.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let prefix = RegionPrefix::read(text, &[6, 9, 12], "6位、9位或12位数字")?;
        Ok(Self(prefix))
    }

    /// The region's level.
    pub fn level(self) -> RegionLevel {
        self.0.level
    }

    /// What all codes within this region begin with.
    pub fn prefix(self) -> RegionPrefix {
        self.0
    }

    /// Whether this region is the given one or lies within it.
    pub fn is_within(self, prefix: RegionPrefix) -> bool {
        let width = prefix.level.digits();
        self.0.level >= prefix.level && self.0.first(width) == prefix.first(width)
    }

    /// The region of a wider level that this one lies in; nothing if the level is not wider.
    pub fn at(self, level: RegionLevel) -> Option<Self> {
        (level < self.0.level).then(|| {
            Self(RegionPrefix {
                digits: self.0.truncated(level.digits()),
                level,
            })
        })
    }
}

impl RegionPrefix {
    /// Reads 2, 4, 6, 9 or 12 digits; zeros that a code is filled with do not count (`330200` is `3302`).
    ///
    /// # Errors
    /// Another number of digits, another character, or a code that begins with 0.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::read(text, &[2, 4, 6, 9, 12], "2位、4位、6位、9位或12位数字")
    }

    /// The level of the region it stands for.
    pub fn level(self) -> RegionLevel {
        self.level
    }

    fn read(text: &str, lengths: &[usize], expected: &'static str) -> Result<Self, ParseError> {
        let mut characters = Characters::new(WHAT, text)?;
        let run = characters.arabic_run();
        characters.end("数字")?;
        let Some((value, length)) = run.filter(|(_, length)| lengths.contains(length)) else {
            return Err(characters.fail_whole(Problem::OutOfRange { limit: expected }));
        };
        let digits = u32::try_from(12 - length)
            .ok()
            .and_then(|zeros| value.checked_mul(10_u64.pow(zeros)));
        let digits = digits.unwrap_or_default();
        if digits < 100_000_000_000 {
            let problem = Problem::Unexpected {
                found: '0',
                expected: "1至9",
            };
            return Err(characters.fail_at(0, problem));
        }
        Ok(Self {
            digits,
            level: level_of(digits),
        })
    }

    /// The first so many digits, as a number.
    fn first(self, width: usize) -> u64 {
        self.digits / power(width)
    }

    /// The first so many digits, and zeros.
    fn truncated(self, width: usize) -> u64 {
        self.first(width) * power(width)
    }
}

/// 10 to the number of digits that a prefix of this width leaves free.
fn power(width: usize) -> u64 {
    u32::try_from(12_usize.saturating_sub(width))
        .ok()
        .and_then(|zeros| 10_u64.checked_pow(zeros))
        .unwrap_or(1)
}

fn level_of(digits: u64) -> RegionLevel {
    use RegionLevel::{County, Prefecture, Province, Township, Village};
    let levels = [Province, Prefecture, County, Township];
    levels
        .into_iter()
        .find(|level| digits.is_multiple_of(power(level.digits())))
        .unwrap_or(Village)
}

impl std::str::FromStr for RegionCode {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

/// In the shortest of 6, 9 and 12 digits.
impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.level.digits().max(6);
        f.pad(&self.0.first(width).to_string())
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionCode({self})")
    }
}

/// In the digits that stand for the region: 2, 4, 6, 9 or 12.
impl fmt::Display for RegionPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.first(self.level.digits()).to_string())
    }
}

impl fmt::Debug for RegionPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RegionPrefix({self})")
    }
}

impl Serialize for RegionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RegionCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
