//! A run on the terminal.

use std::collections::BTreeMap;

use civil::Money;
use report::table::{Column, Table};
use rules::catalogue::Catalogue;

use screening::lists::town;
use screening::words::{self, PREPARED, TOWN_CODES, amount, channel, level, per, place, version, waiting};
use screening::{BenefitSummary, CheckCount, Summary};

use crate::failure::Failure;
use crate::screen::Screen;

/// Facts that are missing, shown.
const SHOWN_FACTS: usize = 8;

/// A run in short: every benefit, funds, towns, what is missing most.
pub(crate) fn overview(screen: &mut Screen, catalogue: &Catalogue, summary: &Summary) -> Result<(), Failure> {
    screen.line(&format!(
        "筛查：{}　判断日 {}　所用文件和数据截至 {}　按月项目所属月份 {}",
        place(summary.region, &summary.region_name),
        summary.as_of,
        summary.known_on,
        summary.month
    ))?;
    let rows = summary
        .tables
        .iter()
        .map(|table| format!("{} {} 行", per(catalogue, &table.per), table.rows));
    screen.line(&format!("筛查对象：{}", rows.collect::<Vec<_>>().join("，")))?;
    screen.line("")?;
    let mut table = Table::new(vec![
        Column::new("条款", 4, 14),
        Column::new("项目", 12, 44),
        Column::new("编号", 10, 36),
        Column::new("初步符合", 8, 10),
        Column::new("待核实", 6, 10),
        Column::new("暂不符合", 8, 10),
        Column::new("测算金额（元）", 10, 18),
    ]);
    for benefit in &summary.benefits {
        table.rows.push(vec![
            policy::item::number(&benefit.item),
            benefit.name.clone(),
            benefit.id.clone(),
            benefit.eligible.to_string(),
            benefit.undetermined.to_string(),
            benefit.ineligible.to_string(),
            amount(benefit),
        ]);
    }
    screen.raw(&table.render(screen.width()))?;
    screen.line("")?;
    funds(screen, catalogue, summary)?;
    towns(screen, &summary.benefits)?;
    if !summary.missing.is_empty() {
        screen
            .line("待核实对象最缺的信息（按补上这一项即可判断的条数排列；还在等别的标准、文件或部门规定的不计入）：")?;
        for fact in summary.missing.iter().take(SHOWN_FACTS) {
            screen.line(&format!(
                "  {}（{}）：缺少的 {} 条，其中只缺这一项的 {} 条",
                fact.label, fact.register, fact.rows, fact.alone
            ))?;
        }
    }
    doubts(screen, summary)?;
    if summary.resolved.rows > 0 {
        screen.line(&format!(
            "本次筛查内相互影响的 {} 条已按先后重新判断，其中 {} 条因已有在先的享受而不再符合。",
            summary.resolved.rows, summary.resolved.refused
        ))?;
    }
    if !summary.registers_absent.is_empty() {
        screen.line(&format!(
            "没有该地区数据的数据表：{}",
            summary.registers_absent.join("、")
        ))?;
    }
    if !summary.registers_partial.is_empty() {
        screen.line(&format!(
            "只有部分乡镇数据的数据表：{}",
            summary.registers_partial.join("、")
        ))?;
    }
    if summary.without_history {
        screen.line("未导入补贴发放记录，按此前均未享受处理。")?;
    }
    screen.line(PREPARED)
}

/// What cross-checks found.
fn doubts(screen: &mut Screen, summary: &Summary) -> Result<(), Failure> {
    let found: Vec<&CheckCount> = summary.checks.iter().filter(|check| check.hits > 0).collect();
    if !found.is_empty() {
        screen.line("")?;
        screen.line("疑点（请工作人员核实，不是认定结论）：")?;
        let mut table = Table::new(vec![
            Column::new("疑点", 10, 30),
            Column::new("涉及对象", 8, 10),
            Column::new("条数", 4, 10),
            Column::new("请核实", 16, 70),
        ]);
        for check in found {
            table.rows.push(vec![
                check.label.clone(),
                check.subjects.to_string(),
                check.hits.to_string(),
                check.question.clone(),
            ]);
        }
        screen.raw(&table.render(screen.width()))?;
    }
    for check in &summary.checks {
        if let Some(why) = &check.failed {
            screen.line(&format!("疑点“{}”未能核对：{why}", check.label))?;
        }
    }
    Ok(())
}

fn funds(screen: &mut Screen, catalogue: &Catalogue, summary: &Summary) -> Result<(), Failure> {
    let mut table = Table::new(vec![
        Column::new("支付渠道", 8, 24),
        Column::new("资金", 8, 30),
        Column::new("负担层级", 8, 20),
        Column::new("初步符合", 8, 10),
        Column::new("测算金额（元）", 10, 18),
    ]);
    for fund in summary.funds.iter().filter(|fund| fund.rows > 0) {
        table.rows.push(vec![
            channel(&fund.channel).to_owned(),
            words::fund(catalogue, &fund.fund).to_owned(),
            level(&fund.level).to_owned(),
            fund.rows.to_string(),
            yuan(fund.amount_fen),
        ]);
    }
    if table.rows.is_empty() {
        return Ok(());
    }
    screen.raw(&table.render(screen.width()))?;
    screen.line("")
}

fn towns(screen: &mut Screen, benefits: &[BenefitSummary]) -> Result<(), Failure> {
    let mut sums: BTreeMap<&str, (u64, u64, i64)> = BTreeMap::new();
    for row in benefits.iter().flat_map(|benefit| &benefit.towns) {
        let sum = sums.entry(row.region.as_str()).or_default();
        sum.0 += row.eligible;
        sum.1 += row.undetermined;
        sum.2 = sum.2.saturating_add(row.amount_fen);
    }
    let mut table = Table::new(vec![
        Column::new("乡镇（街道）", 10, 24),
        Column::new("初步符合", 8, 10),
        Column::new("待核实", 6, 10),
        Column::new("测算金额（元）", 10, 18),
    ]);
    for (code, (eligible, undetermined, amount)) in sums {
        let name = town(code.parse().unwrap_or(0));
        table
            .rows
            .push(vec![name, eligible.to_string(), undetermined.to_string(), yuan(amount)]);
    }
    if table.rows.is_empty() {
        return Ok(());
    }
    screen.raw(&table.render(screen.width()))?;
    screen.line(TOWN_CODES)?;
    screen.line("")
}

/// The funnel of a benefit: how many came to each condition, and how many it stopped.
pub(crate) fn funnel(screen: &mut Screen, catalogue: &Catalogue, benefit: &BenefitSummary) -> Result<(), Failure> {
    screen.line("")?;
    screen.line(&format!(
        "{}（{}，{}）逐条筛选：",
        benefit.name,
        benefit.id,
        policy::item::words(&benefit.item)
    ))?;
    let versions: Vec<&str> = benefit
        .funnel
        .chunk_by(|a, b| a.version == b.version)
        .filter_map(|steps| Some(steps.first()?.version.as_str()))
        .collect();
    for of in &versions {
        let mut table = Table::new(vec![
            Column::new("条件", 12, 60),
            Column::new("条款", 4, 14),
            Column::new("到此", 4, 10),
            Column::new("在此不符", 8, 10),
            Column::new("在此待核实", 10, 10),
        ]);
        if versions.len() > 1 {
            screen.line(&format!("适用版本：{}", version(catalogue, of)))?;
        }
        for step in benefit.funnel.iter().filter(|step| step.version == *of) {
            table.rows.push(vec![
                step.text.clone(),
                policy::item::number(&step.item),
                step.reached.to_string(),
                step.refused.to_string(),
                step.unknown.to_string(),
            ]);
        }
        screen.raw(&table.render(screen.width()))?;
    }
    screen.line(&format!(
        "初步符合 {}，待核实 {}，暂不符合 {}",
        benefit.eligible, benefit.undetermined, benefit.ineligible
    ))?;
    for line in waiting(&benefit.reasons) {
        screen.line(&format!("  待核实的原因：{line}"))?;
    }
    for fact in benefit.missing.iter().take(SHOWN_FACTS) {
        screen.line(&format!(
            "  缺少 {}（{}）：{} 条，其中只缺这一项的 {} 条",
            fact.label, fact.register, fact.rows, fact.alone
        ))?;
    }
    Ok(())
}

fn yuan(fen: i64) -> String {
    Money::from_fen(fen).to_string()
}
