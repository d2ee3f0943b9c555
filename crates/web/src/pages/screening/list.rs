//! The runs of the home, what is under way, and the form that starts one.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use rules::registry::{Entry as Registered, status_word};
use screening::home::Standing;

use super::start::Asked;
use super::{TITLE, at_home, run_href, yuan};
use crate::error::Error;
use crate::form::{Field, Summary};
use crate::layout::{Layout, page_with};
use crate::parts::{Light, Notice, Tone};
use crate::screenings::Line;
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "screening/list.html")]
struct List {
    layout: Layout,
    csrf: String,
    /// What must be done before anything can be screened; none where it can.
    absent: Option<Notice>,
    jobs: Vec<Shown>,
    runs: Table,
    summary: Summary,
    fields: Vec<Field>,
    without_history: Option<bool>,
    packs: Vec<Pack>,
    chosen: usize,
    warning: String,
}

/// A piece of work in the list.
struct Shown {
    title: String,
    href: String,
    state: Light,
    before: usize,
}

/// Benefits to choose from, by document.
struct Pack {
    title: String,
    benefits: Vec<Choice>,
}

struct Choice {
    id: String,
    name: String,
    remark: String,
    checked: bool,
}

pub(super) async fn show(visit: Visit) -> Result<Response, Error> {
    let asked = Asked::first(&visit.app);
    show_with(&visit, StatusCode::OK, asked).await
}

/// The page with the form as it was filled in.
pub(super) async fn show_with(visit: &Visit, status: StatusCode, asked: Asked) -> Result<Response, Error> {
    let (lines, standing) = at_home(visit, |app| {
        let standing = app.screenings.home().standing();
        Ok((app.screenings.lines()?, standing))
    })
    .await?;
    let listing = Listing::of(&visit.address, "", &columns(), lines);
    if let Some(file) = listing.export("筛查", "本机数据文件夹中的全部筛查。")? {
        return Ok(file);
    }
    let absent = match &standing {
        Ok(_) => None,
        Err(error) => {
            let (message, hint) = error.shown();
            visit.app.log(&format!("screening: {error}"));
            Some(Notice {
                tone: Tone::Warn,
                title: "现在还不能筛查".to_owned(),
                lines: vec![format!("{message}。"), format!("{hint}。")],
            })
        }
    };
    let entries = visit.app.registry();
    let page = List {
        layout: visit.layout(if asked.is_wrong() {
            "批量筛查（需更正）"
        } else {
            "批量筛查"
        }),
        csrf: visit.csrf()?,
        jobs: jobs(visit),
        runs: listing
            .table(TITLE)
            .empty("还没有做过筛查。在本页下方开始，或用命令 leye screen 开始。"),
        summary: asked.summary(),
        warning: asked.wrong_benefits.clone(),
        chosen: asked.benefits.len(),
        packs: packs(&entries, &asked),
        without_history: needs_history(standing.as_ref().ok(), &asked),
        fields: asked.into_fields(visit, standing.ok()),
        absent,
    };
    page_with(status, &page)
}

/// Whether the question stands in the form what to do without a history, and whether it is ticked.
fn needs_history(standing: Option<&Standing>, asked: &Asked) -> Option<bool> {
    let lacks = asked.lacks_history || standing.is_some_and(|standing| !standing.has_history);
    (lacks || asked.without_history).then_some(asked.without_history)
}

fn jobs(visit: &Visit) -> Vec<Shown> {
    let all = visit.app.jobs.all().into_iter();
    all.map(|(job, before)| {
        let now = job.now();
        let state = match (&now.finished, &now.failed) {
            (Some(_), _) => Light::new(Tone::Good, "已完成"),
            (None, Some(_)) => Light::new(Tone::Bad, now.text),
            (None, None) if job.is_waiting() => Light::new(Tone::Mute, "等待"),
            (None, None) => Light::new(Tone::Plain, "进行中"),
        };
        Shown {
            before: if job.is_waiting() { before } else { 0 },
            title: job.title.clone(),
            href: format!("/screening/jobs/{}", job.id),
            state,
        }
    })
    .collect()
}

fn packs(entries: &[Registered<'_>], asked: &Asked) -> Vec<Pack> {
    let mut packs: Vec<Pack> = Vec::new();
    for chunk in entries.chunk_by(|a, b| a.benefit.pack == b.benefit.pack) {
        let Some(first) = chunk.first() else { continue };
        let benefits = chunk.iter().map(|entry| Choice {
            id: entry.benefit.id.to_string(),
            name: entry.benefit.name.clone(),
            remark: format!(
                "{}，{}",
                policy::item::words(&entry.benefit.cite.item),
                status_word(entry.benefit.status)
            ),
            checked: asked.benefits.contains(entry.benefit.id.as_str()),
        });
        packs.push(Pack {
            title: asked.pack_titles.get(&first.benefit.pack).cloned().unwrap_or_default(),
            benefits: benefits.collect(),
        });
    }
    packs
}

fn columns() -> Vec<Column<Arc<Line>>> {
    vec![
        Column::new("run", "筛查编号", |line: &Arc<Line>| {
            if line.wrong.is_empty() {
                Cell::link(&*line.run, run_href(&line.run))
            } else {
                Cell::text(format!("{}\n{}", line.run, line.wrong))
            }
        })
        .sorted()
        .names_row(),
        Column::new("place", "地区", |line: &Arc<Line>| Cell::text(&*line.place))
            .sorted()
            .chosen(),
        Column::new("as_of", "判断日", |line: &Arc<Line>| {
            Cell::text(line.as_of.map(|day| day.to_string()).unwrap_or_default())
        })
        .sorted(),
        Column::new("known_on", "数据截至", |line: &Arc<Line>| {
            Cell::text(line.known_on.map(|day| day.to_string()).unwrap_or_default())
        })
        .sorted(),
        Column::new("benefits", "项目", |line: &Arc<Line>| Cell::count(line.benefits))
            .sorted()
            .number(),
        Column::new("eligible", "初步符合（条）", |line: &Arc<Line>| {
            Cell::count(super::count(line.eligible))
        })
        .sorted()
        .number(),
        Column::new("undetermined", "待核实（条）", |line: &Arc<Line>| {
            Cell::count(super::count(line.undetermined))
        })
        .sorted()
        .number(),
        Column::new("amount", "测算金额", |line: &Arc<Line>| {
            Cell::text(yuan(Some(line.amount_fen))).money(Some(line.amount_fen))
        })
        .sorted()
        .number(),
    ]
}
