//! What a simulation came to: who gains, who loses, by benefit, purse, level, town and group. Small numbers are withheld
//! before this page sees them.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use rules::catalogue::Catalogue;
use screening::simulation::words::{self, ROWS, foot_inside, notes, says_something, signed, title};
use screening::simulation::{Change, Comparison, Flow, book, picture};
use screening::words::{UNMEASURED, version};

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
    unchanged: Option<&'static str>,
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
    let concerned: Vec<&str> = comparison.concerned().map(|benefit| benefit.id.as_str()).collect();
    let benefits = comparison
        .benefits
        .iter()
        .filter(|benefit| !benefit.change.is_none() || concerned.contains(&benefit.id.as_str()));
    let benefits = benefits.map(|benefit| ChangeRow {
        label: benefit.name.clone(),
        change: benefit.change,
        money: match (benefit.has_amount, benefit.is_unmeasured()) {
            (false, _) => Some("—"),
            (true, true) => Some(UNMEASURED),
            (true, false) => None,
        },
    });
    let chart = Chart {
        title: "各项目增减条数".to_owned(),
        svg: picture::svg(&comparison),
    };
    let towns = comparison
        .towns
        .iter()
        .filter(|line| says_something(Some(&line.inside)));
    let towns = towns.map(|line| ChangeRow {
        label: words::town(&line.region, &line.name),
        change: line.inside,
        money: None,
    });
    let groups = comparison
        .groups
        .iter()
        .filter(|line| says_something(Some(&line.inside)));
    let groups = groups.map(|line| ChangeRow {
        label: format!("{}：{}", line.dimension, line.label),
        change: line.inside,
        money: None,
    });
    page(&Outcome {
        layout: visit
            .layout(title(&comparison))
            .beneath(TITLE, "/screening")
            .beneath("政策测算", "/screening/simulations"),
        notes: notes(catalogue, &comparison),
        unchanged: comparison.total.is_none().then(|| words::unchanged(&comparison)),
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
        cases: cases(catalogue, address, &comparison),
        foot: foot_inside(&comparison),
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
        figure("金额增减", words::difference(comparison), Tone::Plain),
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

/// Something that changes.
struct ChangeRow {
    label: String,
    change: Change,
    /// What stands in the place of money where there is none, or none can be told.
    money: Option<&'static str>,
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
        Column::new(key, heading, move |row: &ChangeRow| {
            Cell::count(count(words::rows(&row.change).get(at).copied().unwrap_or(0)))
        })
        .sorted()
        .number()
    }));
    let money = |key, heading, of: fn(&Change) -> i64, shown: fn(i64) -> String| {
        Column::new(key, heading, move |row: &ChangeRow| match row.money {
            Some(word) => Cell::text(word).by(None),
            None => Cell::text(shown(of(&row.change))).money(Some(of(&row.change))),
        })
        .sorted()
        .number()
    };
    let plain = |fen: i64| yuan(Some(fen));
    columns.push(money("was", "原金额", |change| change.before.amount_fen, plain));
    columns.push(money("is", "现金额", |change| change.after.amount_fen, plain));
    columns.push(money("difference", "金额增减", Change::difference_fen, signed));
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
            Cell::text(if sign { signed(fen) } else { yuan(Some(fen)) }).money(Some(fen))
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
fn cases(catalogue: &Catalogue, address: &crate::address::Address, comparison: &Comparison) -> Option<Table> {
    let retro = comparison.retro.as_ref()?;
    type Case = screening::simulation::Case;
    let names: std::collections::BTreeMap<String, String> = comparison
        .benefits
        .iter()
        .map(|benefit| (benefit.id.clone(), benefit.name.clone()))
        .collect();
    let owed = |fen: i64| match fen {
        0 => Cell::text(""),
        fen => Cell::text(yuan(Some(fen))).money(Some(fen)),
    };
    let titles: std::collections::BTreeMap<String, String> = retro
        .cases
        .iter()
        .flat_map(|case| [&case.before.version, &case.after.version])
        .map(|one| (one.clone(), version(catalogue, one)))
        .collect();
    let standing = move |one: &screening::simulation::Standing| {
        let version = titles.get(&one.version).unwrap_or(&one.version);
        let amount = one
            .amount_fen
            .map_or_else(String::new, |fen| format!("\n{}", yuan(Some(fen))));
        Cell::text(format!("{}{amount}\n{version}", words::outcome(&one.outcome)))
    };
    let before = standing.clone();
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
        Column::new("was", "原结果", move |case: &&Case| before(&case.before)),
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
