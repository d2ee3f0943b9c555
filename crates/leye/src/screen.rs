//! Where a command prints: results to standard output, everything else to standard error.

use std::io::{self, BufWriter, IsTerminal as _, Write};

use report::table::printable;

use crate::failure::Failure;

/// Width of tables where there is no terminal to ask (a pipe, a file), in columns.
const WIDTH_WITHOUT_TERMINAL: usize = 132;
/// Narrower than this a ledger is unreadable, however narrow the terminal.
const NARROWEST: usize = 80;

/// Standard output and standard error of one command.
pub(crate) struct Screen {
    out: BufWriter<io::Stdout>,
    width: usize,
}

impl Screen {
    /// The process's own.
    pub(crate) fn standard() -> Self {
        let terminal = io::stdout()
            .is_terminal()
            .then(|| console::Term::stdout().size_checked())
            .flatten();
        let width = terminal.map_or(WIDTH_WITHOUT_TERMINAL, |(_, columns)| {
            usize::from(columns).max(NARROWEST)
        });
        Self {
            out: BufWriter::new(io::stdout()),
            width,
        }
    }

    /// Columns that a line may take.
    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    /// One line of the result. What a document wrote is shown without characters that command a terminal.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Failure> {
        self.out.write_all(printable(text).as_bytes())?;
        self.out.write_all(b"\n")?;
        Ok(())
    }

    /// Part of the result as it is: JSON, a document's text, a rendered table.
    pub(crate) fn raw(&mut self, text: &str) -> Result<(), Failure> {
        Ok(self.out.write_all(text.as_bytes())?)
    }

    /// Hands over what was printed so far.
    pub(crate) fn flush(&mut self) -> Result<(), Failure> {
        Ok(self.out.flush()?)
    }

    /// A remark beside the result. It is printed after everything printed before it; where standard error is closed
    /// nobody is there to read it.
    pub(crate) fn remark(&mut self, text: &str) -> Result<(), Failure> {
        self.flush()?;
        complain(text);
        Ok(())
    }
}

/// Tells why a command ends: on standard error alone, for standard output may be what broke.
pub(crate) fn complain(text: &str) {
    // Where even this cannot be printed, the exit code still tells.
    let _ = writeln!(io::stderr(), "{}", printable(text));
}
