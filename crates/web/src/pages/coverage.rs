//! 条款对应情况: what each clause of a document became; with the user's copy also which of its figures nothing cites. What
//! `leye policy coverage` prints.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use policy::Pack;
use policy::reading::{Understood, understand};

use super::Entry;
use crate::address::{Address, encoded};
use crate::app::App;
use crate::coverage::{Coverage, Item, Loose, identify};
use crate::error::Error;
use crate::form::{Field, Summary, Upload};
use crate::layout::{Layout, page_with};
use crate::parts::{Figure, Figures, Notice, Tone};
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

pub(super) const ENTRIES: &[Entry] = &[Entry {
    path: "/rules/{pack}/coverage",
    navigation: None,
    route: || get(show).post(check),
    uploads: true,
    examples: &["/rules/cixi-2020/coverage", "/rules/dazu-2020/coverage?carried=任务"],
    forms: true,
}];

/// Characters of the copy shown around a figure that nothing cites.
const AROUND: usize = 24;

#[derive(Template)]
#[template(path = "rules/coverage.html")]
struct Page {
    layout: Layout,
    csrf: String,
    action: String,
    no_secrets: Notice,
    summary: Summary,
    file: Field,
    figures: Figures,
    checked: Option<Checked>,
    items: Table,
}

/// What came of a copy.
struct Checked {
    notice: Notice,
    nowhere: Vec<String>,
    loose: Option<Table>,
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    let app = Arc::clone(&visit.app);
    let pack = find(&app, &id)?;
    let coverage = Coverage::of(&app.catalogue, pack, None);
    let listing = listing(&visit.address, &app, &coverage);
    if let Some(file) = listing.export("条款对应情况", &pack.policy.title)? {
        return Ok(file);
    }
    answer(&visit, pack, &coverage, listing.table("条款"), None, String::new())
}

fn find<'a>(app: &'a App, id: &str) -> Result<&'a Pack, Error> {
    let pack = app.catalogue.library.packs.get(id);
    pack.ok_or_else(|| Error::not_found("政策文件库中没有这份文件", "请从政策文件库的列表中选择"))
}

async fn check(visit: Visit, Path(id): Path<String>, upload: Upload) -> Result<Response, Error> {
    let app = Arc::clone(&visit.app);
    let pack = find(&app, &id)?;
    let plain = |wrong: String| {
        let coverage = Coverage::of(&app.catalogue, pack, None);
        let table = listing(&Address::of(visit.address.path(), ""), &app, &coverage).table("条款");
        answer(&visit, pack, &coverage, table, None, wrong)
    };
    let mut files = upload.files.into_iter();
    let (Some(file), None) = (files.next(), files.next()) else {
        return plain("请选择一份文件".to_owned());
    };
    let (inside, name) = (Arc::clone(&app), id.clone());
    let work = move || -> Result<(Coverage, Understood), String> {
        let copy = understand(&file.bytes, &inside.catalogue.library.units)?;
        let pack = inside
            .catalogue
            .library
            .packs
            .get(&name)
            .ok_or("政策文件库中没有这份文件")?;
        identify(pack, &copy.extraction).map_err(|wrong| format!("{wrong}。请上传与本政策文件对应的原文"))?;
        Ok((Coverage::of(&inside.catalogue, pack, Some(&copy)), copy))
    };
    match app.heavy.run(work).await? {
        Ok((coverage, copy)) => {
            let checked = checked(&coverage, &copy);
            // Nothing of the copy is kept, so its result has no address: it is shown whole, without tools.
            let whole = Address::of(visit.address.path(), "size=1000");
            let table = listing(&whole, &app, &coverage).table("条款").plain();
            answer(&visit, pack, &coverage, table, Some(checked), String::new())
        }
        Err(wrong) => plain(wrong),
    }
}

fn answer(
    visit: &Visit,
    pack: &Pack,
    coverage: &Coverage,
    items: Table,
    checked: Option<Checked>,
    wrong: String,
) -> Result<Response, Error> {
    let status = if wrong.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let file = super::documents::file_field(visit, "file", "文件原文").wrong(wrong);
    let action = format!("/rules/{}/coverage", encoded(pack.id()));
    page_with(
        status,
        &Page {
            layout: visit
                .layout("条款对应情况")
                .beneath("政策文件库", "/rules")
                .beneath(&*pack.policy.title, format!("/rules/{}", encoded(pack.id()))),
            csrf: visit.csrf()?,
            action,
            no_secrets: super::documents::no_secrets(),
            summary: Summary::of([&file]),
            file,
            figures: figures(coverage),
            checked,
            items,
        },
    )
}

fn figures(coverage: &Coverage) -> Figures {
    let figure = |label: &str, value: String, tone| Figure {
        label: label.to_owned(),
        value,
        href: String::new(),
        tone,
    };
    let gaps = |count: usize| if count == 0 { Tone::Good } else { Tone::Bad };
    let mut figures = vec![
        figure("条款", format!("{} 项", coverage.items.len()), Tone::Plain),
        figure(
            "没有着落的条款",
            format!("{} 项", coverage.nowhere.len()),
            gaps(coverage.nowhere.len()),
        ),
        figure("需人工判断条款", format!("{} 条", coverage.judged()), Tone::Plain),
    ];
    match &coverage.figures {
        Some(found) => {
            figures.push(figure("原文中的数字", format!("{} 个", found.count), Tone::Plain));
            figures.push(figure(
                "没有着落的数字",
                format!("{} 个", found.loose.len()),
                gaps(found.loose.len()),
            ));
        }
        None => figures.push(figure("原文中的数字", "未核对".to_owned(), Tone::Mute)),
    }
    Figures { figures }
}

/// What carries an item, in words.
fn carried(item: &Item) -> Vec<&'static str> {
    let ways = [
        (item.tasks > 0, "任务"),
        (!item.benefits.is_empty(), "补贴项目"),
        (!item.targets.is_empty(), "目标"),
        (!item.duties.is_empty(), "职责"),
        (item.untranslated > 0, "需人工判断条款"),
        (item.no_duty > 0, "不含职责"),
    ];
    let mut words: Vec<&str> = ways.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
    if words.is_empty() {
        words.push("没有着落");
    }
    words
}

/// An item with the names of what it cites by id.
struct Row<'c> {
    item: &'c Item,
    /// The page of the clause, where it has one.
    href: String,
    benefits: String,
    targets: String,
    duties: String,
}

/// The items as the address asks for them; names in the place of ids where the packs have them.
fn listing(address: &Address, app: &App, coverage: &Coverage) -> Listing {
    let benefit = |id: &String| {
        let found = app.catalogue.benefits.all().find(|benefit| benefit.id.as_str() == id);
        found.map_or_else(|| id.clone(), |benefit| benefit.name.clone())
    };
    let packs = || app.catalogue.library.packs.values();
    let target = |id: &String| {
        let found = packs()
            .flat_map(|pack| &pack.targets)
            .find(|target| target.id.as_str() == id);
        found.map_or_else(|| id.clone(), |target| target.text.clone())
    };
    let duty = |id: &String| {
        let duty = packs()
            .flat_map(|pack| &pack.duties)
            .find(|duty| duty.id.as_str() == id);
        let window = || {
            packs()
                .flat_map(|pack| &pack.windows)
                .find(|window| window.id.as_str() == id)
        };
        duty.map(|duty| duty.text.clone())
            .or_else(|| window().map(|window| window.name.clone()))
            .unwrap_or_else(|| id.clone())
    };
    let pack = address.path().strip_suffix("/coverage").unwrap_or_default();
    // A task has the page of its clause; a heading may have none.
    let clause = |item: &Item| -> Option<String> {
        (item.tasks > 0 && !pack.is_empty()).then(|| format!("{pack}/items/{}", encoded(item.id())))
    };
    let rows = coverage.items.iter().map(|item| Row {
        item,
        href: clause(item).unwrap_or_default(),
        benefits: item.benefits.iter().map(benefit).collect::<Vec<_>>().join("\n"),
        targets: item.targets.iter().map(target).collect::<Vec<_>>().join("\n"),
        duties: item.duties.iter().map(duty).collect::<Vec<_>>().join("\n"),
    });
    Listing::of(address, "", &columns(), rows)
}

fn columns<'c>() -> Vec<Column<Row<'c>>> {
    let some = |count: usize| {
        if count == 0 {
            Cell::default()
        } else {
            Cell::count(count)
        }
    };
    vec![
        Column::new("item", "条款", |row: &Row<'_>| {
            Cell::link(&*row.item.label, &*row.href)
        })
        .sorted()
        .names_row(),
        Column::new("title", "摘要", |row: &Row<'_>| Cell::text(&*row.item.title)).long(),
        Column::new("carried", "由什么承接", |row: &Row<'_>| {
            let words = carried(row.item);
            if row.item.is_nowhere() {
                Cell::light(Tone::Bad, words.join("、")).found_by(words)
            } else {
                Cell::text(words.join("、")).found_by(words)
            }
        })
        .sorted()
        .chosen(),
        Column::new("benefits", "补贴项目", |row: &Row<'_>| Cell::text(&*row.benefits)).long(),
        Column::new("targets", "目标", |row: &Row<'_>| Cell::text(&*row.targets)),
        Column::new("duties", "职责", |row: &Row<'_>| Cell::text(&*row.duties)),
        Column::new("judged", "需人工判断", move |row: &Row<'_>| {
            some(row.item.untranslated)
        })
        .number(),
        Column::new("none", "不含职责", move |row: &Row<'_>| some(row.item.no_duty)).number(),
    ]
}

fn checked(coverage: &Coverage, copy: &Understood) -> Checked {
    let found = coverage.figures.clone().unwrap_or_default();
    let notice = if coverage.gaps() == 0 {
        let line = format!("原文中的 {} 个数字都有着落，条款没有遗漏。", found.count);
        Notice::new(Tone::Good, "核对完毕", line)
    } else {
        let line = format!(
            "没有着落的条款 {} 项，没有着落的数字 {} 个，列在下面。",
            coverage.nowhere.len(),
            found.loose.len()
        );
        Notice::new(Tone::Warn, "核对完毕，有遗漏", line)
    };
    let text = &copy.source.text;
    let columns = [
        Column::new("label", "条款", |row: &(Loose, String)| Cell::text(&*row.0.label)).names_row(),
        Column::new("raw", "数字", |row: &(Loose, String)| Cell::text(&*row.0.raw)),
        Column::new("line", "所给文件的行", |row: &(Loose, String)| {
            Cell::count(row.0.line)
        })
        .number(),
        Column::new("around", "前后文字", |row: &(Loose, String)| Cell::text(&*row.1)).long(),
    ];
    let rows = found.loose.into_iter().map(|loose| {
        let around = around(text, &loose);
        (loose, around)
    });
    let whole = Address::of("", "loose-size=1000");
    let loose = Listing::of(&whole, "loose", &columns, rows);
    Checked {
        notice,
        nowhere: coverage.nowhere.clone(),
        loose: (!loose.is_empty()).then(|| loose.table("没有着落的数字").plain()),
    }
}

/// The words around a figure, on its line.
fn around(text: &str, loose: &Loose) -> String {
    let before = text.get(..loose.span.start).unwrap_or_default();
    let behind = text.get(loose.span.end..).unwrap_or_default();
    let ends = |c: &char| matches!(c, '\n' | '\t');
    let head: Vec<char> = before.chars().rev().take_while(|c| !ends(c)).take(AROUND).collect();
    let tail: String = behind.chars().take_while(|c| !ends(c)).take(AROUND).collect();
    let head: String = head.into_iter().rev().collect();
    format!("…{head}【{}】{tail}…", loose.span.of(text))
}
