//! 64- and 128-bit values of a block.

use super::Bits;

/// Bits that are set in both.
#[inline(always)]
pub(crate) fn common<const W: usize>(a: &Bits<W>, b: &Bits<W>) -> Bits<W> {
    std::array::from_fn(|at| a[at] & b[at])
}

/// Bits of the first that are not set in the second.
#[inline(always)]
pub(crate) fn without<const W: usize>(rows: &Bits<W>, others: &Bits<W>) -> Bits<W> {
    std::array::from_fn(|word| rows[word] & !others[word])
}

/// Calls `each` with every marked row, in order.
pub(crate) fn each_lane<const W: usize>(rows: &Bits<W>, mut each: impl FnMut(usize)) {
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
pub(crate) fn each_of<const W: usize>(rows: &Bits<W>, few: Option<&[u16]>, mut each: impl FnMut(usize)) {
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
pub(crate) fn pairwise<T: Copy + Default, const W: usize>(
    a: &[T],
    b: &[T],
    known: &Bits<W>,
    few: Option<&[u16]>,
    out: &mut [T],
    op: impl Fn(T, T) -> Option<T>,
) -> Bits<W> {
    let mut failed = [0; W];
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
#[inline(always)]
pub(crate) fn every_lane<T: Copy, const W: usize>(
    a: &[T],
    b: &[T],
    known: &Bits<W>,
    out: &mut [T],
    op: impl Fn(T, T) -> (T, bool) + Copy,
) -> Bits<W> {
    let mut failed = [0; W];
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
#[inline(always)]
pub(crate) fn copy_rows<T: Copy, const W: usize>(from: &[T], taken: &Bits<W>, out: &mut [T]) {
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

/// Words of which no more lanes are marked are summed lane by lane.
const FEW_IN_WORD: u32 = 12;

/// For each four bits the lanes that they mark, wholly set.
const LANES: [[i64; 4]; 16] = {
    let mut lanes = [[0; 4]; 16];
    let mut bits = 0;
    while bits < 16 {
        let mut lane = 0;
        while lane < 4 {
            if bits >> lane & 1 == 1 {
                lanes[bits][lane] = -1;
            }
            lane += 1;
        }
        bits += 1;
    }
    lanes
};

/// The sum of the marked lanes, exact, two at once.
#[inline(always)]
pub(crate) fn sum_rows_plainly<const W: usize>(values: &[i64], rows: &Bits<W>) -> i128 {
    let (chunks, _) = values.as_chunks::<64>();
    let mut sum = 0;
    for (values, rows) in chunks.iter().zip(rows) {
        if rows.count_ones() <= FEW_IN_WORD {
            let mut left = *rows;
            while left != 0 {
                let lane = usize::try_from(left.trailing_zeros()).unwrap_or_default();
                sum += i128::from(values.get(lane).copied().unwrap_or_default());
                left &= left - 1;
            }
        } else {
            sum += sum_word(values, *rows);
        }
    }
    sum
}

/// The sum of the marked of 64 lanes, each widened first.
pub(crate) fn sum_word_exactly(values: &[i64; 64], rows: u64) -> i128 {
    let marked = values.iter().enumerate().filter(|(lane, _)| rows >> lane & 1 == 1);
    marked.map(|(_, value)| i128::from(*value)).sum()
}

/// The sum of the marked of 64 lanes. Where one may be too large for that, each is widened first.
#[inline(always)]
fn sum_word(values: &[i64; 64], rows: u64) -> i128 {
    /// 64 values below it in size cannot overflow.
    const LARGE: i64 = 1 << 56;
    let (mut sums, mut seen) = ([0_i64; 4], [0_i64; 4]);
    let (fours, _) = values.as_chunks::<4>();
    for (at, four) in fours.iter().enumerate() {
        let lanes = usize::try_from(rows >> (4 * at) & 15).unwrap_or_default();
        let marks = LANES.get(lanes).copied().unwrap_or_default();
        for lane in 0..4 {
            let value = four[lane] & marks[lane];
            sums[lane] = sums[lane].wrapping_add(value);
            seen[lane] |= value.wrapping_add(LARGE);
        }
    }
    let beyond = seen.iter().fold(0, |beyond, seen| beyond | seen.cast_unsigned());
    if beyond < (2 * LARGE).cast_unsigned() {
        return sums.iter().map(|sum| i128::from(*sum)).sum();
    }
    sum_word_exactly(values, rows)
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
