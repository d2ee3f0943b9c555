//! The rule language, the kernel, the packs' benefits.

mod agreement;
mod calendar;
mod hostile;
mod known_on;
mod language;
mod model;
mod packs;
mod reference;
mod support;
