//! `leye attach`: the user's own copy of a document, matched item by item with its pack.

use std::path::{Path, PathBuf};

use policy::matching::{Item, Matching};
use policy::reading::{Understood, understand};
use policy::{Pack, Units};
use report::table::{Column, Table};

use crate::attachment::{self, Attachment};
use crate::failure::{DONE, Failure, SOME_UNREADABLE};
use crate::home::Home;
use crate::packs::{self, Packs};
use crate::reading::read_bytes;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye attach <政策文件编号> <文件> [选项]";
pub(crate) const AFTER_HELP: &str = "\
文件原文只存入数据文件夹，不进入政策文件库。带密级标志的文件不予读取、不予保存。
退出码：0 已挂接（有差异的逐项列出）；1 未挂接；2 文件读不出；64 命令写法有误。
";

/// Arguments of `leye attach`.
#[derive(Debug, clap::Args)]
pub(crate) struct Attach {
    /// 政策文件编号，如 dazu-2020
    #[arg(value_name = "政策文件编号", help_heading = "参数")]
    pack: String,
    /// 本单位留存的文件
    #[arg(value_name = "文件", help_heading = "参数")]
    file: PathBuf,
    /// 数据文件夹；不写则用环境变量 LEYE_HOME，再不写则用 ./leye-home
    #[arg(long, value_name = "文件夹")]
    home: Option<PathBuf>,
    #[command(flatten)]
    packs: Packs,
}

impl Attach {
    /// Reads the file, compares it with the pack, keeps it in the home, and reports item by item.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let library = self.packs.load(screen)?;
        let pack = packs::find(&library, &self.pack)?;
        let (bytes, understood) = self.read(&library.units)?;
        let matching = Matching::of(pack, &understood.extraction);
        if let Err(wrong) = matching.identify(pack, &understood.extraction) {
            return Err(Failure::new(
                format!("未挂接：{wrong}"),
                format!("请确认文件与政策文件编号“{}”对应", pack.id()),
            ));
        }
        let home = Home::of(self.home.as_deref());
        let attachment = Attachment::new(pack, &self.file, &bytes, &understood, &matching);
        attachment::keep(&home, &attachment, &bytes, &understood.source.text)?;
        report(screen, pack, &understood, &matching)?;
        screen.line(&format!("原文已存入 {}，仅保存在本机。", home.folder().display()))?;
        Ok(DONE)
    }

    fn read(&self, units: &Units) -> Result<(Vec<u8>, Understood), Failure> {
        let unreadable = |error: String| Failure::Told {
            message: format!("读不出文件 {}：{error}", self.file.display()),
            hint: "未挂接，数据文件夹没有变化".to_owned(),
            code: SOME_UNREADABLE,
        };
        if Path::new(&self.file).is_dir() {
            return Err(unreadable("这是文件夹，请写一个文件".to_owned()));
        }
        let bytes = read_bytes(&self.file).map_err(unreadable)?;
        let understood = understand(&bytes, units).map_err(unreadable)?;
        Ok((bytes, understood))
    }
}

fn report(screen: &mut Screen, pack: &Pack, understood: &Understood, matching: &Matching) -> Result<(), Failure> {
    let mut table = Table::new(vec![
        Column::new("编号", 4, 14),
        Column::new("摘要", 12, 60),
        Column::new("比对结果", 8, 8),
        Column::new("差异", 8, 70),
    ]);
    for item in &matching.items {
        let task = &pack.tasks[item.task];
        let differences: Vec<String> = item.differences.iter().map(ToString::to_string).collect();
        table.rows.push(vec![
            policy::item::number(&task.id),
            task.title.clone(),
            result(item).to_owned(),
            differences.join("\n"),
        ]);
    }
    screen.line(&format!("{}{}", pack.id(), pack.policy.titled()))?;
    let rendered = table.render(screen.width());
    screen.raw(&rendered)?;
    for index in &matching.extra {
        let task = &understood.extraction.tasks[*index];
        let (line, _) = document::source::position(&understood.source.text, task.span.start);
        let no = if task.no.is_empty() {
            "无序号".to_owned()
        } else {
            format!("第{}项", task.no)
        };
        screen.line(&format!(
            "多出：{no}（所附文件第 {line} 行起），政策文件库中没有对应任务"
        ))?;
    }
    let count = |wanted: &str| matching.items.iter().filter(|item| result(item) == wanted).count();
    screen.line(&format!(
        "共 {} 项：一致 {} 项，有差异 {} 项，缺失 {} 项；多出 {} 项。",
        matching.items.len(),
        count(SAME),
        count(DIFFERENT),
        count(MISSING),
        matching.extra.len(),
    ))
}

const SAME: &str = "一致";
const DIFFERENT: &str = "有差异";
const MISSING: &str = "缺失";

fn result(item: &Item) -> &'static str {
    match (item.found, item.differences.is_empty()) {
        (None, _) => MISSING,
        (Some(_), true) => SAME,
        (Some(_), false) => DIFFERENT,
    }
}
