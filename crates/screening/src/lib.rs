//! All benefits of a region over everyone in its registers.
//!
//! [`run`] makes a run: `registers` derives one flat table for each thing a benefit may be about; [`contest`] settles what
//! rows of one run take from each other; [`pass`] streams every table through the kernel and writes wide decisions
//! ([`wide`]); the manifest comes last ([`runs`]). [`explain`] decides one row again as a single case, [`simulation`] all
//! rows by other rules.
//!
//! [`checks`] asks what the registers say against somebody before anybody could be paid.
//!
//! [`home`] opens what all of it needs; [`rows`] reads a run in windows, [`lists`] whole; [`words`] are those of the terminal
//! and of pages; [`synthetic`] makes a region that does not exist.
//!
//! The kernel and its driver are pure functions of Arrow batches: [`input`] turns a batch into columns, `rules` decides,
//! [`wide`] makes a batch of the decisions. What knows of files and threads is [`flat`], [`pass`] and [`runs`].

pub mod checks;
mod contest;
mod coverage;
mod decide;
mod error;
mod explain;
mod flat;
pub mod home;
mod input;
pub mod lists;
mod opened;
mod pass;
mod purses;
mod question;
mod resolved;
pub mod rows;
pub mod rule_functions;
mod run;
mod runs;
pub mod simulation;
mod summary;
pub mod synthetic;
mod table;
mod tally;
mod wide;
pub mod words;

pub use error::ScreeningError;
pub use explain::{Explained, Explainer};
pub use home::Home;
pub use resolved::{Before, Resolved};
pub use run::{Made, Progress, Request, Screening};
pub use runs::{Manifest, Runs};
pub use summary::{
    BenefitSummary, CheckCount, CheckTown, FundSummary, MissingFact, Resolved as ResolvedRows, Step, Summary,
    TableSummary, TownSummary,
};
