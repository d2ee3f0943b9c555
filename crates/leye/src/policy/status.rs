//! `leye policy status`: the honest registry of what is modelled and how well.

use std::path::PathBuf;

use report::table::{Column, Table};
use rules::catalogue::Catalogue;
use rules::registry::{self, Entry, right_word, status_word, summary};

use crate::failure::{DONE, Failure};
use crate::packs;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye policy status [--json] [文件夹]";
pub(crate) const AFTER_HELP: &str = "\
可计算：文件写明了全部条件和金额；待定：有条件或金额由未收录的文件规定，结果只能是待核实。
退出码：0 已列出；1 读不出；64 命令写法有误。
";

/// Arguments of `leye policy status`.
#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    /// 以 JSON 输出
    #[arg(long)]
    json: bool,
    /// 政策文件库所在文件夹；不写则用随程序附带的
    #[arg(value_name = "文件夹", help_heading = "参数")]
    folder: Option<PathBuf>,
}

impl Status {
    /// Prints the registry.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let tree = packs::tree(self.folder.as_deref())?;
        let catalogue = Catalogue::load(&tree);
        let entries = registry::entries(&catalogue, &registry::count(&catalogue, &tree));
        if self.json {
            screen.line(&registry::to_json(&catalogue, &entries).to_string())?;
            return Ok(DONE);
        }
        for id in catalogue.library.packs.keys() {
            let own: Vec<&Entry<'_>> = entries.iter().filter(|entry| entry.benefit.pack == *id).collect();
            if !own.is_empty() {
                show(&catalogue, id, &own, screen)?;
            }
        }
        let all: Vec<&Entry<'_>> = entries.iter().collect();
        screen.line(&format!("合计：{}", summary(&all)))?;
        Ok(DONE)
    }
}

fn show(catalogue: &Catalogue, id: &str, entries: &[&Entry<'_>], screen: &mut Screen) -> Result<(), Failure> {
    let title = catalogue
        .library
        .packs
        .get(id)
        .map_or_else(String::new, |pack| pack.policy.titled());
    screen.line(&format!("{id}{title}：{}", summary(entries)))?;
    let mut table = Table::new(vec![
        Column::new("编号", 12, 40),
        Column::new("名称", 12, 40),
        Column::new("条款", 4, 14),
        Column::new("可否计算", 8, 8),
        Column::new("性质", 4, 10),
        Column::new("条件", 4, 4),
        Column::new("案例", 4, 4),
        Column::new("待确认口径", 4, 10),
        Column::new("需人工判断", 4, 10),
        Column::new("待定事项", 4, 8),
    ]);
    for entry in entries {
        let benefit = entry.benefit;
        table.rows.push(vec![
            benefit.id.to_string(),
            benefit.name.clone(),
            policy::item::number(&benefit.cite.item),
            status_word(benefit.status).to_owned(),
            right_word(benefit.right).to_owned(),
            entry
                .conditions
                .map_or_else(|| "有错".to_owned(), |count| count.to_string()),
            entry.cases.to_string(),
            entry.open_readings().to_string(),
            benefit.untranslated.len().to_string(),
            benefit.open.len().to_string(),
        ]);
    }
    screen.raw(&table.render(screen.width()))?;
    screen.line("")
}
