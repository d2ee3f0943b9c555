//! A second evaluator, naive and independent: it walks the typed tree of one row with optional values.

use civil::{Day, Rounding};
use rules::typed::{Calendar, Mode, Typed, TypedNode, Vocabulary};

use crate::support::{Given, Got};

pub(crate) struct Row<'a> {
    pub(crate) vocabulary: &'a Vocabulary,
    pub(crate) facts: &'a dyn Fn(u32) -> Given,
    pub(crate) as_of: i64,
    pub(crate) known_on: Day,
}

fn to_day(number: i128) -> Option<Day> {
    Day::from_days_since_epoch(i32::try_from(number).ok()?)
}

impl Row<'_> {
    pub(crate) fn result(&self, typed: &Typed) -> Got {
        if typed.kind == rules::typed::Kind::Bool {
            Got::Truth(self.truth(typed))
        } else {
            Got::Number(self.number(typed))
        }
    }

    fn truth(&self, typed: &Typed) -> Option<bool> {
        match &typed.node {
            TypedNode::Flag(flag) => Some(*flag),
            TypedNode::Fact(fact) => match (self.facts)(*fact) {
                Given::Value(value) => Some(value != 0),
                Given::Unknown | Given::Absent => None,
            },
            TypedNode::IsNull(fact) => match (self.facts)(*fact) {
                Given::Value(_) => Some(false),
                Given::Absent => Some(true),
                Given::Unknown => None,
            },
            TypedNode::Compare(comparison, a, b) => Some(comparison.holds(self.number(a)?, self.number(b)?)),
            TypedNode::Within(value, low, high) => {
                let value = self.number(value);
                let low = value.zip(self.number(low)).map(|(value, low)| value >= low);
                let high = value.zip(self.number(high)).map(|(value, high)| value <= high);
                all([low, high].into_iter())
            }
            TypedNode::OneOf(value, list) => {
                let value = self.number(value);
                any(list
                    .iter()
                    .map(|item| value.zip(self.number(item)).map(|(a, b)| a == b)))
            }
            TypedNode::InRegion(region, low, high, above) => {
                let region = self.number(region)?;
                if above.iter().any(|above| i128::from(*above) == region) {
                    return None;
                }
                Some((i128::from(*low)..=i128::from(*high)).contains(&region))
            }
            TypedNode::And(parts) => all(parts.iter().map(|part| self.truth(part))),
            TypedNode::Or(parts) => any(parts.iter().map(|part| self.truth(part))),
            TypedNode::Not(inner) => self.truth(inner).map(|flag| !flag),
            TypedNode::Case(branches, otherwise) => {
                for (when, then) in branches {
                    if self.truth(when)? {
                        return self.truth(then);
                    }
                }
                self.truth(otherwise)
            }
            other => panic!("no condition: {other:?}"),
        }
    }

    /// Nothing where unknown, where a 64-bit type cannot hold the result, and where arithmetic fails.
    fn number(&self, typed: &Typed) -> Option<i128> {
        let value = match &typed.node {
            TypedNode::Literal(value) => Some(*value),
            TypedNode::Fact(fact) => match (self.facts)(*fact) {
                Given::Value(value) => Some(value),
                Given::Unknown | Given::Absent => None,
            },
            TypedNode::AsOf => Some(i128::from(self.as_of)),
            TypedNode::Parameter(parameter, on) => {
                let on = to_day(self.number(on)?)?;
                let parameter = self
                    .vocabulary
                    .parameters
                    .get(self.vocabulary.parameter_id(*parameter))?;
                match &parameter.on(on, &[], self.known_on)?.is {
                    policy::parameter::Scalar::Decimal(value) => Some(*value),
                    policy::parameter::Scalar::Fen(value) | policy::parameter::Scalar::Int(value) => {
                        Some(i128::from(*value))
                    }
                    other => panic!("not used here: {other:?}"),
                }
            }
            TypedNode::Add(a, b) => self.number(a)?.checked_add(self.number(b)?),
            TypedNode::Subtract(a, b) => self.number(a)?.checked_sub(self.number(b)?),
            TypedNode::Multiply(a, b) => self.number(a)?.checked_mul(self.number(b)?),
            TypedNode::Rescale(inner, power) => {
                self.number(inner)?.checked_mul(10_i128.checked_pow(u32::from(*power))?)
            }
            TypedNode::Round {
                numerator,
                denominator,
                power,
                mode,
            } => {
                let (mut over, mut under) = (self.number(numerator)?, self.number(denominator)?);
                let factor = 10_i128.checked_pow(u32::from(power.unsigned_abs()))?;
                if *power >= 0 {
                    over = over.checked_mul(factor)?
                } else {
                    under = under.checked_mul(factor)?
                }
                match mode {
                    Mode::HalfUp => Rounding::HalfUp.quotient(over, under),
                    Mode::HalfEven => Rounding::HalfEven.quotient(over, under),
                    Mode::Down => Rounding::Down.quotient(over, under),
                    Mode::Up => Rounding::Up.quotient(over, under),
                    // Floor is away from zero below it and towards zero above it.
                    Mode::Floor | Mode::Ceil => {
                        let negative = (over < 0) != (under < 0);
                        let away = negative == (*mode == Mode::Floor);
                        if away {
                            Rounding::Up.quotient(over, under)
                        } else {
                            Rounding::Down.quotient(over, under)
                        }
                    }
                }
            }
            TypedNode::Case(branches, otherwise) => {
                for (when, then) in branches {
                    if self.truth(when)? {
                        return self.number(then);
                    }
                }
                self.number(otherwise)
            }
            TypedNode::Least(parts) => self.extreme(parts, i128::min),
            TypedNode::Greatest(parts) => self.extreme(parts, i128::max),
            TypedNode::Calendar(function, arguments) => {
                let numbers = arguments
                    .iter()
                    .map(|argument| self.number(argument))
                    .collect::<Option<Vec<_>>>()?;
                self.calendar(*function, &numbers)
            }
            other => panic!("no number: {other:?}"),
        }?;
        if typed.kind.is_narrow() {
            i64::try_from(value).ok().map(i128::from)
        } else {
            Some(value)
        }
    }

    fn extreme(&self, parts: &[Typed], pick: fn(i128, i128) -> i128) -> Option<i128> {
        let numbers = parts.iter().map(|part| self.number(part)).collect::<Option<Vec<_>>>()?;
        numbers.into_iter().reduce(pick)
    }

    fn calendar(&self, function: Calendar, numbers: &[i128]) -> Option<i128> {
        let first = to_day(numbers[0])?;
        let second = || to_day(numbers[1]);
        Some(match function {
            Calendar::Age => match civil::age(first, second()?) {
                Some(age) => i128::from(age),
                None => -1 - i128::from(civil::full_months(second()?, first) / 12),
            },
            Calendar::DaysBetween => i128::from(first.days_until(second()?)),
            Calendar::FullMonths => i128::from(civil::full_months(first, second()?)),
            Calendar::AddMonths => i128::from(first.add_months(i32::try_from(numbers[1]).ok()?)?.days_since_epoch()),
            Calendar::Year => i128::from(first.year()),
            Calendar::Month => i128::from(first.month_number()),
        })
    }
}

fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let parts: Vec<Option<bool>> = parts.collect();
    if parts.contains(&Some(false)) {
        return Some(false);
    }
    parts.iter().all(Option::is_some).then_some(true)
}

fn any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(parts.map(|part| part.map(|flag| !flag))).map(|flag| !flag)
}
