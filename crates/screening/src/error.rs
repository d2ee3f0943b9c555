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
    /// Nothing was imported into this home.
    #[error("{} 中还没有数据", .0.display())]
    NoData(PathBuf),
    /// The keys of the home cannot be used.
    #[error(transparent)]
    Keys(#[from] seal::FolderError),
    /// Keys could not be turned into what an officer knows them by.
    #[error(transparent)]
    View(#[from] registers::view::ViewError),
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
    /// What is wrong and what to do, for whoever sits at the machine: with its paths.
    pub fn told(&self) -> (String, String) {
        let text = self.to_string();
        // What deriving and looking up complain of ends in what to do.
        if let (Self::Derive(_) | Self::View(_), Some((message, hint))) = (self, text.split_once('。'))
            && !hint.is_empty()
        {
            return (message.to_owned(), hint.to_owned());
        }
        (text, self.hint().to_owned())
    }

    /// The same for a page: no paths of the machine, no words of an engine.
    pub fn shown(&self) -> (String, String) {
        let (message, hint) = self.told();
        let message = match self {
            Self::File { action, error, .. } => format!("数据文件夹中的文件{action}：{}", reason(error)),
            Self::Damaged { .. } => "筛查所用的文件已损坏，不能读取".to_owned(),
            Self::NoData(_) => "数据文件夹中还没有数据".to_owned(),
            Self::Busy(_) => "另一次筛查正在进行".to_owned(),
            Self::Keys(seal::FolderError::Absent(_)) => "数据文件夹中还没有密钥".to_owned(),
            Self::Keys(_) => "数据文件夹中的密钥不能使用".to_owned(),
            Self::Derive(DeriveError::Engine(_)) | Self::Fault(_) => "筛查程序内部出错".to_owned(),
            Self::Derive(DeriveError::File(_)) => "推算信息项时读写文件失败".to_owned(),
            Self::Derive(DeriveError::Damaged { .. }) | Self::View(_) => "数据文件已损坏，不能读取".to_owned(),
            Self::Derive(DeriveError::Busy(_) | DeriveError::Occupied(_)) => "另一个推算正在进行".to_owned(),
            Self::Derive(DeriveError::Memory(_)) => "推算信息项时内存不足".to_owned(),
            _ => message,
        };
        (message, hint)
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::File { .. } => "请检查磁盘空间和权限后重试；没有写入任何结果",
            Self::Damaged { .. } => "请从备份恢复该文件，或重新筛查",
            Self::Checks(_) => {
                "没有写入任何结果；请用 leye policy check 检查疑点文件，用 leye register verify 核对数据文件"
            }
            Self::Derive(_) | Self::Fault(_) => "没有写入任何结果；请将该情况告知维护人员",
            Self::NothingToScreen { .. } => "请核对 --region 和 --known-on",
            Self::NoBenefit { .. } | Self::NotInRun { .. } => "用 leye policy status 查看全部项目",
            Self::Packs(_) => "请先运行 leye policy check，改正全部错误",
            Self::NoRegister { .. } => "请先用 leye register import 导入该数据表",
            Self::NoData(_) => "请先用 leye register import 导入数据，或用 --home 指定数据文件夹",
            Self::Keys(seal::FolderError::Absent(_)) => {
                "请先运行“leye key init”建立密钥，或用 --home 指定已有密钥的数据文件夹"
            }
            Self::Keys(_) => "请运行“leye key”下的命令查看原因，或从备份恢复整个 keys 文件夹",
            Self::Registers(_) | Self::View(_) => "请用 leye register verify 核对数据文件",
            Self::Busy(_) => "请等它结束后再试",
            Self::NoRun(..) | Self::NoRow { .. } => "用 leye runs 查看已有的筛查",
            Self::Newer { .. } => "请升级本程序",
            Self::OtherKeys(_) => "用 leye screen 重新筛查；旧的筛查可用 leye runs <筛查编号> --remove 删除",
            Self::OtherPacks { .. } => "请用当时的政策文件（--policies），或重新筛查",
        }
    }

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
