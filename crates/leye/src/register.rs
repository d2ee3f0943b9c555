//! `leye register`: the registers that decisions stand on.

mod history;
mod import;
mod show;
mod template;

use std::collections::BTreeMap;
use std::path::PathBuf;

use policy::file::{Diagnostics, Tree};
use policy::register::{Register as Schema, Registers};
use policy::{Library, benefit, fact, register};
use registers::folder::Folder;
use registers::value::Benefits;

use crate::failure::{Failure, MISUSED};
use crate::home::Home;
use crate::packs;
use crate::screen::Screen;

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
    /// 生成一张数据表的空白表样（xlsx）
    #[command(override_usage = template::USAGE, after_help = template::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Template(template::Template),
    /// 列出全部数据表和已有数据
    #[command(override_usage = show::LIST_USAGE)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    List(show::List),
    /// 查看一张数据表的列和已有数据
    #[command(override_usage = show::SHOW_USAGE)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Show(show::Show),
    /// 列出历次导入：何时、由谁提供、依据和用途
    #[command(override_usage = history::USAGE)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    History(history::History),
}

impl Register {
    /// Does what the subcommand asks.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        match &self.command {
            Command::Import(import) => import.run(screen),
            Command::Template(template) => template.run(screen),
            Command::List(list) => list.run(screen),
            Command::Show(show) => show.run(screen),
            Command::History(history) => history.run(screen),
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
        let tree = self.packs.tree()?;
        let diagnostics = Diagnostics::new();
        let dictionary = fact::load(&tree, &diagnostics);
        Ok(register::load(&tree, &dictionary, &diagnostics))
    }

    /// Registers, and benefits by id and by name.
    fn registers_and_benefits(&self) -> Result<(Registers, Benefits), Failure> {
        Ok((self.registers()?, Benefits(benefits(&self.packs.tree()?))))
    }
}

fn benefits(tree: &Tree) -> BTreeMap<String, String> {
    let diagnostics = Diagnostics::new();
    let library = Library::load(tree);
    let benefits = benefit::load(tree, &library, &diagnostics);
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

/// A period as people say it.
fn period_in_words(period: &str) -> &str {
    if period == "snapshot" { "现状" } else { period }
}
