//! One run: how many, how much, by benefit, purse and town; what is missing most; what a person should ask.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use report::chart::{Bar, Bars};
use rules::catalogue::Catalogue;
use rules::decision::{Outcome, document};
use screening::words::{
    NOT_REFUSED, PREPARED, TOWN_CODES, amount, channel, fund, level, measured, open_readings, per, place, waiting,
};
use screening::{BenefitSummary, CheckCount, FundSummary, MissingFact, Summary, TownSummary};

use super::{benefit_href, clause_href, count, run_href, run_of, run_title, yuan};
use crate::address::{Address, encoded};
use crate::error::Error;
use crate::layout::{Layout, page};
use crate::parts::{Chart, Figure, Figures, Notice, Terms, Tone};
use crate::screenings::Run;
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

/// Facts in the picture of what is missing.
const SHOWN_FACTS: usize = 10;

#[derive(Template)]
#[template(path = "screening/run.html")]
struct OneRun {
    layout: Layout,
    terms: Terms,
    figures: Figures,
    remarks: Option<Notice>,
    benefits: Table,
    funds: Table,
    towns: Table,
    missing: Table,
    waiting: Vec<String>,
    town_codes: &'static str,
    questions: Table,
    questions_href: String,
    simulate_href: String,
    prepared: &'static str,
    not_refused: &'static str,
}

pub(super) async fn show(visit: Visit, Path(run): Path<String>) -> Result<Response, Error> {
    let run = run_of(&visit, run).await?;
    let (summary, catalogue) = (&run.summary, &visit.app.catalogue);
    let rows = summary
        .benefits
        .iter()
        .map(|benefit| BenefitRow::of(catalogue, summary, benefit));
    let listing = Listing::of(&visit.address, "", &benefit_columns(), rows);
    if let Some(file) = listing.export(
        "筛查结果",
        &format!("{}　筛查编号 {}", run_title(&run), run.manifest.run),
    )? {
        return Ok(file);
    }
    let number = &run.manifest.run;
    let funds = summary.funds.iter().filter(|fund| fund.rows > 0);
    let funds = funds.map(|one| FundRow::of(catalogue, one));
    let found = summary.checks.iter().map(|check| CheckRow {
        check,
        href: questions_of(number, &check.id),
    });
    page(&OneRun {
        layout: visit.layout(run_title(&run)).beneath(super::TITLE, "/screening"),
        terms: terms(catalogue, summary),
        figures: figures(&run),
        remarks: remarks(summary),
        benefits: listing.table("各项目的筛查结果"),
        funds: Listing::of(&visit.address, "funds", &fund_columns(), funds)
            .table("分资金渠道和负担层级")
            .plain()
            .empty("没有初步符合的对象。"),
        towns: Listing::of(&visit.address, "towns", &town_columns(), towns(summary))
            .table("分乡镇（街道）")
            .plain()
            .empty("没有初步符合或待核实的对象。"),
        missing: Listing::of(&visit.address, "missing", &missing_columns(), &summary.missing)
            .table("待核实对象缺少的信息")
            .plain()
            .with_chart(missing_chart(&summary.missing, "missing-chart"))
            .empty("没有因缺少信息而待核实的对象。"),
        waiting: waiting(&reasons(summary)),
        town_codes: TOWN_CODES,
        questions: Listing::of(&visit.address, "checks", &check_columns(), found)
            .table("疑点")
            .plain()
            .empty("没有可核对的疑点。"),
        questions_href: format!("{}/questions", run_href(number)),
        simulate_href: Address::of("/screening/simulations", "").with("run", number).href(),
        prepared: PREPARED,
        not_refused: NOT_REFUSED,
    })
}

/// Why rows of all benefits wait.
fn reasons(summary: &Summary) -> std::collections::BTreeMap<String, u64> {
    let mut sums = std::collections::BTreeMap::new();
    for (reason, rows) in summary.benefits.iter().flat_map(|benefit| &benefit.reasons) {
        *sums.entry(reason.clone()).or_default() += rows;
    }
    sums
}

/// The page of the hits of one check.
fn questions_of(run: &str, check: &str) -> String {
    format!("{}/questions?check={}", run_href(run), encoded(check))
}

fn terms(catalogue: &Catalogue, summary: &Summary) -> Terms {
    let tables = summary
        .tables
        .iter()
        .map(|table| format!("{} {} 行", per(catalogue, &table.per), table.rows));
    Terms {
        pairs: vec![
            ("筛查编号".to_owned(), summary.run.clone()),
            ("地区".to_owned(), place(summary.region, &summary.region_name)),
            ("判断日".to_owned(), summary.as_of.to_string()),
            ("所用文件和数据截至".to_owned(), summary.known_on.to_string()),
            ("按月项目所属月份".to_owned(), summary.month.clone()),
            ("筛查对象".to_owned(), tables.collect::<Vec<_>>().join("，")),
        ],
    }
}

fn figures(run: &Run) -> Figures {
    let hits: u64 = run.summary.checks.iter().map(|check| check.hits).sum();
    let figure = |label: &str, value: String, href: String, tone| Figure {
        label: label.to_owned(),
        value,
        href,
        tone,
    };
    let rows = |outcome| format!("{} 条", run.count(outcome));
    Figures {
        figures: vec![
            figure("初步符合", rows(Outcome::Eligible), String::new(), Tone::Good),
            figure("待核实", rows(Outcome::Undetermined), String::new(), Tone::Warn),
            figure("暂不符合", rows(Outcome::Ineligible), String::new(), Tone::Mute),
            figure(
                "测算金额（初步符合的合计，待核实的未计入）",
                yuan(Some(run.amount_fen())),
                String::new(),
                Tone::Plain,
            ),
            figure(
                "疑点，请工作人员核实",
                format!("{hits} 条"),
                format!("{}/questions", run_href(&run.manifest.run)),
                Tone::Warn,
            ),
        ],
    }
}

/// What must be known before the numbers are read.
fn remarks(summary: &Summary) -> Option<Notice> {
    let mut lines = Vec::new();
    if summary.without_history {
        lines.push("未导入补贴发放记录，按此前均未享受处理。".to_owned());
    }
    if summary.resolved.rows > 0 {
        lines.push(format!(
            "本次筛查内相互影响的 {} 条已按先后重新判断，其中 {} 条因已有在先的享受而不再符合。",
            summary.resolved.rows, summary.resolved.refused
        ));
    }
    if !summary.registers_absent.is_empty() {
        lines.push(format!(
            "没有该地区数据的数据表：{}。",
            summary.registers_absent.join("、")
        ));
    }
    if !summary.registers_partial.is_empty() {
        lines.push(format!(
            "只有部分乡镇数据的数据表：{}。",
            summary.registers_partial.join("、")
        ));
    }
    (!lines.is_empty()).then(|| Notice {
        tone: Tone::Plain,
        title: "阅读本次结果前请注意".to_owned(),
        lines,
    })
}

/// A benefit with the words of its document.
struct BenefitRow<'a> {
    benefit: &'a BenefitSummary,
    document: String,
    href: String,
    /// 待确认口径 that its results rest on.
    readings: usize,
}

impl<'a> BenefitRow<'a> {
    fn of(catalogue: &Catalogue, summary: &Summary, benefit: &'a BenefitSummary) -> Self {
        Self {
            benefit,
            document: document(catalogue, &benefit.document),
            href: benefit_href(&summary.run, &benefit.id),
            readings: open_readings(catalogue, summary.known_on, &benefit.id).len(),
        }
    }
}

fn benefit_columns<'a>() -> Vec<Column<BenefitRow<'a>>> {
    let rows = |key, heading, of: fn(&BenefitSummary) -> u64| {
        Column::new(key, heading, move |row: &BenefitRow<'_>| {
            Cell::count(count(of(row.benefit)))
        })
        .sorted()
        .number()
    };
    vec![
        Column::new("name", "补贴项目", |row: &BenefitRow<'_>| {
            Cell::link(&*row.benefit.name, &*row.href)
        })
        .sorted()
        .names_row()
        .long(),
        Column::new("document", "文件", |row: &BenefitRow<'_>| Cell::text(&*row.document))
            .sorted()
            .chosen(),
        Column::new("item", "条款", |row: &BenefitRow<'_>| {
            let benefit = row.benefit;
            Cell::link(
                policy::item::number(&benefit.item),
                clause_href(&benefit.document, &benefit.item),
            )
        })
        .sorted(),
        Column::new("computable", "可否计算", |row: &BenefitRow<'_>| {
            let status = if row.benefit.is_computable {
                policy::benefit::Status::Computable
            } else {
                policy::benefit::Status::Delegated
            };
            Cell::text(rules::registry::status_word(status))
        })
        .sorted()
        .chosen(),
        rows("eligible", "初步符合", |benefit| benefit.eligible),
        rows("undetermined", "待核实", |benefit| benefit.undetermined),
        rows("ineligible", "暂不符合", |benefit| benefit.ineligible),
        Column::new("amount", "测算金额", |row: &BenefitRow<'_>| {
            Cell::text(amount(row.benefit)).money(measured(row.benefit))
        })
        .sorted()
        .number(),
        Column::new("readings", "待确认口径（处）", |row: &BenefitRow<'_>| {
            let cell = Cell::count(row.readings);
            match row.readings {
                0 => cell,
                _ => Cell {
                    href: format!("{}#readings", row.href),
                    ..cell
                },
            }
        })
        .sorted()
        .number(),
    ]
}

struct FundRow {
    channel: String,
    fund: String,
    level: String,
    rows: u64,
    amount_fen: i64,
}

impl FundRow {
    fn of(catalogue: &Catalogue, one: &FundSummary) -> Self {
        Self {
            channel: channel(&one.channel).to_owned(),
            fund: fund(catalogue, &one.fund).to_owned(),
            level: level(&one.level).to_owned(),
            rows: one.rows,
            amount_fen: one.amount_fen,
        }
    }
}

fn fund_columns() -> Vec<Column<FundRow>> {
    vec![
        Column::new("channel", "支付渠道", |row: &FundRow| Cell::text(&*row.channel))
            .sorted()
            .names_row(),
        Column::new("fund", "资金", |row: &FundRow| Cell::text(&*row.fund)).sorted(),
        Column::new("level", "负担层级", |row: &FundRow| Cell::text(&*row.level)).sorted(),
        Column::new("rows", "初步符合", |row: &FundRow| Cell::count(count(row.rows)))
            .sorted()
            .number(),
        Column::new("amount", "测算金额", |row: &FundRow| {
            Cell::text(yuan(Some(row.amount_fen))).money(Some(row.amount_fen))
        })
        .sorted()
        .number(),
    ]
}

/// The rows of all benefits by town.
fn towns(summary: &Summary) -> Vec<TownSummary> {
    let mut sums: std::collections::BTreeMap<&str, TownSummary> = std::collections::BTreeMap::new();
    for town in summary.benefits.iter().flat_map(|benefit| &benefit.towns) {
        let sum = sums.entry(town.region.as_str()).or_insert_with(|| TownSummary {
            region: town.region.clone(),
            eligible: 0,
            undetermined: 0,
            amount_fen: 0,
        });
        sum.eligible += town.eligible;
        sum.undetermined += town.undetermined;
        sum.amount_fen = sum.amount_fen.saturating_add(town.amount_fen);
    }
    sums.into_values().collect()
}

pub(super) fn town_columns() -> Vec<Column<TownSummary>> {
    vec![
        Column::new("town", "乡镇（街道）", |row: &TownSummary| {
            Cell::text(screening::lists::town(row.region.parse().unwrap_or(0)))
        })
        .sorted()
        .names_row(),
        Column::new("eligible", "初步符合", |row: &TownSummary| {
            Cell::count(count(row.eligible))
        })
        .sorted()
        .number(),
        Column::new("undetermined", "待核实", |row: &TownSummary| {
            Cell::count(count(row.undetermined))
        })
        .sorted()
        .number(),
        Column::new("amount", "测算金额", |row: &TownSummary| {
            Cell::text(yuan(Some(row.amount_fen))).money(Some(row.amount_fen))
        })
        .sorted()
        .number(),
    ]
}

pub(super) fn missing_columns<'a>() -> Vec<Column<&'a MissingFact>> {
    vec![
        Column::new("label", "信息项", |row: &&MissingFact| Cell::text(&*row.label))
            .sorted()
            .names_row()
            .long(),
        Column::new("register", "由哪里提供", |row: &&MissingFact| {
            Cell::text(&*row.register)
        })
        .sorted(),
        Column::new("alone", "只缺这一项（条）", |row: &&MissingFact| {
            Cell::count(count(row.alone))
        })
        .sorted()
        .number(),
        Column::new("rows", "缺少的（条）", |row: &&MissingFact| {
            Cell::count(count(row.rows))
        })
        .sorted()
        .number(),
    ]
}

/// What would settle most: the rows that lack this fact alone.
pub(super) fn missing_chart(missing: &[MissingFact], id: &str) -> Option<Chart> {
    let most = missing.iter().filter(|fact| fact.alone > 0).take(SHOWN_FACTS);
    let bars: Vec<Bar> = most
        .map(|fact| Bar {
            label: fact.label.clone(),
            value: i64::try_from(fact.alone).unwrap_or(i64::MAX),
            shown: format!("{} 条", fact.alone),
            tone: Tone::Warn,
        })
        .collect();
    if bars.is_empty() {
        return None;
    }
    let title = "补上这一项即可判断的条数";
    Some(Chart {
        title: title.to_owned(),
        svg: Bars {
            id: id.to_owned(),
            title: title.to_owned(),
            description: "待核实的对象中，只缺这一项信息的条数；数字见下表。".to_owned(),
            bars,
        }
        .svg(),
    })
}

struct CheckRow<'a> {
    check: &'a CheckCount,
    href: String,
}

fn check_columns<'a>() -> Vec<Column<CheckRow<'a>>> {
    vec![
        Column::new("label", "疑点", |row: &CheckRow<'_>| {
            if row.check.hits > 0 {
                Cell::link(&*row.check.label, &*row.href)
            } else {
                Cell::text(&*row.check.label)
            }
        })
        .sorted()
        .names_row(),
        Column::new("subjects", "涉及对象", |row: &CheckRow<'_>| {
            Cell::count(count(row.check.subjects))
        })
        .sorted()
        .number(),
        Column::new("hits", "条数", |row: &CheckRow<'_>| {
            Cell::count(count(row.check.hits))
        })
        .sorted()
        .number(),
        Column::new("question", "请核实", |row: &CheckRow<'_>| {
            Cell::text(&*row.check.question)
        })
        .long(),
        Column::new("remark", "说明", |row: &CheckRow<'_>| {
            let check = row.check;
            Cell::text(match (&check.failed, check.missing.as_slice()) {
                (Some(_), _) => "未能核对，请用命令 leye policy check 检查疑点文件".to_owned(),
                (None, []) => String::new(),
                (None, missing) => format!("没有数据：{}", missing.join("、")),
            })
        }),
    ]
}
