//! 64- and 128-bit values of a block.

use super::{BLOCK, Bits, WORDS};

/// Bits that are set in both.
pub(crate) fn common(a: &Bits, b: &Bits) -> Bits {
    std::array::from_fn(|at| a[at] & b[at])
}

/// `op` lane by lane; a lane for which it answers nothing is marked in the result.
pub(crate) fn pairwise<T: Copy + Default>(
    a: &[T],
    b: &[T],
    known: &Bits,
    rows: usize,
    out: &mut [T],
    op: impl Fn(T, T) -> Option<T>,
) -> Bits {
    let mut failed = [0; WORDS];
    let lanes = a.iter().zip(b).zip(out).take(rows.min(BLOCK)).enumerate();
    for (row, ((a, b), to)) in lanes {
        // An unknown lane holds anything; what it would overflow is nobody's fault.
        if known[row / 64] >> (row % 64) & 1 == 0 {
            continue;
        }
        match op(*a, *b) {
            Some(value) => *to = value,
            None => failed[row / 64] |= 1 << (row % 64),
        }
    }
    failed
}

/// Copies the rows that `taken` marks.
pub(crate) fn copy_rows<T: Copy>(from: &[T], taken: &Bits, out: &mut [T]) {
    for (at, word) in taken.iter().enumerate() {
        let mut left = *word;
        while left != 0 {
            let row = at * 64 + usize::try_from(left.trailing_zeros()).unwrap_or(0);
            if let (Some(to), Some(value)) = (out.get_mut(row), from.get(row)) {
                *to = *value;
            }
            left &= left - 1;
        }
    }
}
