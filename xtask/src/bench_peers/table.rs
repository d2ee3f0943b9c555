//! Times as a table, and the bounds that must hold.

pub(super) const KERNEL: &str = "our kernel";
pub(super) const LOOP: &str = "hand-written Rust loop";
pub(super) const DATAFUSION: &str = "DataFusion, printed SQL";
pub(super) const DATAFUSION_BY_HAND: &str = "DataFusion, SQL by hand";
pub(super) const DUCKDB: &str = "DuckDB, printed SQL";
pub(super) const DUCKDB_BY_HAND: &str = "DuckDB, SQL by hand";
pub(super) const OPENFISCA: &str = "OpenFisca-core";

/// How many times as long the others must take at least, in totals from memory.
const AT_LEAST: [(&str, u128); 2] = [(OPENFISCA, 25), (DATAFUSION, 20)];
/// How many times as long as DuckDB's COPY, by whichever SQL it is faster, ours may take from Parquet to Parquet.
const AT_MOST: u128 = 3;

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// Totals from memory, people without nulls: all engines.
    Complete,
    /// Totals from memory, 5% nulls: those that know unknowns.
    WithNulls,
    /// From Parquet to Parquet, 5% nulls: outcome and amount of every row.
    Rows,
}

impl Task {
    /// The file of its people.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Complete => "complete.parquet",
            Self::WithNulls | Self::Rows => "people.parquet",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Complete => "Counts and sums from memory, no nulls",
            Self::WithNulls => "Counts and sums from memory, 5% nulls",
            Self::Rows => "From Parquet to Parquet, 5% nulls, outcome and amount of every row written",
        }
    }
}

/// The median time of an engine.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    engine: &'static str,
    threads: usize,
    nanos: u128,
}

impl Measured {
    pub(super) fn new(engine: &'static str, threads: usize, mut nanos: Vec<u128>) -> Self {
        let nanos = median(&mut nanos);
        Self { engine, threads, nanos }
    }
}

/// The middle one; of an even count the upper of the two.
pub(super) fn median(nanos: &mut [u128]) -> u128 {
    nanos.sort_unstable();
    nanos.get(nanos.len() / 2).copied().unwrap_or_default()
}

/// `12.3 ms`.
pub(super) fn milliseconds(nanos: u128) -> String {
    let tenths = (nanos + 50_000) / 100_000;
    format!("{}.{} ms", tenths / 10, tenths % 10)
}

/// `a / b` with one digit.
fn ratio(a: u128, b: u128) -> String {
    let tenths = (a * 10 + b / 2) / b.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn time_of(measured: &[Measured], engine: &str, threads: usize) -> Option<u128> {
    let mut fitting = measured
        .iter()
        .filter(|one| one.engine == engine && one.threads == threads);
    fitting.next().map(|one| one.nanos)
}

/// The tables, in Markdown.
pub(super) fn text(tasks: &[(Task, Vec<Measured>)], people: usize, repeats: usize) -> String {
    let mut text = format!("Eight benefits, {people} people, medians of {repeats} interleaved repeats.\n");
    for (task, measured) in tasks {
        text.push_str(&format!(
            "\n{}:\n\n| engine | one thread | times the kernel's | two threads | times the kernel's |\n|---|---|---|---|---|\n",
            task.title()
        ));
        for one in measured.iter().filter(|one| one.threads == 1) {
            let mut cells = Vec::new();
            for threads in [1, 2] {
                let (time, kernel) = (
                    time_of(measured, one.engine, threads),
                    time_of(measured, KERNEL, threads),
                );
                cells.push(time.map_or_else(String::new, milliseconds));
                cells.push(
                    time.zip(kernel)
                        .map_or_else(String::new, |(time, kernel)| ratio(time, kernel)),
                );
            }
            text.push_str(&format!("| {} | {} |\n", one.engine, cells.join(" | ")));
        }
    }
    text
}

/// Every bound that does not hold, in words.
pub(super) fn broken_bounds(tasks: &[(Task, Vec<Measured>)]) -> Vec<String> {
    let mut broken = Vec::new();
    for (task, measured) in tasks {
        for threads in [1, 2] {
            let Some(kernel) = time_of(measured, KERNEL, threads) else {
                continue;
            };
            if *task == Task::Rows {
                let duck = [DUCKDB, DUCKDB_BY_HAND].map(|engine| time_of(measured, engine, threads));
                if let Some(duck) = duck.into_iter().flatten().min().filter(|duck| kernel > AT_MOST * duck) {
                    let times = ratio(kernel, duck);
                    broken.push(format!(
                        "{threads} threads: Parquet to Parquet takes {times} times as long as DuckDB"
                    ));
                }
                continue;
            }
            for (engine, times) in AT_LEAST {
                if let Some(theirs) = time_of(measured, engine, threads).filter(|theirs| *theirs < times * kernel) {
                    let got = ratio(theirs, kernel);
                    broken.push(format!(
                        "{task:?}, {threads} threads: {engine} takes {got} times as long, not {times}"
                    ));
                }
            }
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::{DATAFUSION, DUCKDB, DUCKDB_BY_HAND, KERNEL, Measured, OPENFISCA, Task, broken_bounds, median, text};

    fn one(engine: &'static str, threads: usize, nanos: u128) -> Measured {
        Measured::new(engine, threads, vec![nanos])
    }

    #[test]
    fn a_bound_holds_on_it_and_breaks_one_nanosecond_beside_it() {
        for (fisca, fusion, broken) in [(2_500, 2_000, 0), (2_499, 2_000, 1), (2_500, 1_999, 1), (0, 0, 2)] {
            let measured = vec![
                one(KERNEL, 1, 100),
                one(OPENFISCA, 1, fisca),
                one(DATAFUSION, 1, fusion),
            ];
            assert_eq!(
                broken_bounds(&[(Task::Complete, measured)]).len(),
                broken,
                "{fisca} {fusion}"
            );
        }
        for (duck, by_hand, broken) in [(100, 100, 0), (99, 500, 1), (500, 99, 1)] {
            let measured = vec![
                one(KERNEL, 2, 300),
                one(DUCKDB, 2, duck),
                one(DUCKDB_BY_HAND, 2, by_hand),
            ];
            assert_eq!(
                broken_bounds(&[(Task::Rows, measured)]).len(),
                broken,
                "{duck} {by_hand}"
            );
        }
    }

    #[test]
    fn the_table_tells_medians_and_ratios() {
        assert_eq!(median(&mut [5, 1, 9]), 5);
        let measured = vec![one(KERNEL, 1, 4_840_000), one(OPENFISCA, 1, 154_000_000)];
        let text = text(&[(Task::Complete, measured)], 64, 1);
        assert!(text.contains("| OpenFisca-core | 154.0 ms | 31.8 |  |  |\n"), "{text}");
    }
}
