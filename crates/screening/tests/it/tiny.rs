//! Registers of a few rows, written as words, with a manifest; and the checks of the packs over them.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use arrow_array::builder::{
    BinaryBuilder, BooleanBuilder, Date32Builder, Int16Builder, Int32Builder, Int64Builder, StringBuilder,
};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, SchemaRef};
use civil::{Day, Month};
use parquet::arrow::ArrowWriter;
use policy::cross_check::CrossChecks;
use policy::file::Tree;
use registers::folder::Folder;
use registers::layout;
use registers::manifest::{self, Import, Manifest, Partition, Rows, Source, Written};
use registers::row_key::RowKeys;
use rules::catalogue::Catalogue;
use screening::checks::hits::{self, Hit};
use screening::checks::{CheckRun, CheckSummary};
use screening::{Made, Request, Runs, Screening, ScreeningError};
use seal::{KeyRing, NoRandomness, Randomness};

/// Bytes that only count: tests need keys, not secrets.
pub(crate) struct Counting(pub(crate) u8);

impl Randomness for Counting {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(73).wrapping_add(41);
            *byte = self.0;
        }
        Ok(())
    }
}

pub(crate) fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// Registers of a few rows and who is 初步符合.
pub(crate) struct Tiny {
    pub(crate) catalogue: Catalogue,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) manifest: Manifest,
    pub(crate) ring: KeyRing,
    pub(crate) as_of: Day,
    pub(crate) known_on: Day,
    pub(crate) threads: usize,
    /// The region that the registers are of.
    pub(crate) region: &'static str,
    eligible: Option<PathBuf>,
}

impl Tiny {
    pub(crate) fn on(as_of: &str) -> Self {
        Self::with(Catalogue::load(&Tree::built_in()), as_of)
    }

    pub(crate) fn with(catalogue: Catalogue, as_of: &str) -> Self {
        Self {
            catalogue,
            folder: tempfile::tempdir().expect("a folder"),
            manifest: Manifest::default(),
            ring: KeyRing::draw(&mut Counting(1)).expect("keys"),
            as_of: day(as_of),
            known_on: day("2021-06-30"),
            threads: 2,
            region: "330282",
            eligible: None,
        }
    }

    /// The same of another region.
    pub(crate) fn of(mut self, region: &'static str) -> Self {
        self.region = region;
        self
    }

    /// Rows of a register as one import of `某局`, a line each, in the order of the named columns; `-` is an empty cell.
    pub(crate) fn rows(self, register: &str, columns: &str, rows: &str) -> Self {
        self.received("2021-01-04", register, columns, rows)
    }

    /// As [`Tiny::rows`], received on that day.
    pub(crate) fn received(mut self, on: &str, register: &str, columns: &str, rows: &str) -> Self {
        let known = self.catalogue.registers.get(register).expect("a register");
        let vintage = self.manifest.next_vintage();
        let path = format!("{register}-{vintage:06}.parquet");
        let schema = layout::schema(known);
        let plain = cells(&schema, columns, rows, |_, _, _| None);
        let keys = RowKeys::of(known, &plain).all(plain.num_rows());
        let mut sealer = self.ring.sealer(&mut Counting(9)).expect("a sealer");
        let sealed = cells(&schema, columns, rows, |column, row, clear| {
            let mut out = Vec::new();
            let bound = seal::Column::new(register, column);
            sealer
                .seal(&bound, keys.value(row), clear.as_bytes(), &mut out)
                .expect("a sealed value");
            Some(out)
        });
        write(&self.folder.path().join(&path), &sealed);
        let count = sealed.num_rows() as u64;
        let bytes = std::fs::metadata(self.folder.path().join(&path))
            .expect("the file")
            .len();
        self.manifest.imports.push(Import {
            format: layout::FORMAT,
            vintage,
            index: 1,
            register: register.to_owned(),
            region: self.region.to_owned(),
            received: day(on),
            imported: None,
            provider: format!("某局{vintage}"),
            basis: "测试".to_owned(),
            purpose: "测试".to_owned(),
            retention: "1年".to_owned(),
            source: Source {
                name: "测试.csv".to_owned(),
                bytes: 1,
                sm3: String::new(),
            },
            replaces: false,
            rows: Rows::default(),
            partitions: vec![Partition {
                // A period of its own for each import, so that none stands for another.
                period: format!("{:04}-01", 2000 + vintage),
                file: Written {
                    path,
                    rows: count,
                    bytes,
                    sm3: String::new(),
                },
                added: count,
                changed: 0,
                removed: 0,
            }],
            identities: None,
            removed: None,
        });
        self
    }

    /// Rows of the run that are 初步符合.
    pub(crate) fn eligible(mut self, columns: &str, rows: &str) -> Self {
        let path = self.folder.path().join("eligible.parquet");
        write(&path, &cells(&hits::eligible_schema(), columns, rows, |_, _, _| None));
        self.eligible = Some(path);
        self
    }

    /// Screens it as a home, into runs of its own.
    pub(crate) fn screened(&self, request: &Request) -> Result<(Made, Runs), ScreeningError> {
        let home = self.folder.path().join("home");
        std::fs::create_dir_all(home.join("registers")).expect("a folder");
        for import in &self.manifest.imports {
            for file in import.partitions.iter().map(|partition| &partition.file.path) {
                std::fs::copy(self.folder.path().join(file), home.join("registers").join(file)).expect("a copy");
            }
        }
        let lines: String = self.manifest.imports.iter().map(Import::line).collect();
        std::fs::write(home.join("registers").join(manifest::FILE), lines).expect("a manifest");
        let runs = Runs::of(&home);
        let made = Screening {
            catalogue: &self.catalogue,
            registers: &Folder::of(&home),
            runs: &runs,
            ring: &self.ring,
            request,
            progress: &|_| {},
            stop: &AtomicBool::new(false),
        }
        .make()?;
        Ok((made.expect("nobody stopped it"), runs))
    }

    /// Runs one check, or all of them for an empty id.
    pub(crate) fn run(&self, id: &str) -> (Vec<CheckSummary>, Vec<Hit>) {
        self.run_of(&self.catalogue.checks, id, &self.folder.path().join("hits.parquet"))
    }

    pub(crate) fn run_of(&self, checks: &CrossChecks, id: &str, out: &Path) -> (Vec<CheckSummary>, Vec<Hit>) {
        let checks = checks.of(|_| true);
        let checks: Vec<_> = checks
            .into_iter()
            .filter(|check| id.is_empty() || check.id.as_str() == id)
            .collect();
        assert!(!checks.is_empty(), "there is no check {id}");
        let run = CheckRun {
            checks,
            registers: &self.catalogue.registers,
            dictionary: &self.catalogue.vocabulary.dictionary,
            benefits: &self.catalogue.benefits,
            manifest: &self.manifest,
            root: self.folder.path(),
            ring: &self.ring,
            as_of: self.as_of,
            known_on: self.known_on,
            flat: None,
            eligible: self.eligible.as_deref(),
            out,
            scratch: self.folder.path().join("scratch"),
            memory_bytes: 256 << 20,
            threads: self.threads,
        };
        let summaries = run.run(&|_| true).expect("checks that run");
        (summaries, hits::read(out).expect("hits"))
    }

    /// Whom a check asks about.
    pub(crate) fn subjects(&self, id: &str) -> Vec<String> {
        let (summaries, hits) = self.run(id);
        assert_eq!(summaries[0].failed, None);
        hits.into_iter().map(|hit| hit.subject_key).collect()
    }
}

fn write(path: &Path, batch: &RecordBatch) {
    let mut writer = ArrowWriter::try_new(File::create(path).expect("a file"), batch.schema(), None).expect("a writer");
    writer.write(batch).expect("a batch");
    writer.close().expect("a whole file");
}

/// Rows as words in the types of a schema; `seal` makes of a column, row and clear text what is kept of sealed ones.
fn cells(
    schema: &SchemaRef,
    columns: &str,
    rows: &str,
    mut seal: impl FnMut(&str, usize, &str) -> Option<Vec<u8>>,
) -> RecordBatch {
    let named: BTreeMap<&str, usize> = columns
        .split_whitespace()
        .enumerate()
        .map(|(at, name)| (name, at))
        .collect();
    for name in named.keys() {
        assert!(schema.field_with_name(name).is_ok(), "no column {name}");
    }
    let lines: Vec<Vec<&str>> = rows
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|cells| !cells.is_empty())
        .collect();
    let arrays = schema.fields().iter().map(|field| {
        let place = named.get(field.name().as_str());
        let cells = lines
            .iter()
            .map(|cells| place.map(|place| cells[*place]).filter(|cell| *cell != "-"));
        let cells: Vec<Option<&str>> = cells.collect();
        array(field.name(), field.data_type(), &cells, &mut seal)
    });
    let arrays: Vec<ArrayRef> = arrays.collect();
    RecordBatch::try_new(Arc::clone(schema), arrays).expect("columns of one length")
}

fn days(text: &str) -> i32 {
    let day = if text.len() == 7 {
        Month::parse(text).expect("a month").first_day()
    } else {
        day(text)
    };
    day.days_since_epoch()
}

fn array(
    name: &str,
    kind: &DataType,
    cells: &[Option<&str>],
    seal: &mut impl FnMut(&str, usize, &str) -> Option<Vec<u8>>,
) -> ArrayRef {
    macro_rules! build {
        ($builder:expr, $parse:expr) => {{
            let mut builder = $builder;
            for cell in cells {
                builder.append_option(cell.map($parse));
            }
            Arc::new(builder.finish())
        }};
    }
    match kind {
        DataType::Utf8 => build!(StringBuilder::new(), |text: &str| text.to_owned()),
        DataType::Date32 => build!(Date32Builder::new(), days),
        DataType::Boolean => build!(BooleanBuilder::new(), |text: &str| text == "y"),
        DataType::Int64 => build!(Int64Builder::new(), |text: &str| text.parse().expect("a number")),
        DataType::Int32 => build!(Int32Builder::new(), |text: &str| text.parse().expect("a number")),
        DataType::Int16 => build!(Int16Builder::new(), |text: &str| text.parse().expect("a code")),
        DataType::Binary => {
            let mut builder = BinaryBuilder::new();
            for (row, cell) in cells.iter().enumerate() {
                builder.append_option(cell.and_then(|clear| seal(name, row, clear)));
            }
            Arc::new(builder.finish())
        }
        other => arrow_array::new_null_array(other, cells.len()),
    }
}
