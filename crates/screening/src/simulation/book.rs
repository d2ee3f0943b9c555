//! A comparison as a workbook.

use report::roster::{Cell, Roster, Sheet};
use rules::catalogue::Catalogue;

use rules::decision::document;

use super::words::{ROWS, WITHHELD, foot, fund, level, notes, outcome, rows, says_something, title, town};
use super::{Change, Comparison, Flow, Retro, Sum};
use crate::words::{UNMEASURED, version};

/// The workbook: 总览, 分项目, 分资金渠道, 分负担层级, 分乡镇, 分人群, and for later documents 逐条清单.
pub fn roster(catalogue: &Catalogue, comparison: &Comparison) -> Roster {
    let (title, notes, foot) = (title(comparison), notes(catalogue, comparison), foot(comparison));
    let sheet = |name: &str, headers: Vec<String>, rows: Vec<Vec<Cell>>| Sheet {
        name: name.to_owned(),
        title: format!("{title}（{name}）"),
        notes: notes.clone(),
        headers,
        rows,
        foot: foot.clone(),
        names_rows: false,
    };
    let mut sheets = vec![sheet(
        "总览",
        words(&["内容", "条数", "金额（元）"]),
        overview(comparison),
    )];
    let (changed, others): (Vec<_>, Vec<_>) = comparison
        .benefits
        .iter()
        .partition(|benefit| !benefit.change.is_none());
    let benefits = changed.into_iter().chain(others).map(|benefit| {
        let document = document(catalogue, &benefit.document);
        let mut cells = texts(&[
            &document,
            &policy::item::number(&benefit.item),
            &benefit.name,
            &benefit.id,
        ]);
        let mut numbers = numbers(Some(&benefit.change), benefit.has_amount);
        if benefit.is_unmeasured() {
            numbers.truncate(ROWS.len());
            numbers.extend([UNMEASURED; MONEY].map(Cell::from));
        }
        cells.extend(numbers);
        cells
    });
    let headers = change_headers(&["文件", "条款", "项目", "编号"]);
    sheets.push(sheet("分项目", headers, benefits.collect()));
    let funds = comparison.funds.iter().map(|one| {
        let [way, name] = fund(catalogue, &one.channel, &one.fund);
        flow(vec![way.into(), name.into()], &one.flow)
    });
    let levels = comparison
        .levels
        .iter()
        .map(|one| flow(vec![level(&one.level).into()], &one.flow));
    // The same money told twice: two tables, so that nobody adds them up.
    let of = |first: &[&str]| words(&[first, &FLOW].concat());
    sheets.push(sheet("分资金渠道", of(&["支付渠道", "资金"]), funds.collect()));
    sheets.push(sheet("分负担层级", of(&["负担层级"]), levels.collect()));
    let towns = comparison
        .towns
        .iter()
        .filter(|line| says_something(line.change.as_ref()));
    let towns = towns.map(|line| {
        let mut cells = vec![Cell::Text(town(&line.region, &line.name))];
        cells.extend(numbers(line.change.as_ref(), true));
        cells
    });
    sheets.push(sheet("分乡镇", change_headers(&["乡镇（街道）"]), towns.collect()));
    let groups = comparison
        .groups
        .iter()
        .filter(|line| says_something(line.change.as_ref()));
    let groups = groups.map(|line| {
        let mut cells = texts(&[&line.dimension, &line.label]);
        cells.extend(numbers(line.change.as_ref(), true));
        cells
    });
    sheets.push(sheet("分人群", change_headers(&["类别", "人群"]), groups.collect()));
    if let Some(retro) = &comparison.retro {
        sheets.push(sheet("逐条清单", case_headers(), cases(catalogue, comparison, retro)));
    }
    Roster { title, sheets }
}

/// Columns of money behind the counts.
const MONEY: usize = 3;
/// Headings of what is paid before and after.
const FLOW: [&str; 5] = ["原条数", "原金额（元）", "现条数", "现金额（元）", "增减（元）"];

fn words(headers: &[&str]) -> Vec<String> {
    headers.iter().map(|header| (*header).to_owned()).collect()
}

fn texts(cells: &[&String]) -> Vec<Cell> {
    cells.iter().map(|text| Cell::Text((*text).clone())).collect()
}

fn count(rows: u64) -> Cell {
    Cell::Count(i64::try_from(rows).unwrap_or(i64::MAX))
}

fn overview(comparison: &Comparison) -> Vec<Vec<Cell>> {
    let total = &comparison.total;
    let line = |label: &str, sum: &Sum| vec![label.into(), count(sum.rows), Cell::Fen(sum.amount_fen)];
    let difference = if comparison.is_unmeasured() {
        UNMEASURED.into()
    } else {
        Cell::Fen(total.difference_fen())
    };
    let alone = |label: &str, rows: u64| vec![label.into(), count(rows), Cell::Empty];
    let mut lines = vec![
        line("原符合", &total.before),
        line("新增符合", &total.gained),
        line("不再符合", &total.lost),
        line("转为待核实", &total.unsettled),
        line("金额提高（提高部分）", &total.more),
        line("金额降低（降低部分）", &total.less),
        alone("金额不变", total.same),
        line("现符合", &total.after),
        vec!["金额增减".into(), Cell::Empty, difference],
        alone("原待核实", total.undetermined_before),
        alone("现待核实", total.undetermined_after),
        alone("其中由暂不符合转来", total.newly_undetermined),
    ];
    if let Some(retro) = &comparison.retro {
        lines.push(line("应补", &retro.under));
        lines.push(line("多付", &retro.over));
        lines.push(line("尚不能确定（转为待核实）", &retro.unsettled));
    }
    lines
}

fn change_headers(first: &[&str]) -> Vec<String> {
    let mut headers = words(first);
    headers.extend(words(&ROWS));
    headers.extend(words(&["原金额（元）", "现金额（元）", "增减（元）"]));
    headers
}

fn numbers(change: Option<&Change>, has_amount: bool) -> Vec<Cell> {
    let Some(change) = change else {
        return vec![WITHHELD.into(); ROWS.len() + MONEY];
    };
    let mut cells: Vec<Cell> = rows(change).into_iter().map(count).collect();
    if has_amount {
        let money = [
            change.before.amount_fen,
            change.after.amount_fen,
            change.difference_fen(),
        ];
        cells.extend(money.map(Cell::Fen));
    } else {
        cells.extend(vec![Cell::Empty; MONEY]);
    }
    cells
}

fn flow(mut cells: Vec<Cell>, flow: &Flow) -> Vec<Cell> {
    cells.push(count(flow.before.rows));
    cells.push(Cell::Fen(flow.before.amount_fen));
    cells.push(count(flow.after.rows));
    cells.push(Cell::Fen(flow.after.amount_fen));
    cells.push(Cell::Fen(flow.after.amount_fen.saturating_sub(flow.before.amount_fen)));
    cells
}

fn case_headers() -> Vec<String> {
    words(&[
        "序号", "项目", "编号", "明细行", "标识（遮挡）", "乡镇（街道）", "原结果", "原版本", "原金额（元）", "现结果",
        "现版本", "现金额（元）", "应补（元）", "多付（元）",
    ])
}

fn cases(catalogue: &Catalogue, comparison: &Comparison, retro: &Retro) -> Vec<Vec<Cell>> {
    let money = |fen: Option<i64>| fen.map_or(Cell::Empty, Cell::Fen);
    let owed = |fen: i64| if fen == 0 { Cell::Empty } else { Cell::Fen(fen) };
    let lines = retro.cases.iter().zip(1_i64..).map(|(case, number)| {
        let benefit = comparison.benefits.iter().find(|benefit| benefit.id == case.benefit);
        let name = comparison.towns.iter().find(|line| line.region == case.town);
        vec![
            Cell::Count(number),
            benefit
                .map_or_else(|| case.benefit.clone(), |benefit| benefit.name.clone())
                .into(),
            case.benefit.clone().into(),
            count(case.row),
            case.key.clone().into(),
            town(&case.town, name.map_or("", |line| line.name.as_str())).into(),
            outcome(&case.before.outcome).into(),
            version(catalogue, &case.before.version).into(),
            money(case.before.amount_fen),
            outcome(&case.after.outcome).into(),
            version(catalogue, &case.after.version).into(),
            money(case.after.amount_fen),
            owed(case.under_fen),
            owed(case.over_fen),
        ]
    });
    lines.collect()
}
