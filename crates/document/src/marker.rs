//! Item markers at the head of a paragraph: 第一章, 一、, （一）, 1．, （1）, ①.

/// The styles of numbering, outermost first, as official documents nest them (GB/T 9704).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkerStyle {
    /// 第一章, 第一部分
    Chapter,
    /// 一、
    Han,
    /// （一）
    HanBracket,
    /// 1． 1. 1、
    Arabic,
    /// （1） 1）
    ArabicBracket,
    /// ①
    Circled,
}

/// A marker found at the head of folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Marker {
    /// Its style.
    pub style: MarkerStyle,
    /// Its number.
    pub number: u32,
    /// Its length in bytes of the folded text.
    pub len: usize,
}

/// The marker at the head of `text` (folded), if there is one.
pub(crate) fn marker(text: &str) -> Option<Marker> {
    let first = text.chars().next()?;
    match first {
        '第' => chapter(text),
        '（' => bracketed(text),
        'Ⅰ'..='Ⅻ' => roman(text, 'Ⅰ', MarkerStyle::Chapter),
        'ⅰ'..='ⅻ' => roman(text, 'ⅰ', MarkerStyle::ArabicBracket),
        '①'..='⑳' => Some(Marker {
            style: MarkerStyle::Circled,
            number: first as u32 - '①' as u32 + 1,
            len: first.len_utf8(),
        }),
        '0'..='9' => arabic(text),
        c if han_digit(c).is_some() => {
            let (number, len) = han_number(text)?;
            let rest = &text[len..];
            let mark = rest.chars().next().filter(|c| matches!(c, '、' | '.' | '，'))?;
            // A comma may stand for the enumeration mark only where a heading could begin: 一，is not enough for 一，二.
            (mark != '，' || !rest.starts_with("，二")).then_some(())?;
            Some(Marker {
                style: MarkerStyle::Han,
                number,
                len: len + mark.len_utf8(),
            })
        }
        _ => None,
    }
}

/// Ⅰ. and ⅰ.: a numeral that is one character, and its point.
fn roman(text: &str, one: char, style: MarkerStyle) -> Option<Marker> {
    let first = text.chars().next()?;
    let mark = text[first.len_utf8()..]
        .chars()
        .next()
        .filter(|c| matches!(c, '.' | '、'))?;
    Some(Marker {
        style,
        number: first as u32 - one as u32 + 1,
        len: first.len_utf8() + mark.len_utf8(),
    })
}

fn chapter(text: &str) -> Option<Marker> {
    let rest = &text['第'.len_utf8()..];
    let (number, len) = han_number(rest).or_else(|| arabic_number(rest))?;
    let unit = ["部分", "章", "篇"].into_iter().find(|u| rest[len..].starts_with(u))?;
    let mut end = '第'.len_utf8() + len + unit.len();
    if let Some(c) = text[end..].chars().next().filter(|c| matches!(c, '、' | '：' | '.')) {
        end += c.len_utf8();
    }
    Some(Marker {
        style: MarkerStyle::Chapter,
        number,
        len: end,
    })
}

fn bracketed(text: &str) -> Option<Marker> {
    let open = '（'.len_utf8();
    let rest = &text[open..];
    let (style, (number, len)) = match han_number(rest) {
        Some(found) => (MarkerStyle::HanBracket, found),
        None => (MarkerStyle::ArabicBracket, arabic_number(rest)?),
    };
    rest[len..].starts_with('）').then_some(())?;
    let mut end = open + len + '）'.len_utf8();
    if text[end..].starts_with('、') {
        end += '、'.len_utf8();
    }
    (number <= 300).then_some(Marker {
        style,
        number,
        len: end,
    })
}

fn arabic(text: &str) -> Option<Marker> {
    let (number, len) = arabic_number(text)?;
    (number > 0 && number <= 999 && len <= 3).then_some(())?;
    let rest = &text[len..];
    let mark = rest.chars().next()?;
    let after = rest[mark.len_utf8()..].chars().next();
    match mark {
        // 1.5亿元 is a figure, 3.1 a sub-number.
        '.' if after.is_none_or(|c| !c.is_ascii_digit()) => Some(MarkerStyle::Arabic),
        '、' => Some(MarkerStyle::Arabic),
        '）' => Some(MarkerStyle::ArabicBracket),
        _ => None,
    }
    .map(|style| Marker {
        style,
        number,
        len: len + mark.len_utf8(),
    })
}

fn arabic_number(text: &str) -> Option<(u32, usize)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    (len > 0 && len <= 4).then_some(())?;
    Some((text[..len].parse().ok()?, len))
}

/// The value of one Chinese digit or of 十, 百.
pub(crate) fn han_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        _ => return None,
    })
}

/// The Chinese number (1 to 999) at the head of `text` and its length in bytes.
pub(crate) fn han_number(text: &str) -> Option<(u32, usize)> {
    let (mut total, mut digit, mut len) = (0u32, None, 0usize);
    for c in text.chars() {
        match han_digit(c) {
            Some(unit @ (10 | 100)) => {
                total += digit.take().unwrap_or(1) * unit;
            }
            Some(value) => {
                if digit.replace(value).is_some_and(|d| d != 0) {
                    return None;
                }
            }
            None => break,
        }
        len += c.len_utf8();
        if len > 24 {
            return None;
        }
    }
    let total = total + digit.unwrap_or(0);
    (len > 0 && total > 0).then_some((total, len))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_every_style_are_read() {
        let cases = [
            ("一、支持企业", Some((MarkerStyle::Han, 1, "一、".len()))),
            ("十二、保障", Some((MarkerStyle::Han, 12, "十二、".len()))),
            (
                "（二十六）完善",
                Some((MarkerStyle::HanBracket, 26, "（二十六）".len())),
            ),
            ("63.牢牢", Some((MarkerStyle::Arabic, 63, 3))),
            ("1、加强", Some((MarkerStyle::Arabic, 1, "1、".len()))),
            ("（3）加强", Some((MarkerStyle::ArabicBracket, 3, "（3）".len()))),
            ("2）加强", Some((MarkerStyle::ArabicBracket, 2, "2）".len()))),
            ("③加强", Some((MarkerStyle::Circled, 3, 3))),
            ("第三章 总则", Some((MarkerStyle::Chapter, 3, "第三章".len()))),
            ("1.83亿元", None),
            ("2020年", None),
            ("（2020年11月1日）", None),
            ("一次性补贴", None),
            ("三支一扶", None),
            ("（责任单位：市财政局）", None),
        ];
        for (text, expected) in cases {
            assert_eq!(marker(text).map(|m| (m.style, m.number, m.len)), expected, "{text}");
        }
    }
}
