//! What happens to rows when other rules decide them.

use serde::{Deserialize, Serialize};

use crate::tally::Paid;
use crate::wide::{ELIGIBLE, UNDETERMINED};

/// Rows and their money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// Rows.
    pub rows: u64,
    /// In fen.
    pub amount_fen: i64,
}

/// How rows stand before and after. Always `before + gained − lost − unsettled = after` in rows, and with `+ more − less`
/// in money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// 初步符合 before, with their money.
    pub before: Sum,
    /// 初步符合 after.
    pub after: Sum,
    /// Newly 初步符合, with what they get.
    pub gained: Sum,
    /// No longer: 暂不符合, with what they got.
    pub lost: Sum,
    /// No longer: 待核实, with what they got.
    pub unsettled: Sum,
    /// 初步符合 both times and getting more, with the difference.
    pub more: Sum,
    /// 初步符合 both times and getting less, with the difference as a positive number.
    pub less: Sum,
    /// 初步符合 both times with the same money.
    pub same: u64,
    /// 待核实 before.
    pub undetermined_before: u64,
    /// 待核实 after.
    pub undetermined_after: u64,
    /// 暂不符合 before and 待核实 after.
    pub newly_undetermined: u64,
}

impl Change {
    /// Whether nobody gains, loses, or has to be looked at anew.
    pub fn is_none(&self) -> bool {
        let moved = [self.gained, self.lost, self.unsettled, self.more, self.less];
        moved.iter().all(|sum| sum.rows == 0)
            && self.newly_undetermined == 0
            && self.undetermined_before == self.undetermined_after
    }

    /// Money after less money before.
    pub fn difference_fen(&self) -> i64 {
        self.after.amount_fen.saturating_sub(self.before.amount_fen)
    }

    /// Every number of rows in it: what could tell a single person apart.
    pub(super) fn counts(&self) -> [u64; 11] {
        [
            self.before.rows, self.after.rows, self.gained.rows, self.lost.rows, self.unsettled.rows, self.more.rows,
            self.less.rows, self.same, self.undetermined_before, self.undetermined_after, self.newly_undetermined,
        ]
    }
}

/// Before and after of a purse.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// Rows it pays, and what.
    pub before: Sum,
    /// The same after.
    pub after: Sum,
}

/// One row's outcome and money.
pub(crate) type Stand = (u8, i64);

/// A [`Change`] while rows are counted.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    before: Paid,
    after: Paid,
    gained: Paid,
    lost: Paid,
    unsettled: Paid,
    more: Paid,
    less: Paid,
    same: u64,
    undetermined_before: u64,
    undetermined_after: u64,
    newly_undetermined: u64,
}

impl Count {
    /// Counts one row.
    pub(crate) fn add(&mut self, (was, paid): Stand, (is, pays): Stand) {
        self.undetermined_before += u64::from(was == UNDETERMINED);
        self.undetermined_after += u64::from(is == UNDETERMINED);
        if was == ELIGIBLE {
            self.before.add(paid);
        }
        if is == ELIGIBLE {
            self.after.add(pays);
        }
        match (was == ELIGIBLE, is == ELIGIBLE) {
            (true, true) => {
                let difference = i128::from(pays) - i128::from(paid);
                match difference {
                    0 => self.same += 1,
                    1.. => self.more.add_wide(difference),
                    _ => self.less.add_wide(-difference),
                }
            }
            (false, true) => self.gained.add(pays),
            (true, false) if is == UNDETERMINED => self.unsettled.add(paid),
            (true, false) => self.lost.add(paid),
            (false, false) => self.newly_undetermined += u64::from(was != UNDETERMINED && is == UNDETERMINED),
        }
    }

    /// Adds another's rows.
    pub(crate) fn merge(&mut self, other: &Self) {
        let sums = [
            (&mut self.before, &other.before),
            (&mut self.after, &other.after),
            (&mut self.gained, &other.gained),
            (&mut self.lost, &other.lost),
            (&mut self.unsettled, &other.unsettled),
            (&mut self.more, &other.more),
            (&mut self.less, &other.less),
        ];
        for (mine, theirs) in sums {
            mine.merge(theirs);
        }
        self.same += other.same;
        self.undetermined_before += other.undetermined_before;
        self.undetermined_after += other.undetermined_after;
        self.newly_undetermined += other.newly_undetermined;
    }

    pub(crate) fn change(&self) -> Change {
        Change {
            before: sum(&self.before),
            after: sum(&self.after),
            gained: sum(&self.gained),
            lost: sum(&self.lost),
            unsettled: sum(&self.unsettled),
            more: sum(&self.more),
            less: sum(&self.less),
            same: self.same,
            undetermined_before: self.undetermined_before,
            undetermined_after: self.undetermined_after,
            newly_undetermined: self.newly_undetermined,
        }
    }
}

/// A sum as it is told.
pub(crate) fn sum(paid: &Paid) -> Sum {
    Sum {
        rows: paid.rows,
        amount_fen: crate::summary::fen(paid.amount_fen),
    }
}
