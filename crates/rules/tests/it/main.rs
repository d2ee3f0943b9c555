//! The rule language, the kernel, the packs' benefits.

mod packs;
