"""DuckDB and OpenFisca-core on the people of `peers make`; `cargo run -p xtask -- bench-peers` runs it. See README.md.

    engines.py totals duckdb FILE THREADS REPEATS STATEMENT
    engines.py totals openfisca FILE THREADS REPEATS
    engines.py rows FILE OUT THREADS REPEATS STATEMENT
    engines.py compare OURS THEIRS

Every measurement answers two lines: `totals`, three numbers a benefit (eligible, undetermined, fen), and `nanos`, one
number a repeat. What is loaded once for all repeats is not in the time, and the first repeat is not told.
"""

import pathlib
import sys
import time

import duckdb

BENEFITS = "abcdefgh"
# Full years to a day; on the last day of a year the rule for 29 February asks nothing more.
MACROS = "CREATE OR REPLACE MACRO age(born, today) AS date_sub('year', born, today)"


def measured(repeats, work, before=lambda: None):
    """Times `work` once more than `repeats`, with `before` outside the time, and answers the two lines."""
    before()
    totals, nanos = work(), []
    for _ in range(repeats):
        before()
        begun = time.perf_counter_ns()
        again = work()
        nanos.append(time.perf_counter_ns() - begun)
        if again != totals:
            sys.exit("the same rows came out differently")
    print("totals", *(number for benefit in totals for number in benefit))
    print("nanos", *nanos)


def in_threes(row):
    """Numbers three by three; a sum over no row is null."""
    numbers = [int(number or 0) for number in row]
    return [tuple(numbers[at:at + 3]) for at in range(0, len(numbers), 3)]


def connected(threads):
    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    connection.execute(MACROS)
    return connection


def counts(relation):
    """Counts and sums over outcomes and amounts."""
    columns = ", ".join(f"count(*) FILTER (WHERE outcome_{one} = 1), count(*) FILTER (WHERE outcome_{one} = 2), "
                        f"sum(amount_{one})" for one in BENEFITS)
    return f"SELECT {columns} FROM {relation}"


def duck_totals(file, threads, repeats, statement):
    """From memory: the people are a table before the clock starts."""
    connection = connected(threads)
    connection.execute(f"CREATE TABLE people AS SELECT * FROM '{file}'")
    query = counts(f"({pathlib.Path(statement).read_text()}) AS decided")
    measured(repeats, lambda: in_threes(connection.execute(query).fetchone()))


def duck_rows(file, out, threads, repeats, statement):
    """From Parquet to Parquet, both compressed alike; totals are read from what was written, outside the time."""
    connection = connected(threads)
    connection.execute(f"CREATE VIEW people AS SELECT * FROM '{file}'")
    copy = (f"COPY ({pathlib.Path(statement).read_text()}) TO '{out}' "
            "(FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 131072)")
    connection.execute(copy)
    nanos = []
    for _ in range(repeats):
        begun = time.perf_counter_ns()
        connection.execute(copy)
        nanos.append(time.perf_counter_ns() - begun)
    totals = in_threes(connection.execute(counts(f"'{out}'")).fetchone())
    print("totals", *(number for benefit in totals for number in benefit))
    print("nanos", *nanos)


def compare(ours, theirs):
    """Row by row: prints in how many rows outcome or amount of any benefit differ."""
    files = sorted(str(file) for file in pathlib.Path(ours).glob("*.parquet"))
    columns = [f"{kind}_{one}" for one in BENEFITS for kind in ("outcome", "amount")]
    differ = " OR ".join(f"a.{name} IS DISTINCT FROM b.{name}" for name in columns)
    rows, different = duckdb.execute(
        f"SELECT count(*), count(*) FILTER (WHERE {differ} OR a.place IS NULL OR b.place IS NULL) "
        f"FROM (SELECT *, row_number() OVER () AS place FROM read_parquet({files})) a "
        f"FULL JOIN (SELECT *, row_number() OVER () AS place FROM '{theirs}') b ON a.place = b.place").fetchone()
    print(f"compared {rows} {different}")


def openfisca_totals(file, threads, repeats):
    """One process a thread, each with its part of the people; for one thread, this one."""
    import fisca

    columns = duckdb.execute(f"SELECT * FROM '{file}'").fetchnumpy()
    if threads == 1:
        simulation = fisca.Simulated(columns)
        return measured(repeats, simulation.totals, simulation.forget)
    from multiprocessing import Pipe, Process

    size = -(-len(next(iter(columns.values()))) // threads)
    pipes = []
    for part in range(threads):
        here, there = Pipe()
        some = {name: values[part * size:(part + 1) * size] for name, values in columns.items()}
        Process(target=fisca.serve, args=(some, there), daemon=True).start()
        pipes.append(here)

    def ask(what):
        for pipe in pipes:
            pipe.send(what)
        return [pipe.recv() for pipe in pipes]

    def totals():
        parts = ask("totals")
        return [tuple(sum(numbers) for numbers in zip(*benefit)) for benefit in zip(*parts)]

    measured(repeats, totals, lambda: ask("forget"))


def main():
    match sys.argv[1:]:
        case ["totals", "duckdb", file, threads, repeats, statement]:
            duck_totals(file, int(threads), int(repeats), statement)
        case ["totals", "openfisca", file, threads, repeats]:
            openfisca_totals(file, int(threads), int(repeats))
        case ["rows", file, out, threads, repeats, statement]:
            duck_rows(file, out, int(threads), int(repeats), statement)
        case ["compare", ours, theirs]:
            compare(ours, theirs)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
