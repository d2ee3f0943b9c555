//! Reads `targets.toml`: figures to be reached, duties of reporting and publicity.

use crate::file::{Located, Table};
use crate::pack::{Comparison, Duty, DutyKind, Target};
use crate::policy_file::cite;

/// Words that make a target or a duty soft.
pub const SOFT_WORDS: [&str; 3] = ["力争", "原则上", "计划"];

const COMPARISONS: [(&str, Comparison); 5] = [
    (">=", Comparison::AtLeast),
    (">", Comparison::Above),
    ("<=", Comparison::AtMost),
    ("<", Comparison::Below),
    ("=", Comparison::Exactly),
];

/// Reads the file.
pub(crate) fn read(mut table: Table<'_>) -> (Vec<Target>, Vec<Duty>) {
    let targets = table.tables("target").into_iter().filter_map(target).collect();
    let duties = table.tables("duty").into_iter().filter_map(duty).collect();
    table.finish();
    (targets, duties)
}

fn target(mut table: Table<'_>) -> Option<Target> {
    table.require(&["id", "text", "indicator", "op", "value", "unit", "period"]);
    let id = table.text("id");
    let text = table.text("text").map(Located::into_value).unwrap_or_default();
    let indicator = table.text("indicator");
    let op = table.word("op", &COMPARISONS);
    let value = table.decimal("value");
    let unit = table.text("unit").map(Located::into_value).unwrap_or_default();
    let period = period(&mut table);
    let soft = soft(&mut table);
    let cite = cite(&mut table);
    if let Some(indicator) = &indicator {
        crate::check::kebab_case(indicator, "indicator", table.diagnostics());
    }
    table.finish();
    Some(Target {
        id: id?,
        text,
        indicator: indicator?.into_value(),
        op: op?.into_value(),
        value: value?.into_value(),
        unit,
        period: period?,
        soft,
        cite,
    })
}

fn duty(mut table: Table<'_>) -> Option<Duty> {
    table.require(&["id", "kind", "text"]);
    let here = table.here();
    let id = table.text("id");
    let kind = table.word("kind", &DutyKind::WORDS);
    let text = table.text("text").map(Located::into_value).unwrap_or_default();
    let (by, by_function) = (table.texts("by"), table.texts("by_function"));
    let to = table.texts("to");
    let when = table.text("when").map(Located::into_value);
    let soft = soft(&mut table);
    let cite = cite(&mut table);
    if by.is_empty() && by_function.is_empty() {
        here.report(
            table.diagnostics(),
            "没有写明由谁承担",
            "请写 by = [\"单位\"]，或只知职能时写 by_function = [\"human-resources\"]",
        );
    }
    table.finish();
    Some(Duty {
        id: id?,
        kind: kind?.into_value(),
        text,
        by,
        by_function,
        to,
        when,
        soft,
        cite,
    })
}

/// A year (`2020`), consecutive years (`2020/2021`) or `standing`.
fn period(table: &mut Table<'_>) -> Option<String> {
    let text = table.text("period")?;
    let is_year = |year: &str| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let usable = match text.split_once('/') {
        Some((from, to)) => is_year(from) && is_year(to) && from < to,
        None => *text == "standing" || is_year(&text),
    };
    if !usable {
        let message = format!("“period”的值“{}”不是期间", *text);
        text.report(
            table.diagnostics(),
            message,
            "应为年份 \"2020\"、起止年份 \"2020/2021\"，或 \"standing\"（长期）",
        );
        return None;
    }
    Some(text.into_value())
}

fn soft(table: &mut Table<'_>) -> Option<String> {
    table
        .word("soft", &SOFT_WORDS.map(|word| (word, word)))
        .map(|word| (*word).to_owned())
}
