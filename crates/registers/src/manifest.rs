//! Which files there are, since when, from whom and why: one line an import, the newest last.
//!
//! A file that no line names does not exist. What a day could know is what lines received by that day name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use civil::{Day, RegionCode};
use serde::{Deserialize, Serialize};

use crate::layout::{FORMAT, Period};

/// The file of the manifest, in the folder of registers.
pub const FILE: &str = "manifest.jsonl";
/// The manifest that comes, while the index key is being changed.
pub const NEXT: &str = "manifest-next.jsonl";

/// One import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Version of this line.
    pub format: u32,
    /// The import's number, from 1; the vintage of the partitions it wrote.
    pub vintage: u64,
    /// The number of the index key that the keys in its files are made with; one for all lines.
    pub index: u16,
    /// The register.
    pub register: String,
    /// The region that the file covers.
    pub region: String,
    /// The day it was received.
    pub received: Day,
    /// The day it was imported; lines of before that was kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub imported: Option<Day>,
    /// 提供单位.
    pub provider: String,
    /// 依据.
    pub basis: String,
    /// 用途.
    pub purpose: String,
    /// 保存期限, as given.
    pub retention: String,
    /// The file that came in.
    pub source: Source,
    /// The file stood for everything of its partitions: rows that it does not have are gone.
    pub replaces: bool,
    /// Rows that were read, taken and refused.
    pub rows: Rows,
    /// The partitions it changed.
    pub partitions: Vec<Partition>,
    /// The keys it saw first, with the sealed numbers they stand for.
    pub identities: Option<Written>,
    /// Its files are gone: its term was over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<Removed>,
}

/// When the files of an import were removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// The day for which its term was found to be over.
    pub on: Day,
}

/// The file that came in; it is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its name without folders.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SM3.
    pub sm3: String,
}

/// How many rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// Rows with anything in them.
    pub read: u64,
    /// Good ones.
    pub accepted: u64,
    /// Bad ones.
    pub rejected: u64,
}

/// One rewritten partition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partition {
    /// `snapshot` or `2020-03`.
    pub period: String,
    /// The file.
    pub file: Written,
    /// Rows that were not there before.
    pub added: u64,
    /// Rows with other values than before.
    pub changed: u64,
    /// Rows that are gone.
    pub removed: u64,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Its path in the folder of registers, with `/`.
    pub path: String,
    /// How many rows it has.
    pub rows: u64,
    /// Its size.
    pub bytes: u64,
    /// Its SM3.
    pub sm3: String,
}

/// A file that stands for a partition on some day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vintage<'m> {
    /// The import that wrote it.
    pub import: &'m Import,
    /// The region it covers.
    pub region: RegionCode,
    /// The period it is of.
    pub period: Period,
    /// The file.
    pub partition: &'m Partition,
}

/// Why the manifest cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// A line is of a newer program.
    #[error("数据表目录 {file} 第{line}行的格式为 format = {format}，本程序只能读取 format = {FORMAT}。请升级 leye")]
    Newer {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
        /// What it says.
        format: u64,
    },
    /// A line does not say what it should.
    #[error("数据表目录 {file} 第{line}行已损坏，读不出。请从备份恢复该文件")]
    Damaged {
        /// The file.
        file: String,
        /// From 1.
        line: usize,
    },
}

/// All imports, in order.
#[derive(Debug, Clone, Default)]
pub struct Manifest {
    /// One a line.
    pub imports: Vec<Import>,
}

impl Manifest {
    /// Reads the lines of a manifest; `file` is how errors name it.
    ///
    /// # Errors
    /// [`ManifestError`] with the first line that is damaged or of a newer program.
    pub fn read(text: &str, file: &str) -> Result<Self, ManifestError> {
        #[derive(Deserialize)]
        struct Head {
            format: u64,
        }
        let mut imports = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let damaged = || ManifestError::Damaged {
                file: file.to_owned(),
                line: index + 1,
            };
            let head: Head = serde_json::from_str(line).map_err(|_| damaged())?;
            if head.format > u64::from(FORMAT) {
                return Err(ManifestError::Newer {
                    file: file.to_owned(),
                    line: index + 1,
                    format: head.format,
                });
            }
            let import: Import = serde_json::from_str(line).map_err(|_| damaged())?;
            let fits = import.partitions.iter().all(|p| Period::parse(&p.period).is_some())
                && RegionCode::parse(&import.region).is_ok();
            if !fits {
                return Err(damaged());
            }
            imports.push(import);
        }
        Ok(Self { imports })
    }

    /// The number of the index key that all files are made with; nothing where there are none.
    pub fn index(&self) -> Option<u16> {
        self.imports.last().map(|import| import.index)
    }

    /// The number of the next import.
    pub fn next_vintage(&self) -> u64 {
        self.imports.last().map_or(1, |import| import.vintage + 1)
    }

    /// The files that stand for a register on a day, by region and period: of each partition the last one received by
    /// then. Without a day, the newest. Where that file was removed there is none: an older one never comes up again.
    pub fn files(&self, register: &str, known_on: Option<Day>) -> Vec<Vintage<'_>> {
        let mut latest: BTreeMap<(RegionCode, Period), Vintage<'_>> = BTreeMap::new();
        for import in self.imports.iter().filter(|import| import.register == register) {
            if known_on.is_some_and(|day| import.received > day) {
                continue;
            }
            let Ok(region) = RegionCode::parse(&import.region) else {
                continue;
            };
            for partition in &import.partitions {
                if let Some(period) = Period::parse(&partition.period) {
                    let vintage = Vintage {
                        import,
                        region,
                        period,
                        partition,
                    };
                    latest.insert((region, period), vintage);
                }
            }
        }
        let latest = latest.into_values();
        latest.filter(|vintage| vintage.import.removed.is_none()).collect()
    }

    /// The last day on which anything of this register and region was received: nothing may be received before it, or
    /// what an earlier day saw would change.
    pub fn last_received(&self, register: &str, region: RegionCode) -> Option<Day> {
        self.imports
            .iter()
            .filter(|import| import.register == register && RegionCode::parse(&import.region) == Ok(region))
            .map(|import| import.received)
            .max()
    }

    /// All files that some line names and that are not removed, in the order of the lines.
    pub fn files_named(&self) -> impl Iterator<Item = &Written> {
        self.imports.iter().flat_map(|import| {
            let there = import.removed.is_none();
            let partitions = import.partitions.iter().filter(move |_| there);
            partitions.map(|partition| &partition.file).chain(&import.identities)
        })
    }

    /// Their paths.
    pub fn paths(&self) -> BTreeSet<&str> {
        self.files_named().map(|file| file.path.as_str()).collect()
    }
}

impl Import {
    /// Its line in the manifest: JSON with sorted keys, ended by a line feed.
    pub fn line(&self) -> String {
        // Numbers, texts and lists: nothing in it can fail to be JSON.
        let value = serde_json::to_value(self).unwrap_or_default();
        format!("{value}\n")
    }
}

impl Vintage<'_> {
    /// Where the file is, given the folder of registers.
    pub fn path(&self, folder: &Path) -> PathBuf {
        folder.join(&self.partition.file.path)
    }
}
