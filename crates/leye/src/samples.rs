//! The sample documents of our own writing that are part of the binary (`samples/` in the repository).

include!(concat!(env!("OUT_DIR"), "/samples.rs"));
