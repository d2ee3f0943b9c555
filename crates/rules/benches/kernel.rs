//! The kernel against a hand-written fused loop, one thread.
//!
//! 14 columns with 5% nulls, 1,048,576 rows, the eight benefits of [`eight`]. The fused loop must agree with the kernel to
//! the last row before anything is measured.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a bench stops at the first surprise; criterion's macros make a public function"
)]

mod eight;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::decision::Decider;
use rules::engine::Engine;
use rules::kernel::{BLOCK, Column, Columns, Decisions, Workspace};
use rules::typed::Kind;

const ROWS: usize = 1_048_576;

fn columns(engine: &Engine, catalogue: &Catalogue, raw: &eight::Raw) -> Columns {
    let list = engine.program.inputs.iter().map(|input| {
        let name = catalogue.vocabulary.fact_name(input.fact.expect("a fact"));
        let at = eight::FACTS.iter().position(|(fact, ..)| *fact == name).expect("known");
        assert!(!matches!(input.kind, Kind::Region));
        Column::new(raw.values[at].clone(), Some(raw.valid[at].clone()))
    });
    Columns::new(&engine.program, list.collect()).expect("columns")
}

fn kernel(criterion: &mut Criterion) {
    let catalogue = Catalogue::load(&eight::tree());
    let (engine, findings) = Engine::compile(
        &catalogue,
        civil::Day::new(2020, 12, 31).expect("day"),
        civil::Day::new(2020, 12, 31),
    );
    assert!(findings.is_empty(), "{findings:?}");
    let raw = eight::raw(ROWS);
    let columns = columns(&engine, &catalogue, &raw);
    let mut workspace = Workspace::new(&engine.program);
    assert_eq!(
        engine.tally(&columns, &mut workspace),
        eight::fused(&raw, 0..ROWS / 64),
        "the kernel and the fused loop disagree"
    );
    let mut group = criterion.benchmark_group("8 benefits, 1048576 rows");
    group
        .sample_size(30)
        .throughput(Throughput::Elements(u64::try_from(ROWS).expect("rows")));
    group.bench_function("fused loop, counts and sums", |bencher| {
        bencher.iter(|| black_box(eight::fused(black_box(&raw), 0..ROWS / 64)))
    });
    group.bench_function("kernel, counts and sums", |bencher| {
        bencher.iter(|| black_box(engine.tally(black_box(&columns), &mut workspace)))
    });
    let mut buffer = Decisions::default();
    group.bench_function("kernel, every row written", |bencher| {
        bencher.iter(|| {
            for start in (0..ROWS).step_by(BLOCK) {
                engine.decide_block(&columns, start, &mut workspace, &mut buffer, |_, decisions| {
                    black_box(decisions);
                });
            }
        });
    });
    group.finish();
}

fn one_case(criterion: &mut Criterion) {
    let catalogue = Catalogue::load(&Tree::built_in());
    let mut decider = Decider::new(&catalogue);
    let as_of = civil::Day::new(2020, 11, 15).expect("day");
    let case = |insured: u64| {
        serde_json::json!({
            "person": {"is_graduate": true, "in_graduation_year": true}, "employer": {"size": "small"},
            "employment": {"contract_date": "2020-06-15", "contract_months": 12, "insured_months": insured}, "history": []
        })
    };
    let mut decide = |insured: u64| {
        let decision = decider
            .decide("cx-sme-graduate-bonus", &case(insured), as_of, None)
            .expect("a decision");
        black_box(decision.to_json().to_string())
    };
    let mut group = criterion.benchmark_group("one case with explanation and receipt");
    group.bench_function("eligible", |bencher| bencher.iter(|| decide(black_box(3))));
    group.bench_function("ineligible, looks for a later day", |bencher| {
        bencher.iter(|| decide(black_box(2)))
    });
    for count in [1_u64, 100, 10_000] {
        group.throughput(Throughput::Elements(count));
        group.sample_size(if count > 1_000 { 10 } else { 50 });
        group.bench_function(format!("{count} cases"), |bencher| {
            bencher.iter(|| (0..count).for_each(|at| drop(decide(at % 6))))
        });
    }
    group.finish();
    percentile(&mut decide);
}

/// The 99th percentile over 20,000 single cases: criterion tells means only.
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench measures and says what it measured"
)]
fn percentile(decide: &mut impl FnMut(u64) -> String) {
    let mut times: Vec<std::time::Duration> = (0..20_000)
        .map(|at| {
            let start = std::time::Instant::now();
            drop(decide(at % 6));
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!(
        "one case: p50 {:?}, p99 {:?}, most {:?}",
        times[10_000], times[19_800], times[19_999]
    );
}

criterion_group!(benches, kernel, one_case);
criterion_main!(benches);
