//! Value types of Chinese civil life: money, rates, days, months, working days, and the codes of persons,
//! organisations and regions.
//!
//! Everything here is pure. No type reads the clock, a file or the network, and none knows a policy: what day it
//! is, which working-day calendar holds and which reading of a term applies come from the caller. There is no
//! binary floating point; money is whole fen, rates are exact decimals.
//!
//! Texts are read in the spellings that official documents use (full-width digits, inner spaces, Chinese
//! numerals); what cannot be read is refused with a Chinese sentence that says what, where and why.

mod account_number;
mod calendar;
mod characters;
mod credit_code;
mod day;
mod id_error;
mod money;
mod month;
pub mod numeral;
mod parse_error;
mod rate;
mod region_code;
mod resident_id;
mod rounding;
mod term;

pub use account_number::AccountNumber;
pub use calendar::{Calendar, CalendarError, CalendarYear};
pub use characters::half_width;
pub use credit_code::CreditCode;
pub use day::{Day, Weekday};
pub use id_error::IdError;
pub use money::Money;
pub use month::{Month, MonthWindow};
pub use parse_error::{ParseError, Problem};
pub use rate::{Points, Rate, RateOrPoints};
pub use region_code::{RegionCode, RegionLevel, RegionPrefix};
pub use resident_id::{ResidentId, Sex};
pub use rounding::Rounding;
pub use term::{age, due_after_days, due_after_months, full_months, full_years};
