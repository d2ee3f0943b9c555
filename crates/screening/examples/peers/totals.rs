//! Counts and sums of all rows, from memory.

use std::sync::{Arc, Mutex, mpsc};

use arrow_array::{Array, RecordBatch, cast::AsArray, types};
use datafusion::datasource::MemTable;
use datafusion::execution::context::{SessionConfig, SessionContext};
use datafusion::physical_plan::execution_plan::reset_plan_states;
use rules::kernel::{BLOCK, Columns, Tally, Workspace};

use crate::data::{self, Eight};
use crate::{measured, together};

/// Rows of a batch of DataFusion's, as it has them by default.
const BATCH_ROWS: usize = 8_192;

/// `rows` in so many parts; all but the last a multiple of `unit`.
fn parts(rows: usize, pieces: usize, unit: usize) -> Vec<(usize, usize)> {
    let size = rows.div_ceil(pieces * unit) * unit;
    (0..rows)
        .step_by(size)
        .map(|from| (from, size.min(rows - from)))
        .collect()
}

/// Times `work` on all parts, each done by whichever of the threads is free: where one of two processors is taken away for a
/// moment, a half of its own would keep the other waiting. A run hands its row groups on in the same way, and each of its
/// threads has something of its own to work with. The threads wait for the clock to start, as those of the engines do.
fn spread<P: Sync, O: Send>(
    parts: &[P],
    own: &mut [O],
    repeats: usize,
    work: impl Fn(&P, &mut O) -> Vec<Tally> + Sync,
) {
    let waiting = Mutex::new(parts.iter());
    let take = || waiting.lock().expect("no thread broke").next();
    let some = |own: &mut O| {
        let mut done = Vec::new();
        while let Some(part) = take() {
            done.push(work(part, own));
        }
        done
    };
    let (first, others) = own.split_first_mut().expect("a thread");
    std::thread::scope(|scope| {
        let some = &some;
        let mut workers = Vec::new();
        for own in others {
            let ((begin, begun), (end, ended)) = (mpsc::channel(), mpsc::channel());
            scope.spawn(move || begun.iter().try_for_each(|()| end.send(some(&mut *own))));
            workers.push((begin, ended));
        }
        measured(repeats, || {
            *waiting.lock().expect("no thread broke") = parts.iter();
            for (begin, _) in &workers {
                begin.send(()).expect("a thread that waits");
            }
            let mut all = some(first);
            all.extend(workers.iter().flat_map(|(_, ended)| ended.recv().expect("some parts")));
            together(all)
        });
    });
}

/// Parts that `threads` share: one alone has no use for several.
const fn pieces(threads: usize) -> usize {
    if threads == 1 { 1 } else { threads * 8 }
}

pub(crate) fn kernel(people: &RecordBatch, threads: usize, repeats: usize) {
    let eight = Eight::new();
    let parts: Vec<Columns> = parts(people.num_rows(), pieces(threads), BLOCK)
        .into_iter()
        .map(|(from, count)| eight.columns(&people.slice(from, count)))
        .collect();
    let mut workspaces = vec![Workspace::new(&eight.engine.program); threads];
    spread(&parts, &mut workspaces, repeats, |columns, workspace| {
        eight.engine.tally(columns, workspace)
    });
}

pub(crate) fn fused(people: &RecordBatch, threads: usize, repeats: usize) {
    let raw = data::raw(people);
    let parts = parts(people.num_rows() / 64, pieces(threads), 1);
    spread(&parts, &mut vec![(); threads], repeats, |(from, count), ()| {
        crate::eight::fused(&raw, *from..*from + *count).to_vec()
    });
}

pub(crate) fn datafusion(people: RecordBatch, statement: &str, threads: usize, repeats: usize) {
    let mut config = SessionConfig::new()
        .with_target_partitions(threads)
        .with_batch_size(BATCH_ROWS);
    config.options_mut().sql_parser.parse_float_as_decimal = true;
    let session = SessionContext::new_with_config(config);
    screening::rule_functions::register(&session);
    let schema = people.schema();
    let partitions = parts(people.num_rows(), threads, BATCH_ROWS)
        .into_iter()
        .map(|(from, count)| {
            let batches = parts(count, count.div_ceil(BATCH_ROWS), BATCH_ROWS).into_iter();
            batches.map(|(at, some)| people.slice(from + at, some)).collect()
        });
    let table = MemTable::try_new(schema, partitions.collect()).expect("a table");
    session.register_table("people", Arc::new(table)).expect("registered");
    let columns = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|id| {
        format!(
            "count(*) FILTER (WHERE outcome_{id} = 1), count(*) FILTER (WHERE outcome_{id} = 0), \
             count(*) FILTER (WHERE outcome_{id} = 2), sum(amount_{id})"
        )
    });
    let totals = format!("SELECT {} FROM ({statement}) AS decided", columns.join(", "));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .build()
        .expect("threads");
    // Planned once: a statement that is run often is prepared.
    let plan = runtime.block_on(query::planned(&session, &totals)).expect("a plan");
    measured(repeats, || {
        let plan = reset_plan_states(Arc::clone(&plan)).expect("a plan that runs again");
        let answer = runtime
            .block_on(datafusion::physical_plan::collect(plan, session.task_ctx()))
            .expect("totals");
        let answer = answer.first().expect("one row");
        let number = |at: usize| {
            let column = answer.column(at).as_primitive::<types::Int64Type>();
            if column.is_null(0) { 0 } else { column.value(0) }
        };
        let count = |at: usize| u64::try_from(number(at)).expect("a count");
        (0..8)
            .map(|benefit| 4 * benefit)
            .map(|at| Tally {
                eligible: count(at),
                ineligible: count(at + 1),
                undetermined: count(at + 2),
                amount_fen: i128::from(number(at + 3)),
            })
            .collect()
    });
}
