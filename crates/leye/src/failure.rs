//! Why a command ends without having done its work, and the exit code it ends with.

use std::io;

/// Exit code of a command that did all it was asked.
pub(crate) const DONE: u8 = 0;
/// Exit code of a command that could not do its work.
pub(crate) const FAILED: u8 = 1;
/// Exit code when some input could not be read, and all the others were handled.
pub(crate) const SOME_UNREADABLE: u8 = 2;
/// Exit code of a command line that was not understood.
pub(crate) const MISUSED: u8 = 64;

/// Why a command stops.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Whoever read our output has gone (`leye extract … | head`); nothing to say, and nobody to say it to.
    ReaderGone,
    /// Something to tell: what, what to do about it, and the exit code.
    Told {
        /// What went wrong, in Chinese.
        message: String,
        /// What to do, in Chinese.
        hint: String,
        /// Exit code.
        code: u8,
    },
}

impl Failure {
    /// A command that could not do its work.
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Told {
            message: message.into(),
            hint: hint.into(),
            code: FAILED,
        }
    }

    /// A command line that asks for what cannot be.
    pub(crate) fn misused(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Told {
            message: message.into(),
            hint: hint.into(),
            code: MISUSED,
        }
    }
}

/// For writing to standard output; reading and writing files say which file it was.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        Self::new(
            format!("输出失败：{}", reason(&error)),
            "请检查磁盘空间和输出位置后重试",
        )
    }
}

/// What an error of the system means, in Chinese.
pub(crate) fn reason(error: &io::Error) -> String {
    use io::ErrorKind::{
        AlreadyExists, DirectoryNotEmpty, IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem,
        StorageFull,
    };
    match error.kind() {
        NotFound => "找不到文件或文件夹".to_owned(),
        PermissionDenied => "没有权限".to_owned(),
        IsADirectory => "这是文件夹，不是文件".to_owned(),
        NotADirectory => "路径中有一段不是文件夹".to_owned(),
        StorageFull => "磁盘空间不足".to_owned(),
        ReadOnlyFilesystem => "磁盘为只读".to_owned(),
        AlreadyExists | DirectoryNotEmpty => "同名文件或文件夹已存在".to_owned(),
        _ => match error.raw_os_error() {
            Some(code) => format!("系统错误（代码 {code}）"),
            None => "系统错误".to_owned(),
        },
    }
}
