//! The pages and the JSON API: server-rendered, in Chinese, without a script where none is needed.
//!
//! A page is one file of [`pages`] (page struct, template name, handler) and one template. [`App`] holds what comes in from
//! outside. There is no SQL here, no rule, no clock and no random generator. `docs/design-system.md` says how a page is
//! added.

pub mod address;
mod api;
pub mod app;
pub mod assets;
pub mod citizen;
mod compression;
pub mod coverage;
pub mod csrf;
pub mod documents;
pub mod error;
pub mod form;
pub mod gate;
pub mod heavy;
pub mod jobs;
pub mod layout;
pub mod ledger;
pub mod limits;
pub mod pages;
pub mod parts;
pub mod peers;
pub mod progress;
mod router;
pub mod screenings;
pub mod sealed;
mod server;
pub mod table;
pub mod visit;

pub use app::{App, Outside};
pub use router::{guarded, router};
pub use server::{HEAD_BYTES, HEADERS, STOP_WAIT, serve};
