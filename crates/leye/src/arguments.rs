//! The command line: what may be said, and what is answered when it was not understood.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Parser, Subcommand};

use crate::failure::Failure;
use crate::{
    attach, decide, demo, entitlements, explain, extract, key, ledger, policy, register, replay, runs, screening,
    simulate, synth,
};

pub(crate) const HELP: &str = "\
{about}

用法：{usage}

{all-args}{after-help}";

pub(crate) const OPTIONS: &str = "选项";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "leye",
    version,
    about = "乐业：把就业政策文件变成可督办的责任、可兑现的政策",
    override_usage = "leye <命令> [选项]",
    after_help = "用“leye <命令> --help”查看某个命令的用法。",
    help_template = HELP,
    subcommand_help_heading = "命令",
    next_help_heading = OPTIONS,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// 显示用法
    #[arg(short, long, global = true, display_order = 99, action = ArgAction::Help)]
    help: Option<bool>,
    /// 显示版本号
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// One variant a subcommand.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// 识别文件，列出责任台账
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = extract::USAGE)]
    #[command(after_help = extract::AFTER_HELP)]
    Extract(extract::Extract),
    /// 演示：识别样例文件，筛查一个虚构的地区
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = demo::USAGE)]
    #[command(after_help = demo::AFTER_HELP)]
    Demo(demo::Demo),
    /// 将本单位留存的文件与政策文件库逐项比对并挂接原文
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = attach::USAGE)]
    #[command(after_help = attach::AFTER_HELP)]
    Attach(attach::Attach),
    /// 按单位列出任务、时限和到期灯
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = ledger::USAGE)]
    #[command(after_help = ledger::AFTER_HELP)]
    Ledger(ledger::Ledger),
    /// 对一个对象预审一项扶持政策，列明条件和依据
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = decide::USAGE)]
    #[command(after_help = decide::AFTER_HELP)]
    Decide(decide::Decide),
    /// 列出一个对象在某地的全部扶持政策：能享受的、不能的和原因
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = entitlements::USAGE)]
    #[command(after_help = entitlements::AFTER_HELP)]
    Entitlements(entitlements::Ask),
    /// 凭核算依据单和信息文件重新判断一次，逐字节核对
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = replay::USAGE)]
    #[command(after_help = replay::AFTER_HELP)]
    Replay(replay::Replay),
    /// 建立、更换保护个人信息的密钥
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = key::USAGE)]
    #[command(subcommand_help_heading = "命令", arg_required_else_help = true)]
    Key(key::Key),
    /// 导入、查看数据表：政策核算所依据的数据
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = register::USAGE)]
    #[command(subcommand_help_heading = "命令", arg_required_else_help = true)]
    Register(Box<register::Register>),
    /// 对一个地区的全部人员和单位筛查全部补贴项目（免申即享）
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = screening::USAGE)]
    #[command(after_help = screening::AFTER_HELP)]
    Screen(Box<screening::Screening>),
    /// 政策测算：改动标准、条件、金额、期限后谁增谁减、要花多少钱
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = simulate::USAGE)]
    #[command(after_help = simulate::AFTER_HELP)]
    Simulate(Box<simulate::Simulate>),
    /// 列出已做的筛查，查看其中一次
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = runs::USAGE)]
    #[command(after_help = runs::AFTER_HELP)]
    Runs(runs::Runs),
    /// 说明筛查中的一个对象为何符合、不符合或待核实
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = explain::USAGE)]
    #[command(after_help = explain::AFTER_HELP)]
    Explain(explain::Explain),
    /// 检查、测试政策文件库
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = policy::USAGE)]
    #[command(subcommand_help_heading = "命令", arg_required_else_help = true)]
    Policy(policy::Policy),
    /// 生成一个不存在的地区的全套数据表，供试用和测试
    #[command(help_template = HELP, next_help_heading = OPTIONS, override_usage = synth::USAGE)]
    #[command(after_help = synth::AFTER_HELP)]
    Synth(synth::Synth),
}

/// What the command line came to.
pub(crate) enum Asked {
    /// A command to run.
    Command(Command),
    /// A text to print: help, or the version.
    Text(String),
}

/// Understands the command line.
///
/// # Errors
/// [`Failure`] with exit code [`crate::failure::MISUSED`] and a Chinese explanation.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Asked, Failure> {
    let error = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => return Ok(Asked::Command(arguments.command)),
        Err(error) => error,
    };
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::DisplayVersion => {
            Ok(Asked::Text(error.render().to_string()))
        }
        _ => Err(Failure::misused(message(&error), hint(&error))),
    }
}

fn message(error: &clap::Error) -> String {
    let argument = context(error, ContextKind::InvalidArg);
    let value = context(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("不认识的选项“{argument}”"),
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令", context(error, ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "没有写明命令".to_owned(),
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::ArgumentConflict => {
            let prior = context(error, ContextKind::PriorArg);
            if prior == argument {
                format!("{argument} 只能写一次")
            } else {
                format!("{argument} 不能与 {prior} 同时使用")
            }
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面缺少内容"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("{argument} 的内容“{value}”不正确")
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} 后面内容的个数不对")
        }
        ErrorKind::InvalidUtf8 => "参数中有无法识别的字符".to_owned(),
        _ => "命令行写法有误".to_owned(),
    }
}

fn hint(error: &clap::Error) -> String {
    let suggestions = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    match suggestions
        .into_iter()
        .map(|kind| context(error, kind))
        .find(|text| !text.is_empty())
    {
        Some(suggestion) => format!("是否想写“{suggestion}”？用“--help”查看用法"),
        None => "用“--help”查看用法".to_owned(),
    }
}

/// What the parser says of the error under `kind`; empty where it says nothing.
fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    }
}
