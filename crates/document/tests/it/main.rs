//! One harness for the whole crate.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test may stop at the first surprise, and says when it is skipped"
)]

mod comparison;
mod compound;
mod figures;
mod hostile;
mod layouts;
mod no_names;
mod packed;
mod paged;
mod pointed;
mod radicals;
mod read_docx;
mod read_hostile;
mod read_html;
mod read_kind;
mod read_ofd;
mod read_pdf;
mod read_sheet;
mod samples;
mod shown;
