//! The characters of a short text as the parsers of this crate read them: white space dropped, full-width forms
//! folded, each with its place in the text as given.

use crate::numeral;
use crate::parse_error::{ParseError, Problem};

/// Most characters, white space aside, that any value of this crate may take.
pub(crate) const MAX_CHARACTERS: usize = 100;
/// Most significant digits of an Arabic number; more cannot be money, a rate or a date.
const MAX_DIGITS: usize = 30;

/// A decimal as written: `mantissa / 10^scale`, trailing zeros of the fraction dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) mantissa: i128,
    pub(crate) scale: u32,
}

/// A cursor over folded characters.
pub(crate) struct Characters<'a> {
    what: &'static str,
    text: &'a str,
    folded: Vec<char>,
    positions: Vec<usize>,
    next: usize,
}

impl<'a> Characters<'a> {
    /// `what` is the Chinese name of the value wanted, for messages.
    pub(crate) fn new(what: &'static str, text: &'a str) -> Result<Self, ParseError> {
        let mut folded = Vec::new();
        let mut positions = Vec::new();
        for (index, character) in text.chars().enumerate() {
            if is_blank(character) {
                continue;
            }
            if folded.len() == MAX_CHARACTERS {
                let problem = Problem::TooLong { limit: MAX_CHARACTERS };
                return Err(ParseError::new(what, text, None, problem));
            }
            folded.push(fold(character));
            positions.push(index + 1);
        }
        if folded.is_empty() {
            return Err(ParseError::new(what, text, None, Problem::Empty));
        }
        Ok(Self {
            what,
            text,
            folded,
            positions,
            next: 0,
        })
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.folded.get(self.next).copied()
    }

    pub(crate) fn at_end(&self) -> bool {
        self.next >= self.folded.len()
    }

    pub(crate) fn advance(&mut self) {
        self.next += 1;
    }

    /// Takes the character if it is one of these.
    pub(crate) fn eat(&mut self, wanted: &[char]) -> bool {
        let found = self.peek().is_some_and(|character| wanted.contains(&character));
        if found {
            self.next += 1;
        }
        found
    }

    /// Takes the word if it stands here; ASCII letters of the text match in either case.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let rest = self.folded.get(self.next..).unwrap_or_default();
        let length = word.chars().count();
        let here = rest.len() >= length && rest.iter().zip(word.chars()).all(|(a, b)| a.eq_ignore_ascii_case(&b));
        if here {
            self.next += length;
        }
        here
    }

    /// The error for whatever stands here: a wrong character, or the end.
    pub(crate) fn expected(&self, expected: &'static str) -> ParseError {
        match self.peek() {
            Some(found) => self.fail(Problem::Unexpected { found, expected }),
            None => self.fail(Problem::Incomplete { expected }),
        }
    }

    /// An error at the current place.
    pub(crate) fn fail(&self, problem: Problem) -> ParseError {
        self.fail_at(self.next, problem)
    }

    /// An error at the folded character with this index.
    pub(crate) fn fail_at(&self, index: usize, problem: Problem) -> ParseError {
        let position = self.positions.get(index).or(self.positions.last()).copied();
        ParseError::new(self.what, self.text, position, problem)
    }

    /// An error about the text as a whole.
    pub(crate) fn fail_whole(&self, problem: Problem) -> ParseError {
        ParseError::new(self.what, self.text, None, problem)
    }

    /// The index of the current character, for [`Self::fail_at`].
    pub(crate) fn index(&self) -> usize {
        self.next
    }

    /// Goes back to a place that [`Self::index`] gave.
    pub(crate) fn reset(&mut self, index: usize) {
        self.next = index;
    }

    /// One digit, Arabic or Chinese.
    pub(crate) fn one_digit(&mut self) -> Option<u8> {
        let character = self.peek()?;
        let arabic = character.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
        let digit = arabic.or_else(|| numeral::digit(character))?;
        self.next += 1;
        Some(digit)
    }

    /// Refuses anything after this place.
    pub(crate) fn end(&self, expected: &'static str) -> Result<(), ParseError> {
        if self.at_end() {
            Ok(())
        } else {
            Err(self.expected(expected))
        }
    }

    pub(crate) fn at_arabic(&self) -> bool {
        self.peek().is_some_and(|character| character.is_ascii_digit())
    }

    /// A plain run of Arabic digits with its length; nothing where none stands here.
    pub(crate) fn arabic_run(&mut self) -> Option<(u64, usize)> {
        let mut value = 0_u64;
        let mut length = 0;
        while let Some(digit) = self.peek().and_then(|character| character.to_digit(10)) {
            value = value.saturating_mul(10).saturating_add(u64::from(digit));
            length += 1;
            self.next += 1;
        }
        (length > 0).then_some((value, length))
    }

    /// An Arabic decimal, with thousands separators checked if there are any.
    pub(crate) fn arabic_decimal(&mut self) -> Result<Written, ParseError> {
        if !self.at_arabic() {
            return Err(self.expected("数字"));
        }
        let start = self.next;
        let mut digits = self.grouped_digits()?;
        let mut scale = 0;
        if self.peek() == Some('.') {
            self.next += 1;
            if !self.at_arabic() {
                return Err(self.expected("小数"));
            }
            let fraction = self.digits();
            let kept = fraction.trim_end_matches('0');
            scale = kept.len();
            digits.push_str(kept);
        }
        self.written(start, &digits, scale)
    }

    /// A Chinese numeral, with 点 and decimals if there are any.
    pub(crate) fn chinese_decimal(&mut self) -> Result<Written, ParseError> {
        let start = self.next;
        let integer = self.chinese_integer()?;
        if self.peek() != Some('点') {
            return Ok(Written {
                mantissa: integer,
                scale: 0,
            });
        }
        self.next += 1;
        let mut fraction = String::new();
        while let Some(digit) = self.peek().and_then(numeral::digit) {
            fraction.push(char::from(b'0' + digit));
            self.next += 1;
        }
        if fraction.is_empty() {
            return Err(self.expected("小数"));
        }
        let kept = fraction.trim_end_matches('0');
        self.written(start, &format!("{integer}{kept}"), kept.len())
    }

    /// A Chinese numeral without decimals.
    pub(crate) fn chinese_integer(&mut self) -> Result<i128, ParseError> {
        let start = self.next;
        let rest = self.folded.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|character| numeral::is_numeral(**character))
            .count();
        if length == 0 {
            return Err(self.expected("数字"));
        }
        let run = rest.get(..length).unwrap_or_default();
        let value = numeral::value(run).map_err(|offset| self.fail_at(start + offset, Problem::Numeral))?;
        self.next += length;
        i128::try_from(value).map_err(|_| self.fail_at(start, Problem::Numeral))
    }

    fn digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(character) = self.peek().filter(char::is_ascii_digit) {
            digits.push(character);
            self.next += 1;
        }
        digits
    }

    fn grouped_digits(&mut self) -> Result<String, ParseError> {
        let mut digits = self.digits();
        if self.peek() != Some(',') {
            return Ok(digits);
        }
        if digits.len() > 3 {
            return Err(self.fail(Problem::Grouping));
        }
        while self.peek() == Some(',') {
            let comma = self.next;
            self.next += 1;
            let group = self.digits();
            if group.len() != 3 {
                return Err(self.fail_at(comma, Problem::Grouping));
            }
            digits.push_str(&group);
        }
        Ok(digits)
    }

    fn written(&self, start: usize, digits: &str, scale: usize) -> Result<Written, ParseError> {
        let significant = digits.trim_start_matches('0');
        if significant.len() > MAX_DIGITS || scale > MAX_DIGITS {
            return Err(self.fail_at(
                start,
                Problem::OutOfRange {
                    limit: "30位有效数字以内",
                },
            ));
        }
        let mut mantissa = 0_i128;
        for digit in significant.bytes() {
            mantissa = mantissa * 10 + i128::from(digit - b'0');
        }
        let scale = u32::try_from(scale).unwrap_or(u32::MAX);
        Ok(Written { mantissa, scale })
    }
}

/// White space of any width, and the invisible characters that copying out of office programs leaves behind.
fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Full-width forms to ASCII, and the printed variants of one sign to that sign.
fn fold(character: char) -> char {
    match character {
        '￥' => '¥',
        '−' => '-',
        '﹣' => '-',
        '﹪' => '%',
        '點' => '点',
        '圓' | '圆' => '元',
        '負' => '负',
        other => half_width(other),
    }
}

/// The digit, letter or sign for a full-width form of it (`１` is `1`, `％` is `%`, `，` is `,`); any other character as
/// it is.
pub fn half_width(character: char) -> char {
    const FORMS: std::ops::RangeInclusive<char> = '\u{ff01}'..='\u{ff5e}';
    // How far the full-width forms lie behind ASCII.
    const BEHIND: u32 = 0xfee0;
    let ascii = FORMS.contains(&character).then(|| u32::from(character) - BEHIND);
    ascii.and_then(char::from_u32).unwrap_or(character)
}
