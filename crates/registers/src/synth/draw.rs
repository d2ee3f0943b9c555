//! Randomness that is the same everywhere: a ChaCha8 stream for each purpose and number, and draws by whole numbers
//! only. What one person's stream gives never depends on how many others were drawn before, so work can be split
//! among threads without a change in the result.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};

/// What a stream is for. The numbers are part of the format: changing one changes every synthetic region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    People = 1,
    Households = 2,
    Employers = 3,
    Person = 4,
    Employer = 5,
    Career = 6,
    Services = 7,
    Faults = 8,
}

/// One stream of random numbers.
#[derive(Debug, Clone)]
pub(super) struct Draw {
    generator: ChaCha8Rng,
}

impl Draw {
    /// The stream of a purpose, and of the `number`-th thing drawn for it (at most 2⁴⁸ things).
    pub(super) fn new(seed: u64, purpose: Purpose, number: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream((purpose as u64) << 48 | number);
        Self { generator }
    }

    /// A number from 0 to `bound` - 1, each as likely as the others; 0 where `bound` is 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        // Lemire's multiplication; the low part tells the few draws that would favour small results.
        let threshold = bound.wrapping_neg().checked_rem(bound).unwrap_or(0);
        loop {
            let product = u64::from(self.generator.next_u32()) * u64::from(bound);
            let low = u32::try_from(product & u64::from(u32::MAX)).unwrap_or(u32::MAX);
            if low >= threshold {
                return u32::try_from(product >> 32).unwrap_or(0);
            }
        }
    }

    /// A number from `low` to `high`, both included; `low` where that is no range.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let width = u32::try_from(i64::from(high) - i64::from(low) + 1).unwrap_or(0);
        low.saturating_add(i32::try_from(self.below(width)).unwrap_or(0))
    }

    /// True `per_mille` times in a thousand.
    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// The place of a weight, chosen by the weights.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut rest = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            if rest < *weight {
                return place;
            }
            rest -= weight;
        }
        0
    }

    /// One of a list, each as likely; nothing of an empty one.
    pub(super) fn one_of<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let place = self.below(u32::try_from(list.len()).unwrap_or(u32::MAX));
        list.get(usize::try_from(place).unwrap_or(0))
    }

    /// A list in random order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for place in (1..list.len()).rev() {
            let other = self.below(u32::try_from(place + 1).unwrap_or(u32::MAX));
            list.swap(place, usize::try_from(other).unwrap_or(0));
        }
    }
}

/// Deals a shuffled list into parts by weights, each part within one of its exact share: a share of a thousand people
/// is then a share, not a matter of luck.
#[derive(Debug)]
pub(super) struct Dealer<T> {
    list: Vec<T>,
    total: usize,
}

impl<T> Dealer<T> {
    /// Shuffles the list.
    pub(super) fn new(mut list: Vec<T>, draw: &mut Draw) -> Self {
        draw.shuffle(&mut list);
        let total = list.len();
        Self { list, total }
    }

    /// The next `per_hundred_thousand` of the whole list, as far as there are any left.
    pub(super) fn share(&mut self, per_hundred_thousand: usize) -> Vec<T> {
        self.take((self.total * per_hundred_thousand + 50_000) / 100_000)
    }

    /// The next `count`, as far as there are any left.
    pub(super) fn take(&mut self, count: usize) -> Vec<T> {
        let from = self.list.len().saturating_sub(count);
        self.list.split_off(from)
    }
}
