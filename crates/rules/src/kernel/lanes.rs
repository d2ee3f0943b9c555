//! Many values at once, with the widest instructions that the processor has: comparisons straight to bits, and sums of
//! marked lanes.
//!
//! The program is built for the oldest processor of its kind. [`dispatch!`] builds what stands in it once more for each
//! newer generation and asks the processor at hand; everything called there must be `#[inline(always)]`, or it is built
//! for the oldest again. All answer the same to the last bit. Where two lanes of 64 bits are all that there is, values are
//! halved (`shorts`) or packed by way of bytes (`masks`), which is faster there.

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch};

use super::Bits;
use super::masks::pack_word;
use super::shorts::{compare_longs_halved, test_longs_halved};
use super::values::{sum_rows_plainly, sum_word_exactly};
use crate::language::Comparison;

/// A question to a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Test<'c, T> {
    /// Against a constant.
    Compare(Comparison, T),
    /// Between two constants, both included.
    Within(T, T),
    /// Equal to one of a few constants.
    OneOf(&'c [T]),
}

impl<T: Copy + PartialOrd> Test<'_, T> {
    /// The answer of one value.
    #[inline(always)]
    pub(super) fn holds(self, value: T) -> bool {
        match self {
            Self::Compare(comparison, constant) => comparison.holds(value, constant),
            Self::Within(low, high) => (value >= low) & (value <= high),
            Self::OneOf(constants) => constants.contains(&value),
        }
    }
}

/// A value of a column.
pub(super) trait Lane: Copy + PartialOrd + Default {
    /// One bit per value that passes, a word for every 64 of them.
    fn test<S: Simd>(simd: S, values: &[[Self; 64]], test: Test<'_, Self>, words: &mut [u64]);
}

macro_rules! lane {
    ($lane:ty, $vector:ident, $plainly:path) => {
        impl Lane for $lane {
            #[inline(always)]
            fn test<S: Simd>(simd: S, values: &[[Self; 64]], test: Test<'_, Self>, words: &mut [u64]) {
                if is_wide::<S>() {
                    test_widely::<S, S::$vector>(simd, values, test, words);
                } else {
                    $plainly(values, test, words);
                }
            }
        }
    };
}

lane!(i16, i16s, test_plainly);
lane!(i32, i32s, test_plainly);
lane!(i64, i64s, test_longs_halved);

impl Lane for i128 {
    #[inline(always)]
    fn test<S: Simd>(_: S, values: &[[Self; 64]], test: Test<'_, Self>, words: &mut [u64]) {
        test_plainly(values, test, words);
    }
}

/// Whether a processor takes more than two lanes of 64 bits at once.
pub(super) fn takes_many(level: Level) -> bool {
    #[inline(always)]
    fn of<S: Simd>(_: S) -> bool {
        is_wide::<S>()
    }
    dispatch!(level, simd => of(simd))
}

#[inline(always)]
pub(super) fn is_wide<S: Simd>() -> bool {
    <S::i64s as SimdBase<S>>::LEN > 2
}

/// One bit per value that passes; what stands in words without values means nothing.
pub(super) fn test<T: Lane, const W: usize>(level: Level, values: &[T], test: Test<'_, T>, bits: &mut Bits<W>) {
    dispatch!(level, simd => test_all(simd, values, test, bits));
}

#[inline(always)]
fn test_all<S: Simd, T: Lane, const W: usize>(simd: S, values: &[T], test: Test<'_, T>, bits: &mut Bits<W>) {
    let (chunks, rest) = values.as_chunks::<64>();
    T::test(simd, chunks, test, bits);
    if let (1..=8, Some(word)) = (rest.len(), bits.get_mut(chunks.len())) {
        // One case is a block of one row.
        let passes = rest
            .iter()
            .enumerate()
            .map(|(at, value)| u64::from(test.holds(*value)) << at);
        *word = passes.fold(0, |word, bit| word | bit);
    } else if let (false, Some(word)) = (rest.is_empty(), bits.get_mut(chunks.len()..)) {
        let mut chunk = [T::default(); 64];
        chunk.iter_mut().zip(rest).for_each(|(to, value)| *to = *value);
        T::test(simd, &[chunk], test, word);
    }
}

#[inline(always)]
fn test_widely<S: Simd, V: SimdInt<S>>(
    simd: S,
    values: &[[V::Element; 64]],
    test: Test<'_, V::Element>,
    words: &mut [u64],
) {
    let all = |value| V::splat(simd, value);
    match test {
        Test::Compare(comparison, constant) => {
            let constant = all(constant);
            match comparison {
                Comparison::Equal => each_word(simd, values, words, |value: V| value.simd_eq(constant)),
                Comparison::NotEqual => each_word(simd, values, words, |value: V| !value.simd_eq(constant)),
                Comparison::Less => each_word(simd, values, words, |value: V| value.simd_lt(constant)),
                Comparison::LessOrEqual => each_word(simd, values, words, |value: V| value.simd_le(constant)),
                Comparison::Greater => each_word(simd, values, words, |value: V| value.simd_gt(constant)),
                Comparison::GreaterOrEqual => each_word(simd, values, words, |value: V| value.simd_ge(constant)),
            }
        }
        Test::Within(low, high) => {
            let (low, high) = (all(low), all(high));
            each_word(simd, values, words, |value: V| value.simd_ge(low) & value.simd_le(high));
        }
        Test::OneOf([a, b]) => {
            let (a, b) = (all(*a), all(*b));
            each_word(simd, values, words, |value: V| value.simd_eq(a) | value.simd_eq(b));
        }
        Test::OneOf([a, b, c]) => {
            let (a, b, c) = (all(*a), all(*b), all(*c));
            each_word(simd, values, words, |value: V| {
                value.simd_eq(a) | value.simd_eq(b) | value.simd_eq(c)
            });
        }
        Test::OneOf(constants) => each_word(simd, values, words, |value: V| {
            let none = V::Mask::splat(simd, false);
            constants
                .iter()
                .fold(none, |any, constant| any | value.simd_eq(all(*constant)))
        }),
    }
}

/// One bit per value for which `holds`.
#[inline(always)]
fn each_word<S: Simd, V: SimdInt<S>>(
    simd: S,
    values: &[[V::Element; 64]],
    words: &mut [u64],
    holds: impl Fn(V) -> V::Mask,
) {
    for (values, word) in values.iter().zip(words) {
        *word = gathered(
            values.chunks_exact(V::LEN).map(
                #[inline(always)]
                |part| holds(V::from_slice(simd, part)).to_bitmask(),
            ),
            V::LEN,
        );
    }
}

/// Bits of a word, so many at a time. The last come first, each pushing the ones behind it up: were every part shifted to
/// its place by itself, the compiler would gather them in a vector again, which takes longer than the comparisons.
#[inline(always)]
fn gathered(parts: impl DoubleEndedIterator<Item = u64>, lanes: usize) -> u64 {
    let mut word = 0;
    for bits in parts.rev() {
        // Where one part is the whole word there is nothing to push, and a shift by all 64 bits is none.
        word = if lanes == 64 { bits } else { (word << lanes) | bits };
    }
    word
}

/// The same by way of bytes, which the compiler turns into whatever the processor has.
#[inline(always)]
pub(super) fn test_plainly<T: Copy + PartialOrd>(values: &[[T; 64]], test: Test<'_, T>, words: &mut [u64]) {
    match test {
        Test::Compare(comparison, constant) => match comparison {
            Comparison::Equal => pack(values, words, |value| value == constant),
            Comparison::NotEqual => pack(values, words, |value| value != constant),
            Comparison::Less => pack(values, words, |value| value < constant),
            Comparison::LessOrEqual => pack(values, words, |value| value <= constant),
            Comparison::Greater => pack(values, words, |value| value > constant),
            Comparison::GreaterOrEqual => pack(values, words, |value| value >= constant),
        },
        Test::Within(low, high) => pack(values, words, |value| (value >= low) & (value <= high)),
        Test::OneOf(&[a, b]) => pack(values, words, |value| (value == a) | (value == b)),
        Test::OneOf(&[a, b, c]) => pack(values, words, |value| (value == a) | (value == b) | (value == c)),
        Test::OneOf(&[a, b, c, d]) => pack(values, words, |value| {
            (value == a) | (value == b) | (value == c) | (value == d)
        }),
        Test::OneOf(constants) => pack(values, words, |value| constants.contains(&value)),
    }
}

#[inline(always)]
fn pack<T: Copy>(values: &[[T; 64]], words: &mut [u64], holds: impl Fn(T) -> bool + Copy) {
    for (values, word) in values.iter().zip(words) {
        *word = pack_word(values, holds);
    }
}

/// One bit per pair of which the comparison holds, for whole words; what stands beyond them means nothing.
pub(super) fn compare_longs<const W: usize>(
    level: Level,
    left: &[i64],
    right: &[i64],
    comparison: Comparison,
    bits: &mut Bits<W>,
) {
    dispatch!(level, simd => compare_longs_all(simd, left, right, comparison, bits));
}

#[inline(always)]
fn compare_longs_all<S: Simd>(simd: S, left: &[i64], right: &[i64], comparison: Comparison, bits: &mut [u64]) {
    let ((left, _), (right, _)) = (left.as_chunks::<64>(), right.as_chunks::<64>());
    if !is_wide::<S>() {
        return compare_longs_halved(left, right, comparison, bits);
    }
    match comparison {
        Comparison::Equal => each_pair(simd, left, right, bits, |a, b| a.simd_eq(b)),
        Comparison::NotEqual => each_pair(simd, left, right, bits, |a, b| !a.simd_eq(b)),
        Comparison::Less => each_pair(simd, left, right, bits, |a, b| a.simd_lt(b)),
        Comparison::LessOrEqual => each_pair(simd, left, right, bits, |a, b| a.simd_le(b)),
        Comparison::Greater => each_pair(simd, left, right, bits, |a, b| a.simd_gt(b)),
        Comparison::GreaterOrEqual => each_pair(simd, left, right, bits, |a, b| a.simd_ge(b)),
    }
}

/// The same of one word.
#[inline(always)]
pub(super) fn compare_word<S: Simd>(simd: S, left: &[i64; 64], right: &[i64; 64], comparison: Comparison) -> u64 {
    let mut word = 0;
    compare_longs_all(simd, left, right, comparison, std::slice::from_mut(&mut word));
    word
}

#[inline(always)]
fn each_pair<S: Simd>(
    simd: S,
    left: &[[i64; 64]],
    right: &[[i64; 64]],
    bits: &mut [u64],
    holds: impl Fn(S::i64s, S::i64s) -> S::mask64s,
) {
    let lanes = <S::i64s as SimdBase<S>>::LEN;
    for ((left, right), word) in left.iter().zip(right).zip(bits) {
        let parts = left.chunks_exact(lanes).zip(right.chunks_exact(lanes));
        *word = gathered(
            parts.map(
                #[inline(always)]
                |(left, right)| holds(S::i64s::from_slice(simd, left), S::i64s::from_slice(simd, right)).to_bitmask(),
            ),
            lanes,
        );
    }
}

/// How many rows are marked.
pub(super) fn count<const W: usize>(level: Level, rows: &Bits<W>) -> u32 {
    dispatch!(level, _simd => count_all(rows))
}

#[inline(always)]
pub(super) fn count_all<const W: usize>(rows: &Bits<W>) -> u32 {
    rows.iter().map(|word| word.count_ones()).sum()
}

/// The sum of the marked lanes of a block, exact.
pub(super) fn sum_rows<const W: usize>(level: Level, values: &[i64], rows: &Bits<W>) -> i128 {
    dispatch!(level, simd => sum_rows_all(simd, values, rows))
}

#[inline(always)]
fn sum_rows_all<S: Simd, const W: usize>(simd: S, values: &[i64], rows: &Bits<W>) -> i128 {
    /// As many values of less than it in size as one lane gets of a block, 1,024, cannot overflow 64 bits.
    const LARGE: i64 = 1 << 52;
    const {
        assert!(64 * W <= 4 * 1_024, "a lane gets more values than it has room for");
    }
    if !is_wide::<S>() {
        return sum_rows_plainly(values, rows);
    }
    let lanes = <S::i64s as SimdBase<S>>::LEN;
    let (chunks, _) = values.as_chunks::<64>();
    let (none, large) = (S::i64s::splat(simd, 0), S::i64s::splat(simd, LARGE));
    let (mut sums, mut seen) = (none, none);
    for (values, rows) in chunks.iter().zip(rows).filter(|(_, rows)| **rows != 0) {
        for (at, part) in values.chunks_exact(lanes).enumerate() {
            let marked = S::mask64s::from_bitmask(simd, rows >> (at * lanes));
            let value = marked.select(S::i64s::from_slice(simd, part), none);
            sums += value;
            seen |= value + large;
        }
    }
    let beyond = seen
        .as_slice()
        .iter()
        .fold(0, |beyond, seen| beyond | seen.cast_unsigned());
    if beyond < (2 * LARGE).cast_unsigned() {
        return sums.as_slice().iter().map(|sum| i128::from(*sum)).sum();
    }
    chunks
        .iter()
        .zip(rows)
        .map(|(values, rows)| sum_word_exactly(values, *rows))
        .sum()
}

/// Copies the rows of a block that `taken` marks.
pub(super) fn copy_longs<const W: usize>(level: Level, from: &[i64], taken: &Bits<W>, out: &mut [i64]) {
    dispatch!(level, simd => copy_longs_all(simd, from, taken, out));
}

#[inline(always)]
fn copy_longs_all<S: Simd, const W: usize>(simd: S, from: &[i64], taken: &Bits<W>, out: &mut [i64]) {
    if !is_wide::<S>() {
        return super::values::copy_rows(from, taken, out);
    }
    let lanes = <S::i64s as SimdBase<S>>::LEN;
    let ((from, _), (out, _)) = (from.as_chunks::<64>(), out.as_chunks_mut::<64>());
    for ((from, out), taken) in from.iter().zip(out).zip(taken).filter(|(_, taken)| **taken != 0) {
        let parts = from.chunks_exact(lanes).zip(out.chunks_exact_mut(lanes));
        for (at, (from, out)) in parts.enumerate() {
            let marked = S::mask64s::from_bitmask(simd, taken >> (at * lanes));
            let (new, old) = (S::i64s::from_slice(simd, from), S::i64s::from_slice(simd, out));
            marked.select(new, old).store_slice(out);
        }
    }
}

/// Every generation of processors up to the one at hand.
#[cfg(test)]
pub(super) fn levels() -> Vec<Level> {
    let mut levels = vec![Level::baseline()];
    #[cfg(target_arch = "x86_64")]
    {
        let best = Level::new();
        levels.extend(best.as_sse4_2().map(Level::Sse4_2));
        levels.extend(best.as_avx2().map(Level::Avx2));
        levels.extend(best.as_avx512().map(Level::Avx512));
    }
    levels
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::{Lane, Test, compare_longs, copy_longs, count, levels, sum_rows, test};
    use crate::kernel::{BLOCK, NONE, WORDS};
    use crate::language::Comparison;

    /// Every question to the values, by every generation, of whole words and of a part of one.
    fn ask<T: Lane + Debug>(edges: &[T]) {
        let values: Vec<T> = (0..BLOCK).map(|row| edges[(row + row / 61) % edges.len()]).collect();
        let mut questions: Vec<Test<'_, T>> = (0..=edges.len()).map(|count| Test::OneOf(&edges[..count])).collect();
        for (at, constant) in edges.iter().enumerate() {
            questions.extend(Comparison::ALL.map(|comparison| Test::Compare(comparison, *constant)));
            questions.extend(edges[at / 2..].iter().map(|high| Test::Within(*constant, *high)));
        }
        for question in questions {
            for (level, rows) in levels()
                .into_iter()
                .flat_map(|level| [(level, BLOCK), (level, 70), (level, 1)])
            {
                let mut bits = NONE;
                test(level, &values[..rows], question, &mut bits);
                for (row, value) in values[..rows].iter().enumerate() {
                    let found = bits[row / 64] >> (row % 64) & 1 == 1;
                    assert_eq!(
                        found,
                        question.holds(*value),
                        "{question:?} to {value:?}, row {row}, {level:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_processor_answers_every_question_alike() {
        ask::<i16>(&[-1, 0, 1, 2, 7, 255, 256, i16::MAX, i16::MIN]);
        ask::<i32>(&[-1, 0, 1, 2, 7, 65_535, 65_536, i32::MAX, i32::MIN]);
        ask::<i64>(&[-1, 0, 1, 2, (1 << 31) - 1, 1 << 31, 1 << 32, i64::MAX, i64::MIN]);
        ask::<i128>(&[-1, 0, 1, 1 << 63, 1 << 64, i128::MAX, i128::MIN]);
    }

    #[test]
    fn every_processor_compares_two_registers_alike() {
        const EDGES: [i64; 7] = [-1, 0, 1, 1 << 31, 1 << 32, i64::MAX, i64::MIN];
        let left: Vec<i64> = (0..BLOCK).map(|row| EDGES[row % 7]).collect();
        let right: Vec<i64> = (0..BLOCK).map(|row| EDGES[row / 7 % 7]).collect();
        for level in levels() {
            for comparison in Comparison::ALL {
                let mut bits = NONE;
                compare_longs(level, &left, &right, comparison, &mut bits);
                for row in 0..BLOCK {
                    let found = bits[row / 64] >> (row % 64) & 1 == 1;
                    let holds = comparison.holds(left[row], right[row]);
                    assert_eq!(found, holds, "{} {comparison:?} {}, {level:?}", left[row], right[row]);
                }
            }
        }
    }

    #[test]
    fn marked_rows_are_copied_and_counted_and_no_others() {
        let words = u32::try_from(WORDS).expect("words");
        let values: Vec<i64> = (1..).take(BLOCK).collect();
        for pattern in [0, 1, 0x8421_0421_0842_1084, u64::MAX, u64::MAX << 20] {
            for level in levels() {
                let mut copied = vec![0; BLOCK];
                copy_longs(level, &values, &[pattern; WORDS], &mut copied);
                let marked = |row: usize| pattern >> (row % 64) & 1 == 1;
                let expected: Vec<i64> = (0..BLOCK)
                    .map(|row| if marked(row) { values[row] } else { 0 })
                    .collect();
                assert_eq!(copied, expected, "{pattern:x}, {level:?}");
                assert_eq!(
                    count(level, &[pattern; WORDS]),
                    pattern.count_ones() * words,
                    "{level:?}"
                );
            }
        }
    }

    #[test]
    fn a_sum_is_exact_however_large_the_values_and_however_many_are_marked() {
        const VALUES: [i64; 13] = [
            0,
            -1,
            300_000,
            (1 << 54) - 1,
            1 << 54,
            -(1 << 54),
            -(1 << 54) - 1,
            (1 << 56) - 1,
            1 << 56,
            -(1 << 56),
            -(1 << 56) - 1,
            i64::MAX,
            i64::MIN,
        ];
        for (first, pattern) in VALUES.iter().enumerate().flat_map(|(first, _)| {
            [1_u64, 0x0fff, 0x1fff, 0x8421_0421_0842_1084, u64::MAX, u64::MAX << 20].map(|pattern| (first, pattern))
        }) {
            let values: Vec<i64> = (0..BLOCK).map(|row| VALUES[(first + row / 7) % VALUES.len()]).collect();
            let exact: i128 = (0..BLOCK)
                .filter(|row| pattern >> (row % 64) & 1 == 1)
                .map(|row| i128::from(values[row]))
                .sum();
            for level in levels() {
                let sum = sum_rows(level, &values, &[pattern; WORDS]);
                assert_eq!(sum, exact, "from {first}, {pattern:x}, {level:?}");
            }
        }
    }
}
