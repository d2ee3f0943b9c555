//! `leye key`: the keys that protect personal data in the home.

use std::path::PathBuf;

use seal::{CheckValue, FolderError, KeyFileError, KeyFolder, KeyRing, NoRandomness};

use crate::failure::{DONE, Failure};
use crate::home::{Home, cannot};
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye key <命令> [选项]";
const INIT_USAGE: &str = "leye key init [--home 文件夹]";
const ROTATE_USAGE: &str = "leye key rotate [--home 文件夹]";
const AFTER_HELP: &str = "\
密封密钥：加密（SM4-GCM）身份证号、银行账号等。索引密钥：由身份证号、统一社会信用代码生成索引号（HMAC-SM3）。
退出码：0 已办理；1 未办理，原有密钥不变；64 命令写法有误。
";
/// What must be done with keys as soon as there are new ones.
const BACKUP: &str = "\
请立即把整个 keys 文件夹备份到另一处保管，不得与数据库、登记数据的备份放在一起。
密钥丢失，已密封的身份证号、银行账号等无法恢复；密钥泄露，加密即失去作用。";

/// Arguments of `leye key`.
#[derive(Debug, clap::Args)]
pub(crate) struct Key {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 首次建立密钥；已有密钥时不覆盖
    #[command(override_usage = INIT_USAGE, after_help = AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Init(InHome),
    /// 启用新的密封密钥；旧密钥保留，用于读取原有数据
    #[command(override_usage = ROTATE_USAGE, after_help = AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Rotate(InHome),
}

/// Which home's keys.
#[derive(Debug, clap::Args)]
struct InHome {
    /// 数据文件夹；不写则用环境变量 LEYE_HOME，再不写则用 ./leye-home
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
}

impl Key {
    /// Does what the subcommand asks.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        match &self.command {
            Command::Init(home) => init(&Home::of(home.home.as_deref()), screen),
            Command::Rotate(home) => rotate(&Home::of(home.home.as_deref()), screen),
        }
    }
}

fn init(home: &Home, screen: &mut Screen) -> Result<u8, Failure> {
    home.create()?;
    let folder = KeyFolder::of(home.folder());
    let ring = folder.create(&mut system_randomness).map_err(failure)?;
    screen.line("已建立密钥：")?;
    screen.line(&format!("  {}", sealing(&ring)))?;
    screen.line(&format!(
        "  索引密钥 {} 号，校验值 {}",
        ring.index(),
        ring.index_check()
    ))?;
    told(&folder, screen)
}

fn rotate(home: &Home, screen: &mut Screen) -> Result<u8, Failure> {
    // A folder that is no home of this program is never written to.
    let folder = KeyFolder::of(home.folder());
    if !home.is_there()? {
        return Err(failure(FolderError::Absent(folder.path())));
    }
    let ring = folder.rotate(&mut system_randomness).map_err(failure)?;
    let older: Vec<String> = ring
        .sealing_keys()
        .filter(|id| *id != ring.active())
        .map(|id| id.to_string())
        .collect();
    screen.line(&format!("已启用{}：此后写入的数据由它密封。", sealing(&ring)))?;
    screen.line(&format!(
        "原有的 {} 号密封密钥保留，只用于读取原有数据；索引密钥不变。",
        older.join("、")
    ))?;
    screen.line("正在运行的 leye 须重新启动，才会改用新密钥。")?;
    told(&folder, screen)
}

/// The key that seals, in words.
fn sealing(ring: &KeyRing) -> String {
    let check = ring.sealing_check(ring.active()).as_ref().map(CheckValue::to_string);
    format!("密封密钥 {} 号，校验值 {}", ring.active(), check.unwrap_or_default())
}

fn told(folder: &KeyFolder, screen: &mut Screen) -> Result<u8, Failure> {
    screen.line(&format!("位置：{}（仅本用户可以读取）", folder.path().display()))?;
    screen.line(BACKUP)?;
    Ok(DONE)
}

/// The operating system's generator: the only place where the product draws random bytes.
pub(crate) fn system_randomness(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    getrandom::fill(bytes).map_err(|_| NoRandomness)
}

/// What the key folder complains of, with what to do about it.
pub(crate) fn failure(error: FolderError) -> Failure {
    let hint = match &error {
        FolderError::Io { doing, path, error } => return cannot(doing, path, error),
        FolderError::Absent(_) => "请先运行“leye key init”建立密钥，或用 --home 指定已有密钥的数据文件夹".to_owned(),
        FolderError::Exists(_) => "密钥不会被覆盖；需要更换密封密钥时运行“leye key rotate”".to_owned(),
        FolderError::Incomplete(_) => {
            "请从备份恢复整个 keys 文件夹；不要在其中新建密钥，否则原有数据无法读取".to_owned()
        }
        FolderError::File { error, .. } => file_hint(*error).to_owned(),
        FolderError::Exposed { path, .. } => {
            let mode = if path.is_dir() { "700" } else { "600" };
            format!("请运行“chmod {mode} {}”后重试，并查明是否已被他人读取", path.display())
        }
        FolderError::Busy => "请等它结束后再试".to_owned(),
        FolderError::Staged | FolderError::NotStaged => "请先完成或放弃更换索引密钥".to_owned(),
        FolderError::NoNumber | FolderError::Random(_) => "请将该情况告知维护人员".to_owned(),
        _ => "请检查数据文件夹".to_owned(),
    };
    Failure::new(error.to_string(), hint)
}

fn file_hint(error: KeyFileError) -> &'static str {
    match error {
        KeyFileError::Newer(_) => "请升级 leye",
        _ => "请从备份恢复该文件；不要自行修改，也不要删除",
    }
}
