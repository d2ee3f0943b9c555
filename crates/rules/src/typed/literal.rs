//! Literals: digits, and quoted texts beside something that says what they are.

use policy::file::meant;

use super::check::{Checked, Vocabulary, error};
use super::{Kind, Typed, TypedNode};
use crate::calendar;

/// Most digits after the point of a written number.
const MAX_FRACTION: usize = 9;

/// `12`, `0.25`.
pub(super) fn number(at: usize, digits: &str) -> Checked {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > MAX_FRACTION {
        return error(at, format!("“{digits}”的小数超过 {MAX_FRACTION} 位"), "请核对这里的数");
    }
    let scale = u8::try_from(fraction.len()).unwrap_or(0);
    let value = format!("{whole}{fraction}").parse::<i64>();
    match value {
        Ok(value) => Ok(Typed {
            at,
            kind: Kind::Number { money: false, scale },
            node: TypedNode::Literal(i128::from(value)),
        }),
        Err(_) => error(
            at,
            format!("“{digits}”超出整数范围"),
            "最大为 9223372036854775807，请核对这里的数",
        ),
    }
}

/// A quoted text read as a value of `kind`.
pub(super) fn of_text(vocabulary: &Vocabulary, at: usize, text: &str, kind: Kind) -> Checked {
    let typed = |value: i64| {
        Ok(Typed {
            at,
            kind,
            node: TypedNode::Literal(i128::from(value)),
        })
    };
    match kind {
        Kind::Date => match calendar::parse_date(text) {
            Some(day) => typed(day),
            None => error(
                at,
                format!("“{text}”不是有效日期"),
                "请写成 '2020-01-31'，年份在 1900 至 9999 之间",
            ),
        },
        Kind::Month => match calendar::parse_month(text) {
            Some(day) => typed(day),
            None => error(at, format!("“{text}”不是有效月份"), "请写成 '2020-11'"),
        },
        Kind::Region => match region_digits(text) {
            Some(region) => typed(region),
            None => error(
                at,
                format!("“{text}”不是行政区划代码"),
                "应为 6、9 或 12 位数字；范围请用 in_region",
            ),
        },
        Kind::Code(list) => {
            let Some(codes) = vocabulary.list(list) else {
                return error(at, "这里的选项表不存在", "请检查 policies/shared/facts.toml");
            };
            match codes.find(text) {
                Some(code) => typed(i64::from(code.number)),
                None => error(
                    at,
                    format!("选项表“{}”中没有“{text}”", vocabulary.list_name(list)),
                    meant(text, codes.codes.iter().map(|code| code.code.as_str())),
                ),
            }
        }
        Kind::Number { .. } => error(
            at,
            format!("这里应是{}，写的是文字“{text}”", kind.label()),
            "数字不加引号；金额写成 yuan(1200)",
        ),
        Kind::Bool => error(
            at,
            format!("这里应是条件，写的是文字“{text}”"),
            "是否请写 TRUE 或 FALSE，不加引号",
        ),
    }
}

/// 6, 9 or 12 digits as a number of 12 digits.
pub(crate) fn region_digits(text: &str) -> Option<i64> {
    if !matches!(text.len(), 6 | 9 | 12) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{text:0<12}").parse().ok()
}
