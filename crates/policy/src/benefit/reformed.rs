//! A benefit as a reform changes it.

use super::load::{Reader, check_references};
use super::{Benefit, Benefits, Window, amended};
use crate::Library;
use crate::file::{Diagnostics, Located, Table, meant};
use crate::reform::limits;

/// Keys of a benefit's file that a reform may not touch: another row, payee or name would be another benefit, and what an
/// office still has to confirm is no part of a forecast.
const FIXED: [&str; 13] = [
    "format", "name", "kind", "payee", "per", "period", "cite", "notice", "amends", "reading", "region_fact",
    "implements", "untranslated",
];

/// What a reform may take away whole.
const REMOVABLE: [&str; 7] = [
    "effective", "claim_until", "once", "at_most", "not_with", "months", "open",
];

/// Reads a `[[benefit]]` of a reform and changes the version it names; the benefit's id where that could be done.
///
/// The version changes where it stands, in its own document: it keeps its day of becoming known, its parents and their
/// bounds. Keys take the place of the file's as in a later document's file ([`amended`]); `remove` and
/// `remove_conditions` take something away; a window keeps the keys that are not written.
pub(crate) fn reform(benefits: &mut Benefits, library: &Library, mut table: Table<'_>) -> Option<String> {
    let diagnostics = table.diagnostics();
    table.require(&["id"]);
    for key in FIXED {
        if let Some(value) = table.take(key) {
            value.located().report(
                diagnostics,
                format!("测算方案不能改动“{key}”"),
                "可改的有：条件、金额、月数、时限、次数和期限上限、不得重复享受、分担和资金渠道",
            );
        }
    }
    let (id, document) = (table.text("id"), table.text("document"));
    let removed = table.texts("remove");
    let dropped = table.texts("remove_conditions");
    let windows = ["effective", "claim_until"].map(|key| table.table(key));
    let place = id
        .as_ref()
        .and_then(|id| version(benefits, id, document.as_ref(), diagnostics));
    let base = place.and_then(|place| benefits.versions(id.as_deref()?).get(place).cloned());
    let reader = Reader {
        pack: base.as_ref().map_or_else(String::new, |base| base.pack.clone()),
        diagnostics,
    };
    let draft = reader.draft(&mut table, false);
    table.finish();
    let (id, place, mut base) = (id?, place?, base?);
    for word in &removed {
        remove(&mut base, word, diagnostics);
    }
    for condition in &dropped {
        let before = base.conditions.len();
        base.conditions.retain(|known| known.id != *condition);
        if base.conditions.len() == before {
            let known: Vec<&str> = base.conditions.iter().map(|known| known.id.as_str()).collect();
            let hint = meant(condition, known.iter().copied());
            condition.report(diagnostics, format!("“{}”没有条件“{}”", *id, **condition), hint);
        }
    }
    let [effective, claim_until] = windows;
    let effective = effective.map(|table| moved(table, base.effective.as_ref()));
    let claim_until = claim_until.map(|table| moved(table, base.claim_until.as_ref()));
    let (pack, amends) = (base.pack.clone(), base.amends.clone());
    let mut benefit = amended(&base, draft, &pack);
    benefit.amends = amends;
    if let Some(window) = effective {
        benefit.effective = Some(window?);
    }
    if let Some(window) = claim_until {
        benefit.claim_until = Some(window?);
    }
    limits::of_benefit(&benefit, id.file(), diagnostics);
    let known = benefits.by_id.get_mut(id.as_str())?.get_mut(place)?;
    *known = benefit;
    check_references(benefits, library, diagnostics);
    Some(id.into_value())
}

/// The place of the version that is meant: of the only document that has the benefit, or of the one that is named.
fn version(
    benefits: &Benefits,
    id: &Located<String>,
    document: Option<&Located<String>>,
    diagnostics: &Diagnostics,
) -> Option<usize> {
    let versions = benefits.versions(id);
    let packs = || versions.iter().map(|version| version.pack.as_str());
    if versions.is_empty() {
        let hint = meant(id, benefits.by_id.keys().map(String::as_str));
        id.report(diagnostics, format!("没有补贴项目“{}”", **id), hint);
        return None;
    }
    let Some(document) = document else {
        if versions.len() > 1 {
            let message = format!("补贴项目“{}”在 {} 份文件中有规定", **id, versions.len());
            let all: Vec<&str> = packs().collect();
            id.report(
                diagnostics,
                message,
                format!("请写 document = \"…\"，可用的有：{}", all.join("、")),
            );
            return None;
        }
        return Some(0);
    };
    let place = packs().position(|pack| pack == document.as_str());
    if place.is_none() {
        let all: Vec<&str> = packs().collect();
        let message = format!("政策文件“{}”没有规定“{}”", **document, **id);
        document.report(diagnostics, message, meant(document, all.iter().copied()));
    }
    place
}

/// Takes something away whole.
fn remove(base: &mut Benefit, word: &Located<String>, diagnostics: &Diagnostics) {
    let there = match word.as_str() {
        "effective" => base.effective.take().is_some(),
        "claim_until" => base.claim_until.take().is_some(),
        "once" => base.once.take().is_some(),
        "months" => base.months.take().is_some(),
        "at_most" => !std::mem::take(&mut base.at_most).is_empty(),
        "not_with" => !std::mem::take(&mut base.not_with).is_empty(),
        "open" => !std::mem::take(&mut base.open).is_empty(),
        other => {
            let hint = meant(other, REMOVABLE.iter().copied());
            word.report(
                diagnostics,
                format!("不能删去“{other}”"),
                format!("{hint}；删去条件请用 remove_conditions"),
            );
            return;
        }
    };
    if !there {
        word.report(
            diagnostics,
            format!("“{}”没有规定“{}”，无可删去", *base.id, **word),
            "请删去该行",
        );
    }
}

/// A window with the keys that the reform writes; the compiler's words take the place of words on days that have moved.
fn moved(mut table: Table<'_>, base: Option<&Window>) -> Option<Window> {
    if base.is_none() {
        table.require(&["on"]);
    }
    let (on, from, to) = (table.text("on"), table.date("from"), table.date("to"));
    let text = table.text("text").map(Located::into_value);
    let (diagnostics, here) = (table.diagnostics(), table.here());
    table.finish();
    let from = from.map(|day| *day).or_else(|| base?.from);
    let until = to.as_ref().map(|day| **day).or_else(|| base?.to);
    if from.is_none() && until.is_none() {
        here.report(
            diagnostics,
            "没有写起止日期",
            "from、to 至少写一个；要取消时限请写 remove = [\"effective\"]",
        );
    }
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        here.report(
            diagnostics,
            format!("结束日{until}早于开始日{from}"),
            "没有写的一端沿用原规定；from 和 to 都包含在内",
        );
    }
    Some(Window {
        on: on.or_else(|| Some(base?.on.clone()))?,
        from,
        to: until,
        text,
    })
}
