//! 责任台账: the packs' ledger as a list, by unit and by month. What `leye ledger` prints.

mod list;
mod months;
mod obligations;
mod units;

use std::collections::BTreeMap;

use axum::routing::get;
use civil::Day;
use policy::ledger::{AsOf, AsOfBasis, Duty, Instead, Refused, Scope, Sources, Wording};

use super::Entry;
use crate::address::Address;
use crate::app::App;
use crate::form::{Field, Input, Summary};
use crate::layout::Link;
use crate::visit::Visit;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        path: "/duties",
        navigation: Some("责任台账"),
        route: || get(list::show),
        uploads: false,
        examples: &[
            "/duties", "/duties?region=330282&sort=-deadline", "/duties?unit=没有这个单位",
        ],
        forms: false,
    },
    Entry {
        path: "/duties/units",
        navigation: None,
        route: || get(units::show),
        uploads: false,
        examples: &["/duties/units"],
        forms: false,
    },
    Entry {
        path: "/duties/months",
        navigation: None,
        route: || get(months::show),
        uploads: false,
        examples: &["/duties/months?as_of=2020-09-01"],
        forms: false,
    },
    Entry {
        path: "/duties/ledger.xlsx",
        navigation: None,
        route: || get(list::workbook),
        uploads: false,
        examples: &[],
        forms: false,
    },
];

/// What the address asks for, as far as it could be understood, and what could not be.
struct Asked<'a> {
    as_of: AsOf,
    scope: Option<Scope<'a>>,
    fields: Vec<Field>,
    wordings: BTreeMap<String, Wording>,
    /// What may be asked for instead of a unit that no document names.
    instead: Vec<Link>,
}

impl<'a> Asked<'a> {
    /// Region, unit, function and day of the address.
    fn of(app: &'a App, address: &Address) -> Self {
        let mut fields = fields(app, address);
        let mut refuse = |name: &str, wrong: String| {
            if let Some(field) = fields.iter_mut().find(|field| field.name == name) {
                field.wrong = wrong;
            }
        };
        let today = AsOf {
            day: app.today(),
            basis: AsOfBasis::Today,
        };
        let as_of = match address.get("as_of").map(Day::parse) {
            Some(Ok(day)) => AsOf {
                day,
                basis: AsOfBasis::Asked,
            },
            Some(Err(_)) => {
                refuse("as_of", "不是有效日期，请写成 2020-12-31".to_owned());
                today
            }
            None => today,
        };
        let library = &app.catalogue.library;
        let mut instead = Vec::new();
        let get = |name: &str| address.get(name);
        let scope = match Scope::of(library, get("region"), get("unit"), get("function")) {
            Ok(scope) => Some(scope),
            Err(Refused {
                message,
                hint,
                instead: others,
            }) => {
                instead = others.iter().map(|one| instead_link(app, address, one)).collect();
                // Whichever of the three was not understood: a scope of it alone fails too.
                let alone = [
                    ("region", Scope::of(library, get("region"), None, None).is_err()),
                    ("function", Scope::of(library, None, None, get("function")).is_err()),
                ];
                let name = alone.iter().find(|(_, wrong)| *wrong).map_or("unit", |(name, _)| *name);
                refuse(name, format!("{message}，{hint}"));
                None
            }
        };
        Self {
            as_of,
            scope,
            fields,
            wordings: app.wordings(),
            instead,
        }
    }

    fn sources(&self) -> Sources<'_> {
        Sources {
            wordings: &self.wordings,
            day: self.as_of.day,
        }
    }

    fn duties(&self) -> Vec<Duty<'a>> {
        self.scope
            .as_ref()
            .map(|scope| scope.duties(&self.sources()))
            .unwrap_or_default()
    }

    fn summary(&self) -> Summary {
        Summary::of(&self.fields)
    }

    fn is_wrong(&self) -> bool {
        self.fields.iter().any(|field| !field.wrong.is_empty())
    }
}

/// The same page for the name of a group to which the unit asked for belongs.
fn instead_link(app: &App, address: &Address, one: &Instead) -> Link {
    let region = one.region.as_deref().unwrap_or_default();
    let place = app.catalogue.library.regions.get(region);
    let place = place.map_or("", |region| region.name.as_str());
    let href = asked_at(address, address.path())
        .with("region", region)
        .with("unit", &one.unit);
    Link::new(format!("{place}“{}”（{} 项）", one.unit, one.tasks), href.href())
}

/// The filters that all three pages share.
fn fields(app: &App, address: &Address) -> Vec<Field> {
    let library = &app.catalogue.library;
    let typed = |name: &str| address.get(name).unwrap_or_default().to_owned();
    let mut regions = vec![(String::new(), "全部地区".to_owned())];
    for pack in library.packs.values() {
        let region = pack.policy.region.as_ref().and_then(|code| library.regions.get(code));
        if let Some(region) = region {
            let choice = (region.code.to_string(), region.name.clone());
            if !regions.contains(&choice) {
                regions.push(choice);
            }
        }
    }
    let mut functions = vec![(String::new(), "全部职能".to_owned())];
    functions.extend(
        library
            .units
            .functions()
            .map(|function| (function.id.to_string(), function.name.clone())),
    );
    for (value, menu) in [(typed("region"), &mut regions), (typed("function"), &mut functions)] {
        if !menu.iter().any(|(known, _)| *known == value) {
            menu.push((value.clone(), value));
        }
    }
    vec![
        Field::new("region", "地区")
            .value(typed("region"))
            .input(Input::Menu(regions)),
        Field::new("unit", "单位").value(typed("unit")),
        Field::new("function", "职能")
            .value(typed("function"))
            .input(Input::Menu(functions)),
        Field::new("as_of", "基准日").value(typed("as_of")).input(Input::Day),
    ]
}

/// A view of the ledger: its link, and whether it is the one shown.
struct View {
    link: Link,
    current: bool,
}

/// Links between the three views; what was asked for goes along.
fn views(visit: &Visit) -> Vec<View> {
    let views = [
        ("/duties", "任务列表"),
        ("/duties/units", "按单位"),
        ("/duties/months", "按月份"),
    ];
    views
        .into_iter()
        .map(|(path, text)| View {
            link: Link::new(text, asked_at(&visit.address, path).href()),
            current: visit.address.path() == path,
        })
        .collect()
}

/// The same region, unit, function and day at another path.
fn asked_at(address: &Address, path: &str) -> Address {
    ["region", "unit", "function", "as_of"]
        .into_iter()
        .fold(Address::of(path, ""), |other, name| {
            other.with(name, address.get(name).unwrap_or_default())
        })
}
