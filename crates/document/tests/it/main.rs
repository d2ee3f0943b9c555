//! One harness for the whole crate.

mod packed;
mod read_docx;
mod shown;
