//! The compiled program: operations over blocks of rows, each distinct one once for all benefits.
//!
//! Operations write registers of three kinds: truth values as two bit masks, 64-bit values (whole numbers, fen, dates,
//! codes, regions) and 128-bit values (decimals and what arithmetic makes of money). An operation is a value with an
//! order, and the builder keeps one register for each: `employer.size = 'small'` in five benefits is compared once.

mod build;
mod lower;

use std::collections::BTreeMap;

pub use build::{Builder, Record};

use crate::language::Comparison;
use crate::typed::{Calendar, Kind, Mode};

/// A register of truth values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mask(pub(crate) u32);

/// A register of 64-bit values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Narrow(pub(crate) u32);

/// A register of 128-bit values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wide(pub(crate) u32);

/// A register of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Register {
    /// Truth values.
    Mask(Mask),
    /// 64-bit values.
    Narrow(Narrow),
    /// 128-bit values.
    Wide(Wide),
}

/// A value below it in size, times a factor below it in size, fits 64 bits.
pub(crate) const SAFE_FACTOR: i64 = 1 << 31;

/// What makes truth values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum MaskOp {
    /// The same for all rows; `None` is unknown.
    Constant(Option<bool>),
    /// A column against a constant.
    ColumnCompare(u32, Comparison, i64),
    /// A column within two constants, both included.
    ColumnWithin(u32, i64, i64),
    /// A column equal to one of a few constants.
    ColumnOneOf(u32, Vec<i64>),
    /// A column of truth values.
    ColumnFlag(u32),
    /// The column says there is none.
    Absent(u32),
    /// A column times a constant against another times a constant, both below [`SAFE_FACTOR`] in size.
    ColumnsCompare(Comparison, (u32, i64), (u32, i64)),
    /// Two 64-bit values.
    NarrowCompare(Comparison, Narrow, Narrow),
    /// Two 128-bit values.
    WideCompare(Comparison, Wide, Wide),
    /// A region within a range, unknown for the regions above it.
    Region(Narrow, i64, i64, Vec<i64>),
    /// All hold.
    All(Vec<Mask>),
    /// Any holds.
    Any(Vec<Mask>),
    /// It does not hold.
    Not(Mask),
    /// The first branch whose condition holds.
    Case(Vec<(Mask, Mask)>, Mask),
    /// At most one of several exceptions holds; two at once are a conflict.
    OneAtMost(Vec<Mask>),
    /// The second where the first, a guard, is known.
    Given(Mask, Mask),
}

/// What makes 64-bit values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum NarrowOp {
    /// The same for all rows.
    Constant(i64),
    /// A parameter that nobody has set: always unknown.
    Unset(u32),
    /// A column.
    Column(u32),
    /// Sum.
    Add(Narrow, Narrow),
    /// Difference.
    Subtract(Narrow, Narrow),
    /// Product.
    Multiply(Narrow, Narrow),
    /// A function of dates; the second is the first again where there is one only.
    Calendar(Calendar, Narrow, Narrow),
    /// The first branch whose condition holds.
    Case(Vec<(Mask, Narrow)>, Narrow),
    /// The smaller.
    Least(Narrow, Narrow),
    /// The larger.
    Greatest(Narrow, Narrow),
    /// A parameter on a day.
    Step(u32, Narrow),
    /// A 128-bit value that fits.
    Narrowed(Wide),
    /// The second where the first, a guard, is known.
    Given(Mask, Narrow),
    /// The value where it is not below zero.
    NotNegative(Narrow),
}

/// What makes 128-bit values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum WideOp {
    /// The same for all rows.
    Constant(i128),
    /// A parameter that nobody has set: always unknown.
    Unset(u32),
    /// A column.
    Column(u32),
    /// A 64-bit value.
    Widened(Narrow),
    /// Times ten to a power.
    Scaled(Wide, u8),
    /// Sum.
    Add(Wide, Wide),
    /// Difference.
    Subtract(Wide, Wide),
    /// Product.
    Multiply(Wide, Wide),
    /// Quotient, rounded.
    Round(Wide, Wide, i8, Mode),
    /// The first branch whose condition holds.
    Case(Vec<(Mask, Wide)>, Wide),
    /// The smaller.
    Least(Wide, Wide),
    /// The larger.
    Greatest(Wide, Wide),
    /// A parameter on a day.
    Step(u32, Narrow),
    /// The second where the first, a guard, is known.
    Given(Mask, Wide),
}

/// An operation of any kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Op {
    /// Truth values.
    Mask(MaskOp),
    /// 64-bit values.
    Narrow(NarrowOp),
    /// 128-bit values.
    Wide(WideOp),
}

/// An input column: which fact, of which type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// The fact's index in the vocabulary; `None` is `as_of`.
    pub fact: Option<u32>,
    /// Its type.
    pub kind: Kind,
}

/// A parameter's values by day: unset before the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    /// The parameter's index in the vocabulary.
    pub parameter: u32,
    /// First day and value, sorted; `None` where a value ended and none followed.
    pub values: Vec<(i64, Option<i128>)>,
}

impl Steps {
    /// The value on a day.
    pub fn on(&self, day: i64) -> Option<i128> {
        let at = self.values.partition_point(|(from, _)| *from <= day);
        self.values.get(at.checked_sub(1)?).and_then(|(_, value)| *value)
    }
}

/// A finished program. Operations stand in an order in which each finds its operands done.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// The columns it reads.
    pub inputs: Vec<Input>,
    pub(crate) ops: Vec<(Op, u32)>,
    pub(crate) steps: Vec<Steps>,
    pub(crate) masks: u32,
    pub(crate) narrows: u32,
    pub(crate) wides: u32,
    /// Which operation writes a register.
    pub(crate) writers: BTreeMap<Register, u32>,
}

impl Program {
    /// How many operations it has.
    pub fn len(&self) -> usize {
        self.ops.len()
    }

    /// True without operations.
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// The operation that writes a register.
    pub(crate) fn writer(&self, register: Register) -> Option<(u32, &Op)> {
        let index = *self.writers.get(&register)?;
        self.ops.get(usize::try_from(index).ok()?).map(|(op, _)| (index, op))
    }

    /// The value a 64-bit register holds in every row, if it does.
    pub(crate) fn constant(&self, register: Narrow) -> Option<i64> {
        match self.writer(Register::Narrow(register)) {
            Some((_, Op::Narrow(NarrowOp::Constant(value)))) => Some(*value),
            _ => None,
        }
    }

    /// The one of two registers that is no constant, and the other's value where that is one.
    pub(crate) fn with_constant(&self, a: Narrow, b: Narrow) -> Option<(Narrow, i64)> {
        match (self.constant(a), self.constant(b)) {
            (None, Some(constant)) => Some((a, constant)),
            (Some(constant), None) => Some((b, constant)),
            _ => None,
        }
    }

    /// The operations that `registers` need, in order.
    pub fn needed(&self, registers: &[Register]) -> Vec<u32> {
        let mut wanted = vec![false; self.ops.len()];
        let mut open: Vec<Register> = registers.to_vec();
        while let Some(register) = open.pop() {
            let Some((index, op)) = self.writer(register) else {
                continue;
            };
            let Some(mark) = usize::try_from(index).ok().and_then(|at| wanted.get_mut(at)) else {
                continue;
            };
            if !*mark {
                *mark = true;
                open.extend(op.operands());
            }
        }
        (0..)
            .zip(&wanted)
            .filter(|(_, wanted)| **wanted)
            .map(|(index, _)| index)
            .collect()
    }

    /// About how dear an operation is over a block, a column of truth values being 1: how much is read from memory, and
    /// whether it is done row by row (a function of dates, a parameter on a row's own day, 128-bit arithmetic).
    pub(crate) fn cost(&self, op: u32) -> u32 {
        let Some((op, _)) = usize::try_from(op).ok().and_then(|at| self.ops.get(at)) else {
            return 0;
        };
        let read = |slot: u32| match usize::try_from(slot).ok().and_then(|slot| self.inputs.get(slot))?.kind {
            Kind::Bool => Some(1),
            Kind::Code(_) => Some(2),
            Kind::Date | Kind::Month => Some(4),
            kind if kind.is_narrow() => Some(8),
            _ => Some(16),
        };
        if let Some(cost) = op.columns().filter_map(read).reduce(|sum, cost| sum + cost) {
            return cost;
        }
        match op {
            Op::Narrow(NarrowOp::Calendar(..) | NarrowOp::Step(..) | NarrowOp::Narrowed(_)) | Op::Wide(_) => 50,
            Op::Mask(MaskOp::NarrowCompare(..) | MaskOp::WideCompare(..) | MaskOp::Region(..)) | Op::Narrow(_) => 4,
            Op::Mask(_) => 1,
        }
    }

    /// True where an operation takes a parameter that has no value, or has none on some day.
    pub(crate) fn may_be_unset(&self, op: u32) -> bool {
        let op = usize::try_from(op).ok().and_then(|at| self.ops.get(at));
        matches!(
            op,
            Some((
                Op::Narrow(NarrowOp::Unset(_) | NarrowOp::Step(..)) | Op::Wide(WideOp::Unset(_) | WideOp::Step(..)),
                _
            ))
        )
    }

    /// True where one of `registers` rests on an input for which `wanted` holds.
    pub fn reads(&self, registers: &[Register], wanted: impl Fn(&Input) -> bool) -> bool {
        self.needed(registers).iter().any(|index| {
            let op = usize::try_from(*index)
                .ok()
                .and_then(|at| self.ops.get(at))
                .map(|(op, _)| op);
            let mut slots = op.into_iter().flat_map(Op::columns);
            slots.any(|slot| {
                let input = usize::try_from(slot).ok().and_then(|slot| self.inputs.get(slot));
                input.is_some_and(&wanted)
            })
        })
    }
}

impl Op {
    /// The registers it reads.
    pub(crate) fn operands(&self) -> Vec<Register> {
        use Register::{Mask as M, Narrow as N, Wide as W};
        match self {
            Self::Mask(op) => match op {
                MaskOp::Constant(_)
                | MaskOp::ColumnCompare(..)
                | MaskOp::ColumnWithin(..)
                | MaskOp::ColumnOneOf(..)
                | MaskOp::ColumnFlag(_)
                | MaskOp::ColumnsCompare(..)
                | MaskOp::Absent(_) => Vec::new(),
                MaskOp::NarrowCompare(_, a, b) => vec![N(*a), N(*b)],
                MaskOp::WideCompare(_, a, b) => vec![W(*a), W(*b)],
                MaskOp::Region(a, ..) => vec![N(*a)],
                MaskOp::All(list) | MaskOp::Any(list) | MaskOp::OneAtMost(list) => list.iter().map(|a| M(*a)).collect(),
                MaskOp::Not(a) => vec![M(*a)],
                MaskOp::Case(branches, last) => branches
                    .iter()
                    .flat_map(|(when, then)| [M(*when), M(*then)])
                    .chain([M(*last)])
                    .collect(),
                MaskOp::Given(a, b) => vec![M(*a), M(*b)],
            },
            Self::Narrow(op) => match op {
                NarrowOp::Constant(_) | NarrowOp::Unset(_) | NarrowOp::Column(_) => Vec::new(),
                NarrowOp::Add(a, b)
                | NarrowOp::Subtract(a, b)
                | NarrowOp::Multiply(a, b)
                | NarrowOp::Calendar(_, a, b)
                | NarrowOp::Least(a, b)
                | NarrowOp::Greatest(a, b) => vec![N(*a), N(*b)],
                NarrowOp::Case(branches, last) => branches
                    .iter()
                    .flat_map(|(when, then)| [M(*when), N(*then)])
                    .chain([N(*last)])
                    .collect(),
                NarrowOp::Step(_, a) | NarrowOp::NotNegative(a) => vec![N(*a)],
                NarrowOp::Narrowed(a) => vec![W(*a)],
                NarrowOp::Given(a, b) => vec![M(*a), N(*b)],
            },
            Self::Wide(op) => match op {
                WideOp::Constant(_) | WideOp::Unset(_) | WideOp::Column(_) => Vec::new(),
                WideOp::Widened(a) | WideOp::Step(_, a) => vec![N(*a)],
                WideOp::Scaled(a, _) => vec![W(*a)],
                WideOp::Add(a, b)
                | WideOp::Subtract(a, b)
                | WideOp::Multiply(a, b)
                | WideOp::Round(a, b, ..)
                | WideOp::Least(a, b)
                | WideOp::Greatest(a, b) => vec![W(*a), W(*b)],
                WideOp::Case(branches, last) => branches
                    .iter()
                    .flat_map(|(when, then)| [M(*when), W(*then)])
                    .chain([W(*last)])
                    .collect(),
                WideOp::Given(a, b) => vec![M(*a), W(*b)],
            },
        }
    }

    /// The columns it reads.
    pub(crate) fn columns(&self) -> impl Iterator<Item = u32> + use<> {
        let (first, second) = match self {
            Self::Mask(MaskOp::ColumnsCompare(_, (left, _), (right, _))) => (Some(*left), Some(*right)),
            Self::Mask(
                MaskOp::ColumnCompare(slot, ..)
                | MaskOp::ColumnWithin(slot, ..)
                | MaskOp::ColumnOneOf(slot, _)
                | MaskOp::ColumnFlag(slot)
                | MaskOp::Absent(slot),
            )
            | Self::Narrow(NarrowOp::Column(slot))
            | Self::Wide(WideOp::Column(slot)) => (Some(*slot), None),
            _ => (None, None),
        };
        first.into_iter().chain(second)
    }
}
