//! Numbers as automatic numbering prints them: `ST_NumberFormat` of ECMA-376, the formats Chinese documents use and
//! the Latin ones.

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const UNITS: [&str; 4] = ["", "十", "百", "千"];
const LEGAL_DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const LEGAL_UNITS: [&str; 4] = ["", "拾", "佰", "仟"];
const HEAVENLY_STEMS: [char; 10] = ['甲', '乙', '丙', '丁', '戊', '己', '庚', '辛', '壬', '癸'];
const EARTHLY_BRANCHES: [char; 12] = ['子', '丑', '寅', '卯', '辰', '巳', '午', '未', '申', '酉', '戌', '亥'];

/// `number` in the format of this name. A format that is not known prints as decimal, as Word itself does.
pub(in crate::read) fn numeral(number: i64, format: &str) -> String {
    let Ok(count) = usize::try_from(number) else {
        return number.to_string();
    };
    match format {
        "none" | "bullet" => String::new(),
        "chineseCounting"
        | "chineseCountingThousand"
        | "japaneseCounting"
        | "taiwaneseCounting"
        | "taiwaneseCountingThousand"
        | "koreanDigital2" => counting(number, &DIGITS, &UNITS, '零', true),
        "chineseLegalSimplified" | "japaneseLegal" | "ideographLegalTraditional" => {
            counting(number, &LEGAL_DIGITS, &LEGAL_UNITS, '零', false)
        }
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => number
            .to_string()
            .chars()
            .map(|c| DIGITS[c as usize - '0' as usize])
            .collect(),
        "ideographTraditional" => of_list(count, &HEAVENLY_STEMS, number),
        "ideographZodiac" => of_list(count, &EARTHLY_BRANCHES, number),
        "decimalFullWidth" | "decimalFullWidth2" => number.to_string().chars().map(full_width).collect(),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => circled(number),
        "decimalEnclosedFullstop" => from(number, '⒈', 20),
        "decimalEnclosedParen" => from(number, '⑴', 20),
        "ideographEnclosedCircle" => from(number, '㊀', 10),
        "ideographParenthesized" => from(number, '㈠', 10),
        "decimalZero" => format!("{number:02}"),
        "numberInDash" => format!("- {number} -"),
        "upperRoman" => roman(count),
        "lowerRoman" => roman(count).to_lowercase(),
        "upperLetter" => letters(count, 'A'),
        "lowerLetter" => letters(count, 'a'),
        "hex" => format!("{number:X}"),
        _ => number.to_string(),
    }
}

fn full_width(c: char) -> char {
    char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)
}

/// The `number`th of a run of characters that Unicode has in order, decimal beyond its end.
fn from(number: i64, first: char, count: u32) -> String {
    match u32::try_from(number) {
        Ok(n) if (1..=count).contains(&n) => {
            char::from_u32(u32::from(first) + n - 1).map_or_else(String::new, String::from)
        }
        _ => number.to_string(),
    }
}

fn circled(number: i64) -> String {
    match number {
        0 => "⓪".to_owned(),
        1..=20 => from(number, '①', 20),
        21..=35 => from(number - 20, '㉑', 15),
        36..=50 => from(number - 35, '㊱', 15),
        _ => number.to_string(),
    }
}

/// Beyond its end a list begins again, as Word lets it.
fn of_list(count: usize, list: &[char], number: i64) -> String {
    if count == 0 {
        number.to_string()
    } else {
        list[(count - 1) % list.len()].to_string()
    }
}

/// 十一, 二十, 一百零一; numbers of a hundred thousand and more, which no numbering reaches, in decimal.
fn counting(number: i64, digits: &[char; 10], units: &[&str; 4], zero: char, drops_first_one: bool) -> String {
    if !(1..10_000).contains(&number) {
        return if number == 0 {
            digits[0].to_string()
        } else {
            number.to_string()
        };
    }
    let decimal = number.to_string();
    let mut out = String::new();
    let mut gap = false;
    for (at, c) in decimal.chars().enumerate() {
        let digit = c as usize - '0' as usize;
        let unit = decimal.len() - 1 - at;
        if digit == 0 {
            gap = true;
            continue;
        }
        if gap {
            out.push(zero);
            gap = false;
        }
        if !(drops_first_one && at == 0 && digit == 1 && unit == 1) {
            out.push(digits[digit]);
        }
        out.push_str(units[unit]);
    }
    out
}

fn roman(mut count: usize) -> String {
    if count > 3_999 {
        return count.to_string();
    }
    const STEPS: [(usize, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut out = String::new();
    for (value, letters) in STEPS {
        while count >= value {
            out.push_str(letters);
            count -= value;
        }
    }
    out
}

/// A … Z, AA, BB, CC: Word repeats the letter.
fn letters(count: usize, first: char) -> String {
    if count == 0 || count > 26 * 30 {
        return count.to_string();
    }
    let letter = char::from_u32(u32::from(first) + ((count - 1) % 26) as u32).unwrap_or(first);
    std::iter::repeat_n(letter, (count - 1) / 26 + 1).collect()
}
