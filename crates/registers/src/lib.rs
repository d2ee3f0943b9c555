//! Registers: the facts a decision stands on.

pub mod synth;
