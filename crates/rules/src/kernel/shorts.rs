//! 64-bit values that fit 32 bits, which most counts and amounts do: compared in half the time.

use super::Bits;
use super::masks::{Over, compare, pack_pair_word, pack_word};
use crate::language::Comparison;

/// A question to a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Test<T> {
    /// Against a constant.
    Compare(Comparison, T),
    /// Between two constants, both included.
    Within(T, T),
}

impl<T: Copy + PartialOrd> Test<T> {
    fn word(self, values: &[T; 64]) -> u64 {
        match self {
            Self::Compare(comparison, constant) => {
                let mut word = [0];
                compare(values, Over::First(64), comparison, constant, &mut word);
                word[0]
            }
            Self::Within(low, high) => pack_word(values, |value| (value >= low) & (value <= high)),
        }
    }
}

impl Test<i64> {
    /// The same question to 32-bit values; nothing where a constant is larger.
    fn short(self) -> Option<Test<i32>> {
        let short = |value: i64| i32::try_from(value).ok();
        Some(match self {
            Self::Compare(comparison, constant) => Test::Compare(comparison, short(constant)?),
            Self::Within(low, high) => Test::Within(short(low)?, short(high)?),
        })
    }
}

/// One bit per value that passes.
pub(super) fn test_longs(values: &[i64], test: Test<i64>, bits: &mut Bits) {
    let short = test.short();
    let mut words = bits.iter_mut();
    let (chunks, rest) = values.as_chunks::<64>();
    let one = |chunk: &[i64; 64]| match (short, shortened(chunk)) {
        (Some(test), Some(chunk)) => test.word(&chunk),
        _ => test.word(chunk),
    };
    for (chunk, word) in chunks.iter().zip(&mut words) {
        *word = one(chunk);
    }
    if let (false, Some(word)) = (rest.is_empty(), words.next()) {
        let mut chunk = [0; 64];
        chunk.iter_mut().zip(rest).for_each(|(to, value)| *to = *value);
        // Bits beyond the last row are masked by what is known.
        *word = one(&chunk);
    }
}

/// One bit per pair of which the comparison holds.
pub(super) fn compare_longs(left: &[i64], right: &[i64], rows: usize, comparison: Comparison, bits: &mut Bits) {
    let ((left, _), (right, _)) = (left.as_chunks::<64>(), right.as_chunks::<64>());
    for ((left, right), word) in left.iter().zip(right).take(rows.div_ceil(64)).zip(bits) {
        *word = match (shortened(left), shortened(right)) {
            (Some(left), Some(right)) => word_of_pairs(comparison, &left, &right),
            _ => word_of_pairs(comparison, left, right),
        };
    }
}

fn word_of_pairs<T: Copy + PartialOrd>(comparison: Comparison, left: &[T; 64], right: &[T; 64]) -> u64 {
    match comparison {
        Comparison::Equal => pack_pair_word(left, right, |a, b| a == b),
        Comparison::NotEqual => pack_pair_word(left, right, |a, b| a != b),
        Comparison::Less => pack_pair_word(left, right, |a, b| a < b),
        Comparison::LessOrEqual => pack_pair_word(left, right, |a, b| a <= b),
        Comparison::Greater => pack_pair_word(left, right, |a, b| a > b),
        Comparison::GreaterOrEqual => pack_pair_word(left, right, |a, b| a >= b),
    }
}

/// The values in 32 bits, where all fit.
fn shortened(values: &[i64; 64]) -> Option<[i32; 64]> {
    const FIRST: i64 = 1 << 31;
    let beyond = values.iter().fold(0, |seen, value| seen | value.wrapping_add(FIRST));
    if beyond.cast_unsigned() >> 32 != 0 {
        return None;
    }
    let mut short = [0; 64];
    for (to, value) in short.iter_mut().zip(values) {
        let [a, b, c, d, ..] = value.to_le_bytes();
        *to = i32::from_le_bytes([a, b, c, d]);
    }
    Some(short)
}

#[cfg(test)]
mod tests {
    use super::{Test, compare_longs, shortened, test_longs};
    use crate::kernel::NONE;
    use crate::language::Comparison;

    const ALL: [Comparison; 6] = [
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
    ];

    /// Both sides of the bounds of 32 bits, and the ends of 64.
    const EDGES: [i64; 11] = [
        -1,
        0,
        1,
        (1 << 31) - 1,
        1 << 31,
        -(1 << 31),
        -(1 << 31) - 1,
        1 << 32,
        (1 << 32) + 1,
        i64::MAX,
        i64::MIN,
    ];

    #[test]
    fn a_value_is_shortened_only_where_it_stays_what_it_is() {
        for value in EDGES {
            let mut values = [7; 64];
            values[33] = value;
            let short = shortened(&values).map(|short| i64::from(short[33]));
            assert_eq!(short, i32::try_from(value).ok().map(i64::from), "{value}");
        }
    }

    #[test]
    fn short_or_long_a_comparison_says_the_same() {
        for value in EDGES {
            for constant in EDGES {
                for comparison in ALL {
                    let (values, constants) = ([value; 128], [constant; 128]);
                    let expected = comparison.holds(value, constant);
                    let (mut against, mut pairs, mut part) = (NONE, NONE, NONE);
                    test_longs(&values, Test::Compare(comparison, constant), &mut against);
                    compare_longs(&values, &constants, 128, comparison, &mut pairs);
                    test_longs(&values[..70], Test::Compare(comparison, constant), &mut part);
                    let word = if expected { u64::MAX } else { 0 };
                    assert_eq!(
                        (against[..2].to_vec(), pairs[..2].to_vec()),
                        (vec![word; 2], vec![word; 2])
                    );
                    assert_eq!(
                        (part[0], part[1] & 63),
                        (word, word & 63),
                        "{value} {comparison:?} {constant}"
                    );
                }
                let mut within = NONE;
                test_longs(&[value; 64], Test::Within(constant.min(3), 3), &mut within);
                let expected = (constant.min(3)..=3).contains(&value);
                assert_eq!(
                    within[0],
                    if expected { u64::MAX } else { 0 },
                    "{value} from {constant}"
                );
            }
        }
    }
}
