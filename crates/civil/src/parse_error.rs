//! Why a text could not be read as a value.

use std::fmt;

/// How many characters of the refused text a message repeats.
const SHOWN_CHARACTERS: usize = 40;

/// A text that is not the value it was taken for; its `Display` is a Chinese sentence for the user.
///
/// Never used for resident IDs, whose text may not be repeated: those have [`crate::IdError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    what: &'static str,
    text: String,
    position: Option<usize>,
    problem: Problem,
}

/// What exactly is wrong with the text of a [`ParseError`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing but white space.
    Empty,
    /// Longer than any value of this kind; the limit in characters.
    TooLong {
        /// Most characters that are read, white space aside.
        limit: usize,
    },
    /// A character that cannot stand where it stands.
    Unexpected {
        /// The character, after full-width forms were folded.
        found: char,
        /// What could stand there, in Chinese.
        expected: &'static str,
    },
    /// The text ends too early.
    Incomplete {
        /// What is missing, in Chinese.
        expected: &'static str,
    },
    /// Thousands separators that do not stand every three digits.
    Grouping,
    /// A Chinese numeral that is not well formed or has two readings (一万五, 二百五).
    Numeral,
    /// More decimals than the smallest unit holds; which unit, in Chinese.
    TooFine {
        /// The finest unit, in Chinese.
        unit: &'static str,
    },
    /// Beyond what the type holds; the limit, in Chinese.
    OutOfRange {
        /// The permitted range, in Chinese.
        limit: &'static str,
    },
    /// A date that no calendar has, such as 2月30日.
    NoSuchDay,
    /// Readable, but as another kind of value; what it is and what was wanted, in Chinese.
    OtherKind {
        /// A Chinese clause that says which kind it is.
        is: &'static str,
    },
}

impl ParseError {
    pub(crate) fn new(what: &'static str, text: &str, position: Option<usize>, problem: Problem) -> Self {
        let mut shown: String = text.chars().take(SHOWN_CHARACTERS).collect();
        if text.chars().nth(SHOWN_CHARACTERS).is_some() {
            shown.push('…');
        }
        Self {
            what,
            text: shown,
            position,
            problem,
        }
    }

    /// Which kind of value was wanted, in Chinese (金额, 日期, …).
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Where: the 1-based number of the character in the text as given; absent where the whole text is meant.
    pub fn position(&self) -> Option<usize> {
        self.position
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}“{}”无法识别：", self.what, self.text)?;
        if let Some(position) = self.position {
            write!(f, "第{position}个字符处，")?;
        }
        match &self.problem {
            Problem::Empty => f.write_str("内容为空"),
            Problem::TooLong { limit } => write!(f, "超过{limit}个字符"),
            Problem::Unexpected { found, expected } => {
                write!(f, "“{found}”不应出现，此处应为{expected}")
            }
            Problem::Incomplete { expected } => write!(f, "文字到此结束，还缺{expected}"),
            Problem::Grouping => f.write_str("千位分隔符应每三位一个"),
            Problem::Numeral => f.write_str("汉字数字写法不规范或有两种读法，请改用阿拉伯数字"),
            Problem::TooFine { unit } => write!(f, "精度超过{unit}，请核对小数位数"),
            Problem::OutOfRange { limit } => write!(f, "超出范围，应在{limit}"),
            Problem::NoSuchDay => f.write_str("没有这一天，请核对月份和日期"),
            Problem::OtherKind { is } => f.write_str(is),
        }
    }
}

impl std::error::Error for ParseError {}
