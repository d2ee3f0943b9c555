//! Sums, products, and quotients inside a rounding.

use super::check::{Check, Checked, error, rescaled, scale};
use super::{Kind, MAX_SCALE, Mode, Typed, TypedNode};
use crate::language::{ExpressionError, Node, Operator, Syntax};

/// A quotient that has not been divided yet.
struct Quotient {
    numerator: Typed,
    denominator: Option<Typed>,
}

impl Check<'_> {
    /// Two values of one kind, at one scale.
    pub(super) fn alike(&self, left: Typed, right: Typed, what: &str) -> Result<(Typed, Typed), ExpressionError> {
        match (left.kind, right.kind) {
            (Kind::Number { money: true, .. }, Kind::Number { money: false, .. })
            | (Kind::Number { money: false, .. }, Kind::Number { money: true, .. }) => {
                error(right.at, format!("金额与数不能{what}"), "金额请写成 yuan(1200)")
            }
            (Kind::Number { scale: a, .. }, Kind::Number { scale: b, .. }) => {
                Ok((rescaled(left, a.max(b))?, rescaled(right, a.max(b))?))
            }
            (a, b) if a == b => Ok((left, right)),
            (a, b) => error(
                right.at,
                format!("{}与{}不能{what}", a.label(), b.label()),
                "两边应是同一类信息",
            ),
        }
    }

    /// `+ - *` outside a rounding.
    pub(super) fn arithmetic(&self, at: usize, operator: Operator, left: &Syntax, right: &Syntax) -> Checked {
        let (left, right) = (self.number(left)?, self.number(right)?);
        match operator {
            Operator::Add => self.sum(at, left, right, false),
            Operator::Subtract => self.sum(at, left, right, true),
            Operator::Multiply | Operator::Divide => product(at, left, right),
        }
    }

    fn sum(&self, at: usize, left: Typed, right: Typed, minus: bool) -> Checked {
        let (left, right) = self.alike(left, right, if minus { "相减" } else { "相加" })?;
        let kind = left.kind;
        let (left, right) = (Box::new(left), Box::new(right));
        Ok(Typed {
            at,
            kind,
            node: if minus {
                TypedNode::Subtract(left, right)
            } else {
                TypedNode::Add(left, right)
            },
        })
    }

    /// `round`, `floor`, `ceil` around `inner`: `digits` after the point stay.
    pub(super) fn rounded(&self, at: usize, inner: &Syntax, digits: u8, mode: Mode) -> Checked {
        let quotient = self.quotient(inner)?;
        let one = Typed {
            at,
            kind: Kind::INT,
            node: TypedNode::Literal(1),
        };
        let denominator = quotient.denominator.unwrap_or(one);
        let (
            Kind::Number {
                money: of_money,
                scale: above,
            },
            Kind::Number {
                money: by_money,
                scale: below,
            },
        ) = (quotient.numerator.kind, denominator.kind)
        else {
            return error(at, "取整的应是数或金额", "");
        };
        let money = match (of_money, by_money) {
            (true, false) => true,
            (false, true) => return error(at, "数不能除以金额", "请检查除号两边"),
            _ => false,
        };
        if money && digits > 2 {
            return error(at, "金额最多保留两位小数", "2 表示到分，1 表示到角，0 表示到元");
        }
        if money && matches!(mode, Mode::Floor | Mode::Ceil) {
            return error(
                at,
                "金额不能用 floor、ceil",
                "请写明取到哪一位，如 round(金额, 2, 'down')",
            );
        }
        let power = i16::from(digits) + i16::from(below) - i16::from(above);
        let Ok(power) = i8::try_from(power) else {
            return error(at, "小数位数过多", "请减少相乘的小数");
        };
        let node = TypedNode::Round {
            numerator: Box::new(quotient.numerator),
            denominator: Box::new(denominator),
            power,
            mode,
        };
        let rounded = Typed {
            at,
            kind: Kind::Number { money, scale: digits },
            node,
        };
        // Money is kept in fen whatever it was rounded to.
        if money { rescaled(rounded, 2) } else { Ok(rounded) }
    }

    /// The inside of a rounding, over one common denominator.
    fn quotient(&self, syntax: &Syntax) -> Result<Quotient, ExpressionError> {
        let at = syntax.at;
        let Node::Arithmetic(operator, left, right) = &syntax.node else {
            return Ok(Quotient {
                numerator: self.number(syntax)?,
                denominator: None,
            });
        };
        if *operator == Operator::Divide {
            if has_division(right) {
                return error(right.at, "除数里不能再有除法", "请把式子改写成乘法");
            }
            let over = self.quotient(left)?;
            let by = self.number(right)?;
            let denominator = match over.denominator {
                Some(already) => product(at, already, by)?,
                None => by,
            };
            return Ok(Quotient {
                numerator: over.numerator,
                denominator: Some(denominator),
            });
        }
        let (left, right) = (self.quotient(left)?, self.quotient(right)?);
        if *operator == Operator::Multiply {
            let denominator = match (left.denominator, right.denominator) {
                (Some(a), Some(b)) => Some(product(at, a, b)?),
                (a, b) => a.or(b),
            };
            return Ok(Quotient {
                numerator: product(at, left.numerator, right.numerator)?,
                denominator,
            });
        }
        let minus = *operator == Operator::Subtract;
        match (left.denominator, right.denominator) {
            (None, None) => Ok(Quotient {
                numerator: self.sum(at, left.numerator, right.numerator, minus)?,
                denominator: None,
            }),
            (a, b) => {
                let one = Typed {
                    at,
                    kind: Kind::INT,
                    node: TypedNode::Literal(1),
                };
                let (a, b) = (a.unwrap_or_else(|| one.clone()), b.unwrap_or(one));
                let numerator = self.sum(
                    at,
                    product(at, left.numerator, self.copy(&b)?)?,
                    product(at, right.numerator, self.copy(&a)?)?,
                    minus,
                )?;
                Ok(Quotient {
                    numerator,
                    denominator: Some(product(at, a, b)?),
                })
            }
        }
    }

    /// `least`, `greatest`.
    pub(super) fn extreme(&self, at: usize, arguments: &[Syntax], least: bool) -> Checked {
        let texts: Vec<&Syntax> = arguments.iter().collect();
        if texts.len() < 2 {
            return error(at, "least、greatest 至少要两项", "如 least(甲, 乙)");
        }
        let values = self.family(&texts, "各项")?;
        let kind = values.first().map_or(Kind::INT, |value| value.kind);
        if matches!(kind, Kind::Bool | Kind::Code(_) | Kind::Region) {
            return error(
                at,
                format!("{}不分大小", kind.label()),
                "least、greatest 只用于数、金额、日期和月份",
            );
        }
        Ok(Typed {
            at,
            kind,
            node: if least {
                TypedNode::Least(values)
            } else {
                TypedNode::Greatest(values)
            },
        })
    }
}

fn product(at: usize, left: Typed, right: Typed) -> Checked {
    let (Kind::Number { money: a, .. }, Kind::Number { money: b, .. }) = (left.kind, right.kind) else {
        return error(at, "相乘的应是数或金额", "");
    };
    if a && b {
        return error(at, "金额不能与金额相乘", "请检查乘号两边");
    }
    let digits = u16::from(scale(left.kind).unwrap_or(0)) + u16::from(scale(right.kind).unwrap_or(0));
    let Some(scale) = u8::try_from(digits).ok().filter(|scale| *scale <= MAX_SCALE) else {
        return error(at, format!("相乘后小数超过 {MAX_SCALE} 位"), "请先用 round 取整");
    };
    let kind = Kind::Number { money: a || b, scale };
    Ok(Typed {
        at,
        kind,
        node: TypedNode::Multiply(Box::new(left), Box::new(right)),
    })
}

/// True where a division stands in the expression itself, not inside a rounding of its own.
fn has_division(syntax: &Syntax) -> bool {
    match &syntax.node {
        Node::Arithmetic(Operator::Divide, ..) => true,
        Node::Arithmetic(_, left, right) => has_division(left) || has_division(right),
        Node::Negate(inner) => has_division(inner),
        _ => false,
    }
}
