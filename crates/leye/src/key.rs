//! `leye key`: the keys that protect personal data in the home.

use std::path::PathBuf;

use registers::folder::Folder;
use registers::rekey;
use seal::{CheckValue, FolderError, KeyFileError, KeyFolder, KeyRing, NoRandomness};

use crate::failure::{DONE, Failure};
use crate::home::{Home, cannot};
use crate::packs::Packs;
use crate::register;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye key <命令> [选项]";
const INIT_USAGE: &str = "leye key init [--home 文件夹]";
const ROTATE_USAGE: &str = "leye key rotate [--home 文件夹]";
const REKEY_USAGE: &str = "leye key rekey [--home 文件夹] [--policies 文件夹]";
const REKEY_AFTER_HELP: &str = "\
更换索引密钥：全部数据表的全部批次改用新的索引号，按新索引号重新密封。只在索引密钥可能泄露时使用，期间不得导入数据。
中途断开时原有数据和密钥仍然有效，重新运行即可。
退出码：0 已更换；1 未更换，原有数据和密钥不变；64 命令写法有误。
";
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
    /// 更换索引密钥，全部数据表随之改用新的索引号
    #[command(override_usage = REKEY_USAGE, after_help = REKEY_AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Rekey(Rekey),
}

/// Arguments of `leye key rekey`.
#[derive(Debug, clap::Args)]
struct Rekey {
    #[command(flatten)]
    home: InHome,
    #[command(flatten)]
    packs: Packs,
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
            Command::Rekey(rekey) => rekey.run(screen),
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

impl Rekey {
    /// Registers beside the old ones, then the ring, then the old registers away.
    fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let home = Home::of(self.home.home.as_deref());
        let keys = KeyFolder::of(home.folder());
        if !home.is_there()? {
            return Err(failure(FolderError::Absent(keys.path())));
        }
        let registers = register::schemas(&self.packs.tree()?)?;
        let old = keys.load().map_err(failure)?;
        let folder = Folder::of(home.folder());
        // A change that broke off behind the ring's: only sweeping is left.
        folder.settle(old.index().number()).map_err(broken)?;
        let next = keys.stage(&mut system_randomness).map_err(failure)?;
        let bar = register::progress_bar("已换用 {pos} 行，用时 {elapsed}");
        let prepared = rekey::prepare(&folder, &registers, &old, &next, &mut system_randomness, &|rows| {
            bar.set_position(rows);
        });
        bar.finish_and_clear();
        let taken = match prepared {
            Ok(taken) => taken,
            Err(error) => {
                keys.abandon().map_err(failure)?;
                return Err(broken(error));
            }
        };
        let ring = keys.put_in_place().map_err(failure)?;
        folder.settle(ring.index().number()).map_err(broken)?;
        screen.line(&format!(
            "已更换索引密钥：现用 {} 号，校验值 {}",
            ring.index(),
            ring.index_check()
        ))?;
        screen.line(&format!(
            "个人和单位 {} 个、数据文件 {} 个（{} 行）已改用新的索引号。",
            taken.identities, taken.files, taken.rows
        ))?;
        register::derive::forget(&home, screen)?;
        screen.line("正在运行的 leye 须重新启动，才会改用新密钥。")?;
        told(&keys, screen)
    }
}

/// What the registers complain of, with what to do about it.
fn broken(error: impl std::fmt::Display) -> Failure {
    let text = error.to_string();
    match text.split_once('。') {
        Some((message, hint)) if !hint.is_empty() => Failure::new(message, hint),
        _ => Failure::new(text, "请检查数据文件夹后重新运行"),
    }
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
