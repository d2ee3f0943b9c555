//! Truth values of a block: comparisons packed into bits, and three-valued logic on words.

use super::Bits;
use super::registers::Truth;
use crate::language::Comparison;

/// Which values of a block are looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Over<'r> {
    /// So many, from the first.
    First(usize),
    /// A few rows, in order.
    Rows(&'r [u16]),
}

/// One bit for each of a few rows.
pub(crate) fn pick(rows: &[u16], bits: &mut [u64], holds: impl Fn(usize) -> bool) {
    for row in rows.iter().copied().map(usize::from) {
        if let Some(word) = bits.get_mut(row / 64) {
            *word |= u64::from(holds(row)) << (row % 64);
        }
    }
}

/// One bit per value for which `holds`. Bytes first, then eight at a time into bits: both loops vectorise.
#[inline(always)]
pub(crate) fn pack_word<T: Copy>(values: &[T; 64], holds: impl Fn(T) -> bool) -> u64 {
    let mut bytes = [0_u8; 64];
    for (byte, value) in bytes.iter_mut().zip(values) {
        *byte = u8::from(holds(*value));
    }
    gathered(&bytes)
}

/// One bit per pair for which `holds`.
#[inline(always)]
pub(crate) fn pack_pair_word<T: Copy>(left: &[T; 64], right: &[T; 64], holds: impl Fn(T, T) -> bool) -> u64 {
    let mut bytes = [0_u8; 64];
    for ((byte, a), b) in bytes.iter_mut().zip(left).zip(right) {
        *byte = u8::from(holds(*a, *b));
    }
    gathered(&bytes)
}

/// The lowest bits of 64 bytes as one word.
#[inline(always)]
fn gathered(bytes: &[u8; 64]) -> u64 {
    let mut word = 0;
    let (eights, _) = bytes.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        // The product gathers the lowest bit of each of the eight bytes in its highest byte.
        let gathered = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        word |= gathered << (8 * at);
    }
    word
}

/// Values of two registers against each other.
pub(crate) fn compare_pairs<T: Copy + PartialOrd, const W: usize>(
    left: &[T],
    right: &[T],
    over: Over<'_>,
    comparison: Comparison,
    bits: &mut Bits<W>,
) {
    match comparison {
        Comparison::Equal => pack_pairs(left, right, over, bits, |a, b| a == b),
        Comparison::NotEqual => pack_pairs(left, right, over, bits, |a, b| a != b),
        Comparison::Less => pack_pairs(left, right, over, bits, |a, b| a < b),
        Comparison::LessOrEqual => pack_pairs(left, right, over, bits, |a, b| a <= b),
        Comparison::Greater => pack_pairs(left, right, over, bits, |a, b| a > b),
        Comparison::GreaterOrEqual => pack_pairs(left, right, over, bits, |a, b| a >= b),
    }
}

/// One bit per pair for which `holds`; lanes beyond `rows` may be set and are masked by what is known.
fn pack_pairs<T: Copy, const W: usize>(
    left: &[T],
    right: &[T],
    over: Over<'_>,
    bits: &mut Bits<W>,
    holds: impl Fn(T, T) -> bool + Copy,
) {
    let rows = match over {
        Over::First(rows) => rows,
        Over::Rows(rows) => {
            let holds = |row: usize| left.get(row).zip(right.get(row)).is_some_and(|(a, b)| holds(*a, *b));
            return pick(rows, bits, holds);
        }
    };
    let ((left, _), (right, _)) = (left.as_chunks::<64>(), right.as_chunks::<64>());
    for ((left, right), word) in left.iter().zip(right).take(rows.div_ceil(64)).zip(bits) {
        *word = pack_pair_word(left, right, holds);
    }
}

/// Both, in three values: false wins over unknown.
pub(crate) fn both<const W: usize>(so_far: &mut Truth<W>, next: &Truth<W>) {
    for at in 0..W {
        let (false_a, false_b) = (so_far.known[at] & !so_far.yes[at], next.known[at] & !next.yes[at]);
        so_far.known[at] = (so_far.known[at] & next.known[at]) | false_a | false_b;
        so_far.yes[at] &= next.yes[at];
    }
}

/// Either, in three values: true wins over unknown.
pub(crate) fn either<const W: usize>(so_far: &mut Truth<W>, next: &Truth<W>) {
    for at in 0..W {
        so_far.yes[at] |= next.yes[at];
        so_far.known[at] = (so_far.known[at] & next.known[at]) | so_far.yes[at];
    }
}

/// The opposite.
pub(crate) fn opposite<const W: usize>(truth: &Truth<W>) -> Truth<W> {
    let mut result = *truth;
    for at in 0..W {
        result.yes[at] = truth.known[at] & !truth.yes[at];
    }
    result
}

/// At most one of several exceptions. Unknown where two hold (the second answer: a conflict), and where one holds while
/// another may.
pub(crate) fn one_at_most<const W: usize>(list: &[Truth<W>]) -> (Truth<W>, Bits<W>) {
    let (mut one, mut two, mut possible_one, mut possible_two) = ([0; W], [0; W], [0; W], [0; W]);
    for truth in list {
        for at in 0..W {
            let possible = truth.yes[at] | !truth.known[at];
            two[at] |= one[at] & truth.yes[at];
            one[at] |= truth.yes[at];
            possible_two[at] |= possible_one[at] & possible;
            possible_one[at] |= possible;
        }
    }
    let mut result = Truth::default();
    for at in 0..W {
        result.known[at] = !possible_two[at] | !one[at];
        result.yes[at] = result.known[at];
    }
    (result, two)
}

/// Which branch of a `CASE` each row takes: the first whose condition holds, none after an unknown one.
pub(crate) struct Branches<const W: usize> {
    open: Bits<W>,
}

impl<const W: usize> Branches<W> {
    pub(crate) fn new() -> Self {
        Self::of([u64::MAX; W])
    }

    /// Of some rows alone.
    pub(crate) fn of(rows: Bits<W>) -> Self {
        Self { open: rows }
    }

    /// The rows that take this branch.
    pub(crate) fn take(&mut self, condition: &Truth<W>) -> Bits<W> {
        let mut taken = [0; W];
        for (at, taken) in taken.iter_mut().enumerate() {
            *taken = self.open[at] & condition.yes[at];
            self.open[at] &= condition.known[at] & !condition.yes[at];
        }
        taken
    }

    /// The rows left for `ELSE`.
    pub(crate) fn rest(self) -> Bits<W> {
        self.open
    }
}
