//! `leye register expired`: what is past its 保存期限, and its removal.

use registers::folder::Folder;
use registers::retention;
use report::table::{Column, Table};
use screening::Runs;
use seal::KeyFolder;

use super::{Place, broken, find, period_in_words};
use crate::dates::day;
use crate::failure::{DONE, Failure};
use crate::key;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye register expired --on <日期> [--remove] [选项]";
pub(crate) const AFTER_HELP: &str = "\
保存期限自收到之日起算，期限的最后一天过后即为到期。不写 --remove 只列出，不改动数据。
按批次整批删除：到期批次写入的文件全部删除，不再被任何数据提到的证件号码一并删除，目录中保留该批次的记录并注明删除日期。
后来的批次沿用的行，随后来的批次保存。到期批次是现行数据的，删除后该期间没有数据，须重新导入。
备份和另行导出的文件请一并处理。
";

/// Arguments of `leye register expired`.
#[derive(Debug, clap::Args)]
pub(crate) struct Expired {
    /// 按哪一天计算是否到期，如 2026-01-01
    #[arg(long, value_name = "日期")]
    on: String,
    /// 删除到期的批次；不能恢复
    #[arg(long)]
    remove: bool,
    #[command(flatten)]
    place: Place,
}

impl Expired {
    /// Lists what is past its term, and removes it when asked.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let on = day("--on", &self.on)?;
        let registers = self.place.registers()?;
        let home = self.place.home();
        let folder = Folder::of(home.folder());
        if !home.is_there()? || !folder.root().exists() {
            screen.line("还没有数据。")?;
            return Ok(DONE);
        }
        let index = KeyFolder::of(home.folder())
            .load()
            .map_err(key::failure)?
            .index()
            .number();
        let manifest = folder.manifest_under(index).map_err(broken)?;
        let (past, unclear) = retention::expired(&manifest, on);
        let label = |id: &str| find(&registers, id).map_or_else(|_| id.to_owned(), |register| register.label.clone());
        for import in unclear {
            screen.line(&format!(
                "批次 {}（{}）的保存期限“{}”算不出到期日，请自行判断",
                import.vintage,
                label(&import.register),
                import.retention
            ))?;
        }
        if past.is_empty() {
            screen.line(&format!("到 {on} 没有超过保存期限的数据。"))?;
            return Ok(DONE);
        }
        let mut table = Table::new(vec![
            Column::new("批次", 4, 6),
            Column::new("数据表", 8, 22),
            Column::new("地区", 6, 12),
            Column::new("收到", 10, 10),
            Column::new("保存期限", 6, 14),
            Column::new("到期", 10, 10),
            Column::new("行数", 4, 12),
            Column::new("现行数据", 4, 20),
        ]);
        for expired in &past {
            let import = expired.import;
            let rows: u64 = import.partitions.iter().map(|partition| partition.file.rows).sum();
            let first = import
                .partitions
                .first()
                .map_or("", |partition| partition.period.as_str());
            table.rows.push(vec![
                import.vintage.to_string(),
                label(&import.register),
                import.region.clone(),
                import.received.to_string(),
                import.retention.clone(),
                expired.last_day.to_string(),
                rows.to_string(),
                match (expired.stands, import.partitions.len()) {
                    (false, _) => "否".to_owned(),
                    (true, 1) => format!("是：{}", period_in_words(first)),
                    (true, count) => format!("是：{}等{count}个月", period_in_words(first)),
                },
            ]);
        }
        screen.raw(&table.render(screen.width()))?;
        let used = Runs::of(home.folder()).all().map_err(crate::screening::failure)?;
        let used = used.iter().filter(|(run, _)| {
            past.iter().any(|expired| {
                let of = run.vintages.get(&expired.import.register);
                of.is_some_and(|vintages| vintages.contains(&expired.import.vintage))
            })
        });
        let used: Vec<String> = used.map(|(run, _)| format!("leye runs {} --remove", run.run)).collect();
        if !used.is_empty() {
            screen.line(&format!(
                "下列筛查用过到期的批次，其结果仍含据此算出的内容，请一并删除：\n  {}",
                used.join("\n  ")
            ))?;
        }
        if !self.remove {
            screen.line(&format!(
                "共 {} 个批次到期，尚未删除。核对无误后加 --remove 删除，不能恢复。",
                past.len()
            ))?;
            return Ok(DONE);
        }
        let gone = retention::remove(&folder, index, on).map_err(broken)?;
        screen.line(&format!(
            "已删除 {} 个批次的 {} 个文件（{} 行）和 {} 个不再使用的证件号码、信用代码。",
            gone.vintages.len(),
            gone.files,
            gone.rows,
            gone.identities
        ))?;
        super::derive::forget(&home, screen)?;
        screen.line("备份和另行导出的文件请一并处理。")?;
        Ok(DONE)
    }
}
