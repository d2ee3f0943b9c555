//! `leye register history`: who gave what, when, why and for how long, and when which file was imported.

use report::table::{Column, Table};

use super::show::manifest;
use super::{Place, find, period_in_words};
use crate::failure::{DONE, Failure};
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye register history [数据表] [选项]";
/// Periods of one import that are named.
const SHOWN_PERIODS: usize = 3;

/// Arguments of `leye register history`.
#[derive(Debug, clap::Args)]
pub(crate) struct History {
    #[command(flatten)]
    place: Place,
    /// 只列这张数据表
    #[arg(value_name = "数据表", help_heading = "参数")]
    name: Option<String>,
}

impl History {
    /// Prints one line an import, the newest last.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let registers = self.place.registers()?;
        let only = self
            .name
            .as_deref()
            .map(|name| find(&registers, name))
            .transpose()?
            .map(|register| register.id.as_str());
        let manifest = manifest(&self.place)?;
        let mut table = Table::new(vec![
            Column::new("批次", 4, 6),
            Column::new("收到", 10, 10),
            Column::new("导入", 10, 10),
            Column::new("数据表", 8, 22),
            Column::new("地区", 6, 12),
            Column::new("期间", 4, 18),
            Column::new("通过", 4, 10),
            Column::new("未通过", 4, 8),
            Column::new("文件", 6, 24),
            Column::new("提供单位", 8, 20),
            Column::new("依据", 6, 20),
            Column::new("用途", 6, 20),
            Column::new("保存期限", 6, 22),
        ]);
        let mut any = false;
        for import in &manifest.imports {
            if only.is_some_and(|id| import.register != id) {
                continue;
            }
            any = true;
            let label = registers.get(&import.register).map_or(&import.register, |r| &r.label);
            let mut periods: Vec<&str> = import
                .partitions
                .iter()
                .map(|partition| period_in_words(&partition.period))
                .collect();
            let more = periods.len().saturating_sub(SHOWN_PERIODS);
            periods.truncate(SHOWN_PERIODS);
            let mut periods = periods.join("、");
            if more > 0 {
                periods.push_str(&format!(" 等{}个月", more + SHOWN_PERIODS));
            }
            table.rows.push(vec![
                import.vintage.to_string(),
                import.received.to_string(),
                import.imported.map_or_else(String::new, |day| day.to_string()),
                label.clone(),
                import.region.clone(),
                periods,
                import.rows.accepted.to_string(),
                import.rows.rejected.to_string(),
                import.source.name.clone(),
                import.provider.clone(),
                import.basis.clone(),
                import.purpose.clone(),
                match import.removed {
                    None => import.retention.clone(),
                    Some(removed) => format!("{}，已于 {} 到期删除", import.retention, removed.on),
                },
            ]);
        }
        if any {
            screen.raw(&table.render(screen.width()))?;
        } else {
            screen.line("还没有导入过数据。")?;
        }
        Ok(DONE)
    }
}
