//! 64- and 128-bit values of a block.

use super::{Bits, WORDS};

/// Bits that are set in both.
pub(crate) fn common(a: &Bits, b: &Bits) -> Bits {
    std::array::from_fn(|at| a[at] & b[at])
}

/// Bits of the first that are not set in the second.
pub(crate) fn without(rows: &Bits, others: &Bits) -> Bits {
    std::array::from_fn(|word| rows[word] & !others[word])
}

/// Calls `each` with every marked row, in order.
pub(crate) fn each_lane(rows: &Bits, mut each: impl FnMut(usize)) {
    for (at, word) in rows.iter().enumerate() {
        let mut left = *word;
        if left == u64::MAX {
            (at * 64..at * 64 + 64).for_each(&mut each);
            continue;
        }
        while left != 0 {
            each(at * 64 + usize::try_from(left.trailing_zeros()).unwrap_or_default());
            left &= left - 1;
        }
    }
}

/// Calls `each` with every marked row; where they are among a few, those are gone through.
pub(crate) fn each_of(rows: &Bits, few: Option<&[u16]>, mut each: impl FnMut(usize)) {
    let Some(few) = few else {
        return each_lane(rows, each);
    };
    for row in few.iter().copied().map(usize::from) {
        if rows.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1) {
            each(row);
        }
    }
}

/// `op` in each known lane; one for which it answers nothing is marked in the result. An unknown lane holds anything;
/// what it would overflow is nobody's fault.
pub(crate) fn pairwise<T: Copy + Default>(
    a: &[T],
    b: &[T],
    known: &Bits,
    few: Option<&[u16]>,
    out: &mut [T],
    op: impl Fn(T, T) -> Option<T>,
) -> Bits {
    let mut failed = [0; WORDS];
    each_of(known, few, |row| match op(a[row], b[row]) {
        Some(value) => out[row] = value,
        None => failed[row / 64] |= 1 << (row % 64),
    });
    failed
}

/// True where every value lies in a range whose width is a power of two (or in the whole of 64 bits). What an unknown
/// lane holds counts as well: at worst the careful way is taken.
pub(crate) fn all_within(values: &[i64], range: &std::ops::Range<i64>) -> bool {
    if *range == (i64::MIN..i64::MAX) {
        return true;
    }
    let (width, start) = (range.end.wrapping_sub(range.start), range.start);
    let beyond = values.iter().fold(0, |seen, value| seen | value.wrapping_sub(start));
    width > 0 && beyond.cast_unsigned() < width.cast_unsigned()
}

/// `op` lane by lane without a branch: it answers a value and whether that failed. Lanes that are unknown are computed as
/// well, and what they come to means nothing.
pub(crate) fn every_lane<T: Copy>(
    a: &[T],
    b: &[T],
    known: &Bits,
    out: &mut [T],
    op: impl Fn(T, T) -> (T, bool) + Copy,
) -> Bits {
    let mut failed = [0; WORDS];
    let lanes = a.chunks_exact(64).zip(b.chunks_exact(64)).zip(out.chunks_exact_mut(64));
    for (word, ((a, b), out)) in failed.iter_mut().zip(lanes) {
        let mut any = 0;
        for (lane, ((a, b), to)) in a.iter().zip(b).zip(out).enumerate() {
            let (value, over) = op(*a, *b);
            *to = value;
            any |= u64::from(over) << lane;
        }
        *word = any;
    }
    common(&failed, known)
}

/// Copies the rows that `taken` marks.
pub(crate) fn copy_rows<T: Copy>(from: &[T], taken: &Bits, out: &mut [T]) {
    let words = from.chunks_exact(64).zip(out.chunks_exact_mut(64)).zip(taken);
    for ((from, out), taken) in words {
        match *taken {
            0 => {}
            u64::MAX => out.copy_from_slice(from),
            few if few.count_ones() <= 12 => {
                let mut left = few;
                while left != 0 {
                    let lane = usize::try_from(left.trailing_zeros()).unwrap_or_default();
                    if let (Some(to), Some(from)) = (out.get_mut(lane), from.get(lane)) {
                        *to = *from;
                    }
                    left &= left - 1;
                }
            }
            some => {
                for (lane, (from, to)) in from.iter().zip(out).enumerate() {
                    *to = if some >> lane & 1 == 1 { *from } else { *to };
                }
            }
        }
    }
}

/// The sum of the marked lanes, exact: the halves of each value are added apart, so that nothing overflows on the way.
pub(crate) fn sum_rows(values: &[i64], rows: &Bits) -> i128 {
    let (mut low, mut high) = (0_i64, 0_i64);
    for (values, rows) in values.chunks_exact(64).zip(rows) {
        if *rows == 0 {
            continue;
        }
        for (lane, value) in values.iter().enumerate() {
            let value = value & (rows >> lane & 1).cast_signed().wrapping_neg();
            low += value & 0xffff_ffff;
            high += value >> 32;
        }
    }
    (i128::from(high) << 32) + i128::from(low)
}

#[cfg(test)]
mod tests {
    use super::all_within;

    #[test]
    fn a_range_is_kept_at_both_of_its_ends_and_left_one_step_beyond() {
        for (range, inside, outside) in [
            (
                -(1 << 31)..1 << 31,
                [-(1 << 31), (1 << 31) - 1],
                [-(1 << 31) - 1, 1 << 31],
            ),
            (
                -(1 << 61)..1 << 61,
                [-(1 << 61), (1 << 61) - 1],
                [-(1 << 61) - 1, 1 << 61],
            ),
            (0..1 << 62, [0, (1 << 62) - 1], [-1, 1 << 62]),
        ] {
            assert!(all_within(&inside, &range), "{range:?}");
            for value in outside.into_iter().chain([i64::MIN, i64::MAX]) {
                assert!(
                    !all_within(&[inside[0], value, inside[1]], &range),
                    "{value} in {range:?}"
                );
            }
        }
    }
}
