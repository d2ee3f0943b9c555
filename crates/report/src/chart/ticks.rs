//! Round marks of an axis.

/// Round whole numbers that enclose `from..=to`, evenly spaced, at most `most` of them (at least two).
pub fn round_ticks(from: i64, to: i64, most: usize) -> Vec<i64> {
    let (from, to) = (i128::from(from.min(to)), i128::from(from.max(to)));
    let gaps = i128::try_from(most.max(2) - 1).unwrap_or(1);
    let mut power: i128 = 1;
    loop {
        for factor in [1, 2, 5] {
            let step = power * factor;
            let first = from.div_euclid(step) * step;
            let last = to.div_euclid(step) * step + if to.rem_euclid(step) == 0 { 0 } else { step };
            let last = last.max(first + step);
            if (last - first) / step <= gaps {
                let count = (last - first) / step;
                return (0..=count)
                    .filter_map(|index| i64::try_from(first + index * step).ok())
                    .collect();
            }
        }
        power *= 10;
    }
}
