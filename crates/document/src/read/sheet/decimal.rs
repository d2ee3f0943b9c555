//! Decimal numbers as digits: what a spreadsheet stores is shown exactly, without binary floating point.

/// Digits beyond these are noise of the binary form in which spreadsheets compute.
const SIGNIFICANT_DIGITS: usize = 15;
/// Numbers beyond this power of ten are not shown in digits.
const MAX_EXPONENT: i32 = 400;

/// `digits` × 10 to the power of `exponent`, with a sign. No digits are zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    pub(super) negative: bool,
    digits: Vec<u8>,
    exponent: i32,
}

impl Decimal {
    /// Reads `-12.5E-3` and the like; none for what is not a number.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (mantissa, power) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i32>().ok()?),
            None => (text, 0),
        };
        let negative = mantissa.starts_with('-');
        let mantissa = mantissa.trim_start_matches(['-', '+']);
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.len() + part.len() == 0 || whole.len() + part.len() > 400 {
            return None;
        }
        let digits: Option<Vec<u8>> = whole
            .bytes()
            .chain(part.bytes())
            .map(|b| b.is_ascii_digit().then(|| b - b'0'))
            .collect();
        let exponent = power.checked_sub(i32::try_from(part.len()).ok()?)?;
        if exponent.abs() > MAX_EXPONENT {
            return None;
        }
        let mut decimal = Self {
            negative,
            digits: digits?,
            exponent,
        };
        decimal.trim();
        Some(decimal.significant())
    }

    fn trim(&mut self) {
        let zeros = self.digits.iter().take_while(|&&d| d == 0).count();
        self.digits.drain(..zeros);
        while self.digits.last() == Some(&0) {
            self.digits.pop();
            self.exponent += 1;
        }
        if self.digits.is_empty() {
            self.exponent = 0;
            self.negative = false;
        }
    }

    fn significant(mut self) -> Self {
        if self.digits.len() > SIGNIFICANT_DIGITS {
            let places = -(self.exponent + (self.digits.len() - SIGNIFICANT_DIGITS) as i32);
            self.round(places);
        }
        self
    }

    /// Rounds to `places` digits behind the point, half away from zero; fewer than none is before it.
    pub(super) fn round(&mut self, places: i32) {
        let drop = -places - self.exponent;
        if drop <= 0 {
            return;
        }
        let Ok(drop) = usize::try_from(drop) else { return };
        if drop > self.digits.len() {
            self.digits.clear();
        } else {
            let at = self.digits.len() - drop;
            let up = self.digits[at] >= 5;
            self.digits.truncate(at);
            self.exponent += drop as i32;
            if up {
                self.increment();
            }
        }
        self.trim();
    }

    fn increment(&mut self) {
        for digit in self.digits.iter_mut().rev() {
            if *digit < 9 {
                *digit += 1;
                return;
            }
            *digit = 0;
        }
        self.digits.insert(0, 1);
    }

    /// Times ten to the power of `power`.
    pub(super) fn shift(&mut self, power: i32) {
        if !self.digits.is_empty() {
            self.exponent += power;
        }
    }

    /// Whether it is zero.
    pub(super) fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// The digits before the point, without leading zeros, and those behind it, without trailing ones.
    pub(super) fn parts(&self) -> (String, String) {
        let mut all: String = self.digits.iter().map(|&d| char::from(b'0' + d)).collect();
        if self.exponent >= 0 {
            all.push_str(&"0".repeat(if all.is_empty() { 0 } else { self.exponent as usize }));
            return (all, String::new());
        }
        let behind = self.exponent.unsigned_abs() as usize;
        if all.len() <= behind {
            return (String::new(), format!("{}{all}", "0".repeat(behind - all.len())));
        }
        let part = all.split_off(all.len() - behind);
        (all, part)
    }

    /// The power of ten of its first digit; 0 for zero.
    pub(super) fn magnitude(&self) -> i32 {
        if self.digits.is_empty() {
            0
        } else {
            self.exponent + self.digits.len() as i32 - 1
        }
    }

    /// In digits, as a cell without a format shows it.
    pub(super) fn plain(&self) -> String {
        let (whole, part) = self.parts();
        let sign = if self.negative { "-" } else { "" };
        let whole = if whole.is_empty() { "0" } else { &whole };
        if part.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{part}")
        }
    }
}
