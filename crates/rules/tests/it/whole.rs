//! All benefits over many rows: counted and summed, written out, and row by row, they are the same.

use arrow_buffer::NullBuffer;
use policy::file::Tree;
use rules::benefit::Version;
use rules::catalogue::Catalogue;
use rules::decision::Outcome;
use rules::engine::Engine;
use rules::kernel::{BLOCK, Column, Columns, Data, Decisions, Tally, Workspace, outcome_of};
use rules::program::Program;
use rules::typed::Kind;

use crate::support::day;

/// Rows of the test: two whole blocks and a part of a third.
const ROWS: usize = 2 * BLOCK + 317;

const REGIONS: [i64; 5] = [
    330_282_000_000, 330_282_101_000, 210_300_000_000, 512_000_000_000, 500_000_000_000,
];

fn columns(program: &Program) -> Columns {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = |limit: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        i64::try_from((state >> 11) % limit).expect("small")
    };
    let list: Vec<Column> = program
        .inputs
        .iter()
        .map(|input| {
            let data = match input.kind {
                Kind::Bool => Data::Flags((0..ROWS).map(|_| draw(3) != 0).collect()),
                Kind::Code(_) => Data::Small((0..ROWS).map(|_| i16::try_from(draw(3) + 1).expect("code")).collect()),
                Kind::Date => Data::Days(
                    (0..ROWS)
                        .map(|_| i32::try_from(draw(900) + 18_000).expect("day"))
                        .collect(),
                ),
                Kind::Month => Data::Days(
                    (0..ROWS)
                        .map(|_| {
                            let month = i32::try_from(draw(18)).expect("small");
                            let first = day("2019-12-01").month().add_months(month).expect("month");
                            first.first_day().days_since_epoch()
                        })
                        .collect(),
                ),
                Kind::Region => Data::Long(
                    (0..ROWS)
                        .map(|_| REGIONS[usize::try_from(draw(5)).expect("five")])
                        .collect(),
                ),
                Kind::Number { money: true, .. } => Data::Long((0..ROWS).map(|_| draw(50_000_000)).collect()),
                kind if kind.is_narrow() => Data::Long((0..ROWS).map(|_| draw(40)).collect()),
                _ => Data::Huge((0..ROWS).map(|_| i128::from(draw(60_000))).collect()),
            };
            let valid: NullBuffer = (0..ROWS).map(|_| draw(12) != 0).collect();
            Column::new(data, Some(valid))
        })
        .collect();
    Columns::new(program, list).expect("columns")
}

/// The outcome, the amount and the masks of a row, by the plain rule: every operation of the version in full. Where the
/// row is known to lie elsewhere, that alone stands in the masks.
fn plainly(workspace: &Workspace, version: &Version, row: usize) -> (Outcome, i64, u64, u64) {
    let results: Vec<Option<bool>> = version
        .conditions
        .iter()
        .map(|condition| workspace.truth(condition.mask, row))
        .collect();
    let elsewhere = version.place.filter(|place| results.get(*place) == Some(&Some(false)));
    let amount = version.amount.and_then(|amount| workspace.long(amount, row));
    let outcome = if results.contains(&Some(false)) {
        Outcome::Ineligible
    } else if results.iter().all(|result| *result == Some(true)) && (version.amount.is_none() || amount.is_some()) {
        Outcome::Eligible
    } else {
        Outcome::Undetermined
    };
    let due = if outcome == Outcome::Eligible {
        amount.unwrap_or(0)
    } else {
        0
    };
    let bits = |test: &dyn Fn(&Option<bool>) -> bool| {
        results
            .iter()
            .enumerate()
            .filter(|(at, _)| elsewhere.is_none_or(|place| place == *at))
            .fold(0_u64, |bits, (at, result)| bits | (u64::from(test(result)) << at))
    };
    (
        outcome,
        due,
        bits(&|result| *result == Some(true)),
        bits(&|result| result.is_some()),
    )
}

#[test]
fn counting_writing_and_looking_at_each_row_agree_on_every_benefit_of_the_packs() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let (engine, findings) = Engine::compile(&catalogue, catalogue.latest_known(), Some(day("2020-12-31")));
    assert!(findings.is_empty(), "{findings:?}");
    let columns = columns(&engine.program);
    let mut workspace = Workspace::new(&engine.program);
    let tallies = engine.tally(&columns, &mut workspace);
    let mut counted = vec![Tally::default(); engine.benefits.len()];
    let (mut written, mut plain) = (Workspace::new(&engine.program), Workspace::new(&engine.program));
    let mut buffer = Decisions::default();
    for start in (0..ROWS).step_by(BLOCK) {
        plain.begin(&columns, start);
        for version in engine.benefits.values().flatten() {
            plain.run(&engine.program, &columns, &version.condition_ops);
            plain.run(&engine.program, &columns, &version.amount_ops);
        }
        engine.decide_block(&columns, start, &mut written, &mut buffer, |at, decisions| {
            let (id, versions) = engine.benefits.iter().nth(at).expect("a benefit");
            let [version] = versions.as_slice() else {
                panic!("{id} has several versions")
            };
            for row in 0..BLOCK.min(ROWS - start) {
                let (outcome, due, yes, known) = plainly(&plain, version, row);
                let found = (
                    outcome_of(decisions.outcome[row]),
                    decisions.true_mask[row],
                    decisions.known_mask[row],
                );
                assert_eq!(found, (outcome, yes, known), "{id}, row {}", start + row);
                if version.amount.is_some() {
                    assert_eq!(decisions.amount_fen[row], due, "{id}, row {}", start + row);
                }
                let tally = &mut counted[at];
                match outcome {
                    Outcome::Eligible => tally.eligible += 1,
                    Outcome::Ineligible => tally.ineligible += 1,
                    Outcome::Undetermined => tally.undetermined += 1,
                }
                tally.amount_fen += i128::from(due);
            }
        });
    }
    for ((id, tally), counted) in engine.benefits.keys().zip(&tallies).zip(&counted) {
        assert_eq!(tally, counted, "{id}");
    }
    let eligible: u64 = tallies.iter().map(|tally| tally.eligible).sum();
    let undetermined: u64 = tallies.iter().map(|tally| tally.undetermined).sum();
    assert!(
        eligible > 100 && undetermined > 1_000,
        "{eligible} eligible, {undetermined} undetermined"
    );
}
