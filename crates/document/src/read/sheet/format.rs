//! Number formats: what a cell shows for the number it stores, in the Chinese locale.

use super::date::Moment;
use super::decimal::Decimal;
use crate::read::numerals::numeral;

/// A number format, taken apart.
#[derive(Debug, Clone)]
pub(super) struct NumberFormat {
    sections: Vec<Section>,
}

#[derive(Debug, Clone, Default)]
struct Section {
    tokens: Vec<Token>,
    condition: Option<(String, Decimal)>,
    /// 1: 一二三, 2: 壹贰叁.
    chinese: u8,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Literal(String),
    /// `0`, `#` or `?`.
    Digit(char),
    Point,
    Comma,
    Percent,
    /// `E+` and how many digits follow.
    Exponent(usize),
    /// `General`.
    General,
    /// `@`.
    Text,
    /// A letter of a date and how often it stands: y m d h s e a.
    Date(char, usize),
    /// `[h]`, `[m]`, `[s]`.
    Elapsed(char, usize),
    /// `AM/PM` and `上午/下午`.
    HalfDay(&'static str, &'static str),
}

impl NumberFormat {
    /// The format of this code.
    pub(super) fn new(code: &str) -> Self {
        Self {
            sections: split(code)
                .iter()
                .take(4)
                .map(|section| Section::parse(section))
                .collect(),
        }
    }

    /// The format that Excel knows by this number without being told, as the Chinese edition has it.
    pub(super) fn built_in(id: i64) -> Self {
        Self::new(match id {
            1 => "0",
            2 => "0.00",
            3 | 37 | 38 => "#,##0",
            4 | 39 | 40 => "#,##0.00",
            5 | 6 => "\"¥\"#,##0;\"¥\"-#,##0",
            7 | 8 => "\"¥\"#,##0.00;\"¥\"-#,##0.00",
            9 => "0%",
            10 => "0.00%",
            11 => "0.00E+00",
            48 => "##0.0E+0",
            14 => "yyyy/m/d",
            15 => "d-mmm-yy",
            16 => "d-mmm",
            17 => "mmm-yy",
            18 => "h:mm AM/PM",
            19 => "h:mm:ss AM/PM",
            20 => "h:mm",
            21 => "h:mm:ss",
            22 => "yyyy/m/d h:mm",
            27 | 36 | 50 | 57 => "yyyy\"年\"m\"月\"",
            28 | 29 | 51 | 54 | 58 => "m\"月\"d\"日\"",
            30 => "m/d/yy",
            31 => "yyyy\"年\"m\"月\"d\"日\"",
            32 => "h\"时\"mm\"分\"",
            33 => "h\"时\"mm\"分\"ss\"秒\"",
            34 | 55 => "上午/下午h\"时\"mm\"分\"",
            35 | 56 => "上午/下午h\"时\"mm\"分\"ss\"秒\"",
            52 => "yyyy\"年\"m\"月\"",
            53 => "m\"月\"d\"日\"",
            41 | 42 => "#,##0",
            43 | 44 => "#,##0.00",
            45 => "mm:ss",
            46 => "[h]:mm:ss",
            47 => "mm:ss.0",
            49 => "@",
            _ => "General",
        })
    }

    /// What a cell of this format shows for a number.
    pub(super) fn show(&self, value: &Decimal, since_1904: bool) -> String {
        let (section, drops_sign) = self.section_for(value);
        let Some(section) = section else { return value.plain() };
        let mut value = value.clone();
        if drops_sign {
            value.negative = false;
        }
        if section
            .tokens
            .iter()
            .any(|t| matches!(t, Token::Date(..) | Token::Elapsed(..) | Token::HalfDay(..)))
        {
            return section.show_moment(&value, since_1904);
        }
        if section.tokens.iter().any(|t| matches!(t, Token::Digit(_))) {
            return section.show_digits(value);
        }
        section.show_plain(&value)
    }

    /// The section that a number takes, and whether its sign is the section's own affair.
    fn section_for(&self, value: &Decimal) -> (Option<&Section>, bool) {
        if self.sections.iter().any(|section| section.condition.is_some()) {
            let found = self.sections.iter().position(|section| section.holds(value));
            return (
                found.and_then(|at| self.sections.get(at)),
                found.is_some_and(|at| at > 0),
            );
        }
        match self.sections.len() {
            0 => (None, false),
            1 => (self.sections.first(), false),
            _ if value.negative => (self.sections.get(1), true),
            2 => (self.sections.first(), false),
            _ if value.is_zero() => (self.sections.get(2), false),
            _ => (self.sections.first(), false),
        }
    }
}

/// The sections of a code, parted by semicolons outside quotes.
fn split(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let mut quoted = false;
    let mut escaped = false;
    for c in code.chars().take(1_000) {
        let parts = c == ';' && !quoted && !escaped;
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = !escaped && !quoted && matches!(c, '\\' | '!');
        match sections.last_mut() {
            Some(section) if !parts => section.push(c),
            _ => sections.push(String::new()),
        }
    }
    sections
}

impl Section {
    fn parse(code: &str) -> Self {
        let mut section = Self::default();
        let chars: Vec<char> = code.chars().collect();
        let mut at = 0;
        while at < chars.len() {
            at += section.take(&chars[at..]);
        }
        section.settle_minutes();
        section
    }

    /// Takes one token from the front; says how many characters it was.
    fn take(&mut self, rest: &[char]) -> usize {
        let starts = |word: &str| {
            word.chars()
                .zip(rest)
                .filter(|(a, b)| a.eq_ignore_ascii_case(b))
                .count()
                == word.chars().count()
        };
        let run = |c: char| rest.iter().take_while(|other| other.eq_ignore_ascii_case(&c)).count();
        let literal = |section: &mut Self, text: String| section.tokens.push(Token::Literal(text));
        if starts("General") {
            self.tokens.push(Token::General);
            return 7;
        }
        for (word, morning, evening) in [("AM/PM", "AM", "PM"), ("上午/下午", "上午", "下午"), ("A/P", "A", "P")]
        {
            if starts(word) {
                self.tokens.push(Token::HalfDay(morning, evening));
                return word.chars().count();
            }
        }
        match rest[0] {
            '"' => {
                let text: String = rest[1..].iter().take_while(|&&c| c != '"').collect();
                let length = text.chars().count() + 2;
                literal(self, text);
                length
            }
            '\\' | '!' => {
                literal(self, rest.get(1).map(char::to_string).unwrap_or_default());
                2
            }
            '_' | '*' => 2,
            '[' => self.take_bracket(rest),
            c @ ('0' | '#' | '?') => {
                self.tokens.push(Token::Digit(c));
                1
            }
            '.' => {
                self.tokens.push(Token::Point);
                1
            }
            ',' => {
                self.tokens.push(Token::Comma);
                1
            }
            '%' => {
                self.tokens.push(Token::Percent);
                1
            }
            '@' => {
                self.tokens.push(Token::Text);
                1
            }
            'E' | 'e' if matches!(rest.get(1), Some('+' | '-')) => {
                let digits = rest[2..].iter().take_while(|c| matches!(c, '0' | '#' | '?')).count();
                self.tokens.push(Token::Exponent(digits.clamp(1, 4)));
                2 + digits
            }
            c if "ymdhsea".contains(c.to_ascii_lowercase()) => {
                let count = run(c);
                self.tokens.push(Token::Date(c.to_ascii_lowercase(), count));
                count
            }
            c => {
                literal(self, c.to_string());
                1
            }
        }
    }

    /// `[Red]`, `[$¥-804]`, `[DBNum1]`, `[h]`, `[>=100]`.
    fn take_bracket(&mut self, rest: &[char]) -> usize {
        let inner: String = rest[1..].iter().take_while(|&&c| c != ']').collect();
        let length = inner.chars().count() + 2;
        let lower = inner.to_ascii_lowercase();
        if let Some(symbol) = inner.strip_prefix('$') {
            self.tokens
                .push(Token::Literal(symbol.split('-').next().unwrap_or_default().to_owned()));
        } else if lower == "dbnum1" {
            self.chinese = 1;
        } else if lower == "dbnum2" {
            self.chinese = 2;
        } else if let Some(letter) = lower.chars().next().filter(|c| "hms".contains(*c)) {
            if lower.chars().all(|c| c == letter) {
                self.tokens.push(Token::Elapsed(letter, lower.len()));
            }
        } else if lower.starts_with(['<', '>', '=']) {
            let operator: String = lower.chars().take_while(|c| "<>=".contains(*c)).collect();
            self.condition = Decimal::parse(&lower[operator.len()..]).map(|value| (operator, value));
        }
        length
    }

    /// `m` after hours or before seconds is minutes: they are kept as `n`.
    fn settle_minutes(&mut self) {
        let clock: Vec<(usize, char)> = self
            .tokens
            .iter()
            .enumerate()
            .filter_map(|(at, token)| match token {
                Token::Date(c, _) | Token::Elapsed(c, _) => Some((at, *c)),
                _ => None,
            })
            .collect();
        for (place, &(at, c)) in clock.iter().enumerate() {
            let after_hours = place > 0 && clock[place - 1].1 == 'h';
            let before_seconds = clock.get(place + 1).is_some_and(|(_, next)| *next == 's');
            if c == 'm'
                && (after_hours || before_seconds)
                && let Some(Token::Date(c, _)) = self.tokens.get_mut(at)
            {
                *c = 'n';
            }
        }
    }

    fn holds(&self, value: &Decimal) -> bool {
        let Some((operator, bound)) = &self.condition else {
            return true;
        };
        let order = compare(value, bound);
        match operator.as_str() {
            "<" => order.is_lt(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            ">=" => order.is_ge(),
            "<>" => order.is_ne(),
            _ => order.is_eq(),
        }
    }

    fn show_plain(&self, value: &Decimal) -> String {
        let mut out = String::new();
        for token in &self.tokens {
            match token {
                Token::Literal(text) => out.push_str(text),
                Token::General | Token::Text => out.push_str(&self.general(value)),
                _ => {}
            }
        }
        out
    }

    fn general(&self, value: &Decimal) -> String {
        let (whole, part) = value.parts();
        let format = match self.chinese {
            1 => "chineseCounting",
            2 => "chineseLegalSimplified",
            _ => return value.plain(),
        };
        match whole.parse::<i64>() {
            Ok(number) if part.is_empty() && !value.negative && number < 10_000 => numeral(number, format),
            _ => self.in_chinese_digits(&value.plain()),
        }
    }

    fn in_chinese_digits(&self, text: &str) -> String {
        const FORMAL: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
        const PLAIN: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
        let table = match self.chinese {
            1 => PLAIN,
            2 => FORMAL,
            _ => return text.to_owned(),
        };
        text.chars()
            .map(|c| c.to_digit(10).map_or(c, |digit| table[digit as usize]))
            .collect()
    }

    fn show_digits(&self, mut value: Decimal) -> String {
        let digits_left = |at: usize| self.tokens[at + 1..].iter().any(|t| matches!(t, Token::Digit(_)));
        let point = self.tokens.iter().position(|t| *t == Token::Point);
        let mut thousands = false;
        for (at, token) in self.tokens.iter().enumerate() {
            match token {
                Token::Percent => value.shift(2),
                // A comma among the digits groups them; behind the last one it divides by a thousand.
                Token::Comma if point.is_none_or(|p| at < p) && digits_left(at) => thousands = true,
                Token::Comma => value.shift(-3),
                _ => {}
            }
        }
        let exponent = self.tokens.iter().find_map(|t| {
            if let Token::Exponent(digits) = t {
                Some(*digits)
            } else {
                None
            }
        });
        let power = value.magnitude();
        if exponent.is_some() {
            value.shift(-power);
        }
        let behind = |token: &&Token| matches!(token, Token::Digit(_));
        let places = point.map_or(0, |p| {
            self.tokens[p..]
                .iter()
                .take_while(|t| !matches!(t, Token::Exponent(_)))
                .filter(behind)
                .count()
        });
        let before = self.tokens[..point.unwrap_or(self.tokens.len())]
            .iter()
            .filter(behind)
            .count();
        value.round(places as i32);
        let (whole, part) = value.parts();
        let out = self.fill(&whole, &part, before, thousands, exponent.map(|digits| (digits, power)));
        let sign = if value.negative { "-" } else { "" };
        format!("{sign}{}", self.in_chinese_digits(&out))
    }

    /// Puts digits where the code has places for them, from the point outwards.
    fn fill(&self, whole: &str, part: &str, before: usize, thousands: bool, exponent: Option<(usize, i32)>) -> String {
        let whole: Vec<char> = whole.chars().collect();
        let mut part = part.chars();
        let mut out = String::new();
        let mut place = 0;
        let mut past_point = false;
        let group = |out: &mut String, digit: char, right: usize| {
            out.push(digit);
            if thousands && right > 0 && right.is_multiple_of(3) {
                out.push(',');
            }
        };
        for token in &self.tokens {
            match token {
                Token::Literal(text) => out.push_str(text),
                Token::Percent => out.push('%'),
                Token::Point => {
                    past_point = true;
                    out.push('.');
                }
                Token::Exponent(_) => {
                    if let Some((digits, power)) = exponent {
                        let sign = if power < 0 { '-' } else { '+' };
                        out.push_str(&format!("E{sign}{:0digits$}", power.abs()));
                    }
                    past_point = true;
                }
                Token::Digit(kind) if past_point => match part.next() {
                    Some(digit) => out.push(digit),
                    None if *kind == '0' => out.push('0'),
                    None => {}
                },
                Token::Digit(kind) => {
                    let right = before - place - 1;
                    // The first place takes all digits that have none of their own.
                    if place == 0 {
                        for at in 0..whole.len().saturating_sub(before) {
                            group(&mut out, whole[at], whole.len() - at - 1);
                        }
                    }
                    match whole.len().checked_sub(right + 1).map(|at| whole[at]) {
                        Some(digit) => group(&mut out, digit, right),
                        None if *kind == '0' => group(&mut out, '0', right),
                        None => {}
                    }
                    place += 1;
                }
                _ => {}
            }
        }
        // `0.##` leaves its point behind where there is nothing after it, as Excel does; nobody writes that.
        out.strip_suffix('.').map(str::to_owned).unwrap_or(out)
    }

    fn show_moment(&self, value: &Decimal, since_1904: bool) -> String {
        let Some(moment) = Moment::of_serial(value, since_1904) else {
            return value.plain();
        };
        let twelve = self.tokens.iter().any(|t| matches!(t, Token::HalfDay(..)));
        let mut out = String::new();
        for token in &self.tokens {
            match token {
                Token::Literal(text) => out.push_str(text),
                Token::Date(c, count) => out.push_str(&self.date_part(&moment, *c, *count, twelve)),
                Token::Elapsed(c, count) => {
                    let unit = match c {
                        'h' => 3_600,
                        'm' => 60,
                        _ => 1,
                    };
                    out.push_str(&format!("{:0count$}", moment.elapsed_seconds / unit));
                }
                Token::HalfDay(morning, evening) => out.push_str(if moment.hour < 12 { morning } else { evening }),
                Token::Comma => out.push(','),
                Token::Point => out.push('.'),
                Token::Digit(_) => out.push('0'),
                Token::Percent | Token::Exponent(_) | Token::General | Token::Text => {}
            }
        }
        out
    }

    fn date_part(&self, moment: &Moment, c: char, count: usize, twelve: bool) -> String {
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        const DAYS: [char; 7] = ['日', '一', '二', '三', '四', '五', '六'];
        let number = |value: i64| match self.chinese {
            0 if count >= 2 => format!("{value:02}"),
            0 => value.to_string(),
            1 => numeral(value, "chineseCounting"),
            _ => numeral(value, "chineseLegalSimplified"),
        };
        match c {
            'y' if count <= 2 => self.in_chinese_digits(&format!("{:02}", moment.year % 100)),
            'y' | 'e' => self.in_chinese_digits(&moment.year.to_string()),
            'm' if count >= 3 => MONTHS
                .get((moment.month - 1) as usize)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            'm' => number(moment.month),
            'd' | 'a' if count >= 3 => {
                let day = DAYS[(moment.weekday % 7) as usize];
                if count == 3 && c == 'a' {
                    day.to_string()
                } else {
                    format!("星期{day}")
                }
            }
            'd' => number(moment.day),
            'h' if twelve => number(if moment.hour % 12 == 0 { 12 } else { moment.hour % 12 }),
            'h' => number(moment.hour),
            'n' => number(moment.minute),
            's' => number(moment.second),
            _ => String::new(),
        }
    }
}

fn compare(a: &Decimal, b: &Decimal) -> std::cmp::Ordering {
    if a.negative != b.negative {
        return b.negative.cmp(&a.negative);
    }
    let ((a_whole, a_part), (b_whole, b_part)) = (a.parts(), b.parts());
    let order = a_whole
        .len()
        .cmp(&b_whole.len())
        .then(a_whole.cmp(&b_whole))
        .then(a_part.cmp(&b_part));
    if a.negative { order.reverse() } else { order }
}
