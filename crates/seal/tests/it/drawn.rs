//! Randomness for tests, and people who do not exist.

use civil::{CreditCode, ResidentId};
use seal::{KeyRing, NoRandomness, Randomness};

/// The same bytes for the same seed (SplitMix64).
pub(crate) struct Seeded(pub(crate) u64);

impl Randomness for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        for byte in bytes {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (mixed ^ mixed >> 31).to_le_bytes()[0];
        }
        Ok(())
    }
}

/// The bytes 0, 1, 2 …: keys that a test can write down.
pub(crate) struct Counted(pub(crate) u8);

impl Randomness for Counted {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        for byte in bytes {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
        Ok(())
    }
}

/// A ring with one sealing key.
pub(crate) fn ring(seed: u64) -> KeyRing {
    KeyRing::draw(&mut Seeded(seed)).expect("a ring")
}

/// A person of province 99, which there is not, with the check digit that follows.
pub(crate) fn person(number: u32) -> ResidentId {
    let body = format!(
        "9901{:02}1990{:02}{:02}{:03}",
        number / 1_000_000 % 100,
        number / 28_000 % 12 + 1,
        number / 1000 % 28 + 1,
        number % 1000
    );
    "0123456789X"
        .chars()
        .find_map(|check| ResidentId::parse(&format!("{body}{check}")).ok())
        .expect("one of eleven check digits follows")
}

/// An employer that does not exist.
pub(crate) fn employer(number: u32) -> CreditCode {
    let body = format!("91990100{number:09}");
    "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .find_map(|check| CreditCode::parse(&format!("{body}{check}")).ok())
        .expect("one of 31 check characters follows")
}
