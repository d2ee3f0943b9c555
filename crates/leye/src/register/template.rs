//! `leye register template`: the empty form of a register.

use std::path::PathBuf;

use registers::workbook;

use super::{Place, find};
use crate::failure::{DONE, Failure};
use crate::saving;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye register template <数据表> [-o 文件]";
pub(crate) const AFTER_HELP: &str = "\
表样第一行是表头，黄色为必填；下拉列表和单元格提示说明可填的内容，“填写说明”列出各列。
";

/// Arguments of `leye register template`.
#[derive(Debug, clap::Args)]
pub(crate) struct Template {
    /// 存到这个文件；不写则存为当前文件夹下的“<数据表名称>.xlsx”
    #[arg(short, long, value_name = "文件")]
    output: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
    /// 数据表，如 employment 或 劳动用工备案
    #[arg(value_name = "数据表", help_heading = "参数")]
    name: String,
}

impl Template {
    /// Writes the form.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let registers = self.place.registers()?;
        let register = find(&registers, &self.name)?;
        let bytes =
            workbook::template(register, &registers).map_err(|error| Failure::new(error, "请将该情况告知维护人员"))?;
        let path = match &self.output {
            Some(path) => path.clone(),
            None => PathBuf::from(format!("{}.xlsx", register.label)),
        };
        let kept = saving::save(&path, &bytes)?;
        screen.line(&format!("表样已存入 {}", path.display()))?;
        if let Some(kept) = kept {
            screen.line(&format!("原有的 {} 已改名为 {}", path.display(), kept.display()))?;
        }
        Ok(DONE)
    }
}
