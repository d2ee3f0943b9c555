//! Money on its way, as pure functions on plain types: cost shares that add up to the fen, payments in stages that
//! settle on what was really due, and transfers that always sum to zero.
//!
//! Nothing here stores, pays or decides. There is no table, no clock and no policy; which levels share, which events
//! release a stage and which calendar holds come from the caller. What cannot be right (a negative total, a weight of
//! zero, a batch that does not balance) is an error with a Chinese sentence, never a corrected number.

mod balances;
mod cost_share;
mod schedule;
mod settlement;
mod transfer;

pub use balances::{BalanceError, Balances};
pub use cost_share::{CostShares, ShareError, Tie};
pub use schedule::{Instalment, Part, Schedule, ScheduleError, Stage};
pub use settlement::{Settlement, SettlementError, settle};
pub use transfer::{AccountId, Batch, BatchError, FundId, Line, Purse};
