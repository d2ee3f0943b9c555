//! 政策标准: dated values with their sources, as a list, and each over time as chart and table.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use civil::Day;
use policy::fact::FactType;
use policy::parameter::{Parameter, Scalar, Source, Value};
use report::chart::{Lines, Mark, Series, Tick, round_ticks};
use rules::decision::document;
use rules::difference::{scalar, scalar_in_series};

use super::Entry;
use super::rules::item_href;
use crate::address::encoded;
use crate::app::App;
use crate::error::Error;
use crate::layout::{Layout, page};
use crate::parts::{Chart, Terms};
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        path: "/rules/parameters",
        navigation: None,
        route: || get(show),
        uploads: false,
        examples: &["/rules/parameters"],
        forms: false,
    },
    Entry {
        path: "/rules/parameters/{id}",
        navigation: None,
        route: || get(one),
        uploads: false,
        examples: &["/rules/parameters/lpr_1y"],
        forms: false,
    },
];

#[derive(Template)]
#[template(path = "rules/parameters.html")]
struct Parameters {
    layout: Layout,
    table: Table,
}

#[derive(Template)]
#[template(path = "rules/parameter.html")]
struct OneParameter {
    layout: Layout,
    terms: Terms,
    table: Table,
}

async fn show(visit: Visit) -> Result<Response, Error> {
    let app = &visit.app;
    let (today, lists) = (app.today(), app.clone());
    let parameters = app.catalogue.vocabulary.parameters.0.values();
    let columns = [
        Column::new("name", "名称", |row: &&Parameter| {
            Cell::link(&*row.name, address(&row.id))
        })
        .sorted()
        .names_row()
        .long(),
        Column::new("id", "在规则中写作", |row: &&Parameter| {
            Cell::text(format!("${}", row.id))
        })
        .sorted(),
        Column::new("now", "今天的数值", move |row: &&Parameter| {
            let lines = owners(row).into_iter().filter_map(|owner| {
                let value = row.on(today, &owner.lineage(), today)?;
                Some(format!("{}（{}）", words(&lists, row, &value.is), owner.name(&lists)))
            });
            Cell::text(lines.collect::<Vec<_>>().join("\n"))
        }),
        Column::new("values", "历年数值", |row: &&Parameter| {
            Cell::count(row.values.len())
        })
        .sorted()
        .number(),
        Column::new("set_by", "由谁规定", |row: &&Parameter| Cell::text(&*row.set_by)).sorted(),
        Column::new("state", "是否已有数值", |row: &&Parameter| {
            Cell::text(if row.values.is_empty() { "尚无" } else { "已有" })
        })
        .chosen(),
    ];
    let listing = Listing::of(&visit.address, "", &columns, parameters);
    if let Some(file) = listing.export("政策标准", &format!("“今天”指 {today}。"))? {
        return Ok(file);
    }
    page(&Parameters {
        layout: visit.layout("政策标准").beneath("政策文件库", "/rules"),
        table: listing.table("政策标准"),
    })
}

async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    let app = &visit.app;
    let Some(parameter) = app.catalogue.vocabulary.parameters.get(&id) else {
        return Err(Error::not_found("没有这项政策标准", "请从政策标准的列表中选择"));
    };
    let (named, lists, sources, packs) = (parameter.clone(), app.clone(), app.clone(), app.clone());
    let mut rows: Vec<Row<'_>> = parameter
        .values
        .iter()
        .map(|value| Row::new(parameter, value))
        .collect();
    rows.sort_by_key(|row| (row.value.from, row.value.known_from, row.value.pack.clone()));
    let columns = [
        Column::new("from", "起", |row: &Row<'_>| Cell::text(row.value.from.to_string()))
            .sorted()
            .names_row(),
        Column::new("to", "止", |row: &Row<'_>| {
            Cell::text(
                row.last
                    .map_or_else(|| "至有新规定".to_owned(), |last| last.to_string()),
            )
        })
        .sorted(),
        Column::new("is", "数值", move |row: &Row<'_>| {
            Cell::text(words(&lists, &named, &row.value.is)).measured(height(&row.value.is))
        })
        .sorted()
        .number(),
        Column::new("pack", "适用", move |row: &Row<'_>| {
            Cell::text(Owner(row.value.pack.as_deref()).name(&packs))
        })
        .sorted(),
        Column::new("known", "可知日", |row: &Row<'_>| {
            Cell::text(row.value.known_from.to_string())
        })
        .sorted(),
        Column::new("source", "依据", move |row: &Row<'_>| {
            let source = &row.value.source;
            let words = source_words(&sources, source);
            match (&source.document, &source.item) {
                (Some(document), Some(item)) => Cell::link(words, item_href(document, item)),
                (Some(document), None) => Cell::link(words, format!("/rules/{}", encoded(document))),
                (None, _) => Cell::text(words),
            }
        })
        .long(),
    ];
    let listing = Listing::of(&visit.address, "", &columns, rows);
    if let Some(file) = listing.export(
        &parameter.name,
        &format!("应{}。", rules::decision::set_by(&parameter.set_by)),
    )? {
        return Ok(file);
    }
    let none = format!(
        "尚无数值，应{}；用到它的扶持政策只能是待核实。",
        rules::decision::set_by(&parameter.set_by)
    );
    page(&OneParameter {
        layout: visit
            .layout(&*parameter.name)
            .beneath("政策文件库", "/rules")
            .beneath("政策标准", "/rules/parameters"),
        terms: terms(app, parameter),
        table: listing
            .table("历年数值")
            .plain()
            .empty(none)
            .with_chart(chart(app, parameter)),
    })
}

/// A value with the last day on which it holds.
struct Row<'a> {
    value: &'a Value,
    last: Option<Day>,
}

impl<'a> Row<'a> {
    /// A value ends where it says so, else on the day before the next of the same document takes its place.
    fn new(parameter: &Parameter, value: &'a Value) -> Self {
        let own = parameter
            .values
            .iter()
            .filter(|other| other.pack == value.pack && other.from > value.from);
        let replaced = own.map(|other| other.from).min().and_then(|from| from.add_days(-1));
        Self {
            value,
            last: value.to.or(replaced),
        }
    }
}

/// What stands for values that no one pack sets.
const SHARED: &str = "各地通用";

/// Whose value it is: everybody's, or a pack's.
struct Owner<'a>(Option<&'a str>);

impl Owner<'_> {
    fn lineage(&self) -> Vec<String> {
        self.0.map(str::to_owned).into_iter().collect()
    }

    /// On screen: the document by its number or title.
    fn name(&self, app: &App) -> String {
        self.0
            .map_or_else(|| SHARED.to_owned(), |pack| document(&app.catalogue, pack))
    }
}

/// Everybody first, then packs by id.
fn owners(parameter: &Parameter) -> Vec<Owner<'_>> {
    let mut owners: Vec<Option<&str>> = parameter.values.iter().map(|value| value.pack.as_deref()).collect();
    owners.sort_unstable();
    owners.dedup();
    owners.into_iter().map(Owner).collect()
}

/// Who says so: a loaded document by its number or title.
fn source_words(app: &App, source: &Source) -> String {
    let Some(id) = &source.document else {
        return source.words();
    };
    let document = document(&app.catalogue, id);
    match (&source.item, &source.text) {
        (Some(item), Some(text)) => format!("{document}{}（{text}）", policy::item::words(item)),
        (Some(item), None) => format!("{document}{}", policy::item::words(item)),
        (None, Some(text)) => format!("{document}（{text}）"),
        (None, None) => document,
    }
}

fn address(id: &str) -> String {
    format!("/rules/parameters/{}", encoded(id))
}

/// A value in words; a code by its label.
pub(super) fn words(app: &App, parameter: &Parameter, value: &Scalar) -> String {
    let label = match (&parameter.kind, value) {
        (FactType::Code(list), Scalar::Code(code)) => app
            .catalogue
            .vocabulary
            .dictionary
            .list(list)
            .and_then(|list| list.find(code)),
        _ => None,
    };
    label.map_or_else(|| scalar_in_series(parameter, value), |code| code.label.clone())
}

/// A value as a height; nothing for what is no quantity.
fn height(value: &Scalar) -> Option<i64> {
    match value {
        Scalar::Int(number) => Some(*number),
        Scalar::Fen(fen) => Some(*fen),
        Scalar::Decimal(millionths) => i64::try_from(*millionths).ok(),
        Scalar::Code(_) | Scalar::Flag(_) | Scalar::Date(_) => None,
    }
}

fn terms(app: &App, parameter: &Parameter) -> Terms {
    let mut pairs = vec![
        ("在规则中写作".to_owned(), format!("${}", parameter.id)),
        ("由谁规定".to_owned(), parameter.set_by.clone()),
    ];
    for bound in &parameter.bounds {
        let end = |end: &Option<Scalar>| {
            end.as_ref()
                .map_or_else(|| "不限".to_owned(), |end| words(app, parameter, end))
        };
        let text = format!(
            "最低 {}，最高 {}（{}）",
            end(&bound.min),
            end(&bound.max),
            source_words(app, &bound.source)
        );
        pairs.push(("上级文件定的范围".to_owned(), text));
    }
    Terms { pairs }
}

/// The values over time as known today, one line an owner, up to today; nothing where there is no quantity.
fn chart(app: &App, parameter: &Parameter) -> Option<Chart> {
    let today = app.today();
    let series: Vec<Series> = owners(parameter)
        .iter()
        .map(|owner| line(app, parameter, owner, today))
        .filter(|series| !series.marks.is_empty())
        .collect();
    let marks = || series.iter().flat_map(|series| &series.marks);
    let first = marks().map(|mark| mark.at).min()?;
    let (least, most) = (
        marks().map(|mark| mark.value).min()?,
        marks().map(|mark| mark.value).max()?,
    );
    // An axis that began at the least value would make every step look like a leap.
    let up = round_ticks(least.min(0), most.max(0), 6).into_iter().map(|at| Tick {
        at,
        shown: scalar(&match parameter.kind {
            FactType::Fen => Scalar::Fen(at),
            FactType::Decimal => Scalar::Decimal(i128::from(at)),
            _ => Scalar::Int(at),
        }),
    });
    let up = up.collect();
    let lines = Lines {
        id: "parameter-chart".to_owned(),
        title: parameter.name.clone(),
        description: format!("{}历年的数值，截至 {today}，数字见下表。", parameter.name),
        stepped: true,
        along: years(first, today),
        up,
        series,
    };
    Some(Chart {
        title: format!("{}：历年数值，截至 {today}", parameter.name),
        svg: lines.svg(),
    })
}

fn line(app: &App, parameter: &Parameter, owner: &Owner<'_>, today: Day) -> Series {
    let lineage = owner.lineage();
    let turns = parameter
        .turns(&lineage, today)
        .into_iter()
        .filter(|turn| *turn <= today);
    let marks = turns.filter_map(|turn| {
        let value = parameter.on(turn, &lineage, today)?;
        Some(Mark {
            at: i64::from(turn.days_since_epoch()),
            value: height(&value.is)?,
            shown: format!("{turn} 起：{}（{}）", words(app, parameter, &value.is), owner.name(app)),
        })
    });
    Series {
        name: owner.name(app),
        marks: marks.collect(),
        until: Some(i64::from(today.days_since_epoch())),
    }
}

/// Most years written along the axis.
const MOST_YEARS: i16 = 10;

/// First days of years, evenly spaced, from the year of the first value to the present one.
fn years(first: i64, today: Day) -> Vec<Tick> {
    let first = i32::try_from(first)
        .ok()
        .and_then(Day::from_days_since_epoch)
        .unwrap_or(today);
    let step = (today.year() - first.year()) / MOST_YEARS + 1;
    let mut ticks = Vec::new();
    let mut year = first.year();
    while year <= today.year() {
        if let Some(day) = Day::new(year, 1, 1) {
            ticks.push(Tick {
                at: i64::from(day.days_since_epoch()),
                shown: format!("{year}年"),
            });
        }
        year += step;
    }
    ticks
}
