//! All benefits over many rows: counted and summed, written out, and row by row, they are the same.

use std::collections::BTreeSet;

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

/// Which regions rows lie in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Every region fact of every row drawn by itself.
    Mixed,
    /// One region after another; in the first half every region is known, so that whole blocks lie elsewhere.
    ByRegion,
    /// One region after another, of one row in 14 unknown, and a row in 100 of another region.
    Strewn,
}

/// Values of each input, by row, and whether they are known.
fn drawn(program: &Program, layout: Layout, rows: usize) -> Vec<(Vec<i64>, Vec<bool>)> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = |limit: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        i64::try_from((state >> 11) % limit).expect("small")
    };
    let by_region = layout != Layout::Mixed;
    let inputs = program.inputs.iter();
    inputs
        .map(|input| {
            let region = input.kind == Kind::Region;
            let mut value = |row: usize| match input.kind {
                Kind::Bool => i64::from(draw(3) != 0),
                Kind::Code(_) => draw(3) + 1,
                Kind::Date => draw(900) + 18_000,
                Kind::Month => {
                    let month = i32::try_from(draw(18)).expect("small");
                    let first = day("2019-12-01").month().add_months(month).expect("month");
                    i64::from(first.first_day().days_since_epoch())
                }
                Kind::Region if by_region && (layout == Layout::ByRegion || draw(100) != 0) => {
                    REGIONS[row * REGIONS.len() / rows]
                }
                Kind::Region => REGIONS[usize::try_from(draw(5)).expect("five")],
                Kind::Number { money: true, .. } => draw(50_000_000),
                kind if kind.is_narrow() => draw(40),
                _ => draw(60_000),
            };
            let values = (0..rows).map(&mut value).collect();
            let known = |row: usize| match layout {
                Layout::ByRegion if region && row < rows / 2 => true,
                Layout::Strewn if region => draw(14) != 0,
                _ => draw(12) != 0,
            };
            (values, (0..rows).map(known).collect())
        })
        .collect()
}

/// The columns of what was drawn, rows in the order given.
fn columns(program: &Program, drawn: &[(Vec<i64>, Vec<bool>)], order: &[usize]) -> Columns {
    let list = program.inputs.iter().zip(drawn).map(|(input, (values, known))| {
        let values = order.iter().map(|row| values[*row]);
        let data = match input.kind {
            Kind::Bool => Data::Flags(values.map(|value| value != 0).collect()),
            Kind::Code(_) => Data::Small(values.map(|value| i16::try_from(value).expect("code")).collect()),
            Kind::Date | Kind::Month => Data::Medium(values.map(|value| i32::try_from(value).expect("day")).collect()),
            kind if kind.is_narrow() => Data::Long(values.collect()),
            _ => Data::Huge(values.map(i128::from).collect()),
        };
        let valid: NullBuffer = order.iter().map(|row| known[*row]).collect();
        Column::new(data, Some(valid))
    });
    Columns::new(program, list.collect()).expect("columns")
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

fn engine() -> Engine {
    let catalogue = Catalogue::load(&Tree::built_in());
    let (engine, findings) = Engine::compile(&catalogue, catalogue.latest_known(), Some(day("2020-12-31")));
    assert!(findings.is_empty(), "{findings:?}");
    engine
}

#[test]
fn counting_writing_and_looking_at_each_row_agree_on_every_benefit_of_the_packs() {
    for layout in [Layout::Mixed, Layout::ByRegion, Layout::Strewn] {
        agree(&engine(), layout, ROWS);
    }
}

#[test]
fn rows_strewn_over_many_blocks_are_decided_as_each_in_its_own() {
    let catalogue = Catalogue::load(&Tree::built_in());
    // One benefit in nine: of every region, by both facts that say where a row lies, and one without a place.
    let ids = catalogue.benefits.by_id.keys().step_by(9).map(String::as_str);
    let (engine, findings) = Engine::compile_only(&catalogue, catalogue.latest_known(), Some(day("2020-12-31")), ids);
    assert!(findings.is_empty(), "{findings:?}");
    let places: BTreeSet<&[u32]> = engine.benefits.values().map(|versions| place(&versions[0])).collect();
    assert!(places.len() > 2, "{places:?}");
    // More blocks than are looked at beforehand, and in each more such rows together than one block holds.
    agree(&engine, Layout::Strewn, 37 * BLOCK + 5);
}

/// The facts that say where a row lies.
fn place(version: &Version) -> &[u32] {
    version.place().map_or(&[], |place| place.facts.as_slice())
}

fn agree(engine: &Engine, layout: Layout, rows: usize) {
    let in_order: Vec<usize> = (0..rows).collect();
    let columns = columns(&engine.program, &drawn(&engine.program, layout, rows), &in_order);
    let tallies = agree_on(engine, &columns);
    let eligible: u64 = tallies.iter().map(|tally| tally.eligible).sum();
    let undetermined: u64 = tallies.iter().map(|tally| tally.undetermined).sum();
    assert!(
        eligible > 100 && undetermined > 1_000,
        "{eligible} eligible, {undetermined} undetermined"
    );
}

/// Counts, what is written and the plain rule agree on every row of the columns; answers the counts.
pub(crate) fn agree_on(engine: &Engine, columns: &Columns) -> Vec<Tally> {
    let rows = columns.rows();
    let mut workspace = Workspace::new(&engine.program);
    let tallies = engine.tally(columns, &mut workspace);
    let elsewhere = engine.tally(columns, &mut Workspace::on_any_processor(&engine.program));
    assert_eq!(tallies, elsewhere, "an older processor counts otherwise");
    let mut counted = vec![Tally::default(); engine.benefits.len()];
    let (mut written, mut plain) = (
        Workspace::new(&engine.program),
        Workspace::on_any_processor(&engine.program),
    );
    let mut buffer = Decisions::default();
    for start in (0..rows).step_by(BLOCK) {
        plain.begin(columns, start);
        for version in engine.benefits.values().flatten() {
            plain.run(&engine.program, columns, &version.condition_ops);
            plain.run(&engine.program, columns, &version.amount_ops);
        }
        engine.decide_block(columns, start, &mut written, &mut buffer, |at, decisions| {
            let (id, versions) = engine.benefits.iter().nth(at).expect("a benefit");
            let [version] = versions.as_slice() else {
                panic!("{id} has several versions")
            };
            for row in 0..BLOCK.min(rows - start) {
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
    tallies
}

/// All that a row's decision says.
type Said = (u8, u8, u64, u64, i64, i32, u8);

/// By benefit and row.
fn decided(engine: &Engine, columns: &Columns) -> Vec<Vec<Said>> {
    let mut said = vec![Vec::with_capacity(ROWS); engine.benefits.len()];
    let (mut workspace, mut buffer) = (Workspace::new(&engine.program), Decisions::default());
    for start in (0..ROWS).step_by(BLOCK) {
        engine.decide_block(columns, start, &mut workspace, &mut buffer, |at, all| {
            said[at].extend((0..BLOCK.min(ROWS - start)).map(|row| {
                (
                    all.outcome[row], all.version[row], all.true_mask[row], all.known_mask[row], all.amount_fen[row],
                    all.months[row], all.reason[row],
                )
            }));
        });
    }
    said
}

#[test]
fn what_is_said_of_a_row_does_not_depend_on_the_rows_beside_it() {
    let engine = engine();
    let drawn = drawn(&engine.program, Layout::ByRegion, ROWS);
    let by_region: Vec<usize> = (0..ROWS).collect();
    // 1,009 is prime to the number of rows: every row once.
    let shuffled: Vec<usize> = by_region.iter().map(|row| row * 1_009 % ROWS).collect();
    let sorted = columns(&engine.program, &drawn, &by_region);
    let mixed = columns(&engine.program, &drawn, &shuffled);
    let (of_sorted, of_mixed) = (decided(&engine, &sorted), decided(&engine, &mixed));
    for ((id, sorted), mixed) in engine.benefits.keys().zip(&of_sorted).zip(&of_mixed) {
        for (at, row) in shuffled.iter().enumerate() {
            assert_eq!(sorted[*row], mixed[at], "{id}, row {row}");
        }
    }
    let mut workspace = Workspace::new(&engine.program);
    assert_eq!(
        engine.tally(&sorted, &mut workspace),
        engine.tally(&mixed, &mut workspace)
    );
}
