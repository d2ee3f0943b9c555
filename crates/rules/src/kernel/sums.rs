//! The money of many rows, summed without writing what each of them gets.
//!
//! Who asks for counts and sums wants no row's amount. Where an amount is a column, bounded by constants or multiplied with
//! one, or a choice among such, its sum is had from the column as it stands: nothing is widened, multiplied and compared
//! with zero in an array of its own. This holds where no value is negative and none so large that arithmetic could fail;
//! what the rows show otherwise is computed as for every other purpose.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch};

use super::columns::{Columns, Data};
use super::lanes::{count, is_wide};
use super::masks::Branches;
use super::registers::{at, set};
use super::values::common;
use super::{Bits, Space, is_empty};
use crate::program::{Mask, Narrow, NarrowOp, Op, Program, Register, SAFE_FACTOR};

/// An amount of which rows are summed.
#[derive(Debug, Clone)]
pub(crate) struct Sum {
    term: Term,
    /// Operations that it needs: those of the conditions in it, and of values that are computed before.
    pub(crate) ops: Vec<u32>,
}

/// A value of every row that is never below zero, where the sum may be had of it.
#[derive(Debug, Clone)]
enum Term {
    /// The same for all rows.
    Constant(i64),
    /// A value, not less than one bound and not more than another, times a factor.
    Bounded(Source, (i64, i64), i64),
    /// The first branch whose condition holds.
    Case(Vec<(Mask, Self)>, Box<Self>),
    /// The second where the first, a guard, is known.
    Given(Mask, Box<Self>),
}

#[derive(Debug, Clone, Copy)]
enum Source {
    Column(u32),
    Register(Narrow),
}

/// Every value, as it is.
const ANY: (i64, i64) = (i64::MIN, i64::MAX);

/// Values that are not multiplied are less than this: those of a whole block do not overflow 64 bits.
const LARGE: i64 = 1 << 50;

impl Sum {
    /// The sum of a register, where one of its steps at least need not be written row by row.
    pub(crate) fn of(program: &Program, amount: Narrow) -> Option<Self> {
        let term = Term::of(program, amount)?;
        let plain = matches!(term, Term::Bounded(Source::Register(register), ..) if register == amount);
        let mut needed = Vec::new();
        term.needs(&mut needed);
        let ops = program.needed(&needed);
        (!plain).then_some(Self { term, ops })
    }
}

impl Term {
    /// The value of a register, as far down as it stands for itself; nothing where it is a negative constant.
    fn of(program: &Program, register: Narrow) -> Option<Self> {
        let written = |register: Narrow| Self::Bounded(Source::Register(register), ANY, 1);
        let itself = written(register);
        // A value that must not be negative is unknown where it is, whatever bounds it afterwards.
        let operand = |operand: Narrow| match program.writer(Register::Narrow(operand)) {
            Some((_, Op::Narrow(NarrowOp::Column(_) | NarrowOp::Least(..) | NarrowOp::Greatest(..)))) => {
                Self::of(program, operand).unwrap_or_else(|| written(operand))
            }
            _ => written(operand),
        };
        let Some((_, Op::Narrow(op))) = program.writer(Register::Narrow(register)) else {
            return None;
        };
        Some(match op {
            NarrowOp::Constant(value) if *value < 0 => return None,
            NarrowOp::Constant(value) => Self::Constant(*value),
            NarrowOp::Column(slot) => Self::Bounded(Source::Column(*slot), ANY, 1),
            NarrowOp::NotNegative(inner) => Self::of(program, *inner)?,
            NarrowOp::Least(a, b) => match program.with_constant(*a, *b) {
                Some((value, most)) => operand(value).bounded(|bound| bound.min(most)).unwrap_or(itself),
                None => itself,
            },
            NarrowOp::Greatest(a, b) => match program.with_constant(*a, *b) {
                Some((value, least)) => operand(value).bounded(|bound| bound.max(least)).unwrap_or(itself),
                None => itself,
            },
            NarrowOp::Multiply(a, b) => match program.with_constant(*a, *b) {
                Some((value, factor)) => operand(value).times(factor).unwrap_or(itself),
                None => itself,
            },
            NarrowOp::Given(guard, value) => Self::Given(*guard, Box::new(Self::of(program, *value)?)),
            NarrowOp::Case(branches, last) => {
                let branches: Option<Vec<_>> = branches
                    .iter()
                    .map(|(when, then)| Some((*when, Self::of(program, *then)?)))
                    .collect();
                Self::Case(branches?, Box::new(Self::of(program, *last)?))
            }
            _ => itself,
        })
    }

    /// The same with its bounds moved. Nothing where it is multiplied already, or a choice.
    fn bounded(self, moved: impl Fn(i64) -> i64) -> Option<Self> {
        match self {
            Self::Bounded(source, (least, most), 1) => Some(Self::Bounded(source, (moved(least), moved(most)), 1)),
            _ => None,
        }
    }

    fn times(self, factor: i64) -> Option<Self> {
        match self {
            Self::Bounded(source, bounds, 1) if (0..SAFE_FACTOR).contains(&factor) => {
                Some(Self::Bounded(source, bounds, factor))
            }
            _ => None,
        }
    }

    /// Adds the registers that must have been computed.
    fn needs(&self, registers: &mut Vec<Register>) {
        match self {
            Self::Constant(_) | Self::Bounded(Source::Column(_), ..) => {}
            Self::Bounded(Source::Register(register), ..) => registers.push(Register::Narrow(*register)),
            Self::Given(guard, value) => {
                registers.push(Register::Mask(*guard));
                value.needs(registers);
            }
            Self::Case(branches, last) => {
                for (when, then) in branches {
                    registers.push(Register::Mask(*when));
                    then.needs(registers);
                }
                last.needs(registers);
            }
        }
    }
}

impl<const W: usize> Space<W> {
    /// The rows of `rows` in which an amount is known, and its sum over them; its operations have been run. Nothing where
    /// rows were picked, or a value is negative or too large: then the amount must be computed row by row.
    pub(super) fn sum_of(&mut self, sum: &Sum, columns: &Columns, rows: &Bits<W>) -> Option<(Bits<W>, i128)> {
        if !self.picked.is_empty() {
            return None;
        }
        let mut known = [0; W];
        let total = self.term(&sum.term, columns, rows, &mut known)?;
        Some((known, total))
    }

    fn term(&mut self, term: &Term, columns: &Columns, rows: &Bits<W>, known: &mut Bits<W>) -> Option<i128> {
        if is_empty(rows) {
            return Some(0);
        }
        match term {
            Term::Constant(value) => {
                set(known, rows);
                Some(i128::from(*value) * i128::from(count(self.level, rows)))
            }
            Term::Bounded(source, bounds, factor) => self.bounded(*source, columns, rows, *bounds, *factor, known),
            Term::Given(guard, value) => {
                let rows = common(rows, &self.mask(*guard).known);
                self.term(value, columns, &rows, known)
            }
            Term::Case(branches, last) => {
                let (mut open, mut total) = (Branches::of(*rows), 0);
                for (when, then) in branches {
                    let taken = open.take(&self.mask(*when));
                    total += self.term(then, columns, &taken, known)?;
                }
                Some(total + self.term(last, columns, &open.rest(), known)?)
            }
        }
    }

    fn bounded(
        &mut self,
        source: Source,
        columns: &Columns,
        rows: &Bits<W>,
        bounds: (i64, i64),
        factor: i64,
        known: &mut Bits<W>,
    ) -> Option<i128> {
        let limit = if factor == 1 { LARGE } else { SAFE_FACTOR };
        let (marked, sum) = match source {
            Source::Register(register) => {
                let longs = self.longs.get(at(register.0))?;
                let marked = common(rows, &longs.known);
                let sum = sum_bounded(self.level, longs.values(), &marked, bounds, limit)?;
                (marked, sum)
            }
            Source::Column(slot) => {
                self.bits.load(columns, slot);
                let marked = common(rows, self.bits.valid(slot));
                let sum = match &columns.get(slot)?.data {
                    Data::Small(values) => sum_bounded(self.level, values.get(self.start..)?, &marked, bounds, limit)?,
                    Data::Medium(values) => sum_bounded(self.level, values.get(self.start..)?, &marked, bounds, limit)?,
                    Data::Long(values) => sum_bounded(self.level, values.get(self.start..)?, &marked, bounds, limit)?,
                    Data::Huge(_) | Data::Flags(_) => return None,
                };
                (marked, sum)
            }
        };
        set(known, &marked);
        Some(sum * i128::from(factor))
    }
}

/// The sum of the marked lanes of a block, each within bounds; nothing where one is below zero then or not below `limit`,
/// a power of two.
fn sum_bounded<T: Copy + Into<i64>, const W: usize>(
    level: Level,
    values: &[T],
    rows: &Bits<W>,
    bounds: (i64, i64),
    limit: i64,
) -> Option<i128> {
    dispatch!(level, simd => sum_bounded_all(simd, values, rows, bounds, limit))
}

#[inline(always)]
fn sum_bounded_all<S: Simd, T: Copy + Into<i64>, const W: usize>(
    simd: S,
    values: &[T],
    rows: &Bits<W>,
    bounds: (i64, i64),
    limit: i64,
) -> Option<i128> {
    const {
        assert!(64 * W <= 1 << 12, "a block has more values than 64 bits have room for");
    }
    let lanes = <S::i64s as SimdBase<S>>::LEN;
    let (mut sums, mut seen) = (S::i64s::splat(simd, 0), S::i64s::splat(simd, 0));
    let (mut sum, mut any) = (0_i64, 0_i64);
    for (values, rows) in values.chunks(64).zip(rows).filter(|(_, rows)| **rows != 0) {
        let mut wide = [0; 64];
        for (to, value) in wide.iter_mut().zip(values) {
            *to = (*value).into().max(bounds.0).min(bounds.1);
        }
        if is_wide::<S>() {
            for (at, part) in wide.chunks_exact(lanes).enumerate() {
                let marked = S::mask64s::from_bitmask(simd, rows >> (at * lanes));
                let value = marked.select(S::i64s::from_slice(simd, part), S::i64s::splat(simd, 0));
                sums += value;
                seen |= value;
            }
        } else {
            for (lane, value) in wide.iter().enumerate() {
                let value = value & (rows >> lane & 1).cast_signed().wrapping_neg();
                sum = sum.wrapping_add(value);
                any |= value;
            }
        }
    }
    let (sums, seen) = (sums.as_slice(), seen.as_slice());
    let any = seen.iter().fold(any, |any, seen| any | seen);
    let total = sums.iter().map(|sum| i128::from(*sum)).sum::<i128>() + i128::from(sum);
    (any.cast_unsigned() < limit.cast_unsigned()).then_some(total)
}
