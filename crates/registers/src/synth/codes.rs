//! Numbers with right check digits that belong to nobody: resident IDs of the unused province 99, credit codes whose
//! registrar lies there too.

use civil::{Day, Sex};

/// Weights of GB 11643-1999.
const ID_WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS: &[u8; 11] = b"10X98765432";
/// The alphabet of GB 32100-2015.
const CREDIT_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// The province prefix that GB/T 2260 has never given out.
pub const PROVINCE: u64 = 99;
/// Serial numbers of one birth day, sex and area.
const SERIALS: u64 = 500;

/// The resident ID of the `serial`-th person of that sex born on that day; different for each serial below 5,000,000.
pub(super) fn resident_id(birth: Day, sex: Sex, serial: u32) -> String {
    let serial = u64::from(serial);
    let area = PROVINCE * 10_000 + serial / SERIALS % 10_000;
    let date = u64::try_from(i64::from(birth.year())).unwrap_or(0) * 10_000
        + u64::try_from(birth.month_number()).unwrap_or(0) * 100
        + u64::try_from(birth.day_of_month()).unwrap_or(0);
    let place = serial % SERIALS * 2 + u64::from(sex == Sex::Male);
    let body = (area * 100_000_000 + date) * 1000 + place;
    format!("{body:017}{}", char::from(id_check(body)))
}

fn id_check(body: u64) -> u8 {
    let mut rest = body;
    let mut sum = 0;
    for weight in ID_WEIGHTS.iter().rev() {
        sum += rest % 10 * weight;
        rest /= 10;
    }
    usize::try_from(sum % 11)
        .ok()
        .and_then(|place| ID_CHECKS.get(place))
        .copied()
        .unwrap_or(b'0')
}

/// The old form of an ID of somebody born in the twentieth century: without the century and the check digit.
pub(super) fn fifteen_digits(id: &str) -> Option<String> {
    (id.get(6..8)? == "19").then(|| format!("{}{}", id.get(..6).unwrap_or(""), id.get(8..17).unwrap_or("")))
}

/// The same ID with a check digit that does not follow.
pub(super) fn wrong_check(id: &str) -> String {
    let wrong = if id.ends_with('0') { '1' } else { '0' };
    format!("{}{wrong}", id.get(..17).unwrap_or(""))
}

/// The credit code of the `serial`-th body of a kind (`91` enterprise, `92` individual business, …).
pub(super) fn credit_code(kind: &str, serial: u32) -> String {
    let mut digits = [0_usize; 18];
    let body = format!("{kind}{PROVINCE}0000{serial:08}");
    for (digit, letter) in digits.iter_mut().zip(body.bytes()) {
        *digit = CREDIT_ALPHABET.iter().position(|known| *known == letter).unwrap_or(0);
    }
    // Characters 9 to 17 are the organisation code, whose last is a check character of GB 11714.
    let organisation: usize = digits
        .iter()
        .skip(8)
        .zip([3, 7, 9, 10, 5, 8, 4, 2])
        .map(|(digit, weight)| digit * weight)
        .sum();
    // A check of 10 is written X, which is 28 in this alphabet.
    digits[16] = match (11 - organisation % 11) % 11 {
        10 => 28,
        check => check,
    };
    let mut weight = 1;
    let mut sum = 0;
    for digit in digits.iter().take(17) {
        sum += digit * weight;
        weight = weight * 3 % 31;
    }
    digits[17] = (31 - sum % 31) % 31;
    digits
        .iter()
        .filter_map(|digit| CREDIT_ALPHABET.get(*digit))
        .map(|letter| char::from(*letter))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_credit_codes_pass_the_checks_of_civil() {
        let birth = Day::new(1984, 2, 29).expect("a day");
        for serial in [0, 1, 499, 500, 77_777, 4_999_999] {
            for sex in [Sex::Male, Sex::Female] {
                let id = civil::ResidentId::parse(&resident_id(birth, sex, serial)).expect("a right ID");
                assert_eq!((id.birth(), id.sex(), id.issued_in() / 10_000), (birth, sex, 99));
            }
            for kind in ["91", "92", "52", "51", "12", "11"] {
                let code = credit_code(kind, serial);
                assert_eq!(civil::CreditCode::parse(&code).expect("a right code").as_str(), code);
            }
        }
    }

    #[test]
    fn the_old_form_is_the_same_person_and_a_wrong_check_is_refused() {
        let birth = Day::new(1960, 12, 1).expect("a day");
        let id = resident_id(birth, Sex::Female, 12);
        let old = fifteen_digits(&id).expect("born before 2000");
        assert_eq!(old.len(), 15);
        assert_eq!(civil::ResidentId::parse(&old), civil::ResidentId::parse(&id));
        assert_eq!(
            civil::ResidentId::parse(&wrong_check(&id)),
            Err(civil::IdError::CheckDigit)
        );
    }
}
