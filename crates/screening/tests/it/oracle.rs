//! DataFusion evaluates the printed SQL of every expression of every pack, and agrees with the kernel on every row.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, RecordBatch, cast::AsArray, types};
use arrow_schema::{Field, Schema};
use datafusion::common::DFSchema;
use datafusion::execution::context::{SessionConfig, SessionContext};
use datafusion::physical_plan::PhysicalExpr;
use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use rules::kernel::{BLOCK, Column, Columns, Workspace};
use rules::program::{Program, Record, Register};
use rules::sql::{Printer, none_column};
use rules::typed::{Kind, Typed, TypedNode, Vocabulary};

use crate::population::{Drawn, Population};

/// Rows that each expression sees: fewer in every run, a million in the long one.
fn rows_wanted() -> usize {
    if std::env::var_os("LEYE_SCALE").is_some_and(|scale| scale == "long") {
        1_000_000
    } else {
        20_000
    }
}

/// Rows drawn at a time.
const BATCH: usize = 2 * BLOCK;

/// Conditions that cannot come out both true and false: the benefit, what stands in the SQL, and why.
const ONE_SIDED: &[(&str, &str, &str)] = &[
    (
        "zy-temp-living",
        "household_type",
        "its tiers name both types of household that there are",
    ),
    (
        "cx-startup-loan-rate-cap",
        "loan.issue_date",
        "asks only whether the rate is published, and it is never zero",
    ),
    (
        "ln-apprenticeship",
        "= 2)",
        "asks which of two ways a parameter says that nobody has set: it is supposed to be the other",
    ),
];

/// An expression as both engines have it.
pub(crate) struct Both {
    record: Record,
    pub(crate) sql: String,
    theirs: Arc<dyn PhysicalExpr>,
    pub(crate) seen: Seen,
}

/// How often an expression came out true (or known, where it is no condition), false, unknown.
#[derive(Default, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) yes: usize,
    pub(crate) no: usize,
    pub(crate) unknown: usize,
}

#[test]
fn the_printed_sql_of_every_expression_agrees_on_every_row() {
    compare(civil::Day::new(2020, 12, 15), false, 20_201_215);
}

#[test]
fn it_agrees_where_every_row_has_its_own_day_and_every_parameter_is_set() {
    compare(None, true, 20_201_231);
}

/// Planning walks deep expressions by recursion, and takes more of the stack than a thread of a test has.
fn compare(as_of: Option<civil::Day>, all_set: bool, seed: u64) {
    deep(move || compare_here(as_of, all_set, seed));
}

/// Runs a test that plans deep expressions.
pub(crate) fn deep(test: impl FnOnce() + Send + 'static) {
    let thread = with_stack().spawn(test).expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

fn with_stack() -> std::thread::Builder {
    std::thread::Builder::new().stack_size(256 << 20)
}

fn compare_here(as_of: Option<civil::Day>, all_set: bool, seed: u64) {
    let catalogue = Catalogue::load(&Tree::built_in());
    let known_on = catalogue.latest_known();
    let unset = unset(&catalogue, known_on);
    let supposed = if all_set { unset.clone() } else { BTreeMap::new() };
    let (engine, records) = Engine::compile_recording(&catalogue, known_on, as_of, supposed.clone());
    let printer = Printer {
        vocabulary: &catalogue.vocabulary,
        history: &engine.history,
        known_on,
        as_of,
        lineage: &[],
        supposed: &supposed,
    };
    let mut all = agreed(&engine.program, records, printer, seed);
    assert!(all.len() > 500, "only {} expressions", all.len());
    all.retain(|both| all_set || !names_any(&both.record.typed, &catalogue.vocabulary, &unset));
    one_sided(&all);
}

/// Every expression in both engines over random rows, which must agree on each; and how each came out.
pub(crate) fn agreed(program: &Program, records: Vec<Record>, printer: Printer<'_>, seed: u64) -> Vec<Both> {
    let today = printer
        .as_of
        .unwrap_or_else(|| civil::Day::new(2020, 12, 31).expect("a day"));
    let mut population = Population::new(program, &records, printer.vocabulary, today, seed);
    let session = session();
    let inputs = program.inputs.iter();
    let names: Vec<String> = inputs.map(|input| printer.column_name(input.fact)).collect();
    let drawn = population.rows(1);
    let schema = DFSchema::try_from(batch(&names, &drawn).schema().as_ref().clone()).expect("a schema");
    let mut distinct: BTreeMap<(String, Register), Record> = BTreeMap::new();
    for record in records {
        let lineage = &record.lineage;
        let sql = Printer { lineage, ..printer }.print(&record.typed);
        // A whole condition has a name, what it is written of has none.
        let known = distinct.entry((sql, record.register)).or_insert_with(|| record.clone());
        if known.part.is_empty() {
            *known = record;
        }
    }
    let mut all: Vec<Both> = distinct
        .into_iter()
        .map(|((sql, _), record)| {
            let parsed = session.parse_sql_expr(&sql, &schema);
            let theirs = parsed.and_then(|parsed| session.create_physical_expr(parsed, &schema));
            let theirs = theirs.unwrap_or_else(|error| panic!("{}: {error}\n{sql}", record.place));
            Both {
                record,
                sql,
                theirs,
                seen: Seen::default(),
            }
        })
        .collect();
    let half = all.len().div_ceil(2);
    let mut done = 0;
    while done < rows_wanted() {
        let count = (rows_wanted() - done).min(BATCH);
        let drawn = population.rows(count);
        let (rows, columns) = (batch(&names, &drawn), columns(program, &drawn));
        std::thread::scope(|scope| {
            for some in all.chunks_mut(half) {
                let check_all = || some.iter_mut().for_each(|both| check(both, program, &columns, &rows));
                with_stack().spawn_scoped(scope, check_all).expect("a thread");
            }
        });
        done += count;
    }
    all
}

/// Parameters that no document has set for everyone, each with a value that might be.
fn unset(catalogue: &Catalogue, known_on: civil::Day) -> BTreeMap<String, i128> {
    let parameters = catalogue.vocabulary.parameters.0.values();
    // What one city has set is unset elsewhere.
    let unset = parameters.filter(|parameter| {
        let mut values = parameter.values.iter();
        values.all(|value| value.pack.is_some() || value.known_from > known_on)
    });
    unset
        .map(|parameter| {
            let value = match catalogue.vocabulary.kind_of(&parameter.kind) {
                Kind::Bool | Kind::Code(_) => 1,
                Kind::Date | Kind::Month => i128::from(rules::day_number(civil::Day::new(2020, 9, 1).expect("a day"))),
                Kind::Number { money: true, .. } => 123_400,
                kind if kind.is_narrow() => 9,
                _ => 350_000,
            };
            (parameter.id.clone(), value)
        })
        .collect()
}

/// True where an expression rests on one of the parameters.
fn names_any(typed: &Typed, vocabulary: &Vocabulary, parameters: &BTreeMap<String, i128>) -> bool {
    let here =
        matches!(&typed.node, TypedNode::Parameter(id, _) if parameters.contains_key(vocabulary.parameter_id(*id)));
    here || typed
        .children()
        .into_iter()
        .any(|child| names_any(child, vocabulary, parameters))
}

/// The engine as rules need it: exact numbers.
fn session() -> SessionContext {
    let mut config = SessionConfig::new();
    config.options_mut().sql_parser.parse_float_as_decimal = true;
    let deep = config.options_mut().set("datafusion.sql_parser.recursion_limit", "500");
    deep.expect("the engine has this option");
    let session = SessionContext::new_with_config(config);
    screening::rule_functions::register(&session);
    session
}

fn batch(names: &[String], drawn: &[Drawn]) -> RecordBatch {
    let mut columns: Vec<(Field, ArrayRef)> = Vec::new();
    for (name, column) in names.iter().zip(drawn) {
        columns.push((
            Field::new(name, column.values.data_type().clone(), true),
            Arc::clone(&column.values),
        ));
        let none: ArrayRef = Arc::new(column.none.clone());
        columns.push((Field::new(none_column(name), none.data_type().clone(), true), none));
    }
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.into_iter().unzip();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).expect("a batch")
}

fn columns(program: &Program, drawn: &[Drawn]) -> Columns {
    let list = program.inputs.iter().zip(drawn).map(|(input, column)| {
        let values = Column::of_array(input.kind, &column.values).expect("the type of the fact");
        values.with_absent(column.none.values().clone())
    });
    Columns::new(program, list.collect()).expect("columns fit")
}

/// One expression over one batch, row by row.
fn check(both: &mut Both, program: &Program, columns: &Columns, rows: &RecordBatch) {
    let record = &both.record;
    let theirs = both
        .theirs
        .evaluate(rows)
        .and_then(|value| value.into_array(rows.num_rows()))
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", record.place, both.sql));
    let mut workspace = Workspace::new(program);
    let list = program.needed(&[record.register]);
    for start in (0..rows.num_rows()).step_by(BLOCK) {
        workspace.begin(columns, start);
        workspace.run(program, columns, &list);
        for row in start..rows.num_rows().min(start + BLOCK) {
            let ours = match record.register {
                Register::Mask(mask) => workspace.truth(mask, row - start).map(i128::from),
                Register::Narrow(narrow) => workspace.long(narrow, row - start).map(i128::from),
                Register::Wide(wide) => workspace.huge(wide, row - start),
            };
            let sql = value(&theirs, record.typed.kind, row);
            if ours != sql {
                panic!(
                    "{} {} at {}: the kernel says {ours:?}, SQL {sql:?}\n{}\n{}",
                    record.benefit,
                    record.part,
                    record.place,
                    both.sql,
                    row_text(&both.sql, rows, row)
                );
            }
            match ours {
                None => both.seen.unknown += 1,
                Some(0) if record.typed.kind == Kind::Bool => both.seen.no += 1,
                Some(_) => both.seen.yes += 1,
            }
        }
    }
}

/// A value of the result in the unit that the kernel keeps; nothing where it is null.
fn value(array: &ArrayRef, kind: Kind, row: usize) -> Option<i128> {
    use arrow_schema::DataType;
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Boolean => i128::from(array.as_boolean().value(row)),
        DataType::Int16 => i128::from(array.as_primitive::<types::Int16Type>().value(row)),
        DataType::Int64 => i128::from(array.as_primitive::<types::Int64Type>().value(row)),
        DataType::Date32 => i128::from(array.as_primitive::<types::Date32Type>().value(row)),
        DataType::Decimal256(_, scale) => {
            let Kind::Number { scale: wanted, .. } = kind else {
                panic!("{kind:?} is no number")
            };
            assert_eq!(
                u8::try_from(*scale).ok(),
                Some(wanted),
                "the decimal has other digits than the expression"
            );
            let value = array.as_primitive::<types::Decimal256Type>().value(row);
            value.to_i128().expect("128 bits")
        }
        other => panic!("{other} for {kind:?}"),
    })
}

/// The columns that the text names, as they are in a row.
fn row_text(sql: &str, rows: &RecordBatch, row: usize) -> String {
    let schema = rows.schema();
    let named = schema.fields().iter().zip(rows.columns());
    let named = named.filter(|(field, _)| sql.contains(&format!("\"{}\"", field.name())));
    let texts = named.map(|(field, column)| {
        let value = datafusion::common::ScalarValue::try_from_array(column, row).expect("a value");
        format!("{} = {value}", field.name())
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// An expression that never comes out true, false or unknown would show little.
fn one_sided(all: &[Both]) {
    let mut wrong = Vec::new();
    for both in all {
        let (record, seen) = (&both.record, both.seen);
        let condition = record.typed.kind == Kind::Bool;
        let constant = record.typed.facts().is_empty() && !both.sql.contains("\"as_of\"");
        // That an estimate is known is never false.
        let twofold = condition && record.part != "estimate";
        let all_ways = seen.yes > 0 && (seen.no > 0 || !twofold) && seen.unknown > 0;
        let mut exceptions = ONE_SIDED.iter();
        let known = exceptions.any(|(benefit, part, _)| record.benefit == *benefit && both.sql.contains(part));
        if !all_ways && !constant && !known && !matches!(record.typed.node, TypedNode::Literal(_)) {
            wrong.push(format!(
                "{} {} at {}: {} yes, {} no, {} unknown: {}",
                record.benefit, record.part, record.place, seen.yes, seen.no, seen.unknown, both.sql
            ));
        }
    }
    assert!(wrong.is_empty(), "{} expressions:\n{}", wrong.len(), wrong.join("\n"));
}
