//! Money as text: 元, 万元, 亿元; every form is exact.

use std::fmt;

use super::Money;

const FEN_PER_YUAN: u64 = 100;
const FEN_PER_WAN: u64 = 1_000_000;
const FEN_PER_YI: u64 = 10_000_000_000;
/// Two decimals of a unit are a hundredth of it.
const HUNDREDTHS: u64 = 100;

impl Money {
    /// In yuan, without separators: `3000元`, `1234.50元`; two decimals or none.
    pub fn in_yuan(self) -> String {
        let (sign, fen) = self.parts();
        let (yuan, rest) = (fen / FEN_PER_YUAN, fen % FEN_PER_YUAN);
        if rest == 0 {
            format!("{sign}{yuan}元")
        } else {
            format!("{sign}{yuan}.{rest:02}元")
        }
    }

    /// In units of ten thousand yuan with as many decimals as it takes: `6060.24万元`.
    pub fn in_wan(self) -> String {
        self.in_unit(FEN_PER_WAN, 6, "万元")
    }

    /// In units of a hundred million yuan with as many decimals as it takes: `1.83亿元`.
    pub fn in_yi(self) -> String {
        self.in_unit(FEN_PER_YI, 10, "亿元")
    }

    /// In the largest of 亿元, 万元 and 元 that says it without loss in at most two decimals.
    pub fn short(self) -> String {
        let fen = self.0.unsigned_abs();
        let says_it = |unit: u64| fen >= unit && fen.is_multiple_of(unit / HUNDREDTHS);
        if says_it(FEN_PER_YI) {
            self.in_yi()
        } else if says_it(FEN_PER_WAN) {
            self.in_wan()
        } else {
            self.in_yuan()
        }
    }

    fn in_unit(self, fen_per_unit: u64, decimals: usize, name: &str) -> String {
        let (sign, fen) = self.parts();
        let (whole, rest) = (fen / fen_per_unit, fen % fen_per_unit);
        if rest == 0 {
            return format!("{sign}{whole}{name}");
        }
        let fraction = format!("{rest:0decimals$}");
        format!("{sign}{whole}.{}{name}", fraction.trim_end_matches('0'))
    }

    fn parts(self) -> (&'static str, u64) {
        (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs())
    }
}

/// As accounts print it: thousands separators, always two decimals, the unit: `1,234.50元`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, fen) = self.parts();
        let yuan = (fen / FEN_PER_YUAN).to_string();
        let mut grouped = String::with_capacity(32);
        for (index, digit) in yuan.chars().enumerate() {
            if index > 0 && (yuan.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        f.pad(&format!("{sign}{grouped}.{:02}元", fen % FEN_PER_YUAN))
    }
}
