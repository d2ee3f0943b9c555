//! All benefits of a region over everyone in its registers.

pub mod rule_functions;
