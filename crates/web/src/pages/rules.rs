//! 政策文件库: the packs, and how far each benefit can be computed. What `leye policy status` prints.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use policy::Pack;
use policy::benefit::{Benefit, Status};
use policy::ledger::NOT_STATED;
use rules::registry::{Entry as Registered, right_word, status_word, summary};

use super::Entry;
use crate::address::{Address, encoded};
use crate::error::Error;
use crate::layout::{Layout, page};
use crate::parts::{Figure, Figures, Terms, Tone};
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        path: "/rules",
        navigation: Some("政策文件库"),
        route: || get(show),
        uploads: false,
        examples: &["/rules", "/rules?status=待定&sort=-readings"],
        forms: false,
    },
    Entry {
        path: "/rules/{pack}",
        navigation: None,
        route: || get(pack),
        uploads: false,
        examples: &["/rules/cixi-2020"],
        forms: false,
    },
];

#[derive(Template)]
#[template(path = "rules/list.html")]
struct Rules {
    layout: Layout,
    figures: Figures,
    packs: Table,
    benefits: Table,
}

#[derive(Template)]
#[template(path = "rules/pack.html")]
struct OnePack {
    layout: Layout,
    terms: Terms,
    summary: String,
    coverage: String,
    judged: String,
    benefits: Table,
    targets: Table,
    untranslated: Table,
}

async fn show(visit: Visit) -> Result<Response, Error> {
    let catalogue = &visit.app.catalogue;
    let entries = visit.app.registry();
    let listing = Listing::of(&visit.address, "", &benefit_columns(), &entries);
    if let Some(file) = listing.export("扶持政策清单", &summary(&entries.iter().collect::<Vec<_>>()))? {
        return Ok(file);
    }
    let packs = catalogue.library.packs.values().map(|pack| PackRow {
        pack,
        region: region(&visit, pack),
        benefits: entries.iter().filter(|entry| entry.benefit.pack == pack.id()).count(),
        computable: entries
            .iter()
            .filter(|entry| entry.benefit.pack == pack.id() && entry.is_computable())
            .count(),
    });
    let packs = Listing::of(&visit.address, "packs", &pack_columns(), packs)
        .table("政策文件")
        .plain();
    page(&Rules {
        layout: visit.layout("政策文件库"),
        figures: figures(&visit, &entries),
        packs,
        benefits: listing.table("扶持政策"),
    })
}

async fn pack(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    let library = &visit.app.catalogue.library;
    let Some(pack) = library.packs.get(&id) else {
        return Err(Error::not_found(
            "政策文件库中没有这份文件",
            "请从政策文件库的列表中选择",
        ));
    };
    let entries = visit.app.registry();
    let own: Vec<&Registered<'_>> = entries.iter().filter(|entry| entry.benefit.pack == pack.id()).collect();
    let line = summary(&own);
    let listing = Listing::of(&visit.address, "", &benefit_columns(), own);
    if let Some(file) = listing.export("扶持政策清单", &line)? {
        return Ok(file);
    }
    let targets = Listing::of(&visit.address, "targets", &target_columns(), &pack.targets);
    let judged = judged(&entries, pack);
    let of_benefits = judged.iter().filter(|clause| clause.benefit.is_some()).count();
    let judged_line = format!(
        "共 {} 条：扶持政策中 {of_benefits} 条，其他条款 {} 条。这些条款不能写成条件，由有权的单位判断；以下为摘要，非原文。",
        judged.len(),
        judged.len() - of_benefits
    );
    let clauses = Listing::of(&visit.address, "clauses", &clause_columns(pack.id()), judged);
    page(&OnePack {
        layout: visit.layout(&*pack.policy.title).beneath("政策文件库", "/rules"),
        terms: terms(&visit, pack),
        summary: line,
        judged: judged_line,
        coverage: format!("/rules/{}/coverage", encoded(pack.id())),
        benefits: listing.table("扶持政策").empty("这份文件没有列出扶持政策。"),
        targets: targets.table("目标").plain().empty("这份文件没有列出目标。"),
        untranslated: clauses
            .table("需人工判断条款")
            .plain()
            .empty("这份文件没有需人工判断条款。"),
    })
}

struct PackRow<'a> {
    pack: &'a Pack,
    region: String,
    benefits: usize,
    computable: usize,
}

fn region(visit: &Visit, pack: &Pack) -> String {
    let library = &visit.app.catalogue.library;
    let region = pack.policy.region.as_ref().and_then(|code| library.regions.get(code));
    region.map_or_else(|| NOT_STATED.to_owned(), |region| region.name.clone())
}

fn pack_columns<'a>() -> Vec<Column<PackRow<'a>>> {
    let stated = |text: Option<&str>| text.unwrap_or(NOT_STATED).to_owned();
    vec![
        Column::new("title", "文件", |row: &PackRow<'_>| {
            Cell::link(&*row.pack.policy.title, format!("/rules/{}", encoded(row.pack.id())))
        })
        .sorted()
        .names_row()
        .long(),
        Column::new("number", "文号", move |row: &PackRow<'_>| {
            Cell::text(stated(row.pack.policy.number.as_deref()))
        }),
        Column::new("region", "地区", |row: &PackRow<'_>| Cell::text(&*row.region)).sorted(),
        Column::new("known", "可知日", |row: &PackRow<'_>| {
            let known = row.pack.policy.known_from.as_ref();
            Cell::text(known.map(|known| known.date.to_string()).unwrap_or_default())
        })
        .sorted(),
        Column::new("tasks", "任务", |row: &PackRow<'_>| Cell::count(row.pack.tasks.len()))
            .sorted()
            .number(),
        Column::new("benefits", "扶持政策", |row: &PackRow<'_>| {
            Cell::count(row.benefits)
        })
        .sorted()
        .number(),
        Column::new("computable", "可计算", |row: &PackRow<'_>| {
            Cell::count(row.computable)
        })
        .sorted()
        .number(),
    ]
}

/// The columns of `leye policy status`. They take a reference so that entries are shown, not moved.
fn benefit_columns<'a, 'c>() -> Vec<Column<&'a Registered<'c>>>
where
    'c: 'a,
{
    vec![
        Column::new("name", "名称", |entry: &&Registered<'_>| {
            let href = format!("/catalogue/{}", encoded(&entry.benefit.id));
            Cell::link(&*entry.benefit.name, href)
        })
        .sorted()
        .names_row()
        .long(),
        Column::new("id", "编号", |entry: &&Registered<'_>| {
            Cell::text(entry.benefit.id.as_str())
        })
        .sorted(),
        Column::new("pack", "政策文件", |entry: &&Registered<'_>| {
            Cell::link(&*entry.benefit.pack, format!("/rules/{}", encoded(&entry.benefit.pack)))
        })
        .sorted()
        .chosen(),
        Column::new("item", "条款", |entry: &&Registered<'_>| {
            let cite = &entry.benefit.cite;
            Cell::link(policy::item::number(&cite.item), item_href(&cite.document, &cite.item))
        })
        .sorted(),
        Column::new("status", "可否计算", |entry: &&Registered<'_>| {
            let tone = match entry.benefit.status {
                Status::Computable => Tone::Good,
                Status::Delegated => Tone::Mute,
            };
            Cell::light(tone, status_word(entry.benefit.status))
        })
        .sorted()
        .chosen(),
        Column::new("right", "性质", |entry: &&Registered<'_>| {
            Cell::text(right_word(entry.benefit.right))
        })
        .sorted()
        .chosen(),
        Column::new("conditions", "条件", |entry: &&Registered<'_>| {
            entry.conditions.map_or_else(|| Cell::text("有错"), Cell::count)
        })
        .sorted()
        .number(),
        Column::new("cases", "案例", |entry: &&Registered<'_>| Cell::count(entry.cases))
            .sorted()
            .number(),
        Column::new("readings", "待确认口径", |entry: &&Registered<'_>| {
            let count = entry.open_readings();
            let cell = Cell::count(count);
            if count == 0 {
                return cell;
            }
            let href = Address::of("/rules/readings", "").with("q", &entry.benefit.name).href();
            Cell { href, ..cell }
        })
        .sorted()
        .number(),
        Column::new("judged", "需人工判断", |entry: &&Registered<'_>| {
            Cell::count(entry.benefit.untranslated.len())
        })
        .sorted()
        .number(),
        Column::new("open", "待定事项", |entry: &&Registered<'_>| {
            let lines = entry
                .benefit
                .open
                .iter()
                .map(|open| format!("{}（应{}）", open.what, rules::decision::set_by(&open.set_by)));
            Cell::text(lines.collect::<Vec<_>>().join("\n"))
        })
        .long(),
    ]
}

/// The page of a clause.
pub(super) fn item_href(pack: &str, item: &str) -> String {
    format!("/rules/{}/items/{}", encoded(pack), encoded(item))
}

fn target_columns<'a>() -> Vec<Column<&'a policy::pack::Target>> {
    type Row<'a> = &'a policy::pack::Target;
    vec![
        Column::new("text", "目标", |row: &Row<'_>| Cell::text(&*row.text))
            .names_row()
            .long(),
        Column::new("value", "数值", |row: &Row<'_>| {
            Cell::text(format!("{}{}{}", row.op.word(), row.value, row.unit))
        }),
        Column::new("period", "期间", |row: &Row<'_>| {
            Cell::text(if row.period == "standing" {
                "长期"
            } else {
                &row.period
            })
        })
        .sorted(),
        Column::new("soft", "用语", |row: &Row<'_>| {
            Cell::text(
                row.soft
                    .as_deref()
                    .map(|soft| format!("{soft}（软性，不作未完成计）"))
                    .unwrap_or_default(),
            )
        }),
        Column::new("item", "条款", |row: &Row<'_>| {
            Cell::text(
                row.cite
                    .as_ref()
                    .and_then(|cite| cite.item.as_ref())
                    .map(|item| policy::item::number(item))
                    .unwrap_or_default(),
            )
        })
        .sorted(),
    ]
}

/// A clause that a person must judge: of a benefit, or of the document beside its benefits.
struct Judged<'c> {
    item: Option<&'c str>,
    clause: &'c str,
    why: &'c str,
    /// Who decides; empty where nobody is named.
    decides: &'c str,
    benefit: Option<&'c Benefit>,
}

/// All such clauses of a pack, in the order of the document.
fn judged<'c>(entries: &[Registered<'c>], pack: &'c Pack) -> Vec<Judged<'c>> {
    let of_benefits = entries
        .iter()
        .map(|entry| entry.benefit)
        .filter(|benefit| benefit.pack == pack.id())
        .flat_map(|benefit| {
            benefit.untranslated.iter().map(|one| Judged {
                item: Some(benefit.cite.item.as_str()),
                clause: &one.clause,
                why: &one.why,
                decides: &one.decides,
                benefit: Some(benefit),
            })
        });
    let others = pack.untranslated.iter().map(|one| Judged {
        item: one
            .cite
            .as_ref()
            .and_then(|cite| cite.item.as_ref())
            .map(|item| item.as_str()),
        clause: &one.clause,
        why: &one.why,
        decides: one.decides.as_ref().map_or("", |unit| unit.as_str()),
        benefit: None,
    });
    let mut all: Vec<Judged<'_>> = of_benefits.chain(others).collect();
    let place = |clause: &Judged<'_>| {
        let task = |item: &str| pack.tasks.iter().position(|task| *task.id == item);
        clause.item.and_then(task).unwrap_or(usize::MAX)
    };
    all.sort_by_key(place);
    all
}

fn clause_columns<'c>(pack: &str) -> Vec<Column<Judged<'c>>> {
    let pack = pack.to_owned();
    vec![
        Column::new("clause", "条款（摘要）", |row: &Judged<'_>| {
            Cell::text(row.clause)
        })
        .names_row()
        .long(),
        Column::new("why", "为什么不能计算", |row: &Judged<'_>| Cell::text(row.why)).long(),
        Column::new("decides", "由谁判断", |row: &Judged<'_>| Cell::text(row.decides)),
        Column::new("benefit", "扶持政策", |row: &Judged<'_>| {
            row.benefit.map_or_else(Cell::default, |benefit| {
                Cell::link(&*benefit.name, format!("/catalogue/{}", encoded(&benefit.id)))
            })
        }),
        Column::new("item", "条款号", move |row: &Judged<'_>| {
            row.item.map_or_else(Cell::default, |item| {
                Cell::link(policy::item::number(item), item_href(&pack, item))
            })
        })
        .sorted(),
    ]
}

fn terms(visit: &Visit, pack: &Pack) -> Terms {
    let policy = &pack.policy;
    let stated = |text: Option<String>| {
        text.filter(|text| !text.is_empty())
            .unwrap_or_else(|| NOT_STATED.to_owned())
    };
    let known = policy
        .known_from
        .as_ref()
        .map(|known| format!("{}（{}）", *known.date, known.basis));
    let parent = policy
        .parent
        .as_ref()
        .and_then(|id| visit.app.catalogue.library.packs.get(id.as_str()));
    let mut pairs = vec![
        ("编号".to_owned(), pack.id().to_owned()),
        ("发文字号".to_owned(), stated(policy.number.clone())),
        ("发文机关".to_owned(), stated(policy.issuer.clone())),
        ("成文日期".to_owned(), stated(policy.date.map(|day| day.to_string()))),
        ("可知日".to_owned(), stated(known)),
        ("地区".to_owned(), region(visit, pack)),
        ("主送机关".to_owned(), stated(Some(policy.recipients.join("、")))),
        ("公开方式".to_owned(), stated(policy.publicity.clone())),
    ];
    if let Some(parent) = parent {
        pairs.push(("上级文件".to_owned(), parent.policy.title.clone()));
    }
    pairs.push(("任务".to_owned(), format!("{} 项", pack.tasks.len())));
    for window in &pack.windows {
        pairs.push(("报送时段".to_owned(), format!("{}：{}", window.name, window.due)));
    }
    Terms { pairs }
}

fn figures(visit: &Visit, entries: &[Registered<'_>]) -> Figures {
    let computable = entries.iter().filter(|entry| entry.is_computable()).count();
    let readings: usize = entries.iter().map(Registered::open_readings).sum();
    let of_benefits: usize = entries.iter().map(|entry| entry.benefit.untranslated.len()).sum();
    let packs = visit.app.catalogue.library.packs.values();
    let others: usize = packs.map(|pack| pack.untranslated.len()).sum();
    let cases: usize = entries.iter().map(|entry| entry.cases).sum();
    let with = |status: Status| Address::of("/rules", "").with("status", status_word(status)).href();
    let figure = |label: &str, value: String, href: String, tone| Figure {
        label: label.to_owned(),
        value,
        href,
        tone,
    };
    Figures {
        figures: vec![
            figure(
                "政策文件",
                format!("{} 份", visit.app.catalogue.library.packs.len()),
                String::new(),
                Tone::Plain,
            ),
            figure(
                "可计算的扶持政策",
                format!("{computable} 项"),
                with(Status::Computable),
                Tone::Good,
            ),
            figure(
                "待定：有条件或金额由未收录的文件规定",
                format!("{} 项", entries.len() - computable),
                with(Status::Delegated),
                Tone::Mute,
            ),
            figure(
                "待确认口径",
                format!("{readings} 处"),
                "/rules/readings".to_owned(),
                Tone::Warn,
            ),
            figure(
                &format!("需人工判断条款：扶持政策中 {of_benefits} 条，其他条款 {others} 条"),
                format!("{} 条", of_benefits + others),
                String::new(),
                Tone::Plain,
            ),
            figure("测试案例", format!("{cases} 个"), String::new(), Tone::Plain),
        ],
    }
}
