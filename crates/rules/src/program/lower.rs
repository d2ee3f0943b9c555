//! Typed expressions to operations.

use super::build::{Builder, DAYS};
use super::{Mask, MaskOp, Narrow, NarrowOp, Op, Register, SAFE_FACTOR, Wide, WideOp};
use crate::language::Comparison;
use crate::typed::{Calendar, Kind, Typed, TypedNode};

impl Builder<'_> {
    /// The register of an expression, by its type.
    pub fn value(&mut self, typed: &Typed) -> Register {
        match typed.kind {
            Kind::Bool => Register::Mask(self.condition(typed)),
            kind if kind.is_narrow() => Register::Narrow(self.narrow_value(typed)),
            _ => Register::Wide(self.wide_value(typed)),
        }
    }

    /// The register of a condition.
    pub fn condition(&mut self, typed: &Typed) -> Mask {
        let op = match &typed.node {
            TypedNode::Flag(flag) => MaskOp::Constant(Some(*flag)),
            TypedNode::Fact(fact) => MaskOp::ColumnFlag(self.slot(Some(*fact), Kind::Bool)),
            TypedNode::IsNull(fact) => {
                let kind = self.vocabulary.fact_kind(*fact);
                MaskOp::Absent(self.slot(Some(*fact), kind))
            }
            TypedNode::Parameter(parameter, day) => {
                let value = self.parameter_narrow(*parameter, day);
                let yes = self.narrow(NarrowOp::Constant(1));
                MaskOp::NarrowCompare(Comparison::Equal, value, yes)
            }
            TypedNode::Compare(comparison, left, right) => {
                return self.comparison(*comparison, left, right);
            }
            TypedNode::Within(value, low, high) => return self.within(value, low, high),
            TypedNode::OneOf(value, list) => return self.one_of(value, list),
            TypedNode::InRegion(region, low, high, above) => {
                let region = self.narrow_value(region);
                MaskOp::Region(region, *low, *high, above.clone())
            }
            TypedNode::And(parts) => MaskOp::All(parts.iter().map(|part| self.condition(part)).collect()),
            TypedNode::Or(parts) => MaskOp::Any(parts.iter().map(|part| self.condition(part)).collect()),
            TypedNode::Not(inner) => MaskOp::Not(self.condition(inner)),
            TypedNode::Case(branches, otherwise) => {
                let branches = branches
                    .iter()
                    .map(|(when, then)| (self.condition(when), self.condition(then)))
                    .collect();
                MaskOp::Case(branches, self.condition(otherwise))
            }
            TypedNode::Exclusive(selectors, value) => MaskOp::Given(self.one_at_most(selectors), self.condition(value)),
            _ => MaskOp::Constant(None),
        };
        self.mask(op)
    }

    fn one_at_most(&mut self, selectors: &[Typed]) -> Mask {
        let selectors = selectors.iter().map(|selector| self.condition(selector)).collect();
        self.mask(MaskOp::OneAtMost(selectors))
    }

    fn comparison(&mut self, comparison: Comparison, left: &Typed, right: &Typed) -> Mask {
        if let (Some(slot), Some(constant)) = (self.column(left), literal(right)) {
            return self.mask(MaskOp::ColumnCompare(slot, comparison, constant));
        }
        if let (Some(constant), Some(slot)) = (literal(left), self.column(right)) {
            return self.mask(MaskOp::ColumnCompare(slot, comparison.turned(), constant));
        }
        if left.kind.is_narrow() {
            let (left_value, right_value) = (self.narrow_value(left), self.narrow_value(right));
            if let Some(mask) = self.date_cut(comparison, left, right_value) {
                return mask;
            }
            if let Some(mask) = self.date_cut(comparison.turned(), right, left_value) {
                return mask;
            }
            return self.column_or_registers(comparison, (left, left_value), (right, right_value));
        }
        let (left, right) = (self.wide_value(left), self.wide_value(right));
        self.mask(MaskOp::WideCompare(comparison, left, right))
    }

    /// A column against what turned out to be a constant (a parameter on a fixed day), else two registers.
    fn column_or_registers(&mut self, comparison: Comparison, left: (&Typed, Narrow), right: (&Typed, Narrow)) -> Mask {
        if let (Some(slot), Some(constant)) = (self.column(left.0), self.constant(right.1)) {
            return self.mask(MaskOp::ColumnCompare(slot, comparison, constant));
        }
        if let (Some(constant), Some(slot)) = (self.constant(left.1), self.column(right.0)) {
            return self.mask(MaskOp::ColumnCompare(slot, comparison.turned(), constant));
        }
        if let Some((left, right)) = self.scaled_column(left.1).zip(self.scaled_column(right.1)) {
            return self.mask(MaskOp::ColumnsCompare(comparison, left, right));
        }
        self.mask(MaskOp::NarrowCompare(comparison, left.1, right.1))
    }

    /// The column that a value is, and the constant that it is multiplied with.
    fn scaled_column(&self, value: Narrow) -> Option<(u32, i64)> {
        let column = |value: Narrow| match self.program().writer(Register::Narrow(value))? {
            (_, Op::Narrow(NarrowOp::Column(slot))) => Some(*slot),
            _ => None,
        };
        let (value, factor) = match self.program().writer(Register::Narrow(value))? {
            (_, Op::Narrow(NarrowOp::Multiply(a, b))) => self.program().with_constant(*a, *b)?,
            _ => (value, 1),
        };
        let slot = column(value).filter(|_| factor.unsigned_abs() < SAFE_FACTOR.unsigned_abs())?;
        Some((slot, factor))
    }

    /// `age(birth_date, '2020-09-01') >= 16` as `birth_date <= '2004-09-01'`: such functions never rise with their first
    /// date, so the day where the answer turns is found once, not in every row.
    fn date_cut(&mut self, comparison: Comparison, function: &Typed, value: Narrow) -> Option<Mask> {
        let TypedNode::Calendar(calendar, arguments) = &function.node else {
            return None;
        };
        let (slot, value) = (self.column(arguments.first()?)?, self.constant(value)?);
        if !matches!(calendar, Calendar::Age | Calendar::FullMonths | Calendar::DaysBetween) {
            return None;
        }
        let until = self.narrow_value(arguments.get(1)?);
        let until = self.constant(until)?;
        let at_least = |wanted: i64| {
            last_day_with(|day| crate::kernel::calendar(*calendar, day, until).is_some_and(|result| result >= wanted))
        };
        let next = value.checked_add(1)?;
        Some(match comparison {
            Comparison::GreaterOrEqual => {
                self.mask(MaskOp::ColumnCompare(slot, Comparison::LessOrEqual, at_least(value)))
            }
            Comparison::Less => self.mask(MaskOp::ColumnCompare(slot, Comparison::Greater, at_least(value))),
            Comparison::Greater => self.mask(MaskOp::ColumnCompare(slot, Comparison::LessOrEqual, at_least(next))),
            Comparison::LessOrEqual => self.mask(MaskOp::ColumnCompare(slot, Comparison::Greater, at_least(next))),
            Comparison::Equal => self.mask(MaskOp::ColumnWithin(slot, at_least(next) + 1, at_least(value))),
            Comparison::NotEqual => {
                let equal = self.mask(MaskOp::ColumnWithin(slot, at_least(next) + 1, at_least(value)));
                self.mask(MaskOp::Not(equal))
            }
        })
    }

    fn within(&mut self, value: &Typed, low: &Typed, high: &Typed) -> Mask {
        if let (Some(slot), Some(low), Some(high)) = (self.column(value), literal(low), literal(high)) {
            return self.mask(MaskOp::ColumnWithin(slot, low, high));
        }
        let least = self.comparison(Comparison::GreaterOrEqual, value, low);
        let most = self.comparison(Comparison::LessOrEqual, value, high);
        self.mask(MaskOp::All(vec![least, most]))
    }

    fn one_of(&mut self, value: &Typed, list: &[Typed]) -> Mask {
        let constants: Option<Vec<i64>> = list.iter().map(literal).collect();
        if let (Some(slot), Some(mut constants)) = (self.column(value), constants) {
            constants.sort_unstable();
            constants.dedup();
            if let [only] = constants.as_slice() {
                return self.mask(MaskOp::ColumnCompare(slot, Comparison::Equal, *only));
            }
            return self.mask(MaskOp::ColumnOneOf(slot, constants));
        }
        let parts = list
            .iter()
            .map(|item| self.comparison(Comparison::Equal, value, item))
            .collect();
        self.mask(MaskOp::Any(parts))
    }

    /// The slot of a bare fact, or of `as_of` where it is a column.
    fn column(&mut self, typed: &Typed) -> Option<u32> {
        match &typed.node {
            TypedNode::Fact(fact) => Some(self.slot(Some(*fact), typed.kind)),
            TypedNode::AsOf if self.as_of.is_none() => Some(self.slot(None, Kind::Date)),
            _ => None,
        }
    }

    /// The register of a 64-bit value.
    pub fn narrow_value(&mut self, typed: &Typed) -> Narrow {
        let op = match &typed.node {
            TypedNode::Literal(value) => match i64::try_from(*value) {
                Ok(value) => NarrowOp::Constant(value),
                Err(_) => {
                    let wide = self.wide(WideOp::Constant(*value));
                    NarrowOp::Narrowed(wide)
                }
            },
            TypedNode::Fact(fact) => NarrowOp::Column(self.slot(Some(*fact), typed.kind)),
            TypedNode::AsOf => return self.today(),
            TypedNode::Parameter(parameter, day) => return self.parameter_narrow(*parameter, day),
            TypedNode::Add(a, b) if alike(a, b) => NarrowOp::Add(self.narrow_value(a), self.narrow_value(b)),
            TypedNode::Subtract(a, b) if alike(a, b) => NarrowOp::Subtract(self.narrow_value(a), self.narrow_value(b)),
            TypedNode::Multiply(a, b) if alike(a, b) => NarrowOp::Multiply(self.narrow_value(a), self.narrow_value(b)),
            TypedNode::Case(branches, otherwise) => {
                let branches = branches
                    .iter()
                    .map(|(when, then)| (self.condition(when), self.narrow_value(then)))
                    .collect();
                NarrowOp::Case(branches, self.narrow_value(otherwise))
            }
            TypedNode::Exclusive(selectors, value) => {
                NarrowOp::Given(self.one_at_most(selectors), self.narrow_value(value))
            }
            TypedNode::NotNegative(inner) => NarrowOp::NotNegative(self.narrow_value(inner)),
            TypedNode::Least(parts) => return self.narrow_chain(parts, NarrowOp::Least),
            TypedNode::Greatest(parts) => return self.narrow_chain(parts, NarrowOp::Greatest),
            TypedNode::Calendar(function, arguments) => {
                let registers: Vec<Narrow> = arguments.iter().map(|argument| self.narrow_value(argument)).collect();
                match registers.as_slice() {
                    [only] => NarrowOp::Calendar(*function, *only, *only),
                    [first, second, ..] => NarrowOp::Calendar(*function, *first, *second),
                    [] => NarrowOp::Constant(0),
                }
            }
            _ => NarrowOp::Narrowed(self.wide_node(typed)),
        };
        self.narrow(op)
    }

    fn narrow_chain(&mut self, parts: &[Typed], op: fn(Narrow, Narrow) -> NarrowOp) -> Narrow {
        let registers: Vec<Narrow> = parts.iter().map(|part| self.narrow_value(part)).collect();
        let first = registers.first().copied().unwrap_or(Narrow(0));
        registers
            .into_iter()
            .skip(1)
            .fold(first, |so_far, next| self.narrow(op(so_far, next)))
    }

    fn parameter_narrow(&mut self, parameter: u32, day: &Typed) -> Narrow {
        let day = self.narrow_value(day);
        match self.parameter_steps(parameter) {
            Some(steps) => self.narrow(NarrowOp::Step(steps, day)),
            None => self.narrow(NarrowOp::Unset(parameter)),
        }
    }

    /// The register of a 128-bit value; a 64-bit one is widened.
    pub fn wide_value(&mut self, typed: &Typed) -> Wide {
        // A value of a 64-bit type that does not fit 64 bits is unknown wherever it stands, also inside a wider sum.
        if typed.kind.is_narrow() && !matches!(typed.node, TypedNode::Literal(_)) {
            let narrow = self.narrow_value(typed);
            return self.wide(WideOp::Widened(narrow));
        }
        self.wide_node(typed)
    }

    fn wide_node(&mut self, typed: &Typed) -> Wide {
        let op = match &typed.node {
            TypedNode::Literal(value) => WideOp::Constant(*value),
            TypedNode::Add(a, b) => WideOp::Add(self.wide_value(a), self.wide_value(b)),
            TypedNode::Subtract(a, b) => WideOp::Subtract(self.wide_value(a), self.wide_value(b)),
            TypedNode::Multiply(a, b) => WideOp::Multiply(self.wide_value(a), self.wide_value(b)),
            TypedNode::Rescale(inner, power) => WideOp::Scaled(self.wide_value(inner), *power),
            TypedNode::Round {
                numerator,
                denominator,
                power,
                mode,
            } => WideOp::Round(self.wide_value(numerator), self.wide_value(denominator), *power, *mode),
            TypedNode::Fact(fact) => WideOp::Column(self.slot(Some(*fact), typed.kind)),
            TypedNode::Parameter(parameter, day) => {
                let day = self.narrow_value(day);
                match self.parameter_steps(*parameter) {
                    Some(steps) => WideOp::Step(steps, day),
                    None => WideOp::Unset(*parameter),
                }
            }
            TypedNode::Case(branches, otherwise) => {
                let branches = branches
                    .iter()
                    .map(|(when, then)| (self.condition(when), self.wide_value(then)))
                    .collect();
                WideOp::Case(branches, self.wide_value(otherwise))
            }
            TypedNode::Exclusive(selectors, value) => {
                WideOp::Given(self.one_at_most(selectors), self.wide_value(value))
            }
            TypedNode::Least(parts) => return self.wide_chain(parts, WideOp::Least),
            TypedNode::Greatest(parts) => return self.wide_chain(parts, WideOp::Greatest),
            _ => WideOp::Widened(self.narrow_value(typed)),
        };
        self.wide(op)
    }

    fn wide_chain(&mut self, parts: &[Typed], op: fn(Wide, Wide) -> WideOp) -> Wide {
        let registers: Vec<Wide> = parts.iter().map(|part| self.wide_value(part)).collect();
        let first = registers.first().copied().unwrap_or(Wide(0));
        registers
            .into_iter()
            .skip(1)
            .fold(first, |so_far, next| self.wide(op(so_far, next)))
    }
}

/// Both sides and so the result are 64-bit values.
fn alike(a: &Typed, b: &Typed) -> bool {
    a.kind.is_narrow() && b.kind.is_narrow()
}

/// The value of a literal that fits 64 bits.
fn literal(typed: &Typed) -> Option<i64> {
    if let TypedNode::Literal(value) = typed.node {
        i64::try_from(value).ok()
    } else {
        None
    }
}

/// The last day for which `holds`, which never begins to hold again; the day before the first if it never does.
fn last_day_with(holds: impl Fn(i64) -> bool) -> i64 {
    let (mut low, mut high) = (DAYS.0 - 1, DAYS.1);
    while low < high {
        let middle = high - (high - low) / 2;
        if holds(middle) { low = middle } else { high = middle - 1 }
    }
    low
}
