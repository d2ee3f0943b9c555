//! Numbers, money, dates, codes and regions.

use super::{AS_OF, Printer, date, quoted};
use crate::typed::{Calendar, Kind, Mode, Typed, TypedNode};

/// Digits of the decimals that hold what does not fit 64 bits: a product of two numbers of 128 bits fits as well.
const WIDE_DIGITS: u8 = 76;
/// Digits of a decimal that holds any number of 64 bits.
const NARROW_DIGITS: u8 = 19;

impl Printer<'_> {
    /// A value of 64 bits or fewer.
    pub(super) fn narrow(&self, typed: &Typed) -> String {
        match &typed.node {
            TypedNode::Literal(value) if matches!(typed.kind, Kind::Date | Kind::Month) => date(*value),
            TypedNode::Literal(value) => match i64::try_from(*value) {
                Ok(value) if value < 0 => format!("({value})"),
                Ok(value) => value.to_string(),
                Err(_) => "CAST(NULL AS BIGINT)".to_owned(),
            },
            TypedNode::Fact(fact) => self.column(*fact),
            TypedNode::AsOf => match self.as_of {
                Some(day) => format!("DATE '{day}'"),
                None => quoted(AS_OF),
            },
            TypedNode::Parameter(parameter, day) => self.parameter(*parameter, day, typed.kind),
            TypedNode::Add(a, b) if alike(a, b) => self.whole(a, "+", b),
            TypedNode::Subtract(a, b) if alike(a, b) => self.whole(a, "-", b),
            TypedNode::Multiply(a, b) if alike(a, b) => self.whole(a, "*", b),
            TypedNode::Case(branches, otherwise) => self.case(branches, otherwise, Self::narrow),
            TypedNode::Exclusive(selectors, value) => self.exclusive(selectors, &self.narrow(value)),
            TypedNode::NotNegative(inner) => {
                let inner = self.narrow(inner);
                format!("(CASE WHEN {inner} >= 0 THEN {inner} END)")
            }
            TypedNode::Least(parts) => self.extreme("least", parts, Self::narrow),
            TypedNode::Greatest(parts) => self.extreme("greatest", parts, Self::narrow),
            TypedNode::Calendar(function, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(|argument| self.narrow(argument)).collect();
                format!("{}({})", function_name(*function), arguments.join(", "))
            }
            // A decimal that has come out whole, or in whole fen.
            _ => {
                let wide = self.wide_node(typed);
                if typed.kind == Kind::FEN {
                    narrowed(&format!("{wide} * {}", wide_literal(100, 0)))
                } else {
                    narrowed(&wide)
                }
            }
        }
    }

    /// Arithmetic on 64 bits, null where the result does not fit them: the engine's own would wrap around.
    fn whole(&self, a: &Typed, sign: &str, b: &Typed) -> String {
        let exact = |typed: &Typed| format!("CAST({} AS DECIMAL({NARROW_DIGITS}, 0))", self.narrow(typed));
        format!("TRY_CAST({} {sign} {} AS BIGINT)", exact(a), exact(b))
    }

    /// Any number as a decimal of its true value.
    pub(super) fn wide(&self, typed: &Typed) -> String {
        if !typed.kind.is_narrow() || matches!(typed.node, TypedNode::Literal(_)) {
            return self.wide_node(typed);
        }
        let whole = format!("CAST({} AS DECIMAL({WIDE_DIGITS}, 0))", self.narrow(typed));
        if typed.kind == Kind::FEN {
            format!("({whole} * {})", wide_literal(1, 2))
        } else {
            whole
        }
    }

    fn wide_node(&self, typed: &Typed) -> String {
        let scale = scale(typed.kind);
        match &typed.node {
            TypedNode::Literal(value) => wide_literal(*value, scale),
            TypedNode::Add(a, b) => format!("fits_128({} + {})", self.wide(a), self.wide(b)),
            TypedNode::Subtract(a, b) => format!("fits_128({} - {})", self.wide(a), self.wide(b)),
            TypedNode::Multiply(a, b) => format!("fits_128({} * {})", self.wide(a), self.wide(b)),
            TypedNode::Rescale(inner, _) => {
                format!(
                    "fits_128(CAST({} AS DECIMAL({WIDE_DIGITS}, {scale})))",
                    self.wide(inner)
                )
            }
            TypedNode::Round {
                numerator,
                denominator,
                mode,
                ..
            } => {
                let (over, under) = (self.wide(numerator), self.wide(denominator));
                format!("round_div({over}, {under}, {scale}, '{}')", mode_name(*mode))
            }
            TypedNode::Fact(fact) => format!("CAST({} AS DECIMAL({WIDE_DIGITS}, {scale}))", self.column(*fact)),
            TypedNode::Parameter(parameter, day) => self.parameter(*parameter, day, typed.kind),
            TypedNode::Case(branches, otherwise) => self.case(branches, otherwise, Self::wide),
            TypedNode::Exclusive(selectors, value) => self.exclusive(selectors, &self.wide(value)),
            TypedNode::Least(parts) => self.extreme("least", parts, Self::wide),
            TypedNode::Greatest(parts) => self.extreme("greatest", parts, Self::wide),
            // Nothing else is a decimal.
            _ => format!("CAST(NULL AS DECIMAL({WIDE_DIGITS}, {scale}))"),
        }
    }

    /// SQL's `least` and `greatest` pass nulls over; an unknown cap must never pay uncapped.
    fn extreme(&self, name: &str, parts: &[Typed], print: impl Fn(&Self, &Typed) -> String) -> String {
        let parts: Vec<String> = parts.iter().map(|part| print(self, part)).collect();
        let unknown: Vec<String> = parts.iter().map(|part| format!("{part} IS NULL")).collect();
        let (unknown, parts) = (unknown.join(" OR "), parts.join(", "));
        format!("(CASE WHEN {unknown} THEN NULL ELSE {name}({parts}) END)")
    }
}

/// A whole decimal as 64 bits, null where it does not fit. In two steps, for DataFusion's cast of 76 digits to 64 bits
/// drops the upper ones without a word.
fn narrowed(wide: &str) -> String {
    format!("TRY_CAST(TRY_CAST({wide} AS DECIMAL(38, 0)) AS BIGINT)")
}

/// `1.25` for 125 with two digits after the point.
pub(super) fn wide_literal(value: i128, scale: u8) -> String {
    let digits = usize::from(scale);
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", value.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    let point = if digits == 0 { "" } else { "." };
    format!("CAST('{sign}{whole}{point}{fraction}' AS DECIMAL({WIDE_DIGITS}, {scale}))")
}

fn scale(kind: Kind) -> u8 {
    if let Kind::Number { scale, .. } = kind {
        scale
    } else {
        0
    }
}

fn alike(a: &Typed, b: &Typed) -> bool {
    a.kind.is_narrow() && b.kind.is_narrow()
}

fn function_name(function: Calendar) -> &'static str {
    match function {
        Calendar::Age => "age",
        Calendar::DaysBetween => "days_between",
        Calendar::FullMonths => "full_months",
        Calendar::AddMonths => "add_months",
        Calendar::Year => "year",
        Calendar::Month => "month",
    }
}

/// How `round_div` calls it.
fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::HalfUp => "half_up",
        Mode::HalfEven => "half_even",
        Mode::Down => "down",
        Mode::Up => "up",
        Mode::Floor => "floor",
        Mode::Ceil => "ceil",
    }
}
