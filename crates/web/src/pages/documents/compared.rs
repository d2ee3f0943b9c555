//! A comparison of two versions as its page shows it: pair by pair, side by side.

use axum::response::Response;
use document::comparison::{Change, Comparison, Fate, Pair, Run, said, wording};
use document::{Role, Task};
use policy::matching::role_word;
use report::wrap::{Ambiguous, shorten};

use super::reading::support;
use super::text_href;
use crate::address::Address;
use crate::documents::{Corrected, Reading};
use crate::error::Error;
use crate::layout::Link;
use crate::ledger::documents;
use crate::parts::{Light, Tone};
use crate::table::{Cell, Column, Listing};

/// Pairs on one page.
const PAGE: usize = 25;
/// Columns of a text that is the same in both.
const SHORT_TEXT: usize = 60;

/// What is compared.
pub(super) struct Shown<'c> {
    /// The words of the old version and of the new one.
    pub(super) words: [&'c str; 2],
    pub(super) readings: [&'c Reading; 2],
    /// Both as people left them.
    pub(super) corrected: &'c [Corrected; 2],
    pub(super) comparison: &'c Comparison,
}

/// A comparison, as far as the address asks for it.
pub(super) struct Compared {
    pub(super) choices: Vec<Choice>,
    pub(super) pairs: Vec<PairShown>,
    pub(super) total: usize,
    pub(super) export: String,
    pub(super) before: Option<String>,
    pub(super) next: Option<String>,
}

/// A link that shows only some pairs.
pub(super) struct Choice {
    pub(super) link: Link,
    pub(super) current: bool,
}

pub(super) struct PairShown {
    pub(super) light: Light,
    pub(super) changes: Vec<String>,
    /// The old version and the new one.
    pub(super) sides: [Option<Side>; 2],
}

/// A task in one version.
pub(super) struct Side {
    pub(super) no: String,
    pub(super) href: String,
    pub(super) project: String,
    pub(super) runs: Vec<Run>,
    pub(super) lead: String,
    pub(super) support: String,
    pub(super) deadline: String,
}

/// What a fate is called, on screen and in the address, and its light.
const FATES: [(Fate, &str, &str, Tone); 4] = [
    (Fate::Added, "新增", "added", Tone::Good),
    (Fate::LeftOut, "删去", "left-out", Tone::Bad),
    (Fate::Changed, "改动", "changed", Tone::Warn),
    (Fate::Kept, "未变", "kept", Tone::Mute),
];

fn of(fate: Fate) -> (&'static str, Tone) {
    let found = FATES.iter().find(|(own, ..)| *own == fate);
    found.map_or(("", Tone::Plain), |(_, word, _, tone)| (word, *tone))
}

/// The page of pairs that the address asks for; `Err` is the file, where it asks for one.
pub(super) fn compared(shown: &Shown<'_>, address: &Address) -> Result<Result<Compared, Box<Response>>, Error> {
    let asked = address.get("show").unwrap_or_default();
    let wanted = |pair: &&Pair| match FATES.iter().find(|(_, _, key, _)| *key == asked) {
        Some((fate, ..)) => pair.fate() == *fate,
        None => asked == "all" || pair.fate() != Fate::Kept,
    };
    let pairs: Vec<&Pair> = shown.comparison.pairs.iter().filter(wanted).collect();
    if address.get("export").is_some() {
        let listing = Listing::of(
            &address.without(&["show", "page", "q"]),
            "",
            &columns(),
            pairs.iter().map(|pair| row(shown, pair)),
        );
        if let Some(file) = listing.export("版本比较", &note(shown))? {
            return Ok(Err(Box::new(file)));
        }
    }
    let pages = pairs.len().div_ceil(PAGE).max(1);
    let page = address.get("page").and_then(|page| page.parse::<usize>().ok());
    let page = page.unwrap_or(1).clamp(1, pages);
    let link = |page: usize| address.with("page", &page.to_string()).href();
    let choice = |key: &str, text: String| Choice {
        link: Link::new(text, address.without(&["page", "show"]).with("show", key).href()),
        current: asked == key,
    };
    let all = shown.comparison.pairs.len();
    let changed = all - shown.comparison.count(Fate::Kept);
    let mut choices = vec![choice("", format!("有变化的（{changed}）"))];
    for (fate, word, key, _) in FATES {
        choices.push(choice(key, format!("{word}（{}）", shown.comparison.count(fate))));
    }
    choices.push(choice("all", format!("全部（{all}）")));
    Ok(Ok(Compared {
        choices,
        pairs: pairs
            .iter()
            .skip((page - 1) * PAGE)
            .take(PAGE)
            .map(|pair| pair_shown(shown, pair))
            .collect(),
        total: pairs.len(),
        export: address.without(&["page"]).with("export", "xlsx").href(),
        before: (page > 1).then(|| link(page - 1)),
        next: (page < pages).then(|| link(page + 1)),
    }))
}

fn note(shown: &Shown<'_>) -> String {
    let [old, new] = shown.readings;
    format!("旧版：{}　　新版：{}", side_in_words(old), side_in_words(new))
}

/// A version by title and file, and what people changed of it: that is compared as they left it.
pub(super) fn side_in_words(reading: &Reading) -> String {
    let by_hand = reading.tally().by_hand();
    let changed = if by_hand.is_empty() {
        String::new()
    } else {
        format!("；按人工处理后的台账比较：{}", by_hand.join("、"))
    };
    format!("{}（{}{changed}）", reading.title(), reading.file)
}

fn tasks<'c>(shown: &Shown<'c>, pair: &Pair) -> [Option<&'c Task>; 2] {
    let of = |side: usize, at: Option<usize>| at.and_then(|at| shown.corrected[side].extraction.tasks.get(at));
    [of(0, pair.old), of(1, pair.new)]
}

fn pair_shown(shown: &Shown<'_>, pair: &Pair) -> PairShown {
    let [old, new] = tasks(shown, pair);
    let texts = match (old, new) {
        (Some(old), Some(new)) if pair.changes.contains(&Change::Wording) => {
            let wording = wording(said(old), said(new));
            [wording.old, wording.new]
        }
        _ => [old, new].map(|task| {
            let text = task.map(said).unwrap_or_default();
            let text = if pair.fate() == Fate::Kept {
                shorten(text, SHORT_TEXT, Ambiguous::Narrow)
            } else {
                text.to_owned()
            };
            vec![Run { text, kept: true }]
        }),
    };
    let [old_runs, new_runs] = texts;
    let side = |side: usize, at: Option<usize>, task: Option<&Task>, runs: Vec<Run>| {
        let task = task?;
        let project = documents::project(task);
        Some(Side {
            no: documents::number(task).to_owned(),
            href: text_href(shown.words[side], shown.readings[side], row_of(shown, side, at)?),
            project: project.lines().last().unwrap_or_default().to_owned(),
            runs,
            lead: documents::lead(task),
            support: support(task),
            deadline: documents::deadline(&task.deadline),
        })
    };
    let (word, tone) = of(pair.fate());
    PairShown {
        light: Light::new(tone, word),
        changes: in_words(shown, pair),
        sides: [side(0, pair.old, old, old_runs), side(1, pair.new, new, new_runs)],
    }
}

/// The row of a task of a version.
fn row_of(shown: &Shown<'_>, side: usize, at: Option<usize>) -> Option<usize> {
    shown.corrected[side].rows.get(at?).copied()
}

/// What changed, one line each; and where a version has a task only since a person added it.
fn in_words(shown: &Shown<'_>, pair: &Pair) -> Vec<String> {
    let [old, new] = tasks(shown, pair);
    let mut lines: Vec<String> = Vec::new();
    for (side, at, word) in [(0, pair.old, "旧版"), (1, pair.new, "新版")] {
        if row_of(shown, side, at).is_some_and(|row| shown.readings[side].is_added(row)) {
            lines.push(format!("{word}此项为人工增列"));
        }
    }
    for change in &pair.changes {
        lines.push(match change {
            Change::UnitAdded(unit, role) => format!("增加{}：{unit}", unit_word(*role)),
            Change::UnitLeftOut(unit, role) => format!("不再列{}：{unit}", unit_word(*role)),
            Change::UnitRole(unit, was, now) => format!("{unit}由{}改为{}", role_word(*was), role_word(*now)),
            Change::Deadline => {
                let of = |task: Option<&Task>| {
                    task.map(|task| documents::deadline(&task.deadline).replace('\n', ""))
                        .unwrap_or_default()
                };
                format!("完成时限：{} → {}", of(old), of(new))
            }
            Change::Figures { old, new } => {
                let list = |figures: &[String]| {
                    if figures.is_empty() {
                        "无".to_owned()
                    } else {
                        figures.join("、")
                    }
                };
                format!("数字：{} → {}", list(old), list(new))
            }
            Change::Wording => "文字有改动".to_owned(),
        });
    }
    lines
}

const fn unit_word(role: Role) -> &'static str {
    match role {
        Role::Lead => "牵头单位",
        Role::Support => "配合单位",
        Role::Responsible => "责任单位",
    }
}

/// A pair as a row of a workbook.
struct Row {
    fate: &'static str,
    changes: String,
    sides: [[String; 4]; 2],
}

fn row(shown: &Shown<'_>, pair: &Pair) -> Row {
    let [old, new] = tasks(shown, pair);
    let side = |task: Option<&Task>| {
        task.map(|task| {
            let lead = documents::lead(task);
            let support = support(task);
            let units = if support.is_empty() {
                lead
            } else {
                format!("{lead}\n{support}")
            };
            [
                documents::number(task).to_owned(),
                said(task).to_owned(),
                units,
                documents::deadline(&task.deadline),
            ]
        })
        .unwrap_or_default()
    };
    Row {
        fate: of(pair.fate()).0,
        changes: in_words(shown, pair).join("\n"),
        sides: [side(old), side(new)],
    }
}

fn columns() -> Vec<Column<Row>> {
    let side = |key: &'static str, heading: &'static str, side: usize, at: usize| {
        Column::new(key, heading, move |row: &Row| Cell::text(&*row.sides[side][at]))
    };
    vec![
        Column::new("fate", "变化", |row: &Row| Cell::text(row.fate)),
        Column::new("changes", "变化内容", |row: &Row| Cell::text(&*row.changes)).long(),
        side("old-no", "旧版序号", 0, 0),
        side("old-content", "旧版工作内容", 0, 1).long(),
        side("old-units", "旧版牵头和配合单位", 0, 2),
        side("old-deadline", "旧版完成时限", 0, 3),
        side("new-no", "新版序号", 1, 0),
        side("new-content", "新版工作内容", 1, 1).long(),
        side("new-units", "新版牵头和配合单位", 1, 2),
        side("new-deadline", "新版完成时限", 1, 3),
    ]
}
