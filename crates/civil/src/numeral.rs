//! Chinese numerals: everyday (五百万), positional (二〇二〇) and those of accounts (伍佰万), in simplified and
//! traditional script.

/// The digit a character stands for, 零 and 〇 included.
pub fn digit(character: char) -> Option<u8> {
    Some(match character {
        '零' | '〇' | '○' => 0,
        '一' | '壹' | '弌' => 1,
        '二' | '贰' | '貳' | '两' | '兩' => 2,
        '三' | '叁' | '參' | '叄' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' | '陸' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// 10, 100 or 1,000, if the character is such a unit.
pub(crate) fn small_unit(character: char) -> Option<u32> {
    Some(match character {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1000,
        _ => return None,
    })
}

pub(crate) fn is_wan(character: char) -> bool {
    matches!(character, '万' | '萬')
}

pub(crate) fn is_yi(character: char) -> bool {
    matches!(character, '亿' | '億')
}

/// Whether the character can be part of a numeral: a digit or a unit.
pub fn is_numeral(character: char) -> bool {
    digit(character).is_some() || small_unit(character).is_some() || is_wan(character) || is_yi(character)
}

/// The value of a whole numeral: 二十五, 一千零五十, 二〇二〇, 叁佰万.
///
/// Nothing for what is not well formed, does not fit, or has two readings: 一万五 (10,005 or 15,000) and 二百五 are
/// refused, 一百零五 and 一百一十五 are not.
pub fn read(text: &str) -> Option<u64> {
    let characters: Vec<char> = text.chars().collect();
    value(&characters).ok().and_then(|value| u64::try_from(value).ok())
}

/// The value, or the index of the character at which the reading broke off.
pub(crate) fn value(characters: &[char]) -> Result<u128, usize> {
    if characters.is_empty() {
        return Err(0);
    }
    if characters.iter().all(|character| digit(*character).is_some()) {
        return positional(characters);
    }
    sectioned(characters, 0, true)
}

/// Digits alone, each standing for its place.
fn positional(characters: &[char]) -> Result<u128, usize> {
    let mut value = 0_u128;
    for (index, character) in characters.iter().enumerate() {
        let next = u128::from(digit(*character).ok_or(index)?);
        value = value
            .checked_mul(10)
            .and_then(|tens| tens.checked_add(next))
            .ok_or(index)?;
    }
    Ok(value)
}

/// A numeral split at its last 亿; what stands before may hold another.
fn sectioned(characters: &[char], offset: usize, leading: bool) -> Result<u128, usize> {
    let Some(at) = characters.iter().rposition(|character| is_yi(*character)) else {
        return below_yi(characters, offset, leading);
    };
    let (before, after) = split(characters, at);
    let high = sectioned(before, offset, leading)?;
    let low = if after.is_empty() {
        0
    } else {
        below_yi(after, offset + at + 1, false)?
    };
    high.checked_mul(100_000_000)
        .and_then(|high| high.checked_add(low))
        .ok_or(offset + at)
}

/// A numeral below 亿, split at its 万.
fn below_yi(characters: &[char], offset: usize, leading: bool) -> Result<u128, usize> {
    let Some(at) = characters.iter().rposition(|character| is_wan(*character)) else {
        return below_wan(characters, offset, leading, leading);
    };
    let (before, after) = split(characters, at);
    let high = below_wan(before, offset, leading, true)?;
    let low = if after.is_empty() {
        0
    } else {
        below_wan(after, offset + at + 1, false, false)?
    };
    Ok(high * 10_000 + low)
}

/// One section of up to four places; `leading` if nothing stands before it, `clear` if its first character may be a
/// digit without a unit: at the end of a longer numeral that digit has two readings.
fn below_wan(characters: &[char], offset: usize, leading: bool, clear: bool) -> Result<u128, usize> {
    let mut value = 0_u128;
    let mut last_unit = 10_000_u32;
    let mut after_zero = false;
    let mut index = 0;
    while let Some(character) = characters.get(index).copied() {
        let here = offset + index;
        let at_start = index == 0;
        match (digit(character), small_unit(character)) {
            (Some(0), _) if after_zero || (at_start && leading) || index + 1 == characters.len() => {
                return Err(here);
            }
            (Some(0), _) => after_zero = true,
            (Some(digit), _) => {
                let unit = characters.get(index + 1).and_then(|next| small_unit(*next));
                if let Some(unit) = unit {
                    index += 1;
                    value += place(digit, unit, last_unit, here)?;
                    last_unit = unit;
                } else {
                    let clear = (at_start && clear) || after_zero || last_unit == 10;
                    if !clear || index + 1 != characters.len() {
                        return Err(here);
                    }
                    value += u128::from(digit);
                }
                after_zero = false;
            }
            (None, Some(10)) if (at_start && clear) || (after_zero && value == 0) => {
                value += 10;
                last_unit = 10;
                after_zero = false;
            }
            _ => return Err(here),
        }
        index += 1;
    }
    if value == 0 { Err(offset) } else { Ok(value) }
}

fn place(digit: u8, unit: u32, last_unit: u32, here: usize) -> Result<u128, usize> {
    if unit < last_unit {
        Ok(u128::from(digit) * u128::from(unit))
    } else {
        Err(here + 1)
    }
}

fn split(characters: &[char], at: usize) -> (&[char], &[char]) {
    let before = characters.get(..at).unwrap_or_default();
    let after = characters.get(at + 1..).unwrap_or_default();
    (before, after)
}
