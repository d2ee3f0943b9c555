//! `leye register`: the registers that decisions stand on.

pub(crate) mod derive;
mod expired;
mod history;
mod import;
mod show;
mod template;
mod verify;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use policy::file::{Diagnostics, Severity, Tree};
use policy::register::{Register as Schema, Registers};
use policy::{Library, Regions, benefit, fact, register};
use registers::folder::Folder;
use registers::value::Benefits;

use crate::failure::{Failure, MISUSED};
use crate::home::Home;
use crate::packs;
use crate::screen::Screen;

pub(crate) use derive::standing;

pub(crate) const USAGE: &str = "leye register <命令> [选项]";

/// Arguments of `leye register`.
#[derive(Debug, clap::Args)]
pub(crate) struct Register {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 试导入或正式导入一个文件（xlsx、xls、csv、parquet）
    #[command(override_usage = import::USAGE, after_help = import::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Import(import::Import),
    /// 由已有数据推算信息项，按对象各存一张明细
    #[command(override_usage = derive::USAGE, after_help = derive::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Derive(derive::Derive),
    /// 生成一张数据表的空白表样（xlsx）
    #[command(override_usage = template::USAGE, after_help = template::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Template(template::Template),
    /// 列出全部数据表和已有数据
    #[command(override_usage = show::LIST_USAGE)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    List(show::List),
    /// 查看一张数据表的列和已有数据
    #[command(override_usage = show::SHOW_USAGE, after_help = show::SHOW_AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Show(show::Show),
    /// 核对数据文件：缺失的、被改动的、多出的
    #[command(override_usage = verify::USAGE, after_help = verify::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Verify(verify::Verify),
    /// 列出、删除超过保存期限的数据
    #[command(override_usage = expired::USAGE, after_help = expired::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Expired(expired::Expired),
    /// 列出历次导入：何时收到和导入、哪个文件、由谁提供、依据和用途
    #[command(override_usage = history::USAGE)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    History(history::History),
}

impl Register {
    /// Does what the subcommand asks.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        match &self.command {
            Command::Import(import) => import.run(screen),
            Command::Derive(derive) => derive.run(screen),
            Command::Template(template) => template.run(screen),
            Command::List(list) => list.run(screen),
            Command::Show(show) => show.run(screen),
            Command::History(history) => history.run(screen),
            Command::Verify(verify) => verify.run(screen),
            Command::Expired(expired) => expired.run(screen),
        }
    }
}

/// Which home, and which packs say what the registers are.
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    /// 数据文件夹；不写则用环境变量 LEYE_HOME，再不写则用 ./leye-home
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
    #[command(flatten)]
    packs: packs::Packs,
}

impl Place {
    fn home(&self) -> Home {
        Home::of(self.home.as_deref())
    }

    fn registers(&self) -> Result<Registers, Failure> {
        schemas(&self.packs.tree()?)
    }

    /// Benefits by id and by name, and the regions.
    fn benefits_and_regions(&self) -> Result<(Benefits, Regions), Failure> {
        let tree = self.packs.tree()?;
        let library = Library::load(&tree);
        Ok((Benefits(benefits(&tree, &library)), library.regions))
    }
}

/// The registers of a tree.
///
/// # Errors
/// [`Failure`] where anything in their file is wrong: half a register would lose columns and nobody would notice.
pub(crate) fn schemas(tree: &Tree) -> Result<Registers, Failure> {
    const FILE: &str = "shared/registers.toml";
    let diagnostics = Diagnostics::new();
    let dictionary = fact::load(tree, &diagnostics);
    let registers = register::load(tree, &dictionary, &diagnostics);
    let shown = tree.shown_path(FILE);
    let wrong = diagnostics
        .into_sorted()
        .into_iter()
        .find(|finding| finding.severity == Severity::Error && finding.place.file == shown);
    if let Some(finding) = wrong {
        return Err(Failure::new(
            finding.to_string(),
            "请先运行 leye policy check，改正全部错误",
        ));
    }
    if registers.all().next().is_none() {
        return Err(Failure::new(
            format!("政策文件库里没有数据表登记 {shown}"),
            "请用 --policies 指定含有 shared 文件夹的政策文件库",
        ));
    }
    Ok(registers)
}

/// A bar on standard error, where somebody sees it.
pub(crate) fn progress_bar(template: &str) -> ProgressBar {
    let bar = ProgressBar::no_length();
    if !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
        return bar;
    }
    if let Ok(style) = ProgressStyle::with_template(&format!("{{spinner}} {template}")) {
        bar.set_style(style);
    }
    bar
}

fn benefits(tree: &Tree, library: &Library) -> BTreeMap<String, String> {
    let diagnostics = Diagnostics::new();
    let benefits = benefit::load(tree, library, &diagnostics);
    let mut names = BTreeMap::new();
    for benefit in benefits.all() {
        names.insert(benefit.id.to_string(), benefit.id.to_string());
        // A name that two benefits have names neither.
        names
            .entry(benefit.name.to_string())
            .and_modify(|id: &mut String| {
                if *id != benefit.id.to_string() {
                    id.clear();
                }
            })
            .or_insert_with(|| benefit.id.to_string());
    }
    names.retain(|_, id| !id.is_empty());
    names
}

/// The register of that id or label.
fn find<'r>(registers: &'r Registers, name: &str) -> Result<&'r Schema, Failure> {
    registers
        .get(name)
        .or_else(|| registers.all().find(|register| register.label == name))
        .ok_or_else(|| Failure::Told {
            message: format!("没有数据表“{name}”"),
            hint: registers.meant(name),
            code: MISUSED,
        })
}

/// The folder of registers of a home that is there; `None` where there is no home yet.
fn folder(home: &Home) -> Result<Option<Folder>, Failure> {
    Ok(home.is_there()?.then(|| Folder::of(home.folder())))
}

/// What the registers complain of; each says what to do in its second sentence.
fn broken(error: impl std::fmt::Display) -> Failure {
    let text = error.to_string();
    match text.split_once('。') {
        Some((message, hint)) if !hint.is_empty() => Failure::new(message, hint),
        _ => Failure::new(text, "请检查数据文件夹后重试"),
    }
}

/// A period as people say it.
fn period_in_words(period: &str) -> &str {
    if period == "snapshot" { "现状" } else { period }
}
