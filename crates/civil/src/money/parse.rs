//! Money out of the spellings of official documents.

use super::Money;
use crate::characters::{Characters, Written};
use crate::numeral::{is_wan, is_yi, small_unit};
use crate::parse_error::{ParseError, Problem};

const WHAT: &str = "金额";
const UNIT: &str = "“元、万元、亿元”等单位";
const LIMIT: Problem = Problem::OutOfRange {
    limit: "正负92233720368547758.07元之内",
};
const FEN: Problem = Problem::TooFine { unit: "分" };

impl Money {
    /// Reads an amount: `3000元`, `500 万元`, `1.83亿元`, `1亿8300万元`, `1,234.56元`, `￥3,000.00`, `3元5角`, `五百万元`,
    /// `一点八三亿元`, `负叁仟元整`, `人民币伍佰万元整`, and each of these in full-width digits or with inner spaces.
    ///
    /// A bare number is not money: it needs 元, 角, 分, ￥ or 人民币.
    ///
    /// # Errors
    /// With the character at which the reading broke off: an unknown character, a missing unit, misplaced
    /// thousands separators, an ambiguous Chinese numeral, fractions of a fen that are not zero, or an amount
    /// beyond [`Money::MAX`].
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut reader = Reader {
            characters: Characters::new(WHAT, text)?,
            named: false,
            negative: false,
        };
        reader.prefix()?;
        let fen = reader.amount()?;
        reader.suffix()?;
        let signed = if reader.negative { -fen } else { fen };
        Self::from_wide(signed).ok_or_else(|| reader.characters.fail_whole(LIMIT))
    }
}

impl std::str::FromStr for Money {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

struct Reader<'a> {
    characters: Characters<'a>,
    /// ￥ or 人民币 stood in front, so 元 may be missing.
    named: bool,
    negative: bool,
}

impl Reader<'_> {
    fn prefix(&mut self) -> Result<(), ParseError> {
        let mut signed = false;
        loop {
            if self.characters.eat_word("人民币") || self.characters.eat(&['¥']) || self.characters.eat_word("RMB")
            {
                self.named = true;
            } else if !signed && self.characters.eat(&['-', '负']) {
                signed = true;
                self.negative = true;
            } else {
                break;
            }
        }
        if self.characters.at_end() {
            Err(self.characters.expected("数字"))
        } else {
            Ok(())
        }
    }

    /// The number with its units, in fen.
    fn amount(&mut self) -> Result<i128, ParseError> {
        let start = self.characters.index();
        let (written, bare) = if self.characters.at_arabic() {
            self.arabic_terms()?
        } else {
            (self.chinese_number()?, false)
        };
        if self.characters.eat(&['元']) {
            let yuan = self.in_fen(start, written, 100)?;
            let jiao = self.tail("角", 10)?;
            let fen = self.tail("分", 1)?;
            return self.add(start, yuan, jiao + fen);
        }
        if self.characters.eat(&['角']) {
            let jiao = self.in_fen(start, written, 10)?;
            let fen = self.tail("分", 1)?;
            return self.add(start, jiao, fen);
        }
        if self.characters.eat(&['分']) {
            return self.in_fen(start, written, 1);
        }
        if self.named {
            return self.in_fen(start, written, 100);
        }
        Err(self.characters.expected(if bare { UNIT } else { "“元”" }))
    }

    /// `3000`, `1.83亿`, `1亿8300万`, `5百万`; also whether it is a number without any multiplier.
    fn arabic_terms(&mut self) -> Result<(Written, bool), ParseError> {
        let mut total = 0_i128;
        let mut last = i128::MAX;
        loop {
            let start = self.characters.index();
            let term = self.characters.arabic_decimal()?;
            let multiplier = self.multiplier()?;
            let more = self.characters.at_arabic();
            let whole = term.mantissa.checked_mul(multiplier);
            let whole = whole.ok_or_else(|| self.characters.fail_at(start, LIMIT))?;
            if last == i128::MAX && !more {
                return Ok((
                    Written {
                        mantissa: whole,
                        scale: term.scale,
                    },
                    multiplier == 1,
                ));
            }
            // 1亿8300万: each further term is smaller than the unit before it and the parts are whole.
            let has_two_readings = multiplier == 1 && !more && whole < 10;
            if term.scale > 0 || whole >= last || multiplier == 1 && more || has_two_readings {
                return Err(self.characters.fail_at(start, Problem::Numeral));
            }
            total = total
                .checked_add(whole)
                .ok_or_else(|| self.characters.fail_at(start, LIMIT))?;
            last = multiplier;
            if !more {
                return Ok((
                    Written {
                        mantissa: total,
                        scale: 0,
                    },
                    false,
                ));
            }
        }
    }

    /// `五百万`, `一点八三亿`.
    fn chinese_number(&mut self) -> Result<Written, ParseError> {
        let start = self.characters.index();
        let number = self.characters.chinese_decimal()?;
        // Only after decimals can a multiplier be left over: the numeral itself takes its own.
        let multiplier = self.multiplier()?;
        let mantissa = number.mantissa.checked_mul(multiplier);
        let mantissa = mantissa.ok_or_else(|| self.characters.fail_at(start, LIMIT))?;
        Ok(Written {
            mantissa,
            scale: number.scale,
        })
    }

    /// 十, 百, 千, then 万, then 亿, each at most once: 万, 千万, 万亿.
    fn multiplier(&mut self) -> Result<i128, ParseError> {
        let mut value = 1_i128;
        if let Some(unit) = self.characters.peek().and_then(small_unit) {
            self.characters.advance();
            value *= i128::from(unit);
        }
        if self.characters.peek().is_some_and(is_wan) {
            self.characters.advance();
            value *= 10_000;
        }
        if self.characters.peek().is_some_and(is_yi) {
            self.characters.advance();
            value *= 100_000_000;
        }
        match self.characters.peek() {
            Some(unit) if small_unit(unit).is_some() || is_wan(unit) || is_yi(unit) => {
                Err(self.characters.fail(Problem::Numeral))
            }
            _ => Ok(value),
        }
    }

    /// One digit before 角 or 分, with 零 in front if printed; nothing if none stands here.
    fn tail(&mut self, unit: &'static str, fen: i128) -> Result<i128, ParseError> {
        let before = self.characters.index();
        self.characters.eat(&['零', '〇']);
        let Some(digit) = self.characters.one_digit() else {
            if self.characters.eat_word(unit) {
                // 零角, 零分.
                return Ok(0);
            }
            self.characters.reset(before);
            return Ok(0);
        };
        if self.characters.eat_word(unit) {
            return Ok(i128::from(digit) * fen);
        }
        self.characters.reset(before);
        Ok(0)
    }

    fn suffix(&mut self) -> Result<(), ParseError> {
        if !self.characters.eat(&['整', '正']) {
            self.characters.eat_word("人民币");
        }
        self.characters.end("结尾（金额后不应再有文字）")
    }

    fn in_fen(&self, start: usize, written: Written, fen_per_unit: i128) -> Result<i128, ParseError> {
        let fen = written.mantissa.checked_mul(fen_per_unit);
        let fen = fen.ok_or_else(|| self.characters.fail_at(start, LIMIT))?;
        let divisor = 10_i128
            .checked_pow(written.scale)
            .ok_or_else(|| self.characters.fail_at(start, FEN))?;
        if fen % divisor == 0 {
            Ok(fen / divisor)
        } else {
            Err(self.characters.fail_at(start, FEN))
        }
    }

    fn add(&self, start: usize, whole: i128, rest: i128) -> Result<i128, ParseError> {
        whole
            .checked_add(rest)
            .ok_or_else(|| self.characters.fail_at(start, LIMIT))
    }
}
