//! 保存期限: until when an import may be kept, and the removal of what is past it.
//!
//! Every import says for how long its data may be kept, counted from the day of receipt. Files are kept as whole vintages,
//! so a vintage goes as a whole: rows that an earlier import gave and a later one's files still hold are kept for the later
//! one's term. A removed vintage leaves its line in the manifest, marked with the day; a partition whose newest file is
//! removed is empty from then on, for an older file under it never comes up again. The sealed numbers of persons and
//! bodies that no file names any more go with it.
//!
//! Runs and decisions do not name vintages yet. When they do, what they name must be refused here.

use std::collections::BTreeSet;
use std::fmt;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int16Type;
use arrow_array::{Array as _, BooleanArray};
use arrow_schema::{ArrowError, DataType};
use civil::Day;
use parquet::errors::ParquetError;
use seal::KeyText;

use crate::folder::{Folder, FolderError, Writing};
use crate::identity::{PERSON, TABLE, key_text};
use crate::manifest::{Import, Manifest, Removed, Written};
use crate::parquet_file::{self, Content, ParquetOut};

/// Keys that are held before they are sorted out.
const MAX_WAITING: usize = 2_000_000;
/// What the name of a key's column ends in.
const KEY_SUFFIX: &str = "_key";

/// For how long an import may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// 长期, 永久.
    Permanent,
    /// 至2025-12-31: that day is the last.
    Until(Day),
    /// 5年, 18个月: the corresponding day after so many months is the last.
    Months(u32),
    /// 90天.
    Days(u32),
}

impl Term {
    /// Reads a term as offices write it; nothing where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = crate::value::fold(text);
        let text = text.trim_end_matches(['。', '；', ';']);
        if matches!(text, "长期" | "永久" | "长期保存" | "永久保存") {
            return Some(Self::Permanent);
        }
        if let Some(day) = text.strip_prefix('至').or_else(|| text.strip_prefix("保存至")) {
            let day = day.trim_end_matches(['止', '前']);
            return Day::parse(day).ok().map(Self::Until);
        }
        let text = text.strip_prefix("保存").unwrap_or(text);
        let units = [("个月", 1), ("月", 1), ("周年", 12), ("年", 12), ("天", 0), ("日", 0)];
        let (number, months) = units
            .iter()
            .find_map(|(unit, months)| Some((text.strip_suffix(unit)?, *months)))?;
        let count = number
            .parse()
            .ok()
            .or_else(|| u32::try_from(civil::numeral::read(number)?).ok())?;
        match (count, months) {
            (0, _) => None,
            (days, 0) => Some(Self::Days(days)),
            (count, months) => Some(Self::Months(count.checked_mul(months)?)),
        }
    }

    /// The last day; nothing where there is none.
    pub fn last_day(self, received: Day) -> Option<Day> {
        match self {
            Self::Permanent => None,
            Self::Until(day) => Some(day),
            // Beyond the calendar is for ever.
            Self::Months(months) => received.add_months(i32::try_from(months).ok()?),
            Self::Days(days) => received.add_days(i32::try_from(days).ok()?),
        }
    }
}

/// An import whose files may no longer be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired<'m> {
    /// The import.
    pub import: &'m Import,
    /// The last day of its term.
    pub last_day: Day,
    /// Whether one of its files is the newest of its partition.
    pub stands: bool,
}

/// The imports that are past their term on a day, oldest first, and those whose term nobody can work out.
pub fn expired(manifest: &Manifest, on: Day) -> (Vec<Expired<'_>>, Vec<&Import>) {
    let mut past = Vec::new();
    let mut unclear = Vec::new();
    for import in manifest.imports.iter().filter(|import| import.removed.is_none()) {
        let Some(term) = Term::parse(&import.retention) else {
            unclear.push(import);
            continue;
        };
        if let Some(last_day) = term.last_day(import.received).filter(|last| *last < on) {
            let files = manifest.files(&import.register, None);
            let stands = files.iter().any(|vintage| vintage.import.vintage == import.vintage);
            past.push(Expired {
                import,
                last_day,
                stands,
            });
        }
    }
    (past, unclear)
}

/// What was removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gone {
    /// The imports.
    pub vintages: Vec<u64>,
    /// Their files.
    pub files: u64,
    /// The rows in them.
    pub rows: u64,
    /// Persons and bodies whose numbers are no longer kept.
    pub identities: u64,
}

/// Why nothing was removed; printed in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The folder of registers cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A file that stays cannot be read, or a new one not written.
    #[error("数据文件 {path} 读写失败（{reason}）。没有删除任何数据，请检查磁盘空间，或从备份恢复该文件后重试")]
    File {
        /// The file.
        path: String,
        /// What the reader says.
        reason: String,
    },
}

/// Removes the files of every import that is past its term on a day. The manifest says so before they are gone; whatever
/// breaks off after that is finished by whoever comes next.
///
/// # Errors
/// [`RetentionError`]; nothing has changed then.
pub fn remove(folder: &Folder, index: u16, on: Day) -> Result<Gone, RetentionError> {
    let writing = folder.begin(index)?;
    let mut manifest = folder.manifest_under(index)?;
    let past: BTreeSet<u64> = expired(&manifest, on)
        .0
        .iter()
        .map(|expired| expired.import.vintage)
        .collect();
    let mut gone = Gone {
        vintages: past.iter().copied().collect(),
        ..Gone::default()
    };
    if past.is_empty() {
        return Ok(gone);
    }
    for import in manifest
        .imports
        .iter_mut()
        .filter(|import| past.contains(&import.vintage))
    {
        import.removed = Some(Removed { on });
        gone.files += import.partitions.len() as u64;
        gone.rows += import
            .partitions
            .iter()
            .map(|partition| partition.file.rows)
            .sum::<u64>();
    }
    let files = forget_numbers(folder, &writing, &mut manifest, &mut gone)?;
    writing.replace(&files, &manifest)?;
    // Sweeps up what no line names any more.
    drop(folder.begin(index)?);
    Ok(gone)
}

/// Writes identity files anew without the keys that no remaining file names; names in the staging folder, and paths.
fn forget_numbers(
    folder: &Folder,
    writing: &Writing,
    manifest: &mut Manifest,
    gone: &mut Gone,
) -> Result<Vec<(String, String)>, RetentionError> {
    let used = used_keys(folder, manifest)?;
    let last = gone.vintages.last().copied().unwrap_or_default();
    let mut files = Vec::new();
    for import in &mut manifest.imports {
        let Some(file) = import.identities.clone() else {
            continue;
        };
        let failed = |error: Reason| RetentionError::File {
            path: folder.root().join(&file.path).display().to_string(),
            reason: error.0,
        };
        let name = format!("kept-{:06}.parquet", import.vintage);
        let content = keep(folder, writing, &file, &name, &used).map_err(failed)?;
        gone.identities += file.rows - content.rows();
        if content.rows() == file.rows {
            continue;
        }
        import.identities = None;
        if content.rows() > 0 {
            let stem = file.path.strip_suffix(".parquet").unwrap_or(&file.path);
            let path = format!("{stem}-r{last}.parquet");
            files.push((name, path.clone()));
            import.identities = Some(content.at(path));
        }
    }
    Ok(files)
}

fn keep(folder: &Folder, writing: &Writing, file: &Written, name: &str, used: &[KeyText]) -> Result<Content, Reason> {
    let schema = crate::identity::schema();
    let mut out = ParquetOut::create(&writing.staging().join(name), &schema, &[("leye.register", TABLE)])?;
    for batch in parquet_file::read(&folder.root().join(&file.path), None)? {
        let batch = batch?;
        let (kinds, keys) = (
            batch.column(0).as_primitive::<Int16Type>(),
            batch.column(1).as_string::<i32>(),
        );
        let stays: BooleanArray = (0..batch.num_rows())
            .map(|row| {
                let key = key_text(keys, row, kinds.value(row) == PERSON);
                // What cannot be read as a key is not ours to throw away.
                Some(key.is_none_or(|key| used.binary_search(&key).is_ok()))
            })
            .collect();
        out.write(&arrow_select::filter::filter_record_batch(&batch, &stays)?)?;
    }
    Ok(out.finish()?)
}

/// Every key that a file of the manifest names, sorted.
fn used_keys(folder: &Folder, manifest: &Manifest) -> Result<Vec<KeyText>, RetentionError> {
    let mut used: Vec<KeyText> = Vec::new();
    let mut sorted = 0;
    let mut settle = |used: &mut Vec<KeyText>, most: usize| {
        if used.len() > sorted + most {
            used.sort_unstable();
            used.dedup();
            sorted = used.len();
        }
    };
    for import in manifest.imports.iter().filter(|import| import.removed.is_none()) {
        for partition in &import.partitions {
            let path = folder.root().join(&partition.file.path);
            let failed = |error: Reason| RetentionError::File {
                path: path.display().to_string(),
                reason: error.0,
            };
            for batch in parquet_file::read(&path, None).map_err(Reason::from).map_err(failed)? {
                let batch = batch.map_err(Reason::from).map_err(failed)?;
                let schema = batch.schema();
                for (field, column) in schema.fields().iter().zip(batch.columns()) {
                    if *field.data_type() == DataType::Utf8 && field.name().ends_with(KEY_SUFFIX) {
                        let keys = column.as_string::<i32>();
                        used.extend((0..keys.len()).filter_map(|row| key_text(keys, row, true)));
                    }
                }
                settle(&mut used, MAX_WAITING);
            }
        }
    }
    settle(&mut used, 0);
    Ok(used)
}

struct Reason(String);

impl From<ParquetError> for Reason {
    fn from(error: ParquetError) -> Self {
        Self(error.to_string())
    }
}

impl From<ArrowError> for Reason {
    fn from(error: ArrowError) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for Term {
    /// As it is written in an import.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Permanent => f.write_str("长期"),
            Self::Until(day) => write!(f, "至{day}"),
            Self::Months(months) if months % 12 == 0 => write!(f, "{}年", months / 12),
            Self::Months(months) => write!(f, "{months}个月"),
            Self::Days(days) => write!(f, "{days}天"),
        }
    }
}
