//! One harness for the whole crate.

mod packed;
mod read_docx;
mod read_html;
mod shown;
