//! 办事指南: benefits by region and by situation, and one page a benefit. Nothing is asked and nothing typed.

mod sheet;

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use policy::benefit::{Benefit, Right};
use rules::decision::cited;
use rules::entitlement::benefits_of;

use super::Entry;
use crate::address::encoded;
use crate::app::App;
use crate::citizen::regions;
use crate::error::Error;
use crate::layout::{Layout, Link, page};
use crate::parts::{Light, Tone};
use crate::visit::Visit;
use sheet::Sheet;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        path: "/catalogue",
        navigation: Some("办事指南"),
        route: || get(list),
        uploads: false,
        examples: &["/catalogue", "/catalogue?region=330282&situation=graduate"],
        forms: false,
    },
    Entry {
        path: "/catalogue/{benefit}",
        navigation: None,
        route: || get(one),
        uploads: false,
        examples: &["/catalogue/cx-jobseek-subsidy", "/catalogue/ln-internship"],
        forms: false,
    },
];

#[derive(Template)]
#[template(path = "catalogue/list.html")]
struct List {
    layout: Layout,
    regions: Vec<Way>,
    situations: Vec<Way>,
    heading: String,
    items: Vec<Listed>,
    ask: String,
}

/// A way to other benefits.
struct Way {
    link: Link,
    text: String,
    is_here: bool,
}

/// A benefit in the list.
struct Listed {
    link: Link,
    light: Light,
    text: String,
    source: String,
}

#[derive(Template)]
#[template(path = "catalogue/benefit.html")]
struct One {
    layout: Layout,
    sheet: Sheet,
    related: Vec<Link>,
    situations: Vec<Link>,
}

async fn list(visit: Visit) -> Result<Response, Error> {
    let app = &visit.app;
    let catalogue = &app.catalogue;
    let places = regions(catalogue);
    let asked = visit.address.get("region");
    // A region that has no document of its own may lie in one that has.
    let region = match asked {
        Some(code) if places.iter().any(|(known, _)| known == code) => code.to_owned(),
        Some(_) => return Err(Error::not_found("没有收录这个地区的文件", "请从办事指南的地区中选择")),
        None => places.first().map(|(code, _)| code.clone()).unwrap_or_default(),
    };
    let situation = match visit.address.get("situation") {
        Some(id) => match catalogue.situations.get(id) {
            Some(situation) => Some(situation),
            None => return Err(Error::not_found("没有这种办事情形", "请从办事指南中选择")),
        },
        None => None,
    };
    let here = benefits_of(catalogue, &region);
    let with = |region: &str, situation: Option<&str>| {
        let address = crate::address::Address::of("/catalogue", "").with("region", region);
        address.with("situation", situation.unwrap_or_default()).href()
    };
    let current = situation.map(|situation| situation.id.as_str());
    let count = |id: &str| {
        here.iter()
            .filter(|benefit| catalogue.placed.is_under(benefit, id))
            .count()
    };
    let situations = catalogue.situations.0.iter().map(|one| Way {
        link: Link::new(&*one.label, with(&region, Some(&one.id))),
        text: format!("{}（{} 项）", one.text, count(&one.id)),
        is_here: current == Some(one.id.as_str()),
    });
    let those = here
        .iter()
        .filter(|id| current.is_none_or(|situation| catalogue.placed.is_under(id, situation)));
    let mut items: Vec<(bool, Listed)> = those
        .filter_map(|id| catalogue.benefits.versions(id).first())
        .map(|benefit| (expired_on(app, benefit).is_some(), listed(app, benefit)))
        .collect();
    items.sort_by(|(one, a), (other, b)| (one, &a.link.text).cmp(&(other, &b.link.text)));
    let place = places
        .iter()
        .find(|(code, _)| *code == region)
        .map(|(_, name)| name.clone())
        .unwrap_or_default();
    let heading = match situation {
        Some(situation) => format!("{place}：{}", situation.label),
        None => format!("{place}：全部扶持政策"),
    };
    page(&List {
        layout: visit.layout("办事指南"),
        regions: places
            .iter()
            .map(|(code, name)| Way {
                link: Link::new(&**name, with(code, current)),
                text: String::new(),
                is_here: *code == region,
            })
            .collect(),
        situations: situations.collect(),
        heading,
        items: items.into_iter().map(|(_, item)| item).collect(),
        ask: format!("/ask?region={}", encoded(&region)),
    })
}

async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Error> {
    let app = &visit.app;
    let catalogue = &app.catalogue;
    let Some(benefit) = catalogue.benefits.versions(&id).first() else {
        return Err(Error::not_found("没有这项扶持政策", "请从办事指南的列表中选择"));
    };
    let region = region_of(app, benefit);
    let back = format!("/catalogue?region={}", encoded(&region));
    let under = catalogue.placed.situations(&id);
    let situations = catalogue
        .situations
        .0
        .iter()
        .filter(|one| under.iter().any(|id| **id == *one.id));
    page(&One {
        layout: visit.layout(&*benefit.name).beneath("办事指南", back.clone()),
        sheet: Sheet::of(app, benefit),
        related: related(app, benefit),
        situations: situations
            .map(|one| Link::new(&*one.label, format!("{back}&situation={}", encoded(&one.id))))
            .collect(),
    })
}

/// The region of the benefit's own document.
fn region_of(app: &App, benefit: &Benefit) -> String {
    let pack = app.catalogue.library.packs.get(&benefit.pack);
    let code = pack.and_then(|pack| pack.policy.region.as_ref());
    code.map(|code| code.to_string()).unwrap_or_default()
}

/// The last day of a benefit whose window or claim date is over.
fn expired_on(app: &App, benefit: &Benefit) -> Option<civil::Day> {
    let ends = [&benefit.effective, &benefit.claim_until];
    let ends = ends.into_iter().flatten().filter_map(|window| window.to);
    ends.min().filter(|end| *end < app.today())
}

/// Its state in one light: in force, over, or no right at all.
fn light(app: &App, benefit: &Benefit) -> Light {
    if let Some(day) = expired_on(app, benefit) {
        return Light::new(Tone::Mute, format!("已到期（截止日{}）", day.chinese()));
    }
    match benefit.right {
        Right::Entitlement => Light::new(Tone::Good, "符合条件的，应给予"),
        Right::Discretionary if benefit.local_rule.is_some() => Light::new(Tone::Good, "按本地规定给予"),
        Right::Discretionary => Light::new(Tone::Mute, "是否给予由有关部门决定"),
        Right::Directive => Light::new(Tone::Mute, "须按另行规定办理"),
    }
}

fn listed(app: &App, benefit: &Benefit) -> Listed {
    let first = benefit
        .conditions
        .iter()
        .map(|condition| condition.text.as_str())
        .take(2);
    Listed {
        link: Link::new(&*benefit.name, format!("/catalogue/{}", encoded(&benefit.id))),
        light: light(app, benefit),
        text: first.collect::<Vec<_>>().join("；"),
        source: cited(&app.catalogue, &benefit.cite),
    }
}

/// Others of the region: the parent's that it carries out, what it is not paid with, and those nearest to it by situation.
fn related(app: &App, benefit: &Benefit) -> Vec<Link> {
    let catalogue = &app.catalogue;
    let here = benefits_of(catalogue, &region_of(app, benefit));
    let own: BTreeSet<&String> = catalogue.placed.situations(&benefit.id).iter().collect();
    let bound = |id: &str| {
        benefit.implements.as_ref().is_some_and(|parent| *parent.id == id)
            || benefit.not_with.iter().any(|other| *other.benefit == id)
    };
    let mut others: Vec<(usize, &str)> = here
        .iter()
        .filter(|id| ***id != **benefit.id)
        .map(|id| {
            let shared = catalogue
                .placed
                .situations(id)
                .iter()
                .filter(|one| own.contains(one))
                .count();
            (if bound(id) { usize::MAX } else { shared }, *id)
        })
        .filter(|(shared, _)| *shared > 0)
        .collect();
    others.sort_by_key(|(shared, id)| (std::cmp::Reverse(*shared), *id));
    let named = others
        .into_iter()
        .filter_map(|(_, id)| catalogue.benefits.versions(id).first());
    named
        .take(6)
        .map(|other| Link::new(&*other.name, format!("/catalogue/{}", encoded(&other.id))))
        .collect()
}
