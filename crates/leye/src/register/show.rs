//! `leye register list` and `leye register show`.

use policy::register::Register;
use registers::manifest::{Manifest, Vintage};
use registers::workbook;
use report::table::{Column, Table};

use super::{Place, find, folder, period_in_words};
use crate::failure::{DONE, Failure};
use crate::screen::Screen;

pub(crate) const LIST_USAGE: &str = "leye register list [选项]";
pub(crate) const SHOW_USAGE: &str = "leye register show <数据表> [选项]";

/// Arguments of `leye register list`.
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    place: Place,
}

/// Arguments of `leye register show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    #[command(flatten)]
    place: Place,
    /// 数据表，如 employment 或 劳动用工备案
    #[arg(value_name = "数据表", help_heading = "参数")]
    name: String,
}

impl List {
    /// Prints one line a register.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let registers = self.place.registers()?;
        let manifest = manifest(&self.place)?;
        let mut table = Table::new(vec![
            Column::new("数据表", 8, 20),
            Column::new("名称", 8, 26),
            Column::new("行数", 4, 12),
            Column::new("地区", 4, 20),
            Column::new("最近收到", 10, 10),
            Column::new("一行是什么", 10, 60),
        ]);
        for register in registers.all() {
            let files = manifest.files(&register.id, None);
            table.rows.push(vec![
                register.id.clone(),
                register.label.clone(),
                rows(&files),
                regions(&files),
                last(&files),
                register.about.clone(),
            ]);
        }
        screen.raw(&table.render(screen.width()))?;
        Ok(DONE)
    }
}

impl Show {
    /// Prints the columns of a register and what there is of it.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let registers = self.place.registers()?;
        let register = find(&registers, &self.name)?;
        screen.line(&format!("{}（{}）：{}", register.label, register.id, register.about))?;
        let key: Vec<&str> = register.key_columns().map(|column| column.label.as_str()).collect();
        screen.line(&format!("区分各行：{}；{}", key.join("、"), cut(register)))?;
        let mut table = Table::new(vec![
            Column::new("列", 8, 26),
            Column::new("标识", 6, 28),
            Column::new("字段代码", 6, 8),
            Column::new("填写内容", 10, 50),
            Column::new("保存方式", 8, 12),
        ]);
        for column in &register.columns {
            table.rows.push(vec![
                column.label.clone(),
                column.fact.clone().unwrap_or_else(|| column.id.clone()),
                column.field.clone().unwrap_or_default(),
                workbook::note(column, &registers),
                if column.kind.is_sealed() {
                    "加密"
                } else if column.kind.is_key() {
                    "只存索引号"
                } else {
                    "原值"
                }
                .to_owned(),
            ]);
        }
        screen.raw(&table.render(screen.width()))?;
        let manifest = manifest(&self.place)?;
        let files = manifest.files(&register.id, None);
        if files.is_empty() {
            screen.line("还没有数据。")?;
            return Ok(DONE);
        }
        let mut table = Table::new(vec![
            Column::new("地区", 6, 12),
            Column::new("期间", 4, 8),
            Column::new("行数", 4, 12),
            Column::new("收到", 10, 10),
            Column::new("批次", 4, 6),
            Column::new("提供单位", 8, 30),
        ]);
        for file in &files {
            table.rows.push(vec![
                file.region.to_string(),
                period_in_words(&file.partition.period).to_owned(),
                file.partition.file.rows.to_string(),
                file.import.received.to_string(),
                file.import.vintage.to_string(),
                file.import.provider.clone(),
            ]);
        }
        screen.raw(&table.render(screen.width()))?;
        Ok(DONE)
    }
}

fn cut(register: &Register) -> String {
    match register.month_of.as_deref().and_then(|id| register.column(id)) {
        Some(column) => format!("按“{}”分月保存", column.label),
        None => "保存现状".to_owned(),
    }
}

pub(super) fn manifest(place: &Place) -> Result<Manifest, Failure> {
    match folder(&place.home())? {
        Some(folder) => folder
            .manifest()
            .map_err(|error| Failure::new(error.to_string(), "请检查数据文件夹")),
        None => Ok(Manifest::default()),
    }
}

fn rows(files: &[Vintage<'_>]) -> String {
    let rows: u64 = files.iter().map(|file| file.partition.file.rows).sum();
    if files.is_empty() {
        String::new()
    } else {
        rows.to_string()
    }
}

fn regions(files: &[Vintage<'_>]) -> String {
    let mut regions: Vec<String> = files.iter().map(|file| file.region.to_string()).collect();
    regions.dedup();
    regions.join("、")
}

fn last(files: &[Vintage<'_>]) -> String {
    files
        .iter()
        .map(|file| file.import.received)
        .max()
        .map(|day| day.to_string())
        .unwrap_or_default()
}
