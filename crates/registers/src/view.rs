//! Rows of a register as they may be shown: numbers, names and accounts opened and covered but for their ends.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Decimal128Type, Int16Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::DataType;
use civil::{Day, Money, RegionCode};
use policy::fact::{DECIMAL_SCALE, FactType};
use policy::register::{Column, ColumnType, Register, Registers};
use seal::{EmployerKey, KeyRing, KeyText, Opener, PersonKey};

use crate::folder::Folder;
use crate::identity::{self, PERSON, key_text};
use crate::manifest::{Manifest, Vintage};
use crate::parquet_file;
use crate::problem::masked;
use crate::row_key::RowKeys;

/// Which rows.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only those of this region and what its code covers.
    pub region: Option<RegionCode>,
    /// Only those with this text in a column of the register's key: an entity key, a number of a loan, a class.
    pub key: Option<String>,
    /// As that day knew them.
    pub known_on: Option<Day>,
    /// No more than so many.
    pub limit: usize,
}

/// Rows to be shown.
#[derive(Debug, Default)]
pub struct View {
    /// A line each, in the order of the register's columns behind the region and the period.
    pub rows: Vec<Vec<String>>,
    /// There are more.
    pub more: bool,
}

/// Why rows cannot be shown; printed in Chinese.
#[derive(Debug, thiserror::Error)]
#[error("数据文件 {path} 读不出（{reason}）。请从备份恢复该文件，或运行 leye register verify 核对全部文件")]
pub struct ViewError {
    path: String,
    reason: String,
}

/// The rows that are wanted, by region, period and key.
///
/// # Errors
/// [`ViewError`] with the file that cannot be read or opened.
pub fn rows(
    folder: &Folder,
    manifest: &Manifest,
    registers: &Registers,
    register: &Register,
    ring: &KeyRing,
    wanted: &Wanted,
) -> Result<View, ViewError> {
    let mut found: Vec<Found> = Vec::new();
    let mut more = false;
    let mut opener = ring.opener();
    'files: for vintage in manifest.files(&register.id, wanted.known_on) {
        let within = |region: RegionCode| vintage.region.is_within(region.prefix());
        if !wanted.region.is_none_or(within) {
            continue;
        }
        let failed = failure(&vintage, folder);
        for batch in parquet_file::read(&vintage.path(folder.root()), None).map_err(|error| failed(&error))? {
            let batch = batch.map_err(|error| failed(&error))?;
            for row in 0..batch.num_rows() {
                if !wanted.key.as_deref().is_none_or(|key| has(register, &batch, row, key)) {
                    continue;
                }
                if found.len() == wanted.limit {
                    more = true;
                    break 'files;
                }
                let cells = Row {
                    registers,
                    register,
                    batch: &batch,
                    row,
                };
                found.push(cells.shown(&vintage, &mut opener).map_err(|error| failed(&error))?);
            }
        }
    }
    let numbers = numbers(folder, manifest, &shown_keys(&found), &mut opener)?;
    let rows = found.into_iter().map(|found| found.with(&numbers)).collect();
    Ok(View { rows, more })
}

/// A row whose numbers are still to be looked up.
struct Found {
    cells: Vec<Cell>,
}

enum Cell {
    Text(String),
    /// A person or a body.
    Key(KeyText),
}

impl Found {
    fn with(self, numbers: &BTreeMap<KeyText, String>) -> Vec<String> {
        let cell = |cell| match cell {
            Cell::Text(text) => text,
            Cell::Key(key) => match numbers.get(&key) {
                Some(number) => format!("{number} {}", &*key),
                None => key.to_string(),
            },
        };
        self.cells.into_iter().map(cell).collect()
    }
}

struct Row<'r> {
    registers: &'r Registers,
    register: &'r Register,
    batch: &'r RecordBatch,
    row: usize,
}

impl Row<'_> {
    fn shown(&self, vintage: &Vintage<'_>, opener: &mut Opener) -> Result<Found, seal::OpenError> {
        let mut row_key = String::new();
        RowKeys::of(self.register, self.batch).write(self.row, &mut row_key);
        let mut cells = vec![
            Cell::Text(vintage.region.to_string()),
            Cell::Text(vintage.partition.period.clone()),
        ];
        for column in &self.register.columns {
            cells.push(self.cell(column, &row_key, opener)?);
        }
        Ok(Found { cells })
    }

    fn cell(&self, column: &Column, row_key: &str, opener: &mut Opener) -> Result<Cell, seal::OpenError> {
        let row = self.row;
        let array = self.batch.column_by_name(&column.stored());
        let Some(array) = array.filter(|array| array.is_valid(row)) else {
            return Ok(Cell::Text(String::new()));
        };
        if column.kind.is_key() && *array.data_type() == DataType::Utf8 {
            let person = column.kind == ColumnType::ResidentId;
            let key = key_text(array.as_string::<i32>(), row, person);
            return Ok(key.map_or_else(|| Cell::Text(String::new()), Cell::Key));
        }
        let text = match array.data_type() {
            DataType::Binary => {
                let bound = seal::Column::new(&self.register.id, &column.id);
                let value = opener.open_text(&bound, row_key, array.as_binary::<i32>().value(row))?;
                masked(value, &column.kind)
            }
            DataType::Utf8 => masked(array.as_string::<i32>().value(row), &column.kind),
            DataType::Boolean if array.as_boolean().value(row) => "是".to_owned(),
            DataType::Boolean => "否".to_owned(),
            DataType::Date32 => day(array.as_primitive::<Date32Type>().value(row), &column.kind),
            DataType::Int16 => self.code(array.as_primitive::<Int16Type>().value(row), &column.kind),
            DataType::Int64 => whole(array.as_primitive::<Int64Type>().value(row), &column.kind),
            DataType::Decimal128(..) => decimal(array.as_primitive::<Decimal128Type>().value(row)),
            other => other.to_string(),
        };
        Ok(Cell::Text(text))
    }

    fn code(&self, number: i16, kind: &ColumnType) -> String {
        let list = match kind {
            ColumnType::Value(FactType::Code(list)) => self.registers.list(list),
            _ => None,
        };
        list.and_then(|list| list.numbered(number))
            .map_or_else(|| number.to_string(), |code| code.label.clone())
    }
}

fn day(days: i32, kind: &ColumnType) -> String {
    let Some(day) = Day::from_days_since_epoch(days) else {
        return days.to_string();
    };
    match kind {
        ColumnType::Value(FactType::Month) => format!("{:04}-{:02}", day.year(), day.month_number()),
        _ => day.to_string(),
    }
}

fn whole(value: i64, kind: &ColumnType) -> String {
    match kind {
        ColumnType::Value(FactType::Fen) => Money::from_fen(value).to_string(),
        // Zeros that a code is filled with are not said.
        ColumnType::Value(FactType::Region) => {
            RegionCode::parse(&value.to_string()).map_or_else(|_| value.to_string(), |code| code.to_string())
        }
        _ => value.to_string(),
    }
}

fn decimal(millionths: i128) -> String {
    let one = 10_i128.pow(DECIMAL_SCALE);
    let sign = if millionths < 0 { "-" } else { "" };
    let (whole, rest) = (
        millionths.unsigned_abs() / one.unsigned_abs(),
        millionths.unsigned_abs() % one.unsigned_abs(),
    );
    let digits = format!("{rest:06}");
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{digits}")
    }
}

/// Whether a column of the key holds the text.
fn has(register: &Register, batch: &RecordBatch, row: usize, key: &str) -> bool {
    register.key_columns().any(|column| {
        let array = batch.column_by_name(&column.stored());
        let array = array.filter(|array| array.is_valid(row) && *array.data_type() == DataType::Utf8);
        array.is_some_and(|array| array.as_string::<i32>().value(row) == key)
    })
}

/// Keys as an officer knows those behind them: persons by their covered number, employers by their name, or by their
/// credit code where no register names them. A key that no import brought is left out.
///
/// # Errors
/// [`ViewError`] where a file cannot be read or opened.
pub fn known_as<'k>(
    folder: &Folder,
    manifest: &Manifest,
    keys: impl IntoIterator<Item = &'k str>,
    opener: &mut Opener,
) -> Result<BTreeMap<String, String>, ViewError> {
    let text = |key: &str| {
        let person = key.parse::<PersonKey>().map(|key| key.text());
        person
            .or_else(|_| key.parse::<EmployerKey>().map(|key| key.text()))
            .ok()
    };
    let wanted: BTreeSet<KeyText> = keys.into_iter().filter_map(text).collect();
    let numbers = numbers(folder, manifest, &wanted, opener)?;
    let mut known: BTreeMap<String, String> = numbers.into_iter().map(|(key, text)| (key.to_string(), text)).collect();
    for vintage in manifest.files(EMPLOYERS, None) {
        let failed = failure(&vintage, folder);
        let path = vintage.path(folder.root());
        for batch in parquet_file::read(&path, Some(&["employer_key", "name"])).map_err(|error| failed(&error))? {
            let batch = batch.map_err(|error| failed(&error))?;
            let (keys, names) = (batch.column(0).as_string::<i32>(), batch.column(1).as_string::<i32>());
            for (key, name) in keys.iter().zip(names) {
                if let (Some(key), Some(name)) = (key, name)
                    && let Some(place) = known.get_mut(key)
                {
                    name.clone_into(place);
                }
            }
        }
    }
    Ok(known)
}

/// The register with the names of employers.
const EMPLOYERS: &str = "employer";

/// The covered numbers of keys.
fn numbers(
    folder: &Folder,
    manifest: &Manifest,
    wanted: &BTreeSet<KeyText>,
    opener: &mut Opener,
) -> Result<BTreeMap<KeyText, String>, ViewError> {
    let mut numbers = BTreeMap::new();
    let bound = seal::Column::new(identity::TABLE, identity::COLUMN);
    for file in manifest.imports.iter().filter_map(|import| import.identities.as_ref()) {
        if numbers.len() == wanted.len() {
            break;
        }
        let path = folder.root().join(&file.path);
        let failed = |error: &dyn std::fmt::Display| ViewError {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        // The sealed numbers are most of a file; only those of the keys that are wanted are read.
        let (mut rows, mut first) = (Vec::new(), 0);
        let columns = Some(&["kind", "key"][..]);
        for batch in parquet_file::read(&path, columns).map_err(|error| failed(&error))? {
            let batch = batch.map_err(|error| failed(&error))?;
            let known = (0..batch.num_rows()).filter(|row| {
                let key = identity_key(&batch, *row);
                key.is_some_and(|(key, _)| wanted.contains(&key))
            });
            rows.extend(known.map(|row| first + row));
            first += batch.num_rows();
        }
        if rows.is_empty() {
            continue;
        }
        for batch in parquet_file::read_rows(&path, &rows).map_err(|error| failed(&error))? {
            let batch = batch.map_err(|error| failed(&error))?;
            let sealed = batch.column(2).as_binary::<i32>();
            for row in 0..batch.num_rows() {
                let Some((key, person)) = identity_key(&batch, row) else {
                    continue;
                };
                let number = if person {
                    let id = opener.open_id(&bound, &key, sealed.value(row));
                    id.map(civil::ResidentId::masked)
                } else {
                    // A credit code is public.
                    opener.open_text(&bound, &key, sealed.value(row)).map(str::to_owned)
                };
                numbers.insert(key, number.map_err(|error| failed(&error))?);
            }
        }
    }
    Ok(numbers)
}

/// The key of a row of an identity file, and whether it is a person's.
fn identity_key(batch: &RecordBatch, row: usize) -> Option<(KeyText, bool)> {
    let person = batch.column(0).as_primitive::<Int16Type>().value(row) == PERSON;
    Some((key_text(batch.column(1).as_string::<i32>(), row, person)?, person))
}

/// The keys that are to be shown.
fn shown_keys(found: &[Found]) -> BTreeSet<KeyText> {
    let cells = found.iter().flat_map(|found| &found.cells);
    cells
        .filter_map(|cell| match cell {
            Cell::Key(key) => Some(*key),
            Cell::Text(_) => None,
        })
        .collect()
}

fn failure(vintage: &Vintage<'_>, folder: &Folder) -> impl Fn(&dyn std::fmt::Display) -> ViewError + use<> {
    let path = vintage.path(folder.root()).display().to_string();
    move |error| ViewError {
        path: path.clone(),
        reason: error.to_string(),
    }
}
