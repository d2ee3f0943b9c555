//! All benefits of a region over everyone in its registers.
//!
//! [`checks`] asks what the registers say against somebody before anybody could be paid.

pub mod checks;
