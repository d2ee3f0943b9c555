//! `leye extract`: official documents in, the responsibility ledger out.

use std::path::{Path, PathBuf};

use document::Extraction;
use policy::reading::{Extracted, Understood};
use report::ledger::{Sheets, workbook};
use report::table::{Column, Table};
use report::wrap::{Ambiguous, shorten};
use serde::Serialize;

use document::Role;

use crate::draft_pack;
use crate::failure::{DONE, Failure, SOME_UNREADABLE};
use crate::inputs::Inputs;
use crate::packs;
use crate::reading::{Reading, read_all};
use crate::saving::save;
use crate::screen::Screen;
use web::ledger::documents::{self, NOT_STATED, stated};

pub(crate) const USAGE: &str = "leye extract <文件或文件夹>… [选项]";
pub(crate) const AFTER_HELP: &str = "\
退出码：0 全部识别；1 输出失败；2 有文件读不出（其余文件照常输出）；64 命令写法有误。
";

/// Columns of 工作内容 that the table shows; --json and --xlsx have all of it.
const SHORT_CONTENT: usize = 72;
/// Messages shown under a table; --json has all of them.
const SHOWN_DIAGNOSTICS: usize = 30;

/// Arguments of `leye extract`.
#[derive(Debug, clap::Args)]
pub(crate) struct Extract {
    /// 要识别的文件；写文件夹则识别其中全部文件
    #[arg(required = true, value_name = "文件或文件夹", help_heading = "参数")]
    files: Vec<PathBuf>,
    /// 每份文件输出一行 JSON
    #[arg(long, conflicts_with = "text")]
    json: bool,
    /// 只输出文件的文字（JSON 中的位置以此为准）
    #[arg(long)]
    text: bool,
    /// 另存为 Excel 责任台账
    #[arg(long, value_name = "输出文件")]
    xlsx: Option<PathBuf>,
    /// Excel 台账按单位分表（同名单位合为一表）
    #[arg(long, requires = "xlsx")]
    split_by_unit: bool,
    /// 改用该文件夹中的政策文件库（默认用程序自带的）
    #[arg(long, value_name = "文件夹")]
    policies: Option<PathBuf>,
    /// 另在该文件夹生成政策文件草稿，供人工核对；不覆盖原有文件
    #[arg(long, value_name = "文件夹", conflicts_with = "text")]
    pack: Option<PathBuf>,
}

impl Extract {
    /// Reads the files in order, prints each as asked, then writes the workbook.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let inputs = Inputs::of(&self.files);
        self.check(&inputs)?;
        for remark in &inputs.remarks {
            screen.remark(remark)?;
        }
        let units = packs::units(self.policies.as_deref())?;
        let mut code = DONE;
        let mut readings = Vec::new();
        read_all(&inputs.files, &units, |reading| {
            if reading.outcome.is_err() {
                code = SOME_UNREADABLE;
            }
            self.print(screen, &reading)?;
            screen.flush()?;
            if self.xlsx.is_some() || self.pack.is_some() {
                readings.push(reading);
            }
            Ok(())
        })?;
        if let Some(path) = &self.xlsx {
            let sheets = if self.split_by_unit {
                Sheets::ByUnit
            } else {
                Sheets::Whole
            };
            screen.remark(&write_ledger(path, &readings, sheets)?)?;
        }
        if let (Some(folder), Some(understood)) = (&self.pack, only_understood(&readings)) {
            let regions = packs::regions(self.policies.as_deref())?;
            screen.remark(&draft_pack::write(folder, &understood.extraction, &regions)?)?;
        }
        Ok(code)
    }

    /// Refuses what cannot be done before any work is.
    fn check(&self, inputs: &Inputs) -> Result<(), Failure> {
        if self.text && inputs.files.len() > 1 {
            return Err(Failure::misused(
                format!("--text 一次只能用于一份文件，这里有 {} 份", inputs.files.len()),
                "请逐份运行",
            ));
        }
        if let Some(folder) = &self.pack {
            if inputs.files.len() > 1 {
                return Err(Failure::misused(
                    format!("--pack 一次只能用于一份文件，这里有 {} 份", inputs.files.len()),
                    "请逐份运行",
                ));
            }
            draft_pack::check(folder)?;
        }
        self.xlsx.as_deref().map_or(Ok(()), check_xlsx_name)
    }

    fn print(&self, screen: &mut Screen, reading: &Reading) -> Result<(), Failure> {
        match &reading.outcome {
            _ if self.json => screen.raw(&format!("{}\n", json(reading)?)),
            Err(error) => screen.remark(&format!("读不出文件 {}：{error}", reading.file)),
            Ok(understood) if self.text => screen.raw(&understood.source.text),
            Ok(understood) => print_ledger(screen, &reading.file, understood, usize::MAX),
        }
    }
}

/// What was understood of the only file; nothing where it could not be read.
fn only_understood(readings: &[Reading]) -> Option<&Understood> {
    readings.first()?.outcome.as_ref().ok()
}

/// Refuses a workbook's name that a spreadsheet program would not open.
pub(crate) fn check_xlsx_name(path: &Path) -> Result<(), Failure> {
    if path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"))
    {
        return Ok(());
    }
    Err(Failure::misused(
        format!("输出文件 {} 的扩展名不是 .xlsx", path.display()),
        "请写成以 .xlsx 结尾的文件名，例如“台账.xlsx”",
    ))
}

/// One line of JSON for a file: the contract, or why it could not be read.
fn json(reading: &Reading) -> Result<String, Failure> {
    #[derive(Serialize)]
    struct Unreadable<'a> {
        file: &'a str,
        error: &'a str,
    }
    let file = &reading.file;
    let text = match &reading.outcome {
        Ok(Understood { extraction, .. }) => serde_json::to_string(&Extracted::new(file, extraction)),
        Err(error) => serde_json::to_string(&Unreadable { file, error }),
    };
    text.map_err(|error| {
        Failure::new(
            format!("{file} 的结果无法写成 JSON：{error}"),
            "请将该文件交维护人员排查",
        )
    })
}

/// Writes the ledger of all that could be read as a workbook to `path`; what to tell about it.
pub(crate) fn write_ledger(path: &Path, readings: &[Reading], sheets: Sheets) -> Result<String, Failure> {
    let documents: Vec<(&str, &Extraction)> = readings
        .iter()
        .filter_map(|reading| Some((reading.file.as_str(), &reading.outcome.as_ref().ok()?.extraction)))
        .collect();
    if documents.is_empty() {
        return Ok(format!("没有可以写入台账的内容，未生成 {}。", path.display()));
    }
    let ledger = documents::ledger(&documents);
    let bytes = workbook(&ledger, sheets)
        .map_err(|error| Failure::new(error.to_string(), "请减少文件分批生成，或不按单位分表"))?;
    let kept = save(path, &bytes)?;
    let mut told = format!("责任台账已写入 {}，共 {} 项。", path.display(), ledger.entries.len());
    if let Some(kept) = kept {
        told.push_str(&format!("\n原有的同名文件内容不同，已改名保存为 {}。", kept.display()));
    }
    Ok(told)
}

/// A document as a table: header data, at most `most` tasks of each part, then what was not understood.
pub(crate) fn print_ledger(
    screen: &mut Screen,
    file: &str,
    Understood { extraction, .. }: &Understood,
    most: usize,
) -> Result<(), Failure> {
    print_header(screen, file, extraction)?;
    let parts = extraction.parts.len().max(1);
    for part in 0..parts {
        let tasks: Vec<_> = extraction
            .tasks
            .iter()
            .filter(|task| task.part.min(parts - 1) == part)
            .collect();
        if tasks.is_empty() {
            continue;
        }
        screen.line("")?;
        if let Some(part) = extraction.parts.get(part).filter(|_| parts > 1) {
            screen.line(&format!(
                "【{}】{}",
                documents::part_role(part.role),
                stated(part.title.as_deref())
            ))?;
        }
        let mut table = ledger_table();
        for task in tasks.iter().take(most) {
            let responsible = documents::without_unit(extraction, task);
            table.rows.push(vec![
                documents::number(task).to_owned(),
                documents::project(task),
                shorten(
                    &documents::content(task).replace('\n', " "),
                    SHORT_CONTENT,
                    Ambiguous::Narrow,
                ),
                documents::lead(task),
                documents::units(task, Role::Support),
                responsible.unwrap_or_else(|| documents::units(task, Role::Responsible)),
                documents::deadline(&task.deadline),
            ]);
        }
        screen.raw(&table.render(screen.width()))?;
        if tasks.len() > most {
            screen.line(&format!("…… 另有 {} 项", tasks.len() - most))?;
        }
    }
    print_diagnostics(screen, extraction)
}

fn ledger_table() -> Table {
    Table::new(vec![
        Column::new("序号", 4, 8),
        Column::new("项目", 8, 18),
        Column::new("工作内容", 16, 36),
        Column::new("牵头单位", 8, 18),
        Column::new("配合单位", 8, 28),
        Column::new("责任单位", 8, 28),
        Column::new("完成时限", 10, 18),
    ])
}

fn print_header(screen: &mut Screen, file: &str, extraction: &Extraction) -> Result<(), Failure> {
    let header = &extraction.document;
    let date = header.date.map(|day| day.to_string());
    let recipients = header.recipients.join("、");
    screen.line(&format!("文件：{file}"))?;
    for (label, value) in [
        ("标题", header.title.as_deref()),
        ("发文字号", header.number.as_deref()),
        ("发文机关", header.issuer.as_deref()),
        (header.date_basis.words(), date.as_deref()),
        ("主送机关", Some(recipients.as_str())),
        ("公开方式", header.publicity.as_deref()),
    ] {
        screen.line(&format!("{label}：{}", stated(value)))?;
    }
    if extraction.parts.len() > 1 {
        for part in &extraction.parts {
            let number = part
                .number
                .as_deref()
                .map(|number| format!("（{number}）"))
                .unwrap_or_default();
            let title = part.title.as_deref().unwrap_or(NOT_STATED);
            screen.line(&format!("其中，{}：{title}{number}", documents::part_role(part.role)))?;
        }
    }
    screen.line(&format!(
        "牵头单位确定方式：{}",
        documents::lead_rule(extraction.lead_rule)
    ))?;
    screen.line(&format!("任务：{} 项", extraction.tasks.len()))
}

fn print_diagnostics(screen: &mut Screen, extraction: &Extraction) -> Result<(), Failure> {
    let diagnostics = &extraction.diagnostics;
    if diagnostics.is_empty() {
        return Ok(());
    }
    screen.line("")?;
    screen.line(&format!("请核对（{} 处）：", diagnostics.len()))?;
    for diagnostic in diagnostics.iter().take(SHOWN_DIAGNOSTICS) {
        let hint = if diagnostic.hint.is_empty() {
            String::new()
        } else {
            format!("。{}", diagnostic.hint)
        };
        screen.line(&format!(
            "  第 {} 行第 {} 字：{}{hint}",
            diagnostic.line, diagnostic.column, diagnostic.message
        ))?;
    }
    if diagnostics.len() > SHOWN_DIAGNOSTICS {
        screen.line(&format!(
            "  …… 另有 {} 处，用 --json 查看全部",
            diagnostics.len() - SHOWN_DIAGNOSTICS
        ))?;
    }
    Ok(())
}
