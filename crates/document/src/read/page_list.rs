//! Page numbers for a message: 第1—3、7页.

use std::fmt;

/// Pages, in ascending order.
#[derive(Debug, Default)]
pub(super) struct PageList {
    runs: Vec<(usize, usize)>,
    count: usize,
}

/// So many runs are named; of the rest it is only said that they are.
const MOST_NAMED: usize = 20;

impl PageList {
    /// Adds a page, counted from 1; in ascending order.
    pub(super) fn add(&mut self, page: usize) {
        match self.runs.last_mut() {
            Some((_, last)) if *last == page => return,
            Some((_, last)) if *last + 1 == page => *last = page,
            _ => self.runs.push((page, page)),
        }
        self.count += 1;
    }

    /// How many pages.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl fmt::Display for PageList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("第")?;
        for (at, (first, last)) in self.runs.iter().take(MOST_NAMED).enumerate() {
            let comma = if at > 0 { "、" } else { "" };
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}—{last}")?;
            }
        }
        f.write_str(if self.runs.len() > MOST_NAMED { "等页" } else { "页" })
    }
}
