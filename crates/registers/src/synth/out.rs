//! Rows as text, collected register by register, and the files they go to. Each stretch of people fills a [`Rows`] of
//! its own; the [`Files`] take them in order, so that the number of threads never shows.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use civil::{Day, Month};

use super::tables::{TABLES, Table};
use super::{Summary, SynthError};

/// A row that is wrong on purpose.
#[derive(Debug, Clone)]
pub(super) struct Planted {
    /// What is wrong, as the README names it.
    pub(super) kind: &'static str,
    pub(super) table: Table,
    /// Counted from 1 among the rows of this stretch.
    pub(super) row: u64,
    /// The ID or code of whom it concerns.
    pub(super) who: String,
}

/// Rows of a stretch of the region.
#[derive(Debug, Default)]
pub(super) struct Rows {
    buffers: BTreeMap<Table, (Vec<u8>, u64)>,
    pub(super) planted: Vec<Planted>,
    /// Months insured with an employer, as bits back from the last month.
    pub(super) insured: Vec<(u32, u64)>,
}

/// One row being written; each value is a field.
#[derive(Debug)]
pub(super) struct Row<'a> {
    bytes: &'a mut Vec<u8>,
    first: bool,
}

impl Rows {
    /// Begins a row; the values follow in the order of the table's columns.
    pub(super) fn row(&mut self, table: Table) -> Row<'_> {
        let (bytes, count) = self.buffers.entry(table).or_default();
        *count += 1;
        Row { bytes, first: true }
    }

    /// How many rows of a table there are.
    pub(super) fn count(&self, table: Table) -> u64 {
        self.buffers.get(&table).map_or(0, |(_, count)| *count)
    }

    /// Notes that the last row of a table is wrong on purpose.
    pub(super) fn plant(&mut self, kind: &'static str, table: Table, who: &str) {
        self.plant_at(kind, table, self.count(table), who);
    }

    /// Notes that a row of a table is wrong on purpose; the first of this stretch is 1.
    pub(super) fn plant_at(&mut self, kind: &'static str, table: Table, row: u64, who: &str) {
        let who = who.to_owned();
        self.planted.push(Planted { kind, table, row, who });
    }

    /// Writes the last row of a table once more.
    pub(super) fn repeat(&mut self, table: Table) {
        let Some((bytes, count)) = self.buffers.get_mut(&table) else {
            return;
        };
        let end = bytes.len().saturating_sub(1);
        let start = bytes
            .get(..end)
            .and_then(|b| b.iter().rposition(|b| *b == b'\n'))
            .map_or(0, |at| at + 1);
        let line = bytes.get(start..).unwrap_or_default().to_vec();
        bytes.extend_from_slice(&line);
        *count += 1;
    }
}

impl Row<'_> {
    fn comma(&mut self) {
        if self.first {
            self.first = false;
        } else {
            self.bytes.push(b',');
        }
    }

    /// Text without commas, quotes and line ends.
    pub(super) fn text(mut self, text: &str) -> Self {
        self.comma();
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    pub(super) fn empty(mut self) -> Self {
        self.comma();
        self
    }

    pub(super) fn number(mut self, number: u64) -> Self {
        self.comma();
        self.digits(number);
        self
    }

    fn digits(&mut self, number: u64) {
        let mut digits = [0_u8; 20];
        let mut from = digits.len();
        let mut rest = number;
        loop {
            from -= 1;
            digits[from] = b'0' + u8::try_from(rest % 10).unwrap_or(0);
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        self.bytes.extend_from_slice(digits.get(from..).unwrap_or_default());
    }

    fn two(&mut self, number: i8) {
        let number = u8::try_from(number).unwrap_or(0);
        self.bytes.extend_from_slice(&[b'0' + number / 10, b'0' + number % 10]);
    }

    /// Yuan, with two digits behind the point where there are fen.
    pub(super) fn yuan(mut self, fen: u64) -> Self {
        self.comma();
        self.digits(fen / 100);
        if !fen.is_multiple_of(100) {
            self.bytes.push(b'.');
            self.two(i8::try_from(fen % 100).unwrap_or(0));
        }
        self
    }

    pub(super) fn day(mut self, day: Day) -> Self {
        self.comma();
        self.digits(u64::try_from(day.year()).unwrap_or(0));
        self.bytes.push(b'-');
        self.two(day.month_number());
        self.bytes.push(b'-');
        self.two(day.day_of_month());
        self
    }

    pub(super) fn day_or_empty(self, day: Option<Day>) -> Self {
        match day {
            Some(day) => self.day(day),
            None => self.empty(),
        }
    }

    pub(super) fn month(mut self, month: Month) -> Self {
        self.comma();
        self.digits(u64::try_from(month.year()).unwrap_or(0));
        self.bytes.push(b'-');
        self.two(month.number());
        self
    }

    pub(super) fn flag(self, flag: bool) -> Self {
        self.text(if flag { "是" } else { "否" })
    }

    pub(super) fn end(self) {
        self.bytes.push(b'\n');
    }
}

/// The files of a region.
#[derive(Debug)]
pub(super) struct Files {
    open: BTreeMap<Table, (BufWriter<File>, u64)>,
    truth: BufWriter<File>,
    planted: BTreeMap<&'static str, u64>,
}

impl Files {
    /// Opens one file a register in a folder and writes the headers.
    pub(super) fn create(
        folder: &Path,
        header: impl Fn(Table) -> Result<String, SynthError>,
    ) -> Result<Self, SynthError> {
        let create = |name: &str| {
            let path = folder.join(name);
            File::create(&path)
                .map(|file| BufWriter::with_capacity(1 << 18, file))
                .map_err(SynthError::Write)
        };
        let mut open = BTreeMap::new();
        for table in TABLES {
            let mut file = create(&format!("{}.csv", table.register()))?;
            // WPS and Excel take a csv for UTF-8 only by this mark.
            writeln!(file, "\u{feff}{}", header(*table)?).map_err(SynthError::Write)?;
            open.insert(*table, (file, 1));
        }
        Ok(Self {
            open,
            truth: create("truth.jsonl")?,
            planted: BTreeMap::new(),
        })
    }

    /// Writes the rows of a stretch behind those that are there.
    pub(super) fn take(&mut self, rows: &mut Rows) -> Result<(), SynthError> {
        for planted in rows.planted.drain(..) {
            let before = self.open.get(&planted.table).map_or(0, |(_, rows)| *rows);
            let (kind, register, row) = (planted.kind, planted.table.register(), before + planted.row);
            let who = planted.who;
            writeln!(
                self.truth,
                r#"{{"kind":"{kind}","register":"{register}","row":{row},"who":"{who}"}}"#
            )
            .map_err(SynthError::Write)?;
            *self.planted.entry(kind).or_default() += 1;
        }
        for (table, (bytes, count)) in &mut rows.buffers {
            if let Some((file, rows)) = self.open.get_mut(table) {
                file.write_all(bytes).map_err(SynthError::Write)?;
                *rows += *count;
            }
            bytes.clear();
            *count = 0;
        }
        Ok(())
    }

    /// Closes the files; rows of each register without its header, planted rows of each kind.
    pub(super) fn finish(self) -> Result<Summary, SynthError> {
        let mut rows = BTreeMap::new();
        for (table, (mut file, count)) in self.open {
            file.flush().map_err(SynthError::Write)?;
            rows.insert(table.register(), count - 1);
        }
        let mut truth = self.truth;
        truth.flush().map_err(SynthError::Write)?;
        Ok(Summary {
            rows,
            planted: self.planted,
        })
    }
}
