//! From Parquet to Parquet: outcome and amount of every row and benefit.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{Int64Builder, UInt8Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use rules::kernel::{BLOCK, Decisions, Tally, Workspace};

use crate::data::{Eight, properties};
use crate::{measured, together};

/// Rows read, decided and written at a time.
const CHUNK: usize = 16 * BLOCK;
const BENEFITS: usize = 8;

/// Each thread reads its row groups and writes a file of its own, named by its number.
pub(crate) fn kernel(file: &Path, out: &Path, threads: usize, repeats: usize) {
    let eight = Eight::new();
    let groups = ParquetRecordBatchReaderBuilder::try_new(File::open(file).expect("the people"))
        .expect("Parquet")
        .metadata()
        .num_row_groups();
    std::fs::create_dir_all(out).expect("a folder");
    measured(repeats, || {
        let share = groups.div_ceil(threads);
        let parts: Vec<(PathBuf, Vec<usize>)> = (0..threads)
            .map(|thread| {
                let mine = (thread * share..groups.min((thread + 1) * share)).collect();
                (out.join(format!("{thread}.parquet")), mine)
            })
            .collect();
        std::thread::scope(|scope| {
            let running: Vec<_> = parts
                .into_iter()
                .map(|(path, groups)| scope.spawn(|| part(&eight, file, path, groups)))
                .collect();
            together(
                running
                    .into_iter()
                    .map(|thread| thread.join().expect("a part"))
                    .collect(),
            )
        })
    });
}

fn part(eight: &Eight, file: &Path, path: PathBuf, groups: Vec<usize>) -> Vec<Tally> {
    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(file).expect("the people"))
        .expect("Parquet")
        .with_row_groups(groups)
        .with_batch_size(CHUNK)
        .build()
        .expect("rows");
    let fields = eight.engine.benefits.keys().flat_map(|id| {
        [
            Field::new(format!("outcome_{id}"), DataType::UInt8, true),
            Field::new(format!("amount_{id}"), DataType::Int64, true),
        ]
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let target = File::create(path).expect("a file");
    let mut writer = ArrowWriter::try_new(target, Arc::clone(&schema), Some(properties())).expect("a writer");
    let mut workspace = Workspace::new(&eight.engine.program);
    let mut buffer = Decisions::default();
    let mut tallies = vec![Tally::default(); BENEFITS];
    for people in reader {
        let people = people.expect("rows");
        let columns = eight.columns(&people);
        let mut outcomes: Vec<UInt8Builder> = (0..BENEFITS).map(|_| UInt8Builder::with_capacity(CHUNK)).collect();
        let mut amounts: Vec<Int64Builder> = (0..BENEFITS).map(|_| Int64Builder::with_capacity(CHUNK)).collect();
        for start in (0..people.num_rows()).step_by(BLOCK) {
            let rows = BLOCK.min(people.num_rows() - start);
            let each = |benefit: usize, decisions: &Decisions| {
                let (decided, due) = (&decisions.outcome[..rows], &decisions.amount_fen[..rows]);
                outcomes[benefit].append_slice(decided);
                let tally = &mut tallies[benefit];
                let mut eligible = [false; BLOCK];
                for ((outcome, fen), eligible) in decided.iter().zip(due).zip(&mut eligible) {
                    *eligible = *outcome == 1;
                    tally.eligible += u64::from(*outcome == 1);
                    tally.undetermined += u64::from(*outcome == 2);
                    tally.amount_fen += i128::from(*fen);
                }
                amounts[benefit].append_values(due, &eligible[..rows]);
            };
            eight
                .engine
                .decide_block(&columns, start, &mut workspace, &mut buffer, each);
        }
        let arrays = outcomes.iter_mut().zip(&mut amounts).flat_map(|(outcome, amount)| {
            let pair: [ArrayRef; 2] = [Arc::new(outcome.finish()), Arc::new(amount.finish())];
            pair
        });
        let batch = RecordBatch::try_new(Arc::clone(&schema), arrays.collect()).expect("a batch");
        writer.write(&batch).expect("written");
    }
    writer.close().expect("closed");
    tallies
}
