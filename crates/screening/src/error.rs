//! Why a screening could not be done, in words for whoever started it.

use std::path::{Path, PathBuf};

use registers::derive::DeriveError;

use crate::checks::CheckError;

/// Why a run could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum ScreeningError {
    /// The system refused a file or folder.
    #[error("{}{action}：{}", .path.display(), reason(.error))]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, in Chinese.
        action: &'static str,
        /// What the system says.
        error: std::io::Error,
    },
    /// A Parquet file is damaged, or of a newer program.
    #[error("文件 {} 不能读取：{error}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: String,
    },
    /// Facts could not be derived.
    #[error(transparent)]
    Derive(#[from] DeriveError),
    /// The registers cannot be read.
    #[error("数据表不能读取：{0}")]
    Registers(String),
    /// Cross-checks could not be asked.
    #[error(transparent)]
    Checks(#[from] CheckError),
    /// The registers were keyed anew after the run.
    #[error("筛查 {0} 之后更换过索引密钥，其中的标识与现有数据对不上")]
    OtherKeys(String),
    /// No benefit is left to be screened.
    #[error("地区 {region} 没有可筛查的补贴项目。{hint}")]
    NothingToScreen {
        /// The region.
        region: String,
        /// What can be done.
        hint: String,
    },
    /// A benefit that is not of this region, or unknown.
    #[error("地区 {region} 没有补贴项目“{id}”。{hint}")]
    NoBenefit {
        /// What was asked for.
        id: String,
        /// The region.
        region: String,
        /// The nearest.
        hint: String,
    },
    /// Packs with mistakes: a benefit that does not compile would be left out unseen.
    #[error("政策文件库有错误，不能筛查：{0}")]
    Packs(String),
    /// A register without which a run would say wrong things.
    #[error("数据表“{label}”（{register}）还没有数据：{why}")]
    NoRegister {
        /// Its id.
        register: String,
        /// Its name.
        label: String,
        /// What cannot be said without it.
        why: &'static str,
    },
    /// Another run is under way in this home.
    #[error("另一次筛查正在进行（{}）", .0.display())]
    Busy(PathBuf),
    /// No run of that number.
    #[error("没有编号为“{0}”的筛查。{1}")]
    NoRun(String, String),
    /// A run of a newer program.
    #[error("筛查 {run} 的格式 format = {format} 比本程序新")]
    Newer {
        /// The run.
        run: String,
        /// What it says.
        format: u64,
    },
    /// A benefit that the run did not screen.
    #[error("筛查 {run} 不含补贴项目“{id}”。{hint}")]
    NotInRun {
        /// The run.
        run: String,
        /// What was asked for.
        id: String,
        /// The nearest.
        hint: String,
    },
    /// No row of that key.
    #[error("筛查 {run} 的补贴项目 {benefit} 中没有标识为“{key}”的对象")]
    NoRow {
        /// The run.
        run: String,
        /// The benefit.
        benefit: String,
        /// What was asked for.
        key: String,
    },
    /// The packs are no longer those of the run.
    #[error("筛查 {run} 用的政策文件与现在的不同：{pack}")]
    OtherPacks {
        /// The run.
        run: String,
        /// The pack that differs.
        pack: String,
    },
    /// A fault of the program itself.
    #[error("筛查程序内部出错：{0}")]
    Fault(String),
}

impl ScreeningError {
    /// A refusal of the system.
    pub(crate) fn file(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { path, action, error }
    }

    /// A Parquet file that cannot be read.
    pub(crate) fn damaged<E: std::fmt::Display>(path: &Path) -> impl Fn(E) -> Self + use<E> {
        let path = path.to_owned();
        move |error| Self::Damaged {
            path: path.clone(),
            error: error.to_string(),
        }
    }
}

fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "不存在".to_owned(),
        ErrorKind::PermissionDenied => "没有权限".to_owned(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "磁盘空间不足".to_owned(),
        _ => error.to_string(),
    }
}
