//! All benefits of the packs over 1,048,576 rows on one thread, as rows may come: one region after another, each row's place
//! known, as a run has them; the same where a register lacks the place of every 20th row; and regions mixed row by row.
//! And all benefits of a region for one person.

#![expect(
    clippy::expect_used,
    reason = "a bench stops at the first surprise; criterion's macros make a public function"
)]

use std::collections::BTreeSet;
use std::hint::black_box;

use arrow_buffer::NullBuffer;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use rules::entitlement::Entitlements;
use rules::interview::{Answers, Interview, concerns};
use rules::kernel::{BLOCK, Column, Columns, Data, Decisions, Workspace};
use rules::program::Input;
use rules::typed::Kind;

const ROWS: usize = 1_048_576;

/// Regions of the founding documents and of towns in them.
const REGIONS: [i64; 5] = [
    330_282_000_000, 330_282_101_000, 210_300_000_000, 512_000_000_000, 500_111_000_000,
];

fn day(text: &str) -> civil::Day {
    civil::Day::parse(text).expect("day")
}

/// The order of rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// One region after another: whatever says where a row lies (`in-region` of some benefit) names the region of the
    /// partition. A run fills in the place of a claim itself.
    Run,
    /// The same where the place of every 20th row is unknown.
    Gaps,
    /// Every region fact of every row drawn by itself.
    Mixed,
}

/// Every input of the program with 5% nulls, in [`Layout::Run`] all but a row's place; values that make conditions fall both ways.
fn columns(engine: &Engine, layout: Layout) -> Columns {
    let places: BTreeSet<u32> = engine
        .benefits
        .values()
        .flatten()
        .filter_map(|version| version.place())
        .flat_map(|place| place.facts.iter().copied())
        .collect();
    let says_place = |input: &Input| input.fact.is_some_and(|fact| places.contains(&fact));
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |limit: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % limit
    };
    let mut draw = |limit: u64| i64::try_from(next(limit)).expect("small");
    let list: Vec<Column> = engine
        .program
        .inputs
        .iter()
        .map(|input| {
            let data = match input.kind {
                Kind::Bool => Data::Flags((0..ROWS).map(|_| draw(2) == 1).collect()),
                Kind::Code(_) => Data::Small((0..ROWS).map(|_| i16::try_from(draw(5) + 1).expect("code")).collect()),
                // 2015 to 2023.
                Kind::Date => Data::Medium(
                    (0..ROWS)
                        .map(|_| i32::try_from(draw(3_000) + 16_500).expect("day"))
                        .collect(),
                ),
                Kind::Month => Data::Medium(
                    (0..ROWS)
                        .map(|_| {
                            let month = i32::try_from(draw(24)).expect("small");
                            let first = day("2019-12-01").month().add_months(month).expect("month");
                            first.first_day().days_since_epoch()
                        })
                        .collect(),
                ),
                Kind::Region if layout != Layout::Mixed && says_place(input) => {
                    Data::Long((0..ROWS).map(|row| REGIONS[row * REGIONS.len() / ROWS]).collect())
                }
                Kind::Region => Data::Long(
                    (0..ROWS)
                        .map(|_| REGIONS[usize::try_from(draw(5)).expect("small")])
                        .collect(),
                ),
                Kind::Number { money: true, .. } => Data::Long((0..ROWS).map(|_| draw(50_000_000)).collect()),
                kind if kind.is_narrow() => Data::Long((0..ROWS).map(|_| draw(60)).collect()),
                _ => Data::Huge((0..ROWS).map(|_| i128::from(draw(100_000))).collect()),
            };
            let complete = layout == Layout::Run && says_place(input);
            let valid: NullBuffer = (0..ROWS).map(|_| draw(20) != 0 || complete).collect();
            Column::new(data, Some(valid))
        })
        .collect();
    Columns::new(&engine.program, list).expect("columns")
}

fn all_benefits(criterion: &mut Criterion) {
    let catalogue = Catalogue::load(&Tree::built_in());
    let as_of = day("2020-12-31");
    let (engine, findings) = Engine::compile(&catalogue, catalogue.latest_known(), Some(as_of));
    assert!(findings.is_empty(), "{findings:?}");
    let mut workspace = Workspace::new(&engine.program);
    let name = format!(
        "{} benefits, {} columns, {ROWS} rows",
        engine.benefits.len(),
        engine.program.inputs.len()
    );
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(10)
        .throughput(Throughput::Elements(u64::try_from(ROWS).expect("rows")));
    let mut buffer = Decisions::default();
    for (layout, order) in [
        (Layout::Run, "region after region"),
        (Layout::Gaps, "region after region with gaps"),
        (Layout::Mixed, "regions mixed"),
    ] {
        let columns = columns(&engine, layout);
        group.bench_function(format!("conditions and amounts, {order}"), |bencher| {
            bencher.iter(|| black_box(engine.tally(black_box(&columns), &mut workspace)))
        });
        group.bench_function(format!("with every row written, {order}"), |bencher| {
            bencher.iter(|| {
                for start in (0..ROWS).step_by(BLOCK) {
                    engine.decide_block(&columns, start, &mut workspace, &mut buffer, |_, decisions| {
                        black_box(decisions);
                    });
                }
            });
        });
    }
    group.finish();
}

/// The 99th percentile of 5,000 people, each against every benefit of the city: criterion tells means only.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench measures and says what it measured"
)]
fn one_person(_: &mut Criterion) {
    let catalogue = Catalogue::load(&Tree::built_in());
    for region in ["330282", "210300", "512000", "500111"] {
        let mut entitlements = Entitlements::new(&catalogue, region, catalogue.latest_known());
        let facts = |at: u64| {
            serde_json::json!({
                "person": {
                    "birth_date": format!("{}-06-15", 1960 + at % 45), "is_graduate": at.is_multiple_of(3),
                    "in_graduation_year": at.is_multiple_of(6), "graduation_date": "2020-06-30",
                    "is_hard_to_employ": at.is_multiple_of(5), "is_unemployed": at.is_multiple_of(2),
                    "household_region": region, "skill_level": "technician"
                },
                "employer": {"size": "small", "kind": "enterprise", "region": region, "insured_staff": at % 40},
                "employment": {
                    "contract_date": "2020-08-15", "contract_months": 12 + at % 24, "insured_months": at % 6,
                    "consecutive_insured_months": at % 8, "insured": true, "contract_kind": "labour"
                },
                "claim": {"region": region, "month": "2020-11", "date": "2020-12-01"}, "history": []
            })
        };
        let mut times: Vec<std::time::Duration> = (0..5_000)
            .map(|at| {
                let facts = facts(at);
                let start = std::time::Instant::now();
                black_box(entitlements.of(&facts, day("2020-12-01")).expect("the facts fit"));
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        println!(
            "entitlements of one person in {region}: p50 {:?}, p99 {:?}, most {:?}",
            times[2_500], times[4_950], times[4_999]
        );
    }
}

/// The 95th percentile of the steps of an interview with everything of concern, from the first question to the last.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench measures and says what it measured"
)]
fn interview(_: &mut Criterion) {
    let catalogue = Catalogue::load(&Tree::built_in());
    for region in ["330282", "210300", "512000", "500111"] {
        let mut talk = Interview::new(&catalogue, region, catalogue.latest_known());
        let concerns = concerns(&catalogue, region)
            .into_iter()
            .map(|(entity, _)| entity.to_owned());
        let mut answers = Answers {
            concerns: concerns.collect(),
            ..Answers::default()
        };
        let mut times: Vec<std::time::Duration> = Vec::new();
        loop {
            let start = std::time::Instant::now();
            let step = talk.step(&answers, day("2020-12-15")).expect("the answers fit");
            times.push(start.elapsed());
            let Some(next) = step.next else { break };
            answers.unsure.insert(next.fact);
        }
        times.sort_unstable();
        let p95 = times[(times.len() * 95 / 100).min(times.len() - 1)];
        println!("interview, {region}: {} steps, p95 {p95:?}", times.len());
    }
}

criterion_group!(benches, all_benefits, one_person, interview);
criterion_main!(benches);
