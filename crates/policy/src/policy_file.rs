//! Reads `policy.toml`: the document, its parts, reporting windows and untranslated clauses.

use document::{LeadRule, PartRole};

use crate::check::kebab_case;
use crate::file::{Located, Table};
use crate::pack::{Cite, KnownFrom, MonthDay, Part, Policy, Untranslated, Window};

/// Roles of parts, by their word in pack files.
pub(crate) const PART_ROLES: [(&str, PartRole); 5] = [
    ("body", PartRole::Body),
    ("cover", PartRole::Cover),
    ("forwarded", PartRole::Forwarded),
    ("notice", PartRole::Notice),
    ("annex", PartRole::Annex),
];

const LEAD_RULES: [(&str, LeadRule); 3] = [
    ("first-listed", LeadRule::FirstListed),
    ("labelled", LeadRule::Labelled),
    ("none", LeadRule::None),
];

/// What `policy.toml` holds.
#[derive(Debug)]
pub(crate) struct PolicyFile {
    pub(crate) policy: Policy,
    pub(crate) parts: Vec<Part>,
    pub(crate) windows: Vec<Window>,
    pub(crate) untranslated: Vec<Untranslated>,
}

/// Reads the file. The pack's id is its folder's name; an `id` that says otherwise is reported and goes no further.
pub(crate) fn read(mut table: Table<'_>, folder: &str) -> PolicyFile {
    table.require(&["id", "title", "region", "known_from", "lead_rule", "part"]);
    let stated = table.text("id").unwrap_or_else(|| table.here().with(folder.to_owned()));
    if *stated != folder {
        let message = format!("“id”的值“{}”与文件夹名“{folder}”不一致", *stated);
        stated.report(table.diagnostics(), message, format!("应为 id = \"{folder}\""));
    }
    let id = stated.with(folder.to_owned());
    kebab_case(&id, "id", table.diagnostics());
    // Where the rule itself is wrong, `labelled` lets the units be checked without a second complaint.
    let policy = Policy {
        id,
        title: table.text("title").map(Located::into_value).unwrap_or_default(),
        issuer: table.text("issuer").map(Located::into_value),
        number: table.text("number").map(Located::into_value),
        date: table.date("date").map(Located::into_value),
        region: table.text("region"),
        parent: table.text("parent"),
        recipients: values(table.texts("recipients")),
        publicity: table.text("publicity").map(Located::into_value),
        known_from: table.table("known_from").and_then(known_from),
        lead_rule: table
            .word("lead_rule", &LEAD_RULES)
            .map_or(LeadRule::Labelled, Located::into_value),
    };
    let parts = table.tables("part").into_iter().filter_map(part).collect();
    let windows = table.tables("window").into_iter().filter_map(window).collect();
    let untranslated = table.tables("untranslated").into_iter().filter_map(clause).collect();
    table.finish();
    PolicyFile {
        policy,
        parts,
        windows,
        untranslated,
    }
}

/// Reads `cite = { part = …, item = … }` of a table that must have one.
pub(crate) fn cite(table: &mut Table<'_>) -> Option<Cite> {
    table.require(&["cite"]);
    let mut cite = table.table("cite")?;
    let here = cite.here();
    if !cite.has("part") && !cite.has("item") {
        here.report(
            cite.diagnostics(),
            "“cite”没有写明依据",
            "应为 { item = \"24\" } 或 { part = \"notice\", item = \"一\" }",
        );
    }
    let (part, item) = (cite.word("part", &PART_ROLES), cite.text("item"));
    cite.finish();
    Some(Cite { here, part, item })
}

/// The values without their places.
pub(crate) fn values(list: Vec<Located<String>>) -> Vec<String> {
    list.into_iter().map(Located::into_value).collect()
}

fn known_from(mut table: Table<'_>) -> Option<KnownFrom> {
    table.require(&["date", "basis"]);
    let (date, basis) = (table.date("date"), table.text("basis"));
    table.finish();
    Some(KnownFrom {
        date: date?,
        basis: basis.map(Located::into_value).unwrap_or_default(),
    })
}

fn part(mut table: Table<'_>) -> Option<Part> {
    table.require(&["role"]);
    let role = table.word("role", &PART_ROLES);
    let title = table.text("title").map(Located::into_value);
    let issuer = table.text("issuer").map(Located::into_value);
    let number = table.text("number").map(Located::into_value);
    let date = table.date("date").map(Located::into_value);
    table.finish();
    Some(Part {
        role: role?,
        title,
        issuer,
        number,
        date,
    })
}

fn window(mut table: Table<'_>) -> Option<Window> {
    table.require(&["id", "name", "due", "from_month_day", "to_month_day", "covers"]);
    let id = table.text("id");
    let name = table.text("name").map(Located::into_value);
    let due = table.text("due").map(Located::into_value);
    let (from, to) = (
        month_day(&mut table, "from_month_day"),
        month_day(&mut table, "to_month_day"),
    );
    let covers = table.text("covers").map(Located::into_value).unwrap_or_default();
    let cite = cite(&mut table);
    table.finish();
    Some(Window {
        id: id?,
        name: name?,
        due: due?,
        from: from?,
        to: to?,
        covers,
        cite,
    })
}

fn month_day(table: &mut Table<'_>, key: &str) -> Option<MonthDay> {
    let text = table.text(key)?;
    let parsed = text.split_once('-').and_then(|(month, day)| {
        let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !two_digits(month) || !two_digits(day) {
            return None;
        }
        // A leap year, so that 02-29 is a day.
        let (month, day) = (month.parse::<u8>().ok()?, day.parse::<u8>().ok()?);
        civil::Day::new(2000, i8::try_from(month).ok()?, i8::try_from(day).ok()?)?;
        Some(MonthDay { month, day })
    });
    if parsed.is_none() {
        text.report(
            table.diagnostics(),
            format!("“{key}”的值“{}”不是月日", *text),
            "应为如 \"07-10\" 的月日",
        );
    }
    parsed
}

fn clause(mut table: Table<'_>) -> Option<Untranslated> {
    table.require(&["id", "clause", "why", "decides"]);
    let id = table.text("id");
    let clause = table.text("clause").map(Located::into_value).unwrap_or_default();
    let why = table.text("why").map(Located::into_value).unwrap_or_default();
    let decides = table.text("decides");
    let cite = cite(&mut table);
    table.finish();
    Some(Untranslated {
        id: id?,
        clause,
        why,
        decides,
        cite,
    })
}
