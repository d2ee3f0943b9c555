//! One benefit of a run: the funnel by condition, what is missing, and the list, a window at a time.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use report::chart::{Funnel, Step};
use rules::catalogue::Catalogue;
use rules::decision::{Outcome, cited};
use screening::checks::hits::{Hit, by_subject};
use screening::lists::{self, TO_BE_VERIFIED, eligible, keys_of, town};
use screening::rows::{By, Listed, Order, Rows, Subject, Wait};
use screening::words::{NOT_REFUSED, TOWN_CODES, amount, channel, fund, open_readings, version, waiting};
use screening::{BenefitSummary, Summary};

use super::run::{missing_chart, missing_columns, town_columns};
use super::{at_home, beneath_run, benefit_href, clause_href, count, run_of, yuan};
use crate::address::Address;
use crate::app::App;
use crate::error::Error;
use crate::form::{Field, Input};
use crate::layout::{Layout, Link, download, page};
use crate::parts::{Chart, Figure, Figures, Terms, Tone};
use crate::screenings::Run;
use crate::table::{Cell, Column, Head, Listing, Selection, Table, XLSX};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "screening/benefit.html")]
struct OneBenefit {
    layout: Layout,
    terms: Terms,
    clause: Link,
    figures: Figures,
    funnels: Vec<Table>,
    reasons: Vec<String>,
    missing: Option<Table>,
    towns: Table,
    views: Vec<View>,
    list: Table,
    download: Option<Link>,
    to_be_verified: &'static str,
    not_refused: &'static str,
    town_codes: &'static str,
    /// Open readings: what is done for now, and what else the text admits.
    readings: Vec<(String, String)>,
    /// The form that finds a row by the mark in the workbook.
    csrf: String,
    find: String,
}

/// A view of the list: its link, and whether it is the one shown.
struct View {
    link: Link,
    current: bool,
}

/// Outcomes in the order of the views, with their word in the address; the first needs none.
const OUTCOMES: [(Outcome, &str); 3] = [
    (Outcome::Eligible, ""),
    (Outcome::Undetermined, "undetermined"),
    (Outcome::Ineligible, "ineligible"),
];

/// The word of an outcome in the address.
fn asked_word(outcome: Outcome) -> &'static str {
    let known = OUTCOMES.iter().find(|(one, _)| *one == outcome);
    known.map_or("", |(_, word)| word)
}

/// What the list of an outcome is called.
const fn list_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Eligible => "疑似符合名单",
        Outcome::Undetermined => "待核实名单",
        Outcome::Ineligible => "暂不符合名单",
    }
}

/// A benefit of the run, or that there is none.
pub(super) fn benefit_of<'r>(run: &'r Run, id: &str) -> Result<&'r BenefitSummary, Error> {
    let found = run.summary.benefits.iter().find(|benefit| benefit.id == id);
    found.ok_or_else(|| Error::not_found("这次筛查不含这个补贴项目", "请从该次筛查的项目列表中选择"))
}

pub(super) async fn show(visit: Visit, Path((run, id)): Path<(String, String)>) -> Result<Response, Error> {
    let run = run_of(&visit, run).await?;
    let benefit = benefit_of(&run, &id)?;
    let asked = visit.address.get("outcome").unwrap_or_default();
    let outcome = OUTCOMES
        .iter()
        .find(|(_, word)| *word == asked)
        .map_or(Outcome::Eligible, |(outcome, _)| *outcome);
    let selection = Selection::of(&visit.address, "");
    let order = order(&visit.address, benefit, &selection);
    let window = window(&visit, &run, benefit, outcome, &selection, order).await?;
    let catalogue = &visit.app.catalogue;
    let clause = clause_href(&benefit.document, &benefit.item);
    let citation = catalogue
        .benefits
        .versions(&benefit.id)
        .first()
        .map(|one| cited(catalogue, &one.cite));
    let missing = (!benefit.missing.is_empty()).then(|| {
        Listing::of(&visit.address, "missing", &missing_columns(), &benefit.missing)
            .table("待核实对象缺少的信息")
            .plain()
            .with_chart(missing_chart(&benefit.missing, "missing-chart"))
    });
    let has_list = outcome != Outcome::Ineligible && of_outcome(benefit, outcome) > 0;
    page(&OneBenefit {
        layout: beneath_run(&visit, &run, &*benefit.name),
        terms: terms(&visit.app, benefit),
        clause: Link::new(citation.unwrap_or_else(|| policy::item::words(&benefit.item)), clause),
        figures: figures(benefit),
        funnels: funnels(catalogue, &visit.address, benefit),
        reasons: waiting(&benefit.reasons),
        missing,
        towns: Listing::of(&visit.address, "towns", &town_columns(), benefit.towns.clone())
            .table("分乡镇（街道）")
            .plain()
            .empty("没有初步符合或待核实的对象。"),
        views: views(&run, benefit, outcome),
        list: list(&visit, &run, benefit, outcome, selection, window),
        download: has_list.then(|| {
            let list = format!("{}/list.xlsx", benefit_href(&run.manifest.run, &benefit.id));
            let list = Address::of(&list, "").with("outcome", asked_word(outcome));
            let name = list_name(outcome);
            match order.town {
                None => Link::new(format!("下载{name}（Excel）"), list.href()),
                Some(code) => Link::new(
                    format!("下载{}的{name}（Excel）", town(code)),
                    list.with(AREA, &area(code)).href(),
                ),
            }
        }),
        to_be_verified: TO_BE_VERIFIED,
        not_refused: NOT_REFUSED,
        town_codes: TOWN_CODES,
        readings: open_readings(catalogue, run.summary.known_on, &benefit.id)
            .into_iter()
            .map(|reading| (reading.text.clone(), reading.alternatives.join("；")))
            .collect(),
        csrf: visit.csrf()?,
        find: format!("{}/rows", benefit_href(&run.manifest.run, &benefit.id)),
    })
}

fn terms(app: &App, benefit: &BenefitSummary) -> Terms {
    Terms {
        pairs: vec![
            ("项目编号".to_owned(), benefit.id.clone()),
            ("支付渠道".to_owned(), {
                let known = app.catalogue.benefits.versions(&benefit.id).first();
                known
                    .map_or_else(|| channel(&benefit.channel), rules::decision::handling)
                    .to_owned()
            }),
            ("资金".to_owned(), fund(&app.catalogue, &benefit.fund).to_owned()),
            ("对象".to_owned(), screening::words::per(&app.catalogue, &benefit.per)),
        ],
    }
}

fn figures(benefit: &BenefitSummary) -> Figures {
    let figure = |outcome: Outcome, rows: u64, tone| Figure {
        label: outcome.label().to_owned(),
        value: format!("{rows} 条"),
        href: String::new(),
        tone,
    };
    Figures {
        figures: vec![
            figure(Outcome::Eligible, benefit.eligible, Tone::Good),
            figure(Outcome::Undetermined, benefit.undetermined, Tone::Warn),
            figure(Outcome::Ineligible, benefit.ineligible, Tone::Mute),
            Figure {
                label: "测算金额".to_owned(),
                value: amount(benefit),
                href: String::new(),
                tone: Tone::Plain,
            },
        ],
    }
}

/// A condition of the funnel with its clause.
struct StepRow {
    text: String,
    item: String,
    href: String,
    reached: u64,
    refused: u64,
    unknown: u64,
}

/// The funnel of each version, as picture and table.
fn funnels(catalogue: &Catalogue, address: &Address, benefit: &BenefitSummary) -> Vec<Table> {
    let versions: Vec<&[screening::Step]> = benefit.funnel.chunk_by(|a, b| a.version == b.version).collect();
    let several = versions.len() > 1;
    versions
        .into_iter()
        .enumerate()
        .map(|(number, steps)| {
            let of = steps.first().map_or("", |step| step.version.as_str());
            let title = if several {
                format!("逐条筛选（适用版本：{}）", version(catalogue, of))
            } else {
                "逐条筛选".to_owned()
            };
            let rows = steps.iter().map(|step| StepRow {
                text: step.text.clone(),
                item: step.item.clone(),
                href: clause_href(&document_of(catalogue, benefit, step), &step.item),
                reached: step.reached,
                refused: step.refused,
                unknown: step.unknown,
            });
            let picture = Funnel {
                id: format!("funnel-chart-{number}"),
                title: title.clone(),
                description: "按文件中条件的先后，每一条之后还剩多少条，其中在此待核实的另着一色；数字见下表。"
                    .to_owned(),
                steps: picture(steps),
            };
            Listing::of(address, &format!("funnel-{number}"), &step_columns(), rows)
                .table(&title)
                .plain()
                .with_chart(Some(Chart {
                    title,
                    svg: picture.svg(),
                }))
        })
        .collect()
}

/// The document that a condition cites: its own, else that of its version.
fn document_of(catalogue: &Catalogue, benefit: &BenefitSummary, step: &screening::Step) -> String {
    let versions = catalogue.benefits.versions(&benefit.id).iter();
    let version = versions.into_iter().find(|version| version.version() == step.version);
    let cite = version.map(|version| {
        let condition = version
            .conditions
            .iter()
            .find(|condition| *condition.id == step.condition);
        condition
            .and_then(|condition| condition.cite.as_ref())
            .unwrap_or(&version.cite)
    });
    cite.map_or_else(|| benefit.document.clone(), |cite| cite.document.clone())
}

fn picture(steps: &[screening::Step]) -> Vec<Step> {
    let whole = steps.first().map_or(0, |step| step.reached);
    let number = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
    let first = Step {
        label: "全部对象".to_owned(),
        left: number(whole),
        shown: format!("{whole} 条"),
        taken: String::new(),
        open: 0,
        tone: Tone::Mute,
    };
    let rest = steps.iter().map(|step| {
        let left = step.reached.saturating_sub(step.refused);
        let taken = match (step.refused, step.unknown) {
            (0, 0) => String::new(),
            (refused, 0) => format!("不符 {refused}"),
            (0, unknown) => format!("待核实 {unknown}"),
            (refused, unknown) => format!("不符 {refused}，待核实 {unknown}"),
        };
        Step {
            label: step.text.clone(),
            left: number(left),
            shown: format!("{left} 条"),
            taken,
            open: number(step.unknown).min(number(left)),
            tone: Tone::Plain,
        }
    });
    std::iter::once(first).chain(rest).collect()
}

fn step_columns() -> Vec<Column<StepRow>> {
    let rows = |key, heading, of: fn(&StepRow) -> u64| {
        Column::new(key, heading, move |row: &StepRow| Cell::count(count(of(row)))).number()
    };
    vec![
        Column::new("text", "申领条件", |row: &StepRow| Cell::text(&*row.text))
            .names_row()
            .long(),
        Column::new("item", "条款", |row: &StepRow| {
            Cell::link(policy::item::words(&row.item), &*row.href)
        }),
        rows("reached", "到此", |row| row.reached),
        rows("refused", "在此不符", |row| row.refused),
        rows("unknown", "在此待核实", |row| row.unknown),
    ]
}

fn of_outcome(benefit: &BenefitSummary, outcome: Outcome) -> u64 {
    match outcome {
        Outcome::Eligible => benefit.eligible,
        Outcome::Undetermined => benefit.undetermined,
        Outcome::Ineligible => benefit.ineligible,
    }
}

fn views(run: &Run, benefit: &BenefitSummary, shown: Outcome) -> Vec<View> {
    let address = Address::of(&benefit_href(&run.manifest.run, &benefit.id), "");
    OUTCOMES
        .iter()
        .map(|(outcome, word)| View {
            link: Link::new(
                format!("{}（{}）", outcome.label(), of_outcome(benefit, *outcome)),
                format!("{}#list", address.with("outcome", word).href()),
            ),
            current: *outcome == shown,
        })
        .collect()
}

/// Rows of one window with what is shown of them.
struct Window {
    rows: Vec<Listed>,
    hits: Vec<Hit>,
    known_as: BTreeMap<String, String>,
    total: u64,
}

/// The parameter of the address for the town; a column of the list is called so already.
pub(super) const AREA: &str = "area";

/// A town in the address.
pub(super) fn area(town: i64) -> String {
    format!("{town:09}")
}

/// The town that an address asks for, among those of a benefit.
fn town_of(address: &Address, benefit: &BenefitSummary) -> Option<i64> {
    let asked = address.get(AREA)?;
    towns(benefit).find(|town| area(*town) == asked)
}

/// The towns with rows that somebody should look at.
fn towns(benefit: &BenefitSummary) -> impl Iterator<Item = i64> {
    benefit.towns.iter().map(|town| town.region.parse().unwrap_or(0))
}

/// What the address asks of the list.
fn order(address: &Address, benefit: &BenefitSummary, selection: &Selection) -> Order {
    let sort = selection
        .sort
        .as_ref()
        .map(|(key, descending)| (key.as_str(), *descending));
    let by = match sort.map(|(key, _)| key) {
        Some("amount") => Some(By::Amount),
        Some("months") => Some(By::Months),
        Some("date") => Some(By::Date),
        Some("town") => Some(By::Town),
        _ => None,
    };
    Order {
        town: town_of(address, benefit),
        by,
        descending: by.is_some() && sort.is_some_and(|(_, descending)| descending),
    }
}

async fn window(
    visit: &Visit,
    run: &std::sync::Arc<Run>,
    benefit: &BenefitSummary,
    outcome: Outcome,
    selection: &Selection,
    order: Order,
) -> Result<Window, Error> {
    let (run, id, selection) = (std::sync::Arc::clone(run), benefit.id.clone(), selection.clone());
    at_home(visit, move |app| {
        let home = app.screenings.home();
        let (runs, number) = (home.runs(), &run.manifest.run);
        let table = Rows::open(&app.catalogue, &runs, number, &id)?;
        let first = |total: u64| {
            let pages = total.div_ceil(selection.size as u64).max(1);
            ((selection.page as u64).min(pages) - 1) * selection.size as u64
        };
        let (total, rows) = if order.is_plain() {
            let places = run.places(&id, &table)?;
            let total = places.count(outcome);
            (total, table.window(&places, outcome, first(total), selection.size)?)
        } else {
            let numbers = run.ordered(&id, outcome, order, &table)?;
            let total = numbers.len() as u64;
            let skip = usize::try_from(first(total)).unwrap_or(usize::MAX);
            let here = numbers.get(skip..).unwrap_or_default();
            (total, table.listed(here.get(..selection.size).unwrap_or(here))?)
        };
        let keys: BTreeSet<&str> = rows.iter().flat_map(|row| row.about.keys()).collect();
        let hits = lists::hits_about(&runs, number, &keys)?;
        let known_as = home.known_as(number, keys)?;
        Ok(Window {
            rows,
            hits,
            known_as,
            total,
        })
    })
    .await
}

/// Whom a row is about, masked: the words of the register, or the covered key where no register knows it.
pub(super) fn masked(known_as: &BTreeMap<String, String>, key: Option<&str>) -> String {
    key.map_or_else(String::new, |key| {
        known_as
            .get(key)
            .cloned()
            .unwrap_or_else(|| screening::words::covered(key))
    })
}

/// The questions that are asked about a row, by their labels.
pub(super) fn doubts<'h>(hits: &BTreeMap<&str, Vec<&'h Hit>>, row: &Subject) -> Vec<&'h Hit> {
    let of_row = row.keys().filter_map(|key| hits.get(key)).flatten().copied();
    of_row.filter(|hit| hit.is_about_row(&row.key)).collect()
}

pub(super) fn check_label<'s>(summary: &'s Summary, check: &'s str) -> &'s str {
    let found = summary.checks.iter().find(|one| one.id == check);
    found.map_or(check, |one| one.label.as_str())
}

fn list(
    visit: &Visit,
    run: &Run,
    benefit: &BenefitSummary,
    outcome: Outcome,
    mut selection: Selection,
    window: Window,
) -> Table {
    let Window {
        rows,
        hits,
        known_as,
        total,
    } = window;
    let hits = by_subject(&hits);
    let total = count(total);
    let pages = total.div_ceil(selection.size).max(1);
    selection.page = selection.page.min(pages);
    // Searching would need to read whom every row is about.
    (selection.search, selection.export) = (String::new(), None);
    let first = (selection.page - 1) * selection.size;
    let has = |of: fn(&Subject) -> bool| rows.iter().any(|row| of(&row.about));
    let with = [
        has(|row| row.person.is_some() || row.household.is_some()),
        has(|row| row.employer.is_some()),
        has(|row| row.institution.is_some()),
        has(|row| row.months.is_some()),
        outcome == Outcome::Eligible && benefit.amount_fen.is_some(),
    ];
    let sorted = |mut head: Head| {
        head.sorted = true;
        head
    };
    let number = |mut head: Head| {
        head.number = true;
        sorted(head)
    };
    let mut names = Head::new("no", "序号");
    names.names_row = true;
    let optional = [
        Head::new("person", "对象"),
        Head::new("employer", "用人单位"),
        Head::new("institution", "机构"),
        number(Head::new("months", "月数")),
        number(Head::new("amount", "金额")),
    ];
    let chosen = |with: [bool; 5], cells: [Cell; 5]| {
        let pairs = cells.into_iter().zip(with);
        pairs
            .filter(|(_, with)| *with)
            .map(|(cell, _)| cell)
            .collect::<Vec<_>>()
    };
    let mut heads = vec![names];
    heads.extend(
        optional
            .into_iter()
            .zip(with)
            .filter(|(_, with)| *with)
            .map(|(head, _)| head),
    );
    heads.extend([
        sorted(Head::new("town", "所在乡镇（街道）")),
        sorted(Head::new("date", "依据日期")),
        Head::new("doubts", "疑点"),
    ]);
    let base = benefit_href(&run.manifest.run, &benefit.id);
    let cells = rows.iter().enumerate().map(|(at, row)| {
        let href = format!("{base}/rows/{}", row.number + 1);
        let row = &row.about;
        let mut cells = vec![Cell::link(format!("{} 看原因", first + at + 1), href)];
        let person = row.person.as_deref().or(row.household.as_deref());
        cells.extend(chosen(
            with,
            [
                Cell::text(masked(&known_as, person)),
                Cell::text(masked(&known_as, row.employer.as_deref())),
                Cell::text(masked(&known_as, row.institution.as_deref())),
                Cell::text(row.months.map(|months| months.to_string()).unwrap_or_default()),
                Cell::text(yuan(row.amount_fen)),
            ],
        ));
        let mut labels: Vec<&str> = doubts(&hits, row)
            .into_iter()
            .map(|hit| check_label(&run.summary, &hit.check))
            .collect();
        labels.dedup();
        cells.push(Cell::text(town(row.town)));
        cells.push(Cell::text(row.date.map(|day| day.to_string()).unwrap_or_default()));
        cells.push(Cell::text(labels.join("、")));
        cells
    });
    let title = match outcome {
        Outcome::Eligible => "疑似符合名单",
        Outcome::Undetermined => "待核实的对象",
        Outcome::Ineligible => "暂不符合的对象",
    };
    let rows = cells.collect();
    let mut menu = vec![(String::new(), "全部".to_owned())];
    menu.extend(towns(benefit).map(|code| (area(code), town(code))));
    let chosen = town_of(&visit.address, benefit);
    let field = Field::new(AREA, "乡镇（街道）").value(chosen.map(area).unwrap_or_default());
    let mut table = Table::window(title, &visit.address, selection, heads, rows, total)
        .windowed()
        .with_fields(vec![field.input(Input::Menu(menu))])
        .empty(format!("没有{}的对象。{}", outcome.label(), NOT_REFUSED));
    table.unfiltered = count(of_outcome(benefit, outcome));
    table
}

pub(super) async fn workbook(visit: Visit, Path((run, id)): Path<(String, String)>) -> Result<Response, Error> {
    let run = run_of(&visit, run).await?;
    let benefit = benefit_of(&run, &id)?.clone();
    let only = town_of(&visit.address, &benefit);
    let of_town = only.map_or_else(String::new, |code| format!("-{}", area(code)));
    let is_waiting = visit.address.get("outcome") == Some("undetermined");
    let outcome = if is_waiting {
        Outcome::Undetermined
    } else {
        Outcome::Eligible
    };
    let name = format!("{}{of_town}-{}.xlsx", benefit.id, list_name(outcome));
    let made = at_home(&visit, move |app| {
        let home = app.screenings.home();
        let (runs, number) = (home.runs(), &run.manifest.run);
        if is_waiting {
            let rows = Rows::open(&app.catalogue, &runs, number, &benefit.id)?;
            let of_town = Order {
                town: only,
                ..Order::default()
            };
            let numbers = rows.ordered(outcome, &of_town)?;
            let found: Vec<(Listed, Wait)> = rows.rows(&numbers)?.into_iter().zip(rows.waits(&numbers)?).collect();
            let known_as = home.known_as(number, keys_of(found.iter().map(|(row, _)| &row.about)))?;
            let roster = lists::waiting_workbook(&app.catalogue, &run.summary, &benefit, (&found, only), &known_as);
            return Ok(report::roster::workbook(&roster).map_err(|error| error.to_string()));
        }
        let mut rows = eligible(&runs, number, |one| one == benefit.id)?;
        let mut rows = rows.remove(&benefit.id).unwrap_or_default();
        rows.retain(|row| only.is_none_or(|town| row.town == town));
        let hits = lists::hits(&runs, number)?;
        let known_as = home.known_as(number, keys_of(&rows))?;
        let roster = lists::workbook(&app.catalogue, &run.summary, &benefit, (&rows, only), &hits, &known_as);
        Ok(report::roster::workbook(&roster).map_err(|error| error.to_string()))
    })
    .await?;
    let bytes = made.map_err(|error| {
        Error::unprocessable(
            format!("名单写不成表格：{error}"),
            "请用命令 leye runs --lists 分项导出",
        )
    })?;
    Ok(download(&name, XLSX, bytes))
}
