//! 疑点 of a run: questions to a person, each with its reason, source, providing unit and batch. Never a finding.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use screening::checks::hits::Hit;
use screening::lists::{self, A_QUESTION, TOWNS_OF_QUESTIONS, has_towns, keys_of_hits, related, town, towns};
use screening::words::TOWN_CODES;
use screening::{CheckCount, Summary};

use super::benefit::{AREA, area, check_label, masked};
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
    /// Which check and which town: the filter form.
    path: String,
    fields: Vec<Field>,
    question: String,
    /// What must be known where towns stand in the list.
    of_towns: Vec<&'static str>,
    table: Table,
    download: Link,
    a_question: &'static str,
}

/// What an address asks of the questions of a run.
#[derive(Clone, Copy)]
struct Asked<'s> {
    check: Option<&'s CheckCount>,
    town: Option<i64>,
}

impl<'s> Asked<'s> {
    /// What there is not is not asked: an address typed by hand still shows a list.
    fn of(address: &Address, summary: &'s Summary) -> Self {
        let check = address.get("check").unwrap_or_default();
        Self {
            check: summary.checks.iter().find(|one| one.id == check),
            town: town_of(address, summary),
        }
    }

    /// How many there are of a check, or of all, where the town is the one that is asked for.
    fn count(&self, summary: &Summary, check: Option<&CheckCount>) -> u64 {
        match check {
            Some(check) => check.hits_of(self.town),
            None => summary.checks.iter().map(|check| check.hits_of(self.town)).sum(),
        }
    }

    /// The hits of the check in the order of the run: how many come before them, and how many they are.
    fn place(&self, summary: &Summary) -> (u64, u64) {
        let Some(check) = self.check else {
            return (0, summary.checks.iter().map(|check| check.hits).sum());
        };
        // Hits stand check by check in the order of the summary.
        let before = summary.checks.iter().take_while(|one| one.id != check.id);
        (before.map(|one| one.hits).sum(), check.hits)
    }
}

/// The town that an address asks for, among those of the run's questions.
fn town_of(address: &Address, summary: &Summary) -> Option<i64> {
    let asked = address.get(AREA)?;
    towns_in(summary).into_iter().find(|town| area(*town) == asked)
}

/// The towns of a run's questions.
fn towns_in(summary: &Summary) -> BTreeSet<i64> {
    let towns = summary.checks.iter().flat_map(|check| &check.towns);
    towns.map(screening::CheckTown::town).collect()
}

pub(super) async fn show(visit: Visit, Path(run): Path<String>) -> Result<Response, Error> {
    let run = run_of(&visit, run).await?;
    let summary = &run.summary;
    let asked = Asked::of(&visit.address, summary);
    let total = count(asked.count(summary, asked.check));
    let mut selection = Selection::of(&visit.address, "");
    (selection.sort, selection.search, selection.export) = (None, String::new(), None);
    let pages = total.div_ceil(selection.size).max(1);
    selection.page = selection.page.min(pages);
    let skip = (selection.page - 1) * selection.size;
    let take = selection.size.min(total.saturating_sub(skip));
    let number = run.manifest.run.clone();
    let (place, town) = (asked.place(summary), asked.town);
    let (hits, known_as) = at_home(&visit, move |app| {
        let home = app.screenings.home();
        let hits = match town {
            None => lists::hits_from(&home.runs(), &number, place.0 + skip as u64, take)?,
            Some(town) => lists::hits_of_town(&home.runs(), &number, place, town, (skip as u64, take))?,
        };
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
    let of_town = asked.town.map(area).unwrap_or_default();
    let address = Address::of(&path, "")
        .with("check", asked.check.map_or("", |check| check.id.as_str()))
        .with(AREA, &of_town);
    let address = match visit.address.get("size") {
        Some(size) => address.with("size", size),
        None => address,
    };
    page(&Questions {
        layout: beneath_run(&visit, &run, "疑点"),
        fields: fields(summary, asked),
        question: asked.check.map_or_else(String::new, |check| check.question.clone()),
        of_towns: if has_towns(summary) {
            vec![TOWN_CODES, TOWNS_OF_QUESTIONS]
        } else {
            Vec::new()
        },
        table: Table::window("疑点", &address, selection, heads(summary), rows, total)
            .plain()
            .empty("没有这类疑点。"),
        download: file(&run.manifest.run, asked.town),
        path,
        a_question: A_QUESTION,
    })
}

/// The workbook of all questions, or of those of the town that is shown.
fn file(run: &str, of_town: Option<i64>) -> Link {
    let href = Address::of(&format!("{}/questions.xlsx", run_href(run)), "");
    match of_town {
        None => Link::new("下载疑点核实清单（Excel）", href.href()),
        Some(code) => Link::new(
            format!("下载{}的疑点核实清单（Excel）", town(code)),
            href.with(AREA, &area(code)).href(),
        ),
    }
}

/// What may be chosen: a check, and a town where the run tells them.
fn fields(summary: &Summary, asked: Asked<'_>) -> Vec<Field> {
    let mut menu = vec![(String::new(), "全部".to_owned())];
    let chosen = asked.check.map_or("", |check| check.id.as_str());
    let found = summary.checks.iter().map(|check| (check, check.hits_of(asked.town)));
    let found = found.filter(|(check, hits)| *hits > 0 || check.id == chosen);
    menu.extend(found.map(|(check, hits)| (check.id.clone(), format!("{}（{hits} 条）", check.label))));
    let mut fields = vec![Field::new("check", "疑点").value(chosen).input(Input::Menu(menu))];
    if has_towns(summary) {
        let mut menu = vec![(String::new(), "全部".to_owned())];
        menu.extend(towns_in(summary).into_iter().map(|code| {
            let of = Asked {
                town: Some(code),
                ..asked
            };
            let hits = of.count(summary, asked.check);
            (area(code), format!("{}（{hits} 条）", town(code)))
        }));
        let chosen = asked.town.map(area).unwrap_or_default();
        fields.push(Field::new(AREA, "乡镇（街道）").value(chosen).input(Input::Menu(menu)));
    }
    fields
}

fn heads(summary: &Summary) -> Vec<Head> {
    let mut number = Head::new("no", "序号");
    number.names_row = true;
    let long = |mut head: Head| {
        head.long = true;
        head
    };
    let mut heads = vec![number, Head::new("check", "疑点"), Head::new("subject", "对象")];
    heads.extend(has_towns(summary).then(|| Head::new("town", "所在乡镇（街道）")));
    heads.extend([
        Head::new("other", "相关对象"),
        long(Head::new("evidence", "情况")),
        long(Head::new("source", "数据来源")),
    ]);
    heads
}

fn cells(summary: &Summary, number: usize, hit: &Hit, known_as: &BTreeMap<String, String>) -> Vec<Cell> {
    let word = |key: &str| masked(known_as, Some(key));
    let mut cells = vec![
        Cell::count(number),
        Cell::text(check_label(summary, &hit.check)),
        Cell::text(word(&hit.subject_key)),
    ];
    cells.extend(has_towns(summary).then(|| Cell::text(towns(hit))));
    cells.extend([
        Cell::text(related(hit, word)),
        Cell::text(&*hit.evidence),
        Cell::text(hit.sources().join("\n")),
    ]);
    cells
}

pub(super) async fn workbook(visit: Visit, Path(run): Path<String>) -> Result<Response, Error> {
    let run = run_of(&visit, run).await?;
    let only = town_of(&visit.address, &run.summary);
    let name = match only {
        None => "疑点核实清单.xlsx".to_owned(),
        Some(code) => format!("疑点核实清单-{}.xlsx", area(code)),
    };
    let made = at_home(&visit, move |app| {
        let home = app.screenings.home();
        let mut hits = lists::hits(&home.runs(), &run.manifest.run)?;
        hits.retain(|hit| only.is_none_or(|town| hit.is_of(town)));
        let known_as = home.known_as(&run.manifest.run, keys_of_hits(&hits))?;
        let roster = lists::questions(&run.summary, (&hits, only), &known_as);
        Ok(report::roster::workbook(&roster).map_err(|error| error.to_string()))
    })
    .await?;
    let bytes = made
        .map_err(|error| Error::unprocessable(format!("清单写不成表格：{error}"), "请用命令 leye runs --lists 导出"))?;
    Ok(download(&name, XLSX, bytes))
}
