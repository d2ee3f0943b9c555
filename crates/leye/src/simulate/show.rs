//! A comparison on the terminal.

use report::table::{Column, Table};
use rules::catalogue::Catalogue;
use screening::simulation::words::{
    ROWS, WITHHELD, foot, fund, level, notes, rows, says_something, signed, title, town, unchanged,
};
use screening::simulation::{Change, Comparison, Retro};

use crate::failure::Failure;
use crate::screen::Screen;

/// The whole comparison.
pub(super) fn comparison(screen: &mut Screen, catalogue: &Catalogue, comparison: &Comparison) -> Result<(), Failure> {
    screen.line(&title(comparison))?;
    for note in notes(catalogue, comparison) {
        screen.line(&note)?;
    }
    screen.line("")?;
    if comparison.total.is_none() {
        screen.line(unchanged(comparison))?;
    } else {
        totals(screen, &comparison.total)?;
        if let Some(retro) = &comparison.retro {
            owed(screen, retro)?;
        }
        benefits(screen, comparison)?;
        purses(screen, catalogue, comparison)?;
        parts(screen, comparison)?;
    }
    for line in foot(comparison) {
        screen.line(&line)?;
    }
    Ok(())
}

fn totals(screen: &mut Screen, total: &Change) -> Result<(), Failure> {
    screen.line(&format!(
        "符合 {} 条变为 {} 条：新增 {}，不再符合 {}，转为待核实 {}；金额提高 {} 条，降低 {} 条，不变 {} 条。",
        total.before.rows,
        total.after.rows,
        total.gained.rows,
        total.lost.rows,
        total.unsettled.rows,
        total.more.rows,
        total.less.rows,
        total.same
    ))?;
    screen.line(&format!(
        "金额 {}变为 {}，差额 {}。",
        yuan(total.before.amount_fen),
        yuan(total.after.amount_fen),
        signed(total.difference_fen())
    ))?;
    screen.line("")
}

fn owed(screen: &mut Screen, retro: &Retro) -> Result<(), Failure> {
    screen.line(&format!(
        "应补 {} 条，{}；多付 {} 条，{}；转为待核实、尚不能确定的 {} 条，涉及 {}。逐条见 --xlsx 或 --json。",
        retro.under.rows,
        yuan(retro.under.amount_fen),
        retro.over.rows,
        yuan(retro.over.amount_fen),
        retro.unsettled.rows,
        yuan(retro.unsettled.amount_fen)
    ))?;
    screen.line("")
}

fn yuan(fen: i64) -> String {
    civil::Money::from_fen(fen).to_string()
}

fn count_columns() -> impl Iterator<Item = Column> {
    ROWS.into_iter().map(|heading| Column::new(heading, 6, 10))
}

fn numbers(change: Option<&Change>, has_amount: bool) -> Vec<String> {
    let Some(change) = change else {
        return vec![WITHHELD.to_owned(); ROWS.len() + 1];
    };
    let mut cells: Vec<String> = rows(change).iter().map(ToString::to_string).collect();
    cells.push(if has_amount {
        signed(change.difference_fen())
    } else {
        "—".to_owned()
    });
    cells
}

fn benefits(screen: &mut Screen, comparison: &Comparison) -> Result<(), Failure> {
    let mut columns = vec![Column::new("项目", 12, 44), Column::new("编号", 10, 36)];
    columns.extend(count_columns());
    columns.push(Column::new("金额增减", 10, 18));
    let mut table = Table::new(columns);
    for benefit in comparison.benefits.iter().filter(|benefit| !benefit.change.is_none()) {
        let mut cells = vec![benefit.name.clone(), benefit.id.clone()];
        cells.extend(numbers(Some(&benefit.change), benefit.has_amount));
        table.rows.push(cells);
    }
    screen.raw(&table.render(screen.width()))?;
    screen.line("")
}

fn purses(screen: &mut Screen, catalogue: &Catalogue, comparison: &Comparison) -> Result<(), Failure> {
    let tail = || ["原条数", "原金额", "现条数", "现金额", "增减"].map(|heading| Column::new(heading, 6, 18));
    let cells = |flow: &screening::simulation::Flow| {
        [
            flow.before.rows.to_string(),
            yuan(flow.before.amount_fen),
            flow.after.rows.to_string(),
            yuan(flow.after.amount_fen),
            signed(flow.after.amount_fen.saturating_sub(flow.before.amount_fen)),
        ]
    };
    let mut columns = vec![Column::new("支付渠道", 8, 24), Column::new("资金", 8, 30)];
    columns.extend(tail());
    let mut table = Table::new(columns);
    for one in &comparison.funds {
        let mut line = fund(catalogue, &one.channel, &one.fund).to_vec();
        line.extend(cells(&one.flow));
        table.rows.push(line);
    }
    screen.raw(&table.render(screen.width()))?;
    screen.line("")?;
    let mut columns = vec![Column::new("负担层级", 8, 24)];
    columns.extend(tail());
    let mut table = Table::new(columns);
    for one in &comparison.levels {
        let mut line = vec![level(&one.level).to_owned()];
        line.extend(cells(&one.flow));
        table.rows.push(line);
    }
    screen.raw(&table.render(screen.width()))?;
    screen.line("")
}

fn parts(screen: &mut Screen, comparison: &Comparison) -> Result<(), Failure> {
    let mut columns = vec![Column::new("乡镇（街道）、人群", 12, 30)];
    columns.extend(count_columns());
    columns.push(Column::new("金额增减", 10, 18));
    let mut table = Table::new(columns);
    let towns = comparison
        .towns
        .iter()
        .map(|line| (town(&line.region, &line.name), &line.change));
    let groups = comparison
        .groups
        .iter()
        .map(|line| (format!("{}：{}", line.dimension, line.label), &line.change));
    for (label, change) in towns
        .chain(groups)
        .filter(|(_, change)| says_something(change.as_ref()))
    {
        let mut cells = vec![label];
        cells.extend(numbers(change.as_ref(), true));
        table.rows.push(cells);
    }
    screen.raw(&table.render(screen.width()))?;
    screen.line("")
}
