//! 64-bit values that fit 32 bits, which most counts and amounts do: compared in half the time.

use super::lanes::{Test, test_plainly};
use super::masks::pack_pair_word;
use crate::language::Comparison;

/// The same question to 32-bit values; nothing where a constant is larger.
#[inline(always)]
fn halved(test: Test<'_, i64>) -> Option<Test<'static, i32>> {
    let half = |value: i64| i32::try_from(value).ok();
    Some(match test {
        Test::Compare(comparison, constant) => Test::Compare(comparison, half(constant)?),
        Test::Within(low, high) => Test::Within(half(low)?, half(high)?),
        Test::OneOf(_) => return None,
    })
}

/// One bit per value that passes.
#[inline(always)]
pub(super) fn test_longs_halved(values: &[[i64; 64]], test: Test<'_, i64>, words: &mut [u64]) {
    let Some(half) = halved(test) else {
        return test_plainly(values, test, words);
    };
    for (values, word) in values.iter().zip(words) {
        let word = std::slice::from_mut(word);
        match shortened(values) {
            Some(values) => test_plainly(&[values], half, word),
            None => test_plainly(std::slice::from_ref(values), test, word),
        }
    }
}

/// One bit per pair of which the comparison holds.
#[inline(always)]
pub(super) fn compare_longs_halved(left: &[[i64; 64]], right: &[[i64; 64]], comparison: Comparison, words: &mut [u64]) {
    for ((left, right), word) in left.iter().zip(right).zip(words) {
        *word = match (shortened(left), shortened(right)) {
            (Some(left), Some(right)) => word_of_pairs(comparison, &left, &right),
            _ => word_of_pairs(comparison, left, right),
        };
    }
}

#[inline(always)]
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
#[inline(always)]
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
    use super::{Test, compare_longs_halved, shortened, test_longs_halved};
    use crate::kernel::NONE;
    use crate::language::Comparison;

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
                for comparison in Comparison::ALL {
                    let (values, constants) = ([[value; 64]; 2], [[constant; 64]; 2]);
                    let expected = comparison.holds(value, constant);
                    let (mut against, mut pairs) = (NONE, NONE);
                    test_longs_halved(&values, Test::Compare(comparison, constant), &mut against);
                    compare_longs_halved(&values, &constants, comparison, &mut pairs);
                    let word = if expected { u64::MAX } else { 0 };
                    assert_eq!(
                        (against[..2].to_vec(), pairs[..2].to_vec()),
                        (vec![word; 2], vec![word; 2]),
                        "{value} {comparison:?} {constant}"
                    );
                }
                let mut within = NONE;
                test_longs_halved(&[[value; 64]], Test::Within(constant.min(3), 3), &mut within);
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
