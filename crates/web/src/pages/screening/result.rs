//! What a simulation came to: who gains, who loses, by benefit, purse, level, town and group. Small numbers are withheld
//! before this page sees them.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use rules::catalogue::Catalogue;
use screening::simulation::words::{self, ROWS, WITHHELD, foot, notes, says_something, signed, title};
use screening::simulation::{Change, Comparison, Flow, book, picture};

use super::{TITLE, count, run_href, yuan};
use crate::error::Error;
use crate::layout::{Layout, Link, download, page};
use crate::parts::{Chart, Figure, Figures, Tone};
use crate::table::{Cell, Column, Listing, Table, XLSX};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "screening/result.html")]
struct Outcome {
    layout: Layout,
    notes: Vec<String>,
    unchanged: bool,
    figures: Figures,
    benefits: Table,
    funds: Table,
    levels: Table,
    towns: Table,
    groups: Table,
    cases: Option<Table>,
    foot: Vec<String>,
    download: Link,
    run: Link,
}

/// Cases of a retro that a page shows; the workbook has them all.
const SHOWN_CASES: usize = 1_000;

fn found(visit: &Visit, id: &str) -> Result<Arc<Comparison>, Error> {
    visit.app.screenings.simulation(id).ok_or_else(|| {
        Error::not_found(
            "没有这次测算，或服务已重新启动过",
            "测算结果只保留到服务停止，请重新测算；需要留存的请下载 Excel",
        )
    })
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    let comparison = found(&visit, &id)?;
    let (catalogue, address) = (&visit.app.catalogue, &visit.address);
    let benefits = comparison.benefits.iter().filter(|benefit| !benefit.change.is_none());
    let benefits = benefits.map(|benefit| ChangeRow {
        label: benefit.name.clone(),
        change: Some(benefit.change),
        has_amount: benefit.has_amount,
    });
    let chart = Chart {
        title: "各项目增减条数".to_owned(),
        svg: picture::svg(&comparison),
    };
    let towns = comparison
        .towns
        .iter()
        .filter(|line| says_something(line.change.as_ref()));
    let towns = towns.map(|line| ChangeRow {
        label: words::town(&line.region, &line.name),
        change: line.change,
        has_amount: true,
    });
    let groups = comparison
        .groups
        .iter()
        .filter(|line| says_something(line.change.as_ref()));
    let groups = groups.map(|line| ChangeRow {
        label: format!("{}：{}", line.dimension, line.label),
        change: line.change,
        has_amount: true,
    });
    page(&Outcome {
        layout: visit
            .layout(title(&comparison))
            .beneath(TITLE, "/screening")
            .beneath("政策测算", "/screening/simulations"),
        notes: notes(catalogue, &comparison),
        unchanged: comparison.total.is_none(),
        figures: figures(&comparison),
        benefits: Listing::of(address, "benefits", &change_columns("补贴项目"), benefits)
            .table("分项目")
            .plain()
            .with_chart(Some(chart))
            .empty("没有任何项目的预审结果或金额改变。"),
        funds: flows(
            address,
            "funds",
            "分资金渠道",
            "支付渠道和资金",
            funds(catalogue, &comparison),
        ),
        levels: flows(address, "levels", "分负担层级", "负担层级", levels(&comparison)),
        towns: Listing::of(address, "towns", &change_columns("乡镇（街道）"), towns)
            .table("分乡镇（街道）")
            .plain()
            .empty("各乡镇（街道）没有变化。"),
        groups: Listing::of(address, "groups", &change_columns("人群"), groups)
            .table("分人群")
            .plain()
            .empty("各人群没有变化。"),
        cases: cases(address, &comparison),
        foot: foot(&comparison),
        download: Link::new(
            "下载测算结果（Excel）",
            format!("/screening/simulations/{id}/result.xlsx"),
        ),
        run: Link::new(format!("筛查 {}", comparison.run), run_href(&comparison.run)),
    })
}

fn figures(comparison: &Comparison) -> Figures {
    let total = &comparison.total;
    let figure = |label: &str, value: String, tone| Figure {
        label: label.to_owned(),
        value,
        href: String::new(),
        tone,
    };
    let rows = |rows: u64| format!("{rows} 条");
    let mut figures = vec![
        figure("原符合", rows(total.before.rows), Tone::Plain),
        figure("现符合", rows(total.after.rows), Tone::Plain),
        figure("新增符合", rows(total.gained.rows), Tone::Good),
        figure("不再符合", rows(total.lost.rows), Tone::Bad),
        figure("转为待核实", rows(total.unsettled.rows), Tone::Warn),
        figure("金额提高", rows(total.more.rows), Tone::Good),
        figure("金额降低", rows(total.less.rows), Tone::Bad),
        figure("金额增减", signed(total.difference_fen()), Tone::Plain),
    ];
    if let Some(retro) = &comparison.retro {
        let sum = |rows: u64, fen: i64| format!("{rows} 条，{}", yuan(Some(fen)));
        figures.push(figure(
            "应补",
            sum(retro.under.rows, retro.under.amount_fen),
            Tone::Warn,
        ));
        figures.push(figure("多付", sum(retro.over.rows, retro.over.amount_fen), Tone::Warn));
    }
    Figures { figures }
}

/// Something that changes; withheld where there is no change.
struct ChangeRow {
    label: String,
    change: Option<Change>,
    has_amount: bool,
}

fn change_columns(heading: &'static str) -> Vec<Column<ChangeRow>> {
    const KEYS: [&str; ROWS.len()] = [
        "before", "gained", "lost", "unsettled", "more", "less", "after", "newly",
    ];
    let mut columns = vec![
        Column::new("label", heading, |row: &ChangeRow| Cell::text(&*row.label))
            .sorted()
            .names_row()
            .long(),
    ];
    columns.extend(KEYS.into_iter().zip(ROWS).enumerate().map(|(at, (key, heading))| {
        Column::new(key, heading, move |row: &ChangeRow| match &row.change {
            Some(change) => Cell::count(count(words::rows(change).get(at).copied().unwrap_or(0))),
            None => Cell::text(WITHHELD).by(None),
        })
        .sorted()
        .number()
    }));
    columns.push(
        Column::new("difference", "金额增减", |row: &ChangeRow| match &row.change {
            Some(change) if row.has_amount => {
                Cell::text(signed(change.difference_fen())).by(Some(change.difference_fen()))
            }
            Some(_) => Cell::text("—").by(None),
            None => Cell::text(WITHHELD).by(None),
        })
        .sorted()
        .number(),
    );
    columns
}

/// What a purse pays before and after.
struct FlowRow {
    label: String,
    flow: Flow,
}

fn funds(catalogue: &Catalogue, comparison: &Comparison) -> Vec<FlowRow> {
    let funds = comparison.funds.iter();
    funds
        .map(|one| FlowRow {
            label: words::fund(catalogue, &one.channel, &one.fund).join("　"),
            flow: one.flow,
        })
        .collect()
}

fn levels(comparison: &Comparison) -> Vec<FlowRow> {
    let levels = comparison.levels.iter();
    levels
        .map(|one| FlowRow {
            label: words::level(&one.level).to_owned(),
            flow: one.flow,
        })
        .collect()
}

fn flows(
    address: &crate::address::Address,
    name: &str,
    caption: &str,
    heading: &'static str,
    rows: Vec<FlowRow>,
) -> Table {
    let money = |key, heading, of: fn(&Flow) -> i64, sign: bool| {
        Column::new(key, heading, move |row: &FlowRow| {
            let fen = of(&row.flow);
            Cell::text(if sign { signed(fen) } else { yuan(Some(fen)) }).by(Some(fen))
        })
        .sorted()
        .number()
    };
    let rows_of = |key, heading, of: fn(&Flow) -> u64| {
        Column::new(key, heading, move |row: &FlowRow| Cell::count(count(of(&row.flow))))
            .sorted()
            .number()
    };
    let columns = vec![
        Column::new("label", heading, |row: &FlowRow| Cell::text(&*row.label))
            .sorted()
            .names_row(),
        rows_of("rows_before", "原条数", |flow| flow.before.rows),
        money("before", "原金额", |flow| flow.before.amount_fen, false),
        rows_of("rows_after", "现条数", |flow| flow.after.rows),
        money("after", "现金额", |flow| flow.after.amount_fen, false),
        money(
            "difference",
            "增减",
            |flow| flow.after.amount_fen.saturating_sub(flow.before.amount_fen),
            true,
        ),
    ];
    Listing::of(address, name, &columns, rows)
        .table(caption)
        .plain()
        .empty("没有金额。")
}

/// Rows that were paid too little or too much, for a retro.
fn cases(address: &crate::address::Address, comparison: &Comparison) -> Option<Table> {
    let retro = comparison.retro.as_ref()?;
    type Case = screening::simulation::Case;
    let names: std::collections::BTreeMap<String, String> = comparison
        .benefits
        .iter()
        .map(|benefit| (benefit.id.clone(), benefit.name.clone()))
        .collect();
    let owed = |fen: i64| match fen {
        0 => Cell::text(""),
        fen => Cell::text(yuan(Some(fen))).by(Some(fen)),
    };
    let standing = |one: &screening::simulation::Standing| {
        let amount = one
            .amount_fen
            .map_or_else(String::new, |fen| format!("\n{}", yuan(Some(fen))));
        Cell::text(format!("{}{amount}\n{}", words::outcome(&one.outcome), one.version))
    };
    let columns = [
        Column::new("key", "标识（遮挡）", |case: &&Case| Cell::text(&*case.key)).names_row(),
        Column::new("benefit", "补贴项目", move |case: &&Case| {
            Cell::text(
                names
                    .get(&case.benefit)
                    .cloned()
                    .unwrap_or_else(|| case.benefit.clone()),
            )
        })
        .sorted(),
        Column::new("was", "原结果", move |case: &&Case| standing(&case.before)),
        Column::new("is", "现结果", move |case: &&Case| standing(&case.after)),
        Column::new("under", "应补", move |case: &&Case| owed(case.under_fen))
            .sorted()
            .number(),
        Column::new("over", "多付", move |case: &&Case| owed(case.over_fen))
            .sorted()
            .number(),
    ];
    let shown = retro.cases.iter().take(SHOWN_CASES);
    Some(
        Listing::of(address, "cases", &columns, shown)
            .table("应补、多付逐条清单")
            .plain()
            .empty("没有应补或多付的。"),
    )
}

pub(super) async fn workbook(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    let comparison = found(&visit, &id)?;
    let app = Arc::clone(&visit.app);
    let made = visit
        .app
        .heavy
        .run(move || report::roster::workbook(&book::roster(&app.catalogue, &comparison)));
    let bytes = made
        .await?
        .map_err(|error| Error::inside(format!("simulation as a workbook: {error}")))?;
    Ok(download("政策测算.xlsx", XLSX, bytes))
}
