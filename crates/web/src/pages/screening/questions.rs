//! 疑点 of a run: questions to a person, each with its reason, source, providing unit and batch. Never a finding.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use screening::checks::hits::Hit;
use screening::lists::{self, A_QUESTION, keys_of_hits};
use screening::{CheckCount, Summary};

use super::benefit::{check_label, masked};
use super::{at_home, beneath_run, count, run_href, run_of};
use crate::address::Address;
use crate::error::Error;
use crate::form::{Field, Input};
use crate::layout::{Layout, Link, download, page};
use crate::table::{Cell, Head, Selection, Table, XLSX};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "screening/questions.html")]
struct Questions {
    layout: Layout,
    /// Which check: the filter form.
    path: String,
    field: Field,
    question: String,
    table: Table,
    download: Link,
    a_question: &'static str,
}

pub(super) async fn show(visit: Visit, Path(run): Path<String>) -> Result<Response, Error> {
    let run = run_of(&visit, run).await?;
    let summary = &run.summary;
    let asked = visit.address.get("check").unwrap_or_default();
    let check = summary.checks.iter().position(|check| check.id == asked);
    // Hits stand check by check in the order of the summary.
    let (before, total) = match check {
        Some(at) => (
            summary.checks.iter().take(at).map(|check| check.hits).sum(),
            summary.checks.get(at).map_or(0, |check| check.hits),
        ),
        None => (0_u64, summary.checks.iter().map(|check| check.hits).sum()),
    };
    let mut selection = Selection::of(&visit.address, "");
    (selection.sort, selection.search, selection.export) = (None, String::new(), None);
    let pages = count(total).div_ceil(selection.size).max(1);
    selection.page = selection.page.min(pages);
    let skip = (selection.page - 1) * selection.size;
    let take = selection.size.min(count(total).saturating_sub(skip));
    let number = run.manifest.run.clone();
    let (hits, known_as) = at_home(&visit, move |app| {
        let home = app.screenings.home();
        let hits = lists::hits_from(&home.runs(), &number, before + skip as u64, take)?;
        let known_as = home.known_as(&number, keys_of_hits(&hits))?;
        Ok((hits, known_as))
    })
    .await?;
    let rows = hits
        .iter()
        .enumerate()
        .map(|(at, hit)| cells(summary, skip + at + 1, hit, &known_as));
    let rows = rows.collect();
    let path = format!("{}/questions", run_href(&run.manifest.run));
    let address = Address::of(&path, "").with("check", check.map_or("", |_| asked));
    let address = match visit.address.get("size") {
        Some(size) => address.with("size", size),
        None => address,
    };
    page(&Questions {
        layout: beneath_run(&visit, &run, "疑点"),
        field: field(summary, check.and_then(|at| summary.checks.get(at))),
        question: check
            .and_then(|at| summary.checks.get(at))
            .map_or_else(String::new, |check| check.question.clone()),
        table: Table::window("疑点", &address, selection, heads(), rows, count(total))
            .plain()
            .empty("没有这类疑点。"),
        download: Link::new(
            "下载疑点核实清单（Excel）",
            format!("{}/questions.xlsx", run_href(&run.manifest.run)),
        ),
        path,
        a_question: A_QUESTION,
    })
}

fn field(summary: &Summary, chosen: Option<&CheckCount>) -> Field {
    let mut menu = vec![(String::new(), "全部".to_owned())];
    let found = summary.checks.iter().filter(|check| check.hits > 0);
    menu.extend(found.map(|check| (check.id.clone(), format!("{}（{} 条）", check.label, check.hits))));
    if let Some(check) = chosen.filter(|check| check.hits == 0) {
        menu.push((check.id.clone(), format!("{}（0 条）", check.label)));
    }
    Field::new("check", "疑点")
        .value(chosen.map_or("", |check| check.id.as_str()))
        .input(Input::Menu(menu))
}

fn heads() -> Vec<Head> {
    let mut number = Head::new("no", "序号");
    number.names_row = true;
    let long = |mut head: Head| {
        head.long = true;
        head
    };
    vec![
        number,
        Head::new("check", "疑点"),
        Head::new("subject", "对象"),
        Head::new("other", "相关对象"),
        long(Head::new("evidence", "情况")),
        long(Head::new("source", "数据来源")),
    ]
}

fn cells(summary: &Summary, number: usize, hit: &Hit, known_as: &BTreeMap<String, String>) -> Vec<Cell> {
    vec![
        Cell::count(number),
        Cell::text(check_label(summary, &hit.check)),
        Cell::text(masked(known_as, Some(&hit.subject_key))),
        Cell::text(masked(known_as, hit.other_key.as_deref())),
        Cell::text(&*hit.evidence),
        Cell::text(hit.sources().join("\n")),
    ]
}

pub(super) async fn workbook(visit: Visit, Path(run): Path<String>) -> Result<Response, Error> {
    let run = run_of(&visit, run).await?;
    let made = at_home(&visit, move |app| {
        let home = app.screenings.home();
        let hits = lists::hits(&home.runs(), &run.manifest.run)?;
        let known_as = home.known_as(&run.manifest.run, keys_of_hits(&hits))?;
        let roster = lists::questions(&run.summary, &hits, &known_as);
        Ok(report::roster::workbook(&roster).map_err(|error| error.to_string()))
    })
    .await?;
    let bytes = made
        .map_err(|error| Error::unprocessable(format!("清单写不成表格：{error}"), "请用命令 leye runs --lists 导出"))?;
    Ok(download("疑点核实清单.xlsx", XLSX, bytes))
}
