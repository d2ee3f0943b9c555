//! Numbers in folded text, exactly: digits, a decimal point, grouping commas; Chinese numerals.

/// A number: its digits without a point, and how many of them stand behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    digits: String,
    decimals: u32,
    /// Byte behind it.
    pub(super) end: usize,
    /// Written in Chinese numerals.
    pub(super) han: bool,
}

/// Longest number read, in digits; a longer one is no figure but noise.
const MAX_DIGITS: usize = 24;

/// True for a character that may begin a Chinese number.
pub(super) fn begins_han(c: char) -> bool {
    matches!(c, '半') || crate::marker::han_digit(c).is_some_and(|d| d > 0) || c == '百'
}

/// The number that begins at `start`.
pub(super) fn number_at(text: &str, start: usize) -> Option<Number> {
    let rest = &text[start..];
    if let Some(percent) = rest.strip_prefix("百分之") {
        let (value, len) = crate::marker::han_number(percent)?;
        return Some(Number {
            digits: value.to_string(),
            decimals: 0,
            end: start + "百分之".len() + len,
            han: true,
        });
    }
    if !rest.starts_with(|c: char| c.is_ascii_digit()) {
        if let Some(after) = rest.strip_prefix('半') {
            let _ = after;
            return Some(Number {
                digits: "5".into(),
                decimals: 1,
                end: start + '半'.len_utf8(),
                han: true,
            });
        }
        let (value, len) = crate::marker::han_number(rest)?;
        return Some(Number {
            digits: value.to_string(),
            decimals: 0,
            end: start + len,
            han: true,
        });
    }
    let mut digits = String::new();
    let mut decimals = 0;
    let mut point = false;
    let bytes = rest.as_bytes();
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        match b {
            b'0'..=b'9' => {
                digits.push(*b as char);
                decimals += u32::from(point);
            }
            b'.' if !point && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => point = true,
            b',' if !point && grouped(&bytes[at + 1..]) => {}
            _ => break,
        }
        at += 1;
    }
    (digits.len() <= MAX_DIGITS).then_some(Number {
        digits,
        decimals,
        end: start + at,
        han: false,
    })
}

/// Exactly three digits follow a grouping comma.
fn grouped(rest: &[u8]) -> bool {
    rest.len() >= 3 && rest[..3].iter().all(u8::is_ascii_digit) && !rest.get(3).is_some_and(u8::is_ascii_digit)
}

impl Number {
    /// The value times ten to the `exponent`, as a plain decimal. None where it is no number of its kind.
    pub(super) fn scaled(&self, exponent: u32) -> Option<String> {
        let mut digits = self.digits.clone();
        let mut decimals = self.decimals;
        let shift = exponent.min(decimals);
        decimals -= shift;
        digits.extend(std::iter::repeat_n('0', (exponent - shift) as usize));
        let decimals = decimals as usize;
        if digits.len() <= decimals {
            digits.insert_str(0, &"0".repeat(decimals + 1 - digits.len()));
        }
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let fraction = fraction.trim_end_matches('0');
        Some(if fraction.is_empty() {
            whole.to_owned()
        } else {
            format!("{whole}.{fraction}")
        })
    }
}
