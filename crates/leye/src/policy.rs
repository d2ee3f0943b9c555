//! `leye policy`: work on the packs themselves, one file a subcommand.

mod coverage;
mod diff;
mod mutate;
mod readings;
mod status;
mod template;
mod trials;

use std::path::PathBuf;

use policy::Pack;
use policy::file::{Diagnostic, Severity};
use rules::catalogue::Catalogue;
use rules::trial;
use screening::checks::examine;

use crate::failure::{DONE, FAILED, Failure};
use crate::packs;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye policy <命令> [选项]";
pub(crate) const CHECK_USAGE: &str = "leye policy check [文件夹]";
pub(crate) const CHECK_AFTER_HELP: &str = "\
每处问题一行：文件:行:列 错误：问题。怎么办
退出码：0 没有错误；1 有错误或文件夹读不出；64 命令写法有误。
";

/// Arguments of `leye policy`.
#[derive(Debug, clap::Args)]
pub(crate) struct Policy {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// 检查政策文件库，逐处指出问题
    #[command(override_usage = CHECK_USAGE, after_help = CHECK_AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Check(Check),
    /// 运行政策文件库的测试案例
    #[command(override_usage = trials::USAGE, after_help = trials::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Test(trials::Test),
    /// 列出每个补贴项目能否计算、条件、案例、口径和需人工判断条款
    #[command(override_usage = status::USAGE, after_help = status::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Status(status::Status),
    /// 列出条款对应情况：哪些条款和数字没有着落
    #[command(override_usage = coverage::USAGE, after_help = coverage::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Coverage(coverage::Coverage),
    /// 把待确认的口径拟成请示询问的函
    #[command(override_usage = readings::USAGE, after_help = readings::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Readings(readings::Readings),
    /// 说明新版政策文件库改了什么，哪些案例结果不同
    #[command(override_usage = diff::USAGE, after_help = diff::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Diff(diff::Diff),
    /// 查哪些数字没有测试案例能证明
    #[command(override_usage = mutate::USAGE, after_help = mutate::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Mutate(mutate::Mutate),
    /// 打印空白的信息文件或补贴项目文件
    #[command(override_usage = template::USAGE, after_help = template::AFTER_HELP)]
    #[command(help_template = crate::arguments::HELP, next_help_heading = crate::arguments::OPTIONS)]
    Template(template::Template),
}

/// Arguments of `leye policy check`.
#[derive(Debug, clap::Args)]
struct Check {
    /// 政策文件库所在文件夹；不写则检查随程序附带的
    #[arg(value_name = "文件夹", help_heading = "参数")]
    folder: Option<PathBuf>,
}

impl Policy {
    /// Does what the subcommand asks.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        match &self.command {
            Command::Check(check) => check.run(screen),
            Command::Test(test) => test.run(screen),
            Command::Status(status) => status.run(screen),
            Command::Coverage(coverage) => coverage.run(screen),
            Command::Readings(readings) => readings.run(screen),
            Command::Diff(diff) => diff.run(screen),
            Command::Mutate(mutate) => mutate.run(screen),
            Command::Template(template) => template.run(screen),
        }
    }
}

impl Check {
    fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let tree = packs::tree(self.folder.as_deref())?;
        let catalogue = Catalogue::load(&tree);
        let (_, of_cases) = trial::load(&catalogue, &tree);
        let of_queries = queries(&catalogue)?;
        let findings: Vec<_> = catalogue
            .diagnostics
            .iter()
            .chain(&of_cases)
            .chain(&of_queries)
            .collect();
        let library = &catalogue.library;
        for finding in &findings {
            screen.line(&finding.to_string())?;
        }
        for pack in library.packs.values() {
            screen.line(&summary(pack))?;
        }
        let errors = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .count();
        let warnings = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Warning)
            .count();
        let tasks: usize = library.packs.values().map(|pack| pack.tasks.len()).sum();
        let verdict = if errors == 0 { "检查通过" } else { "检查未通过" };
        screen.line(&format!(
            "{verdict}：政策文件 {} 份，任务共 {tasks} 项；错误 {errors} 处，提示 {warnings} 处。",
            library.packs.len()
        ))?;
        Ok(if errors == 0 { DONE } else { FAILED })
    }
}

/// What is wrong with the queries of cross-checks; nothing is said of them while their files or the registers are wrong.
fn queries(catalogue: &Catalogue) -> Result<Vec<Diagnostic>, Failure> {
    if catalogue.errors().next().is_some() {
        return Ok(Vec::new());
    }
    let checks = catalogue.checks.of(|_| true);
    examine(&checks, &catalogue.registers, &catalogue.vocabulary.dictionary)
        .map_err(|error| Failure::new(error.to_string(), "请确认系统的临时文件夹可以写入，数据表登记完整"))
}

/// One pack in one line.
fn summary(pack: &Pack) -> String {
    format!(
        "{}{}：任务 {} 项，目标 {} 项（其中软性 {} 项），报送和公开等职责 {} 项，扶持政策以外需人工判断条款 {} 条",
        pack.id(),
        pack.policy.titled(),
        pack.tasks.len(),
        pack.targets.len(),
        pack.targets.iter().filter(|target| target.soft.is_some()).count(),
        pack.duties.len(),
        pack.untranslated.len(),
    )
}
