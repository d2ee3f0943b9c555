//! `leye policy status`: the honest registry of what is modelled and how well.

use std::path::PathBuf;

use policy::benefit::{Benefit, Right, Status as Computed};
use report::table::{Column, Table};
use rules::benefit::Version;
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use rules::trial;
use serde_json::{Value, json};

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

/// One benefit of the registry.
struct Entry<'c> {
    benefit: &'c Benefit,
    /// Conditions as compiled, declared ones too; `None` where the file has a mistake.
    conditions: Option<usize>,
    cases: usize,
}

impl Status {
    /// Prints the registry.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        let tree = packs::tree(self.folder.as_deref())?;
        let catalogue = Catalogue::load(&tree);
        let (trials, _) = trial::load(&catalogue, &tree);
        let (engine, _) = Engine::compile(&catalogue, catalogue.latest_known(), None);
        let compiled = |benefit: &Benefit| -> Option<&Version> {
            let versions = engine.benefits.get(benefit.id.as_str())?;
            versions.iter().find(|version| version.benefit.pack == benefit.pack)
        };
        let entries: Vec<Entry<'_>> = catalogue
            .benefits
            .all()
            .map(|benefit| Entry {
                benefit,
                conditions: compiled(benefit).map(|version| version.conditions.len()),
                cases: trials.iter().filter(|trial| *trial.benefit == *benefit.id).count(),
            })
            .collect();
        if self.json {
            screen.line(&to_json(&catalogue, &entries).to_string())?;
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

fn computable(entry: &Entry<'_>) -> bool {
    entry.benefit.status == Computed::Computable
}

fn right(right: Right) -> &'static str {
    match right {
        Right::Entitlement => "应给予",
        Right::Discretionary => "可给予",
        Right::Directive => "须另行落实",
    }
}

fn show(catalogue: &Catalogue, id: &str, entries: &[&Entry<'_>], screen: &mut Screen) -> Result<(), Failure> {
    let title = catalogue
        .library
        .packs
        .get(id)
        .map_or("", |pack| pack.policy.title.as_str());
    screen.line(&format!("{id}《{title}》：{}", summary(entries)))?;
    let mut table = Table::new(vec![
        Column::new("编号", 12, 40),
        Column::new("名称", 12, 40),
        Column::new("条款", 4, 6),
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
            benefit.cite.item.to_string(),
            if computable(entry) { "可计算" } else { "待定" }.to_owned(),
            right(benefit.right).to_owned(),
            entry
                .conditions
                .map_or_else(|| "有错".to_owned(), |count| count.to_string()),
            entry.cases.to_string(),
            open_readings(benefit).to_string(),
            benefit.untranslated.len().to_string(),
            benefit.open.len().to_string(),
        ]);
    }
    screen.raw(&table.render(screen.width()))?;
    screen.line("")
}

fn open_readings(benefit: &Benefit) -> usize {
    benefit
        .readings
        .iter()
        .filter(|reading| reading.confirmed.is_none())
        .count()
}

fn summary(entries: &[&Entry<'_>]) -> String {
    let count = |test: &dyn Fn(&Entry<'_>) -> bool| entries.iter().filter(|entry| test(entry)).count();
    let computed = count(&computable);
    let share = (computed * 1000).checked_div(entries.len()).unwrap_or_default();
    format!(
        "补贴项目 {} 项，可计算 {computed} 项（{}.{}%），待定 {} 项；条件 {} 个，案例 {} 个，待确认口径 {} 个，需人工判断条款 {} 条",
        entries.len(),
        share / 10,
        share % 10,
        entries.len() - computed,
        entries.iter().filter_map(|entry| entry.conditions).sum::<usize>(),
        entries.iter().map(|entry| entry.cases).sum::<usize>(),
        entries.iter().map(|entry| open_readings(entry.benefit)).sum::<usize>(),
        entries
            .iter()
            .map(|entry| entry.benefit.untranslated.len())
            .sum::<usize>(),
    )
}

fn to_json(catalogue: &Catalogue, entries: &[Entry<'_>]) -> Value {
    let packs: Vec<Value> = catalogue
        .library
        .packs
        .keys()
        .map(|id| {
            let own: Vec<&Entry<'_>> = entries.iter().filter(|entry| entry.benefit.pack == *id).collect();
            json!({
                "id": id,
                "benefits": own.len(),
                "computable": own.iter().filter(|entry| computable(entry)).count(),
            })
        })
        .collect();
    let benefits: Vec<Value> = entries
        .iter()
        .map(|entry| {
            let benefit = entry.benefit;
            json!({
                "id": benefit.id.as_str(),
                "pack": benefit.pack,
                "name": benefit.name,
                "item": benefit.cite.item.as_str(),
                "status": if computable(entry) { "computable" } else { "delegated" },
                "right": match benefit.right {
                    Right::Entitlement => "entitlement",
                    Right::Discretionary => "discretionary",
                    Right::Directive => "directive",
                },
                "channel": benefit.channel,
                "payee": benefit.payee,
                "conditions": entry.conditions,
                "cases": entry.cases,
                "open_readings": open_readings(benefit),
                "untranslated": benefit.untranslated.len(),
                "open": benefit.open.iter().map(|open| json!({"what": open.what, "set_by": open.set_by})).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({"format": rules::catalogue::FORMAT, "packs": packs, "benefits": benefits})
}
