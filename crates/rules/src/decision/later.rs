//! From which later day a case would be eligible, nothing else changing.

use civil::Day;

use super::{Decision, Outcome, rows};
use crate::benefit::Version;
use crate::case::Case;
use crate::day_number;
use crate::engine::Engine;
use crate::kernel::{BLOCK, Workspace};
use crate::typed::Vocabulary;

/// How far ahead is looked: ten years.
pub(crate) const HORIZON_DAYS: i64 = 3_653;

/// The first later day, within the horizon, on which the passing of time alone would make the case eligible. The rows of
/// a block are the days.
pub(super) fn eligible_from(
    engine: &Engine,
    vocabulary: &Vocabulary,
    workspace: &mut Workspace,
    case: &Case,
    version: &Version,
    decision: &Decision,
) -> Option<Day> {
    if decision.outcome == Outcome::Eligible || !time_can_help(version, decision) {
        return None;
    }
    let asked = day_number(decision.as_of);
    let mut next = asked + 1;
    // Short looks first: most cases turn within the year.
    let mut length: i64 = 63;
    while next <= asked + HORIZON_DAYS {
        let last = (next + length - 1)
            .min(asked + HORIZON_DAYS)
            .min(crate::calendar::LAST_DAY);
        if last < next {
            return None;
        }
        // The first row is the day asked, so that counts that go up with time have their start.
        let days: Vec<i64> = std::iter::once(asked).chain(next..=last).collect();
        let columns = rows::columns(engine, vocabulary, case, &days)?;
        workspace.begin(&columns, 0);
        workspace.run(&engine.program, &columns, &version.condition_ops);
        workspace.run(&engine.program, &columns, &version.amount_ops);
        let eligible = |row: usize| {
            version
                .conditions
                .iter()
                .all(|condition| workspace.truth(condition.mask, row) == Some(true))
                && version
                    .amount
                    .is_none_or(|amount| workspace.long(amount, row).is_some())
        };
        if let Some(row) = (1..days.len()).find(|row| eligible(*row)) {
            return i32::try_from(*days.get(row)?).ok().and_then(Day::from_days_since_epoch);
        }
        next = last + 1;
        length = i64::try_from(BLOCK).unwrap_or(1_024) - 1;
    }
    None
}

/// True where every condition that does not hold, and an unknown amount, may change with time alone.
fn time_can_help(version: &Version, decision: &Decision) -> bool {
    let conditions = version.conditions.iter().zip(&decision.conditions);
    let stuck = conditions
        .into_iter()
        .any(|(condition, result)| result.result != Some(true) && !condition.moves);
    let amount_stuck = version.amount.is_some()
        && decision.amount_fen.is_none()
        && !version.amount_moves
        && decision.outcome != Outcome::Ineligible;
    !stuck && !amount_stuck
}
