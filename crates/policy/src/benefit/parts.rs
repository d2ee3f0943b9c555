//! In what parts a benefit is paid: stages, and shares by level of government.

use civil::Day;

use super::Expression;
use super::load::Reader;
use crate::file::{Located, Table};
use crate::reform::limits;

/// What is paid at a stage.
#[derive(Debug, Clone, PartialEq)]
pub enum StagePart {
    /// A share of the estimate, in millionths.
    OfEstimate(i128),
    /// The actual sum less what was paid at the stages before.
    Rest,
}

/// One stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// Its id.
    pub id: Located<String>,
    /// How much.
    pub part: StagePart,
    /// What opens it, on screen.
    pub event: String,
    /// Working days within which it is paid.
    pub within_working_days: Option<i64>,
    /// What must be there before it is paid (`acceptance`, `notice`, `confirmation`).
    pub gates: Vec<String>,
}

/// Payment in stages.
#[derive(Debug, Clone, PartialEq)]
pub struct Staging {
    /// What the estimate is.
    pub estimate: Expression,
    /// What it came to in the end.
    pub actual: Expression,
    /// The stages in order.
    pub stages: Vec<Stage>,
    /// What is taken back, when.
    pub recovery: Option<Recovery>,
}

/// Prepaid money that is taken back.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovery {
    /// When: a condition.
    pub when: Expression,
    /// How much: an amount in fen.
    pub amount: Expression,
    /// On screen.
    pub event: String,
}

/// A part of a share.
#[derive(Debug, Clone, PartialEq)]
pub struct SharePart {
    /// `centre`, `province`, `city`, `county`, `city-county`.
    pub level: String,
    /// In millionths.
    pub part: i128,
    /// The fund; `n/s` where the document does not say.
    pub fund: String,
}

/// Shares by level of government within a window.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The date that decides: an expression.
    pub on: Option<Expression>,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
    /// The parts; they add up to one.
    pub parts: Vec<SharePart>,
}

/// Levels of government.
pub const LEVELS: &[&str] = &["centre", "province", "city", "county", "city-county"];

pub(super) fn staging(reader: &Reader<'_>, table: &mut Table<'_>) -> Option<Staging> {
    let mut inner = table.table("staging")?;
    inner.require(&["estimate", "actual", "stage"]);
    let (estimate, actual) = (inner.text("estimate"), inner.text("actual"));
    let stages: Vec<Stage> = inner
        .tables("stage")
        .into_iter()
        .filter_map(|stage| self::stage(reader, stage))
        .collect();
    let recovery = inner.table("recovery").and_then(|mut recovery| {
        recovery.require(&["when", "amount", "event"]);
        let (when, amount, event) = (recovery.text("when"), recovery.text("amount"), recovery.text("event"));
        recovery.finish();
        Some(Recovery {
            when: when?,
            amount: amount?,
            event: event?.into_value(),
        })
    });
    inner.finish();
    reader.unique(stages.iter().map(|stage| &stage.id));
    let prepaid: i128 = stages
        .iter()
        .map(|stage| {
            if let StagePart::OfEstimate(part) = stage.part {
                part
            } else {
                0
            }
        })
        .sum();
    if prepaid > 1_000_000
        && let Some(first) = stages.first()
    {
        first
            .id
            .report(reader.diagnostics, "各期预拨之和超过预计数", "请核对各期比例");
    }
    Some(Staging {
        estimate: estimate?,
        actual: actual?,
        stages,
        recovery,
    })
}

fn stage(reader: &Reader<'_>, mut table: Table<'_>) -> Option<Stage> {
    table.require(&["id", "event"]);
    let (id, event) = (table.text("id"), table.text("event"));
    let share = table.text("of_estimate").and_then(|text| share_of_one(reader, &text));
    let rest = table.flag("rest").is_some_and(|rest| *rest);
    let days = table.integer("within_working_days").map(|days| reader.count(&days));
    let gates = table.texts("gates").into_iter().map(Located::into_value).collect();
    let here = table.here();
    table.finish();
    let part = match (share, rest) {
        (Some(share), false) => StagePart::OfEstimate(share),
        (None, true) => StagePart::Rest,
        _ => {
            here.report(
                reader.diagnostics,
                "每期应写明且只写一种算法",
                "of_estimate = \"50%\"，或 rest = true",
            );
            return None;
        }
    };
    Some(Stage {
        id: id?,
        part,
        event: event?.into_value(),
        within_working_days: days,
        gates,
    })
}

pub(super) fn share(reader: &Reader<'_>, mut table: Table<'_>) -> Option<Share> {
    table.require(&["part"]);
    let on = table.text("on");
    let (from, to) = (table.date("from").map(|day| *day), table.date("to").map(|day| *day));
    let here = table.here();
    let parts: Vec<SharePart> = table
        .tables("part")
        .into_iter()
        .filter_map(|mut part| {
            part.require(&["level", "share", "fund"]);
            let (level, share, fund) = (part.text("level"), part.text("share"), part.text("fund"));
            part.finish();
            let level = level.filter(|level| reader.among(level, LEVELS))?;
            Some(SharePart {
                level: level.into_value(),
                part: share_of_one(reader, &share?)?,
                fund: fund?.into_value(),
            })
        })
        .collect();
    table.finish();
    if parts.iter().map(|part| part.part).sum::<i128>() != 1_000_000 {
        here.report(reader.diagnostics, "各级分担比例之和不是 100%", "请核对原文比例");
        return None;
    }
    Some(Share { on, from, to, parts })
}

fn share_of_one(reader: &Reader<'_>, text: &Located<String>) -> Option<i128> {
    match limits::share(text) {
        Ok(part) => Some(part),
        Err(wrong) => {
            text.report(reader.diagnostics, wrong, "应为加引号的百分数，如 \"30%\"");
            None
        }
    }
}
