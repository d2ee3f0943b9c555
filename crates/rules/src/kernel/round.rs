//! Products and rounded quotients of 128-bit values, most of which fit 64 bits.

use crate::calendar::quotient;
use crate::typed::Mode;

/// The product; nothing beyond 128 bits.
pub(super) fn product(a: i128, b: i128) -> Option<i128> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => Some(i128::from(a) * i128::from(b)),
        _ => a.checked_mul(b),
    }
}

/// What [`quotient`] answers, by a division of 64 bits wherever numerator and denominator fit them.
pub(super) fn rounded(power: i8, mode: Mode) -> impl Fn(i128, i128) -> Option<i128> + Copy {
    let factor = 10_i64.checked_pow(u32::from(power.unsigned_abs()));
    move |numerator, denominator| {
        short(numerator, denominator, power, factor, mode).or_else(|| quotient(numerator, denominator, power, mode))
    }
}

/// The quotient of what fits 64 bits; nothing where something does not, and for a zero denominator.
fn short(numerator: i128, denominator: i128, power: i8, factor: Option<i64>, mode: Mode) -> Option<i128> {
    let (over, under, factor) = (
        i64::try_from(numerator).ok()?,
        i64::try_from(denominator).ok()?,
        factor?,
    );
    let (over, under) = if power >= 0 {
        (over.checked_mul(factor)?, under)
    } else {
        (over, under.checked_mul(factor)?)
    };
    let (whole, rest) = (over.checked_div(under)?, over.checked_rem(under)?.unsigned_abs());
    let (size, negative) = (under.unsigned_abs(), (over < 0) != (under < 0));
    let away = rest != 0
        && match mode {
            Mode::Down => false,
            Mode::Up => true,
            // The rest is less than the size, so the difference cannot wrap, while twice the rest could.
            Mode::HalfUp => rest >= size - rest,
            Mode::HalfEven => rest > size - rest || (rest == size - rest && whole % 2 != 0),
            Mode::Floor => negative,
            Mode::Ceil => !negative,
        };
    let step = match (away, negative) {
        (false, _) => 0,
        (true, true) => -1,
        (true, false) => 1,
    };
    Some(i128::from(whole) + step)
}

#[cfg(test)]
mod tests {
    use super::{product, rounded};
    use crate::calendar::quotient;
    use crate::typed::Mode;

    const MODES: [Mode; 6] = [
        Mode::HalfUp,
        Mode::HalfEven,
        Mode::Down,
        Mode::Up,
        Mode::Floor,
        Mode::Ceil,
    ];

    /// Small numbers, and both sides of every bound of 64 and 128 bits.
    fn numbers() -> Vec<i128> {
        let edges = [
            i128::from(i64::MAX),
            i128::from(i64::MIN),
            i128::MAX,
            i128::MIN,
            1 << 62,
            -(1 << 62),
        ];
        let near = edges
            .into_iter()
            .flat_map(|edge| (-2..=2).filter_map(move |step| edge.checked_add(step)));
        (-25..=25).chain([150, -250, 1_000_005, 999_995]).chain(near).collect()
    }

    #[test]
    fn a_quotient_in_64_bits_is_the_quotient_in_128() {
        let numbers = numbers();
        for mode in MODES {
            for power in [-20, -19, -18, -6, -2, -1, 0, 1, 2, 6, 18, 19, 20, 39] {
                let quick = rounded(power, mode);
                for over in &numbers {
                    for under in &numbers {
                        let expected = quotient(*over, *under, power, mode);
                        assert_eq!(quick(*over, *under), expected, "{over} / {under}, {power}, {mode:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_product_in_64_bits_is_the_product_in_128() {
        for a in numbers() {
            for b in numbers() {
                assert_eq!(product(a, b), a.checked_mul(b), "{a} * {b}");
            }
        }
    }
}
