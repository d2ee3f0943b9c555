//! A home of its own for each test, people who do not exist, and files about them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Decimal128Type, Int16Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use civil::{CreditCode, Day, RegionCode, ResidentId};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use policy::fact;
use policy::file::{Diagnostics, Tree};
use policy::register::{self, Registers};
use registers::folder::Folder;
use registers::import::{self, Context, ImportError, Progress, Report, Request};
use registers::layout::Period;
use registers::manifest::Manifest;
use registers::value::{Benefits, Names, RegionNames};
use seal::{KeyRing, NoRandomness};

/// The registers compiled into the program.
pub(crate) fn registers() -> &'static Registers {
    static REGISTERS: OnceLock<Registers> = OnceLock::new();
    REGISTERS.get_or_init(|| {
        let (tree, diagnostics) = (Tree::built_in(), Diagnostics::new());
        let dictionary = fact::load(&tree, &diagnostics);
        register::load(&tree, &dictionary, &diagnostics)
    })
}

/// Names of the regions compiled in.
pub(crate) fn region_names() -> &'static RegionNames {
    static NAMES: OnceLock<RegionNames> = OnceLock::new();
    NAMES.get_or_init(|| RegionNames::of(&policy::Library::load(&Tree::built_in()).regions))
}

/// Bytes that look random and are the same every time.
pub(crate) fn drawn(seed: u64) -> impl FnMut(&mut [u8]) -> Result<(), NoRandomness> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |bytes| {
        for byte in bytes {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            *byte = state.to_le_bytes()[3];
        }
        Ok(())
    }
}

/// A resident ID of the unused province 99.
pub(crate) fn person(number: u32) -> ResidentId {
    let day = Day::new(1970, 1, 1)
        .unwrap()
        .add_days((number % 14_000) as i32)
        .unwrap();
    let body = format!(
        "990282{:04}{:02}{:02}{:03}",
        day.year(),
        day.month_number(),
        day.day_of_month(),
        number % 1_000
    );
    "0123456789X"
        .chars()
        .find_map(|check| ResidentId::parse(&format!("{body}{check}")).ok())
        .unwrap()
}

/// Its 18 characters.
pub(crate) fn id(number: u32) -> String {
    person(number).reveal()
}

/// A credit code of nobody.
pub(crate) fn credit(number: u32) -> String {
    let body = format!("91990282MA{number:07}");
    "0123456789ABCDEFGHJKLMNPQRTUWXY"
        .chars()
        .find_map(|check| CreditCode::parse(&format!("{body}{check}")).ok())
        .unwrap()
        .to_string()
}

/// A home, its keys, and a folder for files.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) ring: KeyRing,
    benefits: Benefits,
    registers: &'static Registers,
}

/// What a test changes about an import.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) received: &'static str,
    pub(crate) region: &'static str,
    pub(crate) retention: &'static str,
    pub(crate) replaces: bool,
    pub(crate) commit: bool,
}

impl Default for Asked {
    fn default() -> Self {
        Self {
            received: "2020-12-01",
            region: "330282",
            retention: "5年",
            replaces: false,
            commit: true,
        }
    }
}

impl World {
    pub(crate) fn new() -> Self {
        Self::in_folder(tempfile::tempdir().unwrap())
    }

    /// A home with registers of the test's own.
    pub(crate) fn with_registers(registers: Registers) -> Self {
        Self {
            registers: Box::leak(Box::new(registers)),
            ..Self::new()
        }
    }

    pub(crate) fn in_folder(folder: tempfile::TempDir) -> Self {
        Self {
            folder,
            ring: KeyRing::draw(&mut drawn(7)).unwrap(),
            benefits: Benefits(BTreeMap::from([
                ("cx-bonus".to_owned(), "cx-bonus".to_owned()),
                ("一次性补贴".to_owned(), "cx-bonus".to_owned()),
            ])),
            registers: registers(),
        }
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    pub(crate) fn store(&self) -> Folder {
        Folder::of(&self.home())
    }

    pub(crate) fn manifest(&self) -> Manifest {
        self.store().manifest().unwrap()
    }

    /// Puts a file beside the home.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn try_import(&self, register: &str, file: &Path, asked: &Asked) -> Result<Report, ImportError> {
        self.import_with(register, file, asked, &|_| {})
    }

    pub(crate) fn import_with(
        &self,
        register: &str,
        file: &Path,
        asked: &Asked,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<Report, ImportError> {
        let request = Request {
            region: RegionCode::parse(asked.region).unwrap(),
            received: Day::parse(asked.received).unwrap(),
            imported: Day::parse("2020-12-09").ok(),
            provider: "市人社局".to_owned(),
            basis: "数据共享协议".to_owned(),
            purpose: "就业补贴核算".to_owned(),
            retention: asked.retention.to_owned(),
            replaces: asked.replaces,
            commit: asked.commit,
        };
        let folder = self.store();
        let context = Context {
            registers: self.registers,
            names: Names {
                benefits: &self.benefits,
                regions: region_names(),
            },
            ring: &self.ring,
            random: &mut drawn(11),
            folder: &folder,
            threads: 2,
            progress,
        };
        import::import(file, self.registers.get(register).unwrap(), &request, context)
    }

    pub(crate) fn import(&self, register: &str, file: &Path) -> Report {
        self.try_import(register, file, &Asked::default()).unwrap()
    }

    /// A csv of these lines into a register; everything in it must be good.
    pub(crate) fn put(&self, register: &str, csv: &str) -> Report {
        let file = self.file("put.csv", csv);
        let report = self.import(register, &file);
        assert_eq!(problems(&report), Vec::<String>::new());
        report
    }

    /// The rows of a register as a day sees it: shown values by column, sealed ones as `<sealed>`.
    pub(crate) fn rows(&self, register: &str, known_on: Option<&str>) -> Vec<BTreeMap<String, String>> {
        let manifest = self.manifest();
        let day = known_on.map(|day| Day::parse(day).unwrap());
        manifest
            .files(register, day)
            .iter()
            .flat_map(|vintage| batches(&vintage.path(self.store().root())))
            .flat_map(|batch| {
                (0..batch.num_rows())
                    .map(move |row| shown(&batch, row))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// The periods of a register as a day sees it, with their rows.
    pub(crate) fn periods(&self, register: &str, known_on: Option<&str>) -> Vec<(Period, u64)> {
        let day = known_on.map(|day| Day::parse(day).unwrap());
        self.manifest()
            .files(register, day)
            .iter()
            .map(|vintage| (vintage.period, vintage.partition.file.rows))
            .collect()
    }
}

pub(crate) fn batches(path: &Path) -> Vec<RecordBatch> {
    let file = std::fs::File::open(path).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    reader.map(Result::unwrap).collect()
}

fn shown(batch: &RecordBatch, row: usize) -> BTreeMap<String, String> {
    batch
        .schema()
        .fields()
        .iter()
        .zip(batch.columns())
        .filter(|(_, column)| column.is_valid(row))
        .map(|(field, column)| {
            let value = match field.data_type() {
                DataType::Utf8 => column.as_string::<i32>().value(row).to_owned(),
                DataType::Int64 => column.as_primitive::<Int64Type>().value(row).to_string(),
                DataType::Int16 => column.as_primitive::<Int16Type>().value(row).to_string(),
                DataType::Boolean => column.as_boolean().value(row).to_string(),
                DataType::Date32 => {
                    let days = column.as_primitive::<Date32Type>().value(row);
                    Day::from_days_since_epoch(days).unwrap().to_string()
                }
                DataType::Decimal128(..) => column.as_primitive::<Decimal128Type>().value(row).to_string(),
                DataType::Binary => "<sealed>".to_owned(),
                other => panic!("{other}"),
            };
            (field.name().clone(), value)
        })
        .collect()
}

/// Each problem as `row column reason`.
pub(crate) fn problems(report: &Report) -> Vec<String> {
    report
        .rejects
        .iter()
        .flat_map(|reject| {
            reject.faults.iter().map(|fault| {
                let column = fault.column.map_or("整行", |index| report.headers[index].as_str());
                let mut line = format!("{} {column} {}", reject.row, fault.problem);
                if !fault.shown.is_empty() {
                    write!(line, " [{}]", fault.shown).unwrap();
                }
                line
            })
        })
        .collect()
}
