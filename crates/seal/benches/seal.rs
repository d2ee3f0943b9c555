//! What one row of an import costs: two keys, two sealed values; and opening. One thread.

#![expect(
    clippy::expect_used,
    reason = "a bench stops at the first surprise; criterion's macros make a public function"
)]

use std::hint::black_box;

use civil::{CreditCode, ResidentId};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use seal::{Column, KeyRing, NoRandomness};

const ROWS: u32 = 4096;
const ACCOUNT: &[u8] = b"9900000000000001234";

/// Bytes for keys nobody uses.
fn counted(bytes: &mut [u8]) -> Result<(), NoRandomness> {
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::try_from(index % 251).unwrap_or_default();
    }
    Ok(())
}

fn person(number: u32) -> ResidentId {
    let body = format!("9901011990{:02}01{:03}", number / 1000 % 12 + 1, number % 1000);
    "0123456789X"
        .chars()
        .find_map(|check| ResidentId::parse(&format!("{body}{check}")).ok())
        .expect("one of eleven check digits follows")
}

fn measure(criterion: &mut Criterion) {
    let ring = KeyRing::draw(&mut counted).expect("a ring");
    let indexer = ring.indexer();
    let mut sealer = ring.sealer(&mut counted).expect("a sealer");
    let mut opener = ring.opener();
    let ids = Column::new("person", "resident_id");
    let accounts = Column::new("person", "account");
    let people: Vec<ResidentId> = (0..ROWS).map(person).collect();
    let rows: Vec<_> = people.iter().map(|id| indexer.person(*id).text()).collect();
    let employer = (0..31)
        .filter_map(|index| "0123456789ABCDEFGHJKLMNPQRTUWXY".chars().nth(index))
        .find_map(|check| CreditCode::parse(&format!("91990100000000001{check}")).ok())
        .expect("one of 31 check characters follows");

    let mut group = criterion.benchmark_group("seal");
    group.throughput(Throughput::Elements(u64::from(ROWS)));
    group.bench_function("person key", |bencher| {
        bencher.iter(|| {
            for id in &people {
                black_box(indexer.person(*id).text());
            }
        });
    });
    let mut out = Vec::new();
    group.bench_function("seal an id", |bencher| {
        bencher.iter(|| {
            for (id, row) in people.iter().zip(&rows) {
                out.clear();
                sealer.seal_id(&ids, row, *id, &mut out).expect("sealed");
                black_box(&out);
            }
        });
    });
    let sealed: Vec<_> = people
        .iter()
        .zip(&rows)
        .map(|(id, row)| sealer.seal_one(&ids, row, id.reveal().as_bytes()).expect("sealed"))
        .collect();
    group.bench_function("open an id", |bencher| {
        bencher.iter(|| {
            for (sealed, row) in sealed.iter().zip(&rows) {
                black_box(opener.open_id(&ids, row, sealed.as_bytes()).expect("opened"));
            }
        });
    });
    group.bench_function("a row: two keys, two sealed values", |bencher| {
        bencher.iter(|| {
            for id in &people {
                out.clear();
                let row = indexer.person(*id).text();
                black_box(indexer.employer(employer).text());
                sealer.seal_id(&ids, &row, *id, &mut out).expect("sealed");
                sealer.seal(&accounts, &row, ACCOUNT, &mut out).expect("sealed");
                black_box(&out);
            }
        });
    });
    group.finish();
}

criterion_group!(benches, measure);
criterion_main!(benches);
