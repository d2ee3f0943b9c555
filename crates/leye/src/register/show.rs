//! `leye register list` and `leye register show`.

use civil::{CreditCode, Day, RegionCode, ResidentId};
use policy::Library;
use policy::fact::FactType;
use policy::register::{ColumnType, Register, Registers};
use registers::folder::Folder;
use registers::manifest::{Manifest, Vintage};
use registers::view::{self, Wanted};
use registers::workbook;
use report::table::{Column, Table};
use seal::{KeyFolder, KeyRing};

use super::{Place, broken, find, folder, period_in_words};
use crate::dates::day;
use crate::failure::{DONE, Failure, reason};
use crate::screen::Screen;
use crate::{key, region};

pub(crate) const LIST_USAGE: &str = "leye register list [选项]";
pub(crate) const SHOW_USAGE: &str = "leye register show <数据表> [选项]";
pub(crate) const SHOW_AFTER_HELP: &str = "\
证件号码、姓名、电话、账号一律遮盖，证件号码后面是索引号。
按人查找时用 --key - ，再从键盘输入证件号码：写在命令行上的号码会留在系统记录里。
";

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
    /// 最多显示多少行数据；不写则为 10，写 0 则不显示
    #[arg(long, value_name = "行数", default_value_t = 10, hide_default_value = true)]
    limit: u32,
    /// 只看这个地区的数据，写代码或全称
    #[arg(long, value_name = "地区")]
    region: Option<String>,
    /// 只看主键中有此内容的行：索引号、统一社会信用代码、合同号等；写 - 则从键盘输入证件号码
    #[arg(long, value_name = "内容")]
    key: Option<String>,
    /// 只看这一天前收到的数据；不写则看最新的
    #[arg(long, value_name = "日期")]
    known_on: Option<String>,
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
                    "加密并索引"
                } else {
                    "原值"
                }
                .to_owned(),
            ]);
        }
        screen.raw(&table.render(screen.width()))?;
        if register.columns.iter().any(|column| column.kind.is_key()) {
            screen.line(
                "加密并索引：各数据表中只存索引号，号码本身另行加密保存一份，凭密钥可以还原，删除数据时一并删除。",
            )?;
        }
        if register.columns.iter().any(|column| column.kind.is_sealed()) {
            screen.line("加密：内容加密保存，凭密钥可以还原。")?;
        }
        let known_on = self
            .known_on
            .as_deref()
            .map(|text| day("--known-on", text))
            .transpose()?;
        let region = match &self.region {
            None => None,
            Some(text) => Some(region::read(text, &Library::load(&self.place.packs.tree()?).regions)?),
        };
        let manifest = manifest(&self.place)?;
        let mut files = manifest.files(&register.id, known_on);
        files.retain(|file| region.is_none_or(|region| file.region.is_within(region.prefix())));
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
        if self.limit > 0 {
            self.rows(screen, &registers, register, &manifest, region, known_on)?;
        }
        Ok(DONE)
    }

    /// Rows one below the other, a line each cell that is filled: registers have more columns than a screen is wide.
    fn rows(
        &self,
        screen: &mut Screen,
        registers: &Registers,
        register: &Register,
        manifest: &Manifest,
        region: Option<RegionCode>,
        known_on: Option<Day>,
    ) -> Result<(), Failure> {
        let home = self.place.home();
        let ring = KeyFolder::of(home.folder()).load().map_err(key::failure)?;
        let wanted = Wanted {
            region,
            key: self.wanted_key(&ring)?,
            known_on,
            limit: usize::try_from(self.limit).unwrap_or(usize::MAX),
        };
        let folder = Folder::of(home.folder());
        let view = view::rows(&folder, manifest, registers, register, &ring, &wanted).map_err(broken)?;
        if view.rows.is_empty() {
            return screen.line("没有符合条件的行。");
        }
        for (number, row) in (1_u32..).zip(&view.rows) {
            let mut cells = row.iter();
            let place = cells.next().map_or("", String::as_str);
            let period = period_in_words(cells.next().map_or("", String::as_str));
            screen.line(&format!("第{number}行（{place}，{period}）"))?;
            for (column, cell) in register.columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                let unit = match &column.kind {
                    ColumnType::Value(FactType::Fen) => "元",
                    _ => column.unit.as_deref().unwrap_or_default(),
                };
                let unit = if cell.ends_with(unit) { "" } else { unit };
                screen.line(&format!("  {}：{cell}{unit}", column.label))?;
            }
        }
        if view.more {
            screen.line(&format!(
                "只显示了前 {} 行，用 --limit 多看，用 --key、--region 查找",
                view.rows.len()
            ))?;
        }
        Ok(())
    }

    /// What stands in the key column for what was asked: numbers become keys.
    fn wanted_key(&self, ring: &KeyRing) -> Result<Option<String>, Failure> {
        let Some(text) = self.key.as_deref() else {
            return Ok(None);
        };
        let mut typed = String::new();
        let text = if text == "-" {
            std::io::stdin()
                .read_line(&mut typed)
                .map_err(|error| Failure::new(format!("读不到输入：{}", reason(&error)), "请重新运行"))?;
            typed.trim()
        } else {
            if ResidentId::parse(text).is_ok() {
                return Err(Failure::misused(
                    "--key 后面是证件号码，会留在系统记录里",
                    "请写 --key - ，再从键盘输入号码",
                ));
            }
            text.trim()
        };
        Ok(Some(if let Ok(id) = ResidentId::parse(text) {
            ring.indexer().person(id).text().to_string()
        } else if let Ok(code) = CreditCode::parse(text) {
            ring.indexer().employer(code).text().to_string()
        } else {
            text.to_owned()
        }))
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
