//! One file into one register: read, checked, sorted, merged with what stands, and entered, or only tried.

mod staged;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use civil::{Day, RegionCode};
use policy::register::{Register, Registers};
use seal::{Indexer, KeyRing, Randomness, SealError, Sealer};
use sm3::{Digest as _, Sm3};

use crate::folder::{Folder, FolderError};
use crate::header::{Header, Nearest, NoHeader};
use crate::layout::Period;
use crate::manifest::{Manifest, Source as ManifestSource};
use crate::merge::Changes;
use crate::problem::{Problem, masked_name};
use crate::rows::{Checked, Fault, Hand, KnownKeys, Reject, RowPlan};
use crate::source::{Chunk, Source, SourceError};
use crate::value::Names;

/// Rejects that are kept to be mended; a file with more is wrong as a whole.
pub const MAX_REJECTS: usize = 50_000;
/// Chunks on their way from one thread to another.
const IN_FLIGHT: usize = 4;

/// Who gave the file, why, and what it stands for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The region that the file covers.
    pub region: RegionCode,
    /// The day it was received.
    pub received: Day,
    /// The day it is imported, for the record alone.
    pub imported: Option<Day>,
    /// 提供单位.
    pub provider: String,
    /// 依据.
    pub basis: String,
    /// 用途.
    pub purpose: String,
    /// 保存期限.
    pub retention: String,
    /// The file stands for everything of its partitions: rows that it does not have go.
    pub replaces: bool,
    /// Write; without it the import is only tried.
    pub commit: bool,
}

/// What an import works with.
pub struct Context<'c> {
    /// All registers.
    pub registers: &'c Registers,
    /// Benefits and regions by name.
    pub names: Names<'c>,
    /// The keys of the home; for a trial in a home without any, fresh ones.
    pub ring: &'c KeyRing,
    /// Where randomness comes from.
    pub random: &'c mut dyn Randomness,
    /// The folder of registers.
    pub folder: &'c Folder,
    /// Threads that check rows.
    pub threads: usize,
    /// Told how far it is.
    pub progress: &'c (dyn Fn(Progress) + Sync),
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// Rows so far.
    pub rows: u64,
    /// How much of how much, where the file says how much there is; in bytes or rows.
    pub part: Option<(u64, u64)>,
}

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading and checking rows.
    Checking,
    /// Merging them with what stands, and writing.
    Merging,
}

/// What came of an import.
#[derive(Debug, Default)]
pub struct Report {
    /// Sheets that were taken, by name, with the rows of their headers.
    pub sheets: Vec<String>,
    /// Sheets that were passed over, and why.
    pub passed_over: Vec<(String, String)>,
    /// Remarks on the file that stop nothing.
    pub notices: Vec<String>,
    /// Rows with anything in them, remarks aside.
    pub read: u64,
    /// Rows that say 合计, 填表人 and the like.
    pub remarks: u64,
    /// Rows that were refused.
    pub rejected: u64,
    /// What happens to each partition.
    pub partitions: Vec<(Period, Changes)>,
    /// The refused rows, by sheet and row; at most [`MAX_REJECTS`].
    pub rejects: Vec<Reject>,
    /// Names of all sheets of the file.
    pub sheet_names: Vec<String>,
    /// The headers of the first sheet, by column of the register: what the rejects are written under.
    pub headers: Vec<String>,
    /// The columns that the file has.
    pub present: Vec<bool>,
    /// The number of the import, where something was written.
    pub vintage: Option<u64>,
}

impl Report {
    /// Good rows.
    pub fn accepted(&self) -> u64 {
        self.read - self.rejected
    }

    /// Whether anything is other than before.
    pub fn changes_anything(&self) -> bool {
        self.partitions.iter().any(|(_, changes)| changes.any())
    }
}

/// Why an import did not happen at all; printed in Chinese.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The folder of registers cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// No sheet has a header of this register.
    #[error("{0}")]
    Header(String),
    /// Something of the same register and region was received later.
    #[error(
        "收到日期 {received} 早于该数据表已有数据的收到日期 {last}，补记会改变以往的核算结果。请把 --received 写成 {last} 或以后"
    )]
    TooEarly {
        /// What was asked for.
        received: Day,
        /// The last there is.
        last: Day,
    },
    /// A file of the home cannot be read.
    #[error("数据文件 {path} 读不出（{reason}）。请从备份恢复该文件，已有数据未改动")]
    Standing {
        /// The file.
        path: String,
        /// What the reader says.
        reason: String,
    },
    /// A file of the home cannot be written.
    #[error("数据写入失败：{reason}。已有数据未改动，请检查磁盘空间和权限后重新导入")]
    Writing {
        /// In Chinese.
        reason: String,
    },
    /// Sealing failed.
    #[error("加密失败：{0}。已有数据未改动")]
    Seal(#[from] SealError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] seal::NoRandomness),
    /// A thread ended before its work did.
    #[error("导入中途出错。已有数据未改动，请将该情况告知维护人员")]
    Broken,
}

/// Imports a file, or tries to.
///
/// # Errors
/// [`ImportError`]; nothing has changed then.
pub fn import(
    path: &Path,
    register: &Register,
    request: &Request,
    context: Context<'_>,
) -> Result<Report, ImportError> {
    let source = Source::open(path)?;
    let mut report = Report {
        sheet_names: source.heads().iter().map(|head| head.sheet.clone()).collect(),
        ..Report::default()
    };
    let headers = headers(&source, register, path, &mut report)?;
    let writing = if request.commit {
        Some(context.folder.begin(context.ring.index().number())?)
    } else {
        None
    };
    let manifest = context.folder.manifest_under(context.ring.index().number())?;
    let last = manifest.last_received(&register.id, request.region);
    if let Some(last) = last.filter(|last| *last > request.received) {
        return Err(ImportError::TooEarly {
            received: request.received,
            last,
        });
    }
    let known = known_keys(register, context.registers, &manifest, context.folder.root())?;
    let mut sealers = (0..context.threads.max(1))
        .map(|_| context.ring.sealer(context.random))
        .collect::<Result<Vec<_>, _>>()?;
    let plans: Vec<(usize, RowPlan<'_>)> = headers
        .iter()
        .map(|(sheet, header)| {
            let plan = RowPlan::new(
                register,
                context.registers,
                context.names,
                header,
                &known,
                source.is_delimited(),
            );
            (*sheet, plan)
        })
        .collect();
    let mut staged = staged::Staged::new(register, request, context.ring, &manifest, context.folder, writing)?;
    let hashed = thread::scope(|scope| {
        let hashing = scope.spawn(|| sm3_of(path));
        let read = read_rows(
            &source,
            &plans,
            &context.ring.indexer(),
            context.progress,
            &mut sealers,
            &mut staged,
            &mut report,
        );
        // Without the import's end nobody needs the hash.
        let hashed = hashing.join().map_err(|_| ImportError::Broken)?;
        read.and(hashed)
    })?;
    // The numbers of new keys are sealed while rows are merged: neither needs the other.
    let mut identities = staged.take_identities();
    let (twice, identities) = thread::scope(|scope| {
        let sealer = sealers.first_mut();
        let sealing = scope.spawn(|| identities.as_mut().zip(sealer).map(|(new, sealer)| new.write(sealer)));
        let twice = staged.merge(context.ring, &mut report, context.progress);
        let written = sealing.join().map_err(|_| ImportError::Broken)?;
        Ok::<_, ImportError>((twice?, written.transpose()?.flatten()))
    })?;
    late_rejects(&source, &plans, &twice, &mut report)?;
    report.rejects.sort_by_key(|reject| (reject.sheet, reject.row));
    staged.finish(hashed, identities, &mut report)?;
    Ok(report)
}

/// The headers of the sheets that have one of this register.
fn headers(
    source: &Source,
    register: &Register,
    path: &Path,
    report: &mut Report,
) -> Result<Vec<(usize, Header)>, ImportError> {
    let mut found: Vec<(usize, Header)> = Vec::new();
    let mut errors = Vec::new();
    let mut nearest: Option<Nearest> = None;
    for (index, head) in source.heads().iter().enumerate() {
        if crate::workbook::BESIDE.contains(&head.sheet.as_str()) {
            report.passed_over.push((head.sheet.clone(), "说明页".to_owned()));
            continue;
        }
        let sheet = if head.sheet.is_empty() {
            String::new()
        } else {
            format!("工作表“{}”", head.sheet)
        };
        // A text file has one sheet without a name.
        let place = if sheet.is_empty() { "文件" } else { sheet.as_str() };
        match Header::find(head, register) {
            Ok(header) => {
                report.sheets.push(head.sheet.clone());
                if !header.unknown.is_empty() {
                    report.notices.push(format!(
                        "{sheet}这些列不在本数据表中，没有导入：{}",
                        header.unknown.join("、")
                    ));
                }
                if let Some(claimed) = head
                    .claimed_rows
                    .filter(|rows| *rows > u64::from(crate::source::MAX_SHEET_ROWS))
                {
                    report.notices.push(format!(
                        "{sheet}自称有 {claimed} 行，超过工作表上限，按实际读到的行导入"
                    ));
                }
                found.push((index, header));
            }
            Err(NoHeader::NotFound(near)) => {
                let why = format!("没有找到本数据表的表头（{near}）");
                report.passed_over.push((head.sheet.clone(), why));
                if nearest.as_ref().is_none_or(|best| best.known.len() < near.known.len()) {
                    nearest = Some(near);
                }
            }
            Err(NoHeader::Missing(columns)) => {
                errors.push(format!("{place}缺少必填列：{}", columns.join("、")));
            }
            Err(NoHeader::Twice { column, headers }) => errors.push(format!(
                "{place}中“{}”和“{}”两列都是“{column}”，不知道以哪一列为准",
                headers[0], headers[1]
            )),
            Err(NoHeader::Unit { header }) => {
                errors.push(format!("{place}中“{header}”的单位不能识别，请改为元或万元"));
            }
        }
    }
    if !errors.is_empty() {
        return Err(ImportError::Header(format!(
            "{}。请改正表头后重新导入；各列的名称见空白表样：leye register template {}",
            errors.join("；"),
            register.id
        )));
    }
    match found.first() {
        Some((_, header)) => {
            report.headers.clone_from(&header.texts);
            report.present = header.places.iter().map(Option::is_some).collect();
            Ok(found)
        }
        None => Err(ImportError::Header(format!(
            "文件 {} 中没有找到“{}”的表头：{}。请确认数据表是否选对；各列的名称见空白表样：leye register template {}",
            path.display(),
            register.label,
            nearest.unwrap_or_default(),
            register.id
        ))),
    }
}

/// The keys of the registers that this one refers to.
fn known_keys(
    register: &Register,
    registers: &Registers,
    manifest: &Manifest,
    root: &Path,
) -> Result<BTreeMap<String, KnownKeys>, ImportError> {
    let mut known = BTreeMap::new();
    for target in register.columns.iter().filter_map(|column| column.refers.as_deref()) {
        let Some(other) = registers.get(target).filter(|_| !known.contains_key(target)) else {
            continue;
        };
        let Some(column) = other.key_columns().next() else {
            continue;
        };
        let (stored, person) = (column.stored(), column.kind == policy::register::ColumnType::ResidentId);
        let mut keys = Vec::new();
        for vintage in manifest.files(target, None) {
            let path = vintage.path(root);
            let standing = |reason: String| ImportError::Standing {
                path: path.display().to_string(),
                reason,
            };
            let batches =
                crate::parquet_file::read(&path, Some(&[&stored])).map_err(|error| standing(error.to_string()))?;
            for batch in batches {
                let batch = batch.map_err(|error| standing(error.to_string()))?;
                let column = arrow_array::cast::AsArray::as_string::<i32>(batch.column(0));
                keys.extend((0..batch.num_rows()).filter_map(|row| crate::identity::key_text(column, row, person)));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        known.insert(target.to_owned(), KnownKeys { keys });
    }
    Ok(known)
}

/// Reads all sheets: one thread reads, several check, this one sorts.
fn read_rows(
    source: &Source,
    plans: &[(usize, RowPlan<'_>)],
    indexer: &Indexer,
    progress: &(dyn Fn(Progress) + Sync),
    sealers: &mut [Sealer],
    staged: &mut staged::Staged<'_>,
    report: &mut Report,
) -> Result<(), ImportError> {
    let stop = AtomicBool::new(false);
    let rows = AtomicU64::new(0);
    let sheets: &Vec<usize> = &plans.iter().map(|(sheet, _)| *sheet).collect();
    thread::scope(|scope| {
        let (chunk_out, chunk_in) = sync_channel::<Chunk>(IN_FLIGHT);
        let (checked_out, checked_in) = sync_channel::<Result<Checked, SealError>>(IN_FLIGHT);
        let chunk_in = std::sync::Arc::new(Mutex::new(chunk_in));
        let stop = &stop;
        let reader = scope.spawn(move || {
            for (sheet, plan) in plans {
                let (after, width) = plan.span();
                source.read(*sheet, after, width, &mut |chunk| {
                    !stop.load(Ordering::Relaxed) && chunk_out.send(chunk).is_ok()
                })?;
            }
            Ok::<(), SourceError>(())
        });
        for sealer in sealers.iter_mut() {
            let (chunk_in, checked_out) = (std::sync::Arc::clone(&chunk_in), checked_out.clone());
            let rows = &rows;
            scope.spawn(move || {
                let mut hand = Hand::new(indexer, sealer);
                while let Some(chunk) = next(&chunk_in) {
                    let Some((_, plan)) = plans.iter().find(|(sheet, _)| *sheet == chunk.sheet) else {
                        continue;
                    };
                    let checked = plan.check(&chunk, &mut hand);
                    let count = chunk.rows().count() as u64;
                    let rows = rows.fetch_add(count, Ordering::Relaxed) + count;
                    progress(Progress {
                        stage: Stage::Checking,
                        rows,
                        part: source.progress(sheets, rows),
                    });
                    if checked_out.send(checked).is_err() {
                        return;
                    }
                }
            });
        }
        // Only the threads hold the ends that they use, so that each channel closes when they are done.
        drop((checked_out, chunk_in));
        let mut collected = Ok(());
        for checked in &checked_in {
            let taken = checked.map_err(ImportError::from).and_then(|checked| {
                report.read += checked.read;
                report.remarks += checked.remarks;
                report.rejected += checked.rejects.len() as u64;
                let room = MAX_REJECTS.saturating_sub(report.rejects.len());
                report.rejects.extend(checked.rejects.into_iter().take(room));
                staged.push(checked.batch, checked.identities)
            });
            if taken.is_err() {
                stop.store(true, Ordering::Relaxed);
                collected = taken;
                break;
            }
        }
        drop(checked_in);
        let read = reader.join().map_err(|_| ImportError::Broken)?;
        collected?;
        Ok(read?)
    })
}

fn next(chunks: &Mutex<Receiver<Chunk>>) -> Option<Chunk> {
    // A thread that died with the lock has told so by itself; the others go on.
    let chunks = chunks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    chunks.recv().ok()
}

/// Rows whose key an earlier row of the file has, read once more so that they can be mended.
fn late_rejects(
    source: &Source,
    plans: &[(usize, RowPlan<'_>)],
    twice: &BTreeMap<u64, Problem>,
    report: &mut Report,
) -> Result<(), ImportError> {
    report.rejected += twice.len() as u64;
    let mut room = MAX_REJECTS.saturating_sub(report.rejects.len());
    for (sheet, plan) in plans {
        let base = u64::try_from(*sheet).unwrap_or_default() << 32;
        let here = base..base + (1 << 32);
        let Some((last, _)) = twice.range(here.clone()).next_back() else {
            continue;
        };
        let last = *last;
        let (after, width) = plan.span();
        source.read(*sheet, after, width, &mut |chunk| {
            let mut number = 0;
            for row in chunk.rows() {
                number = base | u64::from(row.number());
                if let Some(problem) = twice.get(&number).filter(|_| room > 0) {
                    room -= 1;
                    report.rejects.push(Reject {
                        sheet: *sheet,
                        row: row.number(),
                        faults: vec![Fault {
                            column: None,
                            shown: String::new(),
                            problem: problem.clone(),
                        }],
                        cells: plan.cells(&row),
                    });
                }
            }
            number < last
        })?;
    }
    Ok(())
}

fn sm3_of(path: &Path) -> Result<ManifestSource, ImportError> {
    let unreadable = |error: &std::io::Error| SourceError::Unreadable {
        path: path.display().to_string(),
        reason: crate::source::reason(error),
    };
    let mut file = std::fs::File::open(path).map_err(|error| unreadable(&error))?;
    let mut block = vec![0_u8; 1 << 20];
    let (mut sm3, mut bytes) = (Sm3::new(), 0);
    loop {
        let read = std::io::Read::read(&mut file, &mut block).map_err(|error| unreadable(&error))?;
        if read == 0 {
            break;
        }
        bytes += read as u64;
        sm3.update(block.get(..read).unwrap_or_default());
    }
    Ok(ManifestSource {
        name: masked_name(&path.file_name().unwrap_or_default().to_string_lossy()),
        bytes,
        sm3: crate::parquet_file::hex(&sm3.finalize()),
    })
}
