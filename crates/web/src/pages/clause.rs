//! One clause of a document: its wording where the home keeps it, the tasks it gives, the benefits that stand on it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use policy::ledger::{NOT_STATED, Scope, Sources};
use rules::registry::status_word;

use super::Entry;
use crate::address::{Address, encoded};
use crate::app::App;
use crate::error::Error;
use crate::layout::{Layout, page};
use crate::parts::Terms;
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

pub(super) const ENTRIES: &[Entry] = &[Entry {
    path: "/rules/{pack}/items/{item}",
    navigation: None,
    route: || get(show),
    uploads: false,
    examples: &["/rules/cixi-2020/items/24"],
    forms: false,
}];

#[derive(Template)]
#[template(path = "clause/one.html")]
struct Clause {
    layout: Layout,
    document: String,
    tasks: Vec<Terms>,
    benefits: Table,
    judged: Vec<(String, String)>,
}

/// A benefit that stands on the clause.
struct Standing {
    name: String,
    id: String,
    status: &'static str,
    conditions: String,
    /// 待确认口径.
    readings: usize,
    /// The latest run that decided it: its number, and how many are 初步符合 and 待核实.
    run: Option<(String, u64, u64)>,
}

async fn show(visit: Visit, Path((id, item)): Path<(String, String)>) -> Result<Response, Error> {
    let catalogue = &visit.app.catalogue;
    let library = &catalogue.library;
    let absent = || Error::not_found("政策文件库中没有这一条款", "请从政策文件库进入文件后选择");
    let pack = library.packs.get(&id).ok_or_else(absent)?;
    let (wordings, day) = (visit.app.wordings(), visit.app.today());
    let sources = Sources {
        wordings: &wordings,
        day,
    };
    let scope = Scope::of(library, pack.policy.region.as_deref().map(String::as_str), None, None)
        .map_err(|refused| Error::not_found(refused.message, refused.hint))?;
    let duties = scope.duties(&sources).into_iter();
    let duties = duties.filter(|duty| duty.pack.id() == id && (*duty.task.id == item || duty.task.no == item));
    let tasks: Vec<Terms> = duties
        .map(|duty| Terms {
            pairs: vec![
                ("内容".to_owned(), duty.content()),
                ("责任单位".to_owned(), duty.units_text()),
                ("完成时限".to_owned(), duty.deadline()),
            ],
        })
        .collect();
    let app = std::sync::Arc::clone(&visit.app);
    // A home without any run, or one that cannot be read, hides no clause.
    let runs = visit.app.heavy.run(move || latest_runs(&app)).await?;
    let standing: Vec<Standing> = catalogue
        .benefits
        .all()
        .filter_map(|benefit| {
            let of_clause = |cite: &policy::benefit::Citation| cite.document == id && *cite.item == item;
            let conditions = benefit.conditions.iter().filter(|condition| {
                let cite = condition.cite.as_ref().unwrap_or(&benefit.cite);
                of_clause(cite)
            });
            let conditions: Vec<&str> = conditions.map(|condition| condition.text.as_str()).collect();
            (of_clause(&benefit.cite) || !conditions.is_empty()).then(|| Standing {
                name: benefit.name.clone(),
                id: benefit.id.to_string(),
                status: status_word(benefit.status),
                conditions: conditions.join("\n"),
                readings: benefit
                    .readings
                    .iter()
                    .filter(|reading| reading.confirmed.is_none())
                    .count(),
                run: runs.get(benefit.id.as_str()).cloned(),
            })
        })
        .collect();
    let judged: Vec<(String, String)> = pack
        .untranslated
        .iter()
        .filter(|one| {
            let cited = one.cite.as_ref().and_then(|cite| cite.item.as_ref());
            cited.is_some_and(|cited| **cited == item)
        })
        .map(|one| (one.clause.clone(), one.why.clone()))
        .collect();
    if tasks.is_empty() && standing.is_empty() && judged.is_empty() {
        return Err(absent());
    }
    page(&Clause {
        layout: visit
            .layout(policy::item::words(&item))
            .beneath("政策文件库", "/rules")
            .beneath(&*pack.policy.title, format!("/rules/{}", encoded(&id))),
        document: match &pack.policy.number {
            Some(number) => format!("{number}　{}", pack.policy.titled()),
            None => format!("{}（发文字号：{NOT_STATED}）", pack.policy.titled()),
        },
        tasks,
        benefits: Listing::of(&visit.address, "", &columns(), standing)
            .table("依据这一条款的扶持政策")
            .plain()
            .empty("没有扶持政策以这一条款为依据。"),
        judged,
    })
}

fn columns() -> Vec<Column<Standing>> {
    vec![
        Column::new("name", "名称", |row: &Standing| {
            Cell::link(&*row.name, format!("/catalogue/{}", encoded(&row.id)))
        })
        .names_row()
        .long(),
        Column::new("id", "编号", |row: &Standing| Cell::text(&*row.id)),
        Column::new("status", "可否计算", |row: &Standing| Cell::text(row.status)),
        Column::new(
            "conditions",
            "出自这一条款的条件（摘要）",
            |row: &Standing| Cell::text(&*row.conditions),
        )
        .long(),
        Column::new("readings", "待确认口径", |row: &Standing| {
            let cell = Cell::count(row.readings);
            if row.readings == 0 {
                return cell;
            }
            let href = Address::of("/rules/readings", "").with("q", &row.name).href();
            Cell { href, ..cell }
        })
        .number(),
        Column::new("run", "最近一次筛查", |row: &Standing| match &row.run {
            Some((run, eligible, undetermined)) => Cell::link(
                format!("初步符合 {eligible}，待核实 {undetermined}\n{run}"),
                format!("/screening/runs/{}/benefits/{}", encoded(run), encoded(&row.id)),
            ),
            None => Cell::text("未筛查"),
        }),
    ]
}

/// By benefit the latest run that decided it.
fn latest_runs(app: &App) -> BTreeMap<String, (String, u64, u64)> {
    let mut found = BTreeMap::new();
    for line in app.screenings.lines().unwrap_or_default() {
        let Ok(run) = app.screenings.run(&line.run) else {
            continue;
        };
        for benefit in &run.summary.benefits {
            found
                .entry(benefit.id.clone())
                .or_insert_with(|| (line.run.clone(), benefit.eligible, benefit.undetermined));
        }
    }
    found
}
