//! The functions and what they take.

use super::check::{Check, Checked, error, rescaled};
use super::literal::region_digits;
use super::{Calendar, Kind, Mode, Typed, TypedNode};
use crate::language::{ExpressionError, Function, Node, Syntax};

/// The ways to round by name.
const MODES: &[(&str, Mode)] = &[
    ("half_up", Mode::HalfUp),
    ("half_even", Mode::HalfEven),
    ("down", Mode::Down),
    ("up", Mode::Up),
];

/// Most digits a rounding may keep.
const MAX_DIGITS: u8 = 9;

impl Check<'_> {
    /// A call, its arguments counted and typed.
    pub(super) fn call(&self, at: usize, function: Function, arguments: &[Syntax]) -> Checked {
        match (function, arguments) {
            (Function::Age, [birth]) => {
                let today = Typed {
                    at,
                    kind: Kind::Date,
                    node: TypedNode::AsOf,
                };
                self.calendar(at, Calendar::Age, vec![self.date(birth)?, today])
            }
            (Function::Age, [birth, on]) => self.calendar(at, Calendar::Age, vec![self.date(birth)?, self.date(on)?]),
            (Function::DaysBetween, [from, to]) => {
                self.calendar(at, Calendar::DaysBetween, vec![self.date(from)?, self.date(to)?])
            }
            (Function::FullMonths, [from, to]) => {
                self.calendar(at, Calendar::FullMonths, vec![self.date(from)?, self.date(to)?])
            }
            (Function::AddMonths, [from, months]) => {
                self.calendar(at, Calendar::AddMonths, vec![self.date(from)?, self.whole(months)?])
            }
            (Function::Year, [date]) => self.calendar(at, Calendar::Year, vec![self.date(date)?]),
            (Function::Month, [date]) => self.calendar(at, Calendar::Month, vec![self.date(date)?]),
            (Function::InRegion, [region, prefix]) => self.in_region(at, region, prefix),
            (Function::Least, list) => self.extreme(at, list, true),
            (Function::Greatest, list) => self.extreme(at, list, false),
            (Function::Floor, [inner]) => self.rounded(at, inner, 0, Mode::Floor),
            (Function::Ceil, [inner]) => self.rounded(at, inner, 0, Mode::Ceil),
            (Function::Round, [inner, digits, mode]) => self.rounded(at, inner, digits_of(digits)?, mode_of(mode)?),
            (Function::Yuan, [amount]) => yuan(at, amount),
            (Function::At, [parameter, day]) => {
                let Node::Parameter(id) = &parameter.node else {
                    return error(
                        parameter.at, "at 的第一项应是政策标准", "如 at($lpr_1y, loan.issue_date)",
                    );
                };
                let day = self.date(day)?;
                self.parameter(at, id, day)
            }
            _ => error(
                at,
                format!("参数有 {} 个，与写法不符", arguments.len()),
                format!("写法：{}", function.usage()),
            ),
        }
    }

    fn calendar(&self, at: usize, function: Calendar, arguments: Vec<Typed>) -> Checked {
        let kind = match (function, arguments.first()) {
            (Calendar::AddMonths, Some(first)) => first.kind,
            _ => Kind::INT,
        };
        Ok(Typed {
            at,
            kind,
            node: TypedNode::Calendar(function, arguments),
        })
    }

    /// A date or a month; a quoted text is read as a date, or as a month where it has no day.
    fn date(&self, syntax: &Syntax) -> Checked {
        let kind = match &syntax.node {
            Node::Text(text) if text.len() == 7 => Kind::Month,
            _ => Kind::Date,
        };
        let typed = self.as_kind(syntax, kind)?;
        if matches!(typed.kind, Kind::Date | Kind::Month) {
            return Ok(typed);
        }
        error(
            typed.at,
            format!("这里应是日期，写的是{}", typed.kind.label()),
            "如 employment.contract_date",
        )
    }

    fn whole(&self, syntax: &Syntax) -> Checked {
        let typed = self.number(syntax)?;
        if typed.kind == Kind::INT {
            return Ok(typed);
        }
        error(
            typed.at,
            format!("这里应是整数，写的是{}", typed.kind.label()),
            "月数应为整数",
        )
    }

    fn in_region(&self, at: usize, region: &Syntax, prefix: &Syntax) -> Checked {
        let region = self.value(region)?;
        if region.kind != Kind::Region {
            return error(
                region.at,
                format!("这里应是行政区划代码，写的是{}", region.kind.label()),
                "如 in_region(employer.region, '330282')",
            );
        }
        let Node::Text(prefix_text) = &prefix.node else {
            return error(prefix.at, "in_region 的第二项应是加引号的代码", "如 '3302'");
        };
        let digits = prefix_text.len();
        let valid = matches!(digits, 2 | 4 | 6 | 9 | 12) && prefix_text.bytes().all(|b| b.is_ascii_digit());
        let (low, high) = (
            format!("{prefix_text:0<12}").parse(),
            format!("{prefix_text:9<12}").parse(),
        );
        let (true, Ok(low), Ok(high)) = (valid, low, high) else {
            return error(
                prefix.at,
                format!("“{prefix_text}”不是行政区划代码的前几位"),
                "应为 2、4、6、9 或 12 位数字",
            );
        };
        // A case known only by a larger region may or may not lie inside the smaller one.
        let above = [2_usize, 4, 6, 9].iter().filter(|shorter| **shorter < digits);
        let ancestors = above
            .filter_map(|shorter| prefix_text.get(..*shorter))
            .filter_map(|shorter| region_digits(&format!("{shorter:0<12}")))
            .filter(|ancestor| *ancestor != low)
            .collect();
        Ok(Typed {
            at,
            kind: Kind::Bool,
            node: TypedNode::InRegion(Box::new(region), low, high, ancestors),
        })
    }
}

fn digits_of(syntax: &Syntax) -> Result<u8, ExpressionError> {
    match &syntax.node {
        Node::Number(digits) => match digits.parse::<u8>() {
            Ok(digits) if digits <= MAX_DIGITS => Ok(digits),
            _ => error(syntax.at, format!("保留位数应为 0 至 {MAX_DIGITS} 的整数"), ""),
        },
        _ => error(syntax.at, "保留位数应是写明的数字", "如 round(甲 / 乙, 4, 'half_up')"),
    }
}

fn mode_of(syntax: &Syntax) -> Result<Mode, ExpressionError> {
    let hint = "可用的有 'half_up'（四舍五入）、'half_even'（四舍六入五成双）、'down'（舍去）、'up'（进一）";
    match &syntax.node {
        Node::Text(name) => match MODES.iter().find(|(known, _)| known == name) {
            Some((_, mode)) => Ok(*mode),
            None => error(syntax.at, format!("没有取整方式“{name}”"), hint),
        },
        _ => error(syntax.at, "取整方式应是加引号的文字", hint),
    }
}

fn yuan(at: usize, amount: &Syntax) -> Checked {
    let Node::Number(digits) = &amount.node else {
        return error(amount.at, "yuan 里应是写明的数", "如 yuan(1200)、yuan(0.5)");
    };
    let typed = super::literal::number(amount.at, digits)?;
    let Kind::Number { scale, .. } = typed.kind else {
        return Ok(typed);
    };
    if scale > 2 {
        return error(amount.at, format!("“{digits}”元不足一分"), "金额最多两位小数");
    }
    let TypedNode::Literal(value) = rescaled(typed, 2)?.node else {
        return error(at, "金额超出范围", "请核对这里的数");
    };
    if value > crate::MAX_FEN {
        return error(
            amount.at,
            format!("{digits} 元超出金额上限 {} 元", crate::MAX_FEN / 100),
            "请核对这里的数",
        );
    }
    Ok(Typed {
        at,
        kind: Kind::FEN,
        node: TypedNode::Literal(value),
    })
}
