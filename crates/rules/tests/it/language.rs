//! Each rule of the language, one by one.

use crate::support::{Given, Got, evaluate, refused, typed, vocabulary};

const UNKNOWN: Got = Got::Truth(None);
const TRUE: Got = Got::Truth(Some(true));
const FALSE: Got = Got::Truth(Some(false));

fn value(number: i128) -> Given {
    Given::Value(number)
}

#[test]
fn the_text_must_end_after_the_expression() {
    let (rest, message) = refused("person.a >= 12_000");
    assert_eq!(rest, "_000");
    assert!(message.contains("12000"), "{message}");
    for (text, rest) in [
        ("person.a > 1 person.b", "person.b"),
        ("person.f; person.g", "; person.g"),
        ("person.a > 1 FROM t", "FROM t"),
        ("person.a = 1)", ")"),
    ] {
        assert_eq!(refused(text).0, rest, "{text}");
    }
}

#[test]
fn what_is_not_listed_is_refused_by_name() {
    let cases = [
        ("person.a LIKE '1%'", "模糊匹配"),
        ("CAST(person.a AS INT) > 1", "类型转换"),
        ("person.a::int > 1", "类型转换"),
        ("EXISTS (SELECT 1)", "子查询"),
        ("person.a IN (SELECT 1)", "子查询"),
        ("person.a % 2 = 0", "%"),
        ("person.a || 'x' = 'y'", "||"),
        ("person.f IS TRUE", "IS TRUE"),
        ("person.f IS UNKNOWN", "IS UNKNOWN"),
        ("person.a IS DISTINCT FROM 3", "IS DISTINCT FROM"),
        ("INTERVAL '1' DAY > 3", "INTERVAL"),
        ("coalesce(person.a, 0) > 1", "coalesce"),
        ("sum(person.a) OVER () > 1", "sum"),
        ("least(DISTINCT person.a, 3) > 1", "least"),
        ("person.a > NULL", "NULL"),
        ("person.a > 1e3", "1e3"),
        ("person.a > 0x10", "字面值"),
        ("\"person\".a > 1", "引号"),
        ("CASE person.a WHEN 1 THEN TRUE ELSE FALSE END", "CASE"),
        ("CASE WHEN person.f THEN TRUE END", "ELSE"),
        ("EXTRACT(YEAR FROM training.d) = 2020", "EXTRACT"),
        ("(person.a, person.b) = (1, 2)", "元组"),
        ("person.a = ANY (ARRAY[1])", "ANY"),
        ("1 < person.a < 3", "连续比较"),
        ("person.a > 1 -- why", "注释"),
        ("person.a > 1 /* x */", "注释"),
    ];
    for (text, named) in cases {
        let (_, message) = refused(text);
        assert!(message.contains(named), "{text}: {message}");
    }
}

#[test]
fn full_width_signs_are_pointed_at() {
    for (text, at) in [
        ("person.a ＞ 3", "＞ 3"),
        ("employer.size = ‘small’", "‘small’"),
        ("person.a > 3，", "，"),
    ] {
        assert_eq!(refused(text).0, at, "{text}");
    }
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    for (text, nearest) in [
        ("employer.sise = 'small'", "employer.size"),
        ("employer.size = 'smal'", "small"),
        ("$lqr > 0.01", "lpr"),
        ("leest(person.a, 3) > 1", "least"),
    ] {
        let (_, message) = refused(text);
        assert!(message.contains(nearest), "{text}: {message}");
    }
}

#[test]
fn money_is_never_mixed_with_a_bare_number() {
    for text in [
        "employer.x_fen > 300000",
        "employer.x_fen + 5 > yuan(1)",
        "employer.x_fen * employer.y_fen > yuan(1)",
        "person.a >= yuan(1)",
        "least(employer.x_fen, 5) > yuan(1)",
        "CASE WHEN person.f THEN yuan(1) ELSE 0 END > yuan(0)",
        "round(1 / employer.x_fen, 2, 'down') > 0",
        "floor(employer.x_fen / 2) > 0",
    ] {
        let (_, message) = refused(text);
        assert!(message.contains("金额"), "{text}: {message}");
    }
    assert_eq!(
        evaluate("employer.x_fen > yuan(3000)", &[("employer.x_fen", value(300_001))]),
        TRUE
    );
    assert_eq!(
        evaluate("employer.x_fen > yuan(3000)", &[("employer.x_fen", value(300_000))]),
        FALSE
    );
}

#[test]
fn types_are_told_apart() {
    for text in [
        "person.a = 'small'", "employer.size > 'small'", "employer.region > '330282'", "training.d = claim.m",
        "training.d + 1 > as_of", "training.d > '2020-13-01'", "training.d > '2020-02-30'", "claim.m > '2020-1'",
        "person.a", "person.f + 1 > 0", "person.f = person.g", "NOT person.a", "person.a AND person.f",
        "in_region(person.a, '33')", "in_region(employer.region, '333')", "age(person.a) > 3",
        "at(0.5, training.d) > 0", "yuan(person.a) > yuan(1)", "yuan(0.001) > yuan(1)", "round(person.a, 2) > 1",
        "round(person.a, 2, 'nearest') > 1", "least(person.a) > 1", "person.a IN ()",
    ] {
        let typed = typed(&vocabulary(), text);
        let refused = match &typed {
            Ok(tree) => tree.kind != rules::typed::Kind::Bool,
            Err(_) => true,
        };
        assert!(refused, "{text} was taken: {typed:?}");
    }
}

#[test]
fn unknown_is_neither_true_nor_false() {
    let f = |given| [("person.f", given), ("person.g", value(0))];
    assert_eq!(evaluate("person.f AND person.g", &f(Given::Unknown)), FALSE);
    assert_eq!(evaluate("person.f OR person.g", &f(Given::Unknown)), UNKNOWN);
    assert_eq!(evaluate("person.f OR NOT person.g", &f(Given::Unknown)), TRUE);
    assert_eq!(evaluate("NOT person.f", &f(Given::Unknown)), UNKNOWN);
    assert_eq!(evaluate("person.a = person.a", &[]), UNKNOWN);
    assert_eq!(evaluate("person.a IN (1, 2)", &[]), UNKNOWN);
    assert_eq!(
        evaluate("CASE WHEN person.f THEN TRUE ELSE TRUE END", &f(Given::Unknown)),
        UNKNOWN
    );
}

#[test]
fn an_unknown_cap_never_leaves_an_amount_uncapped() {
    let x = [("employer.x_fen", value(500_000))];
    assert_eq!(evaluate("least(employer.x_fen, $wage)", &x), Got::Number(None));
    assert_eq!(evaluate("least($wage, employer.x_fen)", &x), Got::Number(None));
    assert_eq!(
        evaluate("greatest(employer.x_fen, employer.y_fen)", &x),
        Got::Number(None)
    );
    assert_eq!(
        evaluate("least(employer.x_fen, yuan(3000))", &x),
        Got::Number(Some(300_000))
    );
}

#[test]
fn is_null_is_only_for_facts_that_can_be_known_absent() {
    let (rest, message) = refused("training.d IS NULL");
    assert_eq!(rest, "training.d IS NULL");
    assert!(message.contains("when_absent"), "{message}");
    assert!(refused("(person.a + 1) IS NULL").1.contains("信息项"));
    assert!(refused("$lpr IS NULL").1.contains("信息项"));
    let e = |given| [("training.e", given)];
    assert_eq!(evaluate("training.e IS NULL", &e(Given::Absent)), TRUE);
    assert_eq!(evaluate("training.e IS NULL", &e(Given::Unknown)), UNKNOWN);
    assert_eq!(evaluate("training.e IS NULL", &e(value(18_000))), FALSE);
    assert_eq!(
        evaluate(
            "training.e IS NOT NULL AND training.e > '2019-01-01'",
            &e(Given::Absent)
        ),
        FALSE
    );
}

#[test]
fn division_stands_only_inside_a_named_rounding() {
    for text in [
        "person.a / 4 >= 1",
        "least(person.a / 4, 2) > 1",
        "round(least(person.a / 4, 2), 0, 'down') > 1",
    ] {
        let (_, message) = refused(text);
        assert!(message.contains("取整"), "{text}: {message}");
    }
    assert!(refused("round(1 / (person.a / 2), 0, 'down') > 1").1.contains("除数"));
    let a = |number| [("person.a", value(number))];
    assert_eq!(
        evaluate("round(person.a / 4, 0, 'half_up')", &a(10)),
        Got::Number(Some(3))
    );
    assert_eq!(
        evaluate("round(person.a / 4, 0, 'half_even')", &a(10)),
        Got::Number(Some(2))
    );
    assert_eq!(
        evaluate("round(person.a / 4, 0, 'down')", &a(-11)),
        Got::Number(Some(-2))
    );
    assert_eq!(evaluate("floor(person.a / 4)", &a(-11)), Got::Number(Some(-3)));
    assert_eq!(evaluate("ceil(person.a / 4)", &a(-11)), Got::Number(Some(-2)));
    assert_eq!(evaluate("ceil(person.a / 4)", &a(9)), Got::Number(Some(3)));
    assert_eq!(
        evaluate("round(person.a / 3, 4, 'half_up')", &a(2)),
        Got::Number(Some(6_667))
    );
    // A third and two thirds are exactly one: nothing is rounded on the way.
    assert_eq!(
        evaluate("floor(person.a / 3 + 2 * person.a / 3)", &a(1)),
        Got::Number(Some(1))
    );
    assert_eq!(
        evaluate(
            "round(employer.x_fen / 3, 0, 'half_up')",
            &[("employer.x_fen", value(50_000))]
        ),
        Got::Number(Some(16_700))
    );
}

#[test]
fn division_by_zero_and_overflow_make_the_row_unknown_unless_it_does_not_matter() {
    let zero = [("person.a", value(0)), ("person.b", value(5))];
    assert_eq!(evaluate("floor(person.b / person.a) > 1", &zero), UNKNOWN);
    assert_eq!(
        evaluate("person.a <> 0 AND floor(person.b / person.a) > 1", &zero),
        FALSE
    );
    assert_eq!(
        evaluate(
            "CASE WHEN person.a = 0 THEN 0 ELSE floor(person.b / person.a) END",
            &zero
        ),
        Got::Number(Some(0))
    );
    let huge = [("person.a", value(i128::from(i64::MAX)))];
    assert_eq!(evaluate("person.a + 1 > 0", &huge), UNKNOWN);
    assert_eq!(evaluate("person.a * person.a > 0", &huge), UNKNOWN);
    assert_eq!(evaluate("person.a - 1 > 0", &huge), TRUE);
    assert_eq!(
        evaluate(
            "add_months(training.d, person.a) > as_of",
            &[("training.d", value(18_000)), huge[0]]
        ),
        UNKNOWN
    );
}

#[test]
fn decimals_are_exact() {
    let p = [("loan.p", value(100_000)), ("loan.q", value(200_000))];
    assert_eq!(evaluate("loan.p + loan.q = 0.3", &p), TRUE);
    assert_eq!(evaluate("loan.p * 3 = loan.q + 0.1", &p), TRUE);
    assert!(
        refused("loan.p * loan.p * loan.p * loan.p * loan.p > 1")
            .1
            .contains("24")
    );
    assert_eq!(
        evaluate(
            "round(employer.x_fen * 0.0485 / 360, 2, 'half_up')",
            &[("employer.x_fen", value(50_000_000))]
        ),
        Got::Number(Some(6_736))
    );
}

#[test]
fn both_ends_of_between_count_and_chinese_bounds_have_their_operators() {
    for (number, between, below) in [
        (15, FALSE, TRUE),
        (16, TRUE, TRUE),
        (24, TRUE, FALSE),
        (25, FALSE, FALSE),
    ] {
        let a = [("person.a", value(number))];
        assert_eq!(evaluate("person.a BETWEEN 16 AND 24", &a), between, "{number}");
        assert_eq!(
            evaluate("person.a NOT BETWEEN 16 AND 24", &a),
            if between == TRUE { FALSE } else { TRUE }
        );
        assert_eq!(evaluate("person.a < 24", &a), below, "不足24：{number}");
    }
}

#[test]
fn a_region_known_only_from_above_is_unknown_within() {
    let at = |region| [("employer.region", value(region))];
    assert_eq!(
        evaluate("in_region(employer.region, '330282')", &at(330_282_000_000)),
        TRUE
    );
    assert_eq!(
        evaluate("in_region(employer.region, '330282')", &at(330_282_101_001)),
        TRUE
    );
    assert_eq!(
        evaluate("in_region(employer.region, '330282')", &at(330_200_000_000)),
        UNKNOWN
    );
    assert_eq!(
        evaluate("in_region(employer.region, '330282')", &at(330_281_000_000)),
        FALSE
    );
    assert_eq!(
        evaluate("in_region(employer.region, '3302')", &at(330_282_000_000)),
        TRUE
    );
}

#[test]
fn a_parameter_has_the_value_of_its_day() {
    let d = |date: &str| {
        [(
            "training.d",
            value(i128::from(rules::day_number(crate::support::day(date)))),
        )]
    };
    assert_eq!(
        evaluate("at($lpr, training.d)", &d("2020-04-20")),
        Got::Number(Some(38_500))
    );
    assert_eq!(
        evaluate("at($lpr, training.d)", &d("2020-04-19")),
        Got::Number(Some(42_500))
    );
    assert_eq!(evaluate("at($lpr, training.d)", &d("2019-08-19")), Got::Number(None));
    assert_eq!(evaluate("$lpr", &[]), Got::Number(Some(38_500)));
    assert_eq!(evaluate("$wage > yuan(1)", &[]), UNKNOWN);
}
