"""Derives all facts of a synthetic region with Leye and with DuckDB; compares results, time and memory. See README.md."""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import tomllib

import duckdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
AS_OF = "2020-12-31"
PER = ["person", "household", "employer", "employment", "unemployment", "training", "internship", "startup", "loan",
       "post", "placement", "institution"]
MACROS = """
SET integer_division = true;
CREATE OR REPLACE MACRO month_number(d) AS CAST(year(d) * 12 + month(d) - 1 AS BIGINT);
CREATE OR REPLACE MACRO bits(x) AS CAST(bit_count(CAST(x AS BIGINT)) AS BIGINT);
CREATE OR REPLACE MACRO trailing_ones(x) AS bits(xor(x, x + 1) >> 1);
CREATE OR REPLACE MACRO add_months(d, n) AS CAST(d + to_months(CAST(n AS INTEGER)) AS DATE);
CREATE OR REPLACE MACRO full_months(a, b) AS
  greatest(month_number(b) - month_number(a)
           - CASE WHEN day(b) >= least(day(a), day(last_day(b))) THEN 0 ELSE 1 END, 0);
CREATE OR REPLACE MACRO month_bit(ago) AS
  CAST(CASE WHEN ago BETWEEN 0 AND 59 THEN CAST(1 AS BIGINT) << CAST(ago AS INTEGER) ELSE 0 END AS BIGINT);
CREATE OR REPLACE MACRO month_bits(last, from_month, to_month) AS
  CAST(CASE WHEN to_month < last - 59 OR from_month > last THEN 0
    ELSE ((CAST(1 AS BIGINT) << CAST(least(last - from_month, 59) + 1 AS INTEGER)) - 1)
         - ((CAST(1 AS BIGINT) << CAST(greatest(last - to_month, 0) AS INTEGER)) - 1) END AS BIGINT);
"""


def schema():
    """Each register's columns as (id, stored name, header, kind, code numbers by label)."""
    shared = ROOT / "policies/shared"
    facts = tomllib.loads((shared / "facts.toml").read_text())
    registers = tomllib.loads((shared / "registers.toml").read_text())
    codes = facts["codes"] | registers["codes"]
    by_name = {fact["name"]: fact for fact in facts["fact"]}
    taken, result = set(), {}
    for register in registers["register"]:
        columns = []
        for column in register["columns"]:
            fact = by_name.get(column.get("fact"))
            entry = dict(fact or {}) | column
            entry["id"] = column.get("id") or column["fact"].split(".")[1]
            if fact:
                taken.add(fact["name"])
            columns.append(entry)
        result[register["id"]] = (register, columns)
    for wild in (False, True):
        for register, columns in result.values():
            for source in register.get("facts_of", []):
                for fact in facts["fact"]:
                    entity, name = fact["name"].split(".")
                    fits = source["from"] == ["*"] if wild else fact["register"] in source["from"]
                    if fits and entity == source["entity"] and not fact.get("derived") and fact["name"] not in taken:
                        taken.add(fact["name"])
                        columns.append(dict(fact) | {"id": name})
    return codes, result


def value(column, codes, there):
    """The SQL that turns a cell of the csv into what Parquet holds."""
    kind = column["type"]
    cell = f'"{column["label"]}"' if column["label"] in there else "CAST(NULL AS VARCHAR)"
    key = kind in ("resident-id", "credit-code")
    name = column["id"] + ("_key" if key else "")
    if key:
        text = f"upper(substr(md5({cell}), 1, 26))"
    elif kind in ("name", "account", "phone"):
        text = "CAST(NULL AS BLOB)"
    elif kind == "fen":
        text = f"TRY_CAST(TRY_CAST({cell} AS DECIMAL(18,3)) * 100 AS BIGINT)"
    elif kind == "int":
        text = f"TRY_CAST({cell} AS BIGINT)"
    elif kind == "decimal":
        text = f"TRY_CAST({cell} AS DECIMAL(18,6))"
    elif kind == "region":
        text = f"TRY_CAST(rpad({cell}, 12, '0') AS BIGINT)"
    elif kind == "date":
        text = f"TRY_CAST({cell} AS DATE)"
    elif kind == "month":
        text = f"TRY_CAST({cell} || '-01' AS DATE)"
    elif kind == "bool":
        text = f"CASE {cell} WHEN '是' THEN true WHEN '否' THEN false END"
    elif kind == "code":
        whens = " ".join(f"WHEN '{code['label']}' THEN {code['no']}" for code in codes[column["codes"]].values())
        text = f"CAST(CASE {cell} {whens} END AS SMALLINT)"
    else:
        text = f"CAST({cell} AS VARCHAR)"
    return f'{text} AS "{name}"'


def convert(csv, parquet, threads):
    """The csv files of `leye synth` as Parquet in the layout of an import: contributions by month, sorted by key."""
    codes, registers = schema()
    db = duckdb.connect()
    db.execute(f"SET threads = {threads}; SET preserve_insertion_order = false; SET memory_limit = '6GB'")
    db.execute(f"SET temp_directory = '{parquet}/tmp'")
    for register, (_, columns) in registers.items():
        file = csv / f"{register}.csv"
        if not file.is_file():
            continue
        there = file.open(encoding="utf-8-sig").readline().strip().split(",")
        rows = f"read_csv('{file}', all_varchar = true, header = true, quote = '', escape = '')"
        select = f"SELECT {', '.join(value(column, codes, there) for column in columns)} FROM {rows}"
        target = parquet / register
        target.mkdir(parents=True, exist_ok=True)
        if register != "contribution":
            db.execute(f"COPY ({select}) TO '{target}/all.parquet' (FORMAT parquet, COMPRESSION lz4_raw)")
            continue
        db.execute(f"CREATE TABLE c AS {select}")
        for (month,) in db.execute("SELECT DISTINCT month FROM c ORDER BY 1").fetchall():
            db.execute(f"COPY (SELECT * FROM c WHERE month = DATE '{month}' ORDER BY person_key, employer_key) "
                       f"TO '{target}/{month:%Y-%m}.parquet' (FORMAT parquet, COMPRESSION lz4_raw)")
        db.execute("DROP TABLE c")


def count(parquet):
    """Rows and people of the contributions."""
    files = f"read_parquet('{parquet}/contribution/*.parquet')"
    rows, people = duckdb.execute(f"SELECT count(*), count(DISTINCT person_key) FROM {files}").fetchone()
    print(f"contributions: {rows} rows of {people} people")


def measured(command, **more):
    """Runs a command; its output, seconds and peak memory in MiB. A process begins with the peak of the one that starts it,
    so whatever is large runs in a process of its own."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **more)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{command[0]} ended with {status}")
    return output, time.monotonic() - start, usage.ru_maxrss / 1024


def standing(parquet, home):
    """The Parquet files of each register: those of a folder, or those that stand in a home by its manifest."""
    _, registers = schema()
    if home is None:
        return {register: sorted((parquet / register).glob("*.parquet")) for register in registers}
    latest = {}
    for line in (home / "registers/manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        for partition in entry["partitions"]:
            place = (entry["register"], entry["region"], partition["period"])
            latest[place] = home / "registers" / partition["file"]["path"]
    files = {register: [] for register in registers}
    for (register, _, _), path in sorted(latest.items()):
        files[register].append(path)
    return files


def duck(parquet, threads, statements_file, files, known_on):
    """The same statements on DuckDB; runs in a process of its own so that its memory can be told."""
    _, registers = schema()
    db = duckdb.connect()
    db.execute(f"SET threads = {threads}; SET memory_limit = '4GB'; SET temp_directory = '{parquet}/tmp'")
    db.execute(MACROS)
    for register in registers:
        if files[register]:
            paths = [str(path) for path in files[register]]
            db.execute(f"CREATE VIEW {register.replace('-', '_')} AS SELECT * FROM read_parquet({paths})")
    for register, (_, columns) in registers.items():
        if not files[register]:
            codes, _ = schema()
            empty = ", ".join(value(column, codes, []) for column in columns)
            db.execute(f"CREATE VIEW {register.replace('-', '_')} AS SELECT {empty} WHERE false")
    out = parquet / "duck"
    out.mkdir(exist_ok=True)
    statements = re.split(r"^--- (\S+)\n", pathlib.Path(statements_file).read_text(), flags=re.M)[1:]
    # The first is a view, not a table: what the others read of the contributions.
    (view, of), *pairs = zip(statements[::2], statements[1::2])
    db.execute(f"CREATE VIEW {view} AS {of}")
    until = db.execute(f"SELECT max(month) FROM {view}").fetchone()[0]
    # The day is the last of its month: every month that began is over.
    parameters = {"as_of": AS_OF, "known_on": known_on, "until": str(until), "settled": str(until)}
    for place, (name, sql) in enumerate(pairs):
        sql = re.sub(r"\bbit_count\(", "bits(", sql)
        for parameter in ("reduction_from", "reduction_to"):
            sql = sql.replace(f"${parameter}", "CAST(NULL AS DATE)")
        for parameter, day in parameters.items():
            sql = sql.replace(f"${parameter}", f"DATE '{day}'")
        begun = time.monotonic()
        path = out / f"{place}-{name}.parquet"
        db.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION lz4_raw)")
        print(f"  duckdb {name}: {time.monotonic() - begun:.2f} s", file=sys.stderr)
        if name not in [later for later, _ in pairs[:place]]:
            known = name.replace("-", "_")
            if not files.get(name) and known not in {r.replace("-", "_") for r in registers}:
                db.execute(f"CREATE VIEW {known} AS SELECT * FROM read_parquet('{path}')")


def compare(parquet):
    """Rows of each flat table that only one of the two has."""
    db = duckdb.connect()
    for path in sorted((parquet / "duck").glob("*.parquet")):
        per = path.stem.split("-", 1)[1]
        ours = parquet / "flat" / f"{per}.parquet"
        if not ours.is_file():
            continue
        kinds = {name: kind for name, kind, *_ in db.execute(f"DESCRIBE SELECT * FROM '{ours}'").fetchall()}
        theirs = [name for name, *_ in db.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall() if name in kinds]
        left = ", ".join(f'"{name}"' for name in theirs)
        right = ", ".join(f'CAST("{name}" AS {kinds[name]}) AS "{name}"' for name in theirs)
        one, other = f"SELECT {left} FROM '{ours}'", f"SELECT {right} FROM '{path}'"
        count = lambda a, b: db.execute(f"SELECT count(*) FROM ({a} EXCEPT ALL {b})").fetchone()[0]
        rows = db.execute(f"SELECT count(*) FROM '{ours}'").fetchone()[0]
        print(f"{per}: {rows} rows, {len(theirs)} columns, {count(one, other)} only ours, {count(other, one)} only theirs")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1_420_000)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--memory", type=int, default=3072, help="MiB that the engine may hold before it spills")
    parser.add_argument("--step", choices=["convert", "count", "duck", "compare"], help=argparse.SUPPRESS)
    parser.add_argument("--no-compare", action="store_true")
    parser.add_argument("--home", type=pathlib.Path, help="a home whose registers to use, with --step")
    parser.add_argument("--known-on", default=AS_OF)
    arguments = parser.parse_args()
    parquet = arguments.work / "parquet" if arguments.home is None else arguments.work
    csv = arguments.work / "csv"
    statements = arguments.work / "statements.sql"
    match arguments.step:
        case "convert":
            return convert(csv, parquet, arguments.threads)
        case "count":
            return count(parquet)
        case "duck":
            return duck(parquet, arguments.threads, statements, standing(parquet, arguments.home), arguments.known_on)
        case "compare":
            return compare(parquet)
    step = lambda name: measured([sys.executable, __file__, "--work", arguments.work, "--threads", str(arguments.threads),
                                  "--step", name])
    release = ROOT / "target/release"
    if not csv.is_dir():
        _, seconds, memory = measured([release / "leye", "synth", "--region", "330282", "--people", str(arguments.people),
                                       "--seed", "1", "--out", csv])
        size = sum(file.stat().st_size for file in csv.iterdir())
        print(f"leye synth: {seconds:.1f} s, {memory:.0f} MiB, {size / 1e9:.2f} GB")
    if not (parquet / "contribution").is_dir():
        parquet.mkdir(parents=True, exist_ok=True)
        step("convert")
    print(step("count")[0].strip(), flush=True)
    command = [release / "examples/derive", parquet, AS_OF, str(arguments.threads), str(arguments.memory), *PER]
    statements.write_text(measured(command, env=os.environ | {"LEYE_PRINT_SQL": "1"})[0])
    output, ours, memory = measured(command)
    print(f"leye derive: {ours:.1f} s, {memory:.0f} MiB")
    print("  " + output.strip().replace("\n", ", "))
    _, theirs, memory = step("duck")
    print(f"DuckDB {duckdb.__version__}: {theirs:.1f} s, {memory:.0f} MiB; ours takes {ours / theirs:.2f} times as long")
    if not arguments.no_compare:
        print(step("compare")[0].strip())


if __name__ == "__main__":
    main()
