//! One harness for the whole crate.

mod compound;
mod packed;
mod read_docx;
mod read_html;
mod read_kind;
mod read_sheet;
mod samples;
mod shown;
