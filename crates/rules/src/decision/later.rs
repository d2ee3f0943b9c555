//! From which later day a case would be eligible, nothing else changing.

use civil::Day;

use super::{Decision, Outcome, rows};
use crate::benefit::{Moves, Version};
use crate::calendar::{LAST_DAY, add_months, month_start};
use crate::case::Case;
use crate::day_number;
use crate::engine::Engine;
use crate::kernel::{CASE_BLOCK, CaseSpace};
use crate::typed::Vocabulary;

/// Days, or months, of the first look.
const FIRST_LOOK: usize = 64;

/// How far ahead is looked: ten years.
pub(crate) const HORIZON_DAYS: i64 = 3_653;

/// The first later day, within the horizon, on which the passing of time alone would make the case eligible. The rows of
/// a block are the days.
pub(super) fn eligible_from(
    engine: &Engine,
    vocabulary: &Vocabulary,
    workspace: &mut CaseSpace,
    case: &Case,
    version: &Version,
    decision: &Decision,
) -> Option<Day> {
    if !time_can_help(version, decision) {
        return None;
    }
    let asked = day_number(decision.as_of);
    let last = (asked + HORIZON_DAYS).min(LAST_DAY);
    let paces = version.conditions.iter().map(|condition| condition.moves);
    let monthly = paces.chain([version.amount_moves]).max() < Some(Moves::Daily);
    let mut from = asked;
    // Short looks first: most cases turn within the year.
    let mut length = FIRST_LOOK;
    while from < last {
        // The first row is the day asked, so that counts that go up with time have their start.
        let mut days = vec![asked];
        while days.len() < length && from < last {
            from = if monthly { next_month(from) } else { from + 1 };
            if from <= last {
                days.push(from);
            }
        }
        let columns = rows::columns(engine, vocabulary, case, &days)?;
        workspace.begin(&columns, 0);
        workspace.run(&engine.program, &columns, &version.condition_ops);
        workspace.run(&engine.program, &columns, &version.amount_ops);
        let conditions = version.conditions.iter().map(|condition| condition.mask);
        // The first row is the day asked, on which the case is not eligible.
        if let Some(row) = workspace.first_with(conditions, version.amount).filter(|row| *row > 0) {
            return i32::try_from(*days.get(row)?).ok().and_then(Day::from_days_since_epoch);
        }
        length = CASE_BLOCK;
    }
    None
}

/// The first day of the month after.
fn next_month(day: i64) -> i64 {
    add_months(month_start(day), 1).unwrap_or(LAST_DAY)
}

/// True where every condition that does not hold, and an unknown amount, may change with time alone.
pub(super) fn time_can_help(version: &Version, decision: &Decision) -> bool {
    let conditions = version.conditions.iter().zip(&decision.conditions);
    let stuck = conditions
        .into_iter()
        .any(|(condition, result)| result.result != Some(true) && condition.moves == Moves::Never);
    let amount_stuck = version.amount.is_some()
        && decision.amount_fen.is_none()
        && version.amount_moves == Moves::Never
        && decision.outcome != Outcome::Ineligible;
    decision.outcome != Outcome::Eligible && !stuck && !amount_stuck
}
