//! What is asked for: which region, how many people, which seed, which day.

use civil::{Day, Month, RegionCode};

/// Months of contributions that are written, the month of the day included.
pub const MONTHS: u32 = 36;
/// More people than this do not fit the serial numbers of an ID.
pub const MOST_PEOPLE: u32 = 5_000_000;
/// Fewer do not make a region.
pub const FEWEST_PEOPLE: u32 = 200;

/// A synthetic region that is asked for.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The county, city or district whose registers these are, six digits.
    pub region: RegionCode,
    /// People between 16 and 69.
    pub people: u32,
    /// Where the randomness starts.
    pub seed: u64,
    /// The day the picture is taken.
    pub as_of: Day,
    /// Threads that write; the files are the same for any number.
    pub threads: usize,
}

/// Towns and streets of a region: last three digits of the code, weight.
pub(super) const TOWNS: [(u32, u32); 18] = [
    (1, 11),
    (2, 9),
    (3, 8),
    (4, 6),
    (5, 5),
    (6, 5),
    (100, 9),
    (101, 8),
    (102, 7),
    (103, 6),
    (104, 5),
    (105, 4),
    (106, 4),
    (107, 4),
    (108, 3),
    (109, 2),
    (110, 2),
    (111, 2),
];

impl Plan {
    /// The region's six digits as a number.
    pub(super) fn county(&self) -> u32 {
        let text = self.region.to_string();
        text.get(..6).and_then(|digits| digits.parse().ok()).unwrap_or(0)
    }

    pub(super) fn town_weights(&self) -> Vec<u32> {
        TOWNS.iter().map(|(_, weight)| *weight).collect()
    }

    /// The nine digits of a town.
    pub(super) fn town_code(&self, town: u8) -> String {
        let code = TOWNS.get(usize::from(town)).map_or(1, |(code, _)| *code);
        format!("{:06}{code:03}", self.county())
    }

    /// How many frauds of a kind are planted, where one kind is `rarer` times as rare as the others.
    pub(super) fn planted_frauds(&self, rarer: u32) -> usize {
        (self.people / (3_000 * rarer)).max(1) as usize
    }

    /// How many data errors of a kind are planted.
    pub(super) fn planted_errors(&self) -> usize {
        (self.people / 5_000).max(3) as usize
    }

    /// The month of the day.
    pub(super) fn last_month(&self) -> Month {
        self.as_of.month()
    }

    /// The day in the month `back` months before the last one; the month's last day where it has no such day. Never after
    /// the day the picture is taken: registers do not tell what is yet to come.
    pub(super) fn day_back(&self, back: u32, of_month: i32) -> Day {
        let months = i32::try_from(back).unwrap_or(0);
        let first = self
            .last_month()
            .add_months(-months)
            .map_or(self.as_of, Month::first_day);
        first
            .add_days(of_month.min(i32::from(first.month().days())) - 1)
            .unwrap_or(first)
            .min(self.as_of)
    }
}
