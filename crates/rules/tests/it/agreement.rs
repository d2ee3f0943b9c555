//! Blocks, single rows, the explanation and a naive second evaluator agree on random expressions over random rows.

use std::collections::BTreeMap;

use rules::kernel::{CaseSpace, why};
use rules::program::Register;
use rules::typed::Vocabulary;

use crate::reference::Row;
use crate::support::{Dice, Given, NAMES, compile, day, evaluate, got, typed, vocabulary};

/// Rows in all: fewer in every run, a million in the long one.
fn rows_wanted() -> usize {
    if std::env::var_os("LEYE_SCALE").is_some_and(|scale| scale == "long") {
        1_000_000
    } else {
        60_000
    }
}

#[test]
fn blocks_rows_explanation_and_a_naive_evaluator_agree_on_random_expressions() {
    let vocabulary = vocabulary();
    let mut dice = Dice(20_200_901);
    let (mut rows_done, mut expressions, mut unknowns, mut faults) = (0, 0, 0, 0);
    while rows_done < rows_wanted() {
        let kind = ["bool", "bool", "int", "fen", "decimal", "date"][usize::try_from(dice.below(6)).expect("kind")];
        let text = expression(&mut dice, kind, 4);
        // A decimal of too many digits is refused by the checker; that is a test of its own.
        let Ok(tree) = typed(&vocabulary, &text) else { continue };
        let fixed = dice.below(2) == 0;
        let as_of_day = day("2020-09-01");
        let compiled = compile(&vocabulary, &tree, fixed.then_some(as_of_day));
        // Few rows, more than a block of one case, and now and then more than a block of a register.
        let most = if expressions % 8 == 7 { 6_000 } else { 1_500 };
        let count = usize::try_from(dice.below(most) + 1).expect("rows");
        let rows: Vec<BTreeMap<u32, Given>> = (0..count).map(|_| row(&mut dice, &vocabulary)).collect();
        let as_of: Vec<i64> = (0..count)
            .map(|_| {
                if fixed {
                    rules::day_number(as_of_day)
                } else {
                    18_000 + i64::try_from(dice.below(900)).expect("day")
                }
            })
            .collect();
        let columns = compiled.columns(&rows, &as_of);
        let blocks = compiled.blocks(&columns);
        let mut single = CaseSpace::new(&compiled.program);
        let ops = compiled.program.needed(&[compiled.register]);
        for (at, row) in rows.iter().enumerate() {
            let one = compiled.columns(std::slice::from_ref(row), &as_of[at..=at]);
            single.begin(&one, 0);
            single.run(&compiled.program, &one, &ops);
            let alone = got(&single, compiled.register, 0);
            assert_eq!(blocks[at], alone, "block and row differ: {text} on {row:?}");
            let naive = Row {
                vocabulary: &vocabulary,
                facts: &|fact| row[&fact],
                as_of: as_of[at],
                known_on: day("2020-12-31"),
            };
            assert_eq!(
                alone,
                naive.result(&tree),
                "the naive evaluator differs: {text} on {row:?} as of {}",
                as_of[at]
            );
            let causes = why(&compiled.program, &single, compiled.register, 0);
            let unknown = matches!(
                alone,
                crate::support::Got::Truth(None) | crate::support::Got::Number(None)
            );
            assert_eq!(
                causes.is_empty(),
                !unknown,
                "the explanation differs: {text} on {row:?}: {causes:?}"
            );
            for cause in &causes {
                match cause {
                    rules::kernel::Cause::Fact(fact) => assert!(
                        !matches!(row[fact], Given::Value(_)) || text.contains("in_region"),
                        "a known fact is called unknown: {text} on {row:?}"
                    ),
                    rules::kernel::Cause::Arithmetic => faults += 1,
                    _ => {}
                }
            }
            unknowns += usize::from(unknown);
        }
        rows_done += count;
        expressions += 1;
    }
    // A test in which nothing is ever unknown or faulty would show nothing.
    assert!(
        unknowns > rows_done / 50 && unknowns < rows_done,
        "{unknowns} unknown of {rows_done}"
    );
    assert!(faults > 0, "no fault in {expressions} expressions");
}

#[test]
fn the_register_of_a_row_is_the_same_whatever_stands_beside_it_in_the_block() {
    let vocabulary = vocabulary();
    let tree = typed(
        &vocabulary,
        "person.a * person.b > 10 AND training.d <= add_months(as_of, person.b)",
    )
    .expect("typed");
    let compiled = compile(&vocabulary, &tree, None);
    assert!(matches!(compiled.register, Register::Mask(_)));
    let mut dice = Dice(7);
    let rows: Vec<BTreeMap<u32, Given>> = (0..4_200).map(|_| row(&mut dice, &vocabulary)).collect();
    let as_of = vec![18_500; rows.len()];
    let forward = compiled.blocks(&compiled.columns(&rows, &as_of));
    let backward_rows: Vec<_> = rows.iter().rev().cloned().collect();
    let mut backward = compiled.blocks(&compiled.columns(&backward_rows, &as_of));
    backward.reverse();
    assert_eq!(forward, backward);
}

#[test]
fn each_distinct_comparison_is_computed_once() {
    let vocabulary = vocabulary();
    let once = typed(&vocabulary, "employer.size = 'small' AND person.a > 3").expect("typed");
    let twice = typed(
        &vocabulary,
        "(employer.size = 'small' AND person.a > 3) OR (person.a > 3 AND employer.size = 'small' AND person.a > 3)",
    )
    .expect("typed");
    let (once, twice) = (
        compile(&vocabulary, &once, None).program.len(),
        compile(&vocabulary, &twice, None).program.len(),
    );
    assert_eq!(twice, once + 2, "one more AND and one OR");
    evaluate("TRUE", &[]);
}

fn row(dice: &mut Dice, vocabulary: &Vocabulary) -> BTreeMap<u32, Given> {
    NAMES
        .iter()
        .map(|(name, kind, absent)| (vocabulary.fact_index(name).expect("fact"), value(dice, kind, absent)))
        .collect()
}

fn value(dice: &mut Dice, kind: &str, absent: &str) -> Given {
    if dice.below(12) == 0 {
        return Given::Unknown;
    }
    if absent == "none" && dice.below(6) == 0 {
        return Given::Absent;
    }
    let small = |dice: &mut Dice, limit: u64| i128::from(dice.below(limit));
    Given::Value(match kind {
        "int" if dice.below(40) == 0 => i128::from(i64::MAX) - small(dice, 3),
        "int" => small(dice, 60) - 10,
        "fen" if dice.below(40) == 0 => i128::from(i64::MAX) - small(dice, 3),
        "fen" => small(dice, 2_000_000) - 1_000,
        "decimal" => small(dice, 3_000_000) - 500_000,
        "bool" => small(dice, 2),
        "date" => 17_500 + small(dice, 1_500),
        "month" => i128::from(rules::calendar::month_start(
            17_500 + i64::try_from(dice.below(1_500)).expect("day"),
        )),
        "code" => 1 + small(dice, 3),
        _ => *dice.pick(&[
            330_282_000_000, 330_200_000_000, 330_000_000_000, 210_300_000_000, 330_282_101_000,
        ]),
    })
}

/// A random expression of a kind, of bounded depth.
fn expression(dice: &mut Dice, kind: &str, depth: u32) -> String {
    if depth == 0 {
        return leaf(dice, kind);
    }
    let inner = depth - 1;
    let mut sub = |kind: &str| expression(dice, kind, inner);
    let (a, b, c) = (sub(kind), sub(kind), sub("bool"));
    let comparison = *dice.pick(&["=", "<>", "<", "<=", ">", ">="]);
    match kind {
        "bool" => match dice.below(13) {
            0 | 1 => format!("({a} AND {b})"),
            2 | 3 => format!("({a} OR {b})"),
            4 => format!("NOT {a}"),
            5 => format!("CASE WHEN {c} THEN {a} ELSE {b} END"),
            6 => {
                let of = *dice.pick(&["int", "fen", "decimal", "date"]);
                format!(
                    "{} BETWEEN {} AND {}",
                    expression(dice, of, inner),
                    leaf(dice, of),
                    expression(dice, of, inner)
                )
            }
            7 => format!(
                "{} IN ({}, {})",
                expression(dice, "int", inner),
                leaf(dice, "int"),
                leaf(dice, "int")
            ),
            8 => format!(
                "in_region(employer.region, '{}')",
                dice.pick(&["3302", "330282", "21", "330282101"])
            ),
            9 => leaf(dice, "bool"),
            _ => {
                let of = *dice.pick(&["int", "fen", "decimal", "date"]);
                format!(
                    "{} {comparison} {}",
                    expression(dice, of, inner),
                    expression(dice, of, inner)
                )
            }
        },
        "date" => match dice.below(4) {
            0 => format!("add_months({a}, {})", leaf(dice, "int")),
            1 => format!("least({a}, {b})"),
            2 => format!("CASE WHEN {c} THEN {a} ELSE {b} END"),
            _ => leaf(dice, "date"),
        },
        _ => match dice.below(11) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} - {b})"),
            2 if kind == "int" => format!("({a} * {b})"),
            2 if kind == "fen" => format!("({a} * {})", expression(dice, "int", inner)),
            3 => format!("least({a}, {b})"),
            4 => format!("greatest({a}, {b}, {})", leaf(dice, kind)),
            5 => format!("CASE WHEN {c} THEN {a} ELSE {b} END"),
            6 | 7 => {
                let mode = *dice.pick(&["half_up", "half_even", "down", "up"]);
                let by = expression(dice, "int", inner);
                match kind {
                    "int" => format!("round({a} * {} / {by}, 0, '{mode}')", leaf(dice, "decimal")),
                    "fen" => format!(
                        "round({a} * {} / {by} + {b}, {}, '{mode}')",
                        leaf(dice, "decimal"),
                        dice.below(3)
                    ),
                    _ => format!(
                        "round({a} / {by} - {}, {}, '{mode}')",
                        leaf(dice, "int"),
                        2 + dice.below(4)
                    ),
                }
            }
            8 if kind == "int" => {
                let (from, to) = (expression(dice, "date", inner), expression(dice, "date", inner));
                let function = *dice.pick(&["age", "full_months", "days_between"]);
                format!("{function}({from}, {to})")
            }
            9 if kind == "int" => format!("{}({})", dice.pick(&["year", "month"]), expression(dice, "date", inner)),
            9 if kind == "fen" => format!("least({a}, $wage)"),
            9 => format!("at($lpr, {})", leaf(dice, "date")),
            10 if kind == "int" => format!(
                "{}({} / {})",
                dice.pick(&["floor", "ceil"]),
                leaf(dice, "decimal"),
                leaf(dice, "int")
            ),
            _ => leaf(dice, kind),
        },
    }
}

fn leaf(dice: &mut Dice, kind: &str) -> String {
    let list: &[&str] = match kind {
        "bool" => &[
            "person.f", "person.g", "TRUE", "FALSE", "training.e IS NULL", "training.e IS NOT NULL",
            "employer.size IN ('small', 'medium')", "employer.size <> 'large'", "claim.m >= '2019-03'",
        ],
        "int" => &["person.a", "person.b", "0", "3", "17", "-2"],
        "fen" => &["employer.x_fen", "employer.y_fen", "yuan(0.5)", "yuan(1200)"],
        "decimal" => &["loan.p", "loan.q", "0.25", "-1.5"],
        _ => &[
            "training.d", "training.e", "as_of", "DATE '2020-02-29'", "DATE '2019-12-31'",
        ],
    };
    (*dice.pick(list)).to_owned()
}
